//! The event types that must be recorded (R-76a), each caused by what people and machines really do, success and refusal,
//! and each found exactly once. The list is complete by construction: a kind of the closed list that nothing here causes,
//! and that does not stand on the list of exceptions, fails the test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::{CredentialId, Id as _, PersonId, Purpose, SwitchReason};
use jiff::SignedDuration;
use office::sign_in;
use pipeline::intake::{begin_upload, finish, retract};
use pipeline::{dossier, package, worker};
use policy::ViewerRole;
use store::person::{self, Home, Person};
use store::testing::TestHouse;
use store::{Attempt, EventKind as Kind, agency, credential, dataset, provider, setting};
use testkit::both_engines;

use crate::elsewhere::ELSEWHERE;
use crate::records::all;
use crate::{administer, furnished, login, officer, opened, registered, run, submission, tools};

/// The text of a test, by `FILE::TEST`; nothing when it is not there.
pub(crate) fn text_of(place: &str) -> Option<String> {
    let (file, test) = place.split_once("::")?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join(file);
    let text = fs::read_to_string(path).ok()?;
    let (before, rest) = text.split_once(&format!("fn {test}("))?;
    // The test ends where a brace stands as far in as it began.
    let indent = before.rsplit('\n').next()?.chars().take_while(|one| *one == ' ').count();
    let end = format!("\n{}}}\n", " ".repeat(indent));
    rest.split(&end).next().map(str::to_owned)
}

// PROVES: R-76a
#[test]
fn what_the_list_of_other_tests_names_is_there_and_says_that_it_causes_it() {
    for (place, kinds) in ELSEWHERE {
        let text =
            text_of(place).unwrap_or_else(|| panic!("{place} is gone, and with it the cause of {kinds:?}"));
        for kind in *kinds {
            assert!(text.contains(&format!("Kind::{kind:?}")), "{place} does not say that it causes {kind}");
        }
    }
}

/// What was seen of the ledger so far.
struct Seen<'a> {
    house: &'a TestHouse,
    records: usize,
    caused: BTreeSet<&'static str>,
}

impl<'a> Seen<'a> {
    async fn so_far(house: &'a TestHouse) -> Self {
        Self { house, records: all(house).await.len(), caused: BTreeSet::new() }
    }

    /// Exactly these were recorded since, each once and with this outcome.
    async fn exactly(&mut self, kinds: &[Kind]) {
        let records = all(self.house).await;
        let mut found: Vec<&str> =
            records[self.records..].iter().map(|record| record.kind.as_str()).collect();
        let mut expected: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        let refusals = [Kind::AccessRefused, Kind::SignInRefused, Kind::RefusalsCounted];
        for record in &records[self.records..] {
            let outcome = if refusals.contains(&record.kind) { "refused" } else { "success" };
            assert_eq!(
                record.event.as_ref().map(|event| &event["outcome"]),
                Some(&outcome.into()),
                "{}",
                record.kind
            );
        }
        self.records = records.len();
        self.caused.extend(kinds.iter().map(|kind| kind.as_str()));
    }
}

fn attempt(kind: Kind) -> Attempt {
    Attempt { kind, code: "not-found".to_owned(), object: "GET /agency/reports/7".to_owned(), rule: None }
}

