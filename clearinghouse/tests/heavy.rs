//! The two heaviest shapes of a report, scaled down: very many files, and one file that is far larger than what the house
//! may hold. Each goes from the provider's API through the workers to its officer's package, in memory that stays flat.
//! The same in full is `cargo xtask bench heavy`.

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
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use courier::Courier;
use recipient::Recipient;
use served::{Keys, Place, Served};

/// Files of the report with many.
const FILES: usize = 1_000;
/// Clients that send them.
const CALLERS: usize = 4;
/// The large file, and how much larger than before the house may become for it.
const LARGE_BYTES: usize = 64 << 20;
const MOST_GROWTH_BYTES: u64 = 40 << 20;
/// How much larger the house may become for the package of many files than it was after one of few.
const MOST_PACKAGE_GROWTH_BYTES: u64 = 24 << 20;
/// No request is without an answer for longer.
const PATIENCE: Duration = Duration::from_secs(300);

/// A house that keeps what it is given; the bytes are noise of our own and go with the folder.
fn keeping(folder: &Path) -> (Place, Keys) {
    let rules = folder.join("rules");
    fs::create_dir_all(rules.join("retention")).unwrap();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/retention/synthetic-demo.toml");
    let schedule = fs::read_to_string(shipped).unwrap().replace("\"synthetic-demo\"", "\"hotline\"");
    fs::write(rules.join("retention/hotline.toml"), schedule).unwrap();
    let place = Place::at(&folder.join("house")).of("hotline").with("RULES_FOLDER", rules.to_str().unwrap());
    let keys = place.make();
    (place, keys)
}

/// Bytes that no compressor shortens, others for each seed.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ seed;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.flatten().take(length).collect()
}

/// What the kernel tells of a process's memory, in bytes.
fn memory(house: &Served, key: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", house.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1024
}

/// Makes the present memory the peak, and says what it is.
fn remembered(house: &Served) -> u64 {
    fs::write(format!("/proc/{}/clear_refs", house.pid()), "5").unwrap();
    memory(house, "VmRSS:")
}

/// The number of members below `files/` in a report's package.
fn files_in_package(house: &Served, keys: &Keys, report: u64) -> usize {
    let agency = Recipient::of(&house.agency(), &keys.token);
    let package = agency.get(&format!("reports/{report}/package")).bytes().unwrap();
    let archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    archive.file_names().filter(|name| name.as_ref().unwrap().starts_with("files/")).count()
}

#[test]
fn a_report_of_a_thousand_files_reaches_its_officer_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (place, keys) = keeping(folder.path());
    let house = place.serve();
    let courier = || Courier::to(&house.ispws(), &keys.provider, PATIENCE);
    let report = courier().submit().element("reportId").unwrap().to_owned();
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (courier, report) = (courier(), &report);
            scope.spawn(move || {
                for number in (caller..FILES).step_by(CALLERS) {
                    let attached = courier.upload(report, &noise(200, number as u64));
                    let file = attached.element("fileId").unwrap().to_owned();
                    assert_eq!(courier.describe(report, &file).code, 0);
                }
            });
        }
    });
    assert_eq!(courier().close("finish", &report).code, 0);
    let report: u64 = report.parse().unwrap();
    let last = BTreeMap::from([(report, noise(200, FILES as u64 - 1))]);
    let agency = Recipient::of(&house.agency(), &keys.token);
    // Faces and buffers are there before anything is measured.
    let small = noise(200, FILES as u64);
    let first = courier().file(&small, |_| true).unwrap();
    agency.has(&BTreeMap::from([(first, small)]));
    agency.is_told_of(&[report]);
    let before = remembered(&house);
    assert_eq!(files_in_package(&house, &keys, report), FILES);
    let grown = memory(&house, "VmHWM:").saturating_sub(before);
    assert!(grown < MOST_PACKAGE_GROWTH_BYTES, "the house grew by {grown} bytes");
    agency.has(&last);
}

#[test]
fn a_large_file_passes_through_a_house_that_never_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let (place, keys) = keeping(folder.path());
    let house = place.serve();
    let courier = Courier::to(&house.ispws(), &keys.provider, PATIENCE);
    let agency = Recipient::of(&house.agency(), &keys.token);
    // Threads and buffers are there before anything is measured.
    let small = noise(2 << 20, 1);
    let first = courier.file(&small, |_| true).unwrap();
    agency.has(&BTreeMap::from([(first, small)]));
    let before = remembered(&house);
    let large = noise(LARGE_BYTES, 2);
    let report = courier.file(&large, |_| true).unwrap();
    agency.has(&BTreeMap::from([(report, large)]));
    let grown = memory(&house, "VmHWM:").saturating_sub(before);
    assert!(grown < MOST_GROWTH_BYTES, "the house grew by {grown} bytes");
}
