//! A package that only the agency's own key opens: registered by its commander, confirmed by the clearinghouse, opened by
//! the program that shares no line with the house.

use std::io::Cursor;

use domain::{AgencyId, Id, PersonId, ReportId};
use jiff::SignedDuration;
use pipeline::agency_keys::{self, Fingerprint, State};
use pipeline::package::{self, Fault, Seal};
use pipeline::provider::verifier_keys;
use pipeline::{Trouble, Viewer};
use policy::ViewerRole;
use store::House;
use testkit::both_engines;
use verify::{Curve, Findings, Keys, Secret};

use crate::checked::sample;
use crate::{Harbour, run};

fn agency() -> AgencyId {
    AgencyId::parse("icac-us-mn").unwrap()
}

fn officer(role: ViewerRole) -> Viewer {
    Viewer::person(PersonId::parse("p-2").unwrap(), agency(), role, true).proved_anew(true)
}

fn supervisor() -> Viewer {
    Viewer::staff(PersonId::parse("p-9").unwrap(), ViewerRole::Supervisor, true)
}

/// A key pair of the agency, registered and confirmed.
async fn keyed(house: &House, curve: Curve) -> (Secret, Fingerprint) {
    let secret = Secret::generate(curve).unwrap();
    let registered =
        agency_keys::register(house, &officer(ViewerRole::Commander), &secret.public_pem()).await;
    let fingerprint = registered.unwrap();
    // What the officer reads out over the telephone.
    let heard: Fingerprint = secret.fingerprint().parse().unwrap();
    agency_keys::confirm(house, &supervisor(), agency(), heard, "telephone".to_owned()).await.unwrap();
    (secret, fingerprint)
}

async fn taken(house: &House, number: ReportId, wish: Seal) -> Result<(String, Vec<u8>), Fault> {
    let viewer = officer(ViewerRole::Investigator);
    let mut download = package::take_as(house, &viewer, number, wish).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok((download.name().to_owned(), bytes))
}

fn opened(bytes: &[u8], secret: &Secret, keys: &Keys) -> (Findings, Vec<u8>) {
    let mut plain = Cursor::new(Vec::new());
    let findings = verify::open(&mut Cursor::new(bytes), secret, keys, &mut plain);
    (findings, plain.into_inner())
}

fn refused(outcome: Result<impl Sized, Trouble>) -> Option<&'static str> {
    outcome.err().and_then(|trouble| trouble.refusal().map(store::Refusal::code))
}

