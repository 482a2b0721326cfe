//! Coming in on the word of another organisation, on both engines, with an issuer of no worth that says whatever a test
//! wants. The flow with a real provider is tried in a browser, where the binary is.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::io;
use std::sync::{Arc, Mutex};

use common::{furnished, id, run};
use domain::{Actor, Assurance, Means, Private, Purpose};
use federation::testing::{self, Issuer as Signer};
use federation::{Answer, Request, Wrong};
use jiff::SignedDuration;
use office::federation as word;
use office::outside::{self, Aim, Entered, Errand, Fetch, Fetching, Issuer, NewErrand, Pinned, Return};
use office::{Home, Identity, Refused, Trouble, visit};
use serde_json::{Value, json};
use store::testing::TestHouse;
use store::{EventKind as Kind, binding};
use testkit::both_engines;

const ISSUER: &str = "https://issuer.example";
const CLIENT: &str = "clearinghouse";
const FACE: &str = "/agency";
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// What an issuer of no worth answers, and how often its keys were asked for.
#[derive(Default)]
struct Says {
    keys: Vec<u8>,
    token: String,
    asked: usize,
}

#[derive(Clone, Default)]
struct Wire(Arc<Mutex<Says>>);

impl Fetch for Wire {
    fn fetch(&self, request: Request) -> Fetching<'_> {
        let mut says = self.0.lock().unwrap();
        let answer = match request.url.strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => Ok(json!({
                "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/auth"),
                "token_endpoint": format!("{ISSUER}/token"), "jwks_uri": format!("{ISSUER}/keys"),
            })
            .to_string()
            .into_bytes()),
            Some("/keys") => {
                says.asked += 1;
                Ok(says.keys.clone())
            }
            Some("/token") => {
                assert!(request.form.is_some_and(|form| form.contains("code_verifier=")));
                Ok(json!({ "id_token": says.token, "access_token": "x" }).to_string().into_bytes())
            }
            _ => Err(io::Error::other("nobody is there")),
        };
        Box::pin(std::future::ready(answer))
    }
}

/// An issuer whose word is taken, with the key it signs with.
struct Desk {
    issuer: Issuer,
    signer: Signer,
    wire: Wire,
}

fn pinned(name: &str) -> Pinned {
    Pinned {
        name: name.to_owned(),
        title: "An organisation".to_owned(),
        issuer: ISSUER.to_owned(),
        client: CLIENT.to_owned(),
        secret: Some(Private::new("a secret".to_owned())),
        scope: "openid".to_owned(),
        homes: vec!["agencies".to_owned()],
        aal2: vec!["urn:two".to_owned()],
        aal3: vec!["urn:three".to_owned(), "hwk".to_owned()],
        demands: vec![("gfipm:officer".to_owned(), "true".to_owned())],
    }
}

impl Desk {
    fn new() -> Self {
        let (signer, wire) = (Signer::new("one"), Wire::default());
        wire.0.lock().unwrap().keys = signer.keys();
        Self { issuer: Issuer::new(pinned("example"), Box::new(wire.clone())), signer, wire }
    }

    fn asked(&self) -> usize {
        self.wire.0.lock().unwrap().asked
    }

    /// What it says of an officer in answer to an errand.
    fn claims(house: &TestHouse, errand: &Errand) -> Value {
        let now = house.now().as_second();
        let nonce = &errand.question.as_ref().unwrap().nonce;
        json!({
            "iss": ISSUER, "sub": "officer-1", "aud": CLIENT, "exp": now + 300, "iat": now, "auth_time": now,
            "nonce": nonce, "acr": "urn:two", "sid": "session-1", "gfipm:officer": true,
        })
    }

    /// Takes an errand's answer, with this token.
    async fn answered(&self, house: &TestHouse, errand: &Errand, token: String) -> Result<String, Trouble> {
        self.wire.0.lock().unwrap().token = token;
        word::vouch(house, &self.issuer, errand, &answer(errand)).await
    }

