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

/// The words of a sealed package of the fixtures.
fn opening<'a>(file: &'a str, key: &'a str, keys: &'a str, to: &'a str) -> [&'a str; 8] {
    ["open", file, "--key", key, "--keys", keys, "--to", to]
}

#[test]
fn a_sealed_package_is_opened_to_a_file_and_to_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (sealed, key, keys) =
        (fixture("sealed/package.sealed"), fixture("sealed/agency-key.pem"), fixture("keys.txt"));
    let file = folder.path().join("package.zip").display().to_string();
    let output = called(&opening(&sealed, &key, &keys, &file));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains(": HOLDS\n"), "{}", said(&output));
    let again = called(&["--keys", &keys, &file]);
    assert_eq!(again.status.code(), Some(0), "what was opened is a package like any other");
    let unpacked = folder.path().join("unpacked/").display().to_string();
    let output = called(&opening(&sealed, &key, &keys, &unpacked));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(folder.path().join("unpacked/manifest.json").exists());
    assert!(folder.path().join("unpacked/files").is_dir());
    // Nothing is written over.
    assert_eq!(called(&opening(&sealed, &key, &keys, &file)).status.code(), Some(2));
    assert_eq!(called(&opening(&sealed, &key, &keys, &unpacked)).status.code(), Some(2));
}

#[test]
fn a_sealed_package_that_cannot_be_opened_says_plainly_why_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (sealed, key, keys) =
        (fixture("sealed/package.sealed"), fixture("sealed/agency-key.pem"), fixture("keys.txt"));
    let bytes = std::fs::read(&sealed).unwrap();
    std::fs::write(path("cut.sealed"), &bytes[..bytes.len() - 1]).unwrap();
    let mut changed = bytes.clone();
    changed[200] ^= 1;
    std::fs::write(path("changed.sealed"), changed).unwrap();
    let (cut, changed) = (path("cut.sealed"), path("changed.sealed"));
    let stranger = fixture("keys/openssl-p384-pkcs8.pem");
    let all = std::fs::read_to_string(&keys).unwrap();
    let without: String =
        all.lines().filter(|line| !line.contains("/packages")).map(|line| format!("{line}\n")).collect();
    std::fs::write(path("keys.txt"), without).unwrap();
    let others = path("keys.txt");
    for (file, key, keys, says) in [
        (&sealed, &stranger, &keys, "this is not sealed to your key 0687 2e11"),
        (&cut, &key, &keys, "its end is missing or was changed"),
        (&changed, &key, &keys, "DOES NOT HOLD"),
        (&sealed, &key, &others, "no key of the name"),
    ] {
        let to = path("opened.zip");
        let output = called(&opening(file, key, keys, &to));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(says), "{says}: {}", said(&output));
        let mut left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["changed.sealed", "cut.sealed", "keys.txt"]);
    }
    // Without the key, only the envelope can be looked at, and that is not called enough.
    let output = called(&["--keys", &keys, &sealed]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("its envelope holds"), "{}", said(&output));
}

#[test]
fn a_key_pair_is_made_once_and_only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agency.pem");
    let to = path.display().to_string();
    let output = called(&["keygen", "--to", &to]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        said(&output).starts_with("-----BEGIN PUBLIC KEY-----\n") && said(&output).contains("Fingerprint: ")
    );
    assert!(!said(&output).contains("PRIVATE KEY-----"));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let again = called(&["keygen", "--to", &to]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    assert_eq!(called(&["keygen", "--to", &to, "--curve", "p521"]).status.code(), Some(2));
    assert_eq!(called(&["keygen"]).status.code(), Some(2));
}
