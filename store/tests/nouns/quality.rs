//! What is found of reports: kept by rule and count, told in the words of the day, and never to another provider.

use domain::{Lack, ProviderId, Quality, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::RuleSet;
use store::quality::{self, Judged, Lacking, Scored};
use store::testing::NOON;
use store::{Event, EventKind, Refusal};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id, reads, reads_own, submission};
use crate::{refusal, run};

fn lack(rule: &str, count: u32, of: u32) -> Lack {
    let words = String::new;
    Lack {
        rule: rule.to_owned(),
        field: words(),
        says: words(),
        why: words(),
        fix: words(),
        weight: 0,
        count,
        of,
    }
}

fn found(score: u8, lacks: &[(&str, u32, u32)]) -> Quality {
    let lacks = lacks.iter().map(|(rule, count, of)| lack(rule, *count, *of)).collect();
    Quality { score, lacks, rule_set: RuleSet::embedded().id().to_string(), judged_at: NOON }
}

/// A finished report of a provider, judged as if it had been finished at that moment.
async fn judged(desk: &Desk, provider: &str, at: Timestamp, quality: Quality) -> ReportId {
    let report = desk.opened_by(provider, submission("csam", "dull")).await;
    let (sender, own) = (provider_id(provider), provider_id(provider));
    desk.act(move |act| store::report::finish(act, &sender, report).map(|_| ())).await.unwrap();
    record(desk, own, report, at, quality).await;
    report
}

async fn record(
    desk: &Desk,
    provider: ProviderId,
    report: ReportId,
    finished_at: Timestamp,
    quality: Quality,
) {
    let judged = Judged { provider, finished_at, quality };
    desk.act(move |act| {
        act.note(Event::of_report(EventKind::ReportTriaged, report))?;
        quality::record(act, report, &judged, RuleSet::embedded().quality().all())
    })
    .await
    .unwrap();
}

