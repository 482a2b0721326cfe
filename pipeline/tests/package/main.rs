//! A package of a real house: delivered, taken, and held to its own manifest.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

#[expect(dead_code, reason = "the crate's own tests use all of it")]
#[path = "../../src/sample.rs"]
mod sample;

use std::io::{Cursor, Read};

use domain::{
    Actor, AgencyClass, AgencyId, BasisCode, CredentialId, FileId, FileStatement, Id, PersonId, Priority,
    Private, ProviderId, Purpose, Reason, ReportId, Stage, TriState,
};
use formats::package::{self, LEDGER_PROOF, MANIFEST, SIGNATURE};
use pipeline::Viewer;
use pipeline::package::{Download, Fault, document, take};
use policy::{TriageFacts, Verdict, ViewerRole};
use store::agency::{self, Agency, Qualification};
use store::delivery::{Channel, NewDelivery};
use store::document::Received;
use store::evidence::NewFile;
use store::provider::{self, NewCredential};
use store::report::{self, NewReport};
use store::testing::TestHouse;
use store::triage::{self, TriageRecord};
use store::{Act, BlobKind, Keep};
use store::{Event, EventKind, House, delivery, evidence};
use zip::ZipArchive;

/// The sample file that the sender viewed, and the one that it did not.
const VIEWED: &[u8] = b"harmless bytes that were viewed";
const UNVIEWED: &[u8] = b"harmless canary that nobody viewed";
const STEPS: [Stage; 5] =
    [Stage::Finished, Stage::Sealed, Stage::Enriched, Stage::Correlated, Stage::Triaged];

fn number() -> ReportId {
    ReportId::try_from(1_000_001).unwrap()
}

fn provider() -> ProviderId {
    ProviderId::parse("harbor-chat").unwrap()
}

fn credential() -> CredentialId {
    CredentialId::parse("harbor-1").unwrap()
}

fn agency() -> AgencyId {
    AgencyId::parse("icac-us-mn").unwrap()
}

fn system_of(agency: AgencyId) -> Viewer {
    Viewer::system(agency, CredentialId::parse("c-2").unwrap())
}

