//! The provider's door in this process, on a clock that stands still: every code in both status modes, expiry to the
//! second, repeated requests, files in several requests, pace and patience.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "ispws/codes.rs"]
mod codes;
#[path = "ispws/damaged.rs"]
mod damaged;
#[path = "ispws/desk.rs"]
mod desk;
#[path = "ispws/expiry.rs"]
mod expiry;
#[path = "ispws/help.rs"]
mod help;
#[path = "ispws/pace.rs"]
mod pace;
#[path = "ispws/repeat.rs"]
mod repeat;
#[path = "ispws/resume.rs"]
mod resume;

#[path = "common/wire.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod wire;

/// Runs an async test on a runtime of its own, as the binary has one.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}