    async fn come_in(&self, house: &TestHouse, change: impl Fn(&mut Value)) -> Result<String, Trouble> {
        let errand = sent(house, Aim::SignIn, "");
        let mut claims = Self::claims(house, &errand);
        change(&mut claims);
        let voucher = self.answered(house, &errand, self.signer.token(&claims)).await?;
        match enter(house, &self.issuer, &errand, &voucher, None).await? {
            Entered::Session(secret) => Ok(secret),
            Entered::Enrolled => panic!("nobody enrolled"),
        }
    }
}

fn sent(house: &TestHouse, aim: Aim, bound: &str) -> Errand {
    let (way, origin, bound) = ("example", "https://agencies.example", bound.to_owned());
    let question = word::question(house, aim, format!("{origin}{FACE}/enter/back/{way}")).unwrap();
    let new = NewErrand { aim, way, face: FACE, origin, bound, to: FACE };
    Errand::begin(house, new).unwrap().asking(question)
}

fn answer(errand: &Errand) -> Answer {
    let state = errand.question.as_ref().unwrap().state.clone();
    Answer { code: "a code".to_owned(), state, ..Answer::default() }
}

async fn enter(
    house: &TestHouse,
    issuer: &Issuer,
    errand: &Errand,
    voucher: &str,
    session: Option<&str>,
) -> Result<Entered, Trouble> {
    let fits = |home: &Home| issuer.takes(home);
    outside::enter(house, &Return { errand, voucher, session, fits: &fits }, Private::new(String::new()))
        .await
}

async fn known(house: &TestHouse, name: &'static str, subject: &'static str) {
    let identity =
        Identity { means: Means::Federation, issuer: ISSUER.to_owned(), subject: subject.to_owned() };
    let added = house.act(Actor::Operator, Purpose::Administration, "test::known", move |act| {
        binding::add(act, &id(name), &identity)
    });
    added.await.unwrap();
}

fn why<T: std::fmt::Debug>(answer: Result<T, Trouble>) -> Refused {
    match answer {
        Err(Trouble::SignIn(why)) => why,
        other => panic!("{other:?}"),
    }
}

