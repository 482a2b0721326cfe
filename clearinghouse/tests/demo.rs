//! `demo`, as a newcomer meets it: every address that it prints answers, a second start keeps what was there, a signal
//! ends it in order.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
mod common;
#[path = "demo/pages.rs"]
mod pages;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::Running;
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::Value;

const REPORTS: u32 = 20;

fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().expect("a client can be made")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("it is text")
}

/// Follows a one-click link as a browser does, and answers the page that it leads to.
fn enter(client: &Client, link: &str) -> Response {
    let door = client.get(link).send().unwrap();
    assert_eq!(door.status(), StatusCode::OK, "{link}");
    let (base, secret) = link.rsplit_once('/').unwrap();
    let origin = base.trim_end_matches("/enter").rsplit_once('/').unwrap().0;
    let form = [("csrf", secret)];
    let entered = client.post(base).header("origin", origin).form(&form).send().unwrap();
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let room = entered.headers()["location"].to_str().unwrap();
    client.get(format!("{origin}{room}")).header("cookie", cookie).send().unwrap()
}

fn clearinghouse(line: &[&str], config: &Path) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(line).arg("--json").arg("--config").arg(config).output().expect("the binary runs")
}

#[test]
fn a_demo_answers_at_every_address_that_it_prints() {
    let house = Running::demo(REPORTS, &[]);
    let client = client();
    for link in house.ready["sign_in"].as_object().unwrap().values() {
        let inbox = enter(&client, text(link));
        assert_eq!(inbox.status(), StatusCode::OK, "{link}");
    }
    for n in 0..3 {
        let (username, password) = house.provider(n);
        let status = client.get(format!("{}/status", house.ispws())).basic_auth(username, Some(password));
        assert_eq!(status.send().unwrap().status(), StatusCode::OK);
    }
    for system in house.ready["agency_api"].as_array().unwrap() {
        let feed = client.get(format!("{}/feed", text(&system["base"]))).bearer_auth(text(&system["token"]));
        assert_eq!(feed.send().unwrap().status(), StatusCode::OK);
    }
    let base = house.ispws().trim_end_matches("/ispws").to_owned();
    for health in ["live", "ready"] {
        assert_eq!(client.get(format!("{base}/health/{health}")).send().unwrap().status(), StatusCode::OK);
    }
}

/// The first report in the feed of the federal default.
fn first_of_feed(house: &Running) -> Option<u64> {
    let systems = house.ready["agency_api"].as_array().unwrap();
    systems.iter().find_map(|system| {
        let feed =
            client().get(format!("{}/feed", text(&system["base"]))).bearer_auth(text(&system["token"]));
        let page: Value = feed.send().unwrap().json().unwrap();
        page["entries"][0]["report"].as_u64().filter(|_| system["agency"] == "us-fbi")
    })
}

#[test]
fn a_second_start_keeps_reports_and_secrets_and_commands_work_beside_it() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("house");
    let more = ["--data", data.to_str().unwrap()];
    let first = Running::demo(REPORTS, &more);
    let (providers, report) = (first.ready["providers"].clone(), first_of_feed(&first));
    let report = report.expect("some report has no place, and goes to the federal default");
    drop(first);

    let second = Running::demo(0, &more);
    assert_eq!(second.ready["providers"], providers);
    assert_eq!(first_of_feed(&second), Some(report));
    let config = data.join("clearinghouse.toml");
    let verified = clearinghouse(&["ledger", "verify"], &config);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let verdict: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert!(verdict["leaves"].as_u64().unwrap() > u64::from(REPORTS));

    let (out, number) = (scratch.path().join("report.zip"), report.to_string());
    let take = |agency: &str, form: &str, out: &PathBuf| {
        clearinghouse(
            &["export", &number, "--for", agency, "--as", form, "--to", out.to_str().unwrap()],
            &config,
        )
    };
    let taken = take("us-fbi", "package", &out);
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    assert!(std::fs::read(&out).unwrap().starts_with(b"PK"));
    let nowhere = scratch.path().join("nowhere.zip");
    assert_eq!(take("gb-nca", "package", &nowhere).status.code(), Some(1));
    assert!(!nowhere.exists());
    what_is_carried_by_hand_has_a_record(&config, &number, scratch.path());
    what_was_seized_is_taken_and_given_back(&config, scratch.path());
}