/// What a provider does, and what the house makes of it.
async fn intake(seen: &mut Seen<'_>) {
    let house = seen.house;
    let login = login(house).await;
    let number = opened(house, &login, submission("2001:db8:1::7")).await;
    seen.exactly(&[Kind::ReportOpened]).await;
    let mut upload = begin_upload(house, &login, Some(number)).await.unwrap();
    upload.push(b"a dull test card".as_slice().into()).await.unwrap();
    upload.finish(&login, number, pipeline::intake::PartHeaders::default()).await.unwrap();
    seen.exactly(&[Kind::FileReceived]).await;
    finish(house, &login, number).await.unwrap();
    seen.exactly(&[Kind::ReportFinished]).await;
    // What is refused changes nothing and says nothing of success.
    assert!(retract(house, &login, number).await.is_err());
    seen.exactly(&[]).await;
    worker::drain(house, &tools()).await.unwrap();
    let walked = [
        Kind::ReportSealed,
        Kind::ReportEnriched,
        Kind::ReportCorrelated,
        Kind::ReportTriaged,
        Kind::ReportRouted,
        Kind::ReportDelivered,
        Kind::ReportRetained,
    ];
    seen.exactly(&walked).await;
    let withdrawn = opened(house, &login, submission("2001:db8:1::7")).await;
    seen.exactly(&[Kind::ReportOpened]).await;
    retract(house, &login, withdrawn).await.unwrap();
    seen.exactly(&[Kind::ReportRetracted]).await;
    opened(house, &login, submission("2001:db8:1::7")).await;
    // Looked at before its key goes, and with it what the event said.
    seen.exactly(&[Kind::ReportOpened]).await;
    house.advance(SignedDuration::from_hours(25));
    worker::sweep(house).await.unwrap();
    seen.exactly(&[Kind::ReportExpired]).await;

    let officer = officer("icac-us-il-cook-county");
    let note = |act: &store::Act<'_>| casework::inbox::note(act, "inbox", 4096);
    house.act(officer.actor.clone(), Purpose::Investigation, "test::list", note).await.unwrap();
    seen.exactly(&[Kind::ListRead]).await;
    let read = dossier(house, &officer, number).await.unwrap();
    seen.exactly(&[Kind::ReportRead]).await;
    let delivery = read.deliveries[0].clone();
    package::take(house, &officer, number).await.unwrap();
    seen.exactly(&[Kind::ReportRead, Kind::PackageExported]).await;
    let carried = package::Carried {
        report: number,
        delivery,
        file: "stick.zip".to_owned(),
        size_bytes: 7,
        sha256: [7; 32],
        is_sealed: false,
        carrier: "J. Doe".to_owned(),
        medium: "USB stick, serial 4711".to_owned(),
    };
    package::record_carried(house, &officer, &carried).await.unwrap();
    seen.exactly(&[Kind::OfflineExported]).await;
    assert!(dossier(house, &crate::officer("icac-us-mn"), number).await.is_err());
    house.refused(attempt(Kind::AccessRefused)).await.unwrap();
    seen.exactly(&[Kind::AccessRefused]).await;
}

/// Log-ons, and what happens to accounts.
async fn accounts(seen: &mut Seen<'_>) {
    let house = seen.house;
    let id = PersonId::parse("p-covered").unwrap();
    let agency_id = officer("icac-us-il-cook-county").agency.unwrap();
    let new = Person {
        id: id.clone(),
        home: Home::Agency(agency_id.clone()),
        role: ViewerRole::Investigator,
        name: "Test Person".to_owned().into(),
    };
    administer(house, move |act| person::add(act, &new)).await;
    seen.exactly(&[Kind::PersonAdded]).await;
    let (digest, until) =
        (house.secret_digest(b"a link"), house.now().checked_add(SignedDuration::from_hours(1)).unwrap());
    let linked = id.clone();
    administer(house, move |act| person::add_link(act, &linked, digest, until)).await;
    seen.exactly(&[Kind::LinkIssued]).await;
    let secret = sign_in::with_link(house, "a link", |home| home.agency().is_some()).await.unwrap();
    seen.exactly(&[Kind::SignedIn, Kind::BannerAcknowledged]).await;
    assert!(sign_in::with_link(house, "no link", |_| true).await.is_err());
    house.refused(attempt(Kind::SignInRefused)).await.unwrap();
    seen.exactly(&[Kind::SignInRefused]).await;
    sign_in::sign_out(house, &secret).await.unwrap();
    seen.exactly(&[Kind::SignedOut]).await;
    administer(house, move |act| person::disable(act, &id)).await;
    seen.exactly(&[Kind::PersonDisabled]).await;

    let mut listed = policy::RuleSet::embedded().routing().directory().recipients();
    let mut again = registered(listed.next().unwrap(), true);
    again.name.push_str(", renamed");
    let mut fresh = again.clone();
    fresh.id = domain::AgencyId::parse("us-covered").unwrap();
    administer(house, move |act| agency::put(act, &again)).await;
    seen.exactly(&[Kind::AgencyChanged]).await;
    administer(house, move |act| agency::put(act, &fresh)).await;
    seen.exactly(&[Kind::AgencyAdded]).await;
    let token = house.secret_digest(b"a token");
    administer(house, move |act| {
        agency::add_client(act, &agency_id, &CredentialId::parse("c-covered").unwrap(), token)
    })
    .await;
    seen.exactly(&[Kind::ClientAdded]).await;

    let other = domain::ProviderId::parse("covered-chat").unwrap();
    let added = other.clone();
    administer(house, move |act| provider::add(act, &added, "Covered Chat")).await;
    seen.exactly(&[Kind::ProviderAdded]).await;
    let new = provider::NewCredential {
        credential: CredentialId::parse("covered").unwrap(),
        provider: other.clone(),
        username: "covered".to_owned(),
        secret_digest: token,
        may_submit: true,
        may_update: true,
    };
    administer(house, move |act| provider::add_credential(act, &new)).await;
    seen.exactly(&[Kind::CredentialAdded]).await;
    let id = CredentialId::parse("covered").unwrap();
    let (of, one) = (other.clone(), id.clone());
    administer(house, move |act| credential::end_at(act, &of, &one, Some(until))).await;
    seen.exactly(&[Kind::CredentialEndSet]).await;
    let of = other.clone();
    administer(house, move |act| credential::revoke(act, &of, &id)).await;
    seen.exactly(&[Kind::CredentialDisabled]).await;
    let of = other.clone();
    administer(house, move |act| provider::disable(act, &of, SwitchReason::Misuse).map(drop)).await;
    seen.exactly(&[Kind::ProviderDisabled]).await;
    administer(house, move |act| provider::restore(act, &other, SwitchReason::Mended)).await;
    seen.exactly(&[Kind::ProviderRestored]).await;
}

