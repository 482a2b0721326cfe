//! Another provider's report does not exist, and what the house knows is not told.

use pipeline::Trouble;
use pipeline::provider::{NoReceipt, OwnEvent, OwnState, ReportQuery, receipt, report, reports};
use store::Refusal;
use testkit::both_engines;

use crate::{AGENCY_NAME, HARBOR, Harbour, MEADOW, person, run, system};

fn is_nothing(trouble: &Trouble) -> bool {
    trouble.refusal() == Some(&Refusal::NotFound)
}

both_engines! {
    // PROVES: R-33
    fn another_providers_report_does_not_exist(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let (own, others) = (harbour.delivered(HARBOR).await, harbour.delivered(MEADOW).await);
            for viewer in [system(HARBOR), person(HARBOR)] {
                assert!(report(&harbour.house, &viewer, own).await.is_ok());
                assert!(receipt(&harbour.house, &viewer, own).await.is_ok());
                assert!(is_nothing(&report(&harbour.house, &viewer, others).await.unwrap_err()));
                let refused = receipt(&harbour.house, &viewer, others).await.unwrap_err();
                assert!(matches!(&refused, NoReceipt::Trouble(trouble) if is_nothing(trouble)), "{refused}");
                let listed = reports(&harbour.house, &viewer, ReportQuery::default()).await.unwrap();
                assert_eq!(listed.rows.iter().map(|row| row.report).collect::<Vec<_>>(), [own]);
            }
        });
    }

    fn a_number_that_was_never_given_and_anothers_report_are_the_same_answer(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let others = harbour.finished(MEADOW).await;
            let never = domain::ReportId::try_from(others.get() + 100).unwrap();
            let said = async |number| report(&harbour.house, &system(HARBOR), number).await.unwrap_err().to_string();
            assert_eq!(said(others).await, said(never).await);
        });
    }

    // PROVES: R-32
    fn a_provider_is_told_that_law_enforcement_has_it_and_not_who(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let own = harbour.delivered(HARBOR).await;
            let told = report(&harbour.house, &system(HARBOR), own).await.unwrap();
            assert_eq!(told.row.state, OwnState::Available);
            let whats: Vec<OwnEvent> = told.timeline.iter().map(|moment| moment.what.clone()).collect();
            let file = told.files[0].file.clone();
            let way = [
                OwnEvent::Opened, OwnEvent::FileReceived(file), OwnEvent::Finished, OwnEvent::Sealed,
                OwnEvent::MadeAvailable,
            ];
            assert_eq!(whats, way);
            let everything = format!("{told:?}");
            for secret in [AGENCY_NAME, "icac-us-mn", "Routine", "state-of-upload"] {
                assert!(!everything.contains(secret), "{secret} is in {everything}");
            }
            let paper = receipt(&harbour.house, &system(HARBOR), own).await.unwrap();
            let paper = String::from_utf8(paper.to_json()).unwrap() + &paper.to_xml();
            assert!(!paper.contains(AGENCY_NAME) && !paper.contains("icac-us-mn"));
        });
    }
}
