//! The register of agencies, as the clearinghouse's own people keep it: who may receive, on which fact, until when.

use domain::{AgencyId, ApprovalId, ApprovalKind, Id as _, Purpose};
use jiff::{SignedDuration, Timestamp};
use policy::access::{self, Action, Space};
use serde_json::json;
use store::agency::{self, Agency};
pub use store::standing::Standing;
use store::{House, Refusal, approval, standing};

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

/// One agency, with since when it stands as it does.
///
/// # Errors
/// "No such thing", a denial, or a fault.
pub async fn get(house: &House, member: &Member, id: AgencyId) -> Result<(Agency, Standing), Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    let found = house
        .read("agencies::get", move |view| Ok((agency::get(view, &id)?, standing::get(view, &id)?)))
        .await?;
    Ok(found)
}

/// Ends what qualifies an agency, now: its people's sessions end, its systems' tokens and its feed open nothing, and nothing
/// more is made available to it. One person is enough to take away; two qualify it anew.
///
/// # Errors
/// A denial; "no such thing" when nothing qualifies it.
pub async fn expire(house: &House, member: &Member, id: AgencyId) -> Result<u64, Trouble> {
    access::right(&member.viewer(house), Action::KeepAgencies, &Space::House)?;
    let ended = house.act(member.actor(), Purpose::Administration, "agencies::expire", move |act| {
        standing::expire(act, &id)
    });
    Ok(ended.await?)
}

/// Puts out the people of every agency whose fact is over, and answers how many agencies it were. Run twice, it does
/// nothing the second time.
///
/// # Errors
/// A fault of the store.
pub async fn close_over(house: &House) -> store::Result<usize> {
    let waiting = house.read("agencies::over", |view| standing::over(view, MOST_CLOSED)).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let closed = house.act(domain::Actor::House, Purpose::Access, "agencies::close", |act| {
        let done = standing::close_over(act, MOST_CLOSED)?;
        if done == 0 { Err(Refusal::Conflict.into()) } else { Ok(done) }
    });
    match closed.await {
        // Another worker was first.
        Err(error) if error.refusal().is_some() => Ok(0),
        done => done,
    }
}

/// Agencies put out in one act; the others follow with the next round.
const MOST_CLOSED: u32 = 100;

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
