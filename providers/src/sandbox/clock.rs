//! A clock that can be moved on: the time of day plus what the sender asked for, so that a test need not wait a day to
//! see a report expire.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::Clock;
use jiff::{SignedDuration, Timestamp};

/// How far ahead a clock may be in all: longer than any period of retention.
const MOST_AHEAD: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

/// The clock of one sender's house. It only ever moves forward, as the ledger does.
pub struct SimulatedClock {
    real: Arc<dyn Clock>,
    ahead_secs: AtomicI64,
}

impl SimulatedClock {
    /// A clock that still shows the real time.
    #[must_use]
    pub fn over(real: Arc<dyn Clock>) -> Self {
        Self { real, ahead_secs: AtomicI64::new(0) }
    }

    /// How far it is ahead of the real time.
    #[must_use]
    pub fn ahead(&self) -> SignedDuration {
        SignedDuration::from_secs(self.ahead_secs.load(Ordering::SeqCst))
    }

    /// Moves it on. Answers false, and moves nothing, when it would be ten years ahead.
    pub(super) fn advance(&self, by: Step) -> bool {
        let moved = self.ahead_secs.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| {
            ahead.checked_add(by.0).filter(|ahead| *ahead <= MOST_AHEAD.as_secs())
        });
        moved.is_ok()
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.real.now().checked_add(self.ahead()).unwrap_or(Timestamp::MAX)
    }
}

/// By how many seconds a clock is moved: `+25h`, in `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(i64);

impl FromStr for Step {
    type Err = &'static str;

    /// A form turns `+` into a blank, so the sign may be missing.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "the clock moves forward by a whole number of s, m, h or d, such as +25h";
        let text = text.trim().trim_start_matches('+');
        let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(WRONG)?;
        let secs = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(WRONG),
        };
        let number: u32 = number.parse().map_err(|_| WRONG)?;
        Ok(Self(i64::from(number) * secs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::FrozenClock;

    #[test]
    fn a_clock_only_moves_forward_and_not_without_end() {
        let noon: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
        let clock = SimulatedClock::over(Arc::new(FrozenClock::at(noon)));
        assert!(clock.advance("+25h".parse().unwrap()) && clock.advance(" 30m".parse().unwrap()));
        assert_eq!(clock.now(), "2026-06-02T13:30:00Z".parse().unwrap());
        assert!(!clock.advance("3660d".parse().unwrap()));
        assert_eq!(clock.ahead(), SignedDuration::from_mins(25 * 60 + 30));
        for wrong in ["-1h", "", "h", "1", "1w", "+é", "1.5h", "99999999999s"] {
            assert!(wrong.parse::<Step>().is_err(), "{wrong}");
        }
    }
}
