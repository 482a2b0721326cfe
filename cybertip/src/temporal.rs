//! Dates and times of XML Schema: fractions of any length, years beyond four digits, hour 24, zone optional.

use domain::GivenTime;
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;

const NANO_DIGITS: usize = 9;
const MINUTES_A_DAY: i32 = 24 * 60;
/// The furthest that a zone may be from UTC, either way.
pub(super) const FURTHEST_ZONE_MINUTES: i32 = 14 * 60;

/// A date and time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    day: Day,
    minutes: i32,
    second: i8,
    nanos: i32,
    /// Minutes east of UTC, when a zone was given.
    pub(super) zone_minutes: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Day {
    year: i32,
    month: i8,
    day: i8,
}

/// Cuts a text from the front.
struct Scanner<'a>(&'a str);

impl<'a> Scanner<'a> {
    fn digits(&mut self) -> &'a str {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    fn two(&mut self) -> Option<i8> {
        let digits = self.0.get(..2).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
        self.0 = &self.0[2..];
        digits.parse().ok()
    }

    fn literal(&mut self, c: char) -> Option<()> {
        self.0 = self.0.strip_prefix(c)?;
        Some(())
    }

    fn day(&mut self) -> Option<Day> {
        let negative = self.literal('-').is_some();
        let digits = self.digits();
        if digits.len() < 4 || digits.len() > 9 || (digits.len() > 4 && digits.starts_with('0')) {
            return None;
        }
        let year: i32 = digits.parse().ok().filter(|year| *year != 0)?;
        self.literal('-')?;
        let month = self.two().filter(|month| (1..=12).contains(month))?;
        self.literal('-')?;
        let day = self.two().filter(|day| (1..=days_in(year, month)).contains(day))?;
        Some(Day { year: if negative { -year } else { year }, month, day })
    }

    /// `Z`, an offset, or nothing; and nothing after it.
    fn zone(mut self) -> Option<Option<i32>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if self.0 == "Z" {
            return Some(Some(0));
        }
        let sign = if self.literal('-').is_some() { -1 } else { self.literal('+').map(|()| 1)? };
        let hours = self.two()?;
        self.literal(':')?;
        let minutes = self.two().filter(|minutes| *minutes < 60)?;
        let total = i32::from(hours) * 60 + i32::from(minutes);
        (self.0.is_empty() && total <= FURTHEST_ZONE_MINUTES).then_some(Some(sign * total))
    }
}

fn days_in(year: i32, month: i8) -> i8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i8::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether `text` is an `xs:date`.
pub(super) fn is_date(text: &str) -> bool {
    let mut scanner = Scanner(text);
    scanner.day().is_some() && scanner.zone().is_some()
}

/// Reads an `xs:dateTime`. `leap_second` lets second 60 in, which the schema's validator refuses.
pub(super) fn parse(text: &str, leap_second: bool) -> Option<Moment> {
    let mut scanner = Scanner(text);
    let day = scanner.day()?;
    scanner.literal('T')?;
    let hour = scanner.two().filter(|hour| *hour <= 24)?;
    scanner.literal(':')?;
    let minute = scanner.two().filter(|minute| *minute < 60)?;
    scanner.literal(':')?;
    let second = scanner.two().filter(|second| *second < 60 + i8::from(leap_second))?;
    let nanos = fraction(&mut scanner)?;
    if hour == 24 && (minute, second, nanos) != (0, 0, 0) {
        return None;
    }
    let minutes = i32::from(hour) * 60 + i32::from(minute);
    Some(Moment { day, minutes, second, nanos, zone_minutes: scanner.zone()? })
}

/// Digits behind a point; those beyond nanoseconds are dropped.
fn fraction(scanner: &mut Scanner) -> Option<i32> {
    if scanner.literal('.').is_none() {
        return Some(0);
    }
    let digits = scanner.digits();
    if digits.is_empty() {
        return None;
    }
    let padded = digits.bytes().chain(std::iter::repeat(b'0')).take(NANO_DIGITS);
    Some(padded.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

impl Moment {
    /// The instant, if the zone were so many minutes east of UTC. `None` beyond the years that a clock can hold.
    pub(super) fn instant_at(&self, zone_minutes: i32) -> Option<Timestamp> {
        let Day { year, month, day } = self.day;
        // XML Schema has no year 0: the year before 1 is -1.
        let year = i16::try_from(if year < 0 { year + 1 } else { year }).ok()?;
        let date = civil::Date::new(year, month, day).ok()?;
        let date = if self.minutes == MINUTES_A_DAY { date.tomorrow().ok()? } else { date };
        let of_day = self.minutes % MINUTES_A_DAY;
        let (hour, minute) = (i8::try_from(of_day / 60).ok()?, i8::try_from(of_day % 60).ok()?);
        let time = civil::Time::new(hour, minute, self.second.min(59), self.nanos).ok()?;
        let offset = Offset::from_seconds(zone_minutes * 60).ok()?;
        offset.to_timestamp(date.to_datetime(time)).ok()
    }
}

/// The moment as the domain keeps it: the text exactly, the instant only when a zone was said.
pub(super) fn given(text: &str) -> Option<GivenTime> {
    let moment = parse(text, true)?;
    let instant = moment.zone_minutes.and_then(|zone| moment.instant_at(zone));
    Some(GivenTime { text: text.to_owned(), instant, zone_unknown: moment.zone_minutes.is_none() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> String {
        given(text).unwrap().instant.unwrap().to_string()
    }

    #[test]
    fn fractions_of_any_length_and_every_zone_are_read() {
        assert_eq!(instant("2026-02-03T14:05:00.487321212Z"), "2026-02-03T14:05:00.487321212Z");
        assert_eq!(instant("2026-02-03T14:05:00.4873212129999-05:00"), "2026-02-03T19:05:00.487321212Z");
        assert_eq!(instant("2026-02-03T24:00:00Z"), "2026-02-04T00:00:00Z");
        assert_eq!(instant("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59Z");
        assert_eq!(instant("2026-02-03T00:00:00+14:00"), "2026-02-02T10:00:00Z");
    }

    // PROVES: R-08
    #[test]
    fn a_time_without_zone_has_no_instant() {
        let given = given("2026-02-03T14:05:00").unwrap();
        assert!(given.zone_unknown && given.instant.is_none());
    }

    #[test]
    fn what_is_not_a_time_is_not_read() {
        for text in [
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-02-03 14:05:00Z",
            "2026-02-03T14:05Z",
            "2026-02-03T24:00:01Z",
            "2026-02-03T14:60:00Z",
            "2026-02-03T14:05:00.Z",
            "2026-02-03T14:05:00+14:01",
            "2026-02-03T14:05:00z",
            "0000-01-01T00:00:00Z",
            "02026-01-01T00:00:00Z",
            "é026-01-01T00:00:00Z",
            "",
        ] {
            assert!(parse(text, true).is_none(), "{text}");
        }
        assert!(parse("2016-12-31T23:59:60Z", false).is_none());
        assert!(
            is_date("2024-02-29") && is_date("1991-05-06Z") && !is_date("2023-02-29") && !is_date("1991-5-6")
        );
    }
}