fn what_is_carried_by_hand_has_a_record(config: &Path, number: &str, folder: &Path) {
    let out = folder.join("stick.zip");
    let to = out.to_str().unwrap();
    let asked = ["export", number, "--for", "us-fbi", "--as", "package", "--to", to];
    let carried = ["--carrier", "J. Doe", "--medium", "USB stick, serial 4711"];
    let taken = clearinghouse(&[&asked[..], &carried[..]].concat(), config);
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    let record: Value =
        serde_json::from_slice(&std::fs::read(folder.join("stick.zip.custody.json")).unwrap()).unwrap();
    let bytes = std::fs::read(&out).unwrap();
    assert_eq!(record["sha256"], seal::hex(&seal::sha256(&bytes)));
    assert_eq!((&record["size"], &record["carrier"]), (&bytes.len().into(), &"J. Doe".into()));
    assert!(std::fs::read(folder.join("stick.zip.custody.pdf")).unwrap().starts_with(b"%PDF-"));
    // Without a medium it is wrong usage; what is there already is not written over, and nothing is left beside it.
    let alone = clearinghouse(&[&asked[..], &carried[..2]].concat(), config);
    assert_eq!(alone.status.code(), Some(2));
    assert_eq!(clearinghouse(&[&asked[..], &carried[..]].concat(), config).status.code(), Some(1));
    assert_eq!(std::fs::read(&out).unwrap(), bytes);
}

fn what_was_seized_is_taken_and_given_back(config: &Path, folder: &Path) {
    let (set, copy) = (folder.join("set.json"), folder.join("copy.json"));
    let (from, to) = (set.to_str().unwrap(), copy.to_str().unwrap());
    let document =
        serde_json::json!({ "value": [{ "MediaID": 1, "MD5": "11".repeat(16), "unknown": [1.50, "x"] }] });
    std::fs::write(&set, document.to_string()).unwrap();
    let of = ["--for", "us-fbi"];
    let added = clearinghouse(&[&["seized", "add", from, "--name", "Phone"][..], &of[..]].concat(), config);
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let added: Value = serde_json::from_slice(&added.stdout).unwrap();
    let id = added["set"].as_str().unwrap();
    let listed = clearinghouse(&[&["seized", "list"][..], &of[..]].concat(), config);
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(
        (&listed["sets"][0]["records"], &listed["sets"][0]["form"]),
        (&1.into(), &"VICS hash set".into())
    );
    let given = clearinghouse(&[&["seized", "give", id, "--to", to][..], &of[..]].concat(), config);
    assert!(given.status.success(), "{}", String::from_utf8_lossy(&given.stderr));
    assert_eq!(serde_json::from_slice::<Value>(&std::fs::read(&copy).unwrap()).unwrap(), document);
    let other = clearinghouse(&["seized", "remove", id, "--for", "gb-nca"], config);
    assert_eq!(other.status.code(), Some(1));
    assert!(clearinghouse(&[&["seized", "remove", id][..], &of[..]].concat(), config).status.success());
    std::fs::write(&set, "no digest here").unwrap();
    let refused = clearinghouse(&[&["seized", "add", from, "--name", "Phone"][..], &of[..]].concat(), config);
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn a_signal_ends_a_demo_in_order_and_takes_its_folder_away() {
    let mut house = Running::demo(0, &[]);
    let data = PathBuf::from(text(&house.ready["data"]));
    assert!(data.join("root.key").exists());
    let process = rustix::process::Pid::from_child(&house.child);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    assert!(house.child.wait().unwrap().success());
    assert!(!data.exists());
}

#[test]
fn invented_traffic_with_faults_is_answered_as_it_must_be() {
    let house = Running::demo(0, &[]);
    let (username, password) = house.provider(0);
    let send = |password: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
        command.args(["synth", "send", "--json", "--faults", "--reports", "64", "--to", &house.ispws()]);
        command.args(["--user", &username, "--password", password]).output().unwrap()
    };
    let sent = send(&password);
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let told: Value = serde_json::from_slice(&sent.stdout).unwrap();
    assert_eq!((told["failed"].as_u64(), told["surprises"].as_u64()), (Some(0), Some(0)));
    assert_eq!(send("wrong").status.code(), Some(1));
}
