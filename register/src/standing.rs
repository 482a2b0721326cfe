//! How an agency stands: since when it may receive, and its end. An end that has come closes the sessions of its people
//! and is written down once; its systems' tokens open nothing from that moment on.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id};
use jiff::Timestamp;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column, session};

const GET: &str = "-- standing::get
    SELECT qualified_at, lapsed_at FROM agency WHERE id = :agency";

const BEGIN: &str = "-- standing::begin
    UPDATE agency SET qualified_at = :now, lapsed_at = NULL WHERE id = :agency";

const EXPIRE: &str = "-- standing::expire
    UPDATE agency SET qualified_until = :now, changed_at = :now
    WHERE id = :agency AND qualifying_fact IS NOT NULL AND (qualified_until IS NULL OR qualified_until > :now)";

const OVER: &str = "-- standing::over
    SELECT id FROM agency WHERE qualified_until <= :now AND lapsed_at IS NULL AND qualifying_fact IS NOT NULL
    ORDER BY id LIMIT :most";

const LAPSE: &str = "-- standing::lapse
    UPDATE agency SET lapsed_at = :now WHERE id = :agency AND lapsed_at IS NULL";

/// How an agency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// When what qualifies it now was recorded; not known of what was recorded before this was kept.
    pub qualified_at: Option<Timestamp>,
    /// When its people and systems were put out because its fact was over.
    pub lapsed_at: Option<Timestamp>,
}

/// How an agency stands.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &AgencyId) -> Result<Standing> {
    Ok(view.tx().find(GET, &bind! { agency: id.as_str() })?.ok_or(Refusal::NotFound)?)
}

/// What qualifies it was recorded now.
pub(crate) fn begin(act: &Act<'_>, id: &AgencyId) -> Result<()> {
    act.tx().execute(BEGIN, &bind! { agency: id.as_str(), now: column::micros(act.now()) })?;
    Ok(())
}

/// Ends what qualifies an agency now: one person is enough to take away.
///
/// # Errors
/// [`Refusal::NotFound`] when nothing qualifies it.
pub fn expire(act: &Act<'_>, id: &AgencyId) -> Result<u64> {
    let row = bind! { agency: id.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(EXPIRE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    lapse(act, id)
}

/// Agencies whose fact is over and who were not put out yet, at most so many.
///
/// # Errors
/// A fault of the database.
pub fn over(view: &View<'_>, most: u32) -> Result<Vec<AgencyId>> {
    let found: Vec<String> = view.tx().rows(OVER, &bind! { now: column::micros(view.now()), most })?;
    Ok(found.iter().filter_map(|id| AgencyId::parse(id).ok()).collect())
}

/// Puts out the people of all agencies whose fact is over, at most so many, and answers how many agencies it were.
///
/// # Errors
/// A fault of the database.
pub fn close_over(act: &Act<'_>, most: u32) -> Result<usize> {
    let found = over(act, most)?;
    for agency in &found {
        lapse(act, agency)?;
    }
    Ok(found.len())
}

fn lapse(act: &Act<'_>, id: &AgencyId) -> Result<u64> {
    act.tx().execute(LAPSE, &bind! { agency: id.as_str(), now: column::micros(act.now()) })?;
    let ended = session::close_all_of_agency(act, id)?;
    let told = json!({ "agency": id, "sessions_ended": ended });
    act.note(Event::of_house(EventKind::AgencyLapsed).with(told))?;
    Ok(ended)
}

impl FromRow for Standing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            qualified_at: column::moment_option(row, "qualified_at")?,
            lapsed_at: column::moment_option(row, "lapsed_at")?,
        })
    }
}
