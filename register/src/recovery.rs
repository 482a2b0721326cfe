//! The way back for somebody who lost every key: proofed anew, and let in again by two people. What they had opens nothing
//! from that moment on, whoever found it (IA-5 n(18)).

use domain::{ApprovalKind, Id, PersonId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::approval::Approved;
use crate::enrolment::{self, Cause};
use crate::{Act, Event, EventKind, Refusal, Result, binding, guard, passkey, person, session};

/// The ticket is handed over in person or by the second channel, soon.
pub const TICKET: SignedDuration = SignedDuration::from_hours(24);

/// Takes every key, card and session from a person, and issues the ticket with this digest for a new key.
///
/// # Errors
/// [`Refusal::NotFound`] for who is switched off and for an approval of something else.
pub fn recover(act: &Act<'_>, approved: &Approved, digest: [u8; 32]) -> Result<(PersonId, Timestamp)> {
    if approved.kind() != ApprovalKind::RecoverPerson {
        return Err(Refusal::NotFound.into());
    }
    let id = PersonId::parse(approved.subject()).map_err(|_| Refusal::NotFound)?;
    person::find(act, &id)?.ok_or(Refusal::NotFound)?;
    let keys = passkey::remove_all_of(act, &id)?;
    let bindings = binding::remove_all_of(act, &id)?;
    let sessions = session::close_all_of(act, &id)?;
    guard::clear(act, &id)?;
    let ends_at = enrolment::issue(act, &id, Cause::Recovery, digest, TICKET)?;
    let told = json!({
        "approval": approved.id(), "bindings_removed": bindings, "keys_removed": keys, "person": id, "sessions_ended": sessions,
    });
    act.note(Event::of_house(EventKind::PersonRecovered).with(told))?;
    Ok((id, ends_at))
}
