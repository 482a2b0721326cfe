//! Coming in on the word of another organisation, by OpenID Connect: where a browser is sent, what is made of what it
//! brings back, and the end of a session that its issuer asks for from behind.

use ::federation::{Answer, Question, Word, Wrong, id_token};
use domain::{Actor, Means, Purpose};
use jiff::SignedDuration;
use serde_json::json;
use store::binding::{self, Identity};
use store::{House, Refusal, challenge};

use crate::outside::{self, Aim, Errand, Issuer, Vouched};
use crate::passkeys::Refused;
use crate::{Trouble, sign_in};

/// How long ago whoever comes in may have been seen by their issuer (IA-11).
const SEEN: SignedDuration = SignedDuration::from_hours(12);
/// The same for whoever has to show again who they are.
const SEEN_ANEW: SignedDuration = SignedDuration::from_mins(5);
/// What facts about officers are called in the federation of justice (GFIPM, NIEF).
const FACTS: &str = "gfipm:";
/// Names of facts that are written down.
const MOST_FACTS: usize = 40;

/// The question of an errand to an issuer, whose answer is taken at `redirect`.
///
/// # Errors
/// A fault when there is no chance to be had.
pub fn question(house: &House, aim: Aim, redirect: String) -> Result<Question, Trouble> {
    let (max_age, anew) = if aim == Aim::SignIn { (SEEN, false) } else { (SEEN_ANEW, true) };
    let (state, nonce) = (sign_in::secret(house)?, sign_in::secret(house)?);
    Ok(Question { state, nonce, verifier: sign_in::secret(house)?, redirect, max_age, anew })
}

/// Where the browser of an errand is sent.
///
/// # Errors
/// [`Trouble::SignIn`] when the issuer does not answer.
pub async fn address(house: &House, issuer: &Issuer, question: &Question) -> Result<String, Trouble> {
    let pinned = &issuer.pinned;
    let known = issuer.known(house.now(), None).await.map_err(refused)?;
    let acr: Vec<String> = pinned.aal3.iter().chain(&pinned.aal2).cloned().collect();
    question.address(&known.provider, &pinned.client, &pinned.scope, &acr).map_err(refused)
}

/// Takes the answer that a browser brought back on this errand, fetches the token, and makes a voucher of it.
///
/// # Errors
/// [`Trouble::SignIn`] with what is wrong.
pub async fn vouch(
    house: &House,
    issuer: &Issuer,
    errand: &Errand,
    answer: &Answer,
) -> Result<String, Trouble> {
    let question = errand.question.as_ref().filter(|_| errand.way == issuer.pinned.name);
    let question = question.ok_or_else(|| refused(Wrong::State))?;
    let known = issuer.known(house.now(), None).await.map_err(refused)?;
    let party = issuer.party();
    let request = question.exchange(&known.provider, party.issuer, issuer.client(), answer);
    let request = request.map_err(refused)?;
    let once = (once(house, &question.state), errand.expires_at());
    let token = issuer.fetched(request).await.and_then(|answer| id_token(&answer)).map_err(refused)?;
    let known = issuer.known(house.now(), Some(&token)).await.map_err(refused)?;
    let word = party.word(&known.keys, &token, question, house.now()).map_err(refused)?;
    if !issuer.is_as_demanded(&word) {
        return Err(refused(Wrong::Lacking));
    }
    let told = told(&word);
    let vouched = Vouched {
        identity: identity(issuer, word.subject.clone()),
        assurance: issuer.worth(&word),
        verified_at: word.auth_time,
        outside: word.sid,
    };
    outside::vouch(house, (&errand.mark(house), Some(once)), vouched, told).await
}

/// What the leaf says of a word: how well its person was seen, and which facts were stated, without what they say.
fn told(word: &Word) -> serde_json::Value {
    let facts = word.claims.keys().filter(|name| name.starts_with(FACTS)).take(MOST_FACTS);
    json!({ "acr": word.acr, "amr": word.amr, "facts": facts.collect::<Vec<_>>() })
}

/// An issuer says that a session of its is over: what it opened here ends. Answers how many sessions ended.
///
/// # Errors
/// [`Trouble::SignIn`] for a token that ends nothing.
pub async fn signed_out(house: &House, issuer: &Issuer, token: &str) -> Result<u64, Trouble> {
    let known = issuer.known(house.now(), Some(token)).await.map_err(refused)?;
    let said = issuer.party().logged_out(&known.keys, token, house.now()).map_err(refused)?;
    let (once, until) = (once(house, &said.jti), said.until);
    let identity = identity(issuer, said.subject.unwrap_or_default());
    let ended = house.act(Actor::House, Purpose::Access, "federation::signed_out", move |act| {
        let binding = binding::find(act, &identity)?.ok_or(Refusal::NotFound)?;
        challenge::spend(act, once, until)?;
        binding::signed_out(act, &binding, said.sid.as_deref())
    });
    match ended.await {
        // Whoever is not known here has no session here.
        Err(error) if error.refusal() == Some(Refusal::NotFound) => Ok(0),
        Err(error) if error.refusal() == Some(Refusal::Conflict) => Err(outside::stranger(Refused::Again)),
        ended => Ok(ended?),
    }
}

/// By what a state, or the name of a token, is known once it served.
fn once(house: &House, name: &str) -> [u8; 32] {
    house.secret_digest(format!("federation once\n{name}").as_bytes())
}

fn identity(issuer: &Issuer, subject: String) -> Identity {
    Identity { means: Means::Federation, issuer: issuer.pinned.issuer.clone(), subject }
}

fn refused(wrong: Wrong) -> Trouble {
    outside::stranger(Refused::Token(wrong))
}
