//! What is believed of another one's word, and everything that is not.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use federation::testing::{self, Issuer};
use federation::{Answer, Keys, Party, Provider, Question, Word, Wrong, id_token};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::constant(1_780_315_200, 0);
const ISSUER: &str = "https://issuer.example";
const CLIENT: &str = "clearinghouse";
const PARTY: Party<'static> = Party { issuer: ISSUER, client: CLIENT };
const TWELVE_HOURS: SignedDuration = SignedDuration::from_hours(12);

fn question() -> Question {
    Question {
        state: "a state".to_owned(),
        nonce: "a nonce".to_owned(),
        verifier: "a verifier of more than forty-three letters altogether".to_owned(),
        redirect: "https://agencies.example/agency/enter/back/of".to_owned(),
        max_age: TWELVE_HOURS,
        anew: false,
    }
}

fn claims() -> Value {
    let now = NOW.as_second();
    json!({
        "iss": ISSUER, "sub": "officer-1", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": "a nonce",
        "auth_time": now - 60, "acr": "urn:two", "amr": ["hwk", "pin"], "sid": "session-1",
        "email": "somebody@agency.example",
    })
}

fn but(name: &str, value: Value) -> Value {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(name);
    } else {
        claims[name] = value;
    }
    claims
}

/// An issuer, and what it is believed.
struct Ground {
    issuer: Issuer,
    keys: Keys,
}

impl Ground {
    fn new() -> Self {
        let issuer = Issuer::new("one");
        let keys = Keys::read(&issuer.keys()).unwrap();
        Self { issuer, keys }
    }

    fn word(&self, token: &str) -> Result<Word, Wrong> {
        PARTY.word(&self.keys, token, &question(), NOW)
    }

    fn but(&self, name: &str, value: Value) -> Result<Word, Wrong> {
        self.word(&self.issuer.token(&but(name, value)))
    }
}

// PROVES: R-69
#[test]
fn a_word_that_holds_names_its_subject_and_when_and_how_they_were_seen() {
    let ground = Ground::new();
    let word = ground.word(&ground.issuer.token(&claims())).unwrap();
    assert_eq!((word.subject.as_str(), word.acr.as_deref()), ("officer-1", Some("urn:two")));
    assert_eq!((word.amr.len(), word.sid.as_deref()), (2, Some("session-1")));
    assert_eq!(word.auth_time, NOW - SignedDuration::from_secs(60));
    assert!(ground.but("aud", json!([CLIENT])).is_ok());
    let mut several = but("aud", json!(["another", CLIENT]));
    several["azp"] = json!(CLIENT);
    assert!(ground.word(&ground.issuer.token(&several)).is_ok());
}

// PROVES: R-69
#[test]
fn a_word_of_another_for_another_or_of_another_time_is_not_taken() {
    let ground = Ground::new();
    let now = NOW.as_second();
    let cases = [
        ("iss", json!("https://another.example"), Wrong::Issuer),
        ("iss", json!("https://issuer.example/"), Wrong::Issuer),
        ("aud", json!("another"), Wrong::Audience),
        ("aud", json!(["another"]), Wrong::Audience),
        ("aud", json!(["another", CLIENT]), Wrong::Audience),
        ("azp", json!("another"), Wrong::Audience),
        ("exp", json!(now - 60), Wrong::Moment),
        ("iat", json!(now + 61), Wrong::Moment),
        ("iat", json!(now - 661), Wrong::Moment),
        ("nbf", json!(now + 61), Wrong::Moment),
        ("nonce", json!("another"), Wrong::Nonce),
        ("nonce", Value::Null, Wrong::Nonce),
        ("auth_time", Value::Null, Wrong::TooOld),
        ("auth_time", json!(now - 12 * 3600 - 61), Wrong::TooOld),
        ("auth_time", json!(now + 61), Wrong::TooOld),
        ("sub", Value::Null, Wrong::Nameless),
        ("sub", json!(""), Wrong::Nameless),
        ("exp", json!("soon"), Wrong::Unreadable),
        ("exp", json!(1e300), Wrong::Unreadable),
    ];
    for (name, value, wrong) in cases {
        assert_eq!(ground.but(name, value.clone()).unwrap_err(), wrong, "{name} {value}");
    }
    // At the bounds it still is.
    for (name, value) in
        [("exp", json!(now - 59)), ("iat", json!(now + 60)), ("auth_time", json!(now - 12 * 3600))]
    {
        assert!(ground.but(name, value.clone()).is_ok(), "{name} {value}");
    }
    // What must be seen anew was seen within its minutes.
    let anew = Question { max_age: SignedDuration::from_mins(5), anew: true, ..question() };
    let old = ground.issuer.token(&but("auth_time", json!(now - 5 * 60 - 61)));
    assert_eq!(PARTY.word(&ground.keys, &old, &anew, NOW).unwrap_err(), Wrong::TooOld);
}

