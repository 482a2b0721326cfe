//! Moments in UTC: one spelling, and the same day of the next year.

const MICROS_OF_SECOND: i64 = 1_000_000;
const SECONDS_OF_DAY: i64 = 86_400;

/// A civil date and the microseconds into its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    micros: i64,
}

/// Microseconds since 1970 of a text such as `2026-06-01T12:00:00.000120Z`, with exactly `digits` of the second.
pub(crate) fn micros(text: &str) -> Option<i64> {
    let civil = Civil::parse(text)?;
    // Writing it again catches every other spelling and every day that there is not.
    (written(civil.micros_since_1970()) == text).then_some(civil.micros_since_1970())
}

/// The one spelling of a moment.
pub(crate) fn written(micros: i64) -> String {
    let Civil { year, month, day, micros } = Civil::of(micros);
    let (seconds, fraction) = (micros / MICROS_OF_SECOND, micros % MICROS_OF_SECOND);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z")
}

/// The same civil date and time one year later; 29 February becomes 1 March.
pub(crate) fn a_year_after(micros: i64) -> i64 {
    let mut civil = Civil::of(micros);
    civil.year += 1;
    if (civil.month, civil.day) == (2, 29) {
        (civil.month, civil.day) = (3, 1);
    }
    civil.micros_since_1970()
}

impl Civil {
    fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let fits = bytes.len() == 27 && text.is_ascii();
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = fits.then(|| Some((number(0, 4)?, number(5, 7)?, number(8, 10)?)))??;
        let (hour, minute, second, fraction) =
            (number(11, 13)?, number(14, 16)?, number(17, 19)?, number(20, 26)?);
        let seconds = hour * 3_600 + minute * 60 + second;
        Some(Self { year, month, day, micros: seconds * MICROS_OF_SECOND + fraction })
    }

    /// Days to civil dates as in the proleptic Gregorian calendar, with years that begin in March.
    fn of(micros: i64) -> Self {
        let day_micros = SECONDS_OF_DAY * MICROS_OF_SECOND;
        let days = micros.div_euclid(day_micros) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month, day, micros: micros.rem_euclid(day_micros) }
    }

    fn micros_since_1970(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let shifted = if self.month > 2 { self.month - 3 } else { self.month + 9 };
        let of_year = (153 * shifted + 2) / 5 + self.day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        days * SECONDS_OF_DAY * MICROS_OF_SECOND + self.micros
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_later_is_the_same_day_and_leap_day_becomes_the_first_of_march() {
        for (from, until) in [
            ("2024-02-28T10:00:00.000000Z", "2025-02-28T10:00:00.000000Z"),
            ("2024-02-29T10:00:00.000001Z", "2025-03-01T10:00:00.000001Z"),
            ("2027-02-28T23:59:59.999999Z", "2028-02-28T23:59:59.999999Z"),
            ("2026-12-31T00:00:00.000000Z", "2027-12-31T00:00:00.000000Z"),
            ("2035-06-30T12:34:56.789012Z", "2036-06-30T12:34:56.789012Z"),
        ] {
            assert_eq!(written(a_year_after(micros(from).unwrap())), until);
        }
    }

    #[test]
    fn a_known_moment_is_counted_right() {
        assert_eq!(micros("2026-06-01T12:00:00.000000Z"), Some(1_780_315_200_000_000));
        assert_eq!(micros("1970-01-01T00:00:00.000000Z"), Some(0));
    }

    #[test]
    fn a_day_that_there_is_not_and_another_spelling_are_refused() {
        for text in [
            "2026-02-29T12:00:00.000000Z",
            "2026-13-01T12:00:00.000000Z",
            "2026-06-01T24:00:00.000000Z",
            "2026-06-01T12:00:60.000000Z",
            "2026-06-01 12:00:00.000000Z",
            "2026-06-01T12:00:00.00000Z",
            "2026-06-01T12:00:00.000000z",
            "+026-06-01T12:00:00.000000Z",
        ] {
            assert_eq!(micros(text), None, "{text}");
        }
    }
}
