//! An agency's inbox in a real browser, with the keyboard alone, first without script and then with it: filters, a saved view,
//! many reports changed together and put back, two officers who change the same report, units and rules, what is late, and the
//! hand-over; and what each of the three levels does there.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use synth::places::{Spot, address_in};
use walks::walk;

/// Where the demo's task force is.
const LOS_ANGELES: &str = "06037";

#[test]
fn an_inbox_is_worked_with_the_keyboard_alone_with_and_without_script() {
    let demo = Running::demo(60, &[]);
    let people = ["commander", "investigator", "small_agency"];
    let links = people.map(|word| demo.ready["sign_in"][word].as_str().expect("the demo has this person"));
    walk("inbox/walk.mjs", &links);
}

#[test]
fn each_of_the_three_levels_of_an_agency_does_in_the_inbox_what_is_theirs() {
    let demo = Running::demo(0, &[]);
    let address = address_in(Spot::County(LOS_ANGELES), 1).to_string();
    walk("inbox/levels.mjs", &[demo.ready.to_string(), address]);
}
