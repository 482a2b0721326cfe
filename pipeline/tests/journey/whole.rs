//! A report as one document, for the systems of agencies: as far as it can be held.

use std::convert::Infallible;

use database::bind;
use domain::{AgencyId, CredentialId, Id};
use pipeline::{MOST_FILES_AT_ONCE, Viewer, worker};
use testkit::both_engines;

use crate::{administer, filed, furnished, run, submission, tools};

const MANY: &str = "-- test::many_files
    UPDATE report SET files = :files WHERE id = :report";

both_engines! {
    fn a_report_of_more_files_than_can_be_held_is_no_single_document(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let number = filed(&house, submission("2001:db8:1::7")).await;
            worker::drain(&house, &tools()).await.unwrap();
            let agency = AgencyId::parse("icac-us-il-cook-county").unwrap();
            let system = Viewer::system(agency, CredentialId::parse("c-1").unwrap());
            let read = async || {
                let write = |dossier: &domain::Dossier| Ok::<_, Infallible>(dossier.provider_name.as_bytes().to_vec());
                pipeline::dossier_as(&house, &system, number, write).await
            };
            assert!(!read().await.unwrap().unwrap().is_empty());
            for (files, fits) in [(MOST_FILES_AT_ONCE, true), (MOST_FILES_AT_ONCE + 1, false)] {
                administer(&house, move |act| {
                    act.tx().execute(MANY, &bind! { report: number.get(), files })?;
                    act.note(store::Event::of_house(store::EventKind::ListRead)).map(drop)
                })
                .await;
                let refused = read().await.err().and_then(|trouble| trouble.refusal().map(|why| why.code()));
                assert_eq!(refused, (!fits).then_some("unfit"), "{files}");
            }
        });
    }
}
