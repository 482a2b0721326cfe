//! What comes from outside and says who somebody is: certificates of cards, and tokens of other organisations.

use std::sync::LazyLock;

use card::Trust;
use card::testing::{Authority, Plan};
use federation::testing::Issuer;
use federation::{Keys, Party, Provider, Question, id_token};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const NOW: Timestamp = Timestamp::constant(1_780_315_200, 0);
const PARTY: Party<'static> = Party { issuer: "https://issuer.example", client: "clearinghouse" };

/// An authority that is taken, and a certificate of it that opens.
static CARDS: LazyLock<(Trust, Vec<u8>)> = LazyLock::new(|| {
    let root = Authority::root("A root of no worth", NOW);
    let plan = Plan::of(7, "0f5e0c6a-2b1d-4b7e-9a51-3c1f4f2d7a10", NOW);
    let mut shown = root.issue(&plan, &[]).shown;
    let list = root.list(&[], NOW).into_bytes();
    let trust = Trust::read(root.pem().as_bytes(), &[list]).expect("the authority is read");
    (trust, shown.swap_remove(0))
});

/// The keys of an issuer, and a token of it that opens.
static TOKENS: LazyLock<(Keys, Vec<u8>)> = LazyLock::new(|| {
    let (issuer, now) = (Issuer::new("one"), NOW.as_second());
    let claims = json!({
        "iss": PARTY.issuer, "sub": "officer-1", "aud": [PARTY.client], "exp": now + 300, "iat": now,
        "auth_time": now, "nonce": "a nonce",
    });
    (Keys::read(&issuer.keys()).expect("the keys are read"), issuer.token(&claims).into_bytes())
});

/// Good values to begin mutations from: a certificate, a token.
#[must_use]
pub fn seeds() -> [&'static [u8]; 2] {
    [&CARDS.1, &TOKENS.1]
}

/// Reads bytes in every place in which they may come from outside.
///
/// # Panics
/// When a promise is broken: what is not the very thing that was signed opens nothing.
pub fn any(bytes: &[u8]) {
    let (trust, good) = &*CARDS;
    let opened = trust.judge(&[bytes.to_vec()], NOW).is_ok();
    assert!(!opened || bytes == good, "a changed certificate opened");
    drop(trust.judge(&[good.clone(), bytes.to_vec()], NOW));
    let (keys, good) = &*TOKENS;
    if let Ok(text) = std::str::from_utf8(bytes) {
        let opened = PARTY.word(keys, text, &question(), NOW).is_ok();
        assert!(!opened || bytes == good, "a changed token opened");
        assert!(PARTY.logged_out(keys, text, NOW).is_err());
    }
    drop(Keys::read(bytes));
    drop(Provider::read(bytes, PARTY.issuer));
    drop(id_token(bytes));
    drop(Trust::read(bytes, &[bytes.to_vec()]));
}

fn question() -> Question {
    Question {
        state: "a state".to_owned(),
        nonce: "a nonce".to_owned(),
        verifier: "a verifier".to_owned(),
        redirect: "https://agencies.example/agency/enter/back/of".to_owned(),
        max_age: SignedDuration::from_hours(12),
        anew: false,
    }
}
