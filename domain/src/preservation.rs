//! The provider's preservation clock (R-46, 18 USC 2258A(h)(1)).

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The instant until which the provider must preserve what it reported: the same civil date and time one year after
/// completion, in UTC; 29 February becomes 1 March, because the later instant wins.
#[must_use]
pub fn preserve_until(finished_at: Timestamp) -> Timestamp {
    let from = finished_at.to_zoned_datetime(TimeZone::UTC);
    let Ok(next) = from.checked_add(1.year()) else { return Timestamp::MAX };
    let rolled_back = next.day() != from.day();
    let next = if rolled_back { next.checked_add(1.day()).unwrap_or(next) } else { next };
    next.timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    // PROVES: R-46
    #[test]
    fn a_year_is_the_same_civil_date_and_leap_day_becomes_the_first_of_march() {
        let table = [
            ("2024-02-28T10:00:00Z", "2025-02-28T10:00:00Z"),
            ("2024-02-29T10:00:00Z", "2025-03-01T10:00:00Z"),
            ("2024-03-01T00:00:00Z", "2025-03-01T00:00:00Z"),
            ("2025-02-28T23:59:59Z", "2026-02-28T23:59:59Z"),
            ("2027-02-28T23:59:59Z", "2028-02-28T23:59:59Z"),
            ("2028-02-29T23:59:59Z", "2029-03-01T23:59:59Z"),
            ("2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z"),
            ("2032-02-29T00:00:00Z", "2033-03-01T00:00:00Z"),
            ("2035-06-30T12:00:00Z", "2036-06-30T12:00:00Z"),
        ];
        for (from, until) in table {
            let from: Timestamp = from.parse().unwrap();
            assert_eq!(preserve_until(from), until.parse::<Timestamp>().unwrap());
        }
    }
}
