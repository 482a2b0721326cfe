//! Strangers' ways of reading, in Python, over every sample.

use std::path::{Path, PathBuf};
use std::process::Command;

use domain::Dossier;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::{generated, sample, whole};

/// Where `cargo xtask test` keeps strangers' programs, and how it names the place to tests.
const VARIABLE: &str = "CLEARINGHOUSE_TEST_STRANGERS";
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/strangers");

/// Where one kind of strangers' programs stands.
pub fn folder(kind: &str) -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "the runner of the tests names the folder of strangers' programs"
    )]
    let folder = std::env::var(VARIABLE).map_or_else(|_| PathBuf::from(INSTALLED), PathBuf::from).join(kind);
    assert!(folder.exists(), "strangers' programs are missing: run `cargo xtask test --install-only`");
    folder
}

/// Runs one of our scripts with the Python that has `jsonschema`, and answers what it printed.
pub fn run(script: &str, arguments: &[PathBuf]) -> String {
    run_with("python", script, arguments)
}

/// The same with another Python.
pub fn run_with(kind: &str, script: &str, arguments: &[PathBuf]) -> String {
    let (success, printed) = outcome_with(kind, script, arguments);
    assert!(success, "{printed}");
    printed
}

/// Whether a script was content, and what it printed.
fn outcome(script: &str, arguments: &[PathBuf]) -> (bool, String) {
    outcome_with("python", script, arguments)
}

fn outcome_with(kind: &str, script: &str, arguments: &[PathBuf]) -> (bool, String) {
    let python = folder(kind).join("bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers").join(script);
    let output = Command::new(python).arg(script).args(arguments).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    match output.status.success() {
        // Whoever is content may talk beside it.
        true => (true, printed),
        false => (false, printed + &String::from_utf8_lossy(&output.stderr)),
    }
}

/// All samples, and this many generated dossiers.
pub fn dossiers(generated: usize) -> Vec<Dossier> {
    let mut runner = TestRunner::deterministic();
    let mut all: Vec<Dossier> = sample::all().into_iter().map(|(_, dossier)| dossier).collect();
    all.extend((0..generated).map(|_| generated::dossier().new_tree(&mut runner).unwrap().current()));
    all
}

/// All samples and some generated dossiers, each written to a file by `export`.
fn written(folder: &Path, export: impl Fn(&Dossier) -> Vec<u8>) -> Vec<PathBuf> {
    let write = |(at, dossier): (usize, &Dossier)| {
        let path = folder.join(format!("{at}.json"));
        std::fs::write(&path, export(dossier)).unwrap();
        path
    };
    dossiers(40).iter().enumerate().map(write).collect()
}

fn schema(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("schema.json");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn two_readers_with_different_habits_agree_on_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let reports = written(folder.path(), whole::le_download);
    let one: Vec<Value> = serde_json::from_str(&run("first_of_each.py", &reports)).unwrap();
    let other: Vec<Value> = serde_json::from_str(&run("all_of_the_first.py", &reports)).unwrap();
    assert_eq!(one.len(), reports.len());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one["files"], other["files"]);
        assert_eq!(one["first"]["screen"], other["suspects"][0]["screen"]);
        assert_eq!(one["first"]["phones"], other["suspects"][0]["phones"]);
    }
    let full = &other[1];
    assert_eq!(full["mails"][0]["id"], "m-1");
    assert_eq!(full["pages"][0]["text"], "synthetic");
    assert!(full["suspects"][1]["contact"].as_str().unwrap().starts_with("ROLE WARNING"));
}

#[test]
fn every_le_download_document_follows_its_published_schema() {
    let folder = tempfile::tempdir().unwrap();
    let reports = written(folder.path(), whole::le_download);
    let schema = schema(folder.path(), formats::le_download::SCHEMA);
    run("check_schema.py", &[vec![schema], reports].concat());
}

#[test]
fn every_full_report_follows_its_published_schema() {
    let folder = tempfile::tempdir().unwrap();
    let reports = written(folder.path(), whole::report_full);
    let schema = schema(folder.path(), formats::report_full::SCHEMA);
    run("check_schema.py", &[vec![schema], reports].concat());
}

#[test]
fn every_chat_follows_its_published_schema() {
    let folder = tempfile::tempdir().unwrap();
    let chats = written(folder.path(), |dossier| formats::chat::to_json(&formats::chat::threads(dossier)));
    let schema = schema(folder.path(), formats::chat::SCHEMA);
    run("check_schema.py", &[vec![schema], chats].concat());
}

#[test]
fn a_receipt_follows_its_published_schema() {
    let folder = tempfile::tempdir().unwrap();
    let receipt = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verify/fixtures/receipt.json");
    let schema = schema(folder.path(), formats::receipt::SCHEMA);
    run("check_schema.py", &[schema, receipt]);
}

#[test]
fn the_published_schema_refuses_what_readers_stumble_over() {
    let traps = [
        ("/reportedInformation/reportingEsp/espName", Value::Null),
        ("/reportedInformation/incidentSummary/incidentDateTime", Value::Null),
        ("/reportedInformation/incidentSummary/incidentDateTime", "2026-02-03T14:00:00.5Z".into()),
        ("/reportedInformation/reportedPeople/reportedPersons", Value::Array(Vec::new())),
        ("/reportedInformation/additionalInformations", Value::Null),
        ("/reportedInformation/uploadedFiles/uploadedFiles/0/sourceInformation/sourceCaptures", Value::Null),
        (
            "/reportedInformation/uploadedFiles/uploadedFiles/0/sourceInformation/sourceCaptures/0/dateTime",
            Value::Null,
        ),
        (
            "/reportedInformation/uploadedFiles/uploadedFiles/0/ncmecTags/groups/0/tags",
            Value::Array(Vec::new()),
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let schema = schema(folder.path(), formats::le_download::SCHEMA);
    for (path, trap) in traps {
        let mut report = crate::le_download::json(&sample::full());
        *report.pointer_mut(path).unwrap() = trap;
        let document = folder.path().join("trap.json");
        std::fs::write(&document, report.to_string()).unwrap();
        let (content, printed) = outcome("check_schema.py", &[schema.clone(), document]);
        assert!(!content && printed.contains("trap.json"), "{path}: {printed}");
    }
}
