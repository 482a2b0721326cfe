//! Webhooks: a receiver is told that there is something, once, however it behaves.

use casework::webhook::replay::{self, Behind, REMEMBERED, Replay};
use casework::webhook::{self, About, Call, Due, Outcome};
use database::bind;
use domain::Id as _;
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::Assign;
use store::{EventKind, Refusal, Result, agency};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, agency_of};
use crate::{OTHER, OWN, by, permit, refusal, staffed};

const CHIEF: (&str, &str) = ("chief-1", OWN);
/// A place of the feed that no test comes to.
const FAR: i64 = 100_000;
const CALL: &str = "-- test::call
    INSERT INTO webhook_call (webhook_id, through, name, first_at) VALUES (:id, :through, :name, :now)";
const TOLD: &str = "-- test::told
    UPDATE webhook SET told = :through WHERE id = :id";
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

fn is_news(call: &Call) -> bool {
    matches!(call.about, About::News { .. })
}

/// The next call, which is taken or fails; answers its name and what it is about.
async fn rings(desk: &Desk, outcome: Outcome) -> (String, About) {
    let call = taken(desk, &due(desk).await.remove(0)).await.unwrap();
    let said = (call.name.clone(), call.about);
    ends(desk, call, outcome).await;
    desk.house.advance(SignedDuration::from_mins(1));
    said
}

fn took() -> Outcome {
    Outcome::Taken("answered 204".to_owned())
}

/// The names of calls that come until nothing is due.
async fn names(desk: &Desk) -> Vec<String> {
    let mut names = Vec::new();
    while !due(desk).await.is_empty() {
        names.push(rings(desk, took()).await.0);
    }
    names
}

async fn again(desk: &Desk, id: &str, from: Behind) -> Result<Replay> {
    let (may, id): (Permit<Assign>, String) = (permit("chief-1", OWN), id.to_owned());
    by(desk, CHIEF, move |act| replay::ask(act, &may, &id, from)).await
}

/// A webhook that was told of so many things, one after the other: its name, and what each call was called.
async fn told(desk: &Desk, many: usize) -> (String, Vec<String>) {
    let (id, _) = added(desk).await;
    let mut said = Vec::new();
    for _ in 0..many {
        arrives(desk, OWN).await;
        said.extend(names(desk).await);
    }
    assert_eq!(said.len(), many);
    (id, said)
}

