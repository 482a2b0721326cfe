//! Walks through the pages in a real browser: where its tools are, and how a walk is run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::served::Place;

/// Tools that walk pages, as `cargo xtask test` installs them.
fn tools() -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    let folder = folder.join("pages");
    assert!(folder.is_dir(), "the tools for pages are not installed: run `cargo xtask test`");
    folder
}

/// The same address under the host name that keys are made for.
pub fn by_name(address: &str) -> String {
    address.replace("127.0.0.1", "localhost")
}

/// A house of a hotline, with the retention schedule that it has to have.
pub fn hotline(folder: &Path) -> Place {
    let rules = folder.join("rules");
    std::fs::create_dir_all(rules.join("retention")).expect("the folder of a test can be written");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/retention/synthetic-demo.toml");
    let schedule = std::fs::read_to_string(shipped).expect("the schedule is shipped");
    let schedule = schedule.replace("\"synthetic-demo\"", "\"hotline\"");
    std::fs::write(rules.join("retention/hotline.toml"), schedule)
        .expect("the folder of a test can be written");
    let rules = rules.to_str().expect("the path of a test is text").to_owned();
    let place = Place::at(&folder.join("house")).of("hotline").with("RULES_FOLDER", rules);
    place.make();
    place
}

/// Runs a walk of `tests/` with these addresses.
pub fn walk(script: &str, addresses: &[String]) {
    let tools = tools();
    // Pictures of the book are only made anew when asked for: they differ with the clock.
    let pictures =
        std::env::var_os("CLEARINGHOUSE_PICTURES").map_or_else(|| tools.join("pictures"), PathBuf::from);
    std::fs::create_dir_all(&pictures).expect("a folder for pictures can be made");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let ended = Command::new("node").arg(script).arg(&tools).arg(&pictures).args(addresses).output();
    let ended = ended.expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.trim_end().ends_with("ok"), "{said}");
}
