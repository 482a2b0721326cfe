//! Every page of the portal in a real browser: no violation of the accessibility rules, nothing refused by the content
//! policy, and a picture of it for the book.

use std::path::Path;
use std::process::Command;

use crate::browser::Browser;
use crate::common::Running;
use crate::rooms::handed_in;
use crate::walks::walk;

/// Enough reports for a quality card with a week in it.
const REPORTS: &str = "60";

/// A profile that the clearinghouse sent back, with what must be mended.
fn sent_back(house: &Running) {
    let version = handed_in(&Browser::enter(house, "other_provider_admin"));
    let (provider, _) = house.provider(1);
    let settings = Path::new(house.ready["data"].as_str().unwrap()).join("clearinghouse.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(["provider", "profile", "return", &provider, &version, "--config"]).arg(settings);
    command.args(["--comment", "Say which moment the incident time is.\nAnd how long a log is kept."]);
    let told = command.output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
}

#[test]
fn every_page_is_sound_for_people_who_do_not_see_it() {
    let house = Running::demo(REPORTS.parse().unwrap(), &[]);
    sent_back(&house);
    let link = |word: &str| house.ready["sign_in"][word].as_str().unwrap().to_owned();
    walk("portal/walk.mjs", &["provider_admin", "other_provider_admin"].map(link));
}
