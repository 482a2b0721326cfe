//! What ends somebody's sessions besides the hours: the day of their agency, their attestation and training, another role,
//! another permission, a recovery.

use domain::{AgencyClass, ApprovalId, ApprovalKind, CredentialId, Id};
use jiff::SignedDuration;
use policy::ViewerRole;
use serde_json::{Value, json};
use store::account::{self, Ending};
use store::person::{self, Home};
use store::session::{self, Entry};
use store::{Refusal, agency, approval, enrolment, guard, recovery, role, standing};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_id, agency_of, person_id as id};
use crate::{refusal, run};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn own_agency() -> Home {
    Home::Agency(agency_id(AGENCIES[0].0))
}

async fn heads(desk: &Desk) {
    desk.hire("first", Home::House, ViewerRole::SecurityAdmin).await;
    desk.hire("second", Home::House, ViewerRole::Supervisor).await;
}

async fn enter(desk: &Desk, who: &str, secret: &'static [u8]) {
    let who = id(who);
    let start = desk.act(move |act| {
        session::start(act, &Entry::by_link(who.clone(), act.now()), act.secret_digest(secret))
    });
    start.await.unwrap();
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Open,
    Locked,
    Over,
}

async fn state(desk: &Desk, secret: &'static [u8]) -> State {
    match desk.read(move |view| session::find(view, view.secret_digest(secret), view.now())).await {
        Ok(Some(_)) => State::Open,
        Ok(None) => State::Over,
        Err(error) if error.refusal() == Some(Refusal::Locked) => State::Locked,
        Err(error) => panic!("{error}"),
    }
}

async fn asked(
    desk: &Desk,
    who: &str,
    kind: ApprovalKind,
    about: &'static str,
    details: Value,
) -> ApprovalId {
    desk.by(who, move |act| approval::ask(act, kind, about, &details)).await.unwrap()
}

