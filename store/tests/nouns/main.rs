//! The nouns of the store, on both engines: reports and their files, deliveries, inboxes, selectors, people.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod accounts;
mod affiliations;
mod approvals;
mod canaries;
mod deliveries;
mod desk;
mod documents;
mod grounds;
mod houses_gate;
mod journey;
mod lifecycle;
mod people;
mod plans;
mod providers;
mod quality;
mod reach;
mod readings;
mod related;
mod repeated;
mod sandboxed;
mod sender_profile;
mod sources;
mod standing;
mod statements;
mod transfers;
mod vendors;
mod words;

/// Runs an async test on a runtime of its own, as the binary has one.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

fn refusal<T: std::fmt::Debug>(answer: store::Result<T>) -> Option<store::Refusal> {
    answer.expect_err("it is refused").refusal()
}
