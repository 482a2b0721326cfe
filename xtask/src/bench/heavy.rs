//! `heavy`: the two heaviest shapes of a report, end to end: many small files, and one huge file. From the provider's
//! API through the workers to the package that an officer downloads, in one process that serves and works. What counts
//! is that its memory stays flat; the yardstick of the package's speed is the one digest that must be computed of it.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Args, Outcome};
use crate::bench_house::caller::{self, Caller, Many};
use crate::bench_house::clock::{now, since};
use crate::bench_house::feed::Feed;
use crate::bench_house::process::{self, Growth};
use crate::bench_house::{self, BenchHouse, Wanted, load, yardstick};

/// Files of the report with many, unless another number is asked for.
const FILES: u32 = 10_000;
/// Each of them.
const FILE_BYTES: u64 = 2_000;
/// Uploaded and taken out before anything is measured, so that threads and buffers are there.
const WARM_UP_BYTES: u64 = 64 << 20;
/// A report that takes longer than this to reach its agency will not.
const PATIENCE: Duration = Duration::from_secs(600);
const BETWEEN_POLLS: Duration = Duration::from_millis(20);
/// An archive ends with this, and 18 bytes or more that say what is in it.
const END_OF_ARCHIVE: &[u8] = b"PK\x05\x06";
/// Where in them the number of entries is.
const ENTRIES_AT: usize = 10;
/// The end of an archive is looked for in so much.
const TAIL_BYTES: usize = 1 << 10;
const MIB: f64 = 1_048_576.0;

/// Measures both shapes on both databases.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn Error>> {
    let binary = bench_house::binary(args.binary.as_deref())?;
    let scratch = args.scratch()?;
    let noise = caller::noise();
    let yardstick = yardstick::digest_speed(&noise, args.bytes.min(1 << 30)).sha256 / 1e6;
    let files = if args.small_files == 0 { FILES } else { args.small_files };
    let many = Many { files, bytes: FILE_BYTES, connections: args.connections };
    let mut details = json!({ "cores": std::thread::available_parallelism()?.get() });
    let mut first = None;
    for engine in args.engines() {
        let (postgres, profile, folder) = (args.postgres.as_deref(), "hotline", scratch.path());
        let wanted = Wanted { engine: *engine, postgres, profile, works: true, stored: 0, folder };
        let house = BenchHouse::start(&binary, wanted)?;
        let runtime = load::runtime()?;
        let mut walker = Walker::of(&house, &noise)?;
        runtime.block_on(walker.walk(Shape::One(WARM_UP_BYTES)))?;
        let of_many = runtime.block_on(walker.walk(Shape::Many(many)))?;
        let of_one = runtime.block_on(walker.walk(Shape::One(args.bytes)))?;
        details[engine.as_str()] =
            json!({ "many_files": of_many.described(), "one_huge_file": of_one.described() });
        first.get_or_insert(of_one.package_rate());
    }
    let figure = first.ok_or("no database was asked for")? / 1e6;
    Ok(Outcome {
        name: "heavy".into(),
        figure,
        unit: "MB/s".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}

/// What a report is made of.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// So many alike.
    Many(Many),
    /// One of so many bytes.
    One(u64),
}

impl Shape {
    const fn files(self) -> u32 {
        match self {
            Self::Many(many) => many.files,
            Self::One(_) => 1,
        }
    }

    fn bytes(self) -> u64 {
        match self {
            Self::Many(many) => u64::from(many.files) * many.bytes,
            Self::One(bytes) => bytes,
        }
    }
}

/// Provider and agency of one house.
pub(super) struct Walker<'a> {
    pid: u32,
    caller: Caller,
    feed: Feed,
    noise: &'a Bytes,
    cursor: u64,
    /// The newest report, and what it is made of.
    last: Option<(String, Shape)>,
}

/// What one report came to.
pub(super) struct Walked {
    shape: Shape,
    upload: Duration,
    finish: Duration,
    delivery: Duration,
    package: Duration,
    package_bytes: u64,
    /// Growth while it arrived and was worked on, and while it was taken out.
    grown: [u64; 2],
    cpu_s: f64,
}

impl Walked {
    /// Bytes a second in which its package left.
    pub(super) fn package_rate(&self) -> f64 {
        self.package_bytes as f64 / self.package.as_secs_f64()
    }

