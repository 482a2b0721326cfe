//! What a person at the command line meets: exit codes, words on standard error, machine output on standard output.

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

// PROVES: R-21 R-64
#[test]
fn what_a_vendor_holds_is_recorded_and_what_cannot_be_so_is_refused_with_a_way_on() {
    let scratch = tempfile::tempdir().unwrap();
    let made = run(scratch.path(), "init --profile synthetic-demo --data house --json");
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    std::fs::write(scratch.path().join("letter.pdf"), "a letter").unwrap();
    let on = |line: &str| {
        let output = run(scratch.path(), &format!("{line} --config house/clearinghouse.toml --json"));
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let told = |line: &str| -> serde_json::Value {
        let (code, said, why) = on(line);
        assert_eq!(code, Some(0), "{line}: {why}");
        serde_json::from_str(&said).unwrap()
    };
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
