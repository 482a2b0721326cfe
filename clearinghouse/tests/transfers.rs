//! Reports between agencies in a real browser, with the keyboard alone and with script switched off: an affiliate on record,
//! a transfer refused, offered, declined and taken, a report that is not ours, what the desk decides of it, and what crosses.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/post.rs"]
mod post;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use post::Post;
use synth::places::{Spot, address_in};
use walks::walk;

/// Counties of the demo's task force and of its agency of two people.
const LOS_ANGELES: &str = "06037";
const HENNEPIN: &str = "27053";

/// An address in a county.
fn in_county(county: &'static str) -> String {
    address_in(Spot::County(county), 1).to_string()
}

#[test]
fn a_report_goes_from_one_agency_to_another_and_back_to_the_desk_with_the_keyboard_alone() {
    let demo = Running::demo(60, &[]);
    let people = ["investigator", "commander", "small_agency", "analyst", "supervisor", "counsel"];
    let links = people.map(|word| demo.ready["sign_in"][word].as_str().expect("the demo has this person"));
    walk("transfers/walk.mjs", &links);
}

// PROVES: R-20 R-29
#[test]
fn the_desk_says_where_a_report_goes_that_an_agency_gave_back_and_its_people_are_called_anew() {
    let post = Post::office();
    let demo = post.demo();
    let told = [demo.ready.to_string(), post::told(&post.mailboxes()), in_county(LOS_ANGELES)];
    walk("transfers/returned.mjs", &told);
}

// PROVES: R-21 R-28
#[test]
fn what_crosses_between_agencies_and_officers_is_told_on_both_sides_and_loses_no_word() {
    let demo = Running::demo(0, &[]);
    let folder = tempfile::tempdir().expect("a folder can be made");
    // A demo keeps no bytes but those of the house's own generator.
    let noise = folder.path().join("noise.bin");
    std::fs::write(&noise, synth::corpus::bytes(synth::corpus::LOADS.start))
        .expect("the folder can be written");
    let told = [demo.ready.to_string(), in_county(LOS_ANGELES), in_county(HENNEPIN), post::told(&noise)];
    walk("transfers/crossing.mjs", &told);
}

// PROVES: R-16 R-77
#[test]
fn a_provider_that_reported_for_an_agency_abroad_is_told_what_became_of_it_and_nothing_else() {
    let demo = Running::demo(0, &[]);
    walk("transfers/abroad.mjs", &[demo.ready.to_string(), in_county(LOS_ANGELES)]);
}
