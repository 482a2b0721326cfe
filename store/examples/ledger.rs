//! Measures the ledger on one database, for `cargo xtask bench ledger`: appends a second from many callers and from one at a
//! time, leaves a second through the sequencer, and how long the check of everything takes for a million leaves. Prints one
//! line of JSON.
//!
//! `cargo run --release -p store --example ledger -- SECONDS [POSTGRES_URL]`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::{Actor, Purpose, ReportId};
use store::testing::{Plan, TestHouse};
use store::{Event, EventKind, House};

const CALLERS: usize = 32;

#[expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "one line for the program that asked")]
fn main() {
    let mut words = std::env::args().skip(1);
    let seconds = words.next().and_then(|word| word.parse().ok()).unwrap_or(5);
    let database = words.next().map(database::Settings::at);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let told = runtime.expect("a runtime starts").block_on(measured(Duration::from_secs(seconds), database));
    println!("{told}");
}

async fn measured(span: Duration, database: Option<database::Settings>) -> serde_json::Value {
    let house = TestHouse::of(Plan { database, ..Plan::default() }).await;
    let report = ReportId::try_from(1).expect("one is a number of a report");
    let opened = house.act(Actor::House, Purpose::Pipeline, "bench::open", move |act| {
        act.new_report_key(report)?;
        act.note(Event::of_report(EventKind::ReportOpened, report))
    });
    opened.await.expect("a report opens");
    let alone = rate(&house, report, 1, span / 2).await;
    let together = rate(&house, report, CALLERS, span).await;
    let started = now();
    let mut leaves = 0;
    loop {
        let run = house.book().sequence().await.expect("the sequencer runs");
        if run.from == run.to {
            break;
        }
        leaves += run.to - run.from;
    }
    let sequenced = leaves as f64 / started.elapsed().as_secs_f64();
    let started = now();
    let verdict = house.book().verify().await.expect("the ledger is read");
    assert_eq!(verdict.wrong, None);
    let verify_s = started.elapsed().as_secs_f64();
    serde_json::json!({
        "appends_per_s": together, "one_by_one_per_s": alone, "sequenced_per_s": sequenced, "leaves": verdict.leaves,
        "verify_s": verify_s, "verify_s_per_million": verify_s / verdict.leaves as f64 * 1e6, "callers": CALLERS,
    })
}

/// Acts of one leaf a second, everything durable.
async fn rate(house: &House, report: ReportId, callers: usize, span: Duration) -> f64 {
    let (done, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let started = now();
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let (house, done, over) = (house.clone(), Arc::clone(&done), Arc::clone(&over));
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let noted = house.act(Actor::House, Purpose::Pipeline, "bench::note", move |act| {
                        act.note(Event::of_report(EventKind::ReportRead, report))
                    });
                    noted.await.expect("an act notes");
                    done.fetch_add(1, Ordering::Relaxed);
                    if started.elapsed() >= span {
                        over.store(true, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("a caller ends");
    }
    done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64()
}
