//! What is no longer there, and by which destruction: pages and packages say so instead of staying silent.

use std::collections::HashMap;

use database::{FromRow, Row, bind};
use domain::{Destroyed, DestructionId, FileId, ReportId};
use jiff::Timestamp;

use crate::{Result, View, column};

const OF_FILES: &str = "-- destruction::of_files
    SELECT destruction_item.file_id, destruction_item.dropped_at, destruction.id, destruction.certified_at
    FROM destruction_item JOIN destruction ON destruction.id = destruction_item.destruction_id
    WHERE destruction_item.report_id = :report AND destruction_item.dropped_at IS NOT NULL
    ORDER BY destruction_item.dropped_at DESC, destruction.id DESC";

const REPORT: &str = "-- destruction::report_gone
    SELECT destruction_id, erased_at FROM destruction_report WHERE report_id = :report AND erased_at IS NOT NULL";

/// The files of a report whose keys were dropped, each with the destruction that dropped them first.
///
/// # Errors
/// A fault of the database.
pub fn of_files(view: &View<'_>, report: ReportId) -> Result<HashMap<FileId, Destroyed>> {
    let rows: Vec<Dropped> = view.tx().rows(OF_FILES, &bind! { report: report.get() })?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// Since when a whole report is gone, and by which destruction.
///
/// # Errors
/// A fault of the database.
pub fn report_gone(view: &View<'_>, report: ReportId) -> Result<Option<(DestructionId, Timestamp)>> {
    let found: Option<Gone> = view.tx().find(REPORT, &bind! { report: report.get() })?;
    Ok(found.map(|gone| (gone.0, gone.1)))
}

struct Dropped(FileId, Destroyed);

impl FromRow for Dropped {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let destroyed = Destroyed {
            at: column::moment(row, "dropped_at")?,
            destruction: column::parsed(row, "id")?,
            certified_at: column::moment_option(row, "certified_at")?,
        };
        Ok(Self(column::parsed(row, "file_id")?, destroyed))
    }
}

struct Gone(DestructionId, Timestamp);

impl FromRow for Gone {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "destruction_id")?, column::moment(row, "erased_at")?))
    }
}