both_engines! {
    fn a_token_that_is_bound_opens_nothing_without_its_certificate(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [bound, free] = ["client-1", "client-2"].map(|id| CredentialId::parse(id).unwrap());
            let (first, second) = (bound.clone(), free.clone());
            desk.act(move |act| {
                agency::add_client(act, &agency_id(AGENCIES[0].0), &first, act.secret_digest(b"one"))?;
                agency::add_client(act, &agency_id(AGENCIES[0].0), &second, act.secret_digest(b"two"))?;
                agency::bind_client(act, &first, [7; 32])
            })
            .await
            .unwrap();
            let certificate = async |id: CredentialId| desk.read(move |view| agency::certificate(view, &id)).await.unwrap();
            assert_eq!((certificate(bound.clone()).await, certificate(free).await), (Some([7; 32]), None));
            let again = desk.act(move |act| agency::bind_client(act, &bound, [8; 32])).await;
            assert!(again.is_err(), "it is bound once");
            desk.house.has_caused(&[store::EventKind::ClientBound]).await;
            testkit::tamper::is_found(scratch, &["agency_client", "agency_client_certificate"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-21
    fn an_agency_whose_fact_is_over_is_put_out_with_its_people_and_systems_at_that_second(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("officer", own_agency(), ViewerRole::Investigator).await;
            desk.hire("other", Home::Agency(agency_id(AGENCIES[1].0)), ViewerRole::Investigator).await;
            let (name, class, relationship) = AGENCIES[0];
            let client = CredentialId::parse("client-1").unwrap();
            desk.act(move |act| agency::add_client(act, &agency_id(name), &client, act.secret_digest(b"token"))).await.unwrap();
            let until = desk.house.now() + SignedDuration::from_mins(5);
            desk.act(move |act| {
                let mut agency = agency_of(name, class, relationship);
                agency.qualification.as_mut().unwrap().until = Some(until);
                agency::put(act, &agency)
            }).await.unwrap();
            let stands = async || desk.read(move |view| standing::get(view, &agency_id(name))).await.unwrap();
            assert_eq!(stands().await.qualified_at, Some(desk.house.now()));
            enter(&desk, "officer", b"one").await;
            enter(&desk, "other", b"two").await;
            let feed = async || desk.read(|view| agency::find_client(view, view.secret_digest(b"token"))).await.unwrap().is_some();
            let over = async || desk.read(|view| standing::over(view, 10)).await.unwrap();
            desk.house.advance(SignedDuration::from_mins(5) - SECOND);
            assert_eq!((state(&desk, b"one").await, feed().await, over().await), (State::Open, true, Vec::new()));
            desk.house.advance(SECOND);
            // Before any worker has come by.
            assert_eq!((state(&desk, b"one").await, feed().await), (State::Over, false));
            assert_eq!(over().await, [agency_id(name)]);
            assert_eq!(desk.act(|act| standing::close_over(act, 10)).await.unwrap(), 1);
            assert_eq!(stands().await.lapsed_at, Some(desk.house.now()));
            // Once, and nobody else with it.
            assert_eq!((over().await, state(&desk, b"two").await), (Vec::new(), State::Open));
            // Qualified anew it stands again; the sessions from before stay over.
            desk.act(move |act| agency::put(act, &agency_of(name, class, relationship))).await.unwrap();
            assert_eq!((stands().await.lapsed_at, state(&desk, b"one").await, feed().await), (None, State::Over, true));
            // And by hand, at once.
            enter(&desk, "officer", b"six").await;
            assert_eq!(desk.act(move |act| standing::expire(act, &agency_id(name))).await.unwrap(), 1);
            assert_eq!((state(&desk, b"six").await, feed().await), (State::Over, false));
            let again = desk.act(move |act| standing::expire(act, &agency_id(name))).await;
            assert_eq!(refusal(again), Some(Refusal::NotFound));
            assert_eq!(class, AgencyClass::State);
            desk.house.has_caused(&[store::EventKind::AgencyLapsed]).await;
        });
    }

    // PROVES: R-67 R-71
    fn a_session_ends_with_the_second_in_which_attestation_training_or_a_temporary_account_does(scratch) {
        const TEMPORARY: &str = "-- test::temporary
            UPDATE person SET temporary_until = :until WHERE id = :person";
        run(async {
            let desk = Desk::on(scratch).await;
            let begun = desk.house.now();
            desk.hire("attested", own_agency(), ViewerRole::Investigator).await;
            desk.hire("trained", Home::House, ViewerRole::Analyst).await;
            desk.hire("guest", Home::House, ViewerRole::Analyst).await;
            // All three end at the same second, 90 days from now.
            let end = begun + account::ATTESTED;
            let trained_at = end - account::TRAINED;
            desk.act(move |act| account::train(act, &id("trained"), trained_at)).await.unwrap();
            desk.act(move |act| {
                act.tx().execute(TEMPORARY, &database::bind! { person: "guest", until: end.as_microsecond() })?;
                account::review(act, &id("guest"))
            }).await.unwrap();
            // They use their accounts all the while.
            desk.house.advance(DAY * 44);
            for who in ["attested", "trained", "guest"] {
                desk.act(move |act| session::start(act, &Entry::by_link(id(who), act.now()), act.secret_digest(who.as_bytes()))).await.unwrap();
            }
            desk.house.advance(DAY * 44);
            for who in ["attested", "trained", "guest"] {
                desk.act(move |act| session::start(act, &Entry::by_link(id(who), act.now()), act.secret_digest(format!("{who}-2").as_bytes()))).await.unwrap();
            }
            desk.house.advance(DAY * 2 - SignedDuration::from_mins(5));
            enter(&desk, "attested", b"one").await;
            enter(&desk, "trained", b"two").await;
            enter(&desk, "guest", b"six").await;
            let all = async || [state(&desk, b"one").await, state(&desk, b"two").await, state(&desk, b"six").await];
            let hold = async || {
                let mut held = Vec::new();
                for who in ["attested", "trained", "guest"] {
                    held.push(desk.read(move |view| account::must_hold(view, &id(who))).await.is_ok());
                }
                held
            };
            desk.house.advance(SignedDuration::from_mins(5) - SECOND);
            assert_eq!((all().await, hold().await), ([State::Open, State::Open, State::Open], vec![true; 3]));
            desk.house.advance(SECOND);
            assert_eq!((all().await, hold().await), ([State::Over, State::Over, State::Over], vec![false; 3]));
            assert_eq!(desk.house.now(), end);
        });
    }

    // PROVES: R-70
    fn another_role_takes_two_people_and_ends_every_session(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            heads(&desk).await;
            desk.hire("analyst", Home::House, ViewerRole::Analyst).await;
            desk.hire("chief", own_agency(), ViewerRole::Commander).await;
            desk.hire("officer", own_agency(), ViewerRole::Investigator).await;
            enter(&desk, "officer", b"one").await;
            let become_ = |role: &str| json!({ "role": role });
            // Their commander asks, the house agrees.
            let asked_by_chief = asked(&desk, "chief", ApprovalKind::ChangeRole, "officer", become_("prosecutor")).await;
            let agreed = asked_by_chief.clone();
            let alone = desk.by("chief", move |act| approval::approve(act, &agreed).map(drop)).await;
            assert_eq!(refusal(alone), Some(Refusal::SamePerson));
            desk.by("second", move |act| {
                approval::approve(act, &asked_by_chief)?;
                role::change(act, &approval::take(act, &asked_by_chief, ApprovalKind::ChangeRole)?)
            }).await.unwrap();
            assert_eq!(state(&desk, b"one").await, State::Over);
            let now = desk.read(|view| person::find(view, &id("officer"))).await.unwrap().unwrap();
            assert_eq!(now.role, ViewerRole::Prosecutor);
            // Whom it is about has no voice in it, and no role of another home is given.
            let promoted = asked(&desk, "second", ApprovalKind::ChangeRole, "first", become_("supervisor")).await;
            let own = desk.by("first", move |act| approval::approve(act, &promoted).map(drop)).await;
            assert_eq!(refusal(own), Some(Refusal::SamePerson));
            let wrong = asked(&desk, "first", ApprovalKind::ChangeRole, "analyst", become_("commander")).await;
            let given = desk.by("second", move |act| {
                approval::approve(act, &wrong)?;
                role::change(act, &approval::take(act, &wrong, ApprovalKind::ChangeRole)?)
            }).await;
            assert_eq!(refusal(given), Some(Refusal::Unfit { what: "role" }));
            let strangers = desk.by("chief", |act| approval::ask(act, ApprovalKind::ChangeRole, "analyst", &json!({ "role": "supervisor" }))).await;
            assert_eq!(refusal(strangers), Some(Refusal::NotAllowed));
            desk.house.has_caused(&[store::EventKind::RoleChanged]).await;
        });
    }

    // PROVES: R-70
    fn another_permission_locks_sessions_until_their_person_shows_that_it_is_them_under_a_new_secret(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("officer", own_agency(), ViewerRole::Investigator).await;
            enter(&desk, "officer", b"one").await;
            enter(&desk, "officer", b"two").await;
            assert_eq!(desk.act(|act| session::lock_all_of(act, &id("officer"))).await.unwrap(), 2);
            assert_eq!((state(&desk, b"one").await, state(&desk, b"two").await), (State::Locked, State::Locked));
            desk.act(|act| session::renew(act, &id("officer"), act.secret_digest(b"one"), act.secret_digest(b"new"))).await.unwrap();
            assert_eq!((state(&desk, b"new").await, state(&desk, b"one").await), (State::Open, State::Over));
            assert_eq!(state(&desk, b"two").await, State::Locked);
            desk.house.has_caused(&[store::EventKind::SessionsLocked]).await;
        });
    }

    fn a_secret_is_replaced_within_an_open_session_of_its_own_person_only(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("officer", own_agency(), ViewerRole::Investigator).await;
            enter(&desk, "officer", b"one").await;
            let rotate = async |who: &'static str, old: &'static [u8], next: &'static [u8]| {
                desk.act(move |act| session::rotate(act, &id(who), act.secret_digest(old), act.secret_digest(next))).await
            };
            assert_eq!(refusal(rotate("other", b"one", b"two").await), Some(Refusal::NotFound));
            rotate("officer", b"one", b"two").await.unwrap();
            assert_eq!((state(&desk, b"one").await, state(&desk, b"two").await), (State::Over, State::Open));
            desk.act(|act| session::lock(act, act.secret_digest(b"two"))).await.unwrap();
            assert_eq!(refusal(rotate("officer", b"two", b"six").await), Some(Refusal::NotFound));
            desk.house.has_caused(&[store::EventKind::SessionRotated]).await;
        });
    }

    // PROVES: R-67 R-69
    fn whoever_lost_every_key_comes_back_by_two_people_and_the_old_keys_open_nothing(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            heads(&desk).await;
            desk.hire("officer", own_agency(), ViewerRole::Investigator).await;
            enter(&desk, "officer", b"one").await;
            desk.act(|act| guard::count(act, &id("officer")).and_then(|_| account::review(act, &id("officer")))).await.unwrap();
            let approval = asked(&desk, "first", ApprovalKind::RecoverPerson, "officer", json!({ "document": "passport" })).await;
            let early = approval.clone();
            let alone = desk.act(move |act| {
                recovery::recover(act, &approval::take(act, &early, ApprovalKind::RecoverPerson)?, act.secret_digest(b"ticket"))
            }).await;
            assert_eq!(refusal(alone), Some(Refusal::Closed));
            let (person, ends_at) = desk.by("second", move |act| {
                approval::approve(act, &approval)?;
                recovery::recover(act, &approval::take(act, &approval, ApprovalKind::RecoverPerson)?, act.secret_digest(b"ticket"))
            }).await.unwrap();
            assert_eq!((person, ends_at), (id("officer"), desk.house.now() + recovery::TICKET));
            assert_eq!(state(&desk, b"one").await, State::Over);
            assert_eq!(desk.read(|view| guard::find(view, &id("officer"))).await.unwrap(), None);
            let good = async || {
                let found = desk.read(|view| enrolment::find(view, view.secret_digest(b"ticket"), view.now()));
                found.await.unwrap().map(|ticket| ticket.cause)
            };
            assert_eq!(good().await, Some(enrolment::Cause::Recovery));
            desk.house.advance(recovery::TICKET);
            assert_eq!(good().await, None);
            desk.house.has_caused(&[store::EventKind::PersonRecovered]).await;
        });
    }

    // PROVES: R-71
    fn an_account_is_reviewed_every_year_and_what_ends_is_said_before(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            desk.hire("analyst", Home::House, ViewerRole::Analyst).await;
            let known = async || desk.read(|view| account::get(view, &id("analyst"))).await.unwrap();
            let awaits = async || known().await.awaits_review(desk.house.now());
            desk.house.advance(account::REVIEWED - SECOND);
            assert!(!awaits().await);
            let soon: Vec<Ending> = known().await.ending(desk.house.now(), DAY).into_iter().map(|(what, _)| what).collect();
            assert_eq!(soon, [Ending::Inactive, Ending::Review], "the soonest first");
            desk.house.advance(SECOND);
            assert!(awaits().await);
            desk.act(|act| account::review(act, &id("analyst"))).await.unwrap();
            assert!(!awaits().await);
            assert_eq!(known().await.reviewed_at, Some(desk.house.now()));
            let nobody = desk.act(|act| account::review(act, &id("nobody"))).await;
            assert_eq!(refusal(nobody), Some(Refusal::NotFound));
            desk.house.has_caused(&[store::EventKind::AccountReviewed]).await;
        });
    }
}
