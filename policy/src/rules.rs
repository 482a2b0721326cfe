//! Rules as data: one file a rule, its examples inside. A file that this house does not fully understand is refused
//! whole, because a rule that is half read decides wrongly without a sound.

mod check;
mod condition;
mod effective;
mod embedded;
mod fault;
mod field;
mod identity;
mod in_force;
mod set;
mod texts;

use std::sync::LazyLock;

use crate::access::AccessRules;
use crate::directory::Directory;
use crate::quality::QualityRules;
use crate::relaxation::Relaxations;
use crate::retention::{Schedule, Schedules};
use crate::routing::RoutingRules;
use crate::triage::TriageRules;

pub use check::{Checked, check};
pub use condition::Condition;
pub use effective::Effective;
pub use fault::{Cause, RuleFault};
pub use field::{Facts, Field, Shape, Value};
pub use identity::RuleSetId;
pub use set::{SetFacts, choose};
pub use texts::{Changed, Texts};

/// The most files that one rule set may have; a folder with more is a mistake.
const MAX_FILES: usize = 1_000;
/// The largest rule file, in bytes.
const MAX_FILE_BYTES: usize = 1 << 20;

/// Every rule in force or to come, read once at start. One identity names all of it in records of decisions.
#[derive(Debug)]
pub struct RuleSet {
    id: RuleSetId,
    facts: Option<SetFacts>,
    triage: TriageRules,
    routing: RoutingRules,
    quality: QualityRules,
    schedules: Schedules,
    access: AccessRules,
    relaxations: Relaxations,
}

impl RuleSet {
    /// Reads rule files: pairs of a name such as `triage/known-victim.toml` and the text.
    ///
    /// # Errors
    /// [`RuleFault`] names the first file that is not understood and why.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, RuleFault> {
        Self::read(files, &in_folder(files, "access"))
    }

    /// Reads rule files, with these as those of access.
    fn read(files: &[(&str, &str)], access: &[(&str, &str)]) -> Result<Self, RuleFault> {
        bounded(files)?;
        let of = |folder: &str| in_folder(files, folder);
        let directory = Directory::load(&of("datasets"))?;
        let triage = TriageRules::load(&of("triage"))?;
        let routing = RoutingRules::load(&of("routing"), directory)?;
        let quality = QualityRules::load(&of("quality"))?;
        let schedules = Schedules::load(&of("retention"))?;
        let access = AccessRules::load(access)?;
        let relaxations = Relaxations::load(&of("gate"))?;
        let facts = set::facts(files)?;
        let id = RuleSetId::of(files, facts.as_ref().map(|facts| facts.effective_from));
        Ok(Self { id, facts, triage, routing, quality, schedules, access, relaxations })
    }

    /// The rules that are part of the program, for houses that bring no folder of their own.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<RuleSet> = LazyLock::new(|| {
            RuleSet::load(embedded::FILES).expect("the shipped rule files are understood; a test loads them")
        });
        &EMBEDDED
    }

    /// Names and texts of the rules that are part of the program, for `policy check` and for a folder to start from.
    #[must_use]
    pub const fn embedded_files() -> &'static [(&'static str, &'static str)] {
        embedded::FILES
    }

    /// Which rules these are; stands beside every decision.
    #[must_use]
    pub const fn id(&self) -> &RuleSetId {
        &self.id
    }

    /// From when on it counts and for whom; `None` when its files do not say.
    #[must_use]
    pub const fn facts(&self) -> Option<&SetFacts> {
        self.facts.as_ref()
    }

    /// The rules of priority.
    #[must_use]
    pub const fn triage(&self) -> &TriageRules {
        &self.triage
    }

    /// The rules of routing, with the directory of recipients.
    #[must_use]
    pub const fn routing(&self) -> &RoutingRules {
        &self.routing
    }

    /// The rules of quality.
    #[must_use]
    pub const fn quality(&self) -> &QualityRules {
        &self.quality
    }

    /// The policies of access.
    #[must_use]
    pub const fn access(&self) -> &AccessRules {
        &self.access
    }

    /// The relaxations of the view gate.
    #[must_use]
    pub const fn relaxations(&self) -> &Relaxations {
        &self.relaxations
    }

    /// The retention schedule of one kind of house. A real house has to bring its own.
    ///
    /// # Errors
    /// [`Cause::NoSchedule`] when no file speaks for this profile: the house must not start.
    pub fn schedule(&self, profile: domain::Profile) -> Result<&Schedule, RuleFault> {
        self.schedules.of(profile).ok_or_else(|| RuleFault::new("retention", Cause::NoSchedule(profile)))
    }

    /// Answers when every schedule says all that it has to where rules begin to count today.
    ///
    /// # Errors
    /// [`Cause::NoWords`] for one that was in force before words could go.
    pub fn is_whole(&self) -> Result<(), RuleFault> {
        self.schedules.whole()
    }
}

fn in_folder<'a>(files: &[(&'a str, &'a str)], folder: &str) -> Vec<(&'a str, &'a str)> {
    let is_in = |name: &str| name.split_once('/').is_some_and(|(of, _)| of == folder);
    files.iter().copied().filter(|(name, _)| is_in(name)).collect()
}

fn bounded(files: &[(&str, &str)]) -> Result<(), RuleFault> {
    if files.len() > MAX_FILES {
        return Err(RuleFault::new("rules", Cause::TooManyFiles(MAX_FILES)));
    }
    for (name, text) in files {
        let known = ["access", "triage", "routing", "quality", "retention", "datasets", "gate"];
        if *name != set::FILE && !name.split_once('/').is_some_and(|(folder, _)| known.contains(&folder)) {
            return Err(RuleFault::new(name, Cause::UnknownFolder));
        }
        if text.len() > MAX_FILE_BYTES {
            return Err(RuleFault::new(name, Cause::TooLarge(MAX_FILE_BYTES)));
        }
    }
    Ok(())
}

/// Reads one file, and names it when it is not understood.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, RuleFault> {
    toml::from_str(text).map_err(|e| RuleFault::new(name, Cause::NotUnderstood(e.to_string())))
}

/// The rule's name that a file's name promises: `triage/loud.2027-01-01.toml` is a version of `loud`.
pub(crate) fn stem(file: &str) -> &str {
    let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_are_understood_and_have_one_identity() {
        let rules = RuleSet::embedded();
        let again = RuleSet::load(RuleSet::embedded_files()).unwrap();
        assert_eq!(rules.id(), again.id());
        assert_eq!(rules.id(), RuleSet::id_in_force());
    }

    // PROVES: R-85
    #[test]
    fn one_changed_letter_is_another_rule_set() {
        let mut files = RuleSet::embedded_files().to_vec();
        let changed = files[0].1.to_owned() + "\n";
        files[0].1 = &changed;
        assert_ne!(RuleSet::load(&files).unwrap().id(), RuleSet::embedded().id());
    }

    #[test]
    fn a_file_outside_the_known_folders_is_refused() {
        let fault = RuleSet::load(&[("notes/x.toml", "")]).unwrap_err();
        assert_eq!(fault.cause, Cause::UnknownFolder);
    }

    // PROVES: R-55
    #[test]
    fn a_real_house_without_a_schedule_does_not_start() {
        let rules = RuleSet::embedded();
        assert!(rules.schedule(domain::Profile::SyntheticDemo).is_ok());
        assert!(matches!(rules.schedule(domain::Profile::Ncmec).unwrap_err().cause, Cause::NoSchedule(_)));
    }
}
