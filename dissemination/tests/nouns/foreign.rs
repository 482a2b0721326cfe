//! A report that an agency abroad asked for: the delivery is the answer, or its sender is told in time that there is none.

use dissemination::foreign_request::{self, ANSWERED_WITHIN, Asked, ForeignRequest, Notice};
use dissemination::holder;
use dissemination::way_out::{self, Parting};
use domain::{AgencyClass, BasisCode, ForwardObstacle, Priority, Relationship, ReportId};
use jiff::SignedDuration;
use policy::permit::Route;
use policy::{Permit, Viewer, ViewerRole, access};
use store::{EventKind, Refusal, Result, agency, delivery};
use testkit::both_engines;

use casework::oncall;

use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_id, agency_of, reads, reads_own};
use crate::given_back::destroyed;
use crate::{OWN, person_id, refusal, run};

const ABROAD: &str = AGENCIES[3].0;
const FEDERAL: &str = AGENCIES[2].0;
const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn routes() -> Permit<Route> {
    access::permit(&Viewer::staff(person_id("ana"), ViewerRole::Analyst, true)).unwrap()
}

/// A report of the first provider, made because somebody abroad asked for it.
async fn asked_for(desk: &Desk, point: Option<&str>) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
    let asked = Asked { country: Some("NZ".to_owned()), point: point.map(agency_id) };
    desk.act(move |act| foreign_request::open(act, report, &asked)).await.unwrap();
    report
}

/// The one way out.
async fn goes_to(desk: &Desk, report: ReportId, agency: &str) -> bool {
    let agency = agency_id(agency);
    let made = desk.act(move |act| {
        let parting = Parting {
            report,
            agency: &agency,
            rule: "dull",
            says: "It is dull.",
            rule_set: "none",
            place: None,
        };
        way_out::make_available(act, &parting)
    });
    made.await.unwrap().is_some()
}

async fn notice(desk: &Desk, provider: &str, report: ReportId) -> Option<Notice> {
    let permit = reads_own(provider);
    desk.read(move |view| foreign_request::notice(view, &permit, report)).await.unwrap()
}

async fn waiting(desk: &Desk) -> (u32, u32) {
    let listed = desk.read(|view| foreign_request::unanswered(view, &routes())).await.unwrap();
    let (waiting, overdue) = desk.read(|view| foreign_request::waiting(view, &routes())).await.unwrap();
    let late = listed.iter().filter(|one| one.is_overdue(desk.house.now())).count();
    assert_eq!((listed.len(), late), (waiting as usize, overdue as usize), "as many as wait are counted");
    (waiting, overdue)
}

async fn found(desk: &Desk, report: ReportId) -> ForeignRequest {
    desk.read(move |view| foreign_request::get(view, &routes(), report)).await.unwrap()
}

async fn forward(desk: &Desk, which: (ReportId, u32), to: &str, is_told: bool) -> Result<()> {
    let to = agency_id(to);
    desk.by("ana", move |act| foreign_request::forward(act, &routes(), which, &to, is_told)).await
}

async fn unable(desk: &Desk, which: (ReportId, u32)) -> Result<()> {
    let because = ForwardObstacle::NobodyThere;
    desk.by("ana", move |act| foreign_request::say_unable(act, &routes(), which, because)).await
}