    pub(super) fn described(&self) -> Value {
        let rate = |bytes: u64, took: Duration| bytes as f64 / 1e6 / took.as_secs_f64();
        json!({
            "files": self.shape.files(),
            "bytes": self.shape.bytes(),
            "upload_s": self.upload.as_secs_f64(),
            "upload_mb_per_s": rate(self.shape.bytes(), self.upload),
            "finish_s": self.finish.as_secs_f64(),
            "finish_to_feed_s": self.delivery.as_secs_f64(),
            "package_s": self.package.as_secs_f64(),
            "package_bytes": self.package_bytes,
            "package_mb_per_s": rate(self.package_bytes, self.package),
            "memory_growth_until_delivered_mib": self.grown[0] as f64 / MIB,
            "memory_growth_of_the_package_mib": self.grown[1] as f64 / MIB,
            "cpu_s_of_the_house": self.cpu_s,
        })
    }
}

impl<'a> Walker<'a> {
    pub(super) fn of(house: &BenchHouse, noise: &'a Bytes) -> Result<Self, Box<dyn Error>> {
        let (caller, feed) = (Caller::of(house)?, Feed::of(house)?);
        Ok(Self { pid: house.pid(), caller, feed, noise, cursor: 0, last: None })
    }

    pub(super) async fn walk(&mut self, shape: Shape) -> Result<Walked, Box<dyn Error>> {
        let before_s = process::cpu_s(self.pid)?;
        let watch = Growth::begin(self.pid)?;
        let report = self.caller.submit().await?;
        let started = now();
        match shape {
            Shape::Many(many) => self.caller.upload_many(&report, self.noise, many).await?,
            Shape::One(bytes) => {
                let file = self.caller.upload(&report, self.noise, bytes).await?;
                self.caller.describe(&report, &file).await?;
            }
        }
        let upload = since(started);
        let finish = self.caller.finish(&report).await?;
        let finished = now();
        self.delivered(report.parse()?).await?;
        let delivery = since(finished);
        let until_delivered = watch.end()?;
        let watch = Growth::begin(self.pid)?;
        let asked = now();
        let package_bytes = self.take(&report, shape).await?;
        let package = since(asked);
        let grown = [until_delivered, watch.end()?];
        let cpu_s = process::cpu_s(self.pid)? - before_s;
        self.last = Some((report, shape));
        Ok(Walked { shape, upload, finish, delivery, package, package_bytes, grown, cpu_s })
    }

    /// Takes the package of the newest report once more, and answers in how many bytes a second it left.
    pub(super) async fn take_again(&self) -> Result<f64, Box<dyn Error>> {
        let (report, shape) = self.last.as_ref().ok_or("there is no report")?;
        let asked = now();
        let bytes = self.take(report, *shape).await?;
        Ok(bytes as f64 / since(asked).as_secs_f64())
    }

    /// Waits until the agency's feed names the report.
    async fn delivered(&mut self, report: u64) -> Result<(), Box<dyn Error>> {
        let (started, mut pace) = (now(), tokio::time::interval(BETWEEN_POLLS));
        while since(started) < PATIENCE {
            pace.tick().await;
            let (reports, next) = self.feed.poll(self.cursor).await?;
            self.cursor = next;
            if reports.contains(&report) {
                return Ok(());
            }
        }
        Err("the report did not reach its agency".into())
    }

    /// Downloads the package, whole, and answers its length. It must hold every file and have an end.
    async fn take(&self, report: &str, shape: Shape) -> Result<u64, Box<dyn Error>> {
        let mut answer = self.feed.package(report).await?;
        let (mut total, mut tail) = (0, Vec::new());
        while let Some(piece) = answer.chunk().await? {
            total += piece.len() as u64;
            tail.extend_from_slice(&piece[piece.len().saturating_sub(TAIL_BYTES)..]);
            tail.drain(..tail.len().saturating_sub(TAIL_BYTES));
        }
        let entries = entries(&tail).ok_or("the package has no end")?;
        if u32::from(entries) < shape.files() || total < shape.bytes() {
            return Err(format!("the package holds {entries} entries in {total} bytes").into());
        }
        Ok(total)
    }
}

/// How many entries the end of an archive says that it has.
fn entries(tail: &[u8]) -> Option<u16> {
    let at = tail.windows(END_OF_ARCHIVE.len()).rposition(|found| found == END_OF_ARCHIVE)?;
    let number = tail.get(at + ENTRIES_AT..at + ENTRIES_AT + 2)?;
    Some(u16::from_le_bytes([number[0], number[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_without_its_end_is_noticed() {
        let mut tail = b"....PK\x05\x06\0\0\0\0\x10\x27\x10\x27".to_vec();
        assert_eq!(entries(&tail), Some(10_000));
        tail.truncate(8);
        assert_eq!(entries(&tail), None);
        assert_eq!(entries(b"PK\x01\x02"), None);
    }
}
