//! The rules that this process judges by: the shipped ones, with whole folders replaced by the operator's own. The day
//! and the profile choose between them and the next ones, where the operator has some.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::Clock as _;
use jiff::tz::TimeZone;
use policy::RuleSet;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::outcome::{Doing, Failure, Result};

/// The folders that a rule set has.
const FOLDERS: [&str; 6] = ["access", "triage", "routing", "quality", "retention", "datasets"];
/// The file that says from when on a set counts, and for whom.
const SET: &str = "set.toml";
/// What rule files end in.
const ENDINGS: [&str; 3] = ["toml", "cedar", "cedarschema"];
const MAX_FILES: usize = 1_000;

/// The rule set of a configuration that is in force today, checked that it can serve the profile.
pub(crate) fn of(config: &Config) -> Result<RuleSet> {
    let folder = |folder: &Option<std::path::PathBuf>| folder.as_deref().map(|folder| config.path(folder));
    let mut sets = vec![load(folder(&config.settings.rules_folder).as_deref())?];
    if let Some(next) = folder(&config.settings.next_rules_folder) {
        sets.push(load(Some(&next))?);
    }
    let profile = config.profile()?;
    let today = TimeZone::UTC.to_datetime(SystemClock.now()).date();
    let rules = policy::rules::choose(sets, profile, today)?;
    rules.schedule(profile).map_err(|fault| {
        Failure::from(fault)
            .hint("put your schedule into RULES/retention and set rules_folder, see docs/operators.md")
    })?;
    Ok(rules)
}

/// Lets every decision of this process be made by the rules of the configuration.
pub(crate) fn put_in_force(config: &Config) -> Result<()> {
    let Config { settings, .. } = config;
    if settings.rules_folder.is_none() && settings.next_rules_folder.is_none() {
        return Ok(());
    }
    if RuleSet::put_in_force(Arc::new(of(config)?)) {
        return Ok(());
    }
    Err(Failure::new("this process already decides by other rules".to_owned()))
}

/// The shipped rules; each folder of rules that the operator's own folder has replaces the shipped one whole, and so
/// does the file that says from when on they count.
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
    if let Some(file) = own.map(|own| own.join(SET)).filter(|file| file.is_file()) {
        let text = fs::read_to_string(&file).doing(&format!("read {}", file.display()))?;
        files.insert(SET.to_owned(), text);
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    RuleSet::load(&files).doing("read the rules")
}

fn read(folder: &Path, name: &str) -> Result<Vec<(String, String)>> {
    let doing = format!("read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).doing(&doing)?.take(MAX_FILES) {
        let path = entry.doing(&doing)?.path();
        if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
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

    #[test]
    fn a_folder_of_the_operator_may_replace_the_access_policies_and_the_day() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir(scratch.path().join("access")).unwrap();
        for (name, text) in RuleSet::embedded_files().iter().filter(|(name, _)| name.starts_with("access/")) {
            if !name.ends_with("operator-hands-over.cedar") {
                fs::write(scratch.path().join(name), text).unwrap();
            }
        }
        let set =
            "name = \"next\"\neffective_from = 2030-01-01\nprofiles = [\"ncmec\"]\nsource = \"a test\"\n";
        fs::write(scratch.path().join(SET), set).unwrap();
        let (shipped, next) = (load(None).unwrap(), load(Some(scratch.path())).unwrap());
        assert_eq!(next.access().len(), shipped.access().len() - 1);
        assert_eq!(next.facts().unwrap().name, "next");
        assert!(next.id().as_str().starts_with("2030-01-01."), "{}", next.id());
    }
}
