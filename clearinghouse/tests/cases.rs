//! An agency's cases in a real browser, with the keyboard alone and with script switched off: from a report to a closed case,
//! two officers who write the same note, an outcome, and what the clearinghouse sees of all that.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Running;

/// Tools that walk pages, as `cargo xtask test` installs them.
fn tools() -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    let folder = folder.join("pages");
    assert!(folder.is_dir(), "the tools for pages are not installed: run `cargo xtask test`");
    folder
}

#[test]
fn a_case_is_worked_from_report_to_closing_with_the_keyboard_alone_and_without_script() {
    let demo = Running::demo(60, &[]);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Pictures of the book are only made anew when asked for: they differ with the clock.
    let pictures =
        std::env::var_os("CLEARINGHOUSE_PICTURES").map_or_else(|| tools().join("pictures"), PathBuf::from);
    std::fs::create_dir_all(&pictures).unwrap();
    let mut walk = Command::new("node");
    walk.arg(here.join("tests/cases/walk.mjs")).arg(tools()).arg(&pictures);
    for word in ["investigator", "commander", "small_agency", "analyst", "provider_admin"] {
        walk.arg(demo.ready["sign_in"][word].as_str().expect("the demo has this person"));
    }
    let ended = walk.output().expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.trim_end().ends_with("ok"), "{said}");
}
