//! What a person at the command line meets: exit codes, words on standard error, machine output on standard output.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clearinghouse"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is text")
}

#[test]
fn wrong_usage_is_2_and_a_refusal_is_1_with_a_reason() {
    let scratch = tempfile::tempdir().unwrap();
    for line in ["", "nonsense", "init", "init --profile police", "dataset add ip-moon x"] {
        let output = run(scratch.path(), line);
        assert_eq!(output.status.code(), Some(2), "{line}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{line}");
    }
    let output = run(scratch.path(), "config check --config none.toml");
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.starts_with("clearinghouse: cannot read the configuration none.toml") && said.contains("init"),
        "{said}"
    );
}

#[test]
fn the_schema_is_machine_output_and_names_every_section() {
    let scratch = tempfile::tempdir().unwrap();
    let output = run(scratch.path(), "config check --schema");
    assert_eq!(output.status.code(), Some(0));
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for section in ["profile", "database", "vault", "listen", "metrics", "providers", "log", "limits"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
}

#[test]
fn the_rules_are_checked_and_a_decision_is_explained() {
    let scratch = tempfile::tempdir().unwrap();
    let output = run(scratch.path(), "policy check --json");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let checked: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(checked["ok"], true);
    let facts = "[triage]\nat = \"2026-11-24T12:00:00Z\"\nreport_annotations = [\"sextortion\"]\n\
        [routing]\nat = \"2026-11-24T12:00:00Z\"\n\
        evidence = [{ kind = \"upload-address\", country = \"US\", state = \"CA\", county_fips = \"06037\" }]\n";
    std::fs::write(scratch.path().join("facts.toml"), facts).unwrap();
    let output = run(scratch.path(), "policy explain facts.toml --json");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let explained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(explained["triage"]["priority"], "urgent");
    assert!(explained["routing"]["recipients"][0]["basis"].is_string(), "{explained}");
}

/// A new house, with a letter beside it.
struct Founded(tempfile::TempDir);

impl Founded {
    fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let made = run(scratch.path(), "init --profile synthetic-demo --data house --json");
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        std::fs::write(scratch.path().join("letter.pdf"), "a letter").unwrap();
        Self(scratch)
    }

    fn on(&self, line: &str) -> (Option<i32>, String, String) {
        let output = run(self.0.path(), &format!("{line} --config house/clearinghouse.toml --json"));
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    fn told(&self, line: &str) -> serde_json::Value {
        let (code, said, why) = self.on(line);
        assert_eq!(code, Some(0), "{line}: {why}");
        serde_json::from_str(&said).unwrap()
    }
}

// PROVES: R-21 R-64
#[test]
fn what_a_vendor_holds_is_recorded_and_what_cannot_be_so_is_refused_with_a_way_on() {
    let founded = Founded::new();
    let on = |line: &str| founded.on(line);
    let told = |line: &str| founded.told(line);
    told("vendor add hosting --name Hosting --services stores");
    let held = told("vendor holds hosting --everything --since 2026-01-01");
    assert_eq!((&held["holding"], &held["may_have"]), (&1.into(), &false.into()));
    let owes = told("vendor owes hosting");
    assert_eq!(owes["holds"][0]["report"], serde_json::Value::Null);
    assert_eq!(owes["destructions"], serde_json::json!([]));
    told("vendor emptied hosting 1 --document letter.pdf");
    for (line, hint) in [
        ("vendor holds hosting 1000001 --since 2026-01-01", "vendor list"),
        ("vendor holds nobody --everything --since 2026-01-01", "vendor list"),
        ("vendor destroyed hosting 5f0c61 --document letter.pdf", "vendor owes"),
        ("vendor emptied hosting 1 --document letter.pdf", "vendor owes"),
        (
            "agency qualify nobody --fact x --document letter.pdf --evidence x --until 2999-01-01",
            "agency list",
        ),
    ] {
        let (code, said, why) = on(line);
        assert_eq!((code, said.is_empty()), (Some(1), true), "{line}");
        assert!(why.contains(hint), "{line}: {why}");
    }
    told("agency import");
    let over = "agency qualify icac-us-mn --fact x --document letter.pdf --evidence x --until 2020-01-01";
    assert!(on(over).2.contains("name a day to come"), "{:?}", on(over));
    let (code, _, why) = on("vendor holds hosting --everything --since tomorrow");
    assert_eq!((code, why.contains("a day is written 2026-02-03")), (Some(2), true), "{why}");
}

#[test]
fn an_affiliate_is_prepared_for_two_people_and_recorded_by_no_command() {
    let founded = Founded::new();
    founded.told("agency import");
    let ask = |pair: &str, until: &str| {
        format!(
            "agency affiliate ask {pair} --document letter.pdf --agreement binder-7 --from 2026-01-01 --until {until} --site https://desk.example"
        )
    };
    for (line, hint) in [
        (ask("icac-us-mn nobody", "2999-01-01"), "agency list"),
        (ask("icac-us-mn icac-us-mn", "2999-01-01"), "two different agencies"),
        (ask("icac-us-mn us-fbi", "2026-01-02"), "the later is to come"),
        ("agency affiliate end icac-us-mn us-fbi".to_owned(), "agency affiliate list"),
    ] {
        let (code, said, why) = founded.on(&line);
        assert_eq!((code, said.is_empty()), (Some(1), true), "{line}");
        assert!(why.contains(hint), "{line}: {why}");
    }
    let told = founded.told(&ask("icac-us-mn us-fbi", "2999-01-01"));
    let page = told["page"].as_str().unwrap();
    assert!(page.starts_with("https://desk.example/admin/affiliations?task_force=icac-us-mn&"), "{page}");
    for word in ["affiliate=us-fbi", "agreement=binder-7", "from=2026-01-01", "until=2999-01-01", "sha256="] {
        assert!(page.contains(word), "{page}");
    }
    assert_eq!(founded.told("agency affiliate list"), serde_json::json!([]));
}
