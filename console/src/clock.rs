//! The ambient clock. It is read here and nowhere else.

use domain::Clock;
use jiff::Timestamp;

/// The system's clock, to the microsecond.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the time of day enters the house")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // The house keeps microseconds: what it writes and reads back must compare equal.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_shows_whole_microseconds() {
        assert_eq!(SystemClock.now().subsec_nanosecond() % 1_000, 0);
    }
}
