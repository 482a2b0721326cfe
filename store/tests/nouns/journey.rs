//! A finished report moves on, one stage at a time, and to an agency in the end.

use domain::{Priority, Stage};
use jiff::SignedDuration;
use policy::{RuleSet, access};
use store::{EventKind, Refusal, document, finding, health, report, retention, route, triage};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, provider_id, reads, route_it, routed, triaged};
use crate::{refusal, run};

both_engines! {
    // PROVES: R-13 R-20
    fn a_report_moves_only_from_where_it_stands_along_the_journey(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            let skip = desk.act(move |act| report::move_on(act, report, Stage::Open, Stage::Finished)).await;
            assert_eq!(refusal(skip), Some(Refusal::Unfit { what: "move" }));
            desk.finish(report).await.unwrap();
            let skip = desk.act(move |act| report::move_on(act, report, Stage::Finished, Stage::Enriched)).await;
            assert_eq!(refusal(skip), Some(Refusal::Unfit { what: "move" }));
            desk.act(move |act| report::move_on(act, report, Stage::Finished, Stage::Sealed)).await.unwrap();
            // A second worker that read the same stage comes too late.
            let again = desk.act(move |act| report::move_on(act, report, Stage::Finished, Stage::Sealed)).await;
            assert_eq!(refusal(again), Some(Refusal::TooLate { stage: Stage::Sealed }));
        });
    }

    // PROVES: R-20
    fn no_report_becomes_available_without_a_delivery(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            let step = move |act: &store::Act<'_>| report::move_on(act, report, Stage::Routed, Stage::Available);
            assert_eq!(refusal(desk.act(step).await), Some(Refusal::Unfit { what: "move" }));
            desk.deliver(report, AGENCIES[0].0).await.unwrap();
            assert_eq!(desk.stage(report).await, Stage::Available);
        });
    }

    // PROVES: R-20
    fn the_report_that_waits_longest_for_an_agency_is_known(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let oldest = |desk: &Desk| {
                let asked = desk.house.read("test::oldest", |view| {
                    Ok((health::oldest_undelivered(view)?.map(|one| one.report), health::counts(view)?))
                });
                async { asked.await.unwrap() }
            };
            let first = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            desk.house.advance(SignedDuration::from_secs(1));
            let second = desk.routed(PROVIDERS[0], "sextortion", Priority::Immediate).await;
            desk.opened().await;
            let (waiting, counts) = oldest(&desk).await;
            assert_eq!(waiting, Some(first));
            assert_eq!((counts.open, counts.undelivered), (1, vec![(Stage::Routed, 2)]));
            desk.deliver(first, AGENCIES[0].0).await.unwrap();
            assert_eq!(oldest(&desk).await.0, Some(second));
            desk.deliver(second, AGENCIES[0].0).await.unwrap();
            assert_eq!(oldest(&desk).await.0, None);
        });
    }

    fn what_a_stride_records_is_read_again_and_told_to_the_ledger(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.opened().await;
            desk.act(move |act| {
                report::finish(act, &provider_id(PROVIDERS[0]), report)?;
                finding::record(act, report, &findings())?;
                route_it(act, report, Priority::Urgent)
            })
            .await
            .unwrap();
            desk.deliver(report, AGENCIES[0].0).await.unwrap();
            let clocks = RuleSet::embedded().schedule(domain::Profile::SyntheticDemo).unwrap().clocks(desk.house.now());
            let set = clocks.clone();
            desk.act(move |act| retention::record(act, report, &set, "rules-1")).await.unwrap();

            let permit = reads(AGENCIES[0].0);
            desk.read(move |view| {
                assert_eq!(finding::of_report(view, &permit, report)?, findings());
                let (given, _) = triage::of_report(view, &permit, report)?.unwrap();
                assert_eq!(given, triaged(Priority::Urgent));
                assert_eq!(route::of_report(view, &permit, report)?.unwrap().0, routed());
                assert_eq!(retention::of_report(view, &permit, report)?.as_ref(), Some(&clocks));
                assert_eq!(report::get(view, &permit, report)?.priority, Some(Priority::Urgent));
                assert_eq!(document::of_report(view, &permit, report)?.len(), 1);
                Ok(())
            })
            .await
            .unwrap();
            for kind in [
                EventKind::ReportSealed, EventKind::ReportEnriched, EventKind::ReportTriaged, EventKind::ReportRouted,
                EventKind::ReportDelivered, EventKind::ReportRetained,
            ] {
                let house = desk.house.house().clone();
                let leaf = desk.read(move |view| house.book().leaf_of(view, report, kind)).await.unwrap();
                assert!(leaf.is_some(), "{kind}");
            }
        });
    }

    fn a_clock_rings_when_its_time_has_come(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.delivered_to(AGENCIES[0].0).await;
            let clocks = RuleSet::embedded().schedule(domain::Profile::SyntheticDemo).unwrap().clocks(desk.house.now());
            let first = clocks.reminders[0].duration_since(desk.house.now());
            desk.act(move |act| retention::record(act, report, &clocks, "rules-1")).await.unwrap();
            desk.house.advance(first - SignedDuration::from_secs(1));
            assert_eq!(desk.read(|view| retention::ringing(view, 10)).await.unwrap(), []);
            desk.house.advance(SignedDuration::from_secs(1));
            assert_eq!(desk.read(|view| retention::ringing(view, 10)).await.unwrap(), [report]);
        });
    }

    fn the_latest_decision_holds_and_the_earlier_one_stays(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            desk.act(move |act| triage::record(act, report, &triaged(Priority::Immediate))).await.unwrap();
            let house = access::pipeline_read();
            let (priority, rows) = desk
                .read(move |view| {
                    let (given, _) = triage::of_report(view, &house, report)?.unwrap();
                    let rows: u64 = view.tx().get("-- test::judged\nSELECT COUNT(*) FROM triage", &database::bind! {})?;
                    Ok((given.verdict.priority, rows))
                })
                .await
                .unwrap();
            assert_eq!((priority, rows), (Priority::Immediate, 2));
        });
    }
}

fn findings() -> Vec<domain::Finding> {
    let one = |subject: &str, table: &str, city: &str| domain::Finding {
        enricher: "ip-place".to_owned(),
        subject: subject.to_owned().into(),
        table: table.to_owned(),
        as_of: "2026-05-01".to_owned(),
        value: serde_json::json!({ "city": city, "latitude": 44.98 }),
    };
    vec![
        one("192.0.2.1", "a", "Dullton"),
        one("2001:db8::1", "a", "Dullville"),
        one("192.0.2.1", "b", "Dullton"),
    ]
}
