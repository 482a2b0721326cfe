//! How much larger a process becomes while it makes each document of a package, and the package.
//!
//! `weigh FILES [BYTES]` prints a line for each, for a report of so many files: what it grew by at its largest, its length and
//! how long it took. On SQLite and files, in the system's temporary folder or `TMPDIR`; on Linux.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails says where")]
#![expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]

use std::io::Write as _;
use std::time::Instant;

use pipeline::package::{self, Download};
use store::testing::TestHouse;

use available::available;
use furniture::furnished;

#[path = "furniture/available.rs"]
mod available;
mod furniture;

fn main() {
    let mut words = std::env::args().skip(1);
    let files = words.next().and_then(|files| files.parse().ok()).unwrap_or(10_000);
    let bytes = words.next().and_then(|bytes| bytes.parse().ok()).unwrap_or(2_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(weighed(files, bytes));
}

async fn weighed(files: u32, bytes: usize) {
    let house = TestHouse::at_noon().await;
    let login = furnished(&house).await;
    // So that threads, buffers and fonts are there before anything is weighed.
    let (small, viewer) = available(&house, &login, 300, bytes).await;
    drained(package::take(&house, &viewer, small).await.unwrap()).await;
    let (number, viewer) = available(&house, &login, files, bytes).await;
    for export in pipeline::exports::ALL {
        let started = Started::now();
        let taken = package::document(&house, &viewer, number, export).await.unwrap();
        started.told(export.name, drained(taken).await);
    }
    let started = Started::now();
    let taken = package::take(&house, &viewer, number).await.unwrap();
    started.told("package", drained(taken).await);
}

async fn drained(mut download: Download) -> usize {
    let mut length = 0;
    while let Some(piece) = download.next().await.unwrap() {
        length += piece.len();
    }
    length
}

struct Started {
    at: Instant,
    bytes: u64,
}

impl Started {
    /// Makes the present memory the peak.
    fn now() -> Self {
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        Self { at: Instant::now(), bytes: kib("VmRSS:") }
    }

    fn told(&self, name: &str, length: usize) {
        let grown = kib("VmHWM:").saturating_sub(self.bytes);
        let took = self.at.elapsed().as_secs_f64();
        let line = format!("{name:<20} grew {grown:>7} KiB  wrote {length:>10} bytes in {took:>6.2} s\n");
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    }
}

fn kib(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
