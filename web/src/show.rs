//! How moments and sizes read on a page. One place, so that no two faces write them differently.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

/// `2026-02-03 14:05:11 UTC`.
#[must_use]
pub fn time(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A time with its machine-readable twin.
#[must_use]
pub fn moment(at: Timestamp) -> Markup {
    html! { time datetime=(at.to_string()) { (time(at)) } }
}

/// `12.3 KiB`, in the unit a person reads.
#[must_use]
pub fn size(bytes: u64) -> String {
    const STEPS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let step = STEPS.iter().find(|(unit, _)| bytes >= *unit);
    step.map_or_else(
        || format!("{bytes} bytes"),
        |(unit, name)| format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_in_the_unit_a_person_uses() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(10 << 30), "10.0 GiB");
    }
}
