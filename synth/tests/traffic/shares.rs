//! The shares of the published statistics hold over many reports, and a short demonstration has something of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::statement;
use domain::{Role, TriState};
use synth::places::Spot;
use synth::{Fault, Plan, Shares, SyntheticReport};

const REPORTS: u64 = 20_000;

struct Counted(BTreeMap<&'static str, f64>);

impl Counted {
    /// Shares of what tests ask for, in percent of all reports.
    fn of(plan: Plan) -> Self {
        let mut counts: BTreeMap<&'static str, f64> = BTreeMap::new();
        for index in 0..REPORTS {
            tally(&plan.report(index), &mut |name, by| *counts.entry(name).or_default() += by);
        }
        counts.values_mut().for_each(|count| *count *= 100.0 / REPORTS as f64);
        Self(counts)
    }

    #[track_caller]
    fn holds(&self, name: &str, expected: f64, tolerance: f64) {
        let found = self.0.get(name).copied().unwrap_or_default();
        assert!(
            (found - expected).abs() <= tolerance,
            "{name}: {found:.3}%, expected {expected}% ± {tolerance}"
        );
    }
}

fn tally(report: &SyntheticReport, add: &mut dyn FnMut(&'static str, f64)) {
    let submission = &report.submission;
    let mut when = |test: bool, name| {
        if test {
            add(name, 1.0)
        }
    };
    let kind = |key: &str| submission.incident.incident_type == key;
    let place = report.expected.place;
    for key in ["csam", "enticement", "trafficking", "obscene-to-child"] {
        when(kind(key), key);
    }
    when(place == Spot::Nowhere, "no place");
    when(place.country() == Some("US"), "us");
    when(place == Spot::UnitedStates, "us without state");
    when(place == Spot::Country("IN"), "india");
    when(report.expected.informational, "informational");
    when(report.expected.urgent, "urgent");
    when(submission.batched.is_some(), "batched");
    when(report.sender == 0, "largest sender");
    let marked = |mark: &str| {
        report.files.iter().any(|file| statement(file).annotations.iter().any(|one| one == mark))
    };
    when(marked("generativeAi"), "generative");
    when(submission.incident.annotations.iter().any(|mark| mark == "sextortion"), "sextortion");
    add("files", report.files.len() as f64);
    add("incidents", submission.people.iter().filter(|one| one.role == Role::Reported).count().max(1) as f64);
}

#[test]
fn the_shares_of_2022_hold() {
    let counted = Counted::of(Plan::new(1, Shares::National2022));
    counted.holds("csam", 99.508, 0.2);
    counted.holds("enticement", 0.251, 0.12);
    counted.holds("no place", 3.8, 0.5);
    counted.holds("us", 96.2 * 0.09, 0.8);
    counted.holds("informational", 51.0, 1.5);
    counted.holds("urgent", 0.153, 0.1);
    counted.holds("batched", 0.0, 0.0);
    counted.holds("files", 300.0, 45.0);
}

#[test]
fn the_recent_shares_hold() {
    let counted = Counted::of(Plan::new(2, Shares::Recent));
    counted.holds("enticement", 5.0, 0.5);
    counted.holds("trafficking", 0.6, 0.2);
    counted.holds("no place", 8.0, 0.7);
    counted.holds("us", 92.0 * 0.16, 1.0);
    counted.holds("us without state", 92.0 * 0.16 * 0.18, 0.6);
    counted.holds("india", 92.0 * 0.84 * 0.333, 2.5);
    counted.holds("informational", 50.0, 1.5);
    counted.holds("urgent", 0.176, 0.1);
    counted.holds("batched", 6.0, 0.6);
    counted.holds("incidents", 142.0, 5.0);
    counted.holds("generative", 7.0, 0.8);
    counted.holds("sextortion", 0.2, 0.12);
    // Marks for artificial intelligence come from the second sender, which takes from the first.
    counted.holds("largest sender", 41.0, 2.0);
    counted.holds("files", 300.0, 45.0);
}

#[test]
fn one_person_has_many_reports_and_neighbours_share_a_person() {
    let plan = Plan::new(4, Shares::Recent);
    let mut people: BTreeMap<u64, u32> = BTreeMap::new();
    (0..6_000).for_each(|index| *people.entry(plan.report(index).expected.person).or_default() += 1);
    assert!(people.values().any(|reports| *reports >= 4), "nobody is prolific");
    let shared: u32 = people.values().filter(|reports| **reports > 1).sum();
    assert!((150..1_800).contains(&shared), "{shared}");
}

#[test]
fn reports_of_one_person_share_an_account() {
    let plan = Plan::new(4, Shares::Demo).with_senders(1);
    let of_nobody = |report: &SyntheticReport| report.expected.place == Spot::Nowhere;
    let mut accounts: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let located = (0..500).map(|index| plan.report(index)).filter(|report| !of_nobody(report));
    for report in located {
        let reported = report.submission.people.into_iter().find(|one| one.role == Role::Reported).unwrap();
        accounts.entry(report.expected.person).or_default().insert(reported.account_id.unwrap().into_inner());
    }
    assert!(accounts.values().all(|ids| ids.len() == 1));
}

#[test]
fn five_hundred_demo_reports_hold_every_type_every_answer_and_the_ground_of_every_priority() {
    let plan = Plan::new(7, Shares::Demo).with_faults(true);
    let reports: Vec<SyntheticReport> = (0..500).map(|index| plan.report(index)).collect();
    let types: BTreeSet<&str> =
        reports.iter().map(|report| report.submission.incident.incident_type.as_str()).collect();
    assert_eq!(types.len(), domain::incident_types().len(), "{types:?}");
    let faults: BTreeSet<Fault> = reports.iter().filter_map(|report| report.fault).collect();
    assert_eq!(faults.len(), Fault::ALL.len());

    let count =
        |test: &dyn Fn(&SyntheticReport) -> bool| reports.iter().filter(|report| test(report)).count();
    let approaches = |report: &SyntheticReport| {
        domain::IncidentType::find(&report.submission.incident.incident_type).unwrap().approaches_a_child
    };
    let marks = |report: &SyntheticReport| !report.submission.incident.annotations.is_empty();
    assert!(count(&|report| report.expected.urgent && approaches(report)) > 5, "immediate");
    assert!(count(&|report| report.expected.urgent && !approaches(report)) > 5, "urgent");
    assert!(
        count(&|report| approaches(report) && !report.expected.urgent && !marks(report)) > 20,
        "elevated"
    );
    assert!(count(&|report| report.expected.informational) > 40, "informational");
    assert!(count(&is_plain) > 50, "routine: {}", count(&is_plain));
    let views: BTreeSet<TriState> =
        reports.iter().flat_map(|report| &report.files).map(|file| statement(file).viewed).collect();
    assert_eq!(views.len(), TriState::ALL.len());
}

/// Depictions, and nothing that would raise or lower them.
fn is_plain(report: &SyntheticReport) -> bool {
    let submission = &report.submission;
    submission.incident.incident_type == "csam"
        && !report.expected.informational
        && !report.expected.urgent
        && report.fault.is_none()
        && submission.law_enforcement.is_none()
        && submission.people.iter().all(|one| one.role == Role::Reported)
        && report
            .files
            .iter()
            .map(statement)
            .all(|s| s.annotations.is_empty() && s.classification.as_deref() != Some("A1"))
}
