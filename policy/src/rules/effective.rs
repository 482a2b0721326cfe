//! From when until when a rule or a recipient counts.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A span of whole days in UTC. Both ends may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Effective {
    /// The first day on which it counts.
    pub from: Option<Date>,
    /// The first day on which it no longer counts.
    pub to: Option<Date>,
}

impl Effective {
    /// Whether it counts at that instant.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        let day = at.to_zoned_datetime(TimeZone::UTC).date();
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// Whether some day belongs to both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let starts_before_end = |start: Option<Date>, end: Option<Date>| match (start, end) {
            (Some(start), Some(end)) => start < end,
            _ => true,
        };
        starts_before_end(self.from, other.to) && starts_before_end(other.from, self.to)
    }

    /// Whether any day at all belongs to it.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        !matches!((self.from, self.to), (Some(from), Some(to)) if to <= from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> Effective {
        let day = |text: &str| if text.is_empty() { None } else { Some(text.parse().unwrap()) };
        Effective { from: day(from), to: day(to) }
    }

    #[test]
    fn the_first_day_counts_and_the_last_named_day_does_not() {
        let year = span("2026-01-01", "2027-01-01");
        let holds = |at: &str| year.holds(at.parse().unwrap());
        assert!(!holds("2025-12-31T23:59:59Z"));
        assert!(holds("2026-01-01T00:00:00Z"));
        assert!(holds("2026-12-31T23:59:59Z"));
        assert!(!holds("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn spans_that_only_touch_do_not_overlap() {
        assert!(!span("", "2026-01-01").overlaps(&span("2026-01-01", "")));
        assert!(span("", "2026-01-02").overlaps(&span("2026-01-01", "")));
        assert!(span("", "").overlaps(&span("2026-01-01", "2026-01-02")));
    }
}
