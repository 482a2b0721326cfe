//! A house whose keys a hardware module holds, as its operator makes and runs it: Debian's SoftHSM stands for the module.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod served;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use served::Place;

const LIBRARY: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "2468";

/// A place for tokens, and the file that leads the module to it.
fn tokens(folder: &Path, name: &str) -> PathBuf {
    let (tokens, settings) = (folder.join(name), folder.join(format!("{name}.conf")));
    std::fs::create_dir(&tokens).unwrap();
    std::fs::write(&settings, format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display()))
        .unwrap();
    settings
}

fn place(folder: &Path, settings: &Path) -> Place {
    let reads = format!("SOFTHSM2_CONF={}", settings.display());
    Place::at(folder).entered_by(vec!["env".to_owned(), reads]).with("CUSTODY__SECRET", PIN)
}

fn told(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

// PROVES: R-52 R-64
#[test]
fn a_house_whose_keys_a_token_holds_is_made_and_runs_and_opens_nothing_without_it() {
    assert!(Path::new(LIBRARY).is_file(), "softhsm2 is not installed: run `cargo xtask test`");
    let scratch = tempfile::tempdir().unwrap();
    let (folder, settings) = (scratch.path().join("house"), tokens(scratch.path(), "tokens"));
    let words = ["--init-token", "--free", "--label", "clearinghouse", "--pin", PIN, "--so-pin", "1357"];
    let made = Command::new("softhsm2-util").env("SOFTHSM2_CONF", &settings).args(words).output();
    assert!(made.unwrap().status.success());
    let place = place(&folder, &settings);
    let (data, url) = (folder.to_str().unwrap(), format!("pkcs11:{LIBRARY}?token=clearinghouse"));
    told(&place.run(&["init", "--profile", "synthetic-demo", "--data", data, "--custody", &url, "--json"]));
    let root = std::fs::read_to_string(folder.join("root.key")).unwrap();
    assert!(root.starts_with("sealed "), "the root key lies there in plain");
    told(&place.run(&["provider", "add", "Harbor-Chat", "--json"]));

    // The module holds the epoch; the next one takes its place, and the house goes on.
    let before = told(&place.run(&["custody", "status", "--json"]));
    told(&place.run(&["custody", "rotate", "--json"]));
    let after = told(&place.run(&["custody", "status", "--json"]));
    assert_ne!(before["live"][0]["held_as"], after["live"][0]["held_as"]);
    assert!(after["past"][0]["destroyed_at"].is_string(), "{after}");
    told(&place.run(&["ledger", "verify", "--json"]));

    // The same files beside another module, and with a wrong PIN, open nothing and say so.
    let elsewhere = self::place(&folder, &tokens(scratch.path(), "none")).run(&["check", "--json"]);
    assert!(!elsewhere.status.success());
    let wrong = Place::at(&folder)
        .entered_by(vec!["env".to_owned(), format!("SOFTHSM2_CONF={}", settings.display())])
        .with("CUSTODY__SECRET", "0000");
    let wrong = wrong.run(&["provider", "add", "Other-Chat", "--json"]);
    assert!(!wrong.status.success() && !wrong.stderr.is_empty());
}
