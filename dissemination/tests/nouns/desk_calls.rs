//! Who of the clearinghouse is called for what cannot wait at its own desk.

use casework::mailbox;
use casework::message::{self, Kind};
use casework::oncall::{self, Call, NewStep};
use casework::standing::{self, Change};
use dissemination::desk as own_desk;
use domain::{AgencyId, PersonId, Priority, ReportId};
use jiff::SignedDuration;
use policy::access::Grants;
use policy::permit::{Assign, Work};
use policy::{Permit, Viewer, ViewerRole, access};
use store::person::{self, Home};
use store::{EventKind, Refusal, Result};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_id};
use crate::given_back::{at_desk, decide, give_back, next};
use crate::transfers::{ANN, CYD, accept, decline, offer, revoked, stands};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

const FEDERAL: &str = AGENCIES[2].0;
/// Two supervisors, an analyst and counsel of the clearinghouse.
const SAM: (&str, ViewerRole) = ("sam", ViewerRole::Supervisor);
const ANA: (&str, ViewerRole) = ("ana", ViewerRole::Analyst);
const LEO: (&str, ViewerRole) = ("leo", ViewerRole::Counsel);

fn ours<Action: Grants>(
    (name, role): (&str, ViewerRole),
) -> std::result::Result<Permit<Action>, access::Denial> {
    access::permit(&Viewer::staff(person_id(name), role, true))
}

/// Agencies with their people, and people of the clearinghouse.
async fn manned(scratch: &testkit::Scratch) -> Desk {
    let desk = staffed(scratch).await;
    for (name, role) in [SAM, ANA, LEO] {
        desk.hire(name, Home::House, role).await;
    }
    desk
}

/// Somebody of the clearinghouse says where they are written to, and types the code.
async fn writes_to(desk: &Desk, who: (&str, ViewerRole)) {
    let may: Permit<Work> = ours(who).unwrap();
    desk.by(who.0, move |act| mailbox::put(act, &may, 0, Some("desk@clearinghouse.example"), true))
        .await
        .unwrap();
    let due = desk.read(|view| message::due(view, 64)).await.unwrap();
    let due =
        due.into_iter().find(|one| one.person == person_id(who.0) && one.kind == Kind::Confirm).unwrap();
    let taking = due.clone();
    let out = desk.act(move |act| message::take(act, &taking)).await.unwrap().unwrap();
    desk.act(move |act| message::answered(act, &due, &Ok(()))).await.unwrap();
    let (may, code): (Permit<Work>, _) = (ours(who).unwrap(), out.code.unwrap().into_inner());
    assert!(desk.by(who.0, move |act| mailbox::confirm(act, &may, &code)).await.unwrap());
}

/// A supervisor writes a turn down.
async fn turn_of(desk: &Desk, place: u32, person: &str) {
    let may: Permit<Assign> = ours(SAM).unwrap();
    let new =
        NewStep { place, person: person_id(person), minutes: 10, from_at: desk.house.now(), until_at: None };
    desk.by(SAM.0, move |act| oncall::add(act, &may, &new)).await.unwrap();
}

/// A report that an agency has, of the highest priority or of another.
async fn delivered(desk: &Desk, agency: &str, priority: Priority) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", priority).await;
    desk.deliver(report, agency).await.unwrap();
    report
}

/// Calls of the desk whose turn has come.
async fn due(desk: &Desk) -> Vec<Call> {
    let mut due = desk.read(|view| oncall::due(view, 16)).await.unwrap();
    due.retain(|call| call.agency.is_none());
    due
}

/// Whoever of the desk is called when the next turn has come.
async fn called(desk: &Desk) -> Option<Vec<String>> {
    let call = due(desk).await.remove(0);
    let people: Option<Vec<PersonId>> = desk.act(move |act| own_desk::turn(act, &call)).await.unwrap();
    people.map(|people| people.iter().map(ToString::to_string).collect())
}

/// Who of the desk is written to because something of the highest priority waits.
async fn written(desk: &Desk) -> Vec<(String, Option<AgencyId>)> {
    let mut due = desk.read(|view| message::due(view, 64)).await.unwrap();
    due.retain(|one| one.kind == Kind::Immediate);
    due.into_iter().map(|one| (one.person.to_string(), one.agency)).collect()
}

async fn passes(desk: &Desk, minutes: i64) {
    desk.house.advance(SignedDuration::from_mins(minutes));
}

