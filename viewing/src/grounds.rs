//! Grounds, as an agency's people record, confirm and take them back.

use domain::{ApprovalId, ApprovalKind, GroundId, Purpose, ReportId};
use policy::permit::{ConfirmGround, RecordGround};
use policy::{Read, Viewer, access};
use store::{House, ground};

use office::staff::Member;
use office::{Trouble, approval};

pub use policy::ground::{EXIGENT_LASTS, MOST_LETTERS, State, Unfit, Words};
pub use seal::hex;
pub use store::ground::{CounselGround, Ground, NewGround};

/// The grounds that the viewer's agency has on record for a report, whatever has become of them.
///
/// # Errors
/// "No such thing" for what was not made available to the agency; a denial; a fault.
pub async fn of_report(house: &House, viewer: &Viewer, report: ReportId) -> Result<Vec<Ground>, Trouble> {
    let permit = access::permit::<Read>(viewer)?;
    Ok(house.read("grounds", move |view| ground::of_report(view, &permit, report)).await?)
}

/// Records a ground.
///
/// # Errors
/// As [`of_report`]; a refusal for what is incomplete.
pub async fn record(house: &House, viewer: &Viewer, new: NewGround) -> Result<GroundId, Trouble> {
    let permit = access::permit::<RecordGround>(viewer)?;
    let recorded = house.act(viewer.actor.clone(), Purpose::Investigation, "ground::record", move |act| {
        ground::record(act, &permit, &new)
    });
    Ok(recorded.await?)
}

/// Asks for a ground on a memorandum of counsel: a supervisor and counsel agree on it, whichever of them asks, and it is
/// recorded as the second one agrees.
///
/// # Errors
/// A refusal for whoever may not ask.
pub async fn ask_counsel(
    house: &House,
    member: &Member,
    ground: CounselGround,
) -> Result<ApprovalId, Trouble> {
    let subject = format!("report-{}", ground.report);
    let details = serde_json::to_value(&ground).map_err(|_| store::Refusal::Unfit { what: "ground" })?;
    approval::ask(house, member, ApprovalKind::CounselGround, subject, details).await
}

/// The commander's yes to exigent circumstances.
///
/// # Errors
/// As [`of_report`]; a refusal for whoever recorded it and for what waits for nobody.
pub async fn confirm(house: &House, viewer: &Viewer, id: GroundId) -> Result<ReportId, Trouble> {
    let permit = access::permit::<ConfirmGround>(viewer)?;
    let confirmed = house.act(viewer.actor.clone(), Purpose::Investigation, "ground::second", move |act| {
        ground::second(act, &permit, &id)
    });
    Ok(confirmed.await?)
}

/// Takes a ground back.
///
/// # Errors
/// As [`of_report`]; a refusal for what was taken back before.
pub async fn revoke(house: &House, viewer: &Viewer, id: GroundId) -> Result<ReportId, Trouble> {
    let permit = access::permit::<RecordGround>(viewer)?;
    let revoked = house.act(viewer.actor.clone(), Purpose::Investigation, "ground::revoke", move |act| {
        ground::revoke(act, &permit, &id)
    });
    Ok(revoked.await?)
}

/// Whether the viewer may be the second person of a ground.
#[must_use]
pub fn may_confirm(viewer: &Viewer) -> bool {
    access::permit::<ConfirmGround>(viewer).is_ok()
}

/// The digest of a document, from 64 hexadecimal digits.
#[must_use]
pub fn digest(text: &str) -> Option<[u8; 32]> {
    seal::unhex(&text.to_ascii_lowercase()).ok()?.try_into().ok()
}