/// A dated table as an operator brings it.
pub fn a_table(name: &str) -> dataset::NewDataset {
    dataset::NewDataset {
        kind: "ip-place".to_owned(),
        name: name.to_owned(),
        as_of: "2026-01-31".to_owned(),
        sha256: [7; 32],
        source: "Example".to_owned(),
        licence: "CC0-1.0".to_owned(),
        attribution: String::new(),
        format: "csv".to_owned(),
        size_bytes: 7,
    }
}

/// Privileged actions on the house itself, and refusals beyond counting.
async fn privileges(seen: &mut Seen<'_>) {
    let house = seen.house;
    administer(house, |act| setting::put(act, "covered", "yes")).await;
    seen.exactly(&[Kind::SettingPut]).await;
    let table = a_table("covered");
    administer(house, move |act| dataset::add(act, &table)).await;
    seen.exactly(&[Kind::DatasetAdded]).await;
    house.advance(SignedDuration::from_mins(2));
    // Whoever asks here is known by now: a provider logged in at the beginning.
    let most = store::MOST_OF_ONE as usize;
    for _ in 0..most + 3 {
        house.refused(attempt(Kind::AccessRefused)).await.unwrap();
    }
    house.tell_refusals().await.unwrap();
    let mut told = vec![Kind::AccessRefused; most];
    told.push(Kind::RefusalsCounted);
    seen.exactly(&told).await;
}

both_engines! {
    // PROVES: R-76a
    fn every_kind_of_event_is_caused_and_leaves_exactly_one_record(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut seen = Seen::so_far(&house).await;
            intake(&mut seen).await;
            accounts(&mut seen).await;
            privileges(&mut seen).await;

            let elsewhere: Vec<&str> =
                ELSEWHERE.iter().flat_map(|(_, kinds)| *kinds).map(|kind| kind.as_str()).collect();
            let missing: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str())
                .filter(|kind| !seen.caused.contains(kind) && !elsewhere.contains(kind))
                .collect();
            assert_eq!(missing, Vec::<&str>::new(), "no test causes these: add the cause, or the test that has it");
            let needless: Vec<&str> = elsewhere.into_iter().filter(|kind| seen.caused.contains(kind)).collect();
            assert_eq!(needless, Vec::<&str>::new(), "caused here after all: the list may only shrink");
        });
    }
}
