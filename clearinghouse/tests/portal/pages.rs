//! Every page of the portal in a real browser: no violation of the accessibility rules, nothing refused by the content
//! policy, and a picture of it for the book.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::Running;

/// Enough reports for a quality card with a week in it.
const REPORTS: &str = "60";

fn tools() -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    let folder = folder.join("pages");
    assert!(folder.is_dir(), "the tools for pages are not installed: run `cargo xtask test`");
    folder
}

#[test]
fn every_page_is_sound_for_people_who_do_not_see_it() {
    let house = Running::demo(REPORTS.parse().unwrap(), &[]);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Pictures of the book are only made anew when asked for: they differ with the clock.
    let pictures =
        std::env::var_os("CLEARINGHOUSE_PICTURES").map_or_else(|| tools().join("pictures"), PathBuf::from);
    std::fs::create_dir_all(&pictures).unwrap();
    let link = |word: &str| house.ready["sign_in"][word].as_str().unwrap().to_owned();
    let ended = Command::new("node")
        .arg(here.join("tests/portal/walk.mjs"))
        .arg(tools())
        .arg(&pictures)
        .args([link("provider_admin"), link("other_provider_admin")])
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.trim_end().ends_with("ok"), "{said}");
}
