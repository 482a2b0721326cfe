//! The clocks of a report, and which ring next. Nothing is destroyed by a clock alone.

use database::{FromRow, Row, bind};
use domain::{AgencyId, FileId, Id, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::{Clocks, Permit};
use serde_json::json;

use crate::{Act, Content, Event, EventKind, Fault, Result, View, column, reach};

const PUT: &str = "-- retention::put
    INSERT INTO retention (report_id, rule_set, recorded_at, next_at, clocks)
    VALUES (:report, :rule_set, :now, :next_at, :clocks)
    ON CONFLICT (report_id) DO UPDATE SET rule_set = excluded.rule_set, recorded_at = excluded.recorded_at,
        next_at = excluded.next_at, clocks = excluded.clocks";

const OF_REPORT: &str = "-- retention::of_report
    SELECT clocks FROM retention WHERE report_id = :report";

const RINGING: &str = "-- retention::ringing
    SELECT report_id FROM retention WHERE next_at <= :now ORDER BY next_at LIMIT :most";

const DUE: &str = "-- retention::due
    SELECT report_id, clocks FROM retention WHERE report_id > :after AND next_at <= :now
    ORDER BY report_id LIMIT :most";

const KEPT_FILES: &str = "-- retention::kept_files
    SELECT file_id, size_bytes FROM evidence WHERE report_id = :report AND location IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.file_id = evidence.file_id)
    ORDER BY file_id LIMIT :most";

const REMINDERS: &str = "-- retention::reminders
    SELECT report.id, report.preserve_until FROM delivery JOIN report ON report.id = delivery.report_id
    WHERE delivery.agency_id = :agency AND report.preserve_until > :now AND report.preserve_until <= :until
    ORDER BY report.preserve_until, report.id LIMIT :most";

/// Files of one report that are looked at.
const MOST_FILES: u32 = 10_000;

/// A report of which a class of data is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The report.
    pub report: ReportId,
    /// Since when.
    pub since: Timestamp,
    /// Its files whose bytes are there, with their lengths.
    pub files: Vec<(FileId, u64)>,
}

/// Reports of which this class of data is due and still there, in the order of their numbers, after one; and after which
/// to go on, when there may be more.
///
/// # Errors
/// A fault of the database.
pub fn due(
    view: &View<'_>,
    class: &str,
    after: Option<ReportId>,
    most: u32,
) -> Result<(Vec<Due>, Option<ReportId>)> {
    let asked = bind! { after: after.map_or(0, ReportId::get), now: column::micros(view.now()), most };
    let rows: Vec<Ringing> = view.tx().rows(DUE, &asked)?;
    let next = (rows.len() == most as usize).then(|| rows.last().map(|row| row.report)).flatten();
    let mut found = Vec::new();
    for Ringing { report, clocks } in rows {
        let clocks: Clocks = serde_json::from_str(&clocks).map_err(|_| Fault::Row { what: "clocks" })?;
        let review = clocks.reviews.iter().find(|review| review.class == class && review.at <= view.now());
        let Some(since) = review.map(|review| review.at) else { continue };
        let files: Vec<File> =
            view.tx().rows(KEPT_FILES, &bind! { report: report.get(), most: MOST_FILES })?;
        if !files.is_empty() {
            found.push(Due {
                report,
                since,
                files: files.into_iter().map(|file| (file.0, file.1)).collect(),
            });
        }
    }
    Ok((found, next))
}

/// Reports of an agency whose sender may soon stop preserving, the soonest first: the agency is reminded.
///
/// # Errors
/// A fault of the database.
pub fn reminders(
    view: &View<'_>,
    agency: &AgencyId,
    within: SignedDuration,
    most: u32,
) -> Result<Vec<(ReportId, Timestamp)>> {
    let until = view.now().saturating_add(within).map_err(|_| Fault::Row { what: "moment" })?;
    let (now, until) = (column::micros(view.now()), column::micros(until));
    let rows: Vec<Reminder> =
        view.tx().rows(REMINDERS, &bind! { agency: agency.as_str(), now, until, most })?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
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

struct File(FileId, u64);

impl FromRow for File {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "file_id")?, row.get("size_bytes")?))
    }
}

struct Reminder(ReportId, Timestamp);

impl FromRow for Reminder {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::report(row, "id")?, column::moment(row, "preserve_until")?))
    }
}

/// Sets the clocks of a report.
///
/// # Errors
/// A fault of the database.
pub fn record(act: &Act<'_>, report: ReportId, clocks: &Clocks, rule_set: &str) -> Result<()> {
    let text = serde_json::to_string(clocks).map_err(|_| Fault::Row { what: "clocks" })?;
    let next_at = column::micros(next(clocks, act.now()));
    let now = column::micros(act.now());
    act.tx().put(PUT, &bind! { report: report.get(), rule_set, now, next_at, clocks: text })?;
    let details = json!({ "preserve_until": clocks.preserve_until, "rule_set": rule_set });
    act.note(Event::of_report(EventKind::ReportRetained, report).with(details))?;
    Ok(())
}

/// The clocks of a report; `None` before they were set.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach.
pub fn of_report<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Option<Clocks>> {
    reach::added(view, permit, report)?;
    let text: Option<String> = view.tx().find(OF_REPORT, &bind! { report: report.get() })?;
    let read = |text: String| serde_json::from_str(&text).map_err(|_| Fault::Row { what: "clocks" });
    Ok(text.map(read).transpose()?)
}

/// Reports of which a clock has rung, the earliest first.
///
/// # Errors
/// A fault of the database.
pub fn ringing(view: &View<'_>, most: u32) -> Result<Vec<ReportId>> {
    let rows: Vec<Number> = view.tx().rows(RINGING, &bind! { now: column::micros(view.now()), most })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The first clock that has not rung yet; the end of time when all have.
fn next(clocks: &Clocks, now: Timestamp) -> Timestamp {
    let reviews = clocks.reviews.iter().map(|review| review.at);
    let all = clocks.reminders.iter().copied().chain(reviews).chain([clocks.preserve_until]);
    all.filter(|at| *at > now).min().unwrap_or(Timestamp::MAX)
}

struct Number(ReportId);

impl FromRow for Number {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::report(row, "report_id").map(Self)
    }
}
