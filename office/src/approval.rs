//! What two people must agree on, as their pages ask for it.

use domain::{ApprovalId, ApprovalKind, Id as _, PersonId, Purpose};
use serde_json::Value;
pub use store::approval::State;
use store::approval::{self, Approval};
use store::{House, Refusal, View};
use store::{agency, ground, invitation, person, recovery, role, rule_set};

use crate::enrolment::{self, Issued};
use crate::fault::Trouble;
use crate::sign_in;
use crate::staff::Member;

/// An approval as it is listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The approval.
    pub approval: Approval,
    /// How it stands now.
    pub state: State,
    /// Name of the one who asked.
    pub asker: String,
    /// Name of the one who decided.
    pub decider: Option<String>,
}

/// An approval with what its reader may do.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What was asked.
    pub listed: Listed,
    /// Whether the reader may agree or refuse now.
    pub may_decide: bool,
    /// Whether it is the reader's own, and can still be taken back.
    pub may_withdraw: bool,
}

/// Asks for what two people must agree on.
///
/// # Errors
/// A refusal of [`approval::ask`].
pub async fn ask(
    house: &House,
    member: &Member,
    kind: ApprovalKind,
    subject: String,
    details: Value,
) -> Result<ApprovalId, Trouble> {
    let asked = house.act(member.actor(), Purpose::Administration, "approval::ask", move |act| {
        approval::ask(act, kind, &subject, &details)
    });
    Ok(asked.await?)
}

/// What an agreement did at once.
pub enum Done {
    /// Whoever asked, or the room that it is about, does it now.
    Approved,
    /// An agency may receive.
    Qualified,
    /// A person was let in: the ticket to enrol their first key with. It is shown this once.
    Admitted(PersonId, Issued),
    /// A person was let in again: their keys are gone, and this is the ticket for a new one. It is shown this once.
    Recovered(PersonId, Issued),
}

/// Agrees. What concerns people, agencies, files that counsel opens and rules is done in the same act.
///
/// # Errors
/// A refusal of [`approval::approve`], or of what was agreed on.
pub async fn approve(house: &House, member: &Member, id: ApprovalId) -> Result<Done, Trouble> {
    let secret = sign_in::secret(house)?;
    let digest = house.secret_digest(secret.as_bytes());
    let given = house.act(member.actor(), Purpose::Administration, "approval::approve", move |act| {
        let kind = approval::approve(act, &id)?.kind;
        match kind {
            ApprovalKind::AdmitPerson => {
                let person = invitation::admit(act, &approval::take(act, &id, kind)?)?;
                let expires_at = enrolment::issue_within(act, &person, digest, enrolment::LONGEST)?;
                Ok((kind, Some((person, expires_at))))
            }
            ApprovalKind::RecoverPerson => {
                Ok((kind, Some(recovery::recover(act, &approval::take(act, &id, kind)?, digest)?)))
            }
            ApprovalKind::ChangeRole => {
                role::change(act, &approval::take(act, &id, kind)?)?;
                Ok((kind, None))
            }
            ApprovalKind::QualifyAgency => {
                agency::qualify(act, &approval::take(act, &id, kind)?)?;
                Ok((kind, None))
            }
            ApprovalKind::AffiliateAgency => {
                store::affiliation::record(act, &approval::take(act, &id, kind)?)?;
                Ok((kind, None))
            }
            ApprovalKind::BindIdentity => {
                store::binding::add_approved(act, &approval::take(act, &id, kind)?)?;
                Ok((kind, None))
            }
            ApprovalKind::CounselGround => {
                ground::record_agreed(act, &approval::take(act, &id, kind)?)?;
                Ok((kind, None))
            }
            ApprovalKind::ChangeRules | ApprovalKind::RelaxGate => {
                rule_set::agree(act, &approval::take(act, &id, kind)?)?;
                Ok((kind, None))
            }
            _ => Ok((kind, None)),
        }
    });
    Ok(match given.await? {
        (ApprovalKind::RecoverPerson, Some((person, expires_at))) => {
            Done::Recovered(person, Issued { secret, expires_at })
        }
        (_, Some((person, expires_at))) => Done::Admitted(person, Issued { secret, expires_at }),
        (ApprovalKind::QualifyAgency, None) => Done::Qualified,
        _ => Done::Approved,
    })
}

