//! Who is let in: secrets by their digest only, sessions by the server's clock, agencies while they are qualified.

use domain::{CredentialId, Id, PersonId, Private};
use jiff::SignedDuration;
use policy::ViewerRole;
use store::person::{self, Home, Person};
use store::{Refusal, agency, provider, session};
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
    let start = desk.act(move |act| session::start(act, &person_id(), act.secret_digest(secret)));
    start.await.unwrap();
}

async fn alive(desk: &Desk, secret: &'static [u8]) -> bool {
    let found = desk.read(move |view| session::find(view, view.secret_digest(secret), view.now())).await;
    found.unwrap().is_some()
}

both_engines! {
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

    fn a_session_in_use_ends_after_its_absolute_time(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            hired(&desk).await;
            signed_in(&desk, b"one").await;
            let step = SignedDuration::from_mins(10);
            for _ in 0..47 {
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
