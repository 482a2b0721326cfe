//! The published fixtures are what the code writes today.

use std::path::PathBuf;

use domain::Dossier;

use crate::{sample, whole};

/// Set it to write the fixtures anew, then read the difference.
const WRITE: &str = "CLEARINGHOUSE_TEST_WRITE_FIXTURES";

/// Compares one fixture with what is written today.
pub fn same(folder: &str, name: &str, bytes: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder).join(name);
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    let kept = std::fs::read(&path).unwrap_or_default();
    assert!(kept == bytes, "{folder}/{name} differs: set {WRITE}=1, run again, and read the difference");
}

#[test]
fn the_published_dossiers_are_the_samples() {
    for (name, dossier) in sample::all() {
        let mut text = serde_json::to_string_pretty(&dossier).unwrap();
        assert_eq!(serde_json::from_str::<Dossier>(&text).unwrap(), dossier);
        text.push('\n');
        same("dossier", &format!("{name}.json"), text.as_bytes());
    }
}

#[test]
fn the_published_le_download_reports_are_what_is_written() {
    for (name, dossier) in sample::all() {
        same("le-download", &format!("{name}.json"), &whole::le_download(&dossier));
    }
}

#[test]
fn the_published_full_reports_are_what_is_written() {
    for (name, dossier) in sample::all() {
        same("report-full", &format!("{name}.json"), &whole::report_full(&dossier));
    }
}

#[test]
fn the_published_sheets_are_what_is_written() {
    let full = sample::full();
    let withheld = crate::csv::withheld(&full);
    same("csv", "ips.csv", &whole::ips(&full));
    same("csv", "files.csv", &whole::files(&full));
    same("csv", "persons.csv", &formats::csv::persons(&full));
    same("csv", "selectors.csv", &whole::selectors(&full));
    same("csv", "withheld-files.csv", &whole::withheld_files(&full, &withheld));
    same("csv", "preservation.md", &formats::package::preservation(&full));
    same("csv", "sender-notes.md", &formats::sender_notes(&full));
}
