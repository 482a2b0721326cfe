//! Webhooks: a receiver is told that there is something, once, however it behaves.

use casework::webhook::{self, Call, Due, Outcome};
use domain::Id as _;
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::Assign;
use store::{EventKind, Refusal, Result, agency};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_of};
use crate::{OTHER, OWN, by, permit, refusal, staffed};

const CHIEF: (&str, &str) = ("chief-1", OWN);
const URL: &str = "https://hooks.agency.example/ch?secret=receiver";

async fn added(desk: &Desk) -> (String, [u8; 32]) {
    let may: Permit<Assign> = permit("chief-1", OWN);
    let (id, secret) = by(desk, CHIEF, move |act| webhook::add(act, &may, URL)).await.unwrap();
    (id, secret.into_inner())
}

async fn due(desk: &Desk) -> Vec<Due> {
    desk.read(|view| webhook::due(view, 16)).await.unwrap()
}

async fn taken(desk: &Desk, due: &Due) -> Result<Call> {
    let due = due.clone();
    desk.act(move |act| webhook::take(act, &due)).await
}

async fn ends(desk: &Desk, call: Call, outcome: Outcome) {
    desk.act(move |act| webhook::answered(act, &call, &outcome)).await.unwrap();
}

/// Something new in the feed of an agency.
async fn arrives(desk: &Desk, agency: &str) {
    desk.delivered_to(agency).await;
    desk.house.book().sequence().await.unwrap();
}

fn failed() -> Outcome {
    Outcome::Failed("answered 500".to_owned())
}

both_engines! {
    fn a_receiver_is_told_once_of_what_came_however_often_it_fails(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            arrives(&desk, OWN).await;
            added(&desk).await;
            assert_eq!(due(&desk).await, [], "what was there before is not new");
            arrives(&desk, OTHER).await;
            assert_eq!(due(&desk).await, [], "what others get is nothing");
            arrives(&desk, OWN).await;
            let first = due(&desk).await.remove(0);
            let call = taken(&desk, &first).await.unwrap();
            assert!(call.is_new && call.attempt == 1 && call.url.reveal() == URL);
            assert_eq!(taken(&desk, &first).await.err().unwrap().refusal(), Some(Refusal::LeaseLost), "nobody else has it");
            assert_eq!(due(&desk).await, []);
            // Whoever took it did not come back.
            desk.house.advance(webhook::TURN);
            let call = taken(&desk, &due(&desk).await.remove(0)).await.unwrap();
            assert_eq!(call.attempt, 2);
            ends(&desk, call, failed()).await;
            assert_eq!(due(&desk).await, [], "it waits");
            desk.house.advance(SignedDuration::from_secs(10));
            arrives(&desk, OWN).await;
            let call = taken(&desk, &due(&desk).await.remove(0)).await.unwrap();
            ends(&desk, call, Outcome::Taken("answered 204".to_owned())).await;
            desk.house.advance(SignedDuration::from_mins(1));
            assert_eq!(due(&desk).await, [], "it was told of both");
            let may: Permit<Assign> = permit("chief-1", OWN);
            let all = desk.read(move |view| webhook::list(view, &may)).await.unwrap();
            assert_eq!((all[0].attempts, all[0].failing_since, all[0].last_answer.as_deref()), (0, None, Some("answered 204")));
            let (may, id): (Permit<Assign>, String) = (permit("chief-1", OWN), all[0].id.clone());
            by(&desk, CHIEF, move |act| webhook::ask(act, &may, &id)).await.unwrap();
            let call = taken(&desk, &due(&desk).await.remove(0)).await.unwrap();
            assert!(!call.is_new);
            // Asked for again while it is called, it is not called beside that.
            let (may, id): (Permit<Assign>, String) = (permit("chief-1", OWN), all[0].id.clone());
            by(&desk, CHIEF, move |act| webhook::ask(act, &may, &id)).await.unwrap();
            assert_eq!(due(&desk).await, []);
            ends(&desk, call, failed()).await;
            desk.house.advance(SignedDuration::from_hours(1));
            assert_eq!(due(&desk).await, [], "a test that failed is not tried again by itself");
            let told = [EventKind::WebhookAdded, EventKind::WebhookCalled, EventKind::WebhookAnswered, EventKind::WebhookAsked];
            desk.house.has_caused(&told).await;
        });
    }

    fn a_secret_changes_over_without_a_gap_and_a_webhook_goes(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let (id, first) = added(&desk).await;
            let (may, named): (Permit<Assign>, String) = (permit("chief-1", OWN), id.clone());
            let second = by(&desk, CHIEF, move |act| webhook::rotate(act, &may, &named)).await.unwrap().into_inner();
            arrives(&desk, OWN).await;
            let call = taken(&desk, &due(&desk).await.remove(0)).await.unwrap();
            assert_eq!(*call.secrets.reveal(), [second, first]);
            ends(&desk, call, failed()).await;
            desk.house.advance(SignedDuration::from_hours(25));
            let call = taken(&desk, &due(&desk).await.remove(0)).await.unwrap();
            assert_eq!(*call.secrets.reveal(), [second]);
            let theirs: Permit<Assign> = permit("chief-2", OTHER);
            let named = id.clone();
            let others = by(&desk, ("chief-2", OTHER), move |act| webhook::remove(act, &theirs, &named)).await;
            assert_eq!(refusal(others), Some(Refusal::NotFound));
            // Its receiver says that it is gone: nobody calls there again.
            ends(&desk, call, Outcome::Gone).await;
            desk.house.advance(SignedDuration::from_hours(25));
            assert_eq!(due(&desk).await, []);
            desk.house.has_caused(&[EventKind::WebhookRotated, EventKind::WebhookRemoved]).await;
        });
    }

    fn an_agency_that_is_not_let_in_is_told_nothing_and_nobody_has_too_many(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            for _ in 0..webhook::MOST {
                added(&desk).await;
            }
            let may: Permit<Assign> = permit("chief-1", OWN);
            let another = by(&desk, CHIEF, move |act| webhook::add(act, &may, URL).map(|(id, _)| id)).await;
            assert_eq!(refusal(another), Some(Refusal::Conflict));
            arrives(&desk, OWN).await;
            assert_eq!(due(&desk).await.len(), webhook::MOST as usize);
            let now = desk.house.now();
            desk.act(move |act| {
                let (name, class, relationship) = AGENCIES[0];
                let known = agency_of(name, class, relationship);
                assert_eq!(known.id.as_str(), OWN);
                agency::put(act, &agency::Agency { disabled_at: Some(now), ..known })
            })
            .await
            .unwrap();
            assert_eq!(due(&desk).await, []);
        });
    }
}
