//! `package`: how fast an officer's package leaves, and that the house grows no more for many files than for few. The
//! yardstick is the one digest that must be computed of every byte.

use std::error::Error;

use serde_json::json;

use super::heavy::{Shape, Walker};
use super::{Args, Outcome};
use crate::bench_house::caller::{self, Many};
use crate::bench_house::{self, BenchHouse, Wanted, load, yardstick};

/// Files of the report, unless another number is asked for.
pub(super) const FILES: u32 = 1_000;
/// Each of them.
pub(super) const FILE_BYTES: u64 = 300_000;
/// A report of so many times fewer files is taken before it, to compare what the house grew by.
const FEWER: u32 = 10;

/// Measures both databases.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn Error>> {
    let binary = bench_house::binary(args.binary.as_deref())?;
    let scratch = args.scratch()?;
    let noise = caller::noise();
    let files = if args.small_files == 0 { FILES } else { args.small_files };
    let bytes = u64::from(files) * FILE_BYTES;
    let yardstick = yardstick::digest_speed(&noise, bytes).sha256 / 1e6;
    let of = |files| Shape::Many(Many { files, bytes: FILE_BYTES, connections: args.connections });
    let mut details = json!({ "cores": std::thread::available_parallelism()?.get(), "rounds": args.rounds });
    let mut first = None;
    for engine in args.engines() {
        let (postgres, profile, folder) = (args.postgres.as_deref(), "hotline", scratch.path());
        let wanted = Wanted { engine: *engine, postgres, profile, works: true, stored: 0, folder };
        let house = BenchHouse::start(&binary, wanted)?;
        let runtime = load::runtime()?;
        let mut walker = Walker::of(&house, &noise)?;
        let few = runtime.block_on(walker.walk(of((files / FEWER).max(1))))?;
        let many = runtime.block_on(walker.walk(of(files)))?;
        let mut best = many.package_rate();
        for _ in 1..args.rounds {
            best = best.max(runtime.block_on(walker.take_again())?);
        }
        details[engine.as_str()] = json!({ "best_mb_per_s": best / 1e6, "few_files": few.described(), "many_files": many.described() });
        first.get_or_insert(best);
    }
    let figure = first.ok_or("no database was asked for")? / 1e6;
    Ok(Outcome {
        name: "package".into(),
        figure,
        unit: "MB/s".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}
