//! The program as people call it: lines and exit status.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::path::Path;
use std::process::{Command, Output};

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).display().to_string()
}

fn called(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clearinghouse-verify")).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn what_holds_is_said_line_by_line_and_ends_with_0() {
    let (keys, json, xml, package) =
        (fixture("keys.txt"), fixture("receipt.json"), fixture("receipt.xml"), fixture("package.zip"));
    let output = called(&["--keys", &keys, &json, &xml, &package]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert_eq!(text.matches(": HOLDS\n").count(), 3, "{text}");
    assert!(text.lines().filter(|line| line.contains(": ok ")).count() >= 20, "{text}");
}

#[test]
fn what_does_not_hold_ends_with_1_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let changed = folder.path().join("changed.json");
    let text = std::fs::read_to_string(fixture("receipt.json")).unwrap();
    std::fs::write(&changed, text.replace("\"preserveUntil\":\"2027", "\"preserveUntil\":\"2026")).unwrap();
    let output = called(&["--keys", &fixture("keys.txt"), changed.to_str().unwrap()]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for line in ["FAILED  signature: it signs another text", "FAILED  duty to preserve", "DOES NOT HOLD"] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn where_nothing_can_be_checked_it_ends_with_2() {
    let (keys, pages, json) = (fixture("keys.txt"), fixture("receipt.pdf"), fixture("receipt.json"));
    let missing = fixture("no-such-file.json");
    for (arguments, words) in [
        (vec!["--keys", &keys, &pages], "take the JSON out"),
        (vec!["--keys", &keys, &missing], "cannot be read"),
        (vec!["--keys", &keys, &keys], "none of the files"),
        (vec!["--keys", &keys], "no file was named"),
        (vec![json.as_str()], "there are 0 keys"),
        (vec!["--key", "nonsense", &json], "not a verifier key"),
        (vec!["--frobnicate"], "is not known"),
    ] {
        let output = called(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn the_help_has_an_example() {
    let output = called(&["--help"]);
    assert!(output.status.success());
    assert!(said(&output).contains("Examples: clearinghouse-verify --keys keys.txt"));
}
