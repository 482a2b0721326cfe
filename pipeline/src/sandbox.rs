//! What a sandbox may do to reports and no real house: end them before their time. Refused outside `synthetic-demo`.

use domain::{Actor, Profile, ProviderId, Purpose, ReportId};
use store::{House, Refusal, report};

use crate::{Trouble, worker};

/// Expires one open report of a provider now: its keys and content are destroyed, its ledger line stays. Answers
/// false when there is no such open report.
///
/// # Errors
/// [`Refusal::OtherProfile`] in a house that is no synthetic demo; a fault of the store.
pub async fn expire(house: &House, provider: &ProviderId, number: ReportId) -> Result<bool, Trouble> {
    only_in_a_demo(house)?;
    let provider = provider.clone();
    let expired = house.act(Actor::Operator, Purpose::Retention, "sandbox::expire", move |act| {
        report::expire(act, &provider, number)
    });
    match expired.await {
        Ok(()) => Ok(true),
        Err(error) if error.refusal().is_some() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Expires every open report whose time is over, at once instead of at the next sweep. Answers of how many.
///
/// # Errors
/// As [`expire`].
pub async fn sweep(house: &House) -> Result<usize, Trouble> {
    only_in_a_demo(house)?;
    let mut all = 0;
    loop {
        match worker::sweep(house).await? {
            0 => return Ok(all),
            expired => all += expired,
        }
    }
}

fn only_in_a_demo(house: &House) -> Result<(), Trouble> {
    match house.profile() {
        Profile::SyntheticDemo => Ok(()),
        recorded => Err(Refusal::OtherProfile { recorded }.into()),
    }
}
