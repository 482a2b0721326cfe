//! Between columns and the types of the language: one spelling for every row.

use std::str::FromStr;

use database::{Fault, FromValue, Mismatch, Row, ValueRef};
use domain::ReportId;
use jiff::Timestamp;

/// Text that parses to a word or an id.
struct Parsed<T>(T);

impl<T: FromStr> FromValue for Parsed<T> {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        let parsed = match value {
            ValueRef::Text(text) => text.parse().ok(),
            _ => None,
        };
        parsed.map(Self).ok_or_else(|| Mismatch::new("a known word or id", value))
    }
}

struct Number(ReportId);

impl FromValue for Number {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        let number = u64::from_value(value)?;
        number.try_into().map(Self).map_err(|_| Mismatch::new("report id", value))
    }
}

struct Moment(Timestamp);

impl FromValue for Moment {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        let micros = i64::from_value(value)?;
        Timestamp::from_microsecond(micros).map(Self).map_err(|_| Mismatch::new("moment", value))
    }
}

/// A word or an id: `parsed::<Stage>(row, "stage")`.
///
/// # Errors
/// A fault that names the column when the row holds anything else.
pub fn parsed<T: FromStr>(row: &Row<'_>, column: &str) -> Result<T, Fault> {
    row.get::<Parsed<T>>(column).map(|parsed| parsed.0)
}

/// A word or an id that may be absent.
///
/// # Errors
/// A fault that names the column when the row holds anything else.
pub fn parsed_option<T: FromStr>(row: &Row<'_>, column: &str) -> Result<Option<T>, Fault> {
    row.get::<Option<Parsed<T>>>(column).map(|parsed| parsed.map(|parsed| parsed.0))
}

/// The number of a report.
///
/// # Errors
/// A fault that names the column when the row holds anything else.
pub fn report(row: &Row<'_>, column: &str) -> Result<ReportId, Fault> {
    row.get::<Number>(column).map(|number| number.0)
}

/// The number of a report that may be absent.
///
/// # Errors
/// A fault that names the column when the row holds anything else.
pub fn report_option(row: &Row<'_>, column: &str) -> Result<Option<ReportId>, Fault> {
    row.get::<Option<Number>>(column).map(|number| number.map(|number| number.0))
}

/// A moment, stored in microseconds UTC.
///
/// # Errors
/// A fault that names the column when the row holds anything else.
pub fn moment(row: &Row<'_>, column: &str) -> Result<Timestamp, Fault> {
    row.get::<Moment>(column).map(|moment| moment.0)
}

/// A moment that may not have come.
///
/// # Errors
/// A fault that names the column when the row holds anything else.
pub fn moment_option(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, Fault> {
    row.get::<Option<Moment>>(column).map(|moment| moment.map(|moment| moment.0))
}

/// A moment as it is stored.
#[must_use]
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}
