//! Getting in by a one-click link, and out again, the same for the people of every face.

use domain::{Actor, Purpose};
use store::person::{self, Home};
use store::{House, Refusal, session};

use crate::fault::Trouble;

/// Bytes of a session secret: 256 bits, as security-practice 5 asks.
const SECRET_BYTES: usize = 32;

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
    let secret = secret(house)?;
    let digest = house.secret_digest(secret.as_bytes());
    let actor = Actor::Person { person: person.id.clone(), agency: person.home.agency().cloned() };
    let started =
        house.act(actor, Purpose::Access, "sign_in", move |act| session::start(act, &person.id, digest));
    started.await?;
    Ok(secret)
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

/// Ends the session behind a secret.
///
/// # Errors
/// "No such thing" when there is no such live session.
pub async fn sign_out(house: &House, secret: &str) -> Result<(), Trouble> {
    let digest = house.secret_digest(secret.as_bytes());
    let ended = house.act(Actor::House, Purpose::Access, "sign_out", move |act| session::end(act, digest));
    Ok(ended.await?)
}
