//! How senders say they report: a provider writes and hands in, the clearinghouse approves, and each report carries the
//! version that was in force when it was finished.

use domain::{Actor, ProfileState, ProviderId, Purpose, SenderProfile};
use store::{House, sender_profile};

use crate::provider::ProviderViewer;
use office::Trouble;

pub use store::sender_profile::Version as ProfileVersion;

/// A provider's own versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnProfile {
    /// What the next report will carry.
    pub in_force: Option<ProfileVersion>,
    /// What waits for the clearinghouse.
    pub waiting: Option<ProfileVersion>,
    /// What the clearinghouse sent back last, until something newer is handed in.
    pub returned: Option<ProfileVersion>,
    /// What is still being written.
    pub draft: Option<ProfileVersion>,
    /// Everything before, the newest first.
    pub former: Vec<ProfileVersion>,
}

impl OwnProfile {
    fn of(versions: Vec<ProfileVersion>) -> Self {
        let mut own = Self::default();
        for version in versions {
            match version.state() {
                ProfileState::Approved => own.in_force = Some(version),
                ProfileState::Submitted => own.waiting = Some(version),
                ProfileState::Draft => own.draft = Some(version),
                // The newest comes first.
                ProfileState::Returned if own.returned.is_none() => own.returned = Some(version),
                ProfileState::Returned | ProfileState::Superseded => own.former.push(version),
            }
        }
        own
    }
}

/// The viewer's own versions, and nobody else's.
///
/// # Errors
/// A fault.
pub async fn get(house: &House, viewer: &ProviderViewer) -> Result<OwnProfile, Trouble> {
    of_provider(house, viewer.provider()).await
}

/// Saves the viewer's draft and answers its version. [`SenderProfile::unfit`] says beforehand what would be refused.
///
/// # Errors
/// "Not acceptable" for a profile beyond its bounds, "somebody else was first"; a fault.
pub async fn save_draft(
    house: &House,
    viewer: &ProviderViewer,
    profile: SenderProfile,
) -> Result<u32, Trouble> {
    let provider = viewer.provider().clone();
    let saved =
        house.act(viewer.actor().clone(), Purpose::Administration, "sender_profile::save", move |act| {
            sender_profile::save(act, &provider, &profile)
        });
    Ok(saved.await?)
}

/// Hands the viewer's draft in. [`SenderProfile::missing`] says beforehand what would be refused.
///
/// # Errors
/// "No such thing" when this version is no draft of the viewer's, "not acceptable" while something is missing; a fault.
pub async fn submit(house: &House, viewer: &ProviderViewer, version: u32) -> Result<(), Trouble> {
    let provider = viewer.provider().clone();
    let submitted =
        house.act(viewer.actor().clone(), Purpose::Administration, "sender_profile::submit", move |act| {
            sender_profile::submit(act, &provider, version)
        });
    Ok(submitted.await?)
}

/// Saves and hands in on behalf of a provider that has nobody at the portal, and answers the version.
///
/// # Errors
/// As [`save_draft`] and [`submit`].
pub async fn put(
    house: &House,
    actor: Actor,
    provider: ProviderId,
    profile: SenderProfile,
) -> Result<u32, Trouble> {
    let put = house.act(actor, Purpose::Administration, "sender_profile::put", move |act| {
        let version = sender_profile::save(act, &provider, &profile)?;
        sender_profile::submit(act, &provider, version)?;
        Ok(version)
    });
    Ok(put.await?)
}

/// Approves what a provider handed in: from now on its reports carry it. For people of the clearinghouse only.
///
/// # Errors
/// "No such thing" when this version does not wait for approval; a fault.
pub async fn approve(house: &House, actor: Actor, provider: ProviderId, version: u32) -> Result<(), Trouble> {
    let approved = house.act(actor, Purpose::Administration, "sender_profile::approve", move |act| {
        sender_profile::approve(act, &provider, version)
    });
    Ok(approved.await?)
}

/// Sends back what a provider handed in, with what must be mended. For people of the clearinghouse only.
///
/// # Errors
/// "No such thing" when this version does not wait for approval, "not acceptable" for a comment that is empty or too
/// long; a fault.
pub async fn send_back(
    house: &House,
    actor: Actor,
    provider: ProviderId,
    version: u32,
    comment: String,
) -> Result<(), Trouble> {
    let returned = house.act(actor, Purpose::Administration, "sender_profile::send_back", move |act| {
        sender_profile::send_back(act, &provider, version, &comment)
    });
    Ok(returned.await?)
}

/// Every version of one provider, for the clearinghouse.
///
/// # Errors
/// A fault.
pub async fn of_provider(house: &House, provider: &ProviderId) -> Result<OwnProfile, Trouble> {
    let provider = provider.clone();
    let versions = house.read("sender_profile::get", move |view| sender_profile::versions(view, &provider));
    Ok(OwnProfile::of(versions.await?))
}

/// What waits for the clearinghouse, who waits longest first.
///
/// # Errors
/// A fault.
pub async fn waiting(house: &House) -> Result<Vec<ProfileVersion>, Trouble> {
    Ok(house.read("sender_profile::waiting", sender_profile::waiting).await?)
}
