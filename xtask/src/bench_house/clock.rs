//! The clock of benchmarks: measuring elapsed time is what they do.

use std::time::{Duration, Instant};

/// This moment.
#[expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]
pub fn now() -> Instant {
    Instant::now()
}

/// How long ago that moment was.
pub fn since(moment: Instant) -> Duration {
    now().saturating_duration_since(moment)
}

/// Milliseconds, for figures.
pub fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}
