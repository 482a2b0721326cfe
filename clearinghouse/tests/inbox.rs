//! An agency's inbox in a real browser, with the keyboard alone, first without script and then with it: filters, a saved view,
//! many reports changed together and put back, two officers who change the same report, units and rules, what is late, and the
//! hand-over.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/walks.rs"]
mod walks;

use common::Running;
use walks::walk;

#[test]
fn an_inbox_is_worked_with_the_keyboard_alone_with_and_without_script() {
    let demo = Running::demo(60, &[]);
    let people = ["commander", "investigator", "small_agency"];
    let links = people.map(|word| demo.ready["sign_in"][word].as_str().expect("the demo has this person"));
    walk("inbox/walk.mjs", &links);
}
