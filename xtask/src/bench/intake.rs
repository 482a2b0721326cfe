//! `intake`: submit, one upload of 100,000 bytes, fileinfo, finish, from many connections, each answered when it is
//! durable. The yardstick is the ceiling of the same HTTP stack, which reads the same requests and does nothing.
//!
//! The load generator runs on the same machine and takes its share. Rounds of the ceiling and of both databases follow
//! each other, so that a neighbour who disturbs one disturbs all; the best round of each counts, and all are told.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use synth::{Account, SendReport};

use super::{Args, Outcome};
use crate::bench_house::ceiling::Ceiling;
use crate::bench_house::clock::ms;
use crate::bench_house::{self, BenchHouse, Engine, Wanted, load, process, yardstick};

/// Reports before the first round, which fill caches and tell how many make a round.
const WARM_UP: u64 = 400;
/// A round has at least so many, however slow the machine.
const LEAST: u64 = 200;
/// How much is digested for the yardstick.
const DIGESTED_BYTES: u64 = 256 << 20;
const FILE_BYTES: f64 = 100_000.0;

/// Measures the ceiling and both databases; the figure and the ratio are SQLite's where it is among them.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn Error>> {
    let binary = bench_house::binary(args.binary.as_deref())?;
    let scratch = args.scratch()?;
    let ceiling = Ceiling::start()?;
    let anybody = Account { username: "anybody".to_owned(), password: "none".to_owned() };
    let mut top = Side::start(args, ceiling.base().to_owned(), anybody, None)?;
    let houses = houses(args, &binary, scratch.path())?;
    let mut sides = Vec::new();
    for house in &houses {
        sides.push(Side::start(args, house.ispws(), house.account().clone(), Some(house.pid()))?);
    }
    for _ in 0..args.rounds {
        top.round(args)?;
        sides.iter_mut().try_for_each(|side| side.round(args))?;
    }
    let digests = yardstick::digest_speed(synth::corpus::bytes(synth::corpus::LOADS.start), DIGESTED_BYTES);
    let flushes = yardstick::flushes_per_s(scratch.path(), Duration::from_secs(1))?;
    let mut details = json!({
        "connections": args.connections,
        "workers": args.work,
        "cores": std::thread::available_parallelism()?.get(),
        "ceiling": top.described(),
        "digests_mb_per_s": digests.described(),
        "digests_reports_per_s_on_one_core": digests.all / FILE_BYTES,
        "flushes_per_s": flushes,
    });
    for ((house, side), engine) in houses.iter().zip(&sides).zip(args.engines()) {
        details[engine.as_str()] = side.described();
        details[engine.as_str()]["ratio_to_ceiling"] = json!(side.best()?.rate / top.best()?.rate);
        details[engine.as_str()]["transactions"] = house.transactions()?;
    }
    let (figure, yardstick) =
        (sides.first().ok_or("no database was asked for")?.best()?.rate, top.best()?.rate);
    Ok(Outcome {
        name: "intake".into(),
        figure,
        unit: "reports/s".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}

fn houses(args: &Args, binary: &Path, folder: &Path) -> Result<Vec<BenchHouse>, Box<dyn Error>> {
    let start = |engine: &Engine| {
        // The load is of our own corpus, which this profile keeps.
        let (postgres, profile) = (args.postgres.as_deref(), "synthetic-demo");
        let works = args.work;
        BenchHouse::start(binary, Wanted { engine: *engine, postgres, profile, works, stored: 0, folder })
    };
    args.engines().iter().map(start).collect()
}

/// One receiver of the load.
pub(super) struct Side {
    base: String,
    account: Account,
    /// The process of a house; the ceiling is part of ours.
    pid: Option<u32>,
    next: u64,
    per_round: u64,
    rounds: Vec<Round>,
}

/// What one round came to.
pub(super) struct Round {
    pub(super) rate: f64,
    finish_p50_ms: f64,
    finish_p99_ms: f64,
    finish_max_ms: f64,
    /// Cores that were busy on average: the house, we, and the whole machine.
    house_cores: f64,
    our_cores: f64,
    machine_cores: f64,
}

impl Side {
    /// Sends the warm-up, which tells how many reports make a round of the wanted length.
    pub(super) fn start(
        args: &Args,
        base: String,
        account: Account,
        pid: Option<u32>,
    ) -> Result<Self, Box<dyn Error>> {
        let mut side = Self { base, account, pid, next: 0, per_round: 0, rounds: Vec::new() };
        let warm = side.send(args, WARM_UP)?;
        side.per_round = reports_in(f64::from(args.seconds), WARM_UP, warm.elapsed);
        Ok(side)
    }

    /// Sends one round.
    pub(super) fn round(&mut self, args: &Args) -> Result<(), Box<dyn Error>> {
        let usage = |side: &Self| -> Result<[f64; 3], Box<dyn Error>> {
            let house = side.pid.map_or(Ok(0.0), process::cpu_s)?;
            Ok([house, process::cpu_s(std::process::id())?, process::machine_s()?])
        };
        let before = usage(self)?;
        let sent = self.send(args, self.per_round)?;
        let after = usage(self)?;
        let seconds = sent.elapsed.as_secs_f64();
        let cores = |at: usize| (after[at] - before[at]) / seconds;
        self.rounds.push(Round {
            rate: sent.accepted as f64 / seconds,
            finish_p50_ms: ms(sent.finish_latency.p50()),
            finish_p99_ms: ms(sent.finish_latency.p99()),
            finish_max_ms: ms(sent.finish_latency.max()),
            house_cores: cores(0),
            our_cores: cores(1),
            machine_cores: cores(2),
        });
        Ok(())
    }

    fn send(&mut self, args: &Args, reports: u64) -> Result<SendReport, Box<dyn Error>> {
        let range = self.next..self.next + reports;
        self.next = range.end;
        load::send(&self.base, &self.account, range, args.connections, None, Arc::new(()))
    }

    /// The round with the highest rate.
    pub(super) fn best(&self) -> Result<&Round, Box<dyn Error>> {
        let best = self.rounds.iter().max_by(|one, other| one.rate.total_cmp(&other.rate));
        best.ok_or_else(|| "no round was run".into())
    }

    pub(super) fn described(&self) -> Value {
        let Ok(best) = self.best() else { return Value::Null };
        json!({
            "reports_per_s": best.rate,
            "finish_p50_ms": best.finish_p50_ms,
            "finish_p99_ms": best.finish_p99_ms,
            "finish_max_ms": best.finish_max_ms,
            "cores_house": best.house_cores,
            "cores_load_generator": best.our_cores,
            "cores_whole_machine": best.machine_cores,
            "every_round": self.rounds.iter().map(|round| round.rate).collect::<Vec<_>>(),
            "reports_in_a_round": self.per_round,
            "reports_sent": self.next,
        })
    }
}

/// How many reports fill the seconds at the speed of the warm-up.
fn reports_in(seconds: f64, warmed: u64, took: Duration) -> u64 {
    let rate = warmed as f64 / took.as_secs_f64().max(1e-3);
    // A float becomes a whole number by saturating, so that no speed is too high for it.
    ((rate * seconds) as u64).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_lasts_as_long_as_it_was_asked_to_and_is_never_empty() {
        assert_eq!(reports_in(5.0, 400, Duration::from_millis(500)), 4_000);
        assert_eq!(reports_in(1.0, 400, Duration::from_secs(60)), LEAST);
        assert_eq!(reports_in(1.0, 400, Duration::ZERO), 400_000);
    }
}
