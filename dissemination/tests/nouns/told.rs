//! Who is told that a report is there again, or is offered.

use casework::message::{self, Kind};
use casework::{mailbox, oncall};
use domain::{AgencyId, PersonId, Priority, ReportId, Status};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::Work;
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, agency_id};
use crate::given_back::{at_desk, decide, give_back};
use crate::transfers::{ANN, CYD, offer, refer, stands};
use crate::{OTHER, OWN, by, permit, person_id, run, staffed};

const CHIEF: (&str, &str) = ("chief-2", OTHER);

async fn immediate(desk: &Desk) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Immediate).await;
    desk.deliver(report, OWN).await.unwrap();
    report
}

/// Somebody wants to hear of everything new, and their mailbox is known to be theirs.
async fn writes_to(desk: &Desk, who: (&str, &str)) {
    let may: Permit<Work> = permit(who.0, who.1);
    by(desk, who, move |act| mailbox::put(act, &may, 0, Some("dull@agency.example"), true)).await.unwrap();
    let due = desk.read(|view| message::due(view, 64)).await.unwrap().remove(0);
    let taking = due.clone();
    let out = desk.act(move |act| message::take(act, &taking)).await.unwrap().unwrap();
    desk.act(move |act| message::answered(act, &due, &Ok(()))).await.unwrap();
    let (may, code): (Permit<Work>, _) = (permit(who.0, who.1), out.code.unwrap().into_inner());
    assert!(by(desk, who, move |act| mailbox::confirm(act, &may, &code)).await.unwrap());
}

async fn is_new_for(desk: &Desk) -> Vec<(PersonId, AgencyId)> {
    let waiting = desk.read(|view| message::waiting(view, 16)).await.unwrap();
    waiting.into_iter().filter_map(|(person, of)| Some((person, of?))).collect()
}

async fn called(desk: &Desk) -> Vec<AgencyId> {
    let due = desk.read(|view| oncall::due(view, 16)).await.unwrap();
    due.into_iter().filter_map(|call| call.agency).filter(|agency| *agency == agency_id(OTHER)).collect()
}

both_engines! {
    fn people_are_called_anew_when_a_report_comes_back_to_them(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = immediate(&desk).await;
            refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(called(&desk).await, [agency_id(OTHER)]);
            let works: Permit<Work> = permit(CYD.0, CYD.1);
            by(&desk, CYD, move |act| oncall::answer(act, &works, report)).await.unwrap();
            let version = stands(&desk, CYD, report).await.version;
            give_back(&desk, CYD, (report, version), &[]).await.unwrap();
            writes_to(&desk, CHIEF).await;
            assert_eq!((called(&desk).await, is_new_for(&desk).await), (vec![], vec![]));
            refer(&desk, ANN, (report, 1), OTHER).await.unwrap();
            assert_eq!(called(&desk).await, [agency_id(OTHER)], "whoever had it then does not have it now");
            assert_eq!(is_new_for(&desk).await, [(person_id(CHIEF.0), agency_id(OTHER))]);
            let again = desk.read(|view| oncall::due(view, 16)).await.unwrap();
            let again = again.into_iter().find(|call| call.agency == Some(agency_id(OTHER))).unwrap();
            assert_eq!(desk.act(move |act| oncall::turn(act, &again)).await.unwrap(), Some(vec![person_id(CHIEF.0)]));
        });
    }

    fn whoever_waited_for_the_desk_is_called_anew_once_the_report_is_theirs(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let calls = async || {
                let due = desk.read(|view| oncall::due(view, 16)).await.unwrap();
                due.into_iter().filter(|call| call.agency == Some(agency_id(OWN))).collect::<Vec<_>>()
            };
            let waits = async || {
                let report = immediate(&desk).await;
                desk.act(move |act| {
                    act.note(store::Event::of_report(store::EventKind::ReportRetained, report))?;
                    casework::arrived(act, report)
                })
                .await
                .unwrap();
                assert_eq!(give_back(&desk, ANN, (report, 1), &[]).await.unwrap(), None);
                let call = calls().await.remove(0);
                assert_eq!(desk.act(move |act| oncall::turn(act, &call)).await.unwrap(), None, "they took notice");
                assert_eq!(calls().await, []);
                report
            };
            // The desk says so.
            let report = waits().await;
            decide(&desk, &at_desk(&desk).await[0], None, "It is yours.").await.unwrap();
            let call = calls().await.remove(0);
            assert_eq!(call.report, report);
            let works: Permit<Work> = permit(ANN.0, ANN.1);
            by(&desk, ANN, move |act| oncall::answer(act, &works, report)).await.unwrap();
            // Another agency, which has it too, refers it.
            let report = waits().await;
            desk.deliver(report, OTHER).await.unwrap();
            refer(&desk, CYD, (report, 1), OWN).await.unwrap();
            assert_eq!(stands(&desk, ANN, report).await.said.status, Status::New);
            assert_eq!(calls().await.remove(0).report, report);
        });
    }

    fn an_offer_is_told_to_whoever_wants_to_hear_and_of_the_highest_priority_to_whoever_is_called_first(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            writes_to(&desk, CHIEF).await;
            let (routine, immediate) = (desk.delivered_to(OWN).await, immediate(&desk).await);
            let written = async || {
                let due = desk.read(|view| message::due(view, 16)).await.unwrap();
                due.into_iter().map(|one| (one.person, one.kind)).collect::<Vec<_>>()
            };
            offer(&desk, ANN, (routine, 1), OTHER).await.unwrap();
            assert_eq!(is_new_for(&desk).await, [(person_id(CHIEF.0), agency_id(OTHER))]);
            assert_eq!(written().await, []);
            offer(&desk, ANN, (immediate, 1), OTHER).await.unwrap();
            assert_eq!(written().await, [(person_id(CHIEF.0), Kind::Immediate)]);
            assert_eq!(called(&desk).await, [], "nobody can say that they have what is only offered");
            // However often one agency offers: the other one's people are not woken again for it at once, and once for all of it.
            for _ in 0..2 {
                let another = self::immediate(&desk).await;
                offer(&desk, ANN, (another, 1), OTHER).await.unwrap();
            }
            assert_eq!(written().await.len(), 1);
            desk.house.advance(SignedDuration::from_mins(10));
            assert_eq!(written().await, vec![(person_id(CHIEF.0), Kind::Immediate); 2], "nothing is left out");
            // Nor is an offer lost beside a call for a report of their own.
            for due in desk.read(|view| message::due(view, 16)).await.unwrap() {
                let taking = due.clone();
                desk.act(move |act| message::take(act, &taking)).await.unwrap();
                desk.act(move |act| message::answered(act, &due, &Ok(()))).await.unwrap();
            }
            desk.house.advance(SignedDuration::from_mins(10));
            desk.act(|act| message::make(act, Some(&agency_id(OTHER)), &person_id(CHIEF.0), Kind::Immediate)).await.unwrap();
            let another = self::immediate(&desk).await;
            offer(&desk, ANN, (another, 1), OTHER).await.unwrap();
            assert_eq!(written().await.len(), 1);
            desk.house.advance(SignedDuration::from_mins(10));
            assert_eq!(written().await.len(), 2);
        });
    }
}
