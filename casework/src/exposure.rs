//! What each person was shown, counted for that person alone and by class. Who looked at which file stands elsewhere; this is
//! what somebody sees before they look again.

use database::{FromRow, Row, bind};
use domain::Id as _;
use domain::portal::MediaClass;
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::ViewMedia;
use store::media::Manner;

use crate::{Act, Result, View, column, person};

const INSERT: &str = "-- exposure::insert
    INSERT INTO exposure (id, person_id, shown_at, manner, class) VALUES (:id, :person, :now, :manner, :class)";

const COUNTS: &str = "-- exposure::counts
    SELECT class, manner, COUNT(*) AS week, COUNT(CASE WHEN shown_at > :since_day THEN 1 END) AS day,
        MAX(shown_at) AS last_at
    FROM exposure WHERE person_id = :person AND shown_at > :since_week GROUP BY class, manner";

/// A day and a week, counted back from now: a night shift is one shift.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Seven of them.
pub const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How often somebody was shown files of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Of which class, as their senders said.
    pub class: MediaClass,
    /// Clear, within a day.
    pub clear_day: u64,
    /// Clear, within a week.
    pub clear_week: u64,
    /// Grey and blurred, within a day.
    pub grey_day: u64,
    /// Grey and blurred, within a week.
    pub grey_week: u64,
}

/// What somebody was shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exposure {
    /// By class; classes of which nothing was shown are left out.
    pub counts: Vec<Count>,
    /// When they were last shown something, within the week.
    pub last_at: Option<Timestamp>,
}

impl Exposure {
    /// Clear looks within a day, at files of this class or at all.
    #[must_use]
    pub fn day(&self, class: Option<MediaClass>) -> u64 {
        self.of(class).map(|count| count.clear_day).sum()
    }

    /// Clear looks within a week.
    #[must_use]
    pub fn week(&self, class: Option<MediaClass>) -> u64 {
        self.of(class).map(|count| count.clear_week).sum()
    }

    fn of(&self, class: Option<MediaClass>) -> impl Iterator<Item = &Count> {
        self.counts.iter().filter(move |count| class.is_none_or(|class| count.class == class))
    }
}

/// Counts a picture that is served in the same act, under the id of the view, which the act's leaf names.
///
/// # Errors
/// A fault of the database.
pub fn add(
    act: &Act<'_>,
    permit: &Permit<ViewMedia>,
    view: &str,
    (manner, class): (Manner, MediaClass),
) -> Result<()> {
    let row = bind! {
        id: view, person: person(permit)?.as_str(), now: column::micros(act.now()),
        manner: manner.as_str(), class: class.as_str(),
    };
    act.tx().execute(INSERT, &row)?;
    Ok(())
}

/// What the permit's person was shown. Nobody else is told.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, permit: &Permit<ViewMedia>) -> Result<Exposure> {
    let since = |span: SignedDuration| view.now().checked_sub(span).unwrap_or(Timestamp::MIN);
    let asked = bind! {
        person: person(permit)?.as_str(), since_day: column::micros(since(DAY)),
        since_week: column::micros(since(WEEK)),
    };
    let mut exposure = Exposure::default();
    for shown in view.tx().rows::<Shown>(COUNTS, &asked)? {
        exposure.last_at = exposure.last_at.max(Some(shown.last_at));
        let place = exposure.counts.iter().position(|count| count.class == shown.class);
        let place = place.unwrap_or_else(|| {
            let none = Count { class: shown.class, clear_day: 0, clear_week: 0, grey_day: 0, grey_week: 0 };
            exposure.counts.push(none);
            exposure.counts.len() - 1
        });
        let count = &mut exposure.counts[place];
        match shown.manner {
            Manner::Clear => (count.clear_day, count.clear_week) = (shown.day, shown.week),
            Manner::Grey => (count.grey_day, count.grey_week) = (shown.day, shown.week),
        }
    }
    exposure.counts.sort_by_key(|count| count.class);
    Ok(exposure)
}

struct Shown {
    class: MediaClass,
    manner: Manner,
    day: u64,
    week: u64,
    last_at: Timestamp,
}

impl FromRow for Shown {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            class: column::parsed(row, "class")?,
            manner: row.get("manner")?,
            day: row.get("day")?,
            week: row.get("week")?,
            last_at: column::moment(row, "last_at")?,
        })
    }
}
