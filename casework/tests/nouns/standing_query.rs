//! The standing query of a case: a later report that names the same person is found, and opens a closed case again.

use std::sync::{Arc, Barrier};

use casework::casefile;
use casework::filing::{self, Hit};
use database::Engine;
use domain::{CaseId, Priority, Private, ReportId, Selector, SelectorKind, StatusReason};
use store::{Act, selector};
use testkit::both_engines;

use crate::cases::{case_of, keeps, sees};
use crate::desk::{Desk, PROVIDERS};
use crate::{OTHER, OWN, run, staffed};

/// How often two acts meet on one case.
const ROUNDS: usize = 8;

pub fn names(kind: SelectorKind, value: &str) -> Selector {
    let value = Private::new(value.to_owned());
    Selector { kind, normal: value.clone(), given: value, role: None, path: "a/b".to_owned() }
}

/// A report that names somebody, made available to an agency as the house does.
pub async fn arrives(desk: &Desk, agency: &str, kind: SelectorKind, value: &str) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
    let said = [names(kind, value)];
    desk.act(move |act| selector::record(act, report, &said)).await.unwrap();
    desk.deliver(report, agency).await.unwrap();
    told(desk, report).await;
    report
}

pub async fn told(desk: &Desk, report: ReportId) {
    desk.act(move |act: &Act<'_>| {
        casework::arrived(act, report)?;
        act.note(store::Event::of_house(store::EventKind::ListRead)).map(drop)
    })
    .await
    .unwrap();
}

async fn hits(desk: &Desk, case: CaseId) -> Vec<Hit> {
    sees(desk, "ann", move |view, keeper| filing::hits(view, keeper, case)).await.unwrap()
}

both_engines! {
    fn a_later_report_of_the_same_person_opens_a_closed_case_again(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let first = arrives(&desk, OWN, SelectorKind::Email, "dull@mail.example").await;
            let case = case_of(&desk, &[first]).await;
            let closed = |desk| keeps(desk, "ann", move |act, keeper| {
                casefile::close(act, keeper, case, StatusReason::Insufficient)
            });
            closed(&desk).await.unwrap();
            arrives(&desk, OWN, SelectorKind::Email, "other@mail.example").await;
            arrives(&desk, OTHER, SelectorKind::Email, "dull@mail.example").await;
            assert_eq!(hits(&desk, case).await, [], "neither another person nor another agency's report");
            let later = arrives(&desk, OWN, SelectorKind::Email, "dull@mail.example").await;
            let met = hits(&desk, case).await;
            assert_eq!(met.iter().map(|hit| (hit.report, hit.shared, hit.reopened)).collect::<Vec<_>>(), [(later, 1, true)]);
            let found = sees(&desk, "ann", move |view, keeper| casefile::get(view, keeper, case)).await.unwrap();
            assert!(found.closed.is_none() && found.reopened_at.is_some());

            // Asked twice, nothing is done twice: the case was closed again, and the same report does not open it.
            keeps(&desk, "ann", move |act, keeper| filing::leave(act, keeper, case, later)).await.unwrap();
            closed(&desk).await.unwrap();
            told(&desk, later).await;
            assert_eq!(hits(&desk, case).await, []);
            let found = sees(&desk, "ann", move |view, keeper| casefile::get(view, keeper, case)).await.unwrap();
            assert!(found.closed.is_some());
            desk.house.has_caused(&[store::EventKind::CaseMet]).await;
            testkit::tamper::is_found(scratch, &["case_hit"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-76
    fn of_two_acts_on_one_case_at_the_same_moment_one_tells_what_both_wrote(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let first = arrives(&desk, OWN, SelectorKind::Email, "dull@mail.example").await;
            let case = case_of(&desk, &[first]).await;
            let later = async || {
                let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
                let said = [names(SelectorKind::Email, "dull@mail.example")];
                desk.act(move |act| selector::record(act, report, &said)).await.unwrap();
                desk.deliver(report, OWN).await.unwrap();
                report
            };
            // Neither ends before both have written, and which of them ends first is left to chance. SQLite's writer is alone.
            for round in 1..=ROUNDS {
                let (one, other) = (later().await, later().await);
                let both = Arc::new(Barrier::new(2));
                let meets = |report| {
                    let both = Arc::clone(&both);
                    desk.act(move |act: &Act<'_>| {
                        casework::arrived(act, report)?;
                        if act.tx().dialect().engine() == Engine::Postgres {
                            both.wait();
                        }
                        act.note(store::Event::of_house(store::EventKind::ListRead)).map(drop)
                    })
                };
                let (first, second) = tokio::join!(meets(one), meets(other));
                first.and(second).unwrap();
                desk.house.book().sequence().await.unwrap();
                assert_eq!(hits(&desk, case).await.len(), round * 2);
                assert_eq!(desk.house.wrong().await, None, "round {round}");
            }
        });
    }

    // PROVES: R-76
    fn of_many_acts_on_one_case_at_once_the_last_one_counts_and_nothing_is_found_wrong(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let first = arrives(&desk, OWN, SelectorKind::Email, "dull@mail.example").await;
            let case = case_of(&desk, &[first]).await;
            let mut reports = Vec::new();
            for _ in 0..6 * ROUNDS {
                let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
                let said = [names(SelectorKind::Email, "dull@mail.example")];
                desk.act(move |act| selector::record(act, report, &said)).await.unwrap();
                desk.deliver(report, OWN).await.unwrap();
                reports.push(report);
            }
            for six in reports.chunks_exact(6) {
                let meets = |at: usize| told(&desk, six[at]);
                tokio::join!(meets(0), meets(1), meets(2), meets(3), meets(4), meets(5));
                desk.house.book().sequence().await.unwrap();
                assert_eq!(desk.house.wrong().await, None);
            }
            assert_eq!(hits(&desk, case).await.len(), reports.len());
        });
    }

    fn an_address_or_a_file_that_many_share_opens_nothing(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            for kind in [SelectorKind::IpAddress, SelectorKind::Url, SelectorKind::FileHash] {
                let first = arrives(&desk, OWN, kind, "192.0.2.1").await;
                let case = case_of(&desk, &[first]).await;
                arrives(&desk, OWN, kind, "192.0.2.1").await;
                assert_eq!(hits(&desk, case).await, [], "{kind}");
            }
        });
    }

    fn what_the_agency_has_already_is_offered_and_what_is_taken_in_watches_too(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let earlier = arrives(&desk, OWN, SelectorKind::Phone, "+12025550100").await;
            let first = arrives(&desk, OWN, SelectorKind::Phone, "+12025550100").await;
            let case = case_of(&desk, &[first]).await;
            assert_eq!(hits(&desk, case).await.iter().map(|hit| hit.report).collect::<Vec<_>>(), [earlier]);
            keeps(&desk, "ann", move |act, keeper| filing::add(act, keeper, case, earlier)).await.unwrap();
            assert_eq!(hits(&desk, case).await, []);
            for report in [first, earlier] {
                keeps(&desk, "ann", move |act, keeper| filing::remove(act, keeper, case, report)).await.unwrap();
            }
            arrives(&desk, OWN, SelectorKind::Phone, "+12025550100").await;
            assert_eq!(hits(&desk, case).await, [], "what was taken out watches no more");
        });
    }
}
