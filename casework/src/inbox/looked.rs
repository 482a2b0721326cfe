//! Until when somebody has seen what came in. It moves only when they say so: a page that was open on another screen, or
//! loaded by mistake, makes nothing old.

use database::{FromRow, Row, bind};
use domain::Id;
use jiff::Timestamp;
use policy::{List, Permit};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column, person};

const GET: &str = "-- inbox::looked
    SELECT looked_at FROM inbox_look WHERE agency_id = :agency AND person_id = :person";

const PUT: &str = "-- inbox::look
    INSERT INTO inbox_look (agency_id, person_id, looked_at) VALUES (:agency, :person, :at)
    ON CONFLICT (agency_id, person_id) DO UPDATE SET looked_at = excluded.looked_at
    WHERE excluded.looked_at > inbox_look.looked_at";

const COUNT: &str = "-- inbox::count_since
    SELECT COUNT(*) FROM (
        SELECT 1 FROM standing WHERE agency_id = :agency AND available_at > :since
        ORDER BY available_at DESC LIMIT :most
    ) AS counted";

/// New reports are counted so far.
pub const MOST_COUNTED: u32 = 1_000;

/// Until when the permit's person has seen what came in; `None` where they never said so.
///
/// # Errors
/// [`Refusal::NotFound`] for who is no person of an agency.
pub fn looked(view: &View<'_>, permit: &Permit<List>) -> Result<Option<Timestamp>> {
    let asked = bind! { agency: agency(permit)?.as_str(), person: person(permit)?.as_str() };
    Ok(view.tx().find::<Moment>(GET, &asked)?.map(|moment| moment.0))
}

/// How many reports were made available after a moment, at most [`MOST_COUNTED`].
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not an agency's.
pub fn count_since(view: &View<'_>, permit: &Permit<List>, since: Timestamp) -> Result<u32> {
    let since = column::micros(since);
    Ok(view.tx().get(COUNT, &bind! { agency: agency(permit)?.as_str(), since, most: MOST_COUNTED })?)
}

/// The permit's person has seen what came in until a moment: that at which their page was made.
///
/// # Errors
/// As [`looked`]; [`Refusal::Unfit`] for a moment that is not over.
pub fn look(act: &Act<'_>, permit: &Permit<List>, until: Timestamp) -> Result<()> {
    if until > act.now() {
        return Err(Refusal::Unfit { what: "moment" }.into());
    }
    let (agency, person) = (agency(permit)?, person(permit)?);
    let row = bind! { agency: agency.as_str(), person: person.as_str(), at: column::micros(until) };
    act.tx().execute(PUT, &row)?;
    let details = json!({ "agency": agency, "until": until.as_microsecond() });
    act.note(Event::of_house(EventKind::InboxLooked).with(details))?;
    Ok(())
}

struct Moment(Timestamp);

impl FromRow for Moment {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::moment(row, "looked_at").map(Self)
    }
}
