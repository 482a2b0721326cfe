//! The disk runs full in the middle of uploads: each request gets a documented code, the process stays up, nothing that
//! was acknowledged is lost, and once there is room again intake goes on by itself.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/courier.rs"]
mod courier;
#[path = "common/recipient.rs"]
mod recipient;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod served;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use courier::{Answer, Courier};
use recipient::Recipient;
use reqwest::StatusCode;
use reqwest::blocking::Client;
use served::Place;

/// A new house takes some 2 MB of it.
const DISK_MB: usize = 40;
/// Lies on it from the beginning, until there is room again.
const BALLAST_MB: usize = 12;
const CALLERS: usize = 3;
/// Reports that are acknowledged before anything is full.
const BEFORE: usize = 10;
/// Answers that say "not now" before the disk has been full for long enough.
const REFUSED: usize = 30;
/// Reports that are open when the disk runs full.
const OPEN: usize = 40;
/// Requests that a full disk may still take, out of what is set aside already.
const MOST_SQUEEZED: usize = 20_000;
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes the disk, says so, and keeps its namespace until the end of its input.
const KEEPER: &str =
    "mount -t tmpfs -o size=${1}m,mode=0700 clearinghouse-test \"$0\" && echo mounted && exec cat";

/// A small file system in a namespace that only its keeper and those who enter hold.
struct Disk {
    keeper: Child,
    folder: tempfile::TempDir,
    /// Whether it took a user namespace too, because this user may not mount otherwise.
    as_other: bool,
}

impl Disk {
    fn new() -> Self {
        let found = [false, true].into_iter().find_map(Self::kept);
        found.expect(
            "a small file system cannot be mounted here: the test needs `unshare` and `nsenter` of util-linux and the \
             right to make a mount namespace, as root or with unprivileged user namespaces switched on",
        )
    }

    fn kept(as_other: bool) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Command::new("unshare")
            .arg(if as_other { "-Urm" } else { "-m" })
            .args(["sh", "-c", KEEPER])
            .arg(folder.path())
            .arg(DISK_MB.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.trim() == "mounted" {
            return Some(Self { keeper, folder, as_other });
        }
        keeper.wait().unwrap();
        None
    }

    /// The words that start a program where the disk is.
    fn enter(&self) -> Vec<String> {
        let keeper = self.keeper.id().to_string();
        let mut words = vec!["nsenter", "--target", &keeper, "--mount"];
        if self.as_other {
            words.extend(["--user", "--preserve-credentials"]);
        }
        words.push("--");
        words.into_iter().map(str::to_owned).collect()
    }

    /// Where those see it who entered.
    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file on it, as everybody else may reach it.
    fn seen_outside(&self, name: &str) -> PathBuf {
        let inside = self.folder.path().strip_prefix("/").unwrap();
        PathBuf::from(format!("/proc/{}/root", self.keeper.id())).join(inside).join(name)
    }

    /// Takes so much of it.
    fn load(&self) {
        std::fs::write(self.seen_outside("ballast"), vec![0; BALLAST_MB << 20]).unwrap();
    }

    /// Takes all that is left of it.
    fn fill(&self) {
        let mut ballast = File::options().append(true).open(self.seen_outside("ballast")).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.seen_outside("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("the keeper of the disk ends with its input");
    }
}

/// Asks until the disk has no more room for it.
fn until_refused(mut ask: impl FnMut() -> Answer) -> Answer {
    for _ in 0..MOST_SQUEEZED {
        let answer = ask();
        if answer.code != 0 {
            return answer;
        }
    }
    panic!("the disk never ran full");
}

/// A report that has everything but its finish, and its file.
fn half_sent(courier: &Courier, bytes: &[u8]) -> (String, String) {
    let (opened, name) = (courier.submit(), |answer: &Answer, of| answer.element(of).unwrap().to_owned());
    let report = name(&opened, "reportId");
    let file = name(&courier.upload(&report, bytes), "fileId");
    assert_eq!(courier.describe(&report, &file).code, 0);
    (report, file)
}

fn coded(answer: &Answer, codes: &[u32]) {
    assert!(answer.is_not_now() && codes.contains(&answer.code), "expected one of {codes:?}: {answer:?}");
}

#[test]
fn everything_acknowledged_outlives_a_full_disk() {
    let disk = Disk::new();
    disk.load();
    let place = Place::at(&disk.folder().join("house")).entered_by(disk.enter());
    let keys = place.make();
    let house = place.serve();
    let courier = || Courier::to(&house.ispws(), &keys.provider, PATIENCE);
    let bytes = |n: usize| synth::corpus::bytes(synth::corpus::LOADS.start + n % synth::corpus::LOADS.len());
    let status = |path: &str| {
        Client::new().get(format!("{}{path}", house.base())).send().expect("the process answers").status()
    };

    let open: Vec<(String, String)> = (0..OPEN).map(|_| half_sent(&courier(), bytes(0))).collect();

    // Reports are sent until the disk is full; one that was refused is not given up.
    let (acknowledged, begun, refused) =
        (Mutex::new(BTreeMap::new()), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                let courier = courier();
                loop {
                    let bytes = bytes(begun.fetch_add(1, Ordering::SeqCst));
                    let filed = courier.file(bytes, |_| refused.fetch_add(1, Ordering::SeqCst) < REFUSED);
                    let Some(report) = filed else { return };
                    acknowledged.lock().unwrap().insert(report, bytes.to_vec());
                }
            });
        }
    });
    let mut acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= BEFORE, "only {} reports fitted", acknowledged.len());

    // Not a byte is left: every endpoint says so in its own words, and what needs no room still works.
    disk.fill();
    let courier = courier();
    coded(&until_refused(|| courier.submit()), &[1100]);
    let (report, file) = &open[0];
    coded(&until_refused(|| courier.upload(report, bytes(1))), &[1110, 1111]);
    coded(&courier.upload(report, &vec![0; 8 << 20]), &[1110, 1111]);
    coded(&until_refused(|| courier.describe(report, file)), &[1300]);
    let mut left = open.iter().map(|(report, _)| report);
    coded(&until_refused(|| courier.close("retract", left.next_back().unwrap())), &[1300]);
    let mut finished = Vec::new();
    let unfinished = until_refused(|| {
        finished.extend(left.next());
        courier.close("finish", finished.last().unwrap())
    });
    coded(&unfinished, &[1300]);
    assert_eq!(status("/health/live"), StatusCode::OK);
    let recipient = Recipient::of(&house.agency(), &keys.token);
    // Reading is an act and leaves a leaf: it goes on in what is set aside, or says that it is only for now.
    let read = recipient.get("feed?after=0&limit=10").status();
    assert!([StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&read), "{read}");

    // There is room again, and the same process goes on where it was.
    disk.make_room();
    assert_eq!(courier.close("finish", finished.last().unwrap()).code, 0);
    acknowledged.extend(finished.iter().map(|report| (report.parse().unwrap(), bytes(0).to_vec())));
    recipient.has(&acknowledged);

    // What lies on the disk is the whole truth: another process finds the same.
    drop(house);
    let house = place.serve();
    Recipient::of(&house.agency(), &keys.token).has(&acknowledged);
    let verdict = place.run(&["ledger", "verify", "--json"]);
    assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stdout));
}