both_engines! {
    // PROVES: R-16 R-77
    fn the_delivery_to_the_agency_that_asked_is_the_answer_and_its_sender_alone_is_told(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = asked_for(&desk, Some(ABROAD)).await;
            let until = desk.house.now() + ANSWERED_WITHIN;
            assert_eq!(notice(&desk, PROVIDERS[0], report).await, Some(Notice::Awaited { until }));
            desk.house.advance(SECOND);
            assert!(goes_to(&desk, report, FEDERAL).await);
            assert_eq!(waiting(&desk).await, (1, 0), "no other agency's delivery is an answer");
            desk.house.advance(SECOND);
            let at = desk.house.now();
            assert!(goes_to(&desk, report, ABROAD).await);
            let told = Notice::Forwarded { agency: format!("Agency {ABROAD}"), at };
            assert_eq!(told.basis(), Some(BasisCode::D5Notice));
            assert_eq!(notice(&desk, PROVIDERS[0], report).await, Some(told));
            assert_eq!(waiting(&desk).await, (0, 0), "it closes by itself");
            // Nobody else learns of it, and of a report that nobody asked for there is nothing to learn.
            assert_eq!(notice(&desk, PROVIDERS[1], report).await, None);
            let agencys = reads(ABROAD);
            let seen = desk.read(move |view| foreign_request::notice(view, &agencys, report)).await.unwrap();
            let other = desk.delivered_to(OWN).await;
            assert_eq!((seen, notice(&desk, PROVIDERS[0], other).await), (None, None));
            desk.house.has_caused(&[EventKind::ForeignRequestOpened, EventKind::ForeignRequestForwarded]).await;
        });
    }

    // PROVES: R-16 R-77
    fn what_nobody_forwards_is_overdue_to_the_second_until_its_sender_is_told_that_it_was_not(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = asked_for(&desk, None).await;
            // Somebody abroad has it, who is not known to be of that country: somebody has to say so.
            assert!(goes_to(&desk, report, ABROAD).await);
            desk.house.advance(ANSWERED_WITHIN - SECOND);
            assert_eq!(waiting(&desk).await, (1, 0));
            desk.house.advance(SECOND);
            assert_eq!(waiting(&desk).await, (1, 1));
            let at = desk.house.now();
            unable(&desk, (report, 1)).await.unwrap();
            let told = Notice::NotForwarded { at };
            assert_eq!(told.basis(), Some(BasisCode::D5Inability));
            assert_eq!((notice(&desk, PROVIDERS[0], report).await, waiting(&desk).await), (Some(told), (0, 0)));
            assert_eq!(refusal(unable(&desk, (report, 1)).await), Some(Refusal::Conflict), "the second is told");
            assert_eq!(refusal(unable(&desk, (report, 2)).await), Some(Refusal::Closed));
            // There was a way after all, and it is told as it is: since when that agency has had it.
            desk.house.advance(SECOND);
            forward(&desk, (report, 2), ABROAD, true).await.unwrap();
            let said = notice(&desk, PROVIDERS[0], report).await;
            assert!(matches!(said, Some(Notice::Forwarded { at: since, .. }) if since < at), "{said:?}");
            assert_eq!(refusal(unable(&desk, (report, 3)).await), Some(Refusal::Closed));
            desk.house.has_caused(&[EventKind::ForeignRequestUnable]).await;
            testkit::tamper::is_found(scratch, &["foreign_request"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-77
    fn somebody_forwards_by_hand_and_may_keep_it_from_its_sender(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = asked_for(&desk, None).await;
            assert_eq!(refusal(forward(&desk, (report, 1), OWN, true).await), Some(Refusal::Unfit { what: "agency" }));
            assert_eq!(refusal(forward(&desk, (report, 1), "nobody", true).await), Some(Refusal::NotFound));
            assert_eq!(refusal(forward(&desk, (report, 9), ABROAD, true).await), Some(Refusal::Conflict));
            let lapsed = |qualifies: bool| {
                let mut agency = agency_of(ABROAD, AgencyClass::Foreign, Some(Relationship::Interpol));
                agency.qualification = agency.qualification.filter(|_| qualifies);
                agency
            };
            desk.act(move |act| agency::put(act, &lapsed(false))).await.unwrap();
            assert_eq!(refusal(forward(&desk, (report, 1), ABROAD, true).await), Some(Refusal::NotQualified));
            assert!(found(&desk, report).await.is_open(), "nothing of what was refused is kept");
            desk.act(move |act| agency::put(act, &lapsed(true))).await.unwrap();
            forward(&desk, (report, 1), ABROAD, false).await.unwrap();
            assert_eq!(notice(&desk, PROVIDERS[0], report).await, Some(Notice::Nothing));
            let to = found(&desk, report).await.forwarded.unwrap();
            assert_eq!((to.agency, to.told_at), (agency_id(ABROAD), None));
            let made = desk.read(move |view| delivery::get(view, &reads(ABROAD), report)).await.unwrap().0;
            assert_eq!((made.rule.as_str(), made.basis), ("by-hand", BasisCode::C3ForInterpol));
            assert_eq!(refusal(forward(&desk, (report, 2), ABROAD, true).await), Some(Refusal::Closed));
            let answered = desk.read(|view| foreign_request::answered(view, &routes())).await.unwrap();
            assert_eq!((answered.len(), waiting(&desk).await), (1, (0, 0)));
        });
    }

    // PROVES: R-77
    fn whoever_is_forwarded_something_immediate_by_hand_is_called_and_holds_it(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Immediate).await;
            let asked = Asked { country: Some("NZ".to_owned()), point: None };
            desk.act(move |act| foreign_request::open(act, report, &asked)).await.unwrap();
            forward(&desk, (report, 1), ABROAD, true).await.unwrap();
            let called = desk.read(|view| oncall::due(view, 16)).await.unwrap();
            let called: Vec<_> = called.into_iter().map(|call| (call.agency, call.report)).collect();
            assert_eq!(called, [(Some(agency_id(ABROAD)), report)]);
            let holds = desk.read(move |view| holder::of(view, report, &agency_id(ABROAD))).await.unwrap();
            assert_eq!(holds, agency_id(ABROAD));
        });
    }

    // PROVES: R-77
    fn of_a_report_that_was_destroyed_its_sender_is_told_that_it_was_not_forwarded(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = asked_for(&desk, None).await;
            desk.deliver(report, FEDERAL).await.unwrap();
            destroyed(&desk, report).await;
            assert_eq!(refusal(forward(&desk, (report, 1), ABROAD, true).await), Some(Refusal::Destroyed));
            let at = desk.house.now();
            unable(&desk, (report, 1)).await.unwrap();
            assert_eq!(notice(&desk, PROVIDERS[0], report).await, Some(Notice::NotForwarded { at }));
            assert_eq!(desk.house.wrong().await, None);
        });
    }

    fn nobody_answers_but_those_who_say_where_reports_go(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = asked_for(&desk, None).await;
            use ViewerRole::{Analyst, Auditor, Counsel, Hashkeeper, SecurityAdmin, Supervisor};
            for role in [Analyst, Supervisor, Counsel, Hashkeeper, Auditor, SecurityAdmin] {
                let may = access::permit::<Route>(&Viewer::staff(person_id("ana"), role, true)).is_ok();
                assert_eq!(may, matches!(role, Analyst | Supervisor), "{role:?}");
            }
            let none = desk.read(move |view| foreign_request::get(view, &routes(), report)).await.unwrap();
            assert_eq!(none.asked.country.as_deref(), Some("NZ"));
            let other = desk.delivered_to(OWN).await;
            let missing = desk.read(move |view| foreign_request::get(view, &routes(), other)).await;
            assert_eq!(refusal(missing), Some(Refusal::NotFound));
        });
    }
}
