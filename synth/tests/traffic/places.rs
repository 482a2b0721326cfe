//! The made-up geography is what the house finds when it has taken the table.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::common::addresses;
use geo::{Atlas, Hints, Kind, import};
use synth::places::{self as made, Spot};
use synth::{Plan, Shares, Verdict};

fn atlas() -> Atlas {
    let bytes = made::table("2026-11-01").into_bytes();
    let sha256 = seal::hex(&seal::sha256(&bytes));
    let hints = Hints { name: "synthetic-places", sha256: &sha256, ..Hints::default() };
    let imported = import(Kind::IpPlace, bytes, &hints).unwrap();
    assert_eq!(imported.rows, made::networks().len());
    Atlas::from_imported(vec![imported])
}

fn found(atlas: &Atlas, address: IpAddr) -> Spot {
    let Some(found) = atlas.place(address) else { return Spot::Nowhere };
    let place = found.value;
    let known = |spot: &Spot| {
        spot.country() == place.country.as_deref()
            && spot.state() == place.region.as_deref()
            && matches!((spot, &place.county_fips), (Spot::County(fips), Some(found)) if fips == found)
                == place.county_fips.is_some()
    };
    made::networks().iter().map(|row| row.spot).find(known).unwrap_or(Spot::Nowhere)
}

#[test]
fn every_address_of_a_report_is_found_where_it_was_put() {
    let atlas = atlas();
    let mut seen: BTreeSet<IpAddr> = BTreeSet::new();
    for shares in [Shares::Demo, Shares::Recent] {
        let plan = Plan::new(11, shares).with_faults(true);
        (0..600).for_each(|index| seen.extend(addresses(&plan.report(index))));
    }
    assert!(seen.len() > 800, "{}", seen.len());
    for address in seen {
        let row = made::network_of(address).unwrap();
        assert_eq!(found(&atlas, address), row.spot, "{address}");
        let network = atlas.network(address).unwrap().value;
        assert_eq!((network.kind.as_str(), network.kind_is_guess), (row.usage.as_str(), false), "{address}");
    }
}

#[test]
fn the_reported_persons_own_addresses_lie_in_the_place_that_is_expected() {
    let plan = Plan::new(3, Shares::Demo).with_faults(true);
    for report in (0..800).map(|index| plan.report(index)) {
        let reported = report.submission.people.iter().find(|one| one.role == domain::Role::Reported);
        for event in reported.into_iter().flat_map(|one| &one.ip_events) {
            let address: IpAddr = event.address.reveal().parse().unwrap();
            let row = made::network_of(address).unwrap();
            let is_exit =
                report.fault == Some(synth::Fault::VpnExitAbroad) && row.usage == made::Usage::Relay;
            assert!(is_exit || row.spot == report.expected.place, "{} {:?}", report.index, report.fault);
        }
    }
}

/// Area of a task force: states whole, or counties.
struct Area {
    id: String,
    states: Vec<String>,
    counties: Vec<String>,
}

fn task_forces() -> Vec<Area> {
    let text = include_str!("../../../datasets/task-forces.toml");
    let table: toml::Table = text.parse().unwrap();
    let words = |row: &toml::Value, key: &str| -> Vec<String> {
        row[key].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let area = |row: &toml::Value| Area {
        id: row["id"].as_str().unwrap().to_owned(),
        states: words(row, "covers_states"),
        counties: words(row, "covers_counties"),
    };
    table["task_force"].as_array().unwrap().iter().map(area).collect()
}

#[test]
fn five_hundred_demo_reports_reach_most_task_forces_and_the_states_that_several_share() {
    let areas = task_forces();
    for seed in [7, 8, 9] {
        let plan = Plan::new(seed, Shares::Demo);
        let mut reached = BTreeSet::new();
        for report in (0..500).map(|index| plan.report(index)) {
            let place = report.expected.place;
            let takes = |area: &&Area| match place {
                Spot::County(fips) if area.counties.iter().any(|one| one == fips) => true,
                _ => place.state().is_some_and(|state| area.states.iter().any(|one| one == state)),
            };
            reached.extend(areas.iter().find(takes).map(|area| area.id.as_str()));
        }
        assert!(reached.len() >= 50, "seed {seed}: {}", reached.len());
        let split = areas.iter().filter(|area| !area.counties.is_empty());
        let missed: Vec<&str> =
            split.map(|area| area.id.as_str()).filter(|id| !reached.contains(id)).collect();
        assert!(missed.len() <= 1, "seed {seed}: {missed:?}");
    }
}

#[test]
fn five_hundred_demo_reports_have_every_sort_of_place() {
    let plan = Plan::new(7, Shares::Demo);
    let places: Vec<Spot> =
        (0..500).map(|index| plan.report(index)).map(|report| report.expected.place).collect();
    let count = |test: &dyn Fn(&Spot) -> bool| places.iter().filter(|place| test(place)).count();
    assert!(count(&|place| *place == Spot::Nowhere) > 3);
    assert!(count(&|place| *place == Spot::UnitedStates) > 5);
    assert!(count(&|place| matches!(place, Spot::State(_))) > 5);
    assert!(count(&|place| matches!(place, Spot::County(_))) > 200);
    assert!(count(&|place| matches!(place.state(), Some("PR" | "GU" | "VI"))) > 0);
    let countries: BTreeSet<_> = places.iter().filter_map(|place| place.country()).collect();
    assert!(countries.len() > 15, "{countries:?}");
    assert!((0..500).all(|index| plan.report(index).expected.verdict == Verdict::Accept));
}