both_engines! {
    fn what_was_said_is_said_again_in_its_order_under_its_names(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let (id, said) = told(&desk, 3).await;
            let noon = desk.house.now() - SignedDuration::from_hours(1);
            let asked = again(&desk, &id, Behind::Moment(noon)).await.unwrap();
            assert_eq!((asked.calls, asked.is_more), (3, false));
            // A call that fails is tried again, and nothing is passed over.
            let (first, about) = rings(&desk, failed()).await;
            assert!(first == said[0] && matches!(about, About::Again { .. }));
            // The same asked again changes nothing; what is new is told in between.
            assert_eq!(again(&desk, &id, Behind::Moment(noon)).await.unwrap(), asked);
            assert_eq!(rings(&desk, took()).await.0, said[0]);
            let left = again(&desk, &id, Behind::Moment(noon)).await.unwrap();
            assert_eq!(left, Replay { calls: 2, ..asked }, "what was said again already is not counted");
            arrives(&desk, OWN).await;
            let (new, about) = rings(&desk, took()).await;
            assert!(matches!(about, About::News { .. }) && !said.contains(&new));
            let About::News { through } = about else { unreachable!("it is news") };
            let other = again(&desk, &id, Behind::Cursor(through - 1)).await;
            assert_eq!(refusal(other), Some(Refusal::Conflict), "what lies behind what is under way waits for its end");
            assert_eq!(names(&desk).await, said[1..]);
            // Behind a cursor; and behind everything there is nothing.
            again(&desk, &id, Behind::Cursor(through - 1)).await.unwrap();
            assert_eq!(names(&desk).await, [new]);
            let none = again(&desk, &id, Behind::Cursor(u64::MAX)).await.unwrap();
            assert_eq!((none.calls, none.through), (0, through));
            assert_eq!(due(&desk).await, []);
            let (may, named): (Permit<Assign>, String) = (permit("chief-2", OTHER), id.clone());
            let others = by(&desk, ("chief-2", OTHER), move |act| replay::ask(act, &may, &named, Behind::Cursor(0))).await;
            assert_eq!(refusal(others), Some(Refusal::NotFound));
            desk.house.has_caused(&[EventKind::WebhookReplayed]).await;
        });
    }

    fn what_is_new_and_what_is_said_again_take_turns(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let (id, said) = told(&desk, 3).await;
            again(&desk, &id, Behind::Cursor(0)).await.unwrap();
            let mut heard = Vec::new();
            for turn in 0..6 {
                arrives(&desk, OWN).await;
                let (name, about) = rings(&desk, if turn == 2 { failed() } else { took() }).await;
                heard.push((name, matches!(about, About::News { .. })));
            }
            assert!(heard.windows(2).all(|two| two[0].1 != two[1].1), "{heard:?}");
            let again: Vec<_> = heard.into_iter().filter(|(_, is_new)| !is_new).map(|(name, _)| name).collect();
            assert_eq!(again, [&said[..2], &said[1..2]].concat(), "however much is new, and one call failed");
        });
    }

    fn another_asking_takes_the_place_of_what_is_said_again(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let (id, said) = told(&desk, 3).await;
            let all = again(&desk, &id, Behind::Cursor(0)).await.unwrap();
            assert_eq!(rings(&desk, took()).await.0, said[0]);
            assert_eq!(again(&desk, &id, Behind::Cursor(all.through - 1)).await.unwrap().calls, 1);
            assert_eq!(names(&desk).await, said[2..], "the rest is not said");
        });
    }

    fn nobody_calls_beside_whoever_is_calling_and_a_late_answer_takes_nothing_back(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let (id, _) = told(&desk, 1).await;
            arrives(&desk, OWN).await;
            let late = taken(&desk, &due(&desk).await.remove(0)).await.unwrap();
            again(&desk, &id, Behind::Cursor(0)).await.unwrap();
            let (may, named): (Permit<Assign>, String) = (permit("chief-1", OWN), id.clone());
            by(&desk, CHIEF, move |act| webhook::ask(act, &may, &named)).await.unwrap();
            assert_eq!(due(&desk).await, [], "somebody is calling");
            desk.house.advance(webhook::TURN);
            arrives(&desk, OWN).await;
            assert!(matches!(rings(&desk, took()).await.1, About::Again { .. }));
            let (_, about) = rings(&desk, took()).await;
            let About::News { through } = about else { panic!("{about:?}") };
            ends(&desk, late, took()).await;
            desk.house.advance(webhook::TURN);
            let may: Permit<Assign> = permit("chief-1", OWN);
            assert_eq!(desk.read(move |view| webhook::list(view, &may)).await.unwrap()[0].told, through);
            // None of that stands for the call that somebody asked for.
            assert_eq!(rings(&desk, took()).await.1, About::Nothing);
            assert_eq!(due(&desk).await, []);
        });
    }

    fn what_was_said_long_ago_is_not_remembered(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let (id, said) = told(&desk, 2).await;
            // What is being said again is forgotten with its time too, and then there is an end of it.
            again(&desk, &id, Behind::Cursor(0)).await.unwrap();
            assert_eq!(rings(&desk, failed()).await.0, said[0]);
            desk.house.advance(REMEMBERED);
            assert_eq!(rings(&desk, took()).await.1, About::Nothing);
            assert_eq!(due(&desk).await, []);
            assert_eq!(again(&desk, &id, Behind::Cursor(0)).await.unwrap().calls, 0);
            arrives(&desk, OWN).await;
            let new = names(&desk).await;
            assert_eq!(again(&desk, &id, Behind::Cursor(0)).await.unwrap().calls, 1);
            assert_eq!(names(&desk).await, new);
        });
    }

    fn no_more_is_said_again_for_one_asking_than_a_bound(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let (id, _) = told(&desk, 1).await;
            let many = i64::from(replay::MOST_AGAIN);
            let of = id.clone();
            // As many calls as somebody made who was told of very much; only their rows count here.
            let made = desk.act(move |act| {
                for place in 0..many {
                    let row = bind! { id: &of, through: FAR + place, name: format!("msg-{place}"), now: act.now().as_microsecond() };
                    act.tx().execute(CALL, &row)?;
                }
                act.tx().execute(TOLD, &bind! { id: &of, through: FAR + many })?;
                act.note(store::Event::of_house(EventKind::ListRead)).map(drop)
            });
            made.await.unwrap();
            let asked = again(&desk, &id, Behind::Cursor(0)).await.unwrap();
            assert_eq!((asked.calls, asked.is_more), (replay::MOST_AGAIN, true));
            assert_eq!(asked.through, (FAR + many - 2).unsigned_abs(), "whoever wants more asks again from here");
        });
    }


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
            assert!(is_news(&call) && call.attempt == 1 && call.url.reveal() == URL);
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
            assert_eq!(call.about, About::Nothing);
            // Asked for again while it is called, it is not called beside that.
            let (may, id): (Permit<Assign>, String) = (permit("chief-1", OWN), all[0].id.clone());
            by(&desk, CHIEF, move |act| webhook::ask(act, &may, &id)).await.unwrap();
            assert_eq!(due(&desk).await, []);
            ends(&desk, call, failed()).await;
            desk.house.advance(SignedDuration::from_hours(1));
            assert_eq!(due(&desk).await, [], "a test that failed is not tried again by itself");
            let told = [EventKind::WebhookAdded, EventKind::WebhookCalled, EventKind::WebhookAnswered, EventKind::WebhookAsked];
            desk.house.has_caused(&told).await;
            testkit::tamper::is_found(scratch, &["webhook"], async || desk.house.wrong().await).await;
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
