//! What leaves the house, checked by the program that shares no line with it.

use std::io::Cursor;

use domain::{AgencyId, CredentialId, Id, ReportId};
use pipeline::provider::{receipt, verifier_keys};
use pipeline::{Viewer, package};
use testkit::both_engines;
use verify::{Findings, Keys};

use crate::{HARBOR, Harbour, deliver, provider_id, run, system};

/// A delivered report with two files that were viewed and one that was not.
pub(crate) async fn sample(harbour: &Harbour) -> ReportId {
    let number = harbour.opened(HARBOR).await;
    harbour.described(HARBOR, number, b"harmless bytes").await;
    harbour.described(HARBOR, number, &b"harmless bytes, and more of them. ".repeat(9)).await;
    harbour.attached(HARBOR, number, b"harmless bytes that nobody viewed").await;
    harbour
        .act(move |act| {
            store::report::finish(act, &provider_id(HARBOR), number)?;
            deliver(act, number)
        })
        .await;
    number
}

async fn package_of(harbour: &Harbour, number: ReportId) -> Vec<u8> {
    let agency = AgencyId::parse("icac-us-mn").unwrap();
    let officer = Viewer::system(agency, CredentialId::parse("c-2").unwrap());
    let mut download = package::take(&harbour.house, &officer, number).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    bytes
}

fn held(findings: &Findings) {
    assert!(findings.hold(), "{:#?}", findings.checks());
}

both_engines! {
    // PROVES: R-15 R-75
    fn the_independent_checker_finds_receipts_and_packages_to_hold(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = sample(&harbour).await;
            let keys = Keys::parse(&verifier_keys(&harbour.house)).unwrap();
            let paper = receipt(&harbour.house, &system(HARBOR), number).await.unwrap();
            held(&verify::receipt(&paper.to_json(), &keys));
            held(&verify::receipt(paper.to_xml().as_bytes(), &keys));
            held(&verify::package(&mut Cursor::new(package_of(&harbour, number).await), &keys));
        });
    }

    fn the_keys_of_another_house_vouch_for_nothing(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = sample(&harbour).await;
            let other = store::testing::TestHouse::of(store::testing::Plan { seed: 8, ..Default::default() }).await;
            let keys = Keys::parse(&verifier_keys(other.house())).unwrap();
            let paper = receipt(&harbour.house, &system(HARBOR), number).await.unwrap();
            assert!(!verify::receipt(&paper.to_json(), &keys).hold());
            assert!(!verify::package(&mut Cursor::new(package_of(&harbour, number).await), &keys).hold());
        });
    }
}
