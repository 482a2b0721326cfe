//! What an agency's own system reads in its feed besides deliveries: each step of a transfer, for both its agencies, and a
//! report that came back to one. The row goes with the leaf; its place in the feed comes from the tree, as that of a
//! delivery does, so that whoever follows the cursor misses nothing.

use database::bind;
use domain::{AgencyId, CameBack, Id, ReportId};
use house::LeafId;

use crate::{Act, Refusal, Result};

const INSERT: &str = "-- news::insert
    INSERT INTO feed_notice (leaf_id, agency_id, transfer_id, came_back, delivery_leaf)
    VALUES (:leaf, :agency, :transfer, :came_back, :delivery)";

const DELIVERY: &str = "-- news::delivery
    SELECT leaf_id FROM delivery WHERE report_id = :report AND agency_id = :agency";

/// A report that is an agency's to see to again, or still.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Back<'a> {
    /// The report.
    pub report: ReportId,
    /// The agency, which was given it before.
    pub agency: &'a AgencyId,
    /// How it came back.
    pub how: CameBack,
}

/// A step of a transfer between two agencies, and to which of them its report came back by it.
///
/// # Errors
/// A fault of the database.
pub(crate) fn step(
    act: &Act<'_>,
    leaf: LeafId,
    transfer: &str,
    both: [&AgencyId; 2],
    back: Option<Back<'_>>,
) -> Result<()> {
    let to = |agency: &AgencyId| {
        insert(act, leaf, agency, Some(transfer), back.filter(|back| back.agency == agency))
    };
    both.into_iter().try_for_each(to)
}

/// A report that came back without any.
///
/// # Errors
/// [`Refusal::NotFound`] for an agency that was not given it before; a fault of the database.
pub(crate) fn came_back(act: &Act<'_>, leaf: LeafId, back: Back<'_>) -> Result<()> {
    insert(act, leaf, back.agency, None, Some(back))
}

fn insert(
    act: &Act<'_>,
    leaf: LeafId,
    agency: &AgencyId,
    transfer: Option<&str>,
    back: Option<Back<'_>>,
) -> Result<()> {
    let delivery = back.map(|back| {
        let asked = bind! { report: back.report.get(), agency: agency.as_str() };
        let found: Option<LeafId> = act.tx().find(DELIVERY, &asked)?;
        Ok::<_, house::Error>(found.ok_or(Refusal::NotFound)?)
    });
    let row = bind! {
        leaf, agency: agency.as_str(), transfer, came_back: back.map(|back| back.how.as_str()),
        delivery: delivery.transpose()?,
    };
    act.tx().execute(INSERT, &row)?;
    Ok(())
}
