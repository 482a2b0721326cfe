//! The contact fields of R-06. What is stale is flagged; nothing is refused for it.

use domain::{Purpose, ReportId};
use store::contact::{self, Contact, Stamp, Version};
use store::{House, Refusal};

use super::Member;
use office::Trouble;

/// What is known of how a provider is reached.
#[derive(Debug, Clone, Default)]
pub struct ContactCard {
    /// The version in force with its words; `None` before the first.
    pub in_force: Option<(Version, Contact)>,
    /// Whether it is missing or nobody confirmed it for a year.
    pub is_stale: bool,
    /// All versions, the newest first.
    pub versions: Vec<Version>,
}

/// The contact fields of the member's provider.
///
/// # Errors
/// A denial, or a fault.
pub async fn contact_card(house: &House, member: &Member) -> Result<ContactCard, Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    let read = house.read("portal::contact_card", move |view| {
        let in_force = contact::in_force(view, &provider)?;
        let is_stale = in_force.as_ref().is_none_or(|(version, _)| version.is_stale(view.now()));
        Ok(ContactCard { in_force, is_stale, versions: contact::versions(view, &provider)? })
    });
    Ok(read.await?)
}

/// Records a new version, or confirms the old one by recording the same words.
///
/// # Errors
/// A denial for whoever is not an administrator of the provider, or a fault.
pub async fn record_contact(house: &House, member: &Member, contact: Contact) -> Result<Version, Trouble> {
    member.permit()?;
    member.must_be_admin()?;
    let provider = member.provider.clone();
    let recorded = house.act(member.actor(), Purpose::Administration, "portal::contact", move |act| {
        contact::put(act, &provider, &contact)
    });
    Ok(recorded.await?)
}

/// Which version was in force when a report of the provider was opened.
///
/// # Errors
/// "No such thing" for another provider's report; a denial; a fault.
pub async fn contact_of_report(
    house: &House,
    member: &Member,
    number: ReportId,
) -> Result<Option<Stamp>, Trouble> {
    let (permit, provider) = (member.permit()?, member.provider.clone());
    let read = house.read("portal::contact_of_report", move |view| {
        store::report::get(view, &permit, number).map_err(|_| Refusal::NotFound)?;
        contact::of_report(view, &provider, number)
    });
    Ok(read.await?)
}
