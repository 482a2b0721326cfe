//! Relaxations of the view gate (R-17, R-19a): what counsel lets happen to files that no ground opens, narrowly and for a
//! time. Each is a file of the rules in force, so two people agreed to it, counsel asking. The program brings none.

use std::collections::BTreeSet;

use domain::{AgencyId, TriState};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::gate::FileFacts;
use crate::processor::{PACKAGE, Processor, RENDITION};
use crate::rules::{Cause, RuleFault, parse, stem};

/// A relaxation lasts this long at most; whoever still needs it then asks again.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Agencies that one relaxation names at most.
pub const MOST_AGENCIES: usize = 200;
/// Letters of its words.
const MOST_LETTERS: usize = 2_000;

/// Which of the files without a ground it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// Those that their sender matched by a hash: it states a classification and a hash, viewed or not.
    HashMatched,
    /// Those of which their sender did not say whether it viewed them. A plain no stays a no.
    Unanswered,
}

/// A relaxation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relaxation {
    /// Its name, like that of its file.
    pub name: String,
    /// What it lets happen, in a sentence for those who see a file by it.
    pub says: String,
    /// Which memorandum of counsel.
    pub source: String,
    /// Which files.
    pub files: Which,
    /// What may be done with them: `rendition` is a look, `package-files` a copy in a package.
    pub processors: BTreeSet<String>,
    /// For which agencies.
    #[serde(default)]
    pub agencies: BTreeSet<AgencyId>,
    /// Whether for the clearinghouse's own people.
    #[serde(default)]
    pub house: bool,
    /// When it begins.
    #[serde(deserialize_with = "moment")]
    pub from: Timestamp,
    /// When it is over.
    #[serde(deserialize_with = "moment")]
    pub until: Timestamp,
}

/// What a relaxation can let happen: whatever else needs a ground.
pub const PROCESSORS: [&str; 2] = [RENDITION.name, PACKAGE.name];

/// TOML's own moments, with their offset.
fn moment<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written.to_string().parse().map_err(serde::de::Error::custom)
}

impl Relaxation {
    /// Whether it holds at a moment: from its beginning on, up to its end and not at it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether it is for this agency; for the house, where nobody asks in an agency's name.
    #[must_use]
    pub fn is_for(&self, asker: Option<&AgencyId>) -> bool {
        asker.map_or(self.house, |agency| self.agencies.contains(agency))
    }

    /// Whether it lets something at a file that no ground opens.
    #[must_use]
    pub fn opens(&self, facts: &FileFacts, by: &Processor) -> bool {
        let is_meant = match self.files {
            Which::HashMatched => facts.matched,
            Which::Unanswered => facts.viewed == TriState::Unknown,
        };
        is_meant
            && self.holds(facts.at)
            && self.is_for(facts.asker.as_ref())
            && self.processors.contains(by.name)
    }

    /// What it lets happen, as the text of its file.
    #[must_use]
    pub fn text(&self) -> String {
        let list = |words: Vec<&str>| {
            toml::Value::Array(words.into_iter().map(|word| toml::Value::String(word.to_owned())).collect())
        };
        let word = |text: &str| toml::Value::String(text.to_owned());
        let files = match self.files {
            Which::HashMatched => "hash-matched",
            Which::Unanswered => "unanswered",
        };
        let (processors, agencies) = (
            list(self.processors.iter().map(String::as_str).collect()),
            list(self.agencies.iter().map(domain::Id::as_str).collect()),
        );
        format!(
            "name = {}\nsays = {}\nsource = {}\nfiles = \"{files}\"\nprocessors = {processors}\nagencies = {agencies}\nhouse = {}\nfrom = {}\nuntil = {}\n",
            word(&self.name),
            word(&self.says),
            word(&self.source),
            self.house,
            self.from,
            self.until
        )
    }

    fn check(&self) -> Result<(), &'static str> {
        let is_said = |words: &str| (1..=MOST_LETTERS).contains(&words.trim().chars().count());
        if !is_said(&self.says) || !is_said(&self.source) {
            return Err("says and source: what it lets happen, and which memorandum of counsel");
        }
        if self.agencies.len() > MOST_AGENCIES || (self.agencies.is_empty() && !self.house) {
            return Err("for whom: between one and 200 agencies, or the house");
        }
        let is_known = |name: &String| PROCESSORS.contains(&name.as_str());
        if self.processors.is_empty() || !self.processors.iter().all(is_known) {
            return Err("processors: rendition, package-files");
        }
        if self.until <= self.from || self.until.duration_since(self.from) > LONGEST {
            return Err("an end after its beginning, a year later at most");
        }
        Ok(())
    }
}

/// The relaxations of a rule set.
#[derive(Debug, Clone, Default)]
pub struct Relaxations(Vec<Relaxation>);

impl Relaxations {
    pub(crate) fn load(files: &[(&str, &str)]) -> Result<Self, RuleFault> {
        let mut all = Vec::with_capacity(files.len());
        for (file, text) in files {
            let one: Relaxation = parse(file, text)?;
            if stem(file) != one.name {
                return Err(RuleFault::new(file, Cause::NamedDifferently(one.name)));
            }
            one.check().map_err(|lacks| RuleFault::new(file, Cause::NotSaid(lacks)))?;
            all.push(one);
        }
        Ok(Self(all))
    }

    /// All of them, over or not.
    #[must_use]
    pub fn all(&self) -> &[Relaxation] {
        &self.0
    }

    /// Those that hold for somebody at a moment.
    #[must_use]
    pub fn live(&self, asker: Option<&AgencyId>, at: Timestamp) -> Vec<Relaxation> {
        self.0.iter().filter(|one| one.holds(at) && one.is_for(asker)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{RuleSet, Texts};

    const TEXT: &str = "name = \"fifth\"\nsays = \"s\"\nsource = \"memo 7\"\nfiles = \"hash-matched\"
processors = [\"rendition\"]\nagencies = [\"icac-us-tx\"]\nfrom = 2026-12-01T00:00:00Z\nuntil = 2026-12-31T00:00:00Z\n";

    fn loaded(text: &str) -> Result<Relaxations, RuleFault> {
        Relaxations::load(&[("gate/fifth.toml", text)])
    }

    // PROVES: R-17
    #[test]
    fn a_relaxation_has_an_end_a_reason_and_somebody_whom_it_is_for() {
        let one = loaded(TEXT).unwrap().all()[0].clone();
        assert_eq!(loaded(&one.text()).unwrap().all()[0], one);
        for (said, instead) in [
            ("until = 2026-12-31T00:00:00Z", ""),
            ("from = 2026-12-01T00:00:00Z", ""),
            ("2026-12-31", "2026-12-01"),
            ("2026-12-31", "2028-01-01"),
            ("\"icac-us-tx\"", ""),
            ("memo 7", " "),
            ("\"rendition\"", "\"classifier\""),
            ("\"rendition\"", ""),
            ("hash-matched", "any"),
            ("\"fifth\"", "\"sixth\""),
        ] {
            assert!(loaded(&TEXT.replace(said, instead)).is_err(), "{said} -> {instead}");
        }
    }

    // PROVES: R-17 R-19a
    #[test]
    fn the_program_brings_no_relaxation() {
        assert!(RuleSet::embedded().relaxations().all().is_empty());
        let relaxed = Texts::shipped().with("gate/fifth.toml", Some(TEXT.to_owned()));
        assert_eq!(relaxed.read().unwrap().relaxations().all().len(), 1);
        assert_ne!(relaxed.id().unwrap(), Texts::shipped().id().unwrap());
    }
}
