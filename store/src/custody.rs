//! What the ledger tells of one report, leaf by leaf: the chain of custody that a court is shown.

use database::{FromRow, Row, bind};
use domain::ReportId;
use jiff::Timestamp;
use policy::Permit;
use seal::Place;

use crate::{Content, EventKind, LeafId, Result, View, column, reach};

const LEAVES: &str = "-- custody::leaves
    SELECT id, kind, occurred_at, sealed_event FROM ledger_leaf
    WHERE report_id = :report AND leaf_index IS NOT NULL ORDER BY leaf_index LIMIT :most";

/// Leaves of one report that are told. A report with more is told to the operator as it is: it has none in practice.
pub const MOST_LEAVES: u32 = 10_000;

/// One thing that happened to a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its leaf.
    pub leaf: LeafId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// What the leaf commits to: 32 bytes of salt and the event.
    pub salted_event: Vec<u8>,
}

/// Everything that the ledger tells of a report and that has its place in the tree, in the order of the tree.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach, [`crate::Refusal::Destroyed`] when the events can no longer be
/// opened.
pub fn of_report<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Told>> {
    reach::added(view, permit, report)?;
    let leaves: Vec<Leaf> = view.tx().rows(LEAVES, &bind! { report: report.get(), most: MOST_LEAVES })?;
    leaves.into_iter().map(|leaf| leaf.opened(view, report)).collect()
}

struct Leaf {
    leaf: LeafId,
    kind: EventKind,
    at: Timestamp,
    sealed: Vec<u8>,
}

impl Leaf {
    fn opened(self, view: &View<'_>, report: ReportId) -> Result<Told> {
        let Self { leaf, kind, at, sealed } = self;
        let place = Place { table: "ledger_leaf", row: leaf.as_bytes(), column: "sealed_event" };
        let salted_event = match kind.outlives_report() {
            true => view.open(view.house_key(), &place, &sealed)?,
            false => view.open(&view.report_key(report)?, &place, &sealed)?,
        };
        Ok(Told { leaf, kind, at, salted_event: salted_event.into_inner() })
    }
}

impl FromRow for Leaf {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            leaf: row.get("id")?,
            kind: column::parsed(row, "kind")?,
            at: column::moment(row, "occurred_at")?,
            sealed: row.get("sealed_event")?,
        })
    }
}
