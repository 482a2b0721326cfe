//! Vendored web assets: every file is listed with its SHA-256, and every listed file is there and unchanged.

use std::collections::BTreeMap;
use std::path::Path;

use aws_lc_rs::digest;

use crate::{Result, shell};

const FOLDER: &str = "web/assets/vendor";
/// As `sha256sum` prints it: the digest, two spaces, the path.
const MANIFEST: &str = "SHA256SUMS";

/// Fails with every file that is missing, changed or not listed.
pub fn run() -> Result<()> {
    let folder = shell::root().join(FOLDER);
    let listed = listed(&std::fs::read_to_string(folder.join(MANIFEST))?)?;
    let differences = compare(&listed, &present(&folder)?);
    if differences.is_empty() {
        eprintln!("assets: {} vendored files are unchanged", listed.len());
        return Ok(());
    }
    Err(format!("vendored files differ from {FOLDER}/{MANIFEST}:\n  {}", differences.join("\n  ")).into())
}

/// Path to digest.
type Digests = BTreeMap<String, String>;

fn listed(manifest: &str) -> Result<Digests> {
    let entry = |line: &str| line.split_once("  ").map(|(digest, path)| (path.to_owned(), digest.to_owned()));
    manifest
        .lines()
        .map(|line| entry(line).ok_or_else(|| format!("unreadable line: {line}").into()))
        .collect()
}

fn present(folder: &Path) -> Result<Digests> {
    let mut waiting = vec![folder.to_path_buf()];
    let mut found = Digests::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
            continue;
        }
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        if name != MANIFEST {
            let digest = digest::digest(&digest::SHA256, &std::fs::read(&path)?);
            found.insert(name, digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect());
        }
    }
    Ok(found)
}

fn compare(listed: &Digests, present: &Digests) -> Vec<String> {
    let missing =
        listed.keys().filter(|path| !present.contains_key(*path)).map(|path| format!("{path} is missing"));
    let others = present.iter().filter_map(|(path, digest)| match listed.get(path) {
        None => Some(format!("{path} is not listed")),
        Some(expected) if expected != digest => Some(format!("{path} has changed")),
        Some(_) => None,
    });
    missing.chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_changed_and_unlisted_files_are_told_apart() {
        let scratch = tempfile::tempdir().unwrap();
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        std::fs::create_dir(scratch.path().join("fonts")).unwrap();
        for (name, content) in [("fonts/same.css", ""), ("changed.css", "x"), ("new.css", ""), (MANIFEST, "")]
        {
            std::fs::write(scratch.path().join(name), content).unwrap();
        }
        let manifest = format!("{empty}  fonts/same.css\n{empty}  changed.css\n{empty}  gone.css\n");
        let differences = compare(&listed(&manifest).unwrap(), &present(scratch.path()).unwrap());
        assert_eq!(differences, ["gone.css is missing", "changed.css has changed", "new.css is not listed"]);
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_refused() {
        assert!(listed("no digest here").is_err());
    }
}
