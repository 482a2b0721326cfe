//! Days of work at an agency in a real browser, with the keyboard alone: each begins with a message that a mail server took
//! and ends with a closed case. A commander, an investigator, a prosecutor, and an agency of two people without script.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/post.rs"]
mod post;
#[path = "common/walks.rs"]
mod walks;

use post::Post;
use synth::places::{Spot, address_in};
use walks::walk;

/// Counties of the demo's task force and of its agency of two people.
const LOS_ANGELES: &str = "06037";
const HENNEPIN: &str = "27053";

/// Walks a day at the agency of a county.
fn day(script: &str, county: &'static str) {
    let post = Post::office();
    let demo = post.demo();
    let mut told = vec![demo.ready.to_string(), post::told(&post.mailboxes())];
    told.push(address_in(Spot::County(county), 1).to_string());
    // A demo keeps no bytes but those of the house's own generator.
    let folder = tempfile::tempdir().expect("a folder can be made");
    for card in [0, 2] {
        let path = folder.path().join(format!("card-{card}.png"));
        std::fs::write(&path, synth::corpus::bytes(card)).expect("the folder can be written");
        told.push(post::told(&path));
    }
    walk(script, &told);
}

// PROVES: R-29
#[test]
fn a_commander_is_called_by_mail_gives_the_report_out_and_closes_its_case() {
    day("workdays/commander.mjs", LOS_ANGELES);
}

// PROVES: R-17 R-29
#[test]
fn an_investigator_hears_that_something_came_and_works_it_to_a_closed_case() {
    day("workdays/investigator.mjs", LOS_ANGELES);
}

// PROVES: R-36 R-73 R-75
#[test]
fn a_prosecutor_sees_the_closed_case_and_takes_what_a_court_needs() {
    day("workdays/prosecutor.mjs", LOS_ANGELES);
}

// PROVES: R-19 R-29
#[test]
fn an_agency_of_two_people_works_from_a_call_to_a_closed_case_without_script() {
    day("workdays/two_people.mjs", HENNEPIN);
}
