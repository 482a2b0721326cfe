//! What waits at the clearinghouse's own desk: what an agency gave back and nobody is left for, what no agency could be given,
//! and what lies unseen with one that may not receive any more. Of the highest priority it calls the desk's people, with the
//! ladder that agencies have (`casework::oncall`).

use casework::message;
use casework::oncall::{self, Call};
use database::bind;
use domain::{PersonId, Priority, ReportId};

use crate::{Act, Refusal, Result, View, column};

/// A report waits at the desk: a call that is under way goes on, and one that ended begins anew.
const RAISE: &str = "-- desk::raise
    INSERT INTO oncall_call (agency_id, report_id, raised_at, place, rounds, next_at)
    VALUES ('', :report, :now, 0, 0, :now)
    ON CONFLICT (agency_id, report_id) DO UPDATE SET raised_at = excluded.raised_at, place = 0, rounds = 0, called = NULL,
        next_at = excluded.next_at, answered_at = NULL, answered_by = NULL
    WHERE oncall_call.next_at IS NULL";

/// Whoever ends the desk's call waits for whoever brings the report to the desk at the same moment, and the other way round.
const LOCK: &str = "-- desk::lock
    SELECT 1 FROM oncall_call WHERE agency_id = '' AND report_id = :report {for_update}";

const IS_STRANDED: &str = "-- desk::is_stranded
    SELECT 1 FROM report WHERE report.id = :report AND report.stage = 'routed' AND report.priority = 'immediate'
        AND NOT EXISTS (SELECT 1 FROM oncall_call WHERE oncall_call.agency_id = '' AND oncall_call.report_id = report.id)";

/// What an agency gave back and nobody has sent on, what no agency could be given, and what lies unseen with one that may not
/// receive any more.
const WAITS_STILL: &str = "-- desk::waits_still
    SELECT 1 FROM report WHERE report.id = :report AND report.stage <> 'destroyed' AND (report.stage = 'routed'
        OR EXISTS (SELECT 1 FROM report_return WHERE report_return.report_id = report.id AND report_return.state = 'at-desk')
        OR EXISTS (SELECT 1 FROM standing JOIN agency ON agency.id = standing.agency_id
            WHERE standing.report_id = report.id AND standing.status = 'new' AND (agency.disabled_at IS NOT NULL
                OR agency.qualifying_fact IS NULL OR agency.qualified_until <= :now)))";

/// Whether there is anybody whom a call at the desk can reach now.
const REACHES: &str = "-- desk::reaches
    SELECT 1 FROM message_wish JOIN person ON person.id = message_wish.person_id
    WHERE message_wish.agency_id = '' AND message_wish.confirmed_at IS NOT NULL AND person.disabled_at IS NULL
        AND person.role IN ('analyst', 'supervisor') AND (EXISTS (SELECT 1 FROM oncall_step
            WHERE oncall_step.agency_id = '' AND oncall_step.person_id = person.id AND oncall_step.removed_at IS NULL
                AND oncall_step.from_at <= :now AND (oncall_step.until_at IS NULL OR oncall_step.until_at > :now))
            OR (person.role = 'supervisor' AND NOT EXISTS (SELECT 1 FROM oncall_step JOIN person AS theirs
                ON theirs.id = oncall_step.person_id WHERE oncall_step.agency_id = '' AND oncall_step.removed_at IS NULL
                AND oncall_step.from_at <= :now AND (oncall_step.until_at IS NULL OR oncall_step.until_at > :now)
                AND theirs.disabled_at IS NULL AND theirs.role IN ('analyst', 'supervisor')))) LIMIT 1";

const IS_KNOWN: &str = "-- desk::is_known
    SELECT 1 FROM oncall_call WHERE agency_id = '' AND report_id = :report AND raised_at >= :since";

const UNREACHED: &str = "-- desk::unreached
    SELECT 1 FROM oncall_call WHERE agency_id = '' AND answered_at IS NULL LIMIT 1";

/// A report waits at the desk: of the highest priority its people are called, and whoever of them wants to hear of something
/// new will. Asked twice it does nothing twice.
///
/// # Errors
/// A fault of the database.
pub fn waits(act: &Act<'_>, report: ReportId, priority: Priority) -> Result<()> {
    if priority == Priority::Immediate {
        act.tx().put(RAISE, &bind! { report: report.get(), now: column::micros(act.now()) })?;
    }
    message::is_new_for(act, None)
}

/// Somebody said where a report goes: nobody else is called, unless it waits here for another reason too.
pub(crate) fn decided(act: &Act<'_>, report: ReportId) -> Result<()> {
    if waits_still_locked(act, report)? {
        return Ok(());
    }
    match oncall::answered(act, None, report, &act.actor().text()) {
        Err(error) if error.refusal() == Some(Refusal::NotFound) => Ok(()),
        done => done,
    }
}

fn waits_still_locked(act: &Act<'_>, report: ReportId) -> Result<bool> {
    act.tx().find::<i64>(LOCK, &bind! { report: report.get() })?;
    waits_still(act, report)
}

fn waits_still(view: &View<'_>, report: ReportId) -> Result<bool> {
    let asked = bind! { report: report.get(), now: column::micros(view.now()) };
    Ok(view.tx().find::<i64>(WAITS_STILL, &asked)?.is_some())
}

/// Calls whoever's turn it is, as [`oncall::turn`]; what does not wait here any more calls nobody of the desk. Nobody is written
/// to at an agency that may not receive any more: what lies unseen there calls the desk, once for each time that it called the
/// agency.
///
/// # Errors
/// As [`oncall::turn`].
pub fn turn(act: &Act<'_>, call: &Call) -> Result<Option<Vec<PersonId>>> {
    if call.agency.is_none() && !waits_still_locked(act, call.report)? {
        oncall::answered(act, None, call.report, "waits no more")?;
        return Ok(None);
    }
    let called = oncall::turn(act, call)?;
    let Some(agency) = call.agency.as_ref().filter(|_| called.is_some()) else { return Ok(called) };
    if !store::agency::is_live(act, agency)? {
        let asked = bind! { report: call.report.get(), since: column::micros(call.raised_at) };
        if act.tx().find::<i64>(IS_KNOWN, &asked)?.is_none() {
            waits(act, call.report, Priority::Immediate)?;
        }
    }
    Ok(called)
}

/// Whether a report of the highest priority, which no agency could be given, was not told to the desk yet.
///
/// # Errors
/// A fault of the database.
pub fn is_stranded(view: &View<'_>, report: ReportId) -> Result<bool> {
    Ok(view.tx().find::<i64>(IS_STRANDED, &bind! { report: report.get() })?.is_some())
}

/// Whether anybody can be called at the desk now: somebody whose turn it is, or without a ladder a supervisor, whose mailbox
/// is known to be theirs.
///
/// # Errors
/// A fault of the database.
pub fn reaches(view: &View<'_>) -> Result<bool> {
    let asked = bind! { now: column::micros(view.now()) };
    Ok(view.tx().find::<i64>(REACHES, &asked)?.is_some())
}

/// Whether a call of the desk is open that reaches nobody.
///
/// # Errors
/// A fault of the database.
pub fn unreached(view: &View<'_>) -> Result<bool> {
    Ok(view.tx().find::<i64>(UNREACHED, &bind! {})?.is_some() && !reaches(view)?)
}
