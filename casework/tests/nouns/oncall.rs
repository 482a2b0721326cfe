//! People who are called, and messages that say nothing.

use casework::message::{self, Kind};
use casework::oncall::{self, Call, NewStep};
use domain::{AgencyId, Id, PersonId, Priority, ReportId, Status};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::{Assign, Work};
use store::{EventKind, Refusal};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS};
use crate::mailbox::{self, messages, passes};
use crate::{OTHER, OWN, by, permit, person_id, refusal, staffed};

const CHIEF: (&str, &str) = ("chief-1", OWN);

async fn writes_to(desk: &Desk, person: &'static str, agency: &'static str, wants_new: bool) {
    let address = format!("{person}@agency.example");
    mailbox::names(desk, (person, agency), 0, Some(&address), wants_new).await.unwrap();
    let (_, code) = mailbox::sent(desk, person).await;
    assert!(mailbox::types(desk, (person, agency), &code.unwrap()).await.unwrap());
}

async fn step(desk: &Desk, place: u32, person: &str, (after, lasts): (i64, i64)) {
    let may: Permit<Assign> = permit("chief-1", OWN);
    let from_at = desk.house.now().checked_add(SignedDuration::from_mins(after)).unwrap();
    let until_at = from_at.checked_add(SignedDuration::from_mins(lasts)).ok();
    let new = NewStep { place, person: person_id(person), minutes: 10, from_at, until_at };
    by(desk, CHIEF, move |act| oncall::add(act, &may, &new)).await.unwrap();
}

/// What the last stride of a report does, in an act that has a leaf.
async fn told(desk: &Desk, report: ReportId) {
    let told = desk.act(move |act| {
        act.note(store::Event::of_report(EventKind::ReportRetained, report))?;
        casework::arrived(act, report)
    });
    told.await.unwrap();
}

/// A report of the highest priority, or of another, that an agency has from now on.
async fn arrives(desk: &Desk, agency: &str, priority: Priority) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", priority).await;
    desk.deliver(report, agency).await.unwrap();
    told(desk, report).await;
    report
}

async fn due(desk: &Desk) -> Vec<Call> {
    desk.read(|view| oncall::due(view, 16)).await.unwrap()
}

/// Whoever is called when the next turn has come.
async fn turn(desk: &Desk) -> Option<Vec<String>> {
    let call = due(desk).await.remove(0);
    let called: Option<Vec<PersonId>> = desk.act(move |act| oncall::turn(act, &call)).await.unwrap();
    called.map(|people| people.iter().map(ToString::to_string).collect())
}

