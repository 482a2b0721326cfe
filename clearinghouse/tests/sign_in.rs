//! Keys, in a real browser with its virtual authenticators: enrolled, used, removed, forged, replayed, refused. The first
//! house is one that an operator made with `init`, under a profile that is no demo.

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

// PROVES: R-69 R-70 R-72
#[test]
fn people_sign_in_with_keys_and_with_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::hotline(folder.path(), &[]);
    let serving = place.serve();
    let site = by_name(serving.base());
    let words = ["provider", "invite", "harbor-chat", "--name", "Morgan Example", "--site", &site, "--json"];
    let invited = place.run(&words);
    assert!(invited.status.success(), "{}", String::from_utf8_lossy(&invited.stderr));
    let invited: serde_json::Value = serde_json::from_slice(&invited.stdout).unwrap();
    let demo = Running::demo(0, &[]);

    let link = by_name(demo.ready["sign_in"]["commander"].as_str().unwrap());
    walk("sign_in/walk.mjs", &[invited["enrol"].as_str().unwrap().to_owned(), link]);
}
