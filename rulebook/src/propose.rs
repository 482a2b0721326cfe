//! Asking a second person to put a set in force: only a set that this house could decide by, and exactly as it lies there.

use domain::{ApprovalId, ApprovalKind, Profile, Purpose};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use office::Trouble;
use office::staff::Member;
use policy::relaxation::Relaxation;
use policy::{RuleFault, RuleSet, RuleSetId, Texts};
use store::rule_set::{self, Proposal};
use store::{Error, House, Refusal, approval};

use crate::standing;

/// The folder of the relaxations.
const GATE: &str = "gate/";
/// The farthest day that can be settled.
const FARTHEST: SignedDuration = SignedDuration::from_hours(2 * 366 * 24);
/// Letters of a reason.
const MOST_LETTERS: usize = 500;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The set.
    pub set: RuleSetId,
    /// From when on; `None` is at once.
    pub starts_at: Option<Timestamp>,
    /// Why.
    pub reason: String,
}

/// Why a set is not proposed.
#[derive(Debug, thiserror::Error)]
pub enum NotProposed {
    /// The member may not, or the house failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// This program would not decide by it.
    #[error("this set is not understood: {0}")]
    Unread(#[from] RuleFault),
    /// It is for other kinds of houses.
    #[error("this set does not say that it is for a house of the profile {0}")]
    OtherProfile(Profile),
    /// It is not valid so early.
    #[error("this set counts from {0} on, and not before")]
    TooEarly(Date),
    /// It would be in force then anyway.
    #[error("this set is the one that will be in force then")]
    Same,
    /// There is no such day.
    #[error("say a day to come, within two years")]
    Day,
    /// Nobody said why.
    #[error("say in at most 500 letters why")]
    Reason,
}

impl From<Error> for NotProposed {
    fn from(error: Error) -> Self {
        Trouble::from(error).into()
    }
}

/// Asks a second person to put a set in force, which has to say all that one has to today. What changes a file of the set in
/// force, such as the end of a relaxation, waits for no other file.
///
/// # Errors
/// [`NotProposed`].
pub async fn propose(house: &House, member: &Member, wanted: Wanted) -> Result<ApprovalId, NotProposed> {
    let (_, next) = standing::both(house, wanted.set.clone()).await?;
    next.read()?.is_whole()?;
    ask(house, member, next, wanted).await
}

/// Asks for a relaxation of the view gate, or for another one of the same name: a set of its own, which differs from the
/// one in force in this file only.
///
/// # Errors
/// [`NotProposed`].
pub async fn relax(
    house: &House,
    member: &Member,
    relaxation: &Relaxation,
    reason: String,
) -> Result<ApprovalId, NotProposed> {
    let file = format!("{GATE}{}.toml", relaxation.name);
    changed(house, member, &file, Some(relaxation.text()), reason).await
}

/// Asks for the end of a relaxation before its time.
///
/// # Errors
/// [`NotProposed`].
pub async fn end_relaxation(
    house: &House,
    member: &Member,
    name: &str,
    reason: String,
) -> Result<ApprovalId, NotProposed> {
    changed(house, member, &format!("{GATE}{name}.toml"), None, reason).await
}

async fn changed(
    house: &House,
    member: &Member,
    file: &str,
    text: Option<String>,
    reason: String,
) -> Result<ApprovalId, NotProposed> {
    let now = standing::both(house, RuleSet::id_in_force().clone()).await?.0;
    let next = now.with(file, text);
    let set = next.id()?;
    ask(house, member, next, Wanted { set, starts_at: None, reason }).await
}

/// Checks all of it, keeps the texts and asks, in one act.
async fn ask(house: &House, member: &Member, next: Texts, wanted: Wanted) -> Result<ApprovalId, NotProposed> {
    let Wanted { set, starts_at, reason } = wanted;
    let reason = reason.trim().to_owned();
    if !(1..=MOST_LETTERS).contains(&reason.chars().count()) {
        return Err(NotProposed::Reason);
    }
    let starts_at = starts_at.unwrap_or_else(|| house.now());
    if starts_at.duration_since(house.now()) > FARTHEST {
        return Err(NotProposed::Day);
    }
    could_serve(house.profile(), &next, starts_at.max(house.now()))?;
    let asked = house.act(member.actor(), Purpose::Administration, "rulebook::propose", move |act| {
        let then = rule_set::at(act, starts_at.max(act.now()))?.ok_or(Refusal::NotFound)?;
        if then.set == set {
            return Err(Refusal::Conflict.into());
        }
        let (kind, proposal) =
            proposal(&rule_set::texts(act, &then.set)?, &next, &then.set, starts_at, &reason);
        rule_set::offer(act, &next)?;
        let details = serde_json::to_value(&proposal).map_err(|_| Refusal::Unfit { what: "proposal" })?;
        approval::ask(act, kind, set.as_str(), &details)
    });
    match asked.await {
        Err(Error::Refusal(Refusal::Conflict)) => Err(NotProposed::Same),
        asked => Ok(asked?),
    }
}

/// Whether a house of this profile could decide by a set from a moment on.
fn could_serve(profile: Profile, texts: &Texts, from: Timestamp) -> Result<(), NotProposed> {
    let rules = texts.read()?;
    let facts = rules.facts().filter(|facts| facts.profiles.contains(&profile));
    let facts = facts.ok_or(NotProposed::OtherProfile(profile))?;
    if from.to_zoned_datetime(TimeZone::UTC).date() < facts.effective_from {
        return Err(NotProposed::TooEarly(facts.effective_from));
    }
    rules.schedule(profile)?;
    policy::check(&rules)?;
    Ok(())
}

/// What the second person reads. A set that lets the gate open or shut otherwise is counsel's to ask for.
fn proposal(
    now: &Texts,
    next: &Texts,
    instead_of: &RuleSetId,
    starts_at: Timestamp,
    reason: &str,
) -> (ApprovalKind, Proposal) {
    let difference = now.difference(next);
    let relaxes = difference.iter().any(|one| one.file.starts_with(GATE));
    let named = |fits: fn(bool, bool) -> bool| -> Vec<String> {
        let fitting = difference.iter().filter(|one| fits(one.was.is_some(), one.will_be.is_some()));
        fitting.map(|one| one.file.to_owned()).collect()
    };
    let proposal = Proposal {
        set: next.id().map_or_else(|_| String::new(), |id| id.to_string()),
        sha256: seal::hex(&next.sha256()),
        instead_of: instead_of.to_string(),
        starts_at,
        reason: reason.to_owned(),
        added: named(|was, _| !was),
        removed: named(|_, will_be| !will_be),
        changed: named(|was, will_be| was && will_be),
    };
    (if relaxes { ApprovalKind::RelaxGate } else { ApprovalKind::ChangeRules }, proposal)
}
