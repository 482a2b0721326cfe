//! Every page of the portal in a real browser: no violation of the accessibility rules, nothing refused by the content
//! policy, and a picture of it for the book.

use crate::common::Running;
use crate::walks::walk;

/// Enough reports for a quality card with a week in it.
const REPORTS: &str = "60";

#[test]
fn every_page_is_sound_for_people_who_do_not_see_it() {
    let house = Running::demo(REPORTS.parse().unwrap(), &[]);
    let link = |word: &str| house.ready["sign_in"][word].as_str().unwrap().to_owned();
    walk("portal/walk.mjs", &["provider_admin", "other_provider_admin"].map(link));
}
