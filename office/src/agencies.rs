//! The register of agencies, as the clearinghouse's own people keep it: who may receive, on which fact, until when.

use domain::{AgencyId, ApprovalId, ApprovalKind, Id as _, Purpose};
use jiff::{SignedDuration, Timestamp};
use policy::access::{self, Action, Space};
use serde_json::json;
use store::agency::{self, Agency};
use store::{House, Refusal, approval};

use crate::fault::Trouble;
use crate::staff::Member;

/// Days before the end of a fact at which its renewal is asked for.
pub const REMIND_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is said to qualify an agency, before a second person agreed.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The fact.
    pub fact: String,
    /// Where the document is that shows it.
    pub evidence: String,
    /// Its SHA-256, in hexadecimal.
    pub evidence_sha256: String,
    /// When it must be verified again.
    pub until: Timestamp,
}

/// Every agency.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, member: &Member) -> Result<Vec<Agency>, Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    Ok(house.read("agencies::list", agency::list).await?)
}

/// One agency.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn get(house: &House, member: &Member, id: AgencyId) -> Result<Agency, Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    Ok(house.read("agencies::get", move |view| agency::get(view, &id)).await?)
}

/// Asks a second person to agree that an agency may receive: a supervisor and counsel together.
///
/// # Errors
/// A refusal for a claim that lacks something, or for an end that has passed.
pub async fn ask_to_qualify(
    house: &House,
    member: &Member,
    id: AgencyId,
    claim: Claim,
) -> Result<ApprovalId, Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    let digest = claim.evidence_sha256.trim().to_ascii_lowercase();
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_said = |word: &str| !word.trim().is_empty() && word.chars().count() <= 500;
    if !is_digest || !is_said(&claim.fact) || !is_said(&claim.evidence) || claim.until <= house.now() {
        return Err(Refusal::Unfit { what: "claim" }.into());
    }
    let details = json!({
        "fact": claim.fact.trim(), "evidence": claim.evidence.trim(), "evidence_sha256": digest,
        "until": claim.until.to_string(),
    });
    let asked = house.act(member.actor(), Purpose::Administration, "agencies::ask", move |act| {
        agency::get(act, &id)?;
        approval::ask(act, ApprovalKind::QualifyAgency, id.as_str(), &details)
    });
    Ok(asked.await?)
}
