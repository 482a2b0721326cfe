//! The rules that this process judges by: the shipped ones, with whole folders replaced by the operator's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use policy::RuleSet;

use crate::config::Config;
use crate::outcome::{Doing, Failure, Result};

/// The folders that a rule set has.
const FOLDERS: [&str; 5] = ["triage", "routing", "quality", "retention", "datasets"];
const MAX_FILES: usize = 1_000;

/// The rule set of a configuration, checked that it can serve the profile.
pub(crate) fn of(config: &Config) -> Result<RuleSet> {
    let folder = config.settings.rules_folder.as_deref().map(|folder| config.path(folder));
    let rules = load(folder.as_deref())?;
    rules.schedule(config.profile()?).map_err(|fault| {
        Failure::from(fault)
            .hint("put your schedule into RULES/retention and set rules_folder, see docs/operators.md")
    })?;
    Ok(rules)
}

/// The shipped rules; each folder of rules that the operator's own folder has replaces the shipped one whole.
pub(crate) fn load(own: Option<&Path>) -> Result<RuleSet> {
    let mut files: BTreeMap<String, String> = RuleSet::embedded_files()
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    for folder in own.into_iter().flat_map(|own| FOLDERS.map(|name| (own, name))) {
        let (own, name) = folder;
        if own.join(name).is_dir() {
            files.retain(|file, _| file.split_once('/').is_none_or(|(of, _)| of != name));
            files.extend(read(&own.join(name), name)?);
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    RuleSet::load(&files).doing("read the rules")
}

fn read(folder: &Path, name: &str) -> Result<Vec<(String, String)>> {
    let doing = format!("read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).doing(&doing)?.take(MAX_FILES) {
        let path = entry.doing(&doing)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).doing(&format!("read {}", path.display()))?;
            files.push((format!("{name}/{file}"), text));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_the_operator_replaces_the_shipped_one_and_leaves_the_others() {
        let scratch = tempfile::tempdir().unwrap();
        let shipped = load(None).unwrap();
        assert_eq!(load(Some(scratch.path())).unwrap().id(), shipped.id());
        fs::create_dir(scratch.path().join("retention")).unwrap();
        let without = load(Some(scratch.path())).unwrap();
        assert_ne!(without.id(), shipped.id());
        assert!(without.schedule(domain::Profile::SyntheticDemo).is_err());
        assert_eq!(without.triage().all().count(), shipped.triage().all().count());
    }

    #[test]
    fn a_rule_file_that_is_not_understood_is_named() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir(scratch.path().join("triage")).unwrap();
        fs::write(scratch.path().join("triage/broken.toml"), "nonsense = 1").unwrap();
        let said = load(Some(scratch.path())).unwrap_err().to_string();
        assert!(said.contains("triage/broken.toml"), "{said}");
    }
}
