//! Days as `YYYY-MM-DD`: they sort as text, which is all that tables need.

/// Whether the text is a day of the calendar between 1970 and 9999.
pub(crate) fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return false;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    year >= 1970 && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month)
}

/// The day, in universal time, of a moment in seconds since 1970; `None` after the year 9999.
pub(crate) fn of_unix_seconds(seconds: u64) -> Option<String> {
    const LAST: u64 = 253_402_300_799;
    if seconds > LAST {
        return None;
    }
    let mut days = u32::try_from(seconds / 86_400).ok()?;
    let mut year = 1970;
    while days >= if is_leap(year) { 366 } else { 365 } {
        days -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    let mut month = 1;
    while days >= days_in(year, month) {
        days -= days_in(year, month);
        month += 1;
    }
    Some(format!("{year:04}-{month:02}-{:02}", days + 1))
}

fn is_leap(year: u32) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap(year)),
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_days_across_leap_years() {
        let days =
            [0, 951_782_400, 951_868_800, 1_709_164_800, 4_102_444_799, 253_402_300_799].map(of_unix_seconds);
        let expected = ["1970-01-01", "2000-02-29", "2000-03-01", "2024-02-29", "2099-12-31", "9999-12-31"];
        assert_eq!(days, expected.map(|day| Some(day.to_owned())));
        assert_eq!(of_unix_seconds(253_402_300_800), None);
    }

    #[test]
    fn only_real_days_are_days() {
        assert!(is_day("2024-02-29") && is_day("2026-12-31"));
        for wrong in [
            "2023-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-01",
            "26-01-01",
            "2026-01-01T",
            "2026/01/01",
            "",
        ] {
            assert!(!is_day(wrong), "{wrong}");
        }
    }
}
