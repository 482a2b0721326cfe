//! Which rules a set holds: from when on, and for which kinds of house. Two sets can stand side by side; the day and the
//! operator's profile choose.

use domain::Profile;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Cause, RuleFault, RuleSet};

/// The file of a set that says so.
pub(super) const FILE: &str = "set.toml";

/// What a set says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetFacts {
    /// Its name.
    pub name: String,
    /// The first day, in UTC, on which it may be in force.
    #[serde(deserialize_with = "day")]
    pub effective_from: Date,
    /// The kinds of house that it is for.
    pub profiles: Vec<Profile>,
    /// What was read for it, and when.
    pub source: String,
}

/// TOML's own dates, such as `2026-01-01`.
fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written.to_string().parse().map_err(serde::de::Error::custom)
}

/// The facts of a set, where its files have any.
pub(super) fn facts(files: &[(&str, &str)]) -> Result<Option<SetFacts>, RuleFault> {
    let file = files.iter().find(|(name, _)| *name == FILE);
    file.map(|(name, text)| super::parse(name, text)).transpose()
}

/// Of several sets the one for this kind of house that took effect last.
///
/// # Errors
/// [`Cause::NoSet`] when none is for this house on that day.
pub fn choose(sets: Vec<RuleSet>, profile: Profile, on: Date) -> Result<RuleSet, RuleFault> {
    let fits = |set: &RuleSet| {
        set.facts().filter(|facts| facts.profiles.contains(&profile) && facts.effective_from <= on).is_some()
    };
    let chosen =
        sets.into_iter().filter(fits).max_by_key(|set| set.facts().map(|facts| facts.effective_from));
    chosen.ok_or_else(|| RuleFault::new(FILE, Cause::NoSet(profile, on)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn set(from: &str, profiles: &str) -> RuleSet {
        let text =
            format!("name = \"x\"\neffective_from = {from}\nprofiles = [{profiles}]\nsource = \"s\"\n");
        let mut files = others();
        files.push((FILE, &text));
        RuleSet::load(&files).unwrap()
    }

    /// The shipped files but the one that says from when on they count.
    fn others() -> Vec<(&'static str, &'static str)> {
        RuleSet::embedded_files().iter().copied().filter(|(name, _)| *name != FILE).collect()
    }

    fn chosen(on: Date, profile: Profile) -> Result<Date, Cause> {
        let sets = vec![
            set("2027-01-01", "\"ncmec\""),
            set("2026-01-01", "\"ncmec\", \"hotline\""),
            set("2026-06-01", "\"hotline\""),
        ];
        choose(sets, profile, on).map(|set| set.facts().unwrap().effective_from).map_err(|fault| fault.cause)
    }

    // PROVES: R-01 R-85
    #[test]
    fn of_two_sets_the_day_and_the_profile_choose() {
        let (first, last) = (date(2026, 12, 31), date(2027, 1, 1));
        assert_eq!(chosen(first, Profile::Ncmec), Ok(date(2026, 1, 1)));
        assert_eq!(chosen(last, Profile::Ncmec), Ok(date(2027, 1, 1)));
        assert_eq!(chosen(last, Profile::Hotline), Ok(date(2026, 6, 1)));
        let (early, other) = (date(2025, 12, 31), Profile::LawEnforcement);
        assert_eq!(chosen(early, Profile::Ncmec), Err(Cause::NoSet(Profile::Ncmec, early)));
        assert_eq!(chosen(last, other), Err(Cause::NoSet(other, last)));
    }

    #[test]
    fn a_set_that_does_not_say_when_it_counts_is_never_chosen() {
        let silent = RuleSet::load(&others()).unwrap();
        assert!(choose(vec![silent], Profile::Ncmec, date(2030, 1, 1)).is_err());
    }

    #[test]
    fn the_shipped_set_is_for_every_kind_of_house_and_named_by_its_day() {
        let facts = RuleSet::embedded().facts().unwrap();
        assert_eq!(facts.profiles, Profile::ALL);
        assert!(RuleSet::embedded().id().as_str().starts_with(&format!("{}.", facts.effective_from)));
    }
}
