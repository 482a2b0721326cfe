//! An agency's public keys: registered and revoked by its commander, confirmed by somebody of the clearinghouse who
//! compared the fingerprint with the agency over a second channel, such as a telephone number that was known before.

use domain::{AgencyId, Purpose};
use jiff::Timestamp;
use policy::Viewer;
use policy::access::{self, Action, Space};
use seal::SealTo;
use store::agency_key;
pub use store::agency_key::{AgencyKey, Fingerprint, State};
use store::{House, Refusal};

use crate::Trouble;

/// The longest text that is read as a key.
pub const MOST_KEY_BYTES: usize = 4096;

/// The keys of the viewer's own agency, the newest first.
///
/// # Errors
/// A denial, or a fault.
pub async fn own(house: &House, viewer: &Viewer) -> Result<Vec<AgencyKey>, Trouble> {
    let agency = may_keep(viewer)?;
    Ok(house.read("agency_keys::own", move |view| agency_key::list(view, &agency)).await?)
}

/// Whether the viewer keeps the keys of an agency: its pages say so only to those who do.
#[must_use]
pub fn keeps(viewer: &Viewer) -> bool {
    may_keep(viewer).is_ok()
}

/// Registers a key of the viewer's own agency, given as PEM.
///
/// # Errors
/// [`Refusal::Unfit`] for what is no key of ours, [`Refusal::Conflict`] for one that was there before; a denial; a fault.
pub async fn register(house: &House, viewer: &Viewer, pem: &str) -> Result<Fingerprint, Trouble> {
    let agency = may_keep(viewer)?;
    let key = SealTo::from_pem(pem).map_err(|_| Refusal::Unfit { what: "public key" })?;
    let registered =
        house.act(viewer.actor.clone(), Purpose::Administration, "agency_keys::register", move |act| {
            agency_key::register(act, &agency, &key)
        });
    Ok(registered.await?)
}

/// Revokes a key of the viewer's own agency: the next package is not sealed to it.
///
/// # Errors
/// "No such thing"; a denial; a fault.
pub async fn revoke(house: &House, viewer: &Viewer, key: Fingerprint) -> Result<(), Trouble> {
    let agency = may_keep(viewer)?;
    revoked(house, viewer, agency, key).await
}

/// The keys that wait for somebody of the clearinghouse to compare their fingerprints.
///
/// # Errors
/// A denial, or a fault.
pub async fn waiting(house: &House, viewer: &Viewer) -> Result<Vec<AgencyKey>, Trouble> {
    access::right(viewer, Action::ConfirmAgencyKey, &Space::House)?;
    Ok(house.read("agency_keys::waiting", agency_key::waiting).await?)
}

/// All keys of one agency, for somebody of the clearinghouse.
///
/// # Errors
/// A denial, or a fault.
pub async fn of_agency(house: &House, viewer: &Viewer, agency: AgencyId) -> Result<Vec<AgencyKey>, Trouble> {
    access::right(viewer, Action::ConfirmAgencyKey, &Space::House)?;
    Ok(house.read("agency_keys::of_agency", move |view| agency_key::list(view, &agency)).await?)
}

/// Records that the viewer compared a fingerprint with the agency over a second channel, and how. The fingerprint that
/// the agency read out is the one that is given here. Answers until when the key is good.
///
/// # Errors
/// "No such thing" when no key with this fingerprint waits; [`Refusal::Unfit`] when it is not said how; a denial; a fault.
pub async fn confirm(
    house: &House,
    viewer: &Viewer,
    agency: AgencyId,
    heard: Fingerprint,
    how: String,
) -> Result<Timestamp, Trouble> {
    access::right(viewer, Action::ConfirmAgencyKey, &Space::House)?;
    let confirmed =
        house.act(viewer.actor.clone(), Purpose::Administration, "agency_keys::confirm", move |act| {
            agency_key::confirm(act, &agency, heard, &how)
        });
    Ok(confirmed.await?)
}

/// Revokes a key of any agency, for somebody of the clearinghouse who was told that it is no longer safe.
///
/// # Errors
/// "No such thing"; a denial; a fault.
pub async fn revoke_for(
    house: &House,
    viewer: &Viewer,
    agency: AgencyId,
    key: Fingerprint,
) -> Result<(), Trouble> {
    access::right(viewer, Action::ConfirmAgencyKey, &Space::House)?;
    revoked(house, viewer, agency, key).await
}

async fn revoked(house: &House, viewer: &Viewer, agency: AgencyId, key: Fingerprint) -> Result<(), Trouble> {
    let revoked =
        house.act(viewer.actor.clone(), Purpose::Administration, "agency_keys::revoke", move |act| {
            agency_key::revoke(act, &agency, key)
        });
    Ok(revoked.await?)
}

/// The agency whose keys the viewer keeps.
fn may_keep(viewer: &Viewer) -> Result<AgencyId, Trouble> {
    let agency = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    access::right(viewer, Action::KeepAgencyKeys, &Space::Agency(&agency))?;
    Ok(agency)
}
