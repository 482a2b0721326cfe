//! Clients that we did not write walk a report through the real binary. `cargo xtask test` installs them.

#[path = "common/mod.rs"]
mod common;

use std::path::PathBuf;
use std::process::Command;

use common::Running;

/// The folder in which `cargo xtask test` installed the strangers.
fn strangers() -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    assert!(folder.is_dir(), "the strangers' clients are not installed: run `cargo xtask test`");
    folder
}

fn script(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/strangers").join(name)
}

fn walks(mut client: Command) {
    let house = Running::demo(0, &[]);
    let (username, password) = house.provider(0);
    let ended = client.args([house.ispws(), username, password]).output().expect("the client starts");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(
        ended.status.success() && said.trim_end().ends_with("ok"),
        "{said}\n{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

fn python(name: &str) -> Command {
    let mut client = Command::new(strangers().join("python/bin/python"));
    client.arg(script(name));
    client
}

#[test]
fn the_python_client_files_a_report() {
    walks(python("ncmec_cybertip_walk.py"));
}

#[test]
fn the_typescript_client_files_a_report() {
    let mut client = Command::new("node");
    client.arg(script("civitai_walk.mjs")).arg(strangers().join("node"));
    walks(client);
}

#[test]
fn a_client_of_tus_sends_a_file_in_parts_and_goes_on_where_it_stopped() {
    let mut client = Command::new(strangers().join("tus/bin/python"));
    client.arg(script("tuspy_walk.py"));
    walks(client);
}

#[test]
fn a_client_that_sends_json_is_refused_and_harms_nothing() {
    walks(python("necmec_api_refused.py"));
}
