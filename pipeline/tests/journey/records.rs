//! What the ledger records of everything: checked against its published schema, for every event of a whole walk.

use std::net::Ipv4Addr;

use domain::ReportId;
use pipeline::{package, worker};
use serde_json::Value;
use store::testing::TestHouse;
use store::{Attempt, EventKind, Origin, Record};
use testkit::both_engines;
use testkit::schema::breaks;

use crate::{filed, furnished, officer, run, submission, tools};

const SCHEMA: &str = include_str!("../../../docs/event.schema.json");

/// Everything that the ledger holds, in its order.
pub(crate) async fn all(house: &TestHouse) -> Vec<Record> {
    while house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
    let reader = house.house().clone();
    house
        .read("test::records", move |view| {
            let mut all: Vec<Record> = Vec::new();
            loop {
                let page = reader.book().records(view, all.len() as u64, 1_000)?;
                if page.is_empty() {
                    return Ok(all);
                }
                all.extend(page);
            }
        })
        .await
        .unwrap()
}

async fn walked(house: &TestHouse) -> ReportId {
    let number = filed(house, submission("2001:db8:1::7")).await;
    worker::drain(house, &tools()).await.unwrap();
    number
}

both_engines! {
    // PROVES: R-76 R-76b R-76c
    fn every_event_of_a_whole_walk_is_what_the_schema_says(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let number = walked(&house).await;
            let here = Origin::new("agencies").in_process("serve-1").from_address(Ipv4Addr::LOCALHOST.into()).in_session([7; 32]);
            here.clone().scope(async {
                let officer = officer("icac-us-il-cook-county");
                house.here().is_known(officer.actor.clone(), officer.role.as_str());
                package::take(&house, &officer, number).await.unwrap();
                let attempt = Attempt { kind: EventKind::AccessRefused, code: "not-found".to_owned(), object: "GET /agency/reports/7".to_owned(), rule: None };
                house.refused(attempt).await.unwrap();
            }).await;
            let schema: Value = serde_json::from_str(SCHEMA).unwrap();
            let records = all(&house).await;
            assert!(records.len() > 40, "{}", records.len());
            for record in &records {
                let event = record.event.as_ref().unwrap();
                assert_eq!(breaks(&schema, event), None, "{event}");
                assert_eq!(event["kind"], record.kind.as_str());
            }
            // Whoever read is told with address, session, role and agency; the one who was refused with the code.
            for kind in [EventKind::ReportRead, EventKind::PackageExported, EventKind::AccessRefused] {
                let found: Vec<_> = records.iter().filter(|record| record.kind == kind).collect();
                assert_eq!(found.len(), 1, "{kind}");
                let event = found[0].event.as_ref().unwrap();
                assert_eq!((&event["surface"], &event["process"]), (&"agencies".into(), &"serve-1".into()));
                assert_eq!((&event["address"], &event["role"]), (&"127.0.0.1".into(), &"investigator".into()));
                assert_eq!((&event["agency"], &event["session"]), (&"icac-us-il-cook-county".into(), &"07".repeat(32).into()));
                let refused = kind == EventKind::AccessRefused;
                assert_eq!(event["outcome"], if refused { "refused" } else { "success" });
                assert_eq!(event["code"] == "not-found", refused);
            }
            let brought = records.iter().find(|record| record.kind == EventKind::FileReceived).unwrap();
            assert_eq!(brought.event.as_ref().unwrap()["bytes_in"], 16);
        });
    }

    // PROVES: R-76a R-76c
    fn refusals_of_strangers_cannot_fill_the_ledger_and_none_is_passed_over(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let before = all(&house).await.len();
            let attempt = Attempt { kind: EventKind::SignInRefused, code: "unauthenticated".to_owned(), object: "POST /ispws/submit".to_owned(), rule: None };
            for _ in 0..1_000 {
                house.refused(attempt.clone()).await.unwrap();
            }
            house.tell_refusals().await.unwrap();
            let records = all(&house).await;
            let own = records.iter().filter(|record| record.kind == EventKind::SignInRefused).count() as u64;
            assert_eq!(own, u64::from(store::MOST_OF_STRANGERS));
            let counted: Vec<_> = records.iter().filter(|record| record.kind == EventKind::RefusalsCounted).collect();
            assert_eq!(counted.len(), 1);
            let counted = counted[0];
            assert_eq!(counted.event.as_ref().unwrap()["details"]["counts"][0]["count"], 1_000 - own);
            assert_eq!(records.len() as u64, before as u64 + own + 1);
        });
    }
}
