//! `upload`: one large file through `/ispws/upload`, digested, sealed and durable before it is answered. The yardstick
//! is the slowest of its three digests over as many bytes: nobody who computes all of them can be faster than that.
//!
//! The house keeps the bytes, so its profile is one that may; they are noise of our own and go with the scratch folder.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Args, Outcome};
use crate::bench_house::caller::{self, Caller, Many};
use crate::bench_house::clock::{ms, now, since};
use crate::bench_house::process::{self, Growth};
use crate::bench_house::{self, BenchHouse, Wanted, load, yardstick};

/// Uploaded before anything is measured, so that threads and buffers are there.
const WARM_UP_BYTES: u64 = 64 << 20;
/// Each of the many small files.
const SMALL_BYTES: u64 = 2_000;
const MIB: f64 = 1_048_576.0;

/// Measures one large file on both databases, which hardly matter to it, and one report of many small ones if asked to.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn Error>> {
    let binary = bench_house::binary(args.binary.as_deref())?;
    let scratch = args.scratch()?;
    let noise = caller::noise();
    let digests = yardstick::digest_speed(&noise, args.bytes);
    let mut details = json!({
        "bytes": args.bytes,
        "digests_mb_per_s": digests.described(),
        "cores": std::thread::available_parallelism()?.get(),
    });
    let mut first = None;
    for engine in args.engines() {
        // One house at a time: each file is large, and goes with its house.
        let (postgres, profile, folder) = (args.postgres.as_deref(), "hotline", scratch.path());
        let wanted = Wanted { engine: *engine, postgres, profile, works: false, stored: 0, folder };
        let large = large(args, &BenchHouse::start(&binary, wanted)?, &noise)?;
        details[engine.as_str()] = large.described();
        if args.small_files > 0 {
            let many = many(args, &BenchHouse::start(&binary, wanted)?, &noise)?;
            details[engine.as_str()]["small_files"] = many;
        }
        first.get_or_insert(large.best);
    }
    let (figure, yardstick) = (first.ok_or("no database was asked for")? / 1e6, digests.slowest() / 1e6);
    details["times_the_slowest_digest"] = json!(yardstick / figure);
    Ok(Outcome {
        name: "upload".into(),
        figure,
        unit: "MB/s".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}

/// What uploads of a large file came to.
struct Large {
    /// Bytes a second.
    best: f64,
    every: Vec<f64>,
    grown_bytes: u64,
    house_cpu_s: f64,
}

impl Large {
    fn described(&self) -> Value {
        json!({
            "mb_per_s": self.best / 1e6,
            "every_round_mb_per_s": self.every.iter().map(|rate| rate / 1e6).collect::<Vec<_>>(),
            "memory_growth_mib": self.grown_bytes as f64 / MIB,
            "cpu_s_of_the_house_in_the_last": self.house_cpu_s,
        })
    }
}

/// Uploads the file, each time into a report of its own. Memory is the most of all rounds.
fn large(args: &Args, house: &BenchHouse, noise: &Bytes) -> Result<Large, Box<dyn Error>> {
    let (caller, runtime) = (Caller::of(house)?, load::runtime()?);
    runtime.block_on(one_file(&caller, noise, WARM_UP_BYTES))?;
    let watch = Growth::begin(house.pid())?;
    let (mut every, mut house_cpu_s) = (Vec::new(), 0.0);
    for _ in 0..args.rounds {
        let before = process::cpu_s(house.pid())?;
        let took = runtime.block_on(one_file(&caller, noise, args.bytes))?;
        house_cpu_s = process::cpu_s(house.pid())? - before;
        every.push(args.bytes as f64 / took.as_secs_f64());
    }
    let best = every.iter().copied().fold(0.0, f64::max);
    Ok(Large { best, every, grown_bytes: watch.end()?, house_cpu_s })
}

/// One report with one file; how long the upload took from its first byte to its answer.
async fn one_file(caller: &Caller, noise: &Bytes, bytes: u64) -> Result<Duration, Box<dyn Error>> {
    let report = caller.submit().await?;
    let started = now();
    let file = caller.upload(&report, noise, bytes).await?;
    let took = since(started);
    caller.describe(&report, &file).await?;
    caller.finish(&report).await?;
    Ok(took)
}

/// One report with many small files, from many connections.
fn many(args: &Args, house: &BenchHouse, noise: &Bytes) -> Result<Value, Box<dyn Error>> {
    let (caller, runtime) = (Caller::of(house)?, load::runtime()?);
    runtime.block_on(one_file(&caller, noise, SMALL_BYTES))?;
    let watch = Growth::begin(house.pid())?;
    let report = runtime.block_on(caller.submit())?;
    let started = now();
    let many = Many { files: args.small_files, bytes: SMALL_BYTES, connections: args.connections };
    runtime.block_on(caller.upload_many(&report, noise, many))?;
    let taken = since(started);
    let finished = runtime.block_on(caller.finish(&report))?;
    Ok(json!({
        "files": args.small_files,
        "bytes_each": SMALL_BYTES,
        "seconds": taken.as_secs_f64(),
        "files_per_s": f64::from(args.small_files) / taken.as_secs_f64(),
        "finish_ms": ms(finished),
        "memory_growth_mib": watch.end()? as f64 / MIB,
    }))
}
