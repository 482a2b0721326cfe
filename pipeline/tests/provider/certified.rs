//! The certificate of a report's records, made by the house and checked by the program that shares no line with it.

use domain::{AgencyId, Id, PersonId, ReportId};
use pipeline::certificate::{self, Build, Form, NoCertificate, SignedCertificate, Signer};
use pipeline::provider::verifier_keys;
use pipeline::{Viewer, dossier};
use policy::ViewerRole;
use testkit::both_engines;
use verify::Keys;

use crate::checked::sample;
use crate::{Harbour, run};

fn of(agency: &str, role: ViewerRole) -> Viewer {
    let agency = AgencyId::parse(agency).unwrap();
    Viewer::person(PersonId::parse("p-2").unwrap(), agency, role, true)
}

fn signer(name: &str) -> Signer {
    Signer { name: name.to_owned(), role: "custodian of records".to_owned() }
}

async fn certified(
    harbour: &Harbour,
    viewer: &Viewer,
    number: ReportId,
) -> Result<SignedCertificate, NoCertificate> {
    let build = Build { version: "0.1.0".to_owned(), sha256: Some([7; 32]) };
    certificate::certify(&harbour.house, viewer, number, (signer("J. Doe"), Form::Json), &build).await
}

both_engines! {
    // PROVES: R-75 R-76
    fn a_certificate_holds_and_shows_every_event_of_the_report(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = sample(&harbour).await;
            let prosecutor = of("icac-us-mn", ViewerRole::Prosecutor);
            dossier(&harbour.house, &prosecutor, number).await.unwrap();
            let signed = certified(&harbour, &prosecutor, number).await.unwrap();
            let (json, keys) = (signed.to_json(), Keys::parse(&verifier_keys(&harbour.house)).unwrap());
            let findings = verify::certificate(&json, &keys);
            assert!(findings.hold(), "{:#?}", findings.checks());
            assert_eq!(findings, verify::certificate(&json, &keys), "the result is the same every time");
            let schema = serde_json::from_str(include_str!("../../../docs/certificate.schema.json")).unwrap();
            assert_eq!(testkit::schema::breaks(&schema, &serde_json::from_slice(&json).unwrap()), None);
            let text = String::from_utf8(json).unwrap();
            for kind in ["report-opened", "file-received", "report-finished", "report-delivered", "report-read"] {
                assert!(text.contains(&format!("\"kind\":\"{kind}\"")), "{kind}");
            }
            let pages = signed.to_pdf().unwrap();
            assert!(pages.starts_with(b"%PDF-") && pages == signed.to_pdf().unwrap());
            // The next one shows that the first was made.
            let again = certified(&harbour, &prosecutor, number).await.unwrap();
            assert!(String::from_utf8(again.to_json()).unwrap().contains("report-certified"));
            harbour.house.has_caused(&[store::EventKind::ReportCertified]).await;
        });
    }

    fn a_changed_certificate_and_one_of_another_house_do_not_hold(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = sample(&harbour).await;
            let json = certified(&harbour, &of("icac-us-mn", ViewerRole::Commander), number).await.unwrap().to_json();
            let keys = Keys::parse(&verifier_keys(&harbour.house)).unwrap();
            assert!(verify::certificate(&json, &keys).hold());
            for at in (0..json.len()).step_by(41) {
                let mut changed = json.clone();
                changed[at] ^= 1;
                assert!(!verify::certificate(&changed, &keys).hold(), "{at}");
            }
            let other = store::testing::TestHouse::of(store::testing::Plan { seed: 8, ..Default::default() }).await;
            let others = Keys::parse(&verifier_keys(other.house())).unwrap();
            assert!(!verify::certificate(&json, &others).hold());
        });
    }

    fn only_those_who_may_have_one_get_one_and_only_of_what_their_agency_holds(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = sample(&harbour).await;
            for viewer in [
                of("icac-us-mn", ViewerRole::Investigator),
                of("icac-us-ca", ViewerRole::Prosecutor),
                Viewer::staff(PersonId::parse("p-9").unwrap(), ViewerRole::Supervisor, true),
            ] {
                let made = certified(&harbour, &viewer, number).await;
                let is_hidden = |no: &NoCertificate| matches!(no, NoCertificate::Trouble(no) if no.is_not_found());
                assert!(made.is_err_and(|no| is_hidden(&no)), "{viewer:?}");
            }
            let build = Build { version: "0.1.0".to_owned(), sha256: None };
            let prosecutor = of("icac-us-mn", ViewerRole::Prosecutor);
            for name in ["", "  ", &"x".repeat(201)] {
                let made = certificate::certify(&harbour.house, &prosecutor, number, (signer(name), Form::Pages), &build).await;
                assert!(matches!(made, Err(NoCertificate::Signer)));
            }
        });
    }
}
