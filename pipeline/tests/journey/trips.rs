//! What a report costs a database that is a server: every trip there and back takes both machines longer than most
//! statements do, so their number is what decides how many reports an hour they take.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use pipeline::worker;

use crate::{filed, furnished, run, submission, tools};

type Trips = BTreeMap<&'static str, (u64, u64)>;

/// Answers and trips so far, by name.
fn so_far(house: &store::House) -> Trips {
    house.measures().into_iter().map(|measure| (measure.name, (measure.count, measure.trips))).collect()
}

/// What came since.
fn since(house: &store::House, before: &Trips) -> Trips {
    let now = so_far(house).into_iter().map(|(name, (count, trips))| {
        let earlier = before.get(name).copied().unwrap_or_default();
        (name, (count - earlier.0, trips - earlier.1))
    });
    now.filter(|(_, (count, _))| *count > 0).collect()
}

fn trips(of: &Trips) -> u64 {
    of.values().map(|(_, trips)| trips).sum()
}

#[test]
fn a_report_costs_a_server_few_trips_and_few_commits() {
    let scratch = testkit::on_postgres();
    run(async {
        let database = database::Settings { connections: 1, ..scratch.settings.clone() };
        let house = furnished(&database).await;
        // Statements are prepared, and reads found out to be of one statement or more.
        for _ in 0..3 {
            filed(&house, submission("2001:db8:1::7")).await;
            worker::drain(&house, &tools()).await.unwrap();
        }
        let before = so_far(&house);
        filed(&house, submission("2001:db8:1::7")).await;
        let taken_in = since(&house, &before);
        assert!(trips(&taken_in) <= 10, "{taken_in:?}");

        let lease = house.claim("w", 1, SignedDuration::from_mins(2)).await.unwrap().pop().unwrap();
        let before = so_far(&house);
        worker::walk(&house, &tools(), &lease).await;
        let walked = since(&house, &before);
        let acts = |name| walked.get(name).map_or(0, |(acts, _)| *acts);
        assert_eq!(
            (acts("walk"), acts("retain")),
            (2, 1),
            "three acts take a report all its way: {walked:?}"
        );
        assert_eq!(walked.len(), 4, "and two reads: {walked:?}");
        assert!(trips(&walked) <= 20, "{walked:?}");

        let mut auditor = store::Auditor::default();
        worker::drain(&house, &tools()).await.unwrap();
        assert_eq!(auditor.tick(&house).await.unwrap(), None);
        for _ in 0..3 {
            filed(&house, submission("2001:db8:1::7")).await;
        }
        worker::drain(&house, &tools()).await.unwrap();
        let before = so_far(&house);
        assert_eq!(auditor.tick(&house).await.unwrap(), None);
        let audited = since(&house, &before);
        assert!(audited["book::follow"].1 <= 16, "however many reports the leaves speak of: {audited:?}");
    });
}
