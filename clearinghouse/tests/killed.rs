//! The house is killed between keeping something and saying so. Whoever sends it again under its key, or goes on where
//! it stopped, finds everything once.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/wire.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::Running;
use database::{Database, bind};
use wire::{Heard, Wire, basic};

const REPORT: &str = "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";

/// How often the house is killed, and how many requests of a round it may still answer.
const ROUNDS: usize = 3;
const PER_ROUND: usize = 20;
const CALLERS: usize = 4;

/// A house that keeps what it is given, with one provider.
struct Ground {
    folder: tempfile::TempDir,
    user: (String, String),
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let run = |line: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
            let output = command.args(line.split(' ')).current_dir(folder.path()).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
        };
        run("init --profile hotline --data . --json");
        let file = folder.path().join("clearinghouse.toml");
        let text = fs::read_to_string(&file).unwrap();
        let (ground, _) = text.split_once("[listen.").unwrap();
        let listener = "[listen.a]\naddress = \"127.0.0.1:0\"\nsurfaces = [\"providers\"]\n";
        fs::write(&file, format!("rules_folder = \"rules\"\n{ground}{listener}")).unwrap();
        let schedule = include_str!("../../policies/retention/synthetic-demo.toml");
        let rules = folder.path().join("rules").join("retention");
        fs::create_dir_all(&rules).unwrap();
        fs::write(rules.join("hotline.toml"), schedule.replace("\"synthetic-demo\"", "\"hotline\"")).unwrap();
        let added = run("provider add Harbor-Chat --json");
        let text = |name: &str| added[name].as_str().unwrap().to_owned();
        let user = (text("username"), text("password"));
        Self { folder, user }
    }

    fn serve(&self) -> (Running, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clearinghouse"));
        command.args(["serve", "--json", "--no-work"]).current_dir(self.folder.path());
        let house = Running::start(command);
        let url = house.ready["listeners"][0].as_str().unwrap();
        let address = url.trim_start_matches("http://").to_owned();
        (house, address)
    }

    fn head(&self, method: &str, path: &str, more: &[(&str, String)], length: usize) -> Vec<u8> {
        let mut head = format!("{method} /ispws/{path} HTTP/1.1\r\nHost: house.example\r\n");
        for (name, value) in more {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Authorization: {}\r\nContent-Length: {length}\r\n\r\n", basic(&self.user)));
        head.into_bytes()
    }

    fn submit(&self, key: usize) -> Vec<u8> {
        let more = [("Content-Type", "text/xml".to_owned()), ("Idempotency-Key", format!("\"key-{key}\""))];
        [self.head("POST", "submit", &more, REPORT.len()), REPORT.as_bytes().to_vec()].concat()
    }

    /// Rows of a table, read beside the house.
    fn count(&self, sql: &'static str) -> u64 {
        let url = format!("sqlite:{}", file_of(self.folder.path()).display());
        let database = Database::open(&database::Settings { url, ..database::Settings::default() }).unwrap();
        let counted = database.read("test::count", move |tx| tx.get(sql, &bind! {})).wait().unwrap();
        database.close();
        counted
    }
}

/// The file with the rows, wherever `init` put it.
fn file_of(folder: &Path) -> std::path::PathBuf {
    let found = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    found.into_iter().find(|path| path.extension().is_some_and(|end| end == "sqlite")).unwrap()
}

