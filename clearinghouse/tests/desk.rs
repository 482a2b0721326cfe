//! The desk in a real browser: rules that two people change, a relaxation, counsel's ground, media permission and a look, a
//! vendor, and what an agency's managers are told. Every page is checked with axe.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod served;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use serde_json::Value;
use served::Place;
use walks::walk;

/// Enough reports that some have files that nobody viewed, and some that somebody did.
const REPORTS: u32 = 30;

// PROVES: R-17 R-18 R-25 R-63
#[test]
fn the_desk_is_walked_by_everybody_who_works_at_it() {
    let demo = Running::demo(REPORTS, &[]);
    walk("desk/walk.mjs", &[demo.ready["sign_in"].to_string()]);
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
    let place = Place::hotline(folder.path(), &["triage"]);
    let rules = folder.path().join("rules");
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
