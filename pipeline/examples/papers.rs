//! What `cargo xtask bench verify` has checked: a package of many files, the certificate of the same report, and as many
//! receipts, each of a report of its own.
//!
//! `papers DIR ITEMS BYTES` writes `package.zip`, `certificate.json`, `receipts/*.json` and `keys.txt` into a folder that is
//! there. On SQLite and files, in the system's temporary folder or `TMPDIR`.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails says where")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use domain::{AgencyId, FileId, FileStatement, Id as _, PersonId, ReportId, TriState};
use pipeline::certificate::{Build, Signer, certify};
use pipeline::intake::{Login, PartHeaders, begin_upload, finish};
use pipeline::provider::{ProviderViewer, receipt, verifier_keys};
use pipeline::{Tools, Viewer, dossier, package, worker};
use policy::{RuleSet, ViewerRole};
use store::agency::{self, Agency, Qualification};
use store::testing::TestHouse;
use store::{House, delivery, document, evidence};

use furniture::{act, furnished, opened};

mod furniture;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, items, bytes] = words.as_slice() else { panic!("papers DIR ITEMS BYTES") };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(written(Path::new(folder), items.parse().unwrap(), bytes.parse().unwrap()));
}

async fn written(folder: &Path, items: u32, bytes: usize) {
    let house = TestHouse::at_noon().await;
    let login = furnished(&house).await;
    let agencies: Vec<Agency> =
        RuleSet::embedded().routing().directory().recipients().map(registered).collect();
    act(&house, move |act| agencies.iter().try_for_each(|one| agency::put(act, one))).await;
    let number = described(&house, &login, items, bytes).await;
    let tools = Tools { atlas: geo::Atlas::default() };
    worker::drain(&house, &tools).await.unwrap();
    let viewer = viewer(&house, number).await;
    fs::write(folder.join("keys.txt"), verifier_keys(&house)).unwrap();
    let build = Build { version: "0.1.0".to_owned(), sha256: None };
    let signer = Signer { name: "J. Doe".to_owned(), role: "custodian of records".to_owned() };
    let certificate = certify(&house, &viewer, number, signer, &build).await.unwrap();
    fs::write(folder.join("certificate.json"), certificate.to_json()).unwrap();
    let found = dossier(&house, &viewer, number).await.unwrap();
    let mut download = package::take(&house, &viewer, found).await.unwrap();
    let mut file = File::create(folder.join("package.zip")).unwrap();
    while let Some(piece) = download.next().await.unwrap() {
        file.write_all(&piece).unwrap();
    }
    receipts(&house, &login, items, folder).await;
}

fn registered(recipient: &policy::Recipient) -> Agency {
    let qualification = Qualification {
        fact: "on the list of this benchmark".to_owned(),
        verified_by: "operator".to_owned(),
        evidence: "none: synthetic".to_owned(),
        until: None,
    };
    Agency {
        id: recipient.id.clone(),
        name: recipient.name.clone(),
        class: recipient.class,
        relationship: recipient.relationship,
        state: recipient.state.clone(),
        qualification: Some(qualification),
        disabled_at: None,
    }
}

/// A finished report of so many files that its provider viewed, each different.
async fn described(house: &House, login: &Login, items: u32, bytes: usize) -> ReportId {
    let number = opened(house, login).await;
    for item in 0..items {
        let mut upload = begin_upload(house, login, Some(number)).await.unwrap();
        let mut content = vec![7; bytes.max(4)];
        content[..4].copy_from_slice(&item.to_be_bytes());
        upload.push(content.into()).await.unwrap();
        upload.finish(login, number, PartHeaders::default()).await.unwrap();
    }
    let permit = policy::access::pipeline_read();
    let files = house.read("bench::files", move |view| evidence::files(view, &permit, number)).await.unwrap();
    let provider = login.provider.clone();
    act(house, move |act| {
        files.iter().try_for_each(|file| {
            let received =
                document::Received { body: b"<fileDetails/>".to_vec(), content_type: "text/xml".to_owned() };
            evidence::describe(act, &provider, &viewed(number, &file.id), &received)
        })
    })
    .await;
    finish(house, login, number).await.unwrap();
    number
}

fn viewed(report: ReportId, file: &FileId) -> FileStatement {
    FileStatement {
        viewed: TriState::Yes,
        public: TriState::No,
        ..FileStatement::about(report, file.clone())
    }
}

/// A prosecutor of the agency that has the report.
async fn viewer(house: &House, number: ReportId) -> Viewer {
    let permit = policy::access::pipeline_read();
    let found = house.read("bench::holders", move |view| delivery::of_report(view, &permit, number)).await;
    let agency: AgencyId = found.unwrap().first().unwrap().agency.clone();
    Viewer::person(PersonId::parse("p-1").unwrap(), agency, ViewerRole::Prosecutor, true).proved_anew(true)
}

async fn receipts(house: &House, login: &Login, items: u32, folder: &Path) {
    let folder = folder.join("receipts");
    fs::create_dir(&folder).unwrap();
    let viewer = ProviderViewer::credential(login.provider.clone(), login.credential.clone());
    for _ in 0..items {
        let number = opened(house, login).await;
        finish(house, login, number).await.unwrap();
        let paper = receipt(house, &viewer, number).await.unwrap();
        fs::write(folder.join(format!("{number}.json")), paper.to_json()).unwrap();
    }
}