/// Sends under keys from several callers until the house is killed in the middle of it; answers how many were sent.
fn submit_and_kill(ground: &Ground, sent: &AtomicUsize) {
    let (mut house, address) = ground.serve();
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            let (address, answered) = (&address, &answered);
            scope.spawn(move || {
                let mut wire = Wire::to(address);
                loop {
                    let key = sent.fetch_add(1, Ordering::SeqCst);
                    if wire.try_ask(&ground.submit(key)).is_none() {
                        return;
                    }
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while answered.load(Ordering::SeqCst) < PER_ROUND {
            std::thread::yield_now();
        }
        house.child.kill().unwrap();
    });
}

#[test]
fn a_submit_whose_answer_was_lost_is_answered_again_and_opened_once() {
    const REPORTS: &str = "-- test::reports
        SELECT COUNT(*) FROM report";
    let ground = Ground::new();
    let sent = AtomicUsize::new(0);
    for _ in 0..ROUNDS {
        submit_and_kill(&ground, &sent);
    }
    let keys = sent.load(Ordering::SeqCst);
    let (house, address) = ground.serve();
    let mut wire = Wire::to(&address);
    let mut ask_all = || -> BTreeMap<usize, String> {
        (0..keys).map(|key| (key, wire.ask(&ground.submit(key)).element("reportId"))).collect()
    };
    let (first, again) = (ask_all(), ask_all());
    assert_eq!(first, again);
    assert_eq!(first.values().collect::<BTreeSet<_>>().len(), keys, "each key has a report of its own");
    drop(house);
    // What was opened before the kill and not answered was found again, or there would be more.
    assert_eq!(ground.count(REPORTS), keys as u64);
}

fn upload_head(ground: &Ground, report: &str, length: usize) -> Vec<u8> {
    let more = [
        ("Tus-Resumable", "1.0.0".to_owned()),
        ("Upload-Length", length.to_string()),
        (
            "Upload-Metadata",
            format!("id {},filename {}", STANDARD.encode(report), STANDARD.encode("big.bin")),
        ),
    ];
    ground.head("POST", "uploads", &more, 0)
}

fn patch_head(ground: &Ground, path: &str, offset: usize, length: usize) -> Vec<u8> {
    let more = [
        ("Tus-Resumable", "1.0.0".to_owned()),
        ("Content-Type", "application/offset+octet-stream".to_owned()),
        ("Upload-Offset", offset.to_string()),
    ];
    ground.head("PATCH", path, &more, length)
}

fn standing(ground: &Ground, wire: &mut Wire, path: &str) -> Heard {
    wire.ask(&ground.head("HEAD", path, &[("Tus-Resumable", "1.0.0".to_owned())], 0))
}

fn offset(heard: &Heard) -> usize {
    heard.header("upload-offset").unwrap_or_else(|| panic!("{heard:?}")).parse().unwrap()
}

#[test]
fn an_upload_is_gone_on_with_after_a_broken_line_and_after_a_kill() {
    let ground = Ground::new();
    let bytes: Vec<u8> = (0..60_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let (house, address) = ground.serve();
    let mut wire = Wire::to(&address);
    let report = wire.ask(&ground.submit(0)).element("reportId");
    let begun = wire.ask(&upload_head(&ground, &report, bytes.len()));
    let path = begun.header("location").unwrap().trim_start_matches("/ispws/").to_owned();

    // The line breaks: what had arrived need not be sent again.
    let mut broken = Wire::to(&address);
    broken.send(&patch_head(&ground, &path, 0, bytes.len()));
    broken.send(&bytes[..5_000_000]);
    drop(broken);
    let mut kept = 0;
    while kept == 0 {
        kept = offset(&standing(&ground, &mut wire, &path));
    }
    assert!(kept <= 5_000_000);

    // The house dies in the middle of a request: what it had taken in segments is there.
    let mut dying = Wire::to(&address);
    dying.send(&patch_head(&ground, &path, kept, bytes.len() - kept));
    dying.send(&bytes[kept..kept + 40_000_000]);
    while offset(&standing(&ground, &mut wire, &path)) < kept + 32_000_000 {
        std::thread::yield_now();
    }
    drop(house);
    let (house, address) = ground.serve();
    let mut wire = Wire::to(&address);
    let after = offset(&standing(&ground, &mut wire, &path));
    assert!(after >= kept + 32_000_000 && after <= kept + 40_000_000, "{after}");

    wire.send(&patch_head(&ground, &path, after, bytes.len() - after));
    let last = wire.ask(&bytes[after..]);
    assert_eq!((last.status, offset(&last)), (204, bytes.len()), "{last:?}");
    let sha256 = format!("sha-256=:{}:", STANDARD.encode(seal::sha256(&bytes)));
    assert!(last.header("repr-digest").unwrap().starts_with(&sha256), "{last:?}");
    let form = format!("id={report}");
    let kind = [("Content-Type", "application/x-www-form-urlencoded".to_owned())];
    let done = wire.ask(&[ground.head("POST", "finish", &kind, form.len()), form.into_bytes()].concat());
    assert!(done.body.contains(&format!("<fileId>{}</fileId>", last.header("file-id").unwrap())), "{done:?}");
    drop(house);
    // Keys of the report and of the one file; the segments' are gone, and so are their bytes.
    const KEYS: &str = "-- test::keys
        SELECT COUNT(*) FROM keystore WHERE report_id > 0";
    assert_eq!(ground.count(KEYS), 2);
    assert_eq!(large_files(ground.folder.path()), 1);
}

/// Files of the vault that are blobs of their own.
fn large_files(folder: &Path) -> usize {
    let shelves = fs::read_dir(folder.join("vault").join("files")).unwrap();
    shelves.map(|shelf| fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum()
}