both_engines! {
    // PROVES: R-23 R-64
    fn a_sealed_package_opens_under_every_live_key_of_the_agency_and_no_other(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = sample(&harbour).await;
            let keys = Keys::parse(&verifier_keys(&harbour.house)).unwrap();
            let (plain_name, plain) = taken(&harbour.house, number, Seal::Never).await.unwrap();
            let (one, _) = keyed(&harbour.house, Curve::P384).await;
            let (two, _) = keyed(&harbour.house, Curve::P256).await;
            let (name, sealed) = taken(&harbour.house, number, Seal::WhereKeysLive).await.unwrap();
            assert_eq!(name, plain_name.replace(".zip", ".sealed"));
            for secret in [&one, &two] {
                let (findings, inside) = opened(&sealed, secret, &keys);
                assert!(findings.hold(), "{:#?}", findings.checks());
                assert_eq!(inside, plain, "the archive inside is the one that would have gone out unsealed");
            }
            let stranger = Secret::generate(Curve::P384).unwrap();
            let (findings, inside) = opened(&sealed, &stranger, &keys);
            let says = findings.checks().last().unwrap().outcome.clone().unwrap_err();
            assert!(says.contains("not sealed to your key"), "{says}");
            assert!(!findings.hold() && inside.is_empty());
            assert!(!sealed.windows(20).any(|part| part == &plain[plain.len() - 20..]), "nothing of it is in plain");
        });
    }

    fn nothing_is_sealed_to_a_key_before_somebody_compared_its_fingerprint(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let house: &House = &harbour.house;
            let number = sample(&harbour).await;
            let secret = Secret::generate(Curve::P384).unwrap();
            let commander = officer(ViewerRole::Commander);
            let key = agency_keys::register(house, &commander, &secret.public_pem()).await.unwrap();
            assert!(matches!(taken(house, number, Seal::Always).await, Err(Fault::NoKey)));
            assert_eq!(agency_keys::waiting(house, &supervisor()).await.unwrap()[0].fingerprint, key);
            // Another fingerprint than the one that waits, and one compared by nobody in particular.
            let confirm = |viewer: Viewer, heard, how: &str| {
                let how = how.to_owned();
                async move { agency_keys::confirm(house, &viewer, agency(), heard, how).await }
            };
            assert_eq!(refused(confirm(supervisor(), Fingerprint([7; 32]), "telephone").await), Some("not-found"));
            assert_eq!(refused(confirm(supervisor(), key, "  ").await), Some("unfit"));
            for role in [ViewerRole::Commander, ViewerRole::Prosecutor] {
                assert!(confirm(officer(role), key, "telephone").await.is_err_and(|no| no.is_not_found()));
            }
            let ends_at = confirm(supervisor(), key, "telephone, number of the directory").await.unwrap();
            assert_eq!(ends_at, house.now() + SignedDuration::from_hours(365 * 24));
            assert_eq!(refused(confirm(supervisor(), key, "telephone").await), Some("not-found"));
            let listed = agency_keys::own(house, &commander).await.unwrap();
            let said = listed[0].confirmation.as_ref().unwrap();
            assert_eq!(said.how.reveal(), "telephone, number of the directory");
            assert!(taken(house, number, Seal::Always).await.is_ok());
            assert!(matches!(taken(house, number, Seal::Never).await, Err(Fault::MustBeSealed)));
        });
    }

    fn a_key_that_is_revoked_or_old_is_sealed_to_no_more(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let house: &House = &harbour.house;
            let number = sample(&harbour).await;
            let commander = officer(ViewerRole::Commander);
            let (old, first) = keyed(house, Curve::P384).await;
            let (_, second) = keyed(house, Curve::P384).await;
            agency_keys::revoke(house, &commander, first).await.unwrap();
            let (_, sealed) = taken(house, number, Seal::Always).await.unwrap();
            let keys = Keys::parse(&verifier_keys(house)).unwrap();
            assert!(!opened(&sealed, &old, &keys).0.hold());
            assert_eq!(refused(agency_keys::revoke(house, &commander, first).await), Some("not-found"));
            let again = agency_keys::register(house, &commander, &old.public_pem()).await;
            assert_eq!(refused(again), Some("conflict"), "a key never comes back");
            harbour.house.advance(SignedDuration::from_hours(365 * 24) - SignedDuration::from_secs(1));
            assert!(taken(house, number, Seal::Always).await.is_ok());
            harbour.house.advance(SignedDuration::from_secs(1));
            assert!(matches!(taken(house, number, Seal::Always).await, Err(Fault::NoKey)));
            let listed = agency_keys::own(house, &commander).await.unwrap();
            let states = |key| listed.iter().find(|one| one.fingerprint == key).unwrap().state(house.now());
            assert_eq!((states(first), states(second)), (State::Revoked, State::Ended));
            let caused = [
                store::EventKind::AgencyKeyConfirmed, store::EventKind::AgencyKeyRegistered,
                store::EventKind::AgencyKeyRevoked,
            ];
            harbour.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["agency_key"], async || harbour.house.wrong().await).await;
        });
    }

    fn only_the_commander_keeps_the_keys_and_only_of_the_own_agency(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let house: &House = &harbour.house;
            let secret = Secret::generate(Curve::P384).unwrap();
            for role in [ViewerRole::Investigator, ViewerRole::Prosecutor] {
                let registered = agency_keys::register(house, &officer(role), &secret.public_pem()).await;
                assert!(registered.is_err_and(|no| no.is_not_found()), "{role:?}");
                assert!(agency_keys::own(house, &officer(role)).await.is_err());
            }
            let (_, key) = keyed(house, Curve::P384).await;
            let elsewhere = AgencyId::parse("icac-us-ca").unwrap();
            let stranger = Viewer::person(PersonId::parse("p-3").unwrap(), elsewhere, ViewerRole::Commander, true);
            assert_eq!(refused(agency_keys::revoke(house, &stranger, key).await), Some("not-found"));
            let private = secret.private_pem().unwrap();
            let commander = officer(ViewerRole::Commander);
            assert_eq!(refused(agency_keys::register(house, &commander, &private).await), Some("unfit"));
            for _ in 1..16 {
                keyed(house, Curve::P256).await;
            }
            let one_more = Secret::generate(Curve::P256).unwrap().public_pem();
            assert_eq!(refused(agency_keys::register(house, &commander, &one_more).await), Some("unfit"));
        });
    }
}
