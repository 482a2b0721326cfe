//! A person's role, which changes on the word of two people: whoever keeps people alone must not make a second voice for
//! themself (AC-5). All sessions of the person end, so that they sign in anew with what they may now.

use database::bind;
use domain::{ApprovalKind, Id, PersonId};
use policy::ViewerRole;
use serde_json::json;

use crate::approval::Approved;
use crate::person::{self, Person};
use crate::{Act, Event, EventKind, Refusal, Result, session};

const CHANGE_ROLE: &str = "-- role::change
    UPDATE person SET role = :role WHERE id = :person AND role = :from AND disabled_at IS NULL";

/// Gives a person another role, on the word of two people: all their sessions end, and they sign in anew.
///
/// # Errors
/// [`Refusal::NotFound`] for who is gone and for an approval of something else, [`Refusal::Unfit`] for a role that is not of
/// their home or is theirs already.
pub fn change(act: &Act<'_>, approved: &Approved) -> Result<PersonId> {
    if approved.kind() != ApprovalKind::ChangeRole {
        return Err(Refusal::NotFound.into());
    }
    let id = PersonId::parse(approved.subject()).map_err(|_| Refusal::NotFound)?;
    let word = approved.details().reveal()["role"].as_str().unwrap_or_default().to_owned();
    let person = person::find(act, &id)?.ok_or(Refusal::NotFound)?;
    let role = may_become(&person, &word)?;
    let row = bind! { person: id.as_str(), role: role.as_str(), from: person.role.as_str() };
    if act.tx().execute(CHANGE_ROLE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let ended = session::close_all_of(act, &id)?;
    let details = json!({
        "approval": approved.id(), "from": person.role.as_str(), "person": id, "sessions_ended": ended,
        "to": role.as_str(),
    });
    act.note(Event::of_house(EventKind::RoleChanged).with(details))?;
    Ok(id)
}

/// The role behind a word, when this person can get it.
///
/// # Errors
/// [`Refusal::Unfit`] for one that is not of their home or is theirs already.
pub fn may_become(person: &Person, word: &str) -> Result<ViewerRole> {
    let role = ViewerRole::OF_PEOPLE.into_iter().find(|role| role.as_str() == word);
    let fits = role.filter(|role| person.home.has(*role) && *role != person.role);
    Ok(fits.ok_or(Refusal::Unfit { what: "role" })?)
}
