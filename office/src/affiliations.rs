//! Task forces and their affiliates, as the clearinghouse's own people keep them: dated, on the word of two.

use domain::{AgencyId, ApprovalId, ApprovalKind, Id as _, Purpose};
use policy::access::{self, Action, Space};
pub use store::affiliation::{Affiliation, Claim};
use store::{Fault, House, affiliation, agency, approval};

use crate::fault::Trouble;
use crate::staff::Member;

/// An affiliation with the names of both agencies.
#[derive(Debug, Clone)]
pub struct Named {
    /// The affiliation.
    pub one: Affiliation,
    /// Name of the task force.
    pub task_force: String,
    /// Name of the affiliate.
    pub affiliate: String,
}

/// Every affiliation, by task force, those that are over too.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, member: &Member) -> Result<Vec<Named>, Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    let found = house.read("affiliations::list", |view| {
        let named = affiliation::list(view)?.into_iter().map(|one| {
            let task_force = agency::get(view, &one.claim.task_force)?.name;
            Ok(Named { task_force, affiliate: agency::get(view, &one.claim.affiliate)?.name, one })
        });
        named.collect()
    });
    Ok(found.await?)
}

/// Asks a second person to agree: a supervisor and counsel together.
///
/// # Errors
/// A refusal for a claim that lacks something, and for an agency that nobody knows; a denial; a fault.
pub async fn ask(house: &House, member: &Member, claim: Claim) -> Result<ApprovalId, Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    let digest = claim.agreement_sha256.trim().to_ascii_lowercase();
    let claim = Claim { agreement: claim.agreement.trim().to_owned(), agreement_sha256: digest, ..claim };
    let asked = house.act(member.actor(), Purpose::Administration, "affiliations::ask", move |act| {
        claim.fits(act)?;
        let details = serde_json::to_value(&claim).map_err(|_| Fault::Row { what: "affiliation" })?;
        approval::ask(act, ApprovalKind::AffiliateAgency, claim.affiliate.as_str(), &details)
    });
    Ok(asked.await?)
}

/// Ends one now: one person is enough to take away.
///
/// # Errors
/// "No such thing" where none is left to end; a denial; a fault.
pub async fn end(
    house: &House,
    member: &Member,
    (task_force, affiliate): (AgencyId, AgencyId),
) -> Result<(), Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    let ended = house.act(member.actor(), Purpose::Administration, "affiliations::end", move |act| {
        affiliation::end(act, &task_force, &affiliate)
    });
    Ok(ended.await?)
}
