//! Reports between agencies in a real browser, with the keyboard alone and with script switched off: an affiliate on record,
//! a transfer refused, offered, declined and taken, a report that is not ours, and what the desk sees of it.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use walks::walk;

#[test]
fn a_report_goes_from_one_agency_to_another_and_back_to_the_desk_with_the_keyboard_alone() {
    let demo = Running::demo(60, &[]);
    let people = ["investigator", "commander", "small_agency", "analyst", "supervisor", "counsel"];
    let links = people.map(|word| demo.ready["sign_in"][word].as_str().expect("the demo has this person"));
    walk("transfers/walk.mjs", &links);
}