async fn act(house: &House, work: impl FnMut(&Act<'_>) -> store::Result<()> + Send + 'static) {
    house.act(Actor::House, Purpose::Pipeline, "test", work).await.unwrap();
}

/// Those who send and those who receive.
fn found(act: &Act<'_>, secret_digest: [u8; 32]) -> store::Result<()> {
    provider::add(act, &provider(), "Harbor Chat")?;
    let username = "harbor".to_owned();
    let (may_submit, may_update) = (true, true);
    let (credential, provider) = (credential(), provider());
    provider::add_credential(
        act,
        &NewCredential { credential, provider, username, secret_digest, may_submit, may_update },
    )?;
    let qualification = Qualification {
        fact: "state agency".to_owned(),
        verified_by: "operator".to_owned(),
        evidence: "statute".to_owned(),
        until: None,
    };
    let agency = Agency {
        id: agency(),
        name: "Example Task Force".to_owned(),
        class: AgencyClass::State,
        relationship: None,
        state: Some("MN".to_owned()),
        qualification: Some(qualification),
        disabled_at: None,
    };
    agency::put(act, &agency)
}

async fn upload(house: &House, id: u8, bytes: &[u8], viewed: TriState) {
    let file = FileId::from_random([id; 16]);
    let mut blob = house.vault().begin(BlobKind::Evidence, &file).unwrap();
    blob.push(bytes).await.unwrap();
    let stored = blob.finish(Keep::Yes).await.unwrap();
    act(house, move |act| {
        let (report, file) = (number(), file.clone());
        let new = NewFile {
            report,
            file: file.clone(),
            uploaded_name: Some(Private::new("../../a.jpg".to_owned())),
            media_type: Some("image/jpeg".to_owned()),
            stored: stored.clone(),
        };
        evidence::attach(act, &provider(), &new)?;
        let received = Received { body: b"<fileDetails/>".to_vec(), content_type: "text/xml".to_owned() };
        evidence::describe(act, &provider(), &statement(file, viewed), &received)
    })
    .await;
}

fn statement(file: FileId, viewed: TriState) -> FileStatement {
    FileStatement { viewed, ..FileStatement::about(number(), file) }
}

/// Judged without rules, and made available.
fn delivered(act: &Act<'_>) -> store::Result<()> {
    let report = number();
    for step in STEPS.windows(2).take(STEPS.len() - 2) {
        report::move_on(act, report, step[0], step[1])?;
    }
    let reason = Reason { rule: "none".to_owned(), field: "files".to_owned(), says: "Ordinary.".to_owned() };
    let verdict = Verdict { priority: Priority::Routine, reasons: vec![reason] };
    triage::record(
        act,
        report,
        &TriageRecord { facts: TriageFacts::default(), verdict, rule_set: "2026-01".to_owned() },
    )?;
    report::move_on(act, report, Stage::Correlated, Stage::Triaged)?;
    report::move_on(act, report, Stage::Triaged, Stage::Routed)?;
    let new = NewDelivery {
        report,
        agency: agency(),
        basis: BasisCode::C2State,
        channel: Channel::Portal,
        rule: "state-of-upload".to_owned(),
        says: "The upload address lies in this state.".to_owned(),
        rule_set: "2026-01".to_owned(),
        place: None,
    };
    delivery::add(act, &new)?;
    report::move_on(act, report, Stage::Routed, Stage::Available)
}

/// A house with one report, one of its two files viewed, made available to one agency.
async fn house() -> TestHouse {
    let house = TestHouse::at_noon().await;
    let digest = house.secret_digest(b"secret");
    act(&house, move |act| found(act, digest)).await;
    act(&house, |act| {
        let received = Received { body: b"<report/>".to_vec(), content_type: "text/xml".to_owned() };
        let new = NewReport {
            report: number(),
            provider: provider(),
            credential: credential(),
            urgent: false,
            received,
            submission: sample::bare(),
        };
        report::open(act, &new)
    })
    .await;
    upload(&house, 0xa1, VIEWED, TriState::Yes).await;
    upload(&house, 0xa2, UNVIEWED, TriState::Unknown).await;
    act(&house, |act| report::finish(act, &provider(), number()).map(|_| ())).await;
    act(&house, delivered).await;
    house
}

async fn taken(house: &House) -> Vec<u8> {
    let mut download = take(house, &system_of(agency()), number()).await.unwrap();
    assert_eq!(download.name(), "1000001_v2.zip");
    all(&mut download).await
}

async fn all(download: &mut Download) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    assert!(download.next().await.unwrap().is_none());
    bytes
}

