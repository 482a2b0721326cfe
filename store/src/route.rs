//! Routes as they were decided, with everything that was known: the same facts under the same rules decide the same
//! again. The latest one holds.

use database::{FromRow, Row, bind};
use domain::ReportId;
use jiff::Timestamp;
use policy::{Permit, RouteDecision, RoutingFacts};
use serde_json::json;

use crate::sealed::{self, Cell};
use crate::{Act, Content, Event, EventKind, Result, View, column, reach};

const LAST: &str = "-- route::last
    SELECT COALESCE(MAX(position), 0) FROM route WHERE report_id = :report";

const INSERT: &str = "-- route::insert
    INSERT INTO route (report_id, position, rule_set, decided_at, sealed_facts, sealed_decision)
    VALUES (:report, :position, :rule_set, :now, :facts, :decision)";

const OF_REPORT: &str = "-- route::of_report
    SELECT position, rule_set, decided_at, sealed_facts, sealed_decision FROM route
    WHERE report_id = :report ORDER BY position DESC LIMIT 1";

/// A route with what it was decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteRecord {
    /// What was known.
    pub facts: RoutingFacts,
    /// Who must have the report, and why.
    pub decision: RouteDecision,
    /// The rule set that decided.
    pub rule_set: String,
}

/// Says that [`record`] will be called in this act.
///
/// # Errors
/// A fault of the database.
pub fn foresee(act: &Act<'_>, report: ReportId) -> Result<()> {
    Ok(act.tx().ahead(&[(LAST, bind! { report: report.get() })])?)
}

/// Records a route.
///
/// # Errors
/// A fault of the database.
pub fn record(act: &Act<'_>, report: ReportId, route: &RouteRecord) -> Result<()> {
    let RouteRecord { facts, decision, rule_set } = route;
    let last: u32 = act.tx().get(LAST, &bind! { report: report.get() })?;
    let position = last + 1;
    let row = position.to_string();
    let row = bind! {
        report: report.get(), position, rule_set, now: column::micros(act.now()),
        facts: sealed::json(act, cell(report, &row, "sealed_facts"), facts)?,
        decision: sealed::json(act, cell(report, &row, "sealed_decision"), decision)?,
    };
    act.tx().put(INSERT, &row)?;
    let told = decision.recipients.iter();
    let recipients: Vec<_> = told.map(|one| json!([one.agency, one.basis, one.rule])).collect();
    let details = json!({ "recipients": recipients, "rule_set": rule_set });
    act.note(Event::of_report(EventKind::ReportRouted, report).with(details))?;
    Ok(())
}

/// The route that holds, and when it was decided; `None` before routing.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach, [`crate::Refusal::Destroyed`] without a key.
pub fn of_report<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Option<(RouteRecord, Timestamp)>> {
    reach::added(view, permit, report)?;
    let Some(row) = view.tx().find::<Sealed>(OF_REPORT, &bind! { report: report.get() })? else {
        return Ok(None);
    };
    let place = row.position.to_string();
    let facts = sealed::open_json(view, cell(report, &place, "sealed_facts"), &row.facts)?;
    let decision = sealed::open_json(view, cell(report, &place, "sealed_decision"), &row.decision)?;
    Ok(Some((RouteRecord { facts, decision, rule_set: row.rule_set }, row.decided_at)))
}

struct Sealed {
    position: u32,
    rule_set: String,
    decided_at: Timestamp,
    facts: Vec<u8>,
    decision: Vec<u8>,
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            position: row.get("position")?,
            rule_set: row.get("rule_set")?,
            decided_at: column::moment(row, "decided_at")?,
            facts: row.get("sealed_facts")?,
            decision: row.get("sealed_decision")?,
        })
    }
}

fn cell<'a>(report: ReportId, row: &'a str, column: &'static str) -> Cell<'a> {
    Cell { report, table: "route", row, column }
}
