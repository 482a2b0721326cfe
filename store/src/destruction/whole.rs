//! Whole reports: what a purge lets go when people decided that a report itself is no longer kept. Its private rows
//! go, and every key with which anything of it could be opened. The row, its deliveries, its hashes and its leaves stay.

use database::{FromRow, Row, bind};
use domain::{DestructionCode, DestructionId, Id, ReportId, Stage};
use jiff::Timestamp;
use policy::Clocks;
use serde_json::json;

use crate::{Act, Event, EventKind, Fault, Refusal, Result, View, column, hold, report};

/// The class of data of the schedule that a report belongs to.
const CLASS: &str = "report";

const INSERT: &str = "-- whole::insert
    INSERT INTO destruction_report (destruction_id, report_id) VALUES (:id, :report)
    ON CONFLICT (destruction_id, report_id) DO NOTHING";

const OF: &str = "-- whole::of
    SELECT report_id, erased_at, keys FROM destruction_report WHERE destruction_id = :id ORDER BY report_id";

const TO_ERASE: &str = "-- whole::to_erase
    SELECT report_id FROM destruction_report WHERE destruction_id = :id AND erased_at IS NULL
    ORDER BY report_id LIMIT :most";

const ERASED: &str = "-- whole::erased
    UPDATE destruction_report SET erased_at = :now, keys = :keys, witness_epoch = :epoch, wrapped = :wrapped
    WHERE destruction_id = :id AND report_id = :report AND erased_at IS NULL";

const FORGET: &str = "-- whole::forget
    UPDATE destruction_report SET witness_epoch = NULL, wrapped = NULL WHERE destruction_id = :id";

/// The key of the report itself, as every backup holds it.
const OWN_KEY: &str = "-- whole::own_key
    SELECT epoch, wrapped FROM keystore WHERE report_id = :report AND name = 'report'";

const DUE: &str = "-- whole::due
    SELECT retention.report_id, retention.clocks FROM retention JOIN report ON report.id = retention.report_id
    WHERE retention.report_id > :after AND retention.next_at <= :now AND report.stage = 'retained'
    AND NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.report_id = report.id AND evidence.location IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM destruction_report JOIN destruction ON destruction.id = destruction_report.destruction_id
        WHERE destruction_report.report_id = report.id AND destruction.refused_at IS NULL)
    ORDER BY retention.report_id LIMIT :most";

const KEYS_LEFT: &str = "-- whole::keys_left
    SELECT COUNT(*) FROM keystore JOIN destruction_report ON destruction_report.report_id = keystore.report_id
    WHERE destruction_report.destruction_id = :id";

/// What somebody said or what was found out, row by row. What other reports say of this one is theirs: a number, no more.
const ROWS: [&str; 5] = [
    "-- whole::documents
    DELETE FROM document WHERE report_id = :report",
    "-- whole::findings
    DELETE FROM finding WHERE report_id = :report",
    "-- whole::selector_lists
    DELETE FROM selector_list WHERE report_id = :report",
    "-- whole::selectors
    DELETE FROM selector WHERE report_id = :report",
    "-- whole::links
    DELETE FROM link WHERE report_id = :report",
];

/// A report of a purge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The report.
    pub report: ReportId,
    /// When its rows and keys went.
    pub erased_at: Option<Timestamp>,
    /// How many keys that were.
    pub keys: Option<u64>,
}

/// A report that is due, and whose hold keeps it if one does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReport {
    /// The report.
    pub report: ReportId,
    /// Whose hold keeps it.
    pub held_by: Option<hold::Owner>,
}

/// Reports that are due as a whole: the schedule's day is there and no byte of their files is left. In the order of their
/// numbers, after one; and after which to go on, when there may be more.
///
/// # Errors
/// A fault of the database.
pub fn due(
    view: &View<'_>,
    after: Option<ReportId>,
    most: u32,
) -> Result<(Vec<DueReport>, Option<ReportId>)> {
    let asked = bind! { after: after.map_or(0, ReportId::get), now: column::micros(view.now()), most };
    let rows: Vec<Ringing> = view.tx().rows(DUE, &asked)?;
    let next = (rows.len() == most as usize).then(|| rows.last().map(|row| row.report)).flatten();
    let mut found = Vec::new();
    for Ringing { report, clocks } in rows {
        let clocks: Clocks = serde_json::from_str(&clocks).map_err(|_| Fault::Row { what: "clocks" })?;
        if clocks.reviews.iter().any(|review| review.class == CLASS && review.at <= view.now()) {
            let held_by = hold::of_report(view, report)?.into_iter().next().map(|hold| hold.owner);
            found.push(DueReport { report, held_by });
        }
    }
    Ok((found, next))
}

/// Names the whole reports of a purge.
pub(super) fn name(act: &Act<'_>, id: &DestructionId, reports: &[ReportId]) -> Result<()> {
    for report in reports {
        if report::stage(act, *report)? != Stage::Retained {
            return Err(Refusal::Unfit { what: "stage of a report" }.into());
        }
        act.tx().execute(INSERT, &bind! { id: id.as_str(), report: report.get() })?;
    }
    Ok(())
}

/// The whole reports of a destruction.
///
/// # Errors
/// A fault of the database.
pub fn wholes(view: &View<'_>, id: &DestructionId) -> Result<Vec<Whole>> {
    Ok(view.tx().rows(OF, &bind! { id: id.as_str() })?)
}

/// Keys of the reports of a destruction that are still there; none, once they are erased.
pub(super) fn keys_left(view: &View<'_>, id: &DestructionId) -> Result<u64> {
    Ok(view.tx().get(KEYS_LEFT, &bind! { id: id.as_str() })?)
}

/// Erases some of the whole reports; answers how many.
pub(super) fn erase_some(act: &Act<'_>, id: &DestructionId, most: u32) -> Result<usize> {
    let reports: Vec<Number> = act.tx().rows(TO_ERASE, &bind! { id: id.as_str(), most })?;
    for Number(report) in &reports {
        let mut rows = 0;
        for text in ROWS {
            rows += act.tx().execute(text, &bind! { report: report.get() })?;
        }
        let own: Option<(u32, Vec<u8>)> = act.tx().find(OWN_KEY, &bind! { report: report.get() })?;
        let ((epoch, wrapped), keys) = (own.unzip(), act.destroy_keys(*report)?);
        report::move_on(act, *report, Stage::Retained, Stage::Destroyed)?;
        let now = column::micros(act.now());
        let row = bind! { id: id.as_str(), report: report.get(), now, keys, epoch, wrapped };
        act.tx().execute(ERASED, &row)?;
        let basis = DestructionCode::Retention.as_str();
        let told = json!({ "destruction": id, "basis": basis, "keys_destroyed": keys, "rows_erased": rows });
        act.note(Event::of_report(EventKind::ReportDestroyed, *report).with(told))?;
    }
    Ok(reports.len())
}

/// Lets go of the copies of keys that were tried.
pub(super) fn forget(act: &Act<'_>, id: &DestructionId) -> Result<()> {
    act.tx().execute(FORGET, &bind! { id: id.as_str() })?;
    Ok(())
}

struct Ringing {
    report: ReportId,
    clocks: String,
}

impl FromRow for Ringing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { report: column::report(row, "report_id")?, clocks: row.get("clocks")? })
    }
}

struct Number(ReportId);

impl FromRow for Number {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::report(row, "report_id").map(Self)
    }
}

impl FromRow for Whole {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "report_id")?,
            erased_at: column::moment_option(row, "erased_at")?,
            keys: row.get("keys")?,
        })
    }
}
