//! The clocks of a report, and which ring next. Nothing is destroyed by a clock alone.

use database::{FromRow, Row, bind};
use domain::ReportId;
use jiff::Timestamp;
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

/// Sets the clocks of a report.
///
/// # Errors
/// A fault of the database.
pub fn record(act: &Act<'_>, report: ReportId, clocks: &Clocks, rule_set: &str) -> Result<()> {
    let text = serde_json::to_string(clocks).map_err(|_| Fault::Row { what: "clocks" })?;
    let next_at = column::micros(next(clocks, act.now()));
    let now = column::micros(act.now());
    act.tx().execute(PUT, &bind! { report: report.get(), rule_set, now, next_at, clocks: text })?;
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
