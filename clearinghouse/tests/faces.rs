//! Every page of every face in a real browser, as everybody who may see it.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Running;

/// Enough for every inbox to have something.
const REPORTS: u32 = 40;

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
fn every_page_of_every_face_is_whole_for_everybody_who_may_see_it() {
    let house = Running::demo(REPORTS, &[]);
    // Pictures are only kept when asked for: they differ with the clock.
    let pictures =
        std::env::var_os("CLEARINGHOUSE_PICTURES").map_or_else(|| tools().join("pictures"), PathBuf::from);
    std::fs::create_dir_all(&pictures).unwrap();
    let ended = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faces/walk.mjs"))
        .arg(tools())
        .arg(&pictures)
        .arg(house.ready["sign_in"].to_string())
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.trim_end().ends_with("ok"), "{said}");
}
