//! The end of transfers: with their report when they were never finished, a day after it when they were.

use database::{FromRow, Row, bind};
use domain::{FileId, ReportId};
use serde_json::json;

use super::{BETWEEN_LOOKS, erase};
use crate::idempotency::AFTER_CLOSING;
use crate::{Act, Event, EventKind, Result, View, column};

const IS_DUE: &str = "-- transfer::is_due
    SELECT COUNT(*) FROM (SELECT 1 FROM transfer WHERE look_at <= :now LIMIT 1) AS one";

const DUE: &str = "-- transfer::due
    SELECT file_id, report_id, completed_at FROM transfer WHERE look_at <= :now ORDER BY look_at LIMIT :most
    {for_update_skip_locked}";

const HOLDS: &str = "-- transfer::holds
    SELECT COUNT(*) FROM report WHERE id = :report
    AND (stage = 'open' OR (:complete = 1 AND COALESCE(finished_at, closed_at) > :closed_before))";

const LOOK_LATER: &str = "-- transfer::look_later
    UPDATE transfer SET look_at = :later WHERE file_id = :file";

/// Whether the sweep has something to look at: ask before [`sweep`], because an act with nothing to do is refused.
///
/// # Errors
/// A fault of the database.
pub fn is_due(view: &View<'_>) -> Result<bool> {
    Ok(view.tx().get::<u32>(IS_DUE, &bind! { now: column::micros(view.now()) })? > 0)
}

/// Looks at so many transfers whose time may be over, and erases those whose report holds them no more. Answers how many
/// were looked at.
///
/// # Errors
/// A fault of the database.
pub fn sweep(act: &Act<'_>, most: u32) -> Result<u64> {
    let now = column::micros(act.now());
    let due: Vec<Due> = act.tx().rows(DUE, &bind! { now, most })?;
    let mut erased = 0_u64;
    for one in &due {
        if one.is_held(act)? {
            let later = column::micros(act.now().checked_add(BETWEEN_LOOKS).unwrap_or(act.now()));
            act.tx().execute(LOOK_LATER, &bind! { later, file: one.file.as_str() })?;
        } else {
            erase(act, one.report, &one.file)?;
            erased += 1;
        }
    }
    act.note(Event::of_house(EventKind::TransfersForgotten).with(json!({ "forgotten": erased })))?;
    Ok(due.len() as u64)
}

struct Due {
    file: FileId,
    report: ReportId,
    is_complete: bool,
}

impl Due {
    fn is_held(&self, act: &Act<'_>) -> Result<bool> {
        let closed_before = act.now().checked_sub(AFTER_CLOSING).unwrap_or(act.now());
        let asked = bind! {
            report: self.report.get(), complete: self.is_complete, closed_before: column::micros(closed_before),
        };
        Ok(act.tx().get::<u32>(HOLDS, &asked)? > 0)
    }
}

impl FromRow for Due {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            file: column::parsed(row, "file_id")?,
            report: column::report(row, "report_id")?,
            is_complete: column::moment_option(row, "completed_at")?.is_some(),
        })
    }
}
