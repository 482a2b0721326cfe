//! The texts of a rule set, read or not: what two people agree on, what a house keeps of it, how two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{RuleFault, RuleSet, RuleSetId, embedded, set};

/// Names and texts of rule files, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(BTreeMap<String, String>);

/// A file that two sets do not have in the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed<'a> {
    /// Its name.
    pub file: &'a str,
    /// What it says now; `None` where it is added.
    pub was: Option<&'a str>,
    /// What it will say; `None` where it is removed.
    pub will_be: Option<&'a str>,
}

impl Texts {
    /// These files.
    #[must_use]
    pub const fn of(files: BTreeMap<String, String>) -> Self {
        Self(files)
    }

    /// Those that are part of the program.
    #[must_use]
    pub fn shipped() -> Self {
        Self(embedded::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    /// The same set with one file said so, or gone.
    #[must_use]
    pub fn with(mut self, name: &str, text: Option<String>) -> Self {
        match text {
            Some(text) => drop(self.0.insert(name.to_owned(), text)),
            None => drop(self.0.remove(name)),
        }
        self
    }

    /// What one file says.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Every name with its text, in order.
    #[must_use]
    pub fn files(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
    }

    /// The name of the set.
    ///
    /// # Errors
    /// [`RuleFault`] when the file that says from when on it counts is not understood.
    pub fn id(&self) -> Result<RuleSetId, RuleFault> {
        let files = self.files();
        let facts = set::facts(&files)?;
        Ok(RuleSetId::of(&files, facts.map(|facts| facts.effective_from)))
    }

    /// The whole digest, of which the name shows the beginning.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        RuleSetId::digest(&self.files())
    }

    /// Reads them, however old. What can be asked for is the program's to say, so the schema of the access policies is that
    /// of the program that reads; what the policies answer is the set's own. An action that a set does not know is refused
    /// to everybody.
    ///
    /// # Errors
    /// [`RuleFault`] names the first file that this program does not understand.
    pub fn read(&self) -> Result<RuleSet, RuleFault> {
        let of_program = embedded::FILES.iter().copied().filter(|(name, _)| is_schema(name));
        let own =
            self.files().into_iter().filter(|(name, _)| name.starts_with("access/") && !is_schema(name));
        let has_policies = self.0.keys().any(|name| name.starts_with("access/"));
        let access: Vec<(&str, &str)> =
            if has_policies { of_program.chain(own).collect() } else { Vec::new() };
        RuleSet::read(&self.files(), &access)
    }

    /// Where another set differs, by name.
    #[must_use]
    pub fn difference<'a>(&'a self, next: &'a Self) -> Vec<Changed<'a>> {
        let names: BTreeSet<&str> = self.0.keys().chain(next.0.keys()).map(String::as_str).collect();
        let changed =
            names.into_iter().map(|file| Changed { file, was: self.get(file), will_be: next.get(file) });
        changed.filter(|one| one.was != one.will_be).collect()
    }
}

fn is_schema(name: &str) -> bool {
    name.starts_with("access/") && name.ends_with(".cedarschema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_with_both_words() {
        let now = Texts::shipped();
        let (first, second) = ("access/banner-first.cedar", "triage/sextortion.toml");
        let said = now.get(second).unwrap().to_owned() + "\n";
        let next = now
            .clone()
            .with(first, None)
            .with(second, Some(said.clone()))
            .with("triage/new.toml", Some(String::new()));
        let changed = now.difference(&next);
        let names: Vec<&str> = changed.iter().map(|one| one.file).collect();
        assert_eq!(names, [first, "triage/new.toml", second]);
        assert_eq!(
            (changed[0].will_be, changed[1].was, changed[2].will_be),
            (None, None, Some(said.as_str()))
        );
        assert!(now.difference(&now).is_empty());
    }

    // PROVES: R-85
    #[test]
    fn an_old_set_is_read_under_the_schema_of_the_program_and_keeps_its_name() {
        let shipped = Texts::shipped();
        assert_eq!(shipped.read().unwrap().id(), RuleSet::embedded().id());
        // As of a version that did not know this action yet: nobody may what the set says nothing about.
        let old = shipped
            .with("access/oversight.cedarschema", None)
            .with("access/keep-vendors.cedar", None)
            .with("access/auditor-sees-the-record.cedar", None);
        let read = old.read().unwrap();
        assert_eq!(*read.id(), old.id().unwrap());
        assert_ne!(read.id(), RuleSet::embedded().id());
        let may = |may, place| super::super::super::access::cell_of(read.access(), "counsel", may, place);
        assert!(matches!(may("keep-vendors", "the house"), Some(crate::access::Answer::No(None))));
        assert!(matches!(may("oversee", "rules"), Some(crate::access::Answer::Yes(_))));
    }
}
