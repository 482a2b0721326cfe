//! What an operator does for a provider that has nobody at the portal: contact fields at the command line.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const FIELDS: [&str; 10] = [
    "--mailing-address",
    "1 Invented Street",
    "--telephone",
    "+1 202-555-0100",
    "--fax",
    "none",
    "--email",
    "trust@harbor.example",
    "--individual",
    "Sam Placeholder",
];

fn run(folder: &Path, line: &[&str], more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(line).args(more).arg("--json").current_dir(folder).output().expect("the binary runs")
}

fn answered(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("machine output is JSON")
}

// PROVES: R-06
#[test]
fn contact_fields_are_given_with_a_provider_or_later_and_shown_with_their_age() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let config = ["--config", "house/clearinghouse.toml"];
    let made = run(folder, &["init", "--profile", "hotline", "--data", "house"], &[]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    // All five, or none.
    let half = run(folder, &["provider", "add", "Harbor", "--telephone", "202-555-0100"], &config);
    assert_eq!(half.status.code(), Some(2));
    let whole: Vec<&str> = FIELDS.iter().chain(&config).copied().collect();
    assert_eq!(answered(&run(folder, &["provider", "add", "Harbor"], &whole))["contact_version"], 1);
    assert_eq!(answered(&run(folder, &["provider", "add", "Bare"], &config))["contact_version"], Value::Null);

    let shown = answered(&run(folder, &["provider", "show", "harbor"], &config));
    assert_eq!(shown["contact"]["fields"]["individual"], "Sam Placeholder");
    assert_eq!((&shown["contact_is_stale"], &shown["credentials"][0]["live"]), (&false.into(), &true.into()));
    assert_eq!(answered(&run(folder, &["provider", "show", "bare"], &config))["contact_is_stale"], true);
    assert_eq!(answered(&run(folder, &["provider", "contact", "bare"], &whole))["contact_version"], 1);
    assert_eq!(answered(&run(folder, &["provider", "contact", "bare"], &whole))["contact_version"], 2);
    let nobody = run(folder, &["provider", "show", "nobody"], &config);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("no provider nobody"));
}

// PROVES: R-71
#[test]
fn a_provider_is_switched_off_and_on_again_by_a_command_that_names_the_reason() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let config = ["--config", "house/clearinghouse.toml"];
    let made = run(folder, &["init", "--profile", "hotline", "--data", "house"], &[]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    answered(&run(folder, &["provider", "add", "Harbor"], &config));
    let listed = || answered(&run(folder, &["provider", "list"], &config))[0].clone();
    assert_eq!((&listed()["disabled"], &listed()["because"]), (&false.into(), &Value::Null));

    // Without a reason of the list it is no order.
    for words in
        [&["provider", "disable", "harbor"][..], &["provider", "disable", "harbor", "--reason", "mended"]]
    {
        assert_eq!(run(folder, words, &config).status.code(), Some(2), "{words:?}");
    }
    let off = ["provider", "disable", "harbor", "--reason", "wrong-hands"];
    assert_eq!(answered(&run(folder, &off, &config))["disabled"], true);
    assert_eq!((&listed()["disabled"], &listed()["because"]), (&true.into(), &"wrong-hands".into()));
    let again = run(folder, &off, &config);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("switched off already"));
    let invited = run(folder, &["provider", "invite", "harbor", "--name", "Morgan Example"], &config);
    assert_eq!(invited.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&invited.stderr).contains("is switched off"));

    let on = ["provider", "restore", "harbor", "--reason", "mended"];
    assert_eq!(answered(&run(folder, &on, &config))["disabled"], false);
    assert_eq!(listed()["disabled"], false);
    let nobody = run(folder, &["provider", "restore", "nobody", "--reason", "mended"], &config);
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("no provider nobody"));
}
