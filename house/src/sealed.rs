//! Sealed columns of a report: values as JSON under the report's key, each bound to its table, row and column.

use domain::ReportId;
use seal::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Act, Fault, Result, View};

/// Where a sealed value of a report stands.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// Whose key seals it.
    pub report: ReportId,
    /// The table.
    pub table: &'static str,
    /// What tells its row from the report's others; empty where there is one row per report.
    pub row: &'a str,
    /// The column.
    pub column: &'static str,
}

impl Cell<'_> {
    fn row(&self) -> String {
        if self.row.is_empty() { self.report.to_string() } else { format!("{}/{}", self.report, self.row) }
    }
}

/// Seals bytes.
///
/// # Errors
/// [`crate::Refusal::Destroyed`] without the report's key; a fault for what was changed or is not such a value.
pub fn bytes(act: &Act<'_>, cell: Cell<'_>, plain: &[u8]) -> Result<Vec<u8>> {
    let row = cell.row();
    let place = Place { table: cell.table, row: row.as_bytes(), column: cell.column };
    act.seal(&act.report_key(cell.report)?, &place, plain)
}

/// Opens bytes.
///
/// # Errors
/// [`crate::Refusal::Destroyed`] without the report's key; a fault for what was changed or is not such a value.
pub fn open_bytes(view: &View<'_>, cell: Cell<'_>, sealed: &[u8]) -> Result<Vec<u8>> {
    let row = cell.row();
    let place = Place { table: cell.table, row: row.as_bytes(), column: cell.column };
    Ok(view.open(&view.report_key(cell.report)?, &place, sealed)?.into_inner())
}

/// Seals a value as JSON.
///
/// # Errors
/// [`crate::Refusal::Destroyed`] without the report's key; a fault for what was changed or is not such a value.
pub fn json<T: Serialize + ?Sized>(act: &Act<'_>, cell: Cell<'_>, value: &T) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value).map_err(|_| Fault::Row { what: cell.table })?;
    bytes(act, cell, &plain)
}

/// Opens a value that was sealed as JSON.
///
/// # Errors
/// [`crate::Refusal::Destroyed`] without the report's key; a fault for what was changed or is not such a value.
pub fn open_json<T: DeserializeOwned>(view: &View<'_>, cell: Cell<'_>, sealed: &[u8]) -> Result<T> {
    let plain = open_bytes(view, cell, sealed)?;
    Ok(serde_json::from_slice(&plain).map_err(|_| Fault::Row { what: cell.table })?)
}