both_engines! {
    // PROVES: R-69
    fn another_organisations_word_opens_a_session_of_the_worth_that_the_operator_said(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::new();
            assert_eq!(why(desk.come_in(&house, |_| ()).await), Refused::Unbound);
            // A mail address is nobody's name, whatever it says.
            known(&house, "chief", "chief@agency.example").await;
            let mailed = desk.come_in(&house, |claims| claims["email"] = json!("chief@agency.example")).await;
            assert_eq!(why(mailed), Refused::Unbound);
            known(&house, "officer", "officer-1").await;
            let secret = desk.come_in(&house, |_| ()).await.unwrap();
            let who = visit::somebody(&house, &secret).await.unwrap();
            assert_eq!((who.person.id, who.session.means), (id("officer"), Means::Federation));
            assert_eq!(who.session.assurance, Assurance::Aal2);
            let secret = desk.come_in(&house, |claims| claims["amr"] = json!(["hwk", "pin"])).await.unwrap();
            let session = visit::somebody(&house, &secret).await.unwrap().session;
            assert_eq!(session.assurance, Assurance::Aal3);
            // Seen an hour ago is good enough to come in, and not for what only a fresh check opens.
            let hour = house.now().as_second() - 3600;
            let secret = desk.come_in(&house, |claims| claims["auth_time"] = json!(hour)).await.unwrap();
            assert!(visit::somebody(&house, &secret).await.unwrap().fresh(&house).is_err());
            // What is not said to be two factors is one.
            assert_eq!(why(desk.come_in(&house, |claims| claims["acr"] = json!("urn:one")).await), Refused::TooWeak);
            assert_eq!(house.leaves(Kind::SignedIn).await, 3);
            // Only people of the homes that the operator named come this way.
            known(&house, "sender", "sender-1").await;
            let sender = desk.come_in(&house, |claims| claims["sub"] = json!("sender-1")).await;
            assert_eq!(why(sender), Refused::Unbound);
        });
    }

    // PROVES: R-69
    fn a_word_that_is_not_to_be_believed_opens_nothing(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::new();
            known(&house, "officer", "officer-1").await;
            let now = house.now().as_second();
            for (name, value, wrong) in [
                ("aud", json!("another"), Wrong::Audience),
                ("iss", json!("https://another.example"), Wrong::Issuer),
                ("nonce", json!("another"), Wrong::Nonce),
                ("auth_time", json!(now - 13 * 3600), Wrong::TooOld),
                ("exp", json!(now - 3600), Wrong::Moment),
                ("gfipm:officer", json!(false), Wrong::Lacking),
                ("gfipm:officer", Value::Null, Wrong::Lacking),
            ] {
                let said = desk.come_in(&house, |claims| claims[name] = value.clone()).await;
                assert_eq!(why(said), Refused::Token(wrong), "{name}");
            }
            let errand = sent(&house, Aim::SignIn, "");
            let claims = Desk::claims(&house, &errand);
            let none = desk.answered(&house, &errand, testing::unsigned(&claims)).await;
            assert_eq!(why(none), Refused::Token(Wrong::Algorithm));
            let shared = desk.answered(&house, &errand, desk.signer.with_shared_secret(&claims)).await;
            assert_eq!(why(shared), Refused::Token(Wrong::Algorithm));
            let forged = desk.answered(&house, &errand, Signer::new("one").token(&claims)).await;
            assert_eq!(why(forged), Refused::Token(Wrong::Signature));

            // An answer serves the errand that it was given for, at the issuer that was asked, once.
            let other = sent(&house, Aim::SignIn, "");
            let crossed = word::vouch(&house, &desk.issuer, &errand, &answer(&other)).await;
            assert_eq!(why(crossed), Refused::Token(Wrong::State));
            let mixed = Issuer::new(pinned("another"), Box::new(desk.wire.clone()));
            let mixed = word::vouch(&house, &mixed, &errand, &answer(&errand)).await;
            assert_eq!(why(mixed), Refused::Token(Wrong::State));
            let named = Answer { iss: Some("https://another.example".to_owned()), ..answer(&errand) };
            let named = word::vouch(&house, &desk.issuer, &errand, &named).await;
            assert_eq!(why(named), Refused::Token(Wrong::Issuer));
            let said_no = Answer { error: Some("access_denied".to_owned()), code: String::new(), ..answer(&errand) };
            let said_no = word::vouch(&house, &desk.issuer, &errand, &said_no).await;
            assert_eq!(why(said_no), Refused::Token(Wrong::Refused));
            assert!(desk.answered(&house, &errand, desk.signer.token(&claims)).await.is_ok());
            let again = desk.answered(&house, &errand, desk.signer.token(&claims)).await;
            assert_eq!(why(again), Refused::Again);
        });
    }

    // PROVES: R-70
    fn whoever_must_show_again_who_they_are_was_seen_by_their_issuer_a_moment_ago(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::new();
            known(&house, "officer", "officer-1").await;
            let secret = desk.come_in(&house, |_| ()).await.unwrap();
            let session = visit::somebody(&house, &secret).await.unwrap().session.id;
            house.advance(SignedDuration::from_mins(11));
            let errand = sent(&house, Aim::Verify, &session);
            let mut claims = Desk::claims(&house, &errand);
            claims["auth_time"] = json!(house.now().as_second() - 361);
            let old = desk.answered(&house, &errand, desk.signer.token(&claims)).await;
            assert_eq!(why(old), Refused::Token(Wrong::TooOld));
            claims["auth_time"] = json!(house.now().as_second());
            claims["sid"] = json!("session-2");
            let voucher = desk.answered(&house, &errand, desk.signer.token(&claims)).await.unwrap();
            let next = enter(&house, &desk.issuer, &errand, &voucher, Some(&secret)).await.unwrap();
            let Entered::Session(next) = next else { panic!("it opens") };
            assert!(visit::somebody(&house, &next).await.unwrap().fresh(&house).is_ok());
            // From now on it stands on the session that the issuer has now.
            let ended = async |sid: &'static str| {
                let now = house.now().as_second();
                let out = json!({
                    "iss": ISSUER, "sub": "officer-1", "aud": CLIENT, "exp": now + 120, "iat": now, "jti": sid,
                    "sid": sid, "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
                });
                word::signed_out(&house, &desk.issuer, &desk.signer.token(&out)).await.unwrap()
            };
            assert_eq!((ended("session-1").await, ended("session-2").await), (0, 1));
        });
    }

    // PROVES: R-69
    fn keys_that_an_issuer_changed_are_read_again_and_once_a_minute_at_most(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut desk = Desk::new();
            known(&house, "officer", "officer-1").await;
            for _ in 0..3 {
                desk.come_in(&house, |_| ()).await.unwrap();
            }
            assert_eq!(desk.asked(), 1);
            desk.signer = Signer::new("two");
            desk.wire.0.lock().unwrap().keys = desk.signer.keys();
            house.advance(SignedDuration::from_mins(1) - SECOND);
            for _ in 0..3 {
                assert_eq!(why(desk.come_in(&house, |_| ()).await), Refused::Token(Wrong::UnknownKey));
            }
            assert_eq!(desk.asked(), 1, "whoever signs with made-up keys makes nobody fetch");
            house.advance(SECOND);
            assert!(desk.come_in(&house, |_| ()).await.is_ok());
            assert_eq!(desk.asked(), 2);
            // A key that the issuer withdrew opens nothing after an hour at the latest.
            let withdrawn = std::mem::replace(&mut desk.signer, Signer::new("three"));
            desk.wire.0.lock().unwrap().keys = desk.signer.keys();
            desk.signer = withdrawn;
            assert!(desk.come_in(&house, |_| ()).await.is_ok());
            house.advance(SignedDuration::from_hours(1));
            assert_eq!(why(desk.come_in(&house, |_| ()).await), Refused::Token(Wrong::UnknownKey));
            assert_eq!(desk.asked(), 3);
        });
    }

    // PROVES: R-70
    fn an_issuer_ends_from_behind_what_it_opened_and_nothing_else(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let desk = Desk::new();
            known(&house, "officer", "officer-1").await;
            let one = desk.come_in(&house, |_| ()).await.unwrap();
            let two = desk.come_in(&house, |claims| claims["sid"] = json!("session-2")).await.unwrap();
            let out = |jti: &str, sid: Value| {
                let now = house.now().as_second();
                let mut claims = json!({
                    "iss": ISSUER, "sub": "officer-1", "aud": CLIENT, "exp": now + 120, "iat": now, "jti": jti,
                    "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
                });
                if !sid.is_null() {
                    claims["sid"] = sid;
                }
                claims
            };
            let forged = Signer::new("one").token(&out("a", json!("session-1")));
            let refused = word::signed_out(&house, &desk.issuer, &forged).await;
            assert_eq!(why(refused), Refused::Token(Wrong::Signature));
            let token = desk.signer.token(&out("a", json!("session-1")));
            assert_eq!(word::signed_out(&house, &desk.issuer, &token).await.unwrap(), 1);
            assert!(visit::somebody(&house, &one).await.is_err());
            assert!(visit::somebody(&house, &two).await.is_ok());
            assert_eq!(why(word::signed_out(&house, &desk.issuer, &token).await), Refused::Again);
            let mut other = out("b", Value::Null);
            other["sub"] = json!("nobody-here");
            assert_eq!(word::signed_out(&house, &desk.issuer, &desk.signer.token(&other)).await.unwrap(), 0);
            let all = desk.signer.token(&out("c", Value::Null));
            assert_eq!(word::signed_out(&house, &desk.issuer, &all).await.unwrap(), 1);
            assert!(visit::somebody(&house, &two).await.is_err());
        });
    }
}
