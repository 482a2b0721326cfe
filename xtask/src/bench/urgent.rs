//! `urgent`: from the moment in which a finish is answered to the moment in which an agency that polls its feed has the
//! report, while reports come in at a steady rate and the same process takes them in, walks them and serves the feed.
//!
//! The house has one agency that may receive, so that the last resort brings every report into one feed. The yardstick
//! is one poll of that feed while nothing else happens: nobody who polls can know sooner.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use synth::send::Latency;
use synth::{Acknowledged, Watch};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::{Args, Outcome};
use crate::bench_house::caller::Caller;
use crate::bench_house::clock::{ms, now, since};
use crate::bench_house::feed::Feed;
use crate::bench_house::{self, BenchHouse, Wanted, load};

/// The first report of the plan that is sent, far behind those of other measurements of the same house.
const FIRST: u64 = 500_000_000;
/// Reports before the measured ones.
const WARM_UP: u64 = 200;
/// The agency asks again so long after its last question.
const BETWEEN_POLLS: Duration = Duration::from_millis(10);
/// So often a report that asks for haste comes between the others.
const BETWEEN_URGENT: Duration = Duration::from_millis(100);
/// Polls of the idle feed for the yardstick.
const IDLE_POLLS: u32 = 200;
/// What does not arrive so long after the last finish does not arrive.
const LAST_CALL: Duration = Duration::from_secs(60);

/// Measures both databases; the figure is SQLite's where it is among them.
pub fn run(args: &Args) -> Result<Outcome, Box<dyn Error>> {
    let binary = bench_house::binary(args.binary.as_deref())?;
    let scratch = args.scratch()?;
    let mut details = json!({
        "rate_per_s": args.rate, "connections": args.connections, "between_polls_ms": ms(BETWEEN_POLLS),
        "cores": std::thread::available_parallelism()?.get(),
    });
    let mut first = None;
    for engine in args.engines() {
        let (postgres, profile, folder) = (args.postgres.as_deref(), "synthetic-demo", scratch.path());
        let wanted = Wanted { engine: *engine, postgres, profile, works: true, stored: 0, folder };
        let house = BenchHouse::start(&binary, wanted)?;
        let side = best(args, &house)?;
        details[engine.as_str()] = side.described();
        details[engine.as_str()]["transactions"] = house.transactions()?;
        first.get_or_insert(side);
    }
    let side = first.ok_or("no database was asked for")?;
    let (figure, yardstick) = (ms(side.all.p99()), ms(side.idle.p50()));
    Ok(Outcome {
        name: "urgent".into(),
        figure,
        unit: "ms".into(),
        yardstick,
        ratio: figure / yardstick,
        details,
    })
}

/// What one database did in its best round.
pub(super) struct Side {
    all: Latency,
    urgent: Latency,
    idle: Latency,
    every_p99_ms: Vec<f64>,
}

impl Side {
    pub(super) fn described(&self) -> Value {
        let of = |latency: &Latency| {
            json!({ "reports": latency.count(), "p50_ms": ms(latency.p50()), "p90_ms": ms(latency.p90()),
                "p99_ms": ms(latency.p99()), "max_ms": ms(latency.max()) })
        };
        json!({ "ordinary": of(&self.all), "marked_urgent": of(&self.urgent), "idle_poll": of(&self.idle),
            "every_round_p99_ms": self.every_p99_ms })
    }
}

/// The rounds of one house, in which nothing waits; the best is the one with the lowest p99.
pub(super) fn best(args: &Args, house: &BenchHouse) -> Result<Side, Box<dyn Error>> {
    let feed = Feed::of(house)?;
    let cursor = load::runtime()?.block_on(feed.end())?;
    let mut next = round(args, house, &feed, Next { report: FIRST, cursor }, WARM_UP)?.0;
    let idle = load::runtime()?.block_on(feed.idle(next.cursor))?;
    let per_round = (args.rate * f64::from(args.seconds)) as u64;
    let (mut best, mut every) = (None::<(Latency, Latency)>, Vec::new());
    for _ in 0..args.rounds {
        let (after, all, urgent) = round(args, house, &feed, next, per_round.max(1))?;
        next = after;
        every.push(ms(all.p99()));
        if best.as_ref().is_none_or(|(known, _)| all.p99() < known.p99()) {
            best = Some((all, urgent));
        }
    }
    let (all, urgent) = best.ok_or("no round was run")?;
    Ok(Side { all, urgent, idle, every_p99_ms: every })
}

/// Where the next round goes on.
#[derive(Debug, Clone, Copy)]
struct Next {
    report: u64,
    cursor: u64,
}

