//! What dated tables said about a report. One row holds what one table answered, sealed in one piece.

use std::collections::BTreeMap;

use database::{FromRow, Row, bind};
use domain::{Finding, Private, ReportId};
use policy::Permit;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sealed::{self, Cell};
use crate::{Act, Content, Event, EventKind, Result, View, column, reach};

const LAST: &str = "-- finding::last
    SELECT COALESCE(MAX(position), 0) FROM finding WHERE report_id = :report";

const INSERT: &str = "-- finding::insert
    INSERT INTO finding (report_id, position, enricher, dataset, as_of, found_at, sealed_answers)
    VALUES (:report, :position, :enricher, :dataset, :as_of, :now, :sealed)";

const OF_REPORT: &str = "-- finding::of_report
    SELECT position, enricher, dataset, as_of, sealed_answers FROM finding
    WHERE report_id = :report ORDER BY position";

/// One answer of one table: the address that was asked about is private, and so is where it is.
#[derive(Serialize, Deserialize)]
struct Answer {
    subject: Private<String>,
    value: Value,
}

/// Says that [`record`] will be called in this act.
///
/// # Errors
/// A fault of the database.
pub fn foresee(act: &Act<'_>, report: ReportId) -> Result<()> {
    Ok(act.tx().ahead(&[(LAST, bind! { report: report.get() })])?)
}

/// Records what was found, after what was found before; finding nothing is recorded too.
///
/// # Errors
/// A fault of the database.
pub fn record(act: &Act<'_>, report: ReportId, findings: &[Finding]) -> Result<()> {
    let mut by_table: BTreeMap<(&str, &str, &str), Vec<Answer>> = BTreeMap::new();
    for finding in findings {
        let Finding { enricher, subject, table, as_of, value } = finding;
        let answer = Answer { subject: subject.clone(), value: value.clone() };
        by_table.entry((enricher, table, as_of)).or_default().push(answer);
    }
    let last: u32 = act.tx().get(LAST, &bind! { report: report.get() })?;
    let mut rows = Vec::new();
    for (position, ((enricher, dataset, as_of), answers)) in (last + 1..).zip(&by_table) {
        let sealed = sealed::json(act, cell(report, &position.to_string()), answers)?;
        let now = column::micros(act.now());
        rows.push(bind! { report: report.get(), position, enricher: *enricher, dataset: *dataset, as_of: *as_of, now, sealed });
    }
    act.tx().put_many(INSERT, &rows)?;
    let tables: Vec<_> = by_table.keys().map(|(_, table, as_of)| json!([table, as_of])).collect();
    let details = json!({ "findings": findings.len(), "tables": tables });
    act.note(Event::of_report(EventKind::ReportEnriched, report).with(details))?;
    Ok(())
}

/// What was found, in order.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach, [`crate::Refusal::Destroyed`] without a key.
pub fn of_report<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Finding>> {
    reach::added(view, permit, report)?;
    let rows: Vec<Sealed> = view.tx().rows(OF_REPORT, &bind! { report: report.get() })?;
    let mut findings = Vec::new();
    for Sealed { position, enricher, table, as_of, sealed } in rows {
        let answers: Vec<Answer> = sealed::open_json(view, cell(report, &position.to_string()), &sealed)?;
        findings.extend(answers.into_iter().map(|Answer { subject, value }| {
            let (enricher, table, as_of) = (enricher.clone(), table.clone(), as_of.clone());
            Finding { enricher, subject, table, as_of, value }
        }));
    }
    Ok(findings)
}

struct Sealed {
    position: u32,
    enricher: String,
    table: String,
    as_of: String,
    sealed: Vec<u8>,
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            position: row.get("position")?,
            enricher: row.get("enricher")?,
            table: row.get("dataset")?,
            as_of: row.get("as_of")?,
            sealed: row.get("sealed_answers")?,
        })
    }
}

fn cell(report: ReportId, row: &str) -> Cell<'_> {
    Cell { report, table: "finding", row, column: "sealed_answers" }
}
