//! By which cards and at which other organisations people are known: recorded on the word of two people, taken away by
//! one.

use domain::{ApprovalId, ApprovalKind, Id as _, Means, PersonId, Purpose};
use policy::access::{self, Action, Space};
use serde_json::json;
use store::binding::{self, Binding, Identity};
use store::{House, Refusal, View, approval, person};

use crate::fault::Trouble;
use crate::staff::Member;

/// A binding as it is listed.
#[derive(Debug, Clone)]
pub struct Known {
    /// The binding.
    pub binding: Binding,
    /// The name that its issuer has for the person.
    pub subject: String,
}

/// By what a person is known.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, member: &Member, person: PersonId) -> Result<Vec<Known>, Trouble> {
    may_keep(house, member)?;
    let found = house.read("bindings::list", move |view| of_person(view, &person));
    Ok(found.await?)
}

pub(crate) fn of_person(view: &View<'_>, person: &PersonId) -> store::Result<Vec<Known>> {
    let all = binding::of_person(view, person)?.into_iter();
    all.map(|binding| Ok(Known { subject: binding.subject(view)?.into_inner(), binding })).collect()
}

/// Asks a second person to agree that somebody is known by this from now on.
///
/// # Errors
/// A denial; a refusal for what is no identity, and when it is somebody's already.
pub async fn ask(
    house: &House,
    member: &Member,
    person: PersonId,
    identity: Identity,
) -> Result<ApprovalId, Trouble> {
    may_keep(house, member)?;
    let Identity { means, issuer, subject } = &identity;
    let identity = Identity {
        means: *means,
        issuer: issuer.trim().to_owned(),
        subject: if *means == Means::Card {
            subject.trim().to_ascii_lowercase()
        } else {
            subject.trim().to_owned()
        },
    };
    if !is_whole(&identity) {
        return Err(Refusal::Unfit { what: "identity" }.into());
    }
    let asked = house.act(member.actor(), Purpose::Administration, "bindings::ask", move |act| {
        person::find(act, &person)?.ok_or(Refusal::NotFound)?;
        if binding::find(act, &identity)?.is_some() {
            return Err(Refusal::Conflict.into());
        }
        let details =
            json!({ "means": identity.means, "issuer": identity.issuer, "subject": identity.subject });
        approval::ask(act, ApprovalKind::BindIdentity, person.as_str(), &details)
    });
    Ok(asked.await?)
}

/// A card is named by the digest of its root and by its subject identifier, an issuer by its address.
fn is_whole(identity: &Identity) -> bool {
    let Identity { means, issuer, subject } = identity;
    match means {
        Means::Card => {
            let is_digest = issuer.len() == 64 && issuer.bytes().all(|b| b.is_ascii_hexdigit());
            is_digest && (subject.starts_with("uuid:") || subject.starts_with("fasc-n:"))
        }
        Means::Federation => issuer.starts_with("https://") && !subject.is_empty(),
        Means::Link | Means::Passkey => false,
    }
}

/// Takes one away, and ends the sessions that it opened.
///
/// # Errors
/// A denial; "no such thing" when the person is not known by it.
pub async fn remove(house: &House, member: &Member, person: PersonId, id: String) -> Result<(), Trouble> {
    may_keep(house, member)?;
    let removed = house.act(member.actor(), Purpose::Administration, "bindings::remove", move |act| {
        binding::remove(act, &person, &id)
    });
    Ok(removed.await?)
}

fn may_keep(house: &House, member: &Member) -> Result<(), Trouble> {
    Ok(access::right(&member.viewer(house), Action::KeepPeople, &Space::House).map(drop)?)
}