async fn returned(desk: &Desk, who: (&str, &str), report: ReportId) -> Option<AgencyId> {
    let version = stands(desk, who, report).await.version;
    give_back(desk, who, (report, version), &[]).await.unwrap()
}

async fn unreached(desk: &Desk) -> bool {
    desk.read(own_desk::unreached).await.unwrap()
}

async fn answers(desk: &Desk, who: (&'static str, ViewerRole), report: ReportId) -> Result<()> {
    let may: Permit<Work> = ours(who).unwrap();
    desk.by(who.0, move |act| oncall::answer(act, &may, report)).await
}

async fn open(desk: &Desk) -> usize {
    let sees: Permit<Work> = ours(ANA).unwrap();
    desk.read(move |view| oncall::open(view, &sees)).await.unwrap().len()
}

both_engines! {
    // PROVES: R-20 R-20a
    fn what_cannot_wait_at_the_desk_calls_one_person_after_the_other_until_somebody_has_it(scratch) {
        run(async {
            let desk = manned(scratch).await;
            writes_to(&desk, SAM).await;
            writes_to(&desk, ANA).await;
            turn_of(&desk, 1, "ana").await;
            turn_of(&desk, 2, "sam").await;
            let urgent = delivered(&desk, OWN, Priority::Urgent).await;
            assert_eq!(returned(&desk, ANN, urgent).await, None);
            assert_eq!((due(&desk).await, open(&desk).await), (vec![], 0), "nobody is called for less");
            let report = delivered(&desk, OWN, Priority::Immediate).await;
            assert_eq!(due(&desk).await, [], "what an agency has is the agency's");
            assert_eq!(returned(&desk, ANN, report).await, None);
            let stale = due(&desk).await.remove(0);
            assert_eq!(called(&desk).await.unwrap(), ["ana"], "at once");
            assert_eq!(written(&desk).await, [("ana".to_owned(), None)]);
            let again = desk.act(move |act| own_desk::turn(act, &stale)).await;
            assert_eq!(refusal(again), Some(Refusal::LeaseLost), "two processes call once");
            passes(&desk, 9).await;
            assert_eq!(due(&desk).await, [], "they have their minutes");
            passes(&desk, 1).await;
            assert_eq!(called(&desk).await.unwrap(), ["sam"]);
            passes(&desk, 10).await;
            assert_eq!((called(&desk).await.unwrap(), open(&desk).await), (vec!["ana".to_owned()], 1));
            answers(&desk, SAM, report).await.unwrap();
            passes(&desk, 600).await;
            assert_eq!((due(&desk).await, open(&desk).await), (vec![], 0), "somebody has it");
            assert_eq!(refusal(answers(&desk, ANA, report).await), Some(Refusal::NotFound), "and nobody has it twice");
            assert_eq!(at_desk(&desk).await.len(), 2, "it waits for its decision all the same");
            let kinds = [EventKind::LadderChanged, EventKind::CallMade, EventKind::CallAnswered, EventKind::MessageMade];
            desk.house.has_caused(&kinds).await;
            testkit::tamper::is_found(scratch, &["oncall_step"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-20
    fn nobody_at_the_desk_is_called_once_it_is_decided_and_everybody_anew_when_it_comes_back(scratch) {
        run(async {
            let desk = manned(scratch).await;
            writes_to(&desk, SAM).await;
            let report = delivered(&desk, OWN, Priority::Immediate).await;
            desk.deliver(report, OTHER).await.unwrap();
            returned(&desk, ANN, report).await;
            assert_eq!(called(&desk).await.unwrap(), ["sam"], "without a ladder the supervisors are called");
            // Another agency gives it back too: the call that is under way goes on.
            returned(&desk, CYD, report).await;
            assert_eq!(due(&desk).await, []);
            let waits = at_desk(&desk).await;
            decide(&desk, &waits[0], Some(FEDERAL), "They are nearer.").await.unwrap();
            passes(&desk, 10).await;
            assert_eq!(called(&desk).await.unwrap(), ["sam"], "one of the two still waits");
            decide(&desk, &at_desk(&desk).await[0], None, "It is yours.").await.unwrap();
            assert_eq!((open(&desk).await, unreached(&desk).await), (0, false));
            passes(&desk, 600).await;
            assert_eq!(due(&desk).await, [], "nobody is called for what is decided");
            // It comes back: whoever decided then is called like everybody else.
            returned(&desk, ("p-1", FEDERAL), report).await;
            assert_eq!(called(&desk).await.unwrap(), ["sam"]);
        });
    }

    // PROVES: R-20
    fn whichever_way_it_comes_to_the_desk_somebody_is_called(scratch) {
        run(async {
            let desk = manned(scratch).await;
            writes_to(&desk, SAM).await;
            // An offer that is declined leaves it at its agency, which has people of its own.
            let declined = delivered(&desk, OWN, Priority::Immediate).await;
            let id = offer(&desk, ANN, (declined, 1), OTHER).await.unwrap();
            decline(&desk, CYD, &id, 1).await.unwrap();
            assert_eq!(due(&desk).await, []);
            returned(&desk, ANN, declined).await;
            // One that was taken over, and is not theirs either.
            let taken = delivered(&desk, OWN, Priority::Immediate).await;
            let id = offer(&desk, ANN, (taken, 1), OTHER).await.unwrap();
            accept(&desk, CYD, &id, 1).await.unwrap();
            returned(&desk, CYD, taken).await;
            // One that its agency takes less seriously than we do.
            let lowered = delivered(&desk, OWN, Priority::Immediate).await;
            let (works, change): (Permit<Work>, _) =
                (permit(ANN.0, ANN.1), Change { own_priority: Some(Some(Priority::Routine)), ..Change::default() });
            by(&desk, ANN, move |act| standing::change(act, &works, (lowered, 1), &change, None)).await.unwrap();
            returned(&desk, ANN, lowered).await;
            // One that its agency takes more seriously.
            let raised = delivered(&desk, OWN, Priority::Routine).await;
            let (works, change): (Permit<Work>, _) =
                (permit(ANN.0, ANN.1), Change { own_priority: Some(Some(Priority::Immediate)), ..Change::default() });
            by(&desk, ANN, move |act| standing::change(act, &works, (raised, 1), &change, None)).await.unwrap();
            returned(&desk, ANN, raised).await;
            // One that an agency holds which may not receive any more.
            let left = delivered(&desk, OTHER, Priority::Immediate).await;
            revoked(&desk, OTHER).await;
            let reports = [(left, next(&[]))];
            let routes = access::permit(&Viewer::staff(person_id("sam"), ViewerRole::Supervisor, true)).unwrap();
            desk.by("sam", move |act| {
                dissemination::given_back::send_on(act, &routes, &agency_id(OTHER), &reports)
            })
            .await
            .unwrap();
            let mut all: Vec<ReportId> = due(&desk).await.into_iter().map(|call| call.report).collect();
            all.sort();
            assert_eq!(all, [declined, taken, lowered, raised, left]);
        });
    }

    // PROVES: R-20 R-21
    fn what_lies_unseen_with_an_agency_that_is_out_calls_the_desk_once_for_each_time(scratch) {
        run(async {
            let desk = manned(scratch).await;
            writes_to(&desk, SAM).await;
            let report = delivered(&desk, OTHER, Priority::Immediate).await;
            desk.act(move |act| {
                act.note(store::Event::of_report(EventKind::ReportRetained, report))?;
                casework::arrived(act, report)
            })
            .await
            .unwrap();
            let of_agency = async || {
                let mut due = desk.read(|view| oncall::due(view, 16)).await.unwrap();
                due.retain(|call| call.agency.is_some());
                let call = due.remove(0);
                desk.act(move |act| own_desk::turn(act, &call)).await.unwrap()
            };
            assert_eq!(of_agency().await, Some(vec![]));
            assert_eq!(due(&desk).await, [], "it is the agency's");
            revoked(&desk, OTHER).await;
            passes(&desk, 10).await;
            of_agency().await;
            assert_eq!(called(&desk).await.unwrap(), ["sam"], "nobody there is written to any more");
            answers(&desk, SAM, report).await.unwrap();
            passes(&desk, 10).await;
            of_agency().await;
            assert_eq!(due(&desk).await, [], "somebody at the desk has it");
            let routes = access::permit(&Viewer::staff(person_id("sam"), ViewerRole::Supervisor, true)).unwrap();
            let reports = [(report, next(&[FEDERAL]))];
            desk.by("sam", move |act| {
                dissemination::given_back::send_on(act, &routes, &agency_id(OTHER), &reports)
            })
            .await
            .unwrap();
            passes(&desk, 60).await;
            assert_eq!((due(&desk).await, open(&desk).await), (vec![], 0));
        });
    }

    fn nobody_who_was_switched_off_or_works_elsewhere_is_called_and_it_is_said_when_nobody_is_left(scratch) {
        run(async {
            let desk = manned(scratch).await;
            desk.hire("zoe", Home::House, ViewerRole::Supervisor).await;
            for who in [SAM, ANA, ("zoe", ViewerRole::Supervisor)] {
                writes_to(&desk, who).await;
            }
            turn_of(&desk, 1, "ana").await;
            turn_of(&desk, 2, "zoe").await;
            desk.act(|act| person::disable(act, &person_id("ana"))).await.unwrap();
            let report = delivered(&desk, OWN, Priority::Immediate).await;
            returned(&desk, ANN, report).await;
            assert_eq!(called(&desk).await.unwrap(), ["zoe"], "the first place is passed over");
            assert!(!unreached(&desk).await);
            desk.act(|act| person::disable(act, &person_id("zoe"))).await.unwrap();
            passes(&desk, 10).await;
            assert_eq!(called(&desk).await.unwrap(), ["sam"], "nobody's turn is left, so supervisors are called");
            // Whose mailbox is taken back cannot be reached.
            let may: Permit<Work> = ours(SAM).unwrap();
            desk.by("sam", move |act| mailbox::put(act, &may, 1, None, false)).await.unwrap();
            assert!(unreached(&desk).await, "and it is said that nobody can be");
            passes(&desk, 10).await;
            assert_eq!(called(&desk).await.unwrap(), Vec::<String>::new());
            assert!(!written(&desk).await.iter().any(|(who, _)| who == "ana" || who == "zoe"), "nobody who is out is written to");
        });
    }

    fn the_ladder_of_the_desk_is_its_supervisors_to_keep_and_nobody_elses(scratch) {
        run(async {
            let desk = manned(scratch).await;
            assert!(ours::<Assign>(ANA).is_err() && ours::<Assign>(LEO).is_err() && ours::<Work>(LEO).is_err());
            turn_of(&desk, 1, "ana").await;
            let chief: Permit<Assign> = permit("chief-1", OWN);
            let from_at = desk.house.now();
            let new = NewStep { place: 1, person: person_id("ann"), minutes: 10, from_at, until_at: None };
            let theirs = by(&desk, ("chief-1", OWN), move |act| oncall::add(act, &chief, &new)).await.unwrap();
            let (sees, theirs_see): (Permit<Work>, Permit<Work>) = (ours(ANA).unwrap(), permit(ANN.0, ANN.1));
            let (own, agencys) = desk
                .read(move |view| Ok((oncall::steps(view, &sees)?, oncall::steps(view, &theirs_see)?)))
                .await
                .unwrap();
            let people = |steps: &[oncall::Step]| steps.iter().map(|one| one.person.to_string()).collect::<Vec<_>>();
            assert_eq!((people(&own), people(&agencys)), (vec!["ana".to_owned()], vec!["ann".to_owned()]));
            let own = own[0].id.clone();
            let (chief, sam): (Permit<Assign>, Permit<Assign>) = (permit("chief-1", OWN), ours(SAM).unwrap());
            let id = own.clone();
            let crossed = by(&desk, ("chief-1", OWN), move |act| oncall::remove(act, &chief, &id)).await;
            assert_eq!(refusal(crossed), Some(Refusal::NotFound));
            let may = sam.clone();
            let crossed = desk.by("sam", move |act| oncall::remove(act, &may, &theirs)).await;
            assert_eq!(refusal(crossed), Some(Refusal::NotFound));
            desk.by("sam", move |act| oncall::remove(act, &sam, &own)).await.unwrap();
            // What waits at the desk is no agency's to answer, and what an agency has is not the desk's.
            let report = delivered(&desk, OWN, Priority::Immediate).await;
            assert_eq!(refusal(answers(&desk, SAM, report).await), Some(Refusal::NotFound));
            returned(&desk, ANN, report).await;
            let cyd: Permit<Work> = permit(CYD.0, CYD.1);
            let crossed = by(&desk, CYD, move |act| oncall::answer(act, &cyd, report)).await;
            assert_eq!(refusal(crossed), Some(Refusal::NotFound));
            assert_eq!(open(&desk).await, 1);
        });
    }
}