both_engines! {
    fn one_person_after_the_other_is_called_until_somebody_has_it(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            writes_to(&desk, "ann", OWN, false).await;
            step(&desk, 1, "ann", (0, 15)).await;
            step(&desk, 1, "chief-1", (15, 600)).await;
            step(&desk, 2, "bob", (0, 600)).await;
            arrives(&desk, OWN, Priority::Urgent).await;
            arrives(&desk, OTHER, Priority::Routine).await;
            assert_eq!(due(&desk).await, [], "nobody is called for less");
            let report = arrives(&desk, OWN, Priority::Immediate).await;
            told(&desk, report).await;
            assert_eq!(due(&desk).await.len(), 1, "asked twice it is one call");
            let stale = due(&desk).await.remove(0);
            assert_eq!(turn(&desk).await.unwrap(), ["ann"]);
            let again = desk.act(move |act| oncall::turn(act, &stale)).await;
            assert_eq!(refusal(again), Some(Refusal::LeaseLost), "two processes call once");
            assert_eq!(due(&desk).await, [], "they have their minutes");
            passes(&desk, 10).await;
            assert_eq!(turn(&desk).await.unwrap(), ["bob"]);
            passes(&desk, 10).await;
            assert_eq!(turn(&desk).await.unwrap(), ["chief-1"], "the ladder begins anew, and the day has changed");
            let to: Vec<_> = messages(&desk).await.into_iter().map(|one| (one.person.to_string(), one.kind)).collect();
            let all = ["ann", "bob", "chief-1"].map(|name| (name.to_owned(), Kind::Immediate));
            assert_eq!(to, all);
            let bob: Permit<Work> = permit("bob", OWN);
            by(&desk, ("bob", OWN), move |act| oncall::answer(act, &bob, report)).await.unwrap();
            passes(&desk, 60).await;
            assert_eq!(due(&desk).await, []);
            let bob: Permit<Work> = permit("bob", OWN);
            let standing = desk.read(move |view| casework::standing::get(view, &bob, report)).await.unwrap();
            assert_eq!(standing.said.status, Status::Acknowledged);
            let caused = [EventKind::LadderChanged, EventKind::CallMade, EventKind::CallAnswered, EventKind::MessageMade];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["oncall_step"], async || desk.house.wrong().await).await;
        });
    }

    fn without_a_ladder_commanders_are_called_and_taking_notice_ends_it(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            let report = arrives(&desk, OWN, Priority::Immediate).await;
            assert_eq!(turn(&desk).await.unwrap(), Vec::<String>::new(), "nobody can be written to");
            writes_to(&desk, "chief-1", OWN, false).await;
            passes(&desk, 10).await;
            assert_eq!(turn(&desk).await.unwrap(), ["chief-1"]);
            let open = async || {
                let sees: Permit<Work> = permit("bob", OWN);
                desk.read(move |view| oncall::open(view, &sees)).await.unwrap().len()
            };
            assert_eq!(open().await, 1);
            let ann: Permit<Work> = permit("ann", OWN);
            by(&desk, ("ann", OWN), move |act| {
                let change = casework::standing::Change::acknowledge();
                casework::standing::change(act, &ann, (report, 1), &change, None)
            })
            .await
            .unwrap();
            assert_eq!(open().await, 0, "the pages say so before the next turn");
            passes(&desk, 10).await;
            assert_eq!(turn(&desk).await, None, "somebody took notice in the inbox");
            assert_eq!(due(&desk).await, []);
            let may: Permit<Work> = permit("dan", OTHER);
            let theirs = by(&desk, ("dan", OTHER), move |act| oncall::answer(act, &may, report)).await;
            assert_eq!(refusal(theirs), Some(Refusal::NotFound));
        });
    }

    fn whoever_wants_to_hear_of_everything_new_hears_it_once_an_hour(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            writes_to(&desk, "ann", OWN, true).await;
            writes_to(&desk, "bob", OWN, false).await;
            writes_to(&desk, "cyd", OTHER, true).await;
            let waiting = async || {
                let found = desk.read(|view| message::waiting(view, 16)).await.unwrap();
                found.into_iter().map(|(person, _)| person.to_string()).collect::<Vec<_>>()
            };
            let first = arrives(&desk, OWN, Priority::Routine).await;
            arrives(&desk, OWN, Priority::Routine).await;
            assert_eq!(waiting().await, ["ann"]);
            let tell = async || {
                let (person, of) = desk.read(|view| message::waiting(view, 16)).await.unwrap().remove(0);
                desk.act(move |act| message::tell(act, &person, of.as_ref())).await.unwrap();
            };
            tell().await;
            arrives(&desk, OWN, Priority::Routine).await;
            assert_eq!(waiting().await, Vec::<String>::new(), "at most once an hour");
            passes(&desk, 60).await;
            assert_eq!(waiting().await, ["ann"]);
            tell().await;
            // What is told anew that was there before they heard of something new is nothing new.
            passes(&desk, 1).await;
            told(&desk, first).await;
            passes(&desk, 60).await;
            assert_eq!(waiting().await, Vec::<String>::new());
        });
    }

    fn a_person_asks_for_a_test_once_a_minute(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            for person in ["ann", "bob"] {
                writes_to(&desk, person, OWN, false).await;
            }
            passes(&desk, 1).await;
            let (ann, bob, of) = (person_id("ann"), person_id("bob"), AgencyId::parse(OWN).unwrap());
            let asks = async |person: &PersonId| {
                let (person, of) = (person.clone(), of.clone());
                desk.act(move |act| message::test(act, Some(&of), &person)).await
            };
            asks(&ann).await.unwrap();
            asks(&bob).await.unwrap();
            assert_eq!(refusal(asks(&ann).await), Some(Refusal::Conflict));
            passes(&desk, 1).await;
            asks(&ann).await.unwrap();
        });
    }

    fn nobody_who_was_switched_off_is_called_or_written_to(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            for person in ["ann", "bob"] {
                writes_to(&desk, person, OWN, true).await;
            }
            step(&desk, 1, "ann", (0, 600)).await;
            step(&desk, 2, "bob", (0, 600)).await;
            let gone = person_id("ann");
            desk.act(move |act| store::person::disable(act, &gone)).await.unwrap();
            arrives(&desk, OWN, Priority::Immediate).await;
            assert_eq!(turn(&desk).await.unwrap(), ["bob"], "the first place is passed over");
            let waiting = desk.read(|view| message::waiting(view, 16)).await.unwrap();
            let waiting: Vec<String> = waiting.into_iter().map(|(person, _)| person.to_string()).collect();
            assert_eq!(waiting, ["bob"]);
        });
    }

    fn a_message_is_sent_once_tried_again_and_given_up_after_a_day(scratch) {
        crate::run(async {
            let desk = staffed(scratch).await;
            writes_to(&desk, "ann", OWN, false).await;
            let make = async || desk.act(|act| message::make(act, Some(&crate::desk::agency_id(OWN)), &person_id("ann"), Kind::Test)).await.unwrap();
            let take = async |one: &message::Due| {
                let one = one.clone();
                desk.act(move |act| message::take(act, &one)).await
            };
            let answered = async |one: message::Due, said: Result<(), String>| {
                desk.act(move |act| message::answered(act, &one, &said)).await.unwrap();
            };
            make().await;
            let one = messages(&desk).await.remove(0);
            let sent = take(&one).await.unwrap().unwrap();
            assert_eq!((sent.to.reveal().as_str(), sent.code.is_none()), ("ann@agency.example", true));
            assert_eq!(refusal(take(&one).await), Some(Refusal::LeaseLost));
            answered(one, Err("the mail server answered 451".to_owned())).await;
            assert_eq!(messages(&desk).await, []);
            passes(&desk, 1).await;
            let one = messages(&desk).await.remove(0);
            take(&one).await.unwrap();
            answered(one, Ok(())).await;
            passes(&desk, 60).await;
            assert_eq!(messages(&desk).await, [], "it was sent");
            make().await;
            passes(&desk, 25 * 60).await;
            let one = messages(&desk).await.remove(0);
            take(&one).await.unwrap();
            answered(one, Err("the mail server cannot be reached".to_owned())).await;
            passes(&desk, 60).await;
            assert_eq!(messages(&desk).await, [], "it is given up");
            // Who takes their address back is not written to, whatever waits.
            make().await;
            mailbox::names(&desk, ("ann", OWN), 1, None, false).await.unwrap();
            let one = messages(&desk).await.remove(0);
            assert_eq!(take(&one).await.unwrap().map(|_| ()), None);
            assert_eq!(messages(&desk).await, []);
            let caused = [EventKind::MessageWished, EventKind::MessageTried, EventKind::MessageAnswered];
            desk.house.has_caused(&caused).await;
        });
    }
}