both_engines! {
    fn a_reason_is_kept_by_its_counts_and_told_in_the_words_of_its_rule(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = judged(&desk, PROVIDERS[0], NOON, found(71, &[("upload-address-missing", 3, 4)])).await;
            let own = reads_own(PROVIDERS[0]);
            let told = desk.read(move |view| quality::of_report(view, &own, report)).await.unwrap().unwrap();
            assert_eq!((told.score, told.judged_at), (71, NOON));
            assert_eq!(told.lacks[0].says, "Reported files without the address that uploaded them: 3 of 4.");
            assert!(!told.lacks[0].why.is_empty() && !told.lacks[0].fix.is_empty() && told.lacks[0].weight > 0);
        });
    }

    fn a_later_judgement_takes_the_place_of_the_first(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = judged(&desk, PROVIDERS[0], NOON, found(71, &[("port-missing", 1, 1)])).await;
            record(&desk, provider_id(PROVIDERS[0]), report, NOON, found(100, &[])).await;
            let own = reads_own(PROVIDERS[0]);
            let told = desk.read(move |view| quality::of_report(view, &own, report)).await.unwrap().unwrap();
            assert_eq!((told.score, told.lacks.len()), (100, 0));
        });
    }

    // PROVES: R-32
    fn nothing_of_another_providers_reports_is_ever_told(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = judged(&desk, PROVIDERS[0], NOON, found(71, &[("port-missing", 1, 1)])).await;
            let other = reads_own(PROVIDERS[1]);
            let week = quality::week_of(NOON);
            let permit = other.clone();
            let said = desk.read(move |view| quality::of_report(view, &permit, report)).await;
            assert_eq!(refusal(said), Some(Refusal::NotFound));
            let permit = other.clone();
            let scores = desk.read(move |view| quality::scores(view, &permit, 0, week + 1)).await.unwrap();
            assert_eq!(scores, Vec::<Scored>::new());
            let newest = desk.read(move |view| quality::newest(view, &other, week, 10)).await.unwrap();
            assert_eq!(newest, Vec::<Lacking>::new());
        });
    }

    fn an_agency_learns_what_its_own_report_lacks_and_nobodys_weeks(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = desk.delivered_to("icac-us-mn").await;
            record(&desk, provider_id(PROVIDERS[0]), report, NOON, found(50, &[("port-missing", 1, 2)])).await;
            let told = desk.read(move |view| quality::of_report(view, &reads("icac-us-mn"), report)).await.unwrap();
            assert_eq!(told.map(|quality| quality.score), Some(50));
            let elsewhere = desk.read(move |view| quality::of_report(view, &reads("icac-us-wi"), report)).await;
            assert_eq!(refusal(elsewhere), Some(Refusal::NotFound));
            let weeks = desk.read(move |view| quality::scores(view, &reads("icac-us-mn"), 0, 9_999)).await;
            assert_eq!(refusal(weeks), Some(Refusal::NotFound));
        });
    }

    fn weeks_are_counted_by_score_and_the_newest_reports_come_first(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let week_before = NOON.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap();
            let old = judged(&desk, PROVIDERS[0], week_before, found(40, &[("port-missing", 1, 1)])).await;
            let first = judged(&desk, PROVIDERS[0], NOON, found(90, &[("port-missing", 1, 1)])).await;
            let second = judged(&desk, PROVIDERS[0], NOON, found(90, &[])).await;
            let week = quality::week_of(NOON);
            let own = reads_own(PROVIDERS[0]);
            let scores = desk.read(move |view| quality::scores(view, &own, week - 1, week)).await.unwrap();
            let wanted = [
                Scored { week: week - 1, score: 40, reports: 1 },
                Scored { week, score: 90, reports: 2 },
            ];
            assert_eq!(scores, wanted);
            let own = reads_own(PROVIDERS[0]);
            let newest = desk.read(move |view| quality::newest(view, &own, week, 10)).await.unwrap();
            assert_eq!(newest.iter().map(|one| one.report).collect::<Vec<_>>(), [second, first]);
            assert_eq!(newest[1].rules, ["port-missing"]);
            assert!(!newest.iter().any(|one| one.report == old));
        });
    }

    fn a_week_counts_every_report_once_by_what_was_found_of_it_last(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let (week, port) = (quality::week_of(NOON), [("port-missing", 1, 1)]);
            let week_before = NOON.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap();
            judged(&desk, PROVIDERS[0], week_before, found(40, &port)).await;
            // More than share a count, so that several of its rows are added up.
            let mut all = Vec::new();
            for _ in 0..20 {
                all.push(judged(&desk, PROVIDERS[0], NOON, found(70, &port)).await);
            }
            judged(&desk, PROVIDERS[1], NOON, found(40, &port)).await;
            let again = [("port-missing", 1, 1), ("upload-address-missing", 1, 2)];
            record(&desk, provider_id(PROVIDERS[0]), all[0], NOON, found(60, &again)).await;
            for report in &all[1..4] {
                record(&desk, provider_id(PROVIDERS[0]), *report, NOON, found(100, &[])).await;
            }
            let own = reads_own(PROVIDERS[0]);
            let tallies = desk.read(move |view| quality::tallies(view, &own, week - 1, week)).await.unwrap();
            let told: Vec<_> =
                tallies.iter().map(|one| (one.week - week, one.rule.as_deref(), one.reports)).collect();
            let wanted = [
                (-1, None, 1),
                (-1, Some("port-missing"), 1),
                (0, None, 20),
                (0, Some("port-missing"), 17),
                (0, Some("upload-address-missing"), 1),
            ];
            assert_eq!(told, wanted);
        });
    }
}

#[test]
fn a_week_begins_on_monday_at_midnight_utc() {
    let week = |text: &str| quality::week_of(text.parse().unwrap());
    assert_eq!(week("1970-01-01T00:00:00Z"), 0);
    assert_eq!(week("2026-11-22T23:59:59Z") + 1, week("2026-11-23T00:00:00Z"));
    assert_eq!(quality::start_of(week("2026-11-24T12:00:00Z")).to_string(), "2026-11-23T00:00:00Z");
}