// PROVES: R-69
#[test]
fn a_token_that_its_issuer_did_not_sign_asymmetrically_is_not_taken() {
    let ground = Ground::new();
    let claims = claims();
    assert_eq!(ground.word(&testing::unsigned(&claims)).unwrap_err(), Wrong::Algorithm);
    assert_eq!(ground.word(&ground.issuer.with_shared_secret(&claims)).unwrap_err(), Wrong::Algorithm);
    let stranger = Issuer::new("one");
    assert_eq!(ground.word(&stranger.token(&claims)).unwrap_err(), Wrong::Signature);
    assert_eq!(ground.word(&Issuer::new("two").token(&claims)).unwrap_err(), Wrong::UnknownKey);
    let confused = ground.issuer.signed(&json!({ "alg": "RS256", "kid": "one" }), &claims);
    assert_eq!(ground.word(&confused).unwrap_err(), Wrong::UnknownKey);
    let critical = ground.issuer.signed(&json!({ "alg": "ES256", "kid": "one", "crit": ["b64"] }), &claims);
    assert_eq!(ground.word(&critical).unwrap_err(), Wrong::Unreadable);
    let access = ground.issuer.signed(&json!({ "alg": "ES256", "kid": "one", "typ": "at+jwt" }), &claims);
    assert_eq!(ground.word(&access).unwrap_err(), Wrong::Purpose);
    for text in ["", ".", "..", "a.b.c", "e30.e30.", &"a".repeat(40_000)] {
        assert!(ground.word(text).is_err(), "{text}");
    }
    let good = ground.issuer.token(&claims);
    for at in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        if changed != good {
            assert!(ground.word(&changed).is_err(), "letter {at}");
        }
    }
    // Without a name the only key that fits is meant; of two, none.
    let nameless = ground.issuer.signed(&json!({ "alg": "ES256" }), &claims);
    assert!(ground.word(&nameless).is_ok());
    let both = json!({ "keys": [ground.issuer.key(), stranger.key()] }).to_string();
    let both = Keys::read(both.as_bytes()).unwrap();
    assert_eq!(PARTY.word(&both, &nameless, &question(), NOW).unwrap_err(), Wrong::UnknownKey);
    assert!(!ground.keys.knows(&Issuer::new("two").token(&claims)) && ground.keys.knows(&good));
}

