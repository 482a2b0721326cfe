//! Who is let in: secrets by their digest only, sessions by the server's clock, agencies while they are qualified.

use domain::{CredentialId, Id, PersonId, Private};
use jiff::SignedDuration;
use policy::ViewerRole;
use store::enrolment::{self, Cause};
use store::person::{self, Home, Person};
use store::session::Entry;
use store::{Event, EventKind, Refusal, agency, provider, session};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_id, agency_of};
use crate::{refusal, run};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn person_id() -> PersonId {
    PersonId::parse("p-7").unwrap()
}

async fn hired(desk: &Desk) {
    let person = Person {
        id: person_id(),
        home: Home::Agency(agency_id(AGENCIES[0].0)),
        role: ViewerRole::Investigator,
        name: Private::new("Dull Person".to_owned()),
    };
    desk.act(move |act| person::add(act, &person)).await.unwrap();
}

async fn signed_in(desk: &Desk, secret: &'static [u8]) {
    let start = desk.act(move |act| {
        session::start(act, &Entry::by_link(person_id(), act.now()), act.secret_digest(secret))
    });
    start.await.unwrap();
}

async fn alive(desk: &Desk, secret: &'static [u8]) -> bool {
    matches!(state(desk, secret).await, State::Open | State::Locked)
}

/// What a page learns of a session.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Open,
    Locked,
    Over,
}

async fn state(desk: &Desk, secret: &'static [u8]) -> State {
    let found = desk.read(move |view| session::find(view, view.secret_digest(secret), view.now())).await;
    match found {
        Ok(Some(_)) => State::Open,
        Ok(None) => State::Over,
        Err(error) => {
            assert_eq!(error.refusal(), Some(Refusal::Locked));
            State::Locked
        }
    }
}

async fn fresh(desk: &Desk, secret: &'static [u8]) -> bool {
    let proof = desk.read(move |view| {
        let session = session::find(view, view.secret_digest(secret), view.now())?.unwrap();
        session.fresh(view.now())
    });
    match proof.await {
        Ok(fresh) => {
            assert_eq!(fresh.person(), &person_id());
            true
        }
        Err(error) => {
            assert_eq!(error.refusal(), Some(Refusal::NotFresh));
            false
        }
    }
}

async fn renewed(desk: &Desk, old: &'static [u8], new: &'static [u8]) {
    let renew = desk
        .act(move |act| session::renew(act, &person_id(), act.secret_digest(old), act.secret_digest(new)));
    renew.await.unwrap();
}

