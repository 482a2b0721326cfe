//! What a receipt is made from: facts that never change once a report is finished.

use database::{FromRow, Row, bind};
use domain::ReportId;
use policy::Permit;
use seal::Place;

use crate::evidence::{self, FileDigest};
use crate::own::{self, Listed};
use crate::report::{self, Summary};
use crate::{Content, LeafId, Refusal, Result, View};

const LEAF: &str = "-- receipt::leaf
    SELECT id, sealed_event FROM ledger_leaf WHERE report_id = :report AND kind = 'report-finished'";

/// Everything that a receipt says, but for the ledger's proof.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The report; its moments and its digest are there, because it is finished.
    pub summary: Summary,
    /// Its documents, in order.
    pub documents: Vec<Listed>,
    /// Its files, in order.
    pub files: Vec<FileDigest>,
    /// The leaf that says that it was finished.
    pub leaf: LeafId,
    /// What that leaf commits to: 32 bytes of salt and the event.
    pub salted_event: Vec<u8>,
}

/// The facts for the receipt of a finished report.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach and for a report that is not finished, [`Refusal::Destroyed`] when
/// the event can no longer be opened.
pub fn facts<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Facts> {
    let summary = report::get(view, permit, report)?;
    let sealed: Option<Sealed> = view.tx().find(LEAF, &bind! { report: report.get() })?;
    let Sealed { leaf, event } = sealed.ok_or(Refusal::NotFound)?;
    let at = Place { table: "ledger_leaf", row: leaf.as_bytes(), column: "sealed_event" };
    let salted_event = view.open(&view.report_key(report)?, &at, &event)?.into_inner();
    let documents = own::documents(view, permit, report)?;
    Ok(Facts { summary, documents, files: evidence::digests(view, report)?, leaf, salted_event })
}

struct Sealed {
    leaf: LeafId,
    event: Vec<u8>,
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { leaf: row.get("id")?, event: row.get("sealed_event")? })
    }
}
