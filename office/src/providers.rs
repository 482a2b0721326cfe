//! The register of providers, as the clearinghouse's own people keep it: who may send, how each is reached, and the switch that
//! shuts one everywhere at once.

use domain::{ProviderId, Purpose, SwitchReason};
use policy::access::{self, Action, Space};
use store::person::Home;
use store::{House, account, contact, credential, provider};

use crate::fault::Trouble;
use crate::staff::Member;

pub use store::account::ORPHANED;
pub use store::contact::{Contact, Version};
pub use store::provider::{Ended, Provider, Switch};

/// One provider with what somebody weighs before they switch it off.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What the register says.
    pub provider: Provider,
    /// How it is reached; nothing before it said so.
    pub contact: Option<(Version, Contact)>,
    /// Its credentials that would open the door now, were it switched on.
    pub credentials: usize,
    /// Its people whose accounts are still there.
    pub people: usize,
    /// When it was switched off and on, the newest first.
    pub switches: Vec<Switch>,
}

fn may(house: &House, member: &Member) -> Result<(), Trouble> {
    Ok(access::right(&member.viewer(house), Action::KeepProviders, &Space::House).map(drop)?)
}

/// Every provider.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, member: &Member) -> Result<Vec<Provider>, Trouble> {
    may(house, member)?;
    Ok(house.read("providers::list", provider::list).await?)
}

/// One provider.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn get(house: &House, member: &Member, id: ProviderId) -> Result<Shown, Trouble> {
    may(house, member)?;
    let found = house.read("providers::get", move |view| {
        let (now, home) = (view.now(), Home::Provider(id.clone()));
        Ok(Shown {
            provider: provider::get(view, &id)?,
            contact: contact::in_force(view, &id)?,
            credentials: credential::list(view, &id)?.iter().filter(|one| one.is_live(now)).count(),
            people: account::list(view, &home)?.iter().filter(|one| one.gone.is_none()).count(),
            switches: provider::switches(view, &id)?,
        })
    });
    Ok(found.await?)
}

/// Switches a provider off, everywhere and now. One person is enough to shut.
///
/// # Errors
/// A denial; "no such thing"; a refusal of [`provider::disable`].
pub async fn disable(
    house: &House,
    member: &Member,
    id: ProviderId,
    because: SwitchReason,
) -> Result<Ended, Trouble> {
    may(house, member)?;
    let ended = house.act(member.actor(), Purpose::Administration, "providers::disable", move |act| {
        provider::disable(act, &id, because)
    });
    Ok(ended.await?)
}

/// Switches a provider on again. One person is enough, as one is who puts a provider on the register.
///
/// # Errors
/// A denial; "no such thing"; a refusal of [`provider::restore`].
pub async fn restore(
    house: &House,
    member: &Member,
    id: ProviderId,
    because: SwitchReason,
) -> Result<(), Trouble> {
    may(house, member)?;
    let restored = house.act(member.actor(), Purpose::Administration, "providers::restore", move |act| {
        provider::restore(act, &id, because)
    });
    Ok(restored.await?)
}
