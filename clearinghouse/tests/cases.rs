//! An agency's cases in a real browser, with the keyboard alone and with script switched off: from a report to a closed case,
//! two officers who write the same note, an outcome, and what the clearinghouse sees of all that; and the page of a report
//! with its pictures and its preservation letter.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use walks::walk;

#[test]
fn a_case_is_worked_from_report_to_closing_with_the_keyboard_alone_and_without_script() {
    let demo = Running::demo(60, &[]);
    let people = ["investigator", "commander", "small_agency", "analyst", "provider_admin"];
    let links = people.map(|word| demo.ready["sign_in"][word].as_str().expect("the demo has this person"));
    walk("cases/walk.mjs", &links);
}

#[test]
fn a_report_is_read_and_its_letter_written_with_the_keyboard_alone_and_without_script() {
    let demo = Running::demo(60, &[]);
    let people = ["investigator", "commander"];
    let links = people.map(|word| demo.ready["sign_in"][word].as_str().expect("the demo has this person"));
    walk("cases/report.mjs", &links);
}

#[test]
fn the_portal_is_used_from_both_sides_with_the_keyboard_alone_and_without_script() {
    let demo = Running::demo(60, &[]);
    let people = ["investigator", "commander", "small_agency", "analyst", "supervisor"];
    let mut told: Vec<String> = people
        .iter()
        .map(|word| demo.ready["sign_in"][word].as_str().expect("the demo has this person").to_owned())
        .collect();
    let folder = tempfile::tempdir().expect("a folder for the document");
    let paper = folder.path().join("guide.txt");
    std::fs::write(&paper, "Read the words first.\n").expect("the document is written");
    told.push(paper.to_str().expect("a path of ours is text").to_owned());
    walk("cases/portal.mjs", &told);
}
