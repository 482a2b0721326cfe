//! The only reading of a clock in this crate: how long a transaction took, and when a batch has waited enough.

use std::time::Instant;

#[expect(
    clippy::disallowed_methods,
    reason = "durations of transactions are measured here and decide nothing"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Whole microseconds since `start`, at most `u64::MAX`.
pub(crate) fn micros_since(start: Instant) -> u64 {
    u64::try_from(now().saturating_duration_since(start).as_micros()).unwrap_or(u64::MAX)
}
