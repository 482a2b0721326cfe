//! How much was refused, day by day: the first thing that a weekly review looks at.

use domain::Purpose;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use policy::Viewer;
use store::{Event, EventKind, House};

use crate::{Trouble, may};

/// Days that are counted, today included.
pub const CHART_DAYS: i64 = 14;
const SECONDS_OF_DAY: i64 = 86_400;

/// How much was refused on a day (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub day: Date,
    /// Refusals, those that were only counted included.
    pub refusals: u64,
}

/// The last days, the oldest first, those without a refusal too.
///
/// # Errors
/// A denial, or a fault.
pub async fn refusals(house: &House, viewer: &Viewer) -> Result<Vec<Day>, Trouble> {
    may(viewer)?;
    let noted = house.act(viewer.actor.clone(), Purpose::Administration, "audit::refusals", |act| {
        act.note(Event::of_house(EventKind::LedgerRead).to("refusals by day"))
    });
    noted.await?;
    let today = house.now().as_second().div_euclid(SECONDS_OF_DAY);
    let first = today - (CHART_DAYS - 1);
    let since = house.now().saturating_sub(SignedDuration::from_secs(
        house.now().as_second() - first.saturating_mul(SECONDS_OF_DAY),
    ));
    let since = since.unwrap_or(Timestamp::MIN);
    let reader = house.clone();
    let counts = house.read("audit::refusals", move |view| reader.book().refusals(view, since)).await?;
    let date = |day: i64| {
        let at = Timestamp::from_second(day.saturating_mul(SECONDS_OF_DAY)).unwrap_or(Timestamp::MIN);
        at.to_zoned_datetime(TimeZone::UTC).date()
    };
    Ok((first..=today)
        .map(|day| Day { day: date(day), refusals: counts.get(&day).copied().unwrap_or_default() })
        .collect())
}
