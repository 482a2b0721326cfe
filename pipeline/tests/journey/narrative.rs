//! One report from a provider's door to an officer's reading.

use casework::inbox::{self, InboxQuery};
use domain::{Priority, Purpose, SelectorKind, Stage};
use pipeline::{dossier, feed, worker};
use policy::{List, Permit, RuleSet, access};
use store::EventKind;
use testkit::both_engines;

use crate::{filed, furnished, holders, nobody_waits, officer, run, stage, submission, tools};

both_engines! {
    // PROVES: R-20 R-76
    fn a_report_walks_from_a_providers_door_to_an_officers_reading(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let earlier = filed(&house, submission("2001:db8:1::7")).await;
            let mut urgent = submission("2001:db8:1::7");
            urgent.incident.incident_type = "enticement".to_owned();
            urgent.incident.escalation = Some("a child may be on the way".to_owned().into());
            let number = filed(&house, urgent).await;
            assert_eq!(stage(&house, number).await, Stage::Finished);

            // The pipeline walks both, and the ledger numbers every leaf.
            assert_eq!(worker::drain(&house, &tools()).await.unwrap(), 2);
            assert_eq!(stage(&house, number).await, Stage::Retained);
            assert_eq!(holders(&house, earlier).await, ["icac-us-il-cook-county"]);
            // Deliveries of one moment have no order among themselves.
            let mut both = holders(&house, number).await;
            both.sort();
            assert_eq!(both, ["icac-us-il-cook-county", "us-fbi"]);
            nobody_waits(&house).await;

            // The officer's inbox shows the more urgent one first, though it came later.
            let officer = officer("icac-us-il-cook-county");
            let lists: Permit<List> = access::permit(&officer).unwrap();
            let page = house.read("test::inbox", move |view| inbox::page(view, &lists, &InboxQuery::default()));
            let page = page.await.unwrap();
            let rows: Vec<_> = page.rows.iter().map(|row| (row.report(), row.standing.priority())).collect();
            assert_eq!(rows, [(number, Priority::Immediate), (earlier, Priority::Routine)]);
            assert_eq!(feed(&house, &officer, 0, 10).await.unwrap().len(), 2);

            // The page tells what was sent, what was added, why it is urgent and why it is here.
            let dossier = dossier(&house, &officer, number).await.unwrap();
            assert_eq!(dossier.files.len(), 1);
            assert_eq!(dossier.findings[0].table, "example-places");
            assert!(dossier.selectors.iter().any(|s| s.normal.reveal() == "2001:db8:1::7"));
            assert_eq!(dossier.reasons[0].rule, "child-in-reach");
            let delivery = dossier.deliveries.iter().find(|one| one.rule == "task-force").unwrap();
            assert_eq!((delivery.rule.as_str(), delivery.basis.as_str()), ("task-force", "C2-STATE"));
            assert!(delivery.says.contains("Cook County, IL"), "{}", delivery.says);
            let related = &dossier.related[0];
            assert_eq!((related.report, related.held), (earlier, true));
            assert!(related.kinds.contains(&SelectorKind::IpAddress));
            assert_eq!(delivery.channel, "portal");

            // Another agency is told that there is no such report, and the reading is in the ledger.
            let other = crate::officer("icac-us-mn");
            assert!(pipeline::dossier(&house, &other, number).await.unwrap_err().is_not_found());
            let read = house.house().clone();
            let leaf = house.read("test::leaf", move |view| read.book().leaf_of(view, number, EventKind::ReportRead));
            assert!(leaf.await.unwrap().is_some());
        });
    }

    // PROVES: R-26
    fn a_route_that_is_replayed_from_its_stored_facts_is_the_same(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let number = filed(&house, submission("2001:db8:2::7")).await;
            worker::drain(&house, &tools()).await.unwrap();
            let permit = policy::access::pipeline_read();
            let stored = house.read("test::route", move |view| store::route::of_report(view, &permit, number));
            let (record, _) = stored.await.unwrap().unwrap();
            assert_eq!(policy::route(&record.facts, RuleSet::in_force().routing()), record.decision);
            assert_eq!(record.decision.recipients[0].agency.to_string(), "gb-nca");
            assert_eq!(Purpose::Disclosure.as_str(), "disclosure");
        });
    }

    // PROVES: R-20a
    fn a_priority_that_is_replayed_from_its_stored_facts_is_the_same(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut urgent = submission("2001:db8:1::7");
            urgent.incident.incident_type = "enticement".to_owned();
            let numbers = [filed(&house, urgent).await, filed(&house, submission("2001:db8:1::7")).await];
            worker::drain(&house, &tools()).await.unwrap();
            let mut given = Vec::new();
            for number in numbers {
                let permit = policy::access::pipeline_read();
                let stored = house.read("test::triage", move |view| store::triage::of_report(view, &permit, number));
                let (record, _) = stored.await.unwrap().unwrap();
                assert!(!record.verdict.reasons.is_empty());
                assert_eq!(policy::triage::decide(&record.facts, RuleSet::in_force().triage()), record.verdict);
                given.push(record.verdict.priority);
            }
            assert_ne!(given[0], given[1]);
        });
    }
}
