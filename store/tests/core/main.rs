//! The ground of the store, on both engines: acts, keys, the ledger, the work queue, the vault.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod acts;
mod bucket;
mod columns;
mod epochs;
mod feed;
mod houses;
mod ledger;
mod migrations;
mod sequencing;
mod tampering;
mod vault;
mod witnessing;
mod work;

use domain::{Actor, Purpose, ReportId};
use store::testing::TestHouse;
use store::{Act, Event, EventKind, House, LeafId, Refusal, Result};

/// Runs an async test on a runtime of its own, as the binary has one.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

fn report(number: u64) -> ReportId {
    number.try_into().expect("a number of a test fits")
}

/// An act of the house's own workers.
async fn act<T, F>(house: &House, work: F) -> Result<T>
where
    F: FnMut(&Act<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    house.act(Actor::House, Purpose::Pipeline, "test::act", work).await
}

/// Opens a report as far as this ground knows one: it has a key and a leaf.
async fn opened(house: &House, number: u64) -> LeafId {
    let open = act(house, move |act| {
        act.new_report_key(report(number))?;
        act.note(Event::of_report(EventKind::ReportOpened, report(number)))
    });
    open.await.expect("a report opens")
}

/// One more leaf of a report.
async fn noted(house: &House, number: u64) -> LeafId {
    let note = act(house, move |act| act.note(Event::of_report(EventKind::ReportRead, report(number))));
    note.await.expect("an act notes")
}

/// Everything that waits, put in order.
async fn sequenced(house: &House) -> u64 {
    let mut size = 0;
    loop {
        let store::Sequenced { from, to } = house.book().sequence().await.expect("the sequencer runs");
        if from == to {
            return size;
        }
        size = to;
    }
}

fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> Option<Refusal> {
    answer.expect_err("it is refused").refusal()
}

/// Rows of a table that nothing else counts.
async fn count(house: &TestHouse, sql: &'static str) -> u64 {
    house
        .read("test::count", move |view| Ok(view.tx().get(sql, &database::bind! {})?))
        .await
        .expect("rows count")
}
