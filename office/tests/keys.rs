//! Keys and what they open, on both engines, with keys in software: what Chromium cannot be made to do, such as to come
//! late, stands here.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use common::{agency_id, furnished, id, run};
use domain::{Actor, Id as _, Means, Private, ProviderId, Purpose, SwitchReason};
use jiff::SignedDuration;
use office::keys::{self, MOST, Present};
use office::{Assurance, Given, Home, Person, Refused, Site, Somebody, Trouble, Wrong};
use office::{enrolment, passkeys, sign_in, visit};
use passkey::testing::SoftKey;
use store::agency::{self, Agency};
use store::enrolment::Cause;
use store::testing::TestHouse;
use store::{EventKind as Kind, Refusal, model, person, provider};
use testkit::both_engines;

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const FIVE_MINUTES: SignedDuration = SignedDuration::from_mins(5);

fn site() -> Site {
    Site { name: "desk.example".to_owned(), origins: vec!["https://desk.example".to_owned()] }
}

fn soft(name: &str) -> SoftKey {
    SoftKey::new(name, &site().name, &site().origins[0])
}

fn given(ceremony: &str, answer: String) -> Given {
    let client = Private::new("A test's browser".to_owned());
    Given { ceremony: ceremony.to_owned(), answer, client }
}

async fn ticket(house: &TestHouse, name: &str) -> String {
    let life = SignedDuration::from_hours(1);
    enrolment::issue(house, Actor::Operator, &id(name), life).await.unwrap().secret
}

async fn enrolled(house: &TestHouse, name: &str, key: &mut SoftKey) -> Result<Person, Trouble> {
    let ticket = ticket(house, name).await;
    let (asked, _) = keys::ask_with_ticket(house, &site(), &ticket).await.unwrap();
    let given = given(&asked.ceremony, key.create(&asked.options));
    keys::add_with_ticket(house, &site(), &ticket, format!("Key of {name}"), given).await
}

async fn signed_in(house: &TestHouse, key: &mut SoftKey) -> Result<String, Trouble> {
    let asked = passkeys::ask_sign_in(house, &site()).await.unwrap();
    let given = given(&asked.ceremony, key.get(&asked.options));
    passkeys::sign_in(house, &site(), given, |home| home.agency().is_some()).await
}

async fn somebody(house: &TestHouse, secret: &str) -> Somebody {
    visit::somebody(house, secret).await.unwrap()
}

fn why<T>(answer: Result<T, Trouble>) -> Option<Refused> {
    match answer {
        Err(Trouble::SignIn(why)) => Some(why),
        Ok(_) => None,
        Err(other) => panic!("{other:?}"),
    }
}