fn member(archive: &[u8], name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn names(archive: &[u8]) -> Vec<String> {
    let archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    archive.file_names().map(|name| name.unwrap().into_owned()).collect()
}

// PROVES: R-17 R-22
#[tokio::test]
async fn a_package_holds_what_was_viewed_and_lists_what_was_not() {
    let house = house().await;
    let archive = taken(&house).await;
    let wanted = [
        "1000001.pdf",
        "1000001.json",
        "report-full.json",
        "ips.csv",
        "files.csv",
        "persons.csv",
        "selectors.csv",
        "withheld-files.csv",
        "vics.json",
        "vics-withheld.json",
        "case.jsonld",
        "preservation.md",
        "sender-notes.md",
        "README.txt",
        LEDGER_PROOF,
        MANIFEST,
        SIGNATURE,
        "files/1000001-1.jpg",
    ];
    assert_eq!(names(&archive), wanted);
    assert_eq!(member(&archive, "files/1000001-1.jpg"), VIEWED);
    for name in names(&archive) {
        let bytes = member(&archive, &name);
        assert!(!bytes.windows(UNVIEWED.len()).any(|window| window == UNVIEWED), "{name}");
    }
    let withheld = String::from_utf8(member(&archive, "withheld-files.csv")).unwrap();
    assert!(withheld.contains("no-view-ground") && withheld.contains("1000001-2.jpg"), "{withheld}");
}

// PROVES: R-75
#[tokio::test]
async fn the_manifest_is_signed_and_the_delivery_is_proved_by_the_packages_own_files() {
    let house = house().await;
    let archive = taken(&house).await;
    let note = String::from_utf8(member(&archive, SIGNATURE)).unwrap();
    let key = house.packager().key().clone();
    assert!(package::check(number(), &member(&archive, MANIFEST), &note, &key).is_ok());
    assert_ne!(key.to_string(), house.book().vkey());
    let proof = String::from_utf8(member(&archive, LEDGER_PROOF)).unwrap();
    let proof = ledger::parse_proof_file(&proof).unwrap();
    let leaf = ledger::leaf_hash(proof.extra.as_ref().unwrap());
    assert!(proof.verify(&leaf, &[house.book().vkey().parse().unwrap()]).is_ok());
}

#[tokio::test]
async fn a_package_taken_again_after_the_ledger_grew_is_the_same_to_the_byte() {
    let house = house().await;
    let first = taken(&house).await;
    for _ in 0..3 {
        act(&house, |act| act.note(Event::of_house(EventKind::SettingPut)).map(|_| ())).await;
        house.advance(jiff::SignedDuration::from_secs(5));
        house.book().sequence().await.unwrap();
    }
    assert!(first == taken(&house).await);
}

// PROVES: R-76
#[tokio::test]
async fn a_package_is_in_the_ledger_before_its_first_byte() {
    let house = house().await;
    let download = take(&house, &system_of(agency()), number()).await.unwrap();
    drop(download);
    let own = house.house().clone();
    let leaf = house.read("test", move |view| own.book().leaf_of(view, number(), EventKind::PackageExported));
    assert!(leaf.await.unwrap().is_some());
}

// PROVES: R-29
#[tokio::test]
async fn another_agency_learns_nothing() {
    let house = house().await;
    let stranger = system_of(AgencyId::parse("icac-us-wi").unwrap());
    let Err(Fault::Trouble(trouble)) = take(&house, &stranger, number()).await else {
        panic!("it was given")
    };
    assert!(trouble.is_not_found());
    let unread = Viewer::person(PersonId::parse("p-1").unwrap(), agency(), ViewerRole::Investigator, false);
    assert!(take(&house, &unread, number()).await.is_err());
}

// PROVES: R-70
#[tokio::test]
async fn a_person_takes_a_package_only_who_just_showed_who_they_are() {
    let house = house().await;
    let officer = Viewer::person(PersonId::parse("p-1").unwrap(), agency(), ViewerRole::Investigator, true);
    let Err(Fault::Trouble(trouble)) = take(&house, &officer, number()).await else { panic!("it was given") };
    assert!(trouble.asks_for_verification());
    // One document is as much a copy as all of them.
    let export = exports::find("files-csv").unwrap();
    let alone = document(&house, &officer, number(), export).await;
    let Err(Fault::Trouble(trouble)) = alone else { panic!("it was given") };
    assert!(trouble.asks_for_verification());
}

// PROVES: R-23 R-76
#[tokio::test]
async fn one_sheet_can_be_taken_alone_and_is_in_the_ledger() {
    let house = house().await;
    let export = exports::find("files-csv").unwrap();
    let mut document = document(&house, &system_of(agency()), number(), export).await.unwrap();
    assert_eq!(document.name(), "1000001-files.csv");
    assert_eq!(all(&mut document).await, member(&taken(&house).await, "files.csv"));
}

// PROVES: R-76
#[tokio::test]
async fn a_file_that_changed_at_rest_breaks_the_package_off() {
    let house = house().await;
    let mut download = take(&house, &system_of(agency()), number()).await.unwrap();
    spoil(house.folder());
    let mut broke = false;
    for _ in 0..1_000 {
        match download.next().await {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => {
                broke = true;
                break;
            }
        }
    }
    assert!(broke);
    assert!(download.next().await.is_err());
}

/// Changes every blob in the vault's folder.
fn spoil(folder: &std::path::Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            spoil(&path);
        } else if path.ancestors().any(|part| part.ends_with("vault")) {
            let changed: Vec<u8> = std::fs::read(&path).unwrap().iter().map(|byte| byte ^ 1).collect();
            std::fs::write(&path, changed).unwrap();
        }
    }
}
