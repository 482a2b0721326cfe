//! What a walk carries from stride to stride is what the rows say: one worker that goes the whole way and a new worker
//! for each stride leave the same behind.

use database::{FromRow, Row, bind};
use domain::{Finding, IpEvent, Private, Profile, ReportId, Selector, Stage};
use jiff::SignedDuration;
use pipeline::worker;
use seal::Place;
use serde_json::Value;
use store::route::{self, RouteRecord};
use store::selector::{self, Link};
use store::testing::{Plan, TestHouse};
use store::triage::{self, TriageRecord};
use store::{View, finding, quality, retention};
use testkit::both_engines;

use crate::{filed, furnished, run, stage, submission, tools};

const LEAVES: &str = "-- test::leaves
    SELECT id, kind, sealed_event FROM ledger_leaf WHERE report_id = :report ORDER BY kind, id";

/// What stands before an event in its leaf.
const SALT_BYTES: usize = 32;

struct Leaf {
    id: Vec<u8>,
    kind: String,
    sealed: Vec<u8>,
}

impl FromRow for Leaf {
    fn from_row(row: &Row<'_>) -> Result<Self, database::Fault> {
        Ok(Self { id: row.get("id")?, kind: row.get("kind")?, sealed: row.get("sealed_event")? })
    }
}

/// Everything that strides recorded of a report, opened.
#[derive(Debug, PartialEq)]
struct Recorded {
    findings: Vec<Finding>,
    selectors: Vec<Selector>,
    links: Vec<Link>,
    triage: Option<TriageRecord>,
    route: Option<RouteRecord>,
    quality: String,
    clocks: String,
    /// Kind, act, actor, purpose and details of each leaf of the pipeline's.
    leaves: Vec<(String, Value)>,
}

async fn recorded(house: &TestHouse, number: ReportId) -> Recorded {
    let permit = policy::access::pipeline_read();
    let read = house.read("test::recorded", move |view| {
        Ok(Recorded {
            findings: finding::of_report(view, &permit, number)?,
            selectors: selector::of_report(view, &permit, number)?,
            links: selector::links(view, &permit, number)?,
            triage: triage::of_report(view, &permit, number)?.map(|(record, _)| record),
            route: route::of_report(view, &permit, number)?.map(|(record, _)| record),
            quality: format!("{:?}", quality::of_report(view, &permit, number)?),
            clocks: format!("{:?}", retention::of_report(view, &permit, number)?),
            leaves: leaves(view, number)?,
        })
    });
    read.await.unwrap()
}

fn leaves(view: &View<'_>, number: ReportId) -> store::Result<Vec<(String, Value)>> {
    let rows: Vec<Leaf> = view.tx().rows(LEAVES, &bind! { report: number.get() })?;
    let mut told = Vec::new();
    for leaf in rows {
        let at = Place { table: "ledger_leaf", row: &leaf.id, column: "sealed_event" };
        let key = view.report_key(number)?;
        let opened =
            view.open(&key, &at, &leaf.sealed).or_else(|_| view.open(view.house_key(), &at, &leaf.sealed))?;
        let mut event: Value = serde_json::from_slice(&opened.reveal()[SALT_BYTES..]).unwrap();
        // What rows say holds sealed columns, which no two houses seal the same, and where in its order no two say it.
        event.as_object_mut().unwrap().retain(|name, _| !["rows", "row_order"].contains(&name.as_str()));
        if event["actor"] == "house" {
            told.push((leaf.kind, event));
        }
    }
    told.sort_by_key(|(kind, event)| (kind.clone(), event.to_string()));
    Ok(told)
}

/// A house with an earlier report that shares the suspect, and one that waits for its walk.
async fn waiting(database: Option<&database::Settings>) -> (TestHouse, ReportId) {
    let house = match database {
        Some(database) => furnished(database).await,
        None => crate::furnished_as(Plan { profile: Profile::SyntheticDemo, ..Plan::default() }).await,
    };
    filed(&house, submission("2001:db8:1::7")).await;
    worker::drain(&house, &tools()).await.unwrap();
    let mut said = submission("2001:db8:1::7");
    said.incident.incident_type = "enticement".to_owned();
    let seen = said.people[0].ip_events[0].clone();
    // Found in another order than the rows hold them.
    for address in ["2001:db8:3::9", "2001:db8:2::8"] {
        said.people[0].ip_events.push(IpEvent { address: Private::new(address.to_owned()), ..seen.clone() });
    }
    let number = filed(&house, said).await;
    (house, number)
}

both_engines! {
    fn a_walk_in_one_go_and_a_new_worker_for_each_stride_record_the_same(scratch) {
        run(async {
            let (whole, number) = waiting(Some(&scratch.settings)).await;
            worker::drain(&whole, &tools()).await.unwrap();
            let (split, other) = waiting(None).await;
            let lease = split.claim("w", 1, SignedDuration::from_mins(2)).await.unwrap().pop().unwrap();
            while worker::step(&split, &tools(), &lease).await.unwrap() != Stage::Retained {}
            assert_eq!((stage(&whole, number).await, number), (Stage::Retained, other));
            let (went, stepped) = (recorded(&whole, number).await, recorded(&split, other).await);
            assert!(!went.links.is_empty() && went.findings.len() > 2 && went.leaves.len() >= 7, "{went:?}");
            assert_eq!(went, stepped);
        });
    }
}