both_engines! {
    // PROVES: R-69
    fn a_key_that_was_enrolled_with_a_ticket_opens_a_session(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            assert_eq!(enrolled(&house, "officer", &mut key).await.unwrap().id, id("officer"));
            let secret = signed_in(&house, &mut key).await.unwrap();
            let who = somebody(&house, &secret).await;
            assert_eq!(who.person.id, id("officer"));
            assert_eq!((who.session.means, who.session.assurance), (Means::Passkey, Assurance::Aal2));
            assert_eq!(who.fresh(&house).unwrap().person(), &id("officer"));
            let own = keys::own(&house, &who).await.unwrap();
            assert_eq!((own.keys.len(), own.keys[0].name.as_str()), (1, "Key of officer"));
            assert_eq!(own.sessions[0].1, "A test's browser");
            assert_eq!((house.leaves(Kind::PasskeyAdded).await, house.leaves(Kind::SignedIn).await), (1, 1));
            assert_eq!(house.leaves(Kind::BannerAcknowledged).await, 1);
        });
    }

    fn a_question_is_answered_once_and_within_five_minutes(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            enrolled(&house, "officer", &mut key).await.unwrap();
            let fits = |home: &Home| home.agency().is_some();

            let asked = passkeys::ask_sign_in(&house, &site()).await.unwrap();
            let answer = key.get(&asked.options);
            house.advance(FIVE_MINUTES - SECOND);
            passkeys::sign_in(&house, &site(), given(&asked.ceremony, answer.clone()), fits).await.unwrap();
            let again = passkeys::sign_in(&house, &site(), given(&asked.ceremony, answer), fits).await;
            assert_eq!(why(again), Some(Refused::Again));

            let asked = passkeys::ask_sign_in(&house, &site()).await.unwrap();
            let answer = key.get(&asked.options);
            house.advance(FIVE_MINUTES);
            let late = passkeys::sign_in(&house, &site(), given(&asked.ceremony, answer), fits).await;
            assert_eq!(why(late), Some(Refused::TooLate));

            // A question that failed is not asked again either.
            let asked = passkeys::ask_sign_in(&house, &site()).await.unwrap();
            key.verifies = false;
            let wrong = passkeys::sign_in(&house, &site(), given(&asked.ceremony, key.get(&asked.options)), fits).await;
            assert_eq!(why(wrong), Some(Refused::Wrong(Wrong::Unverified)));
            key.verifies = true;
            let retried = passkeys::sign_in(&house, &site(), given(&asked.ceremony, key.get(&asked.options)), fits).await;
            assert_eq!(why(retried), Some(Refused::Again));
            // Every refusal left its leaf.
            assert_eq!(house.leaves(Kind::SignInRefused).await, 4);
        });
    }

    fn a_question_serves_only_what_it_was_asked_for(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            enrolled(&house, "officer", &mut key).await.unwrap();
            let secret = signed_in(&house, &mut key).await.unwrap();
            let other = signed_in(&house, &mut key).await.unwrap();
            // A question to come in does not verify, and one of another session does not verify this one.
            let asked = passkeys::ask_sign_in(&house, &site()).await.unwrap();
            let wrong = passkeys::verify(&house, &site(), &secret, given(&asked.ceremony, key.get(&asked.options))).await;
            assert_eq!(why(wrong), Some(Refused::NotAsked));
            let asked = passkeys::ask_verify(&house, &site(), &other).await.unwrap();
            let wrong = passkeys::verify(&house, &site(), &secret, given(&asked.ceremony, key.get(&asked.options))).await;
            assert_eq!(why(wrong), Some(Refused::NotAsked));
            // A question of one site is none of another, and one that was tampered with is none at all.
            let elsewhere = Site { name: "other.example".to_owned(), origins: vec!["https://other.example".to_owned()] };
            let asked = passkeys::ask_sign_in(&house, &site()).await.unwrap();
            let answer = key.get(&asked.options);
            let fits = |home: &Home| home.agency().is_some();
            let wrong = passkeys::sign_in(&house, &elsewhere, given(&asked.ceremony, answer.clone()), fits).await;
            assert_eq!(why(wrong), Some(Refused::NotAsked));
            for spoilt in ["", "zz", &asked.ceremony[2..], &asked.ceremony.replace('a', "b"), &"00".repeat(70_000)] {
                let wrong = passkeys::sign_in(&house, &site(), given(spoilt, answer.clone()), fits).await;
                assert_eq!(why(wrong), Some(Refused::NotAsked));
            }
            passkeys::sign_in(&house, &site(), given(&asked.ceremony, answer), fits).await.unwrap();
        });
    }

    // PROVES: R-70
    fn a_locked_session_opens_by_its_own_persons_key_under_a_new_secret(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (mut mine, mut others) = (soft("one"), soft("two"));
            enrolled(&house, "officer", &mut mine).await.unwrap();
            enrolled(&house, "chief", &mut others).await.unwrap();
            let secret = signed_in(&house, &mut mine).await.unwrap();
            house.advance(SignedDuration::from_mins(10));
            let locked = visit::somebody(&house, &secret).await.unwrap_err();
            assert_eq!(locked.refusal(), Some(&Refusal::Locked));
            let asked = passkeys::ask_verify(&house, &site(), &secret).await.unwrap();
            let wrong = passkeys::verify(&house, &site(), &secret, given(&asked.ceremony, others.get(&asked.options))).await;
            assert_eq!(why(wrong), Some(Refused::AnotherPerson));
            let asked = passkeys::ask_verify(&house, &site(), &secret).await.unwrap();
            let next = passkeys::verify(&house, &site(), &secret, given(&asked.ceremony, mine.get(&asked.options))).await;
            let next = next.unwrap();
            somebody(&house, &next).await.fresh(&house).unwrap();
            assert!(visit::somebody(&house, &secret).await.unwrap_err().is_not_found());
            assert_eq!(house.leaves(Kind::PersonVerified).await, 1);
            // The demo's way to do without a key is closed here.
            assert!(sign_in::verify_in_demo(&house, &next).await.unwrap_err().is_not_found());
        });
    }

    // PROVES: R-70
    fn wrong_answers_slow_down_and_at_the_twentieth_an_administrator_has_to_say_so(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            enrolled(&house, "officer", &mut key).await.unwrap();
            let mut wrong = 0;
            while wrong < 20 {
                key.verifies = false;
                match why(signed_in(&house, &mut key).await) {
                    Some(Refused::Wrong(Wrong::Unverified)) => wrong += 1,
                    Some(Refused::TooOften) => {
                        assert!(wrong >= 5, "slowed down at {wrong}");
                        // Waiting helps, and not before its time; what is slowed down does not count.
                        house.advance(SignedDuration::from_mins(15));
                    }
                    other => panic!("{other:?}"),
                }
            }
            key.verifies = true;
            house.advance(SignedDuration::from_hours(24));
            assert_eq!(why(signed_in(&house, &mut key).await), Some(Refused::TooOften));
            assert_eq!(house.leaves(Kind::SignInLocked).await, 1);
            sign_in::release(&house, Actor::Operator, &id("officer")).await.unwrap();
            signed_in(&house, &mut key).await.unwrap();
            assert!(sign_in::release(&house, Actor::Operator, &id("officer")).await.unwrap_err().is_not_found());
            house.has_caused(&[Kind::SignInReleased]).await;
        });
    }

    fn a_counter_that_goes_backwards_is_an_alarm_and_opens_nothing(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            enrolled(&house, "officer", &mut key).await.unwrap();
            key.counter = 10;
            signed_in(&house, &mut key).await.unwrap();
            key.counter = 4;
            assert_eq!(why(signed_in(&house, &mut key).await), Some(Refused::Wrong(Wrong::Counter)));
            assert_eq!(house.leaves(Kind::PasskeyAlarm).await, 1);
        });
    }

    // PROVES: R-69
    fn keys_that_can_be_copied_are_for_providers_people_only(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            key.syncable = true;
            assert_eq!(why(enrolled(&house, "officer", &mut key).await), Some(Refused::Wrong(Wrong::Syncable)));
            assert_eq!(house.leaves(Kind::PasskeyRefused).await, 1);
            enrolled(&house, "sender", &mut key).await.unwrap();
            // A provider's key does not open the agencies' door.
            assert_eq!(why(signed_in(&house, &mut key).await), Some(Refused::UnknownKey));
        });
    }

    fn an_agency_that_lists_models_takes_no_other(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let list = house.act(Actor::Operator, Purpose::Administration, "test::list", |act| {
                let model = |aaguid: &str| model::Model {
                    aaguid: aaguid.to_owned(), name: "A key".to_owned(), fips: true, root_pem: None, added_at: None,
                };
                let home = Home::Agency(agency_id());
                let nonsense = model::put(act, &home, &model("nonsense"));
                assert_eq!(nonsense.unwrap_err().refusal(), Some(Refusal::Unfit { what: "AAGUID" }));
                model::put(act, &home, &model("2FC0579F-8113-47EA-B116-BB5A8DB9202A"))
            });
            list.await.unwrap();
            testkit::tamper::is_found(scratch, &["accepted_model"], async || house.wrong().await).await;
            let refused = enrolled(&house, "officer", &mut soft("one")).await;
            assert_eq!(why(refused), Some(Refused::Wrong(Wrong::Model(None))));
            enrolled(&house, "sender", &mut soft("two")).await.unwrap();
            let drop = house.act(Actor::Operator, Purpose::Administration, "test::drop", |act| {
                model::remove(act, &Home::Agency(agency_id()), "2fc0579f-8113-47ea-b116-bb5a8db9202a")
            });
            drop.await.unwrap();
            enrolled(&house, "officer", &mut soft("one")).await.unwrap();
            house.has_caused(&[Kind::KeyModelAccepted, Kind::KeyModelDropped]).await;
        });
    }

    fn whoever_is_switched_off_or_whose_agency_is_comes_in_by_no_key(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (mut officer, mut chief) = (soft("one"), soft("two"));
            enrolled(&house, "officer", &mut officer).await.unwrap();
            enrolled(&house, "chief", &mut chief).await.unwrap();
            let secret = signed_in(&house, &mut officer).await.unwrap();
            let off = house.act(Actor::Operator, Purpose::Administration, "test::off", |act| person::disable(act, &id("officer")));
            off.await.unwrap();
            assert!(visit::somebody(&house, &secret).await.unwrap_err().is_not_found());
            assert_eq!(why(signed_in(&house, &mut officer).await), Some(Refused::UnknownKey));

            let secret = signed_in(&house, &mut chief).await.unwrap();
            let off = house.act(Actor::Operator, Purpose::Administration, "test::off", |act| {
                let known = agency::get(act, &agency_id())?;
                agency::put(act, &Agency { qualification: None, ..known })
            });
            off.await.unwrap();
            assert!(visit::somebody(&house, &secret).await.unwrap_err().is_not_found());
            assert!(signed_in(&house, &mut chief).await.unwrap_err().is_not_found());
        });
    }

    // PROVES: R-71
    fn nobody_of_a_provider_that_is_switched_off_comes_in_by_a_key_before_it_is_on_again(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            enrolled(&house, "sender", &mut key).await.unwrap();
            let enter = async |key: &mut SoftKey| {
                let asked = passkeys::ask_sign_in(&house, &site()).await.unwrap();
                let given = given(&asked.ceremony, key.get(&asked.options));
                passkeys::sign_in(&house, &site(), given, |home| home.provider().is_some()).await
            };
            let secret = enter(&mut key).await.unwrap();
            let one = || ProviderId::parse("one").unwrap();
            let off = house.act(Actor::Operator, Purpose::Administration, "test::off", move |act| {
                provider::disable(act, &one(), SwitchReason::WrongHands)
            });
            off.await.unwrap();
            assert!(visit::somebody(&house, &secret).await.unwrap_err().is_not_found());
            assert!(enter(&mut key).await.unwrap_err().is_not_found());
            let on = house.act(Actor::Operator, Purpose::Administration, "test::on", move |act| {
                provider::restore(act, &one(), SwitchReason::Mended)
            });
            on.await.unwrap();
            assert!(visit::somebody(&house, &secret).await.unwrap_err().is_not_found(), "no session comes back");
            enter(&mut key).await.unwrap();
        });
    }

    fn a_second_key_takes_a_fresh_person_and_removing_one_ends_the_other_sessions(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (mut first, mut second) = (soft("one"), soft("two"));
            enrolled(&house, "officer", &mut first).await.unwrap();
            let elsewhere = signed_in(&house, &mut first).await.unwrap();
            let secret = signed_in(&house, &mut first).await.unwrap();
            let who = somebody(&house, &secret).await;
            let fresh = who.fresh(&house).unwrap();
            let asked = keys::ask_another(&house, &site(), &who, &fresh).await.unwrap();
            let answer = given(&asked.ceremony, second.create(&asked.options));
            let before = secret;
            let present = Present { who: &who, fresh: &fresh, secret: &before };
            let secret = keys::add_another(&house, &site(), present, "Second".to_owned(), answer.clone()).await.unwrap();
            // With the keys the secret of the session changes; the one before opens nothing.
            assert!(visit::somebody(&house, &before).await.unwrap_err().is_not_found());
            let present = Present { who: &who, fresh: &fresh, secret: &secret };
            let again = keys::add_another(&house, &site(), present, "Third".to_owned(), answer).await;
            assert_eq!(why(again), Some(Refused::Again));

            // Somebody else's proof is none.
            enrolled(&house, "chief", &mut soft("three")).await.unwrap();
            let own = keys::own(&house, &who).await.unwrap();
            assert_eq!(own.keys.len(), 2);
            let of = |name: &str| own.keys.iter().find(|own| own.name == name).unwrap().key.id.clone();
            let secret = keys::remove(&house, present, &of("Key of officer")).await.unwrap();
            assert!(visit::somebody(&house, &elsewhere).await.unwrap_err().is_not_found());
            somebody(&house, &secret).await;
            assert_eq!(why(signed_in(&house, &mut first).await), Some(Refused::UnknownKey));
            let present = Present { who: &who, fresh: &fresh, secret: &secret };
            let last = keys::remove(&house, present, &of("Second")).await.unwrap_err();
            assert_eq!(last.refusal(), Some(&Refusal::LastKey));
            signed_in(&house, &mut second).await.unwrap();

            // Five minutes later the person is asked again first.
            house.advance(FIVE_MINUTES + SECOND);
            let who = somebody(&house, &secret).await;
            assert!(who.fresh(&house).unwrap_err().asks_for_verification());
            house.has_caused(&[Kind::PasskeyRemoved]).await;
            testkit::tamper::is_found(scratch, &["passkey"], async || house.wrong().await).await;
        });
    }

    fn after_a_recovery_the_keys_and_sessions_from_before_are_gone(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (mut lost, mut next) = (soft("one"), soft("two"));
            enrolled(&house, "officer", &mut lost).await.unwrap();
            let secret = signed_in(&house, &mut lost).await.unwrap();
            let ticket = sign_in::secret(&house).unwrap();
            let digest = house.secret_digest(ticket.as_bytes());
            let issue = house.act(Actor::Operator, Purpose::Administration, "test::recover", move |act| {
                store::enrolment::issue(act, &id("officer"), Cause::Recovery, digest, SignedDuration::from_hours(1))
            });
            issue.await.unwrap();
            let (asked, _) = keys::ask_with_ticket(&house, &site(), &ticket).await.unwrap();
            let answer = given(&asked.ceremony, next.create(&asked.options));
            keys::add_with_ticket(&house, &site(), &ticket, "New".to_owned(), answer).await.unwrap();
            assert!(visit::somebody(&house, &secret).await.unwrap_err().is_not_found());
            assert_eq!(why(signed_in(&house, &mut lost).await), Some(Refused::UnknownKey));
            signed_in(&house, &mut next).await.unwrap();
        });
    }

    fn a_person_has_a_bounded_number_of_keys_each_with_a_name(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut key = soft("one");
            enrolled(&house, "officer", &mut key).await.unwrap();
            let mut secret = signed_in(&house, &mut key).await.unwrap();
            let who = somebody(&house, &secret).await;
            let fresh = who.fresh(&house).unwrap();
            let add = async |secret: &str, credential: String, name: &str| {
                let asked = keys::ask_another(&house, &site(), &who, &fresh).await.unwrap();
                let answer = given(&asked.ceremony, soft(&credential).create(&asked.options));
                let present = Present { who: &who, fresh: &fresh, secret };
                keys::add_another(&house, &site(), present, name.to_owned(), answer).await
            };
            for name in ["", "  ", &"x".repeat(61)] {
                let unnamed = add(&secret, "unnamed".to_owned(), name).await.unwrap_err();
                assert_eq!(unnamed.refusal(), Some(&Refusal::Unfit { what: "name of the key" }));
            }
            for number in 1..MOST {
                secret = add(&secret, format!("key-{number}"), "Another").await.unwrap();
            }
            let many = add(&secret, "key-too-many".to_owned(), "Another").await.unwrap_err();
            assert_eq!(many.refusal(), Some(&Refusal::Unfit { what: "number of keys" }));
        });
    }
}
