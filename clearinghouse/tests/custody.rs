//! A house whose keys a hardware module or a key service holds, as its operator makes and runs it: Debian's SoftHSM stands
//! for the module, and for the service the one on which custody's own promises are tried.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod served;
#[path = "../../custody/tests/contract/server.rs"]
#[expect(dead_code, reason = "custody's own tests ask more of it")]
mod server;

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

/// A house is made with these as holders of its keys, an epoch ends, and the house goes on.
fn made_and_running(place: &Place, folder: &Path, url: &str) {
    let data = folder.to_str().unwrap();
    told(&place.run(&["init", "--profile", "synthetic-demo", "--data", data, "--custody", url, "--json"]));
    let root = std::fs::read_to_string(folder.join("root.key")).unwrap();
    assert!(root.starts_with("sealed "), "the root key lies there in plain");
    told(&place.run(&["provider", "add", "Harbor-Chat", "--json"]));
    // Custody holds the epoch; the next one takes its place.
    let before = told(&place.run(&["custody", "status", "--json"]));
    told(&place.run(&["custody", "rotate", "--json"]));
    let after = told(&place.run(&["custody", "status", "--json"]));
    assert_ne!(before["live"][0]["held_as"], after["live"][0]["held_as"]);
    assert!(after["past"][0]["destroyed_at"].is_string(), "{after}");
    told(&place.run(&["ledger", "verify", "--json"]));
}

// PROVES: R-52 R-64
#[test]
fn a_house_whose_keys_a_service_holds_is_made_and_runs_and_opens_nothing_without_it() {
    let (scratch, service) = (tempfile::tempdir().unwrap(), server::Server::start());
    let folder = scratch.path().join("house");
    let vouches = service.ca_file();
    let of = |token: &str| {
        let place = Place::at(&folder).with("CUSTODY__SECRET", token);
        place.with("CUSTODY__CA_FILE", vouches.to_str().unwrap())
    };
    let place = of("token");
    made_and_running(&place, &folder, &service.address());

    // A service that only plans to delete has destroyed nothing, and the house does not say that it has.
    service.destroy_later(true);
    place.run(&["custody", "rotate", "--json"]);
    let undone = |status: &Value| {
        status["past"].as_array().unwrap().iter().filter(|past| past["destroyed_at"].is_null()).count()
    };
    assert_eq!(undone(&told(&place.run(&["custody", "status", "--json"]))), 1);
    service.destroy_later(false);
    told(&place.run(&["custody", "rotate", "--json"]));
    assert_eq!(undone(&told(&place.run(&["custody", "status", "--json"]))), 0);

    // With a wrong token, with a service that nobody vouches for, and with one that hangs up, nothing opens, and it is said.
    let stranger = Place::at(&folder).with("CUSTODY__SECRET", "token");
    for (says, place) in [("a wrong token", of("wrong")), ("nobody vouches", stranger)] {
        let refused = place.run(&["provider", "add", "Other-Chat", "--json"]);
        assert!(!refused.status.success() && !refused.stderr.is_empty(), "{says}");
    }
    service.drop_next(usize::MAX);
    let away = place.run(&["provider", "add", "Other-Chat", "--json"]);
    assert!(!away.status.success() && !away.stderr.is_empty());
    service.drop_next(0);
    told(&place.run(&["provider", "add", "Other-Chat", "--json"]));
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
    made_and_running(&place, &folder, &format!("pkcs11:{LIBRARY}?token=clearinghouse"));

    // The same files beside another module, and with a wrong PIN, open nothing and say so.
    let elsewhere = self::place(&folder, &tokens(scratch.path(), "none")).run(&["check", "--json"]);
    assert!(!elsewhere.status.success());
    let wrong = Place::at(&folder)
        .entered_by(vec!["env".to_owned(), format!("SOFTHSM2_CONF={}", settings.display())])
        .with("CUSTODY__SECRET", "0000");
    let wrong = wrong.run(&["provider", "add", "Other-Chat", "--json"]);
    assert!(!wrong.status.success() && !wrong.stderr.is_empty());
}
