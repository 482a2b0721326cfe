//! The same seed gives the same bytes on every machine.

use crate::common::statement;
use synth::{Plan, Shares, SyntheticReport};

/// One digest over everything of a report that is made here. The document is left out: `formats` writes it, and may
/// write the same value otherwise.
fn feed(digests: &mut seal::Digests, report: &SyntheticReport) {
    digests.update(&serde_json::to_vec(&report.submission).unwrap());
    let expected = format!("{} {:?} {:?}", report.sender, report.fault, report.expected);
    digests.update(expected.as_bytes());
    for file in &report.files {
        digests.update(&serde_json::to_vec(&statement(file)).unwrap());
        digests.update(file.name.as_bytes());
        digests.update(file.bytes);
    }
}

fn digest(plan: Plan) -> String {
    let mut digests = seal::Digests::new();
    (0..100).for_each(|index| feed(&mut digests, &plan.report(index)));
    seal::hex(&digests.finish().sha256)
}

#[test]
fn the_first_hundred_reports_of_seed_seven_are_these() {
    let found: Vec<String> =
        Shares::ALL.iter().map(|shares| digest(Plan::new(7, *shares).with_faults(true))).collect();
    let golden = [
        "af798411b618aa13b7d7fe5da2a91b2feb85fe11303bb1890ed6e7eb12dbb269",
        "307c08a5bf2ba9afa9b486c50fbb4cb7fbac4e46364df6284e8b2f7377067360",
        "37534e4297b422d515f40f68768babd6cc86ece3c2b35ba14bbd479131d69385",
        "cdb72452e09c9343af9b552e962763ba736cfb6ecdc2e94c1d11822f40c92f0b",
    ];
    assert_eq!(found, golden, "after a deliberate change of what is made, write the new digests here");
}

#[test]
fn a_report_made_alone_is_the_report_made_in_its_row() {
    let plan = Plan::new(7, Shares::Demo).with_faults(true);
    let row: Vec<SyntheticReport> = (4_700..4_720).map(|index| plan.report(index)).collect();
    assert_eq!(plan.report(4_711), row[11]);
    assert_ne!(plan.report(4_711).submission, Plan::new(8, Shares::Demo).report(4_711).submission);
}

#[test]
fn faults_change_faulty_reports_and_no_others() {
    let plan = Plan::new(7, Shares::Recent);
    for index in 0..200 {
        let (sound, faulty) = (plan.report(index), plan.with_faults(true).report(index));
        assert_eq!(faulty.fault.is_none(), sound == faulty, "{index} {:?}", faulty.fault);
    }
}

#[test]
fn a_plan_of_another_day_tells_the_same_stories_on_other_days() {
    let plan = Plan::new(7, Shares::Demo);
    let earlier = plan.before("2025-06-01T00:00:00Z".parse().unwrap());
    let (late, early) = (plan.report(3), earlier.report(3));
    assert_eq!((late.expected, &late.submission.details), (early.expected, &early.submission.details));
    let happened = |report: &SyntheticReport| report.submission.incident.occurred.instant.unwrap();
    assert!(happened(&early) < earlier.latest && happened(&late) > earlier.latest);
}
