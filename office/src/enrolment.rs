//! Tickets with which a person enrols their first key. Whoever issues one has made sure who the person is; how it
//! reaches them is told where people are admitted.

use domain::{Actor, PersonId, Purpose};
use jiff::{SignedDuration, Timestamp};
use store::enrolment::{self, Cause};
use store::{Act, House};

use crate::Trouble;
use crate::sign_in;

pub use store::enrolment::LONGEST;

/// A ticket as it is handed over: the only moment at which its secret is known.
#[derive(Clone)]
pub struct Issued {
    /// What the person types or follows, as the last part of `/{face}/enrol/{ticket}`.
    pub secret: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Issues somebody a ticket for their first key.
///
/// # Errors
/// "No such thing" for a person who is unknown or switched off; a refusal for a life of more than [`LONGEST`].
pub async fn issue(
    house: &House,
    actor: Actor,
    person: &PersonId,
    life: SignedDuration,
) -> Result<Issued, Trouble> {
    let secret = sign_in::secret(house)?;
    let (digest, person) = (house.secret_digest(secret.as_bytes()), person.clone());
    let issued = house.act(actor, Purpose::Administration, "enrolment::issue", move |act| {
        issue_within(act, &person, digest, life)
    });
    Ok(Issued { secret, expires_at: issued.await? })
}

/// The same as part of another act, such as the one that admits the person: the caller makes the secret with
/// [`sign_in::secret`] and hands over its digest.
///
/// # Errors
/// As [`issue`].
pub fn issue_within(
    act: &Act<'_>,
    person: &PersonId,
    digest: [u8; 32],
    life: SignedDuration,
) -> store::Result<Timestamp> {
    enrolment::issue(act, person, Cause::First, digest, life)
}