both_engines! {
    // PROVES: R-70
    fn a_session_ends_when_it_sits_idle(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            desk.house.advance(session::IDLE - SECOND);
            assert!(alive(&desk, b"one").await);
            desk.house.advance(SECOND);
            assert!(!alive(&desk, b"one").await);
            // What has ended is not revived by a late mark of use.
            session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            assert!(!alive(&desk, b"one").await);
        });
    }

    // PROVES: R-70
    fn a_session_in_use_ends_after_its_absolute_time(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            let step = SignedDuration::from_mins(8);
            for _ in 0..59 {
                desk.house.advance(step);
                assert!(alive(&desk, b"one").await);
                session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            }
            desk.house.advance(step - SECOND);
            assert!(alive(&desk, b"one").await);
            desk.house.advance(SECOND);
            assert!(!alive(&desk, b"one").await);
        });
    }

    // PROVES: R-70
    fn a_session_locks_after_its_minutes_and_no_mark_of_use_opens_it(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            desk.house.advance(session::LOCK - SECOND);
            assert_eq!(state(&desk, b"one").await, State::Open);
            session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            desk.house.advance(session::LOCK);
            assert_eq!(state(&desk, b"one").await, State::Locked);
            session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            assert_eq!(state(&desk, b"one").await, State::Locked);
            // Verifying opens it, under a new secret only.
            renewed(&desk, b"one", b"two").await;
            assert_eq!((state(&desk, b"one").await, state(&desk, b"two").await), (State::Over, State::Open));
            // What sat idle for too long is over, and no verification brings it back.
            desk.house.advance(session::IDLE);
            assert_eq!(state(&desk, b"two").await, State::Over);
            let late = desk.act(|act| session::renew(act, &person_id(), act.secret_digest(b"two"), [9; 32]));
            assert_eq!(refusal(late.await), Some(Refusal::NotFound));
        });
    }

    fn a_session_that_was_locked_by_hand_stays_locked_until_its_own_person_verifies(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            desk.act(|act| session::lock(act, act.secret_digest(b"one"))).await.unwrap();
            assert_eq!(state(&desk, b"one").await, State::Locked);
            desk.house.advance(SignedDuration::from_secs(70));
            session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            assert_eq!(state(&desk, b"one").await, State::Locked);
            let other = PersonId::parse("p-8").unwrap();
            let anothers = desk.act(move |act| session::renew(act, &other, act.secret_digest(b"one"), [9; 32]));
            assert_eq!(refusal(anothers.await), Some(Refusal::NotFound));
            assert_eq!(state(&desk, b"one").await, State::Locked);
            renewed(&desk, b"one", b"two").await;
            assert_eq!(state(&desk, b"two").await, State::Open);
            desk.house.has_caused(&[store::EventKind::PersonVerified, store::EventKind::SessionLocked]).await;
        });
    }

    // PROVES: R-70
    fn a_verification_serves_privileged_acts_for_five_minutes(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            desk.house.advance(session::FRESH - SECOND);
            assert!(fresh(&desk, b"one").await);
            desk.house.advance(SECOND + SECOND);
            assert!(!fresh(&desk, b"one").await);
            // Being in use does not make it fresh again; verifying does.
            session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            assert!(!fresh(&desk, b"one").await);
            renewed(&desk, b"one", b"two").await;
            assert!(fresh(&desk, b"two").await);
        });
    }

    fn verifying_again_does_not_make_a_session_last_longer(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            for _ in 0..60 {
                desk.house.advance(SignedDuration::from_mins(8) - SECOND);
                session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            }
            renewed(&desk, b"one", b"two").await;
            desk.house.advance(SignedDuration::from_secs(60));
            assert_eq!(state(&desk, b"two").await, State::Over);
        });
    }

    fn a_person_sees_their_own_sessions_and_ends_one(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            desk.house.advance(SECOND);
            signed_in(&desk, b"two").await;
            let own = async || desk.read(|view| session::of_person(view, &person_id(), view.now())).await.unwrap();
            let listed = own().await;
            assert_eq!(listed.len(), 2);
            let (oldest, other) = (listed[1].id.clone(), PersonId::parse("p-8").unwrap());
            let id = oldest.clone();
            let anothers = desk.act(move |act| session::end_one_of(act, &other, &id));
            assert_eq!(refusal(anothers.await), Some(Refusal::NotFound));
            desk.act(move |act| session::end_one_of(act, &person_id(), &oldest)).await.unwrap();
            assert_eq!((state(&desk, b"one").await, state(&desk, b"two").await), (State::Over, State::Open));
            assert_eq!(own().await.len(), 1);
        });
    }

    fn a_ticket_enrols_its_person_once_within_its_time(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            let issue = async |secret: &'static [u8], life| {
                let issued = desk.act(move |act| {
                    enrolment::issue(act, &person_id(), Cause::First, act.secret_digest(secret), life)
                });
                issued.await
            };
            let good = async |secret: &'static [u8]| {
                let found = desk.read(move |view| enrolment::find(view, view.secret_digest(secret), view.now()));
                found.await.unwrap().is_some()
            };
            let spend = async |secret: &'static [u8]| {
                let spent = desk.act(move |act| {
                    enrolment::spend(act, &person_id(), act.secret_digest(secret))?;
                    act.note(Event::of_house(EventKind::PersonAdded))
                });
                spent.await.err().and_then(|error| error.refusal())
            };
            let hour = SignedDuration::from_hours(1);
            assert_eq!(refusal(issue(b"long", enrolment::LONGEST + SECOND).await), Some(Refusal::Unfit { what: "life of the ticket" }));
            issue(b"first", hour).await.unwrap();
            assert!(good(b"first").await);
            // Another one voids the first.
            issue(b"second", hour).await.unwrap();
            assert_eq!((good(b"first").await, good(b"second").await), (false, true));
            assert_eq!(spend(b"first").await, Some(Refusal::NotFound));
            assert_eq!((spend(b"second").await, spend(b"second").await), (None, Some(Refusal::NotFound)));
            assert!(!good(b"second").await);

            issue(b"third", hour).await.unwrap();
            desk.house.advance(hour - SECOND);
            assert!(good(b"third").await);
            desk.house.advance(SECOND);
            assert!(!good(b"third").await);
            assert_eq!(spend(b"third").await, Some(Refusal::NotFound));

            // Whoever is switched off enrols nothing.
            issue(b"fourth", hour).await.unwrap();
            desk.act(|act| person::disable(act, &person_id())).await.unwrap();
            assert!(!good(b"fourth").await);
            desk.house.has_caused(&[store::EventKind::EnrolmentIssued]).await;
            testkit::tamper::is_found(scratch, &["enrolment"], async || desk.house.wrong().await).await;
        });
    }

    fn a_mark_of_use_is_due_once_a_minute(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            let stale = async || {
                let found = desk.read(|view| {
                    let digest = view.secret_digest(b"one");
                    Ok(session::find(view, digest, view.now())?.unwrap().is_stale(view.now()))
                });
                found.await.unwrap()
            };
            desk.house.advance(SignedDuration::from_secs(59));
            assert!(!stale().await);
            desk.house.advance(SECOND);
            assert!(stale().await);
            session::touch(&desk.house, desk.house.secret_digest(b"one")).await.unwrap();
            assert!(!stale().await);
        });
    }

    // PROVES: R-71
    fn leaving_ends_one_session_and_switching_off_ends_all(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            for secret in [b"one", b"two", b"six"] {
                signed_in(&desk, secret).await;
            }
            desk.act(|act| session::end(act, act.secret_digest(b"one"))).await.unwrap();
            assert_eq!((alive(&desk, b"one").await, alive(&desk, b"two").await), (false, true));
            let again = desk.act(|act| session::end(act, act.secret_digest(b"one"))).await;
            assert_eq!(refusal(again), Some(Refusal::NotFound));
            assert_eq!(desk.act(|act| session::end_all_of(act, &person_id())).await.unwrap(), 2);
            assert!(!alive(&desk, b"two").await);

            signed_in(&desk, b"ten").await;
            desk.act(|act| person::disable(act, &person_id())).await.unwrap();
            assert!(!alive(&desk, b"ten").await);
            assert_eq!(desk.read(|view| person::find(view, &person_id())).await.unwrap(), None);
        });
    }

    fn a_link_lets_in_until_its_moment_and_only_its_person(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            desk.act(|act| {
                let until = act.now() + SignedDuration::from_hours(1);
                person::add_link(act, &person_id(), act.secret_digest(b"a link"), until)
            })
            .await
            .unwrap();
            let found = async |link: &'static [u8]| {
                let read = desk.read(move |view| person::find_by_link(view, view.secret_digest(link), view.now()));
                read.await.unwrap().map(|person| (person.id, person.name))
            };
            assert_eq!(found(b"a link").await, Some((person_id(), Private::new("Dull Person".to_owned()))));
            assert_eq!(found(b"another").await, None);
            desk.house.advance(SignedDuration::from_hours(1));
            assert_eq!(found(b"a link").await, None);
        });
    }

    // PROVES: R-21 R-67
    fn an_agency_that_is_no_longer_qualified_is_not_let_in(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            let (name, class, relationship) = AGENCIES[0];
            let client = CredentialId::parse("client-1").unwrap();
            let id = client.clone();
            desk.act(move |act| agency::add_client(act, &agency_id(name), &id, act.secret_digest(b"token")))
                .await
                .unwrap();
            let known = async || {
                desk.read(|view| agency::find_client(view, view.secret_digest(b"token"))).await.unwrap()
            };
            assert_eq!(known().await, Some((agency_id(name), client.clone())));
            let until = desk.house.now() + SECOND;
            desk.act(move |act| {
                let mut agency = agency_of(name, class, relationship);
                agency.qualification.as_mut().unwrap().until = Some(until);
                agency::put(act, &agency)
            })
            .await
            .unwrap();
            assert!(alive(&desk, b"one").await);
            desk.house.advance(SECOND);
            assert_eq!((known().await, alive(&desk, b"one").await), (None, false));

            desk.act(move |act| agency::put(act, &agency_of(name, class, relationship))).await.unwrap();
            desk.act(move |act| agency::disable_client(act, &client)).await.unwrap();
            assert_eq!(known().await, None);
        });
    }

    fn a_credential_accepts_its_own_secret_and_can_be_switched_off(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let known = async || {
                let name = format!("{}-user", PROVIDERS[0]);
                desk.read(move |view| provider::find_credential(view, &name)).await.unwrap().unwrap()
            };
            let credential = known().await;
            assert!(credential.accepts(&desk.house.secret_digest(b"a secret")));
            assert!(!credential.accepts(&desk.house.secret_digest(b"another")));
            assert!(!credential.disabled);
            let id = credential.credential.clone();
            desk.act(move |act| provider::disable_credential(act, &id)).await.unwrap();
            assert!(known().await.disabled);
            for stranger in ["nobody", "", "a\0b"] {
                let found = desk.read(move |view| provider::find_credential(view, stranger)).await.unwrap();
                assert_eq!(found, None);
            }
        });
    }
}
