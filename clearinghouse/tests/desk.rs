//! The desk in a real browser: rules that two people change, a relaxation, counsel's ground, media permission and a look, a
//! vendor, and what an agency's managers are told. Every page is checked with axe.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod served;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Running;
use serde_json::Value;
use served::Place;

/// Enough reports that some have files that nobody viewed, and some that somebody did.
const REPORTS: u32 = 30;

/// Tools that walk pages, as `cargo xtask test` installs them.
fn tools() -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    let folder = folder.join("pages");
    assert!(folder.is_dir(), "the tools for pages are not installed: run `cargo xtask test`");
    folder
}

// PROVES: R-17 R-18 R-25 R-63
#[test]
fn the_desk_is_walked_by_everybody_who_works_at_it() {
    let demo = Running::demo(REPORTS, &[]);
    // Pictures of the book are only made anew when asked for: they differ with the clock.
    let pictures =
        std::env::var_os("CLEARINGHOUSE_PICTURES").map_or_else(|| tools().join("pictures"), PathBuf::from);
    std::fs::create_dir_all(&pictures).unwrap();
    let ended = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/desk/walk.mjs"))
        .arg(tools())
        .arg(&pictures)
        .arg(demo.ready["sign_in"].to_string())
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.trim_end().ends_with("ok"), "{said}");
}

/// A command that succeeds, and its JSON.
fn told(place: &Place, words: &[&str]) -> Value {
    let ran = place.run(words);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("JSON")
}

// PROVES: R-01 R-25 R-85
#[test]
fn rules_that_somebody_wrote_to_the_disk_wait_for_two_people() {
    let folder = tempfile::tempdir().unwrap();
    let (rules, shipped) = (folder.path().join("rules"), concat!(env!("CARGO_MANIFEST_DIR"), "/../policies"));
    for of in ["retention", "triage"] {
        std::fs::create_dir_all(rules.join(of)).unwrap();
    }
    let schedule = std::fs::read_to_string(format!("{shipped}/retention/synthetic-demo.toml")).unwrap();
    let schedule = schedule.replace("\"synthetic-demo\"", "\"hotline\"");
    std::fs::write(rules.join("retention/hotline.toml"), schedule).unwrap();
    for file in std::fs::read_dir(format!("{shipped}/triage")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), rules.join("triage").join(file.file_name())).unwrap();
    }
    let place =
        Place::at(&folder.path().join("house")).of("hotline").with("RULES_FOLDER", rules.to_str().unwrap());
    place.make();
    let founded = told(&place, &["policy", "standing", "--json"]);
    assert_eq!(founded["waiting"], serde_json::json!([]));
    // One rule less on disk changes nothing that is decided; it is laid before people, and waits.
    std::fs::remove_file(rules.join("triage/live-abuse.toml")).unwrap();
    let proposed = told(&place, &["policy", "propose", "--rules", rules.to_str().unwrap(), "--json"]);
    assert_eq!(proposed["files"], serde_json::json!(["triage/live-abuse.toml"]));
    assert_eq!(proposed["in_force"], founded["in_force"]);
    let serving = place.serve();
    let standing = told(&place, &["policy", "standing", "--json"]);
    assert_eq!((&standing["in_force"], &standing["since"]), (&founded["in_force"], &founded["since"]));
    assert_eq!(standing["waiting"], serde_json::json!([proposed["rule_set"]]));
    drop(serving);
    let found: Value = serde_json::from_slice(&place.run(&["check", "--json"]).stdout).unwrap();
    let of_rules = found.as_array().unwrap().iter().find(|one| one["part"] == "rules in force").unwrap();
    assert_eq!(of_rules["state"], "note", "{of_rules}");
}
