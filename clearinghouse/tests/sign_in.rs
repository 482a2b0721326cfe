//! Keys, in a real browser with its virtual authenticators: enrolled, used, removed, forged, replayed, refused. The first
//! house is one that an operator made with `init`, under a profile that is no demo.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod served;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Running;
use served::Place;

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
fn by_name(address: &str) -> String {
    address.replace("127.0.0.1", "localhost")
}

// PROVES: R-69 R-70 R-72
#[test]
fn people_sign_in_with_keys_and_with_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    std::fs::create_dir_all(rules.join("retention")).unwrap();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/retention/synthetic-demo.toml");
    let schedule = std::fs::read_to_string(shipped).unwrap().replace("\"synthetic-demo\"", "\"hotline\"");
    std::fs::write(rules.join("retention/hotline.toml"), schedule).unwrap();
    let house = folder.path().join("house");
    let place = Place::at(&house).of("hotline").with("RULES_FOLDER", rules.to_str().unwrap());
    place.make();
    let serving = place.serve();
    let site = by_name(serving.base());
    let words = ["provider", "invite", "harbor-chat", "--name", "Morgan Example", "--site", &site, "--json"];
    let invited = place.run(&words);
    assert!(invited.status.success(), "{}", String::from_utf8_lossy(&invited.stderr));
    let invited: serde_json::Value = serde_json::from_slice(&invited.stdout).unwrap();
    let demo = Running::demo(0, &[]);

    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Pictures of the book are only made anew when asked for: they differ with the clock.
    let pictures =
        std::env::var_os("CLEARINGHOUSE_PICTURES").map_or_else(|| tools().join("pictures"), PathBuf::from);
    std::fs::create_dir_all(&pictures).unwrap();
    let ended = Command::new("node")
        .arg(here.join("tests/sign_in/walk.mjs"))
        .arg(tools())
        .arg(&pictures)
        .arg(invited["enrol"].as_str().unwrap())
        .arg(by_name(demo.ready["sign_in"]["commander"].as_str().unwrap()))
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.trim_end().ends_with("ok"), "{said}");
}
