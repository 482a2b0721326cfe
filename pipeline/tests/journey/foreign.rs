//! A report that says that an agency abroad asked for it, on its whole way: the task, its answer, and what its sender sees.

use domain::{CredentialId, Id, LawEnforcement, ReportId, Submission};
use pipeline::provider::{self, Notice, OwnReport, ProviderViewer};
use pipeline::worker;
use policy::RuleSet;
use store::agency;
use testkit::both_engines;

use crate::{administer, dull, filed, furnished, holders, registered, run, submission, tools};

/// A report that its provider made because somebody of a country asked.
fn asked_for_by(country: Option<&str>) -> Submission {
    let said = LawEnforcement {
        agency: "Example Police Abroad".to_owned(),
        case_number: None,
        officer: None,
        reported: None,
        domestic_process: None,
        foreign_process: Some(true),
        foreign_country: country.map(str::to_owned),
    };
    Submission { law_enforcement: Some(said), ..submission("2001:db8:1::7") }
}

async fn own(house: &store::House, report: ReportId) -> OwnReport {
    let viewer = ProviderViewer::credential(dull(), CredentialId::parse("dull").unwrap());
    provider::report(house, &viewer, report).await.unwrap()
}

both_engines! {
    // PROVES: R-16 R-77
    fn a_report_that_was_asked_for_from_abroad_is_answered_by_its_forward_or_waits(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let forwarded = filed(&house, asked_for_by(Some("GB"))).await;
            // No agency of these countries is reached directly: whoever gets the report instead is no answer.
            let waits = [Some("NZ"), Some("NO"), None].map(asked_for_by);
            let mut open = Vec::new();
            for submission in waits {
                open.push(filed(&house, submission).await);
            }
            let at_home = filed(&house, asked_for_by(Some("US"))).await;
            let unasked = filed(&house, submission("2001:db8:1::7")).await;
            worker::drain(&house, &tools()).await.unwrap();
            assert!(holders(&house, forwarded).await.contains(&"gb-nca".to_owned()));
            let told = own(&house, forwarded).await;
            let Some(Notice::Forwarded { agency, at }) = &told.notice else { panic!("{:?}", told.notice) };
            assert_eq!((agency.as_str(), *at), ("National Crime Agency, United Kingdom", house.now()));
            for report in open {
                assert!(matches!(own(&house, report).await.notice, Some(Notice::Awaited { .. })), "{report}");
            }
            assert_eq!((own(&house, at_home).await.notice, own(&house, unasked).await.notice), (None, None));
            // But for the name that the law lets us tell, the sender hears what every sender hears.
            let said = format!("{told:?}");
            assert!(!said.contains("icac") && !said.contains("C3-FOR") && !said.contains("gb-nca"), "{said}");
        });
    }

    // PROVES: R-16 R-77
    fn a_forward_that_may_not_be_made_leaves_the_task_open(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            administer(&house, |act| {
                let mut all = RuleSet::embedded().routing().directory().recipients();
                agency::put(act, &registered(all.find(|one| one.id.as_str() == "gb-nca").unwrap(), false))
            })
            .await;
            let report = filed(&house, asked_for_by(Some("GB"))).await;
            worker::drain(&house, &tools()).await.unwrap();
            assert!(!holders(&house, report).await.contains(&"gb-nca".to_owned()));
            assert!(matches!(own(&house, report).await.notice, Some(Notice::Awaited { .. })));
        });
    }
}