/// Refuses, with the reason.
///
/// # Errors
/// A refusal of [`approval::refuse`].
pub async fn refuse(house: &House, member: &Member, id: ApprovalId, reason: String) -> Result<(), Trouble> {
    let refused = house.act(member.actor(), Purpose::Administration, "approval::refuse", move |act| {
        approval::refuse(act, &id, &reason)
    });
    Ok(refused.await?)
}

/// Takes it back.
///
/// # Errors
/// A refusal of [`approval::withdraw`].
pub async fn withdraw(house: &House, member: &Member, id: ApprovalId) -> Result<(), Trouble> {
    let back = house.act(member.actor(), Purpose::Administration, "approval::withdraw", move |act| {
        approval::withdraw(act, &id)
    });
    Ok(back.await?)
}

/// What was asked last, the newest first, with how each stands.
///
/// # Errors
/// A fault.
pub async fn recent(house: &House) -> Result<Vec<Listed>, Trouble> {
    let found = house.read("approval::recent", |view| {
        approval::recent(view)?.into_iter().map(|one| listed(view, one)).collect()
    });
    Ok(found.await?)
}

/// What waits for this person to agree or to refuse, the oldest first.
///
/// # Errors
/// A fault.
pub async fn waiting_for(house: &House, member: &Member) -> Result<Vec<Listed>, Trouble> {
    let reader = member.person.clone();
    let found = house.read("approval::waiting_for", move |view| {
        let mut waiting = Vec::new();
        for one in approval::open(view)? {
            if may_decide(view, &one, &reader)? {
                waiting.push(listed(view, one)?);
            }
        }
        Ok(waiting)
    });
    Ok(found.await?)
}

fn may_decide(view: &View<'_>, approval: &Approval, reader: &PersonId) -> store::Result<bool> {
    match approval::may_decide(view, approval, reader) {
        Ok(()) => Ok(true),
        Err(error) if error.refusal().is_some() => Ok(false),
        Err(error) => Err(error),
    }
}

/// One approval, as this reader sees it.
///
/// # Errors
/// "No such thing" when there is none.
pub async fn opened(house: &House, member: &Member, id: ApprovalId) -> Result<Opened, Trouble> {
    let reader = member.person.clone();
    let found = house.read("approval::opened", move |view| {
        let one = approval::get(view, &id)?;
        let may_decide = may_decide(view, &one, &reader)?;
        let may_withdraw = one.asked_by == reader && one.state(view.now()) == State::Open;
        Ok(Opened { listed: listed(view, one)?, may_decide, may_withdraw })
    });
    Ok(found.await?)
}

fn listed(view: &View<'_>, approval: Approval) -> store::Result<Listed> {
    let asker = name(view, &approval.asked_by)?;
    let decider = approval.decided.as_ref().map(|(person, _)| name(view, person)).transpose()?;
    Ok(Listed { state: approval.state(view.now()), approval, asker, decider })
}

/// Somebody's name; their id once they are gone.
fn name(view: &View<'_>, id: &PersonId) -> store::Result<String> {
    Ok(person::find(view, id)?.map_or_else(|| id.as_str().to_owned(), |person| person.name.into_inner()))
}

/// What a refusal means to whoever sent the form, in a sentence.
#[must_use]
pub fn in_words(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SamePerson => "You asked for this yourself, or it is about you. Another person must agree.",
        Refusal::NotAllowed => "Your role has no right to decide this.",
        Refusal::Closed => "It was decided, taken back, used, or is over its time. Nothing was changed.",
        Refusal::Disabled => "One of the two people has been switched off. It must be asked anew.",
        Refusal::Unfit { what: "reason" } => "Give a reason of at most 2,000 letters.",
        Refusal::Conflict => {
            "It does not fit any more: somebody with this address has an account by now, or other rules were settled since. Nothing was changed."
        }
        Refusal::NotFound | Refusal::FileNotFound => {
            "What it is about is not there any more. Nothing was changed."
        }
        _ => "This was refused. Nothing was changed.",
    }
}
