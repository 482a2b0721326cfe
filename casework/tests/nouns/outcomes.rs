//! What came of a report: a fact that stands, told by a code, and counted for its sender without small numbers.

use std::collections::BTreeMap;

use casework::outcome::{self, Count, Recorded};
use casework::standing::{self, Change};
use domain::{Outcome, Priority, ReportId, Status, StatusReason};
use policy::permit::Work;
use policy::{List, Permit, ViewerRole, access};
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, reads_own};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

async fn record(
    desk: &Desk,
    (who, agency): (&str, &str),
    seen: (ReportId, u32),
    what: Outcome,
) -> Result<bool> {
    let works: Permit<Work> = permit(who, agency);
    by(desk, (who, agency), move |act| outcome::record(act, &works, seen, what)).await
}

async fn told(desk: &Desk, lists: Permit<List>, report: ReportId) -> Result<Vec<Recorded>> {
    desk.read(move |view| outcome::of_report(view, &lists, report)).await
}

async fn counts(desk: &Desk, provider: &str) -> BTreeMap<Outcome, Count> {
    let lists = access::provider_list(&reads_own(provider));
    desk.read(move |view| outcome::counts(view, &lists)).await.unwrap()
}

fn staff() -> Permit<List> {
    access::permit(&policy::Viewer::staff(person_id("ana"), ViewerRole::Analyst, true)).unwrap()
}

both_engines! {
    fn an_outcome_closes_its_report_and_a_later_one_takes_its_place(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            assert!(record(&desk, ("ann", OWN), (report, 1), Outcome::Insufficient).await.unwrap());
            assert!(record(&desk, ("ann", OWN), (report, 2), Outcome::Arrest).await.unwrap());
            let lists: Permit<List> = permit("bob", OWN);
            let found = desk.read(move |view| standing::get(view, &lists, report)).await.unwrap();
            assert_eq!((found.said.status, found.said.reason), (Status::Closed, Some(StatusReason::Resolved)));
            let all = told(&desk, permit("bob", OWN), report).await.unwrap();
            let present: Vec<_> = all.iter().map(|one| (one.outcome, one.superseded_at.is_none())).collect();
            assert_eq!(present, [(Outcome::Insufficient, false), (Outcome::Arrest, true)]);
            desk.house.has_caused(&[store::EventKind::OutcomeRecorded]).await;
            testkit::tamper::is_found(scratch, &["outcome"], async || desk.house.wrong().await).await;
        });
    }

    /// A transfer crossed it: the report is another's to work, and what came of it before is still true.
    fn an_outcome_stands_even_when_the_report_was_given_away_meanwhile(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let works: Permit<Work> = permit("bob", OWN);
            let away = Change {
                status: Some((Status::Closed, Some(StatusReason::OtherJurisdiction))),
                ..Change::default()
            };
            by(&desk, ("bob", OWN), move |act| standing::change(act, &works, (report, 1), &away, None)).await.unwrap();
            // Recorded, and what was changed meanwhile stays as it is.
            assert!(!record(&desk, ("ann", OWN), (report, 1), Outcome::Arrest).await.unwrap());
            let lists: Permit<List> = permit("ann", OWN);
            let found = desk.read(move |view| standing::get(view, &lists, report)).await.unwrap();
            assert_eq!((found.version, found.said.reason), (2, Some(StatusReason::OtherJurisdiction)));
            assert_eq!(told(&desk, permit("ann", OWN), report).await.unwrap()[0].outcome, Outcome::Arrest);
        });
    }

    fn the_clearinghouse_sees_codes_and_an_agency_its_own_only(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            desk.deliver(report, OTHER).await.unwrap();
            record(&desk, ("ann", OWN), (report, 1), Outcome::ChildSafeguarded).await.unwrap();
            record(&desk, ("cyd", OTHER), (report, 1), Outcome::Duplicate).await.unwrap();
            let all = told(&desk, staff(), report).await.unwrap();
            assert_eq!(all.iter().map(|one| one.outcome).collect::<Vec<_>>(), [Outcome::Duplicate, Outcome::ChildSafeguarded]
                .into_iter().rev().collect::<Vec<_>>());
            assert!(all.iter().all(|one| one.recorded_by.is_none()));
            let own = told(&desk, permit("ann", OWN), report).await.unwrap();
            assert_eq!(own.len(), 1);
            assert_eq!(own[0].recorded_by.as_deref(), Some("person:ann:icac-us-mn"));
            let provider = access::provider_list(&reads_own(PROVIDERS[0]));
            assert_eq!(refusal(told(&desk, provider, report).await), Some(Refusal::NotFound));
            let others = desk.delivered_to(OTHER).await;
            assert_eq!(refusal(record(&desk, ("ann", OWN), (others, 1), Outcome::Arrest).await), Some(Refusal::NotFound));
        });
    }

    // PROVES: R-30 R-32
    fn a_sender_sees_no_small_number_and_no_single_case_moving_one(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let mut reports = Vec::new();
            for _ in 0..12 {
                let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
                desk.deliver(report, OWN).await.unwrap();
                reports.push(report);
            }
            for (number, report) in reports.iter().enumerate() {
                let counted = counts(&desk, PROVIDERS[0]).await[&Outcome::Arrest];
                let expected = if number < 10 { Count::Few } else { Count::AtLeast(10) };
                assert_eq!(counted, expected, "{number}");
                record(&desk, ("ann", OWN), (*report, 1), Outcome::Arrest).await.unwrap();
            }
            assert_eq!(counts(&desk, PROVIDERS[0]).await[&Outcome::Arrest], Count::AtLeast(10));
            assert!(counts(&desk, PROVIDERS[1]).await.values().all(|count| *count == Count::Few));
        });
    }
}
