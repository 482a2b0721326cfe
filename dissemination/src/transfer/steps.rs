//! The steps of an agency's transfers in the order of the ledger, for its own systems.

use database::{FromRow, Row, bind};
use domain::Id as _;
use policy::Permit;
use policy::permit::SeeTransfers;

use super::{Sealed, Transfer, one};
use crate::{Result, View};

const STEPS: &str = "-- transfer::steps
    SELECT feed_entry.position, id, agency_transfer.report_id, from_agency, to_agency, kind, code,
        agency_transfer.reason, state, agency_transfer.urgency, offered_by, offered_at, agency_transfer.due_at, decided_by,
        decided_at, decline, delivery_id, agency_transfer.version, sealed_words, sealed_answer, incident_type, received_at,
        files
    FROM feed_entry JOIN agency_transfer ON agency_transfer.id = feed_entry.transfer_id
    JOIN standing ON standing.agency_id = from_agency AND standing.report_id = agency_transfer.report_id
    WHERE feed_entry.agency_id = :agency AND feed_entry.transfer_id IS NOT NULL AND feed_entry.position > :after
    ORDER BY feed_entry.position LIMIT :most";

/// Steps of one page.
pub const MOST_STEPS: u32 = 500;

/// A step of a transfer, with the transfer as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the ledger, counted from 1: the cursor that continues after it.
    pub position: u64,
    /// The transfer, without words.
    pub transfer: Transfer,
}

/// What was offered, referred, taken, declined, taken back or not answered in time after a cursor, to or by the permit's
/// agency. Nothing is ever added before a step that was shown.
///
/// # Errors
/// A fault of the database.
pub fn steps(view: &View<'_>, permit: &Permit<SeeTransfers>, after: u64, most: u32) -> Result<Vec<Step>> {
    let own = crate::agency(permit)?;
    let after = after.min(i64::MAX.unsigned_abs());
    let asked = bind! { agency: own.as_str(), after, most: most.min(MOST_STEPS) };
    let rows: Vec<Placed> = view.tx().rows(STEPS, &asked)?;
    let seen = |row: Placed| Step { position: row.position, transfer: row.transfer.seen_by(own) };
    Ok(rows.into_iter().map(seen).collect())
}

/// One of the permit's agency, with its words.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for one of others.
pub fn find(view: &View<'_>, permit: &Permit<SeeTransfers>, id: &str) -> Result<Transfer> {
    one(view, crate::agency(permit)?, id)
}

struct Placed {
    position: u64,
    transfer: Sealed,
}

impl FromRow for Placed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { position: row.get("position")?, transfer: Sealed::from_row(row)? })
    }
}
