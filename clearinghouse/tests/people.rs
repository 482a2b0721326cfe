//! How people come, change and go, in a real browser with virtual keys: two founders of a real house; a locked form that is
//! not lost; somebody invited, proofed, let in by two, given another role, and let in again who lost every key.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod served;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use served::{Place, by_name};
use walks::walk;

/// Enough for the task force of the demo to have some.
const REPORTS: u32 = 40;

// PROVES: R-21 R-67 R-69 R-70 R-71
#[test]
fn people_come_change_and_go_by_two_people_and_no_form_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::hotline(folder.path(), &[]);
    let serving = place.serve();
    let site = by_name(serving.base());
    let found = place.run(&["person", "found", "--name", "Dull Founder", "--role", "counsel", "--json"]);
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let found: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    let demo = Running::demo(REPORTS, &[]);
    let mut addresses = vec![format!("{site}{}", found["enrolment"].as_str().unwrap())];
    for word in ["commander", "investigator", "supervisor", "counsel", "provider_admin"] {
        addresses.push(by_name(demo.ready["sign_in"][word].as_str().unwrap()));
    }
    walk("people/walk.mjs", &addresses);
}