// PROVES: R-70
#[test]
fn only_a_token_of_a_log_out_ends_a_session_and_it_opens_none() {
    let ground = Ground::new();
    let now = NOW.as_second();
    let out = json!({
        "iss": ISSUER, "sub": "officer-1", "aud": CLIENT, "exp": now + 120, "iat": now, "jti": "once",
        "sid": "session-1", "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    let read = |claims: &Value| PARTY.logged_out(&ground.keys, &ground.issuer.token(claims), NOW);
    let said = read(&out).unwrap();
    assert_eq!((said.subject.as_deref(), said.sid.as_deref()), (Some("officer-1"), Some("session-1")));
    for (name, value, wrong) in [
        ("nonce", json!("a nonce"), Wrong::Purpose),
        ("events", json!({}), Wrong::Purpose),
        ("events", Value::Null, Wrong::Purpose),
        ("jti", Value::Null, Wrong::Purpose),
        ("sub", Value::Null, Wrong::Nameless),
        ("iss", json!("https://another.example"), Wrong::Issuer),
        ("aud", json!("another"), Wrong::Audience),
        ("exp", json!(now - 61), Wrong::Moment),
    ] {
        let mut changed = out.clone();
        if value.is_null() {
            changed.as_object_mut().unwrap().remove(name);
        } else {
            changed[name] = value;
        }
        assert_eq!(read(&changed).unwrap_err(), wrong, "{name}");
    }
    assert_eq!(read(&claims()).unwrap_err(), Wrong::Purpose);
    let mut both = claims();
    both["events"] = out["events"].clone();
    assert_eq!(ground.word(&ground.issuer.token(&both)).unwrap_err(), Wrong::Purpose);
}

fn provider(more: &Value) -> Result<Provider, Wrong> {
    let mut said = json!({
        "issuer": ISSUER, "authorization_endpoint": "https://issuer.example/auth?tenant=1",
        "token_endpoint": "https://issuer.example/token", "jwks_uri": "https://issuer.example/keys",
    });
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Provider::read(said.to_string().as_bytes(), ISSUER)
}

#[test]
fn an_issuer_calls_itself_as_it_was_pinned_and_has_no_plain_address() {
    assert!(provider(&json!({})).is_ok());
    assert_eq!(provider(&json!({ "issuer": "https://another.example" })).unwrap_err(), Wrong::Issuer);
    for key in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        for address in ["http://issuer.example/x", "https://a@issuer.example/x", "javascript:alert(1)", "x"] {
            assert_eq!(provider(&json!({ key: address })).unwrap_err(), Wrong::Unreadable, "{key} {address}");
        }
        assert!(provider(&json!({ key: "http://localhost:3000/x" })).is_ok());
    }
}

#[test]
fn a_question_carries_its_challenge_and_only_its_own_answer_is_exchanged() {
    let (asked, ours) = (question(), provider(&json!({})).unwrap());
    let address = asked.address(&ours, CLIENT, "openid", &["urn:two".to_owned()]).unwrap();
    for part in [
        "https://issuer.example/auth?tenant=1&response_type=code&client_id=clearinghouse",
        "code_challenge_method=S256",
        "max_age=43200",
        "acr_values=urn%3Atwo",
        "redirect_uri=https%3A%2F%2Fagencies.example%2Fagency%2Fenter%2Fback%2Fof",
    ] {
        assert!(address.contains(part), "{part}: {address}");
    }
    assert!(!address.contains("verifier"), "{address}");
    let answer = |state: &str, iss: Option<&str>| Answer {
        code: "a code".to_owned(),
        state: state.to_owned(),
        iss: iss.map(str::to_owned),
        error: None,
    };
    let exchange = |answer: &Answer| asked.exchange(&ours, ISSUER, (CLIENT, Some("a&b")), answer);
    let request = exchange(&answer("a state", None)).unwrap();
    assert_eq!(request.basic, Some((CLIENT.to_owned(), "a%26b".to_owned())));
    assert!(request.form.unwrap().contains("code=a+code&redirect_uri="));
    assert_eq!(exchange(&answer("another", None)).unwrap_err(), Wrong::State);
    assert_eq!(exchange(&answer("", None)).unwrap_err(), Wrong::State);
    assert_eq!(exchange(&answer("a state", Some("https://another.example"))).unwrap_err(), Wrong::Issuer);
    let refused = Answer { error: Some("access_denied".to_owned()), ..answer("a state", None) };
    assert_eq!(exchange(&refused).unwrap_err(), Wrong::Refused);
    // An issuer that says that it names itself must do so.
    let named = provider(&json!({ "authorization_response_iss_parameter_supported": true })).unwrap();
    let missing = asked.exchange(&named, ISSUER, (CLIENT, None), &answer("a state", None));
    assert_eq!(missing.unwrap_err(), Wrong::Issuer);
    assert!(asked.exchange(&named, ISSUER, (CLIENT, None), &answer("a state", Some(ISSUER))).is_ok());
    assert_eq!(id_token(b"{\"access_token\":\"x\"}").unwrap_err(), Wrong::Unreadable);
}
