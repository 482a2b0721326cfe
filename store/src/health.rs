//! Whether anything waits that should not: counts and the oldest report without a delivery.

use database::{FromRow, Row, bind};
use domain::{ReportId, Stage};
use jiff::Timestamp;

use crate::{Result, View, column};

const OPEN: &str = "-- health::open
    SELECT COUNT(*) FROM (SELECT 1 FROM report WHERE expires_at IS NOT NULL LIMIT :most) AS counted";

const UNDELIVERED: &str = "-- health::undelivered
    SELECT stage, COUNT(*) AS reports FROM (
        SELECT stage FROM report WHERE undelivered_since IS NOT NULL ORDER BY undelivered_since LIMIT :most
    ) AS waiting
    GROUP BY stage ORDER BY stage";

const OLDEST_UNDELIVERED: &str = "-- health::oldest_undelivered
    SELECT id, stage, undelivered_since FROM report WHERE undelivered_since IS NOT NULL
    ORDER BY undelivered_since LIMIT 1";

/// Reports that are counted; more than this is said as this many.
pub const MOST_COUNTED: u32 = 100_000;

/// How many reports are on their way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open: their providers have not finished them.
    pub open: u64,
    /// Finished and not yet available, by stage. What is available is not counted: it waits for nobody here.
    pub undelivered: Vec<(Stage, u64)>,
}

/// A report that no agency can read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undelivered {
    /// Which.
    pub report: ReportId,
    /// Where it stands.
    pub stage: Stage,
    /// When it was finished.
    pub since: Timestamp,
}

/// How many reports are on their way.
///
/// # Errors
/// A fault of the database.
pub fn counts(view: &View<'_>) -> Result<Counts> {
    let open = view.tx().get(OPEN, &bind! { most: MOST_COUNTED })?;
    let rows: Vec<Waiting> = view.tx().rows(UNDELIVERED, &bind! { most: MOST_COUNTED })?;
    Ok(Counts { open, undelivered: rows.into_iter().map(|row| (row.0, row.1)).collect() })
}

/// The finished report that has waited longest for its first delivery; `None` when none waits.
///
/// # Errors
/// A fault of the database.
pub fn oldest_undelivered(view: &View<'_>) -> Result<Option<Undelivered>> {
    Ok(view.tx().find(OLDEST_UNDELIVERED, &bind! {})?)
}

struct Waiting(Stage, u64);

impl FromRow for Waiting {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "stage")?, row.get("reports")?))
    }
}

impl FromRow for Undelivered {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "id")?,
            stage: column::parsed(row, "stage")?,
            since: column::moment(row, "undelivered_since")?,
        })
    }
}
