//! Both copies of a report for a court: signed as a package is, and recorded before they leave.

use std::io::Cursor;

use domain::{AgencyId, Id, PersonId, ReportId};
use pipeline::Viewer;
use pipeline::certificate::{self, Build, Form, Signer};
use pipeline::exports::court::{Fault as Refused, MOST_GIVEN};
use pipeline::package::{Fault, court};
use pipeline::provider::verifier_keys;
use policy::ViewerRole;
use store::{EventKind, House};
use testkit::both_engines;
use verify::Keys;
use zip::ZipArchive;

use crate::checked::sample;
use crate::{Harbour, run};

fn of(agency: &str, role: ViewerRole) -> Viewer {
    let agency = AgencyId::parse(agency).unwrap();
    Viewer::person(PersonId::parse("p-2").unwrap(), agency, role, true).proved_anew(true)
}

async fn taken(
    house: &House,
    viewer: &Viewer,
    number: ReportId,
    given: &[String],
) -> Result<(String, Vec<u8>), Fault> {
    let mut download = court::take(house, viewer, number, given.to_vec()).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok((download.name().to_owned(), bytes))
}

/// What the ledger says of a report, as its certificate has it.
async fn told(house: &House, number: ReportId) -> String {
    let signer = Signer { name: "J. Doe".to_owned(), role: "custodian of records".to_owned() };
    let build = Build { version: "0.1.0".to_owned(), sha256: None };
    let viewer = of("icac-us-mn", ViewerRole::Prosecutor);
    let signed = certificate::certify(house, &viewer, number, (signer, Form::Json), &build).await.unwrap();
    String::from_utf8(signed.to_json()).unwrap()
}

both_engines! {
    // PROVES: R-42 R-75 R-76
    fn both_copies_for_a_court_are_signed_and_the_ledger_names_them(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let house: &House = &harbour.house;
            let number = sample(&harbour).await;
            let given = ["Linnet Marsh".to_owned()];
            let (name, bytes) = taken(house, &of("icac-us-mn", ViewerRole::Prosecutor), number, &given).await.unwrap();
            assert_eq!(name, format!("{number}-court-filing.zip"));
            let findings = verify::package(&mut Cursor::new(&bytes), &Keys::parse(&verifier_keys(house)).unwrap());
            assert!(findings.hold(), "{:#?}", findings.checks());
            let archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
            let members: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
            let wanted = ["court-sealed.pdf", "court-redacted.pdf", "court-note.txt", "ledger-proof.txt"];
            assert_eq!(members[..4], wanted, "and no file of the report");
            assert_eq!(members[4..], ["manifest.json", "manifest.sig"]);
            let told = told(house, number).await;
            for word in ["\"export\":\"court-filing\"", "court-sealed.pdf", "court-redacted.pdf", "files.uploaded_name"] {
                assert!(told.contains(word), "{word}");
            }
            assert!(!told.contains("Linnet"), "what somebody typed is in no record");
            harbour.house.has_caused(&[EventKind::PackageExported]).await;
        });
    }

    // PROVES: R-29 R-42 R-70
    fn nobody_else_gets_a_copy_for_a_court_and_nobody_who_did_not_just_show_who_they_are(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let house: &House = &harbour.house;
            let number = sample(&harbour).await;
            let staff = Viewer::staff(PersonId::parse("p-9").unwrap(), ViewerRole::Supervisor, true).proved_anew(true);
            let others = [of("icac-us-wi", ViewerRole::Prosecutor), of("icac-us-mn", ViewerRole::Analyst), staff];
            for viewer in others {
                let Err(Fault::Trouble(trouble)) = taken(house, &viewer, number, &[]).await else { panic!("given") };
                assert!(trouble.is_not_found(), "{:?}", viewer.actor);
            }
            let stale = of("icac-us-mn", ViewerRole::Prosecutor).proved_anew(false);
            let Err(Fault::Trouble(trouble)) = taken(house, &stale, number, &[]).await else { panic!("given") };
            assert!(trouble.asks_for_verification());
            let many = vec!["Name".to_owned(); MOST_GIVEN + 1];
            let refused = taken(house, &of("icac-us-mn", ViewerRole::Investigator), number, &many).await;
            assert!(matches!(refused, Err(Fault::Court(Refused::TooMany))));
            assert!(!told(house, number).await.contains("court-filing"), "what was refused did not leave");
        });
    }
}
