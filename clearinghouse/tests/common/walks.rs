//! Walks through the pages in a real browser: where its tools are, and how a walk is run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo xtask test` installed, by the name of its folder.
pub fn tools(name: &str) -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    let folder = folder.join(name);
    assert!(folder.is_dir(), "{name} is not installed: run `cargo xtask test`");
    folder
}

/// Runs a walk of `tests/` with what it is told, such as addresses.
pub fn walk<Told: AsRef<OsStr>>(script: &str, told: &[Told]) {
    let tools = tools("pages");
    // Pictures of the book are only made anew when asked for: they differ with the clock.
    let pictures =
        std::env::var_os("CLEARINGHOUSE_PICTURES").map_or_else(|| tools.join("pictures"), PathBuf::from);
    std::fs::create_dir_all(&pictures).expect("a folder for pictures can be made");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let ended = Command::new("node").arg(script).arg(&tools).arg(&pictures).args(told).output();
    let ended = ended.expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.trim_end().ends_with("ok"), "{said}");
}
