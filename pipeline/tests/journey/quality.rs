//! What a provider is told of its reports: the same at the finish and after the worker, week by week, and never a word
//! about anybody else's.

use domain::{Actor, CredentialId, Id, Private, ProviderId, Quality, ReportId};
use jiff::SignedDuration;
use pipeline::intake::finish_and_judge;
use pipeline::provider::ProviderViewer;
use pipeline::{quality, sender_profile, worker};
use policy::RuleSet;
use testkit::both_engines;

use crate::{dull, filed, furnished, login, officer, opened, run, submission, tools};

fn viewer(provider: ProviderId) -> ProviderViewer {
    ProviderViewer::credential(provider, CredentialId::parse("dull").unwrap())
}

fn stranger() -> ProviderViewer {
    viewer(ProviderId::parse("other-chat").unwrap())
}

fn rules(quality: &Quality) -> Vec<&str> {
    quality.lacks.iter().map(|lack| lack.rule.as_str()).collect()
}

async fn of_report(house: &store::House, number: ReportId) -> Quality {
    quality::of_report(house, &viewer(dull()), number).await.unwrap()
}

both_engines! {
    fn the_answer_to_a_finish_and_the_judgement_of_a_worker_are_the_same(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let login = login(&house).await;
            let number = opened(&house, &login, submission("192.0.2.7")).await;
            let before = of_report(&house, number).await;
            let finish = finish_and_judge(&house, &login, number, RuleSet::embedded()).await.unwrap();
            let told = finish.quality.unwrap();
            assert!(rules(&told).contains(&"port-missing"), "{told:?}");
            worker::drain(&house, &tools()).await.unwrap();
            let recorded = of_report(&house, number).await;
            assert_eq!((&told.lacks, told.score), (&recorded.lacks, recorded.score));
            assert_eq!((&before.lacks, &told.rule_set), (&recorded.lacks, &recorded.rule_set));
        });
    }

    // PROVES: R-07 R-09
    fn a_full_account_number_is_a_reason_that_names_its_field_and_never_the_number(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut paid = submission("192.0.2.7");
            // Numbers that a card network and a registry publish for tests.
            paid.additional.push(Private::new("Paid with 4111 1111 1111 1111 on that day.".to_owned()));
            paid.people[0].additional.push(Private::new("Account DE89 3704 0044 0532 0130 00.".to_owned()));
            let mut masked = submission("192.0.2.7");
            masked.additional.push(Private::new("Card ending 1111, example-pay, transaction 4242.".to_owned()));
            let (login, permit) = (login(&house).await, policy::access::pipeline_read());
            let number = opened(&house, &login, paid.clone()).await;
            let finish = finish_and_judge(&house, &login, number, RuleSet::embedded()).await.unwrap();
            worker::drain(&house, &tools()).await.unwrap();
            let recorded = of_report(&house, number).await;
            assert_eq!(finish.quality.unwrap().lacks, recorded.lacks);
            let named = recorded.lacks.iter().filter(|lack| lack.rule.starts_with("account-number"));
            let fields: Vec<&str> = named.map(|lack| lack.field.as_str()).collect();
            assert_eq!(fields, ["additionalInfo", "personOrUserReported.additionalInfo, victim.additionalInfo"]);
            let said = format!("{recorded:?}").replace(' ', "");
            assert!(!said.contains("41111111") && !said.contains("DE89") && said.contains("2258A(b)(1)"), "{said}");
            // It was taken like any other, and its words are as they came.
            let kept = house.read("test::kept", move |view| store::report::submission(view, &permit, number)).await;
            assert_eq!(kept.unwrap().additional, paid.additional);
            let other = filed(&house, masked).await;
            assert!(!rules(&of_report(&house, other).await).iter().any(|rule| rule.starts_with("account-number")));
        });
    }

    fn another_providers_report_does_not_exist_whether_it_was_judged_or_not(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let number = filed(&house, submission("192.0.2.7")).await;
            assert!(quality::of_report(&house, &stranger(), number).await.unwrap_err().is_not_found());
            worker::drain(&house, &tools()).await.unwrap();
            assert!(quality::of_report(&house, &stranger(), number).await.unwrap_err().is_not_found());
            let weeks = quality::weekly(&house, &stranger(), 4).await.unwrap();
            assert_eq!((weeks.len(), weeks.iter().map(|week| week.reports).sum::<u64>()), (4, 0));
            assert!(weeks.iter().all(|week| week.common.is_empty()));
        });
    }

    fn a_week_shows_scores_common_reasons_with_examples_and_where_it_goes(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let earlier = filed(&house, submission("192.0.2.7")).await;
            worker::drain(&house, &tools()).await.unwrap();
            house.advance(SignedDuration::from_hours(7 * 24));
            let mut better = submission("2001:db8:1::7");
            better.incident.occurred_means = Some("time of the upload".to_owned());
            let newer = filed(&house, better).await;
            worker::drain(&house, &tools()).await.unwrap();
            let weeks = quality::weekly(&house, &viewer(dull()), 3).await.unwrap();
            let counts: Vec<_> = weeks.iter().map(|week| (week.week.as_str(), week.reports)).collect();
            assert_eq!(counts, [("2026-W22", 0), ("2026-W23", 1), ("2026-W24", 1)]);
            let [empty, first, second] = &weeks[..] else { panic!("three weeks") };
            assert_eq!((empty.mean, empty.median, first.trend), (None, None, None));
            assert!(second.trend.is_some_and(|rise| rise > 0.0), "{second:?}");
            assert_eq!(first.mean, first.median.map(f64::from));
            let named = |week: &quality::WeekCard, rule: &str| week.common.iter().any(|one| one.rule == rule);
            assert!(first.common.iter().all(|one| one.examples == [earlier] && !one.fix.is_empty()));
            assert!(second.common.iter().all(|one| one.examples == [newer]));
            assert!(named(first, "upload-address-missing") && !named(second, "incident-time-unexplained"));
        });
    }

    fn an_officer_reads_what_the_report_lacks_and_how_its_sender_reports(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let profile = domain::SenderProfile {
                viewed: "A reviewer saw all of it.".to_owned(),
                incident_time: "The upload.".to_owned(),
                events: vec![domain::EventMeaning { event: "Login".to_owned(), means: "A session.".to_owned() }],
                retention: "Ninety days.".to_owned(),
                legal_process: domain::LegalContact { email: "legal@dull.example".to_owned(), ..Default::default() },
                ..domain::SenderProfile::default()
            };
            let own = viewer(dull());
            let version = sender_profile::save_draft(&house, &own, profile).await.unwrap();
            sender_profile::submit(&house, &own, version).await.unwrap();
            assert_eq!(sender_profile::get(&house, &own).await.unwrap().waiting.map(|one| one.version), Some(1));
            sender_profile::approve(&house, Actor::Operator, dull(), version).await.unwrap();
            let number = filed(&house, submission("2001:db8:1::7")).await;
            worker::drain(&house, &tools()).await.unwrap();
            let dossier = pipeline::dossier(&house, &officer("icac-us-il-cook-county"), number).await.unwrap();
            let stamped = dossier.sender_profile.unwrap();
            assert_eq!((stamped.version, stamped.profile.viewed.as_str()), (1, "A reviewer saw all of it."));
            assert!(rules(&dossier.quality.unwrap()).contains(&"file-details-missing"));
            let theirs = sender_profile::get(&house, &stranger()).await.unwrap();
            assert_eq!(theirs, sender_profile::OwnProfile::default());
            assert!(sender_profile::submit(&house, &stranger(), version).await.unwrap_err().is_not_found());
        });
    }
}
