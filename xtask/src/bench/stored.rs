//! `stored`: what a house does that has been at work for years. It is filled with copies of reports that went the whole
//! way, and then intake, the way to the agency and a package are measured in it as their own benchmarks measure them in a
//! new house. The yardstick is the same intake in a new house of the same run: the ratio is what the years cost.

use std::error::Error;
use std::path::Path;

use serde_json::{Value, json};

use super::heavy::{Shape, Walker};
use super::intake::Side;
use super::{Args, Outcome, package, urgent};
use crate::bench_house::caller::{self, Many};
use crate::bench_house::feed::Feed;
use crate::bench_house::{self, BenchHouse, Engine, Wanted, load};

/// It keeps whatever it is given, which a package of noise needs.
const PROFILE: &str = "hotline";

/// Measures both databases, one after the other: each fills the disk.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn Error>> {
    let binary = bench_house::binary(args.binary.as_deref())?;
    let scratch = args.scratch()?;
    let mut details = json!({ "stored": args.reports, "cores": std::thread::available_parallelism()?.get() });
    let mut first = None;
    for engine in args.engines() {
        let started = |stored| start(args, (&binary, scratch.path()), *engine, stored);
        let new = taken(args, &started(0)?)?;
        let mut house = started(args.reports)?;
        let old = taken(args, &house)?;
        house.serve_again(true)?;
        let feed = Feed::of(&house)?;
        load::runtime()?.block_on(feed.rested())?;
        let way = urgent::best(args, &house)?;
        details[engine.as_str()] = json!({
            "intake_of_a_new_house": new.described(), "intake": old.described(), "urgent": way.described(),
            "package": taken_out(args, &house)?, "transactions": house.transactions()?,
        });
        first.get_or_insert((old.best()?.rate, new.best()?.rate));
    }
    let (figure, yardstick) = first.ok_or("no database was asked for")?;
    Ok(Outcome {
        name: "stored".into(),
        figure,
        unit: "reports/s".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}

fn start(
    args: &Args,
    (binary, folder): (&Path, &Path),
    engine: Engine,
    stored: u64,
) -> Result<BenchHouse, Box<dyn Error>> {
    let postgres = args.postgres.as_deref();
    let wanted = Wanted { engine, postgres, profile: PROFILE, works: false, stored, folder };
    BenchHouse::start(binary, wanted)
}

/// The rounds of intake in one house that does nothing else.
fn taken(args: &Args, house: &BenchHouse) -> Result<Side, Box<dyn Error>> {
    let mut side = Side::start(args, house.ispws(), house.account().clone(), Some(house.pid()))?;
    (0..args.rounds).try_for_each(|_| side.round(args))?;
    Ok(side)
}

/// A report of many files, and its package as an officer takes it.
fn taken_out(args: &Args, house: &BenchHouse) -> Result<Value, Box<dyn Error>> {
    let noise = caller::noise();
    let files = if args.small_files == 0 { package::FILES } else { args.small_files };
    let many = Many { files, bytes: package::FILE_BYTES, connections: args.connections };
    let runtime = load::runtime()?;
    let mut walker = Walker::of(house, &noise)?;
    Ok(runtime.block_on(walker.walk(Shape::Many(many)))?.described())
}
