//! A month of UTC. What people write about the house's own acts is kept, and let go, by the month.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::UnknownWord;

/// One month, written as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: Date,
}

impl Month {
    /// Letters of its text form.
    pub const LETTERS: usize = 7;

    /// The month that a moment is in.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        Self { first: at.to_zoned_datetime(TimeZone::UTC).date().first_of_month() }
    }

    /// Its first moment.
    #[must_use]
    pub fn begins_at(self) -> Timestamp {
        moment(self.first)
    }

    /// The first moment after it.
    #[must_use]
    pub fn ends_at(self) -> Timestamp {
        self.first.checked_add(1.month()).map_or(Timestamp::MAX, moment)
    }
}

fn moment(day: Date) -> Timestamp {
    day.to_zoned_datetime(TimeZone::UTC).map_or(Timestamp::MAX, |at| at.timestamp())
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let wrong = || UnknownWord { list: "month", word: word.to_owned() };
        let first: Date = format!("{word}-01").parse().map_err(|_| wrong())?;
        let month = Self { first };
        // One spelling: the name of a key is made of it.
        if month.to_string() == word { Ok(month) } else { Err(wrong()) }
    }
}

impl serde::Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_one_spelling_and_ends_where_the_next_begins() {
        let month = Month::of("2028-02-29T23:59:59.999999Z".parse().unwrap());
        assert_eq!(month.to_string(), "2028-02");
        assert_eq!(month.to_string().len(), Month::LETTERS);
        assert_eq!("2028-02".parse(), Ok(month));
        assert_eq!(month.begins_at(), "2028-02-01T00:00:00Z".parse().unwrap());
        assert_eq!(month.ends_at(), "2028-03-01T00:00:00Z".parse().unwrap());
        assert_eq!(Month::of(month.ends_at()).to_string(), "2028-03");
        for wrong in ["2028-2", "2028-13", "202802", "28-02", "2028-02-01", ""] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }
}
