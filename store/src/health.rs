//! What an operator watches: counts, and how long the oldest report has waited to be delivered.

use database::{FromRow, Row, bind};
use jiff::Timestamp;

use crate::{Result, View, column};

const STAGES: &str = "-- health::stages
    SELECT stage, COUNT(*) AS reports FROM report GROUP BY stage ORDER BY stage";

const OLDEST: &str = "-- health::oldest_undelivered
    SELECT undelivered_since FROM report WHERE undelivered_since IS NOT NULL ORDER BY undelivered_since LIMIT 1";

/// How many reports stand at each stage that has any.
///
/// # Errors
/// A fault of the database.
pub fn stages(view: &View<'_>) -> Result<Vec<(String, u64)>> {
    Ok(view.tx().rows(STAGES, &bind! {})?)
}

/// Since when the oldest finished report waits for its first delivery.
///
/// # Errors
/// A fault of the database.
pub fn oldest_undelivered(view: &View<'_>) -> Result<Option<Timestamp>> {
    let oldest: Option<Oldest> = view.tx().find(OLDEST, &bind! {})?;
    Ok(oldest.map(|oldest| oldest.0))
}

struct Oldest(Timestamp);

impl FromRow for Oldest {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::moment(row, "undelivered_since").map(Self)
    }
}
