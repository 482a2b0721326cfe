//! Priorities as they were given: facts, rules and reasons, so that each can be judged again. The latest one holds.

use database::{FromRow, Row, bind};
use domain::{Priority, Reason, ReportId};
use jiff::Timestamp;
use policy::{Permit, TriageFacts, Verdict};
use serde_json::json;

use crate::sealed::{self, Cell};
use crate::{Act, Content, Event, EventKind, Fault, Result, View, column, reach};

const LAST: &str = "-- triage::last
    SELECT COALESCE(MAX(position), 0) FROM triage WHERE report_id = :report";

const INSERT: &str = "-- triage::insert
    INSERT INTO triage (report_id, position, priority, rule_set, decided_at, reasons, sealed_facts)
    VALUES (:report, :position, :priority, :rule_set, :now, :reasons, :sealed)";

const SET_PRIORITY: &str = "-- triage::set_priority
    UPDATE report SET priority = :priority WHERE id = :report AND (priority IS NULL OR priority <> :priority)";

const OF_REPORT: &str = "-- triage::of_report
    SELECT position, priority, rule_set, decided_at, reasons, sealed_facts FROM triage
    WHERE report_id = :report ORDER BY position DESC LIMIT 1";

const JUDGED: &str = "-- triage::judged
    SELECT report_id FROM triage WHERE position = 1 AND report_id > :after ORDER BY report_id LIMIT :most";

const RECENT: &str = "-- triage::recent
    SELECT report_id FROM triage WHERE position = 1 ORDER BY report_id DESC LIMIT :most";

/// A priority with what it was judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriageRecord {
    /// What was known.
    pub facts: TriageFacts,
    /// The priority and its reasons.
    pub verdict: Verdict,
    /// The rule set that judged.
    pub rule_set: String,
}

/// Says that [`record`] will be called in this act.
///
/// # Errors
/// A fault of the database.
pub fn foresee(act: &Act<'_>, report: ReportId) -> Result<()> {
    Ok(act.tx().ahead(&[(LAST, bind! { report: report.get() })])?)
}

/// Records a priority, which the report has from now on.
///
/// # Errors
/// A fault of the database.
pub fn record(act: &Act<'_>, report: ReportId, triage: &TriageRecord) -> Result<()> {
    let TriageRecord { facts, verdict, rule_set } = triage;
    let last: u32 = act.tx().get(LAST, &bind! { report: report.get() })?;
    let (position, priority) = (last + 1, verdict.priority.as_str());
    let reasons = serde_json::to_string(&verdict.reasons).map_err(|_| Fault::Row { what: "reasons" })?;
    let row = bind! {
        report: report.get(), position, priority, rule_set, now: column::micros(act.now()), reasons,
        sealed: sealed::json(act, cell(report, &position.to_string()), facts)?,
    };
    act.tx().put(INSERT, &row)?;
    act.tx().put(SET_PRIORITY, &bind! { report: report.get(), priority })?;
    let rules: Vec<&str> = verdict.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    let details = json!({ "priority": priority, "rule_set": rule_set, "rules": rules });
    act.note(Event::of_report(EventKind::ReportTriaged, report).with(details))?;
    Ok(())
}

/// The priority that holds, and when it was given; `None` before triage.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach, [`crate::Refusal::Destroyed`] without a key.
pub fn of_report<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Option<(TriageRecord, Timestamp)>> {
    reach::added(view, permit, report)?;
    let Some(row) = view.tx().find::<Sealed>(OF_REPORT, &bind! { report: report.get() })? else {
        return Ok(None);
    };
    let facts = sealed::open_json(view, cell(report, &row.position.to_string()), &row.sealed)?;
    let reasons: Vec<Reason> =
        serde_json::from_str(&row.reasons).map_err(|_| Fault::Row { what: "reasons" })?;
    let verdict = Verdict { priority: row.priority, reasons };
    Ok(Some((TriageRecord { facts, verdict, rule_set: row.rule_set }, row.decided_at)))
}

/// Numbers of reports that were given a priority, in order, from behind one on: to judge them again.
///
/// # Errors
/// A fault of the database.
pub fn judged(view: &View<'_>, after: Option<ReportId>, most: u32) -> Result<Vec<ReportId>> {
    known(view.tx().rows(JUDGED, &bind! { after: after.map_or(0, ReportId::get), most })?)
}

/// The newest reports that were judged, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn recent(view: &View<'_>, most: u32) -> Result<Vec<ReportId>> {
    known(view.tx().rows(RECENT, &bind! { most })?)
}

fn known(numbers: Vec<u64>) -> Result<Vec<ReportId>> {
    let known = |number| ReportId::try_from(number).map_err(|_| Fault::Row { what: "report number" }.into());
    numbers.into_iter().map(known).collect()
}

struct Sealed {
    position: u32,
    priority: Priority,
    rule_set: String,
    decided_at: Timestamp,
    reasons: String,
    sealed: Vec<u8>,
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            position: row.get("position")?,
            priority: column::parsed(row, "priority")?,
            rule_set: row.get("rule_set")?,
            decided_at: column::moment(row, "decided_at")?,
            reasons: row.get("reasons")?,
            sealed: row.get("sealed_facts")?,
        })
    }
}

fn cell(report: ReportId, row: &str) -> Cell<'_> {
    Cell { report, table: "triage", row, column: "sealed_facts" }
}
