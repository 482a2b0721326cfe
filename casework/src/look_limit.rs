//! Soft limits of looking: of a home's people, set by whoever grants media permission there, and of one person, set by
//! themself. Whoever comes to one is told and goes on by saying so; nothing is shut by one.

use database::{FromRow, Row, bind};
use domain::Id;
use domain::portal::MediaClass;
use policy::Permit;
use policy::permit::{GrantMedia, ViewMedia};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column, home, person};

const OF: &str = "-- look_limit::of
    SELECT person_id, class, per_day, per_week FROM look_limit
    WHERE agency_id = :home AND person_id IN ('', :person) ORDER BY person_id, class";

const PUT: &str = "-- look_limit::put
    INSERT INTO look_limit (agency_id, person_id, class, per_day, per_week, set_at)
    VALUES (:home, :person, :class, :per_day, :per_week, :now)";

const CLEAR: &str = "-- look_limit::clear
    DELETE FROM look_limit WHERE agency_id = :home AND person_id = :person";

/// More than anybody sees.
pub const MOST: u32 = 100_000;

/// So many clear looks before a pause is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// At files of which class; `None` for any.
    pub class: Option<MediaClass>,
    /// Within a day.
    pub per_day: u32,
    /// Within a week.
    pub per_week: u32,
}

/// The limits that hold for a person, as far as somebody set any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Those of everybody at home.
    pub home: Vec<Limit>,
    /// Those of this person alone.
    pub own: Vec<Limit>,
}

/// What was set for the permit's person.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, permit: &Permit<ViewMedia>) -> Result<Limits> {
    let asked = bind! { home: home(permit)?, person: person(permit)?.as_str() };
    let rows: Vec<Set> = view.tx().rows(OF, &asked)?;
    let (home, own): (Vec<Set>, Vec<Set>) = rows.into_iter().partition(|row| row.is_of_home);
    let limits = |rows: Vec<Set>| rows.into_iter().map(|row| row.limit).collect();
    Ok(Limits { home: limits(home), own: limits(own) })
}

/// Sets the limits of everybody at the permit's home, in the place of those before.
///
/// # Errors
/// [`Refusal::Unfit`] for a number that is no limit.
pub fn set_for_home(act: &Act<'_>, permit: &Permit<GrantMedia>, limits: &[Limit]) -> Result<()> {
    put(act, home(permit)?, "", limits)?;
    let said = |limit: &Limit| json!([limit.class, limit.per_day, limit.per_week]);
    let details = json!({ "limits": limits.iter().map(said).collect::<Vec<_>>(), "of": home(permit)? });
    act.note(Event::of_house(EventKind::LookLimitsSet).with(details))?;
    Ok(())
}

/// Sets the limits that the permit's person wants for themself.
///
/// # Errors
/// As [`set_for_home`].
pub fn set_own(act: &Act<'_>, permit: &Permit<ViewMedia>, limits: &[Limit]) -> Result<()> {
    put(act, home(permit)?, person(permit)?.as_str(), limits)?;
    act.note(Event::of_house(EventKind::WellnessChosen))?;
    Ok(())
}

fn put(act: &Act<'_>, home: &str, person: &str, limits: &[Limit]) -> Result<()> {
    act.tx().execute(CLEAR, &bind! { home, person })?;
    for limit in limits {
        if limit.per_day > MOST || limit.per_week > MOST {
            return Err(Refusal::Unfit { what: "limit" }.into());
        }
        let row = bind! {
            home, person, class: limit.class.map_or("", MediaClass::as_str), per_day: limit.per_day,
            per_week: limit.per_week, now: column::micros(act.now()),
        };
        act.tx().execute(PUT, &row)?;
    }
    Ok(())
}

struct Set {
    is_of_home: bool,
    limit: Limit,
}

impl FromRow for Set {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let class = match row.get::<String>("class")?.as_str() {
            "" => None,
            _ => Some(column::parsed(row, "class")?),
        };
        let limit = Limit { class, per_day: row.get("per_day")?, per_week: row.get("per_week")? };
        Ok(Self { is_of_home: row.get::<String>("person_id")?.is_empty(), limit })
    }
}