/// Sends the reports at the rate, and among them some that ask for haste, while the agency polls; waits until each has
/// arrived.
fn round(
    args: &Args,
    house: &BenchHouse,
    feed: &Feed,
    from: Next,
    reports: u64,
) -> Result<(Next, Latency, Latency), Box<dyn Error>> {
    let (caller, answered) = (Caller::of(house)?, Arc::new(Answered::default()));
    let (tell, told) = watch::channel(None);
    let ending = AtomicBool::new(false);
    let range = from.report..from.report + reports;
    let (arrived, sent, hurried) = std::thread::scope(|scope| {
        let counted = Arc::clone(&answered);
        let polling = scope.spawn(|| apart(feed.arrivals(from.cursor, told, counted)));
        let hurrying = scope.spawn(|| apart(hurried(&caller, &answered, &ending)));
        let watch = Arc::clone(&answered) as Arc<dyn Watch>;
        let (base, account) = (house.ispws(), house.account());
        let sent = load::send(&base, account, range.clone(), args.connections, Some(args.rate), watch);
        ending.store(true, Ordering::Relaxed);
        let hurried = hurrying.join();
        // Only now is it known how many there are.
        tell.send_replace(Some(now()));
        (polling.join(), sent, hurried)
    });
    hurried.map_err(|_| "the thread of urgent reports panicked")??;
    sent?;
    let (arrivals, cursor) = arrived.map_err(|_| "the polling thread panicked")??;
    let (all, urgent) = answered.latencies(&arrivals)?;
    Ok((Next { report: range.end, cursor }, all, urgent))
}

/// Runs it on threads of its own. Errors cross threads as text.
fn apart<T>(work: impl Future<Output = Result<T, Box<dyn Error>>>) -> Result<T, String> {
    let runtime = load::runtime().map_err(|fault| fault.to_string())?;
    runtime.block_on(work).map_err(|fault| fault.to_string())
}

/// Files a report that asks for haste at a steady pace until the others have ended.
async fn hurried(caller: &Caller, answered: &Answered, ending: &AtomicBool) -> Result<(), Box<dyn Error>> {
    let mut pace = tokio::time::interval(BETWEEN_URGENT);
    while !ending.load(Ordering::Relaxed) {
        pace.tick().await;
        let report = caller.submit_urgent().await?;
        caller.finish(&report).await?;
        answered.add(report.parse()?, Haste::Asked);
    }
    Ok(())
}

/// Whether a report asked for haste.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Haste {
    Asked,
    NotAsked,
}

/// When each finish was answered, by report.
#[derive(Default)]
struct Answered(Mutex<HashMap<u64, (Instant, Haste)>>);

impl Watch for Answered {
    fn acknowledged(&self, report: &Acknowledged) {
        self.add(report.report.get(), Haste::NotAsked);
    }
}

impl Answered {
    fn add(&self, report: u64, haste: Haste) {
        let at = now();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(report, (at, haste));
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// How long each report took: all that did not ask for haste, and those that did.
    fn latencies(&self, arrivals: &HashMap<u64, Instant>) -> Result<(Latency, Latency), Box<dyn Error>> {
        let moments = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut all, mut urgent) = (Latency::default(), Latency::default());
        for (report, (at, haste)) in moments.iter() {
            let arrival = arrivals.get(report).ok_or("a report that was answered never arrived")?;
            // An agency may see a report before its provider has read the answer.
            let took = arrival.saturating_duration_since(*at);
            if *haste == Haste::Asked { urgent.add(took) } else { all.add(took) }
        }
        Ok((all, urgent))
    }
}

impl Feed {
    /// Polls until `told` says that the last was answered and all have arrived, for which it waits a while.
    async fn arrivals(
        &self,
        mut cursor: u64,
        told: watch::Receiver<Option<Instant>>,
        answered: Arc<Answered>,
    ) -> Result<(HashMap<u64, Instant>, u64), Box<dyn Error>> {
        let mut arrivals = HashMap::new();
        let mut pace = tokio::time::interval(BETWEEN_POLLS);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while told.borrow().is_none() || arrivals.len() < answered.count() {
            pace.tick().await;
            let (reports, next) = self.poll(cursor).await?;
            let seen = now();
            cursor = next;
            for report in reports {
                arrivals.entry(report).or_insert(seen);
            }
            if told.borrow().is_some_and(|last| since(last) > LAST_CALL) {
                return Err(format!("only {} of {} reports arrived", arrivals.len(), answered.count()).into());
            }
        }
        Ok((arrivals, cursor))
    }

    /// How long one poll takes that finds nothing.
    async fn idle(&self, cursor: u64) -> Result<Latency, Box<dyn Error>> {
        let mut latency = Latency::default();
        for _ in 0..IDLE_POLLS {
            let asked = now();
            self.poll(cursor).await?;
            latency.add(since(asked));
        }
        Ok(latency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_never_arrives_is_not_left_out_of_the_figure() {
        let answered = Answered::default();
        answered.add(7, Haste::NotAsked);
        assert!(answered.latencies(&HashMap::new()).is_err());
        answered.add(8, Haste::Asked);
        let (all, urgent) = answered.latencies(&HashMap::from([(7, now()), (8, now())])).unwrap();
        assert_eq!((all.count(), urgent.count()), (1, 1));
    }
}
