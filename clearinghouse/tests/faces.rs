//! Every page of every face in a real browser, as everybody who may see it.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use walks::walk;

/// Enough for every inbox to have something.
const REPORTS: u32 = 40;

#[test]
fn every_page_of_every_face_is_whole_for_everybody_who_may_see_it() {
    let house = Running::demo(REPORTS, &[]);
    walk("faces/walk.mjs", &[house.ready["sign_in"].to_string()]);
}

#[test]
fn an_officer_turns_the_pages_of_a_report_of_very_many_files() {
    let house = Running::demo(REPORTS, &[]);
    walk("faces/files.mjs", &[house.ready.to_string(), "icac-us-ca-los-angeles".to_owned()]);
}
