//! What came of a report: said by its agency, seen by the clearinghouse as a code, counted for its sender.

use std::collections::BTreeMap;

use domain::{Outcome, Purpose, ReportId};
use office::Trouble;
use policy::permit::Work;
use policy::{List, Permit, Read, Viewer, access};
use store::House;

pub use casework::outcome::{Count, MOST_LISTED, Recorded, SMALLEST_CELL};

/// Records what came of a report and closes it, where nobody changed it since it was seen. Answers whether it was closed.
///
/// # Errors
/// "No such thing" for a report that the agency does not have; a denial; a fault.
pub async fn record(
    house: &House,
    viewer: &Viewer,
    seen: (ReportId, u32),
    outcome: Outcome,
) -> Result<bool, Trouble> {
    let permit = access::permit::<Work>(viewer)?;
    let recorded = house.act(viewer.actor.clone(), Purpose::Investigation, "outcome::record", move |act| {
        casework::outcome::record(act, &permit, seen, outcome)
    });
    Ok(recorded.await?)
}

/// The outcomes of a report: an agency's own, or the codes of all for the clearinghouse's people.
///
/// # Errors
/// As [`record`].
pub async fn of_report(house: &House, viewer: &Viewer, report: ReportId) -> Result<Vec<Recorded>, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    Ok(house.read("outcomes", move |view| casework::outcome::of_report(view, &permit, report)).await?)
}

/// How often each outcome came of what a provider sent, without small numbers.
///
/// # Errors
/// A fault.
pub async fn counts(house: &House, own: &Permit<Read>) -> Result<BTreeMap<Outcome, Count>, Trouble> {
    let permit = access::provider_list(own);
    Ok(house.read("outcomes::counts", move |view| casework::outcome::counts(view, &permit)).await?)
}
