//! Getting in and out, the same for the people of every face. [`begin`] is the one place where all means of sign-in
//! meet: whoever comes through it is known, not switched off, and of a home that is let in.

use domain::{Actor, Means, PersonId, Purpose};
use store::person::{self, Home, Person};
use store::session::{self, Entry};
use store::{Act, House, Refusal, View, account};

use crate::fault::Trouble;

/// Bytes of a session secret: 256 bits, as security-practice 5 asks.
const SECRET_BYTES: usize = 32;

/// Starts a session for somebody who showed who they are, and answers its secret. Every means of sign-in ends here, and
/// every check of the person stands here.
///
/// # Errors
/// "No such thing" for a person who is not known or not let in.
pub async fn begin(house: &House, entry: Entry) -> Result<String, Trouble> {
    let secret = secret(house)?;
    let digest = house.secret_digest(secret.as_bytes());
    let id = entry.person.clone();
    let person = house.read("sign_in::whom", move |view| person::find(view, &id)).await?;
    let actor = actor_of(&person.ok_or(Refusal::NotFound)?);
    let started = house.act(actor, Purpose::Access, "sign_in", move |act| begin_within(act, &entry, digest));
    started.await?;
    Ok(secret)
}

/// The same within the act that also writes down what the person showed.
pub(crate) fn begin_within(act: &Act<'_>, entry: &Entry, digest: [u8; 32]) -> store::Result<()> {
    may_enter(act, &entry.person)?;
    session::start(act, entry, digest)
}

/// Whether a person is let in at all, by whatever means they come.
pub(crate) fn may_enter(view: &View<'_>, id: &PersonId) -> store::Result<Person> {
    let person = person::find(view, id)?.ok_or(Refusal::NotFound)?;
    if !person.home.is_live(view)? {
        return Err(Refusal::NotFound.into());
    }
    account::must_hold(view, id)?;
    Ok(person)
}

/// Starts a session with a one-click link of somebody whose home fits, and answers its secret. Such links exist in the
/// synthetic demo only.
///
/// # Errors
/// "No such thing" for an unknown or expired link, for one of somebody else's, and outside the demo.
pub async fn with_link(house: &House, link: &str, fits: fn(&Home) -> bool) -> Result<String, Trouble> {
    if !house.profile().has_demo_links() {
        return Err(Refusal::NotFound.into());
    }
    let (digest, now) = (house.secret_digest(link.as_bytes()), house.now());
    let found = house.read("sign_in::find", move |view| person::find_by_link(view, digest, now)).await?;
    let person = found.filter(|person| fits(&person.home)).ok_or(Refusal::NotFound)?;
    begin(house, Entry::by_link(person.id, now)).await
}

/// Somebody of the demo who came by a link goes on without a key: the session is open and fresh, under the new secret
/// that is answered.
///
/// # Errors
/// "No such thing" outside the demo, for a session by any other means, and for one that is over.
pub async fn verify_in_demo(house: &House, secret: &str) -> Result<String, Trouble> {
    let session = crate::passkeys::even_locked(house, secret).await?;
    if !house.profile().has_demo_links() || session.means != Means::Link {
        return Err(Refusal::NotFound.into());
    }
    let next = self::secret(house)?;
    let (old, new) = (house.secret_digest(secret.as_bytes()), house.secret_digest(next.as_bytes()));
    let actor = Actor::Person { person: session.person.clone(), agency: session.home.agency().cloned() };
    let renewed = house
        .act(actor, Purpose::Access, "verify", move |act| session::renew(act, &session.person, old, new));
    renewed.await?;
    Ok(next)
}

/// An administrator lets somebody try again whose sign-in was locked by wrong answers.
///
/// # Errors
/// "No such thing" when nothing stands against them.
pub async fn release(house: &House, actor: Actor, person: &PersonId) -> Result<(), Trouble> {
    let id = person.clone();
    let released = house
        .act(actor, Purpose::Administration, "sign_in::release", move |act| store::guard::release(act, &id));
    Ok(released.await?)
}

/// A new secret of 256 bits: 64 hexadecimal digits.
///
/// # Errors
/// A fault when there is no chance to be had.
pub fn secret(house: &House) -> Result<String, Trouble> {
    let mut secret = [0; SECRET_BYTES];
    house.random().fill(&mut secret).map_err(|_| Trouble::Chance)?;
    Ok(seal::hex(&secret))
}

/// Somebody as whoever acts.
#[must_use]
pub fn actor_of(person: &Person) -> Actor {
    Actor::Person { person: person.id.clone(), agency: person.home.agency().cloned() }
}

/// Ends the session behind a secret, locked or not.
///
/// # Errors
/// "No such thing" when there is no such live session.
pub async fn sign_out(house: &House, secret: &str) -> Result<(), Trouble> {
    let digest = house.secret_digest(secret.as_bytes());
    let ended = house.act(Actor::House, Purpose::Access, "sign_out", move |act| session::end(act, digest));
    Ok(ended.await?)
}

/// Ends every session of a person, wherever they are.
///
/// # Errors
/// A fault.
pub async fn sign_out_everywhere(house: &House, person: &Person) -> Result<u64, Trouble> {
    let (actor, id) = (actor_of(person), person.id.clone());
    let ended =
        house.act(actor, Purpose::Access, "sign_out_everywhere", move |act| session::end_all_of(act, &id));
    Ok(ended.await?)
}

/// Ends one session of a person, by the name under which it stands on their page.
///
/// # Errors
/// "No such thing" when the person has no such session.
pub async fn end(house: &House, person: &Person, session: &str) -> Result<(), Trouble> {
    let (actor, id, session) = (actor_of(person), person.id.clone(), session.to_owned());
    let ended =
        house.act(actor, Purpose::Access, "session::end", move |act| session::end_one_of(act, &id, &session));
    Ok(ended.await?)
}

/// Locks the session behind a secret, by its person's own hand.
///
/// # Errors
/// "No such thing" when it is over or locked already.
pub async fn lock(house: &House, person: &Person, secret: &str) -> Result<(), Trouble> {
    let (actor, digest) = (actor_of(person), house.secret_digest(secret.as_bytes()));
    let locked = house.act(actor, Purpose::Access, "session::lock", move |act| session::lock(act, digest));
    Ok(locked.await?)
}
