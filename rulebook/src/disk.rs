//! Rules as they lie on disk, in a folder of the operator's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use domain::Profile;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use policy::rules::choose;
use policy::{RuleFault, RuleSet, Texts};

/// The folders that a rule set has.
const FOLDERS: [&str; 7] = ["access", "triage", "routing", "quality", "retention", "datasets", "gate"];
/// The file that says from when on a set counts, and for whom.
const SET: &str = "set.toml";
/// What rule files end in.
const ENDINGS: [&str; 3] = ["toml", "cedar", "cedarschema"];
/// Files of one folder.
const MAX_FILES: usize = 1_000;

/// A file or folder that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", .path.display())]
pub struct Unreadable {
    /// Which.
    path: PathBuf,
    #[source]
    source: io::Error,
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> Unreadable {
    move |source| Unreadable { path: path.to_owned(), source }
}

/// The shipped rules; each folder of rules that the operator's own folder has replaces the shipped one whole, and so
/// does the file that says from when on they count.
///
/// # Errors
/// [`Unreadable`] names what cannot be read.
pub fn texts(own: Option<&Path>) -> Result<Texts, Unreadable> {
    let shipped = RuleSet::embedded_files().iter();
    let mut files: BTreeMap<String, String> =
        shipped.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let Some(own) = own else { return Ok(Texts::of(files)) };
    for name in FOLDERS.into_iter().filter(|name| own.join(name).is_dir()) {
        files.retain(|file, _| file.split_once('/').is_none_or(|(of, _)| of != name));
        files.extend(read(&own.join(name), name)?);
    }
    let set = own.join(SET);
    if set.is_file() {
        files.insert(SET.to_owned(), fs::read_to_string(&set).map_err(unreadable(&set))?);
    }
    Ok(Texts::of(files))
}

/// Of several sets the one for this kind of house that counts at a moment, read.
///
/// # Errors
/// [`RuleFault`] for a set that is not understood, and when none is for this house then.
pub fn chosen(mut all: Vec<Texts>, profile: Profile, at: Timestamp) -> Result<(Texts, RuleSet), RuleFault> {
    let read = all.iter().map(|texts| RuleSet::load(&texts.files())).collect::<Result<_, _>>()?;
    let rules = choose(read, profile, TimeZone::UTC.to_datetime(at).date())?;
    let is_it = |texts: &Texts| texts.id().is_ok_and(|id| id == *rules.id());
    // INVARIANT: what was chosen is one of those that were read.
    let place = all.iter().position(is_it).expect("the chosen set is one of them");
    Ok((all.swap_remove(place), rules))
}

fn read(folder: &Path, name: &str) -> Result<Vec<(String, String)>, Unreadable> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))?.take(MAX_FILES) {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((format!("{name}/{file}"), fs::read_to_string(&path).map_err(unreadable(&path))?));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(own: Option<&Path>) -> Result<RuleSet, policy::RuleFault> {
        RuleSet::load(&texts(own).unwrap().files())
    }

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
