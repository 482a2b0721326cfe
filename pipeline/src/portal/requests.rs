//! What law enforcement asks a provider to destroy of its own. Who asks is not shown: a provider never learns who
//! received a report.

use domain::{DestructionId, Purpose};
use office::Trouble;
use store::House;
use store::provider_destruction;
pub use store::provider_destruction::Request;

use super::Member;

/// What is answered to whoever acknowledges a request a second time.
pub const ACKNOWLEDGED: store::Refusal = store::Refusal::Conflict;

/// Requests of one page.
const MOST: u32 = 500;

/// What the provider is asked to destroy and has not acknowledged, the oldest first.
///
/// # Errors
/// A denial, or a fault.
pub async fn requests(house: &House, member: &Member) -> Result<Vec<Request>, Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    Ok(house.read("portal::requests", move |view| provider_destruction::open(view, &provider, MOST)).await?)
}

/// Acknowledges a request, in the name of the person.
///
/// # Errors
/// "No such thing" for another provider's; [`store::Refusal::Conflict`] when it was acknowledged before.
pub async fn acknowledge(house: &House, member: &Member, id: DestructionId) -> Result<(), Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    let done = house.act(member.actor(), Purpose::Retention, "portal::acknowledge", move |act| {
        provider_destruction::acknowledge(act, &id, &provider)
    });
    Ok(done.await?)
}
