//! When somebody of an agency opened a report, and so what of it is new to them.

use database::{FromRow, Row, bind};
use domain::{Actor, Id, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::{Permit, Read};

use crate::{Act, Result, agency, column};

const LOCK: &str = "-- reading::lock
    SELECT opened_at, known_at FROM reading WHERE agency_id = :agency AND report_id = :report AND person_id = :person
    {for_update}";

const PUT: &str = "-- reading::put
    INSERT INTO reading (agency_id, report_id, person_id, opened_at, known_at)
    VALUES (:agency, :report, :person, :now, :known_at)
    ON CONFLICT (agency_id, report_id, person_id) DO UPDATE SET opened_at = excluded.opened_at,
        known_at = excluded.known_at";

/// Whoever opens a report again within this time is still at the same visit: what was new stays new.
pub const VISIT: SignedDuration = SignedDuration::from_mins(15);

/// What stands of one person and one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    opened_at: Timestamp,
    known_at: Option<Timestamp>,
}

impl Reading {
    /// Up to which moment somebody knows a report who opens it now.
    fn known(self, now: Timestamp) -> Option<Timestamp> {
        if now.duration_since(self.opened_at) < VISIT { self.known_at } else { Some(self.opened_at) }
    }
}

/// Marks that the permit's person opens a report; answers up to which moment they know it already. A system knows
/// nothing and marks nothing.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for whoever is at home elsewhere; a fault of the database.
pub fn open(act: &Act<'_>, permit: &Permit<Read>, report: ReportId) -> Result<Option<Timestamp>> {
    let Actor::Person { person, .. } = permit.actor() else { return Ok(None) };
    let row = bind! { agency: agency(permit)?.as_str(), report: report.get(), person: person.as_str() };
    let before: Option<Reading> = act.tx().find(LOCK, &row)?;
    let known = before.and_then(|before| before.known(act.now()));
    let row = row.with("now", column::micros(act.now())).with("known_at", known.map(column::micros));
    act.tx().put(PUT, &row)?;
    Ok(known)
}

impl FromRow for Reading {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            opened_at: column::moment(row, "opened_at")?,
            known_at: column::moment_option(row, "known_at")?,
        })
    }
}
