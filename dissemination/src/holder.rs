//! Who holds a report: each agency that was given it, until it handed it on. Whatever was handed on how often, there is
//! exactly one answer.

use database::bind;
use domain::{AgencyId, Id, ReportId, Status, StatusReason};

use crate::way_out::{self, Available, Parting};
use crate::{Act, Refusal, Result, View, column, standing};

const NEXT: &str = "-- holder::next
    SELECT to_agency FROM handed_on WHERE report_id = :report AND agency_id = :agency";

const TAKE_BACK: &str = "-- holder::take_back
    DELETE FROM handed_on WHERE report_id = :report AND agency_id = :agency";

const INSERT: &str = "-- holder::insert
    INSERT INTO handed_on (report_id, agency_id, to_agency, handed_at) VALUES (:report, :agency, :to, :now)";

const PLACE: &str = "-- holder::place
    SELECT place FROM standing WHERE report_id = :report AND place IS NOT NULL ORDER BY available_at, agency_id LIMIT 1";

const WAITS: &str = "-- holder::waits
    SELECT 1 FROM report_return WHERE report_id = :report AND agency_id = :agency AND state = 'at-desk'";

/// Agencies through which one report can have gone: as many as there are to be followed.
const MOST_STEPS: usize = 1_000;

/// The closing of what another agency has now.
pub(crate) const ELSEWHERE: (Status, Option<StatusReason>) =
    (Status::Closed, Some(StatusReason::OtherJurisdiction));
/// What an agency's report does until the desk has said where it goes.
pub(crate) const WAITING: (Status, Option<StatusReason>) =
    (Status::Waiting, Some(StatusReason::AwaitsAgency));

/// Who holds what an agency was given: itself, or whoever has it at the end of the way on which it was handed on.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, report: ReportId, agency: &AgencyId) -> Result<AgencyId> {
    let mut at = agency.clone();
    for _ in 0..MOST_STEPS {
        let asked = bind! { report: report.get(), agency: at.as_str() };
        match view.tx().find::<String>(NEXT, &asked)? {
            Some(next) => at = AgencyId::parse(&next).map_err(|_| Refusal::NotFound)?,
            None => return Ok(at),
        }
    }
    // INVARIANT: rows make no circle, see `hand_on`.
    Err(house::Fault::Row { what: "holder" }.into())
}

/// Answers when an agency itself holds the report.
///
/// # Errors
/// [`Refusal::Closed`] once another one does.
pub(crate) fn must_hold(view: &View<'_>, report: ReportId, agency: &AgencyId) -> Result<()> {
    if of(view, report, agency)? == *agency { Ok(()) } else { Err(Refusal::Closed.into()) }
}

/// Whether an agency gave the report back and the desk has not said yet where it goes. Whoever acts on the answer locked the
/// agency's standing, as every return and every offer does.
pub(crate) fn waits(view: &View<'_>, report: ReportId, agency: &AgencyId) -> Result<bool> {
    let asked = bind! { report: report.get(), agency: agency.as_str() };
    Ok(view.tx().find::<i64>(WAITS, &asked)?.is_some())
}

/// Another agency, which has it, holds the report from now on instead of one that held it. Whoever calls this locked
/// the standing of the first.
///
/// INVARIANT: nobody but a holder hands on, and whoever gets it holds it, so that rows never make a circle.
pub(crate) fn hand_on(act: &Act<'_>, report: ReportId, from: &AgencyId, to: &AgencyId) -> Result<()> {
    must_hold(act, report, from)?;
    take_back(act, report, to)?;
    let row = bind! {
        report: report.get(), agency: from.as_str(), to: to.as_str(), now: column::micros(act.now()),
    };
    act.tx().execute(INSERT, &row)?;
    Ok(())
}

/// What an agency handed on before, it holds itself again. A row less never makes a circle.
fn take_back(act: &Act<'_>, report: ReportId, agency: &AgencyId) -> Result<()> {
    act.tx().execute(TAKE_BACK, &bind! { report: report.get(), agency: agency.as_str() })?;
    Ok(())
}

/// Makes a report available to an agency on the one way out: it holds the report from then on, whatever it did with it
/// before, and the report stands there as new. Where the agency was done with it, or waited for the desk to take it, it begins
/// anew, and its people are told anew. `None` when the agency may not receive.
pub(crate) fn give(act: &Act<'_>, parting: &Parting<'_>) -> Result<Option<Available>> {
    let before = standing::locked_if_there(act, parting.agency, parting.report)?;
    let place: Option<String> = act.tx().find(PLACE, &bind! { report: parting.report.get() })?;
    let parting = &Parting { place: place.as_deref(), ..*parting };
    let Some(made) = way_out::make_available(act, parting)? else { return Ok(None) };
    take_back(act, parting.report, parting.agency)?;
    match before {
        None => casework::given(act, parting.report)?,
        Some(found) if !found.said.status.is_open() || (found.said.status, found.said.reason) == WAITING => {
            standing::follow(act, parting.agency, &found, (Status::New, None))?;
            casework::arrived_again(act, parting.agency, parting.report)?;
        }
        Some(_) => {}
    }
    Ok(Some(made))
}

/// Closes what an agency has handed on, where its people have not closed it for a reason of their own.
pub(crate) fn let_go(act: &Act<'_>, agency: &AgencyId, report: ReportId) -> Result<()> {
    let found = standing::locked(act, agency, report)?;
    if found.said.status.is_open() { standing::follow(act, agency, &found, ELSEWHERE) } else { Ok(()) }
}
