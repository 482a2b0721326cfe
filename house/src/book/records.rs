//! The ledger as a record to be read: leaves in the tree's order, each with the event that it commits to.

use database::{FromRow, Row, bind};
use domain::ReportId;
use seal::Place;

use super::Book;
use crate::event::SALT_BYTES;
use crate::{Error, EventKind, Fault, LeafId, Refusal, Result, View, column};

/// Records that are read at a time.
pub const MOST_RECORDS: u32 = 1_000;

const RECORDS: &str = "-- book::records
    SELECT id, leaf_index, kind, report_id, sealed_event FROM ledger_leaf
    WHERE leaf_index >= :start ORDER BY leaf_index LIMIT :most";

/// One leaf with what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The leaf.
    pub leaf: LeafId,
    /// Its place in the tree.
    pub index: u64,
    /// What happened.
    pub kind: EventKind,
    /// The event, as `docs/event.schema.json` describes it; `None` once it was destroyed with its report.
    pub event: Option<serde_json::Value>,
}

struct Kept {
    leaf: LeafId,
    index: u64,
    kind: EventKind,
    report: Option<ReportId>,
    sealed: Vec<u8>,
}

impl Book<'_> {
    /// Records from an index on, at most [`MOST_RECORDS`]. Whoever asks on behalf of a person notes
    /// [`EventKind::LedgerRead`] first: reading the ledger is an event of its own.
    ///
    /// # Errors
    /// A fault of the database, and for an event that was changed.
    pub fn records(&self, view: &View<'_>, from: u64, most: u32) -> Result<Vec<Record>> {
        let most = most.min(MOST_RECORDS);
        let kept: Vec<Kept> = view.tx().rows(RECORDS, &bind! { start: from, most })?;
        kept.into_iter().map(|kept| opened(view, kept)).collect()
    }
}

fn opened(view: &View<'_>, kept: Kept) -> Result<Record> {
    let Kept { leaf, index, kind, report, sealed } = kept;
    let event = salted(view, (leaf, kind, report), &sealed)?.map(|salted| {
        let told = told(&salted);
        told.ok_or_else(|| Error::from(Fault::Row { what: "event" }))
    });
    Ok(Record { leaf, index, kind, event: event.transpose()? })
}

/// What a leaf commits to, salt first; `None` once it was destroyed with its report.
pub(super) fn salted(
    view: &View<'_>,
    (leaf, kind, report): (LeafId, EventKind, Option<ReportId>),
    sealed: &[u8],
) -> Result<Option<Vec<u8>>> {
    let key = match report.filter(|_| !kind.outlives_report()).map(|report| view.report_key(report)) {
        None => view.house_key().clone(),
        Some(Ok(key)) => key,
        Some(Err(Error::Refusal(Refusal::Destroyed))) => return Ok(None),
        Some(Err(error)) => return Err(error),
    };
    let at = Place { table: "ledger_leaf", row: leaf.as_bytes(), column: "sealed_event" };
    Ok(Some(view.open(&key, &at, sealed)?.into_inner()))
}

/// The event behind its salt.
pub(super) fn told(salted: &[u8]) -> Option<serde_json::Value> {
    serde_json::from_slice(salted.get(SALT_BYTES..)?).ok()
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            leaf: row.get("id")?,
            index: row.get("leaf_index")?,
            kind: column::parsed(row, "kind")?,
            report: column::report_option(row, "report_id")?,
            sealed: row.get("sealed_event")?,
        })
    }
}
