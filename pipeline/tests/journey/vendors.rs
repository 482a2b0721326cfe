//! Vendors that hold a copy of what must go: each must show that it is gone there, too, before anything is certified.

use domain::{Actor, Id as _, ReportId, VendorId};
use jiff::SignedDuration;
use pipeline::destroy;
use policy::Viewer;
use policy::access::{self, Action, Space};
use policy::permit::Right;
use serde_json::{Value, json};
use store::destruction::vendors as owed;
use store::destruction::{self, State};
use store::testing::TestHouse;
use store::vendor::{self, NewHolding, NewVendor, Of};
use store::{Alarm, House, Refusal};
use testkit::both_engines;

use crate::destroyed::{DAY, accept, act, ask, delivered, id, refusal, state};
use crate::{furnished, run};

const HOST: &str = "vault-hosting";
const LAB: &str = "dull-lab";
const SHA256: [u8; 32] = [7; 32];

fn keeps() -> Right {
    access::right(&Viewer::OPERATOR, Action::KeepVendors, &Space::House).unwrap()
}

fn named(name: &str) -> VendorId {
    VendorId::parse(name).unwrap()
}

async fn registered(house: &House, name: &'static str) {
    let new = NewVendor {
        id: named(name),
        name: "A vendor".to_owned(),
        services: "stores".to_owned(),
        grace_days: 0,
    };
    act(house, move |act| vendor::add(act, &keeps(), &new)).await.unwrap();
}

/// It has shown nothing, so that it may have nothing; what is so is recorded all the same.
async fn holds(house: &House, name: &'static str, of: Of) -> store::Result<(u64, bool)> {
    let new = NewHolding { of, from: house.now() };
    act(house, move |act| vendor::hold(act, &keeps(), &named(name), &new)).await
}

async fn shows(house: &House, name: &'static str, job: &str) -> store::Result<()> {
    let job = id(job);
    act(house, move |act| owed::confirm(act, &keeps(), (&job, &named(name)), ("binder 7", SHA256))).await
}

/// Asked for and agreed to.
async fn begun(house: &House, name: &str, report: ReportId, blob: &store::BlobRef) {
    ask(house, name, &[(report, blob)]).await.unwrap();
    accept(house, name).await.unwrap();
}

async fn certificate(house: &House, name: &str) -> Value {
    let job = id(name);
    let found = house.read("test::find", move |view| destruction::find(view, &job)).await.unwrap().unwrap();
    let certificate: Value = serde_json::from_str(&found.certificate.expect("it is certified")).unwrap();
    let schema = include_str!("../../../docs/destruction-certificate.schema.json");
    assert_eq!(testkit::schema::breaks(&serde_json::from_str(schema).unwrap(), &certificate), None);
    assert!(formats::destruction::pdf(&certificate.to_string()).unwrap().starts_with(b"%PDF"));
    certificate
}

async fn vendors_of(house: &House, name: &str) -> Vec<(VendorId, u64, u64, bool)> {
    let job = id(name);
    let all = house.read("test::of", move |view| owed::of(view, &job)).await.unwrap();
    all.into_iter().map(|one| (one.vendor, one.files, one.reports, one.confirmed.is_some())).collect()
}

both_engines! {
    // PROVES: R-52 R-64
    fn nothing_is_certified_before_every_vendor_with_a_copy_has_shown_that_it_is_gone(scratch) {
        run(async {
            let house: TestHouse = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"the dull card that a vendor has").await;
            let (other, kept) = delivered(&house, b"the dull card that no vendor has").await;
            registered(&house, HOST).await;
            registered(&house, LAB).await;
            let of = Of::File(report, blob.file.clone());
            assert_eq!(holds(&house, HOST, of.clone()).await.unwrap(), (1, false), "it may not have it, and has it");
            assert_eq!(holds(&house, LAB, Of::Report(report)).await.unwrap(), (1, false));
            // Of nothing, of nobody, and tomorrow: nothing is recorded.
            let nothing = Of::File(other, blob.file.clone());
            assert_eq!(refusal(holds(&house, HOST, nothing).await), Some(Refusal::NotFound));
            let later = NewHolding { of, from: house.now() + DAY };
            let later = act(&house, move |act| vendor::hold(act, &keeps(), &named(HOST), &later)).await;
            assert!(matches!(refusal(later), Some(Refusal::Unfit { .. })));

            begun(&house, "d-1", report, &blob).await;
            assert_eq!(vendors_of(&house, "d-1").await, [(named(LAB), 1, 0, false), (named(HOST), 1, 0, false)]);
            assert_eq!(destroy::run(&house).await.unwrap(), 0);
            assert_eq!(state(&house, "d-1").await, State::Proved, "done here, and owed there");
            assert!(!house.vault().has_key(report, &blob).await.unwrap());
            // One that nobody else holds does not wait for it.
            begun(&house, "d-2", other, &kept).await;
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            assert!(certificate(&house, "d-2").await["vendors"].is_null());

            // Whoever is late is an alarm, until the last word is in.
            destroy::watch_vendors(&house).await.unwrap();
            assert_eq!(house.alarms(), []);
            house.advance(SignedDuration::from_hours(13));
            destroy::watch_vendors(&house).await.unwrap();
            assert_eq!(house.alarms().iter().map(|raised| raised.alarm).collect::<Vec<_>>(), [Alarm::VendorOverdue]);
            assert_eq!(refusal(shows(&house, HOST, "d-2").await), Some(Refusal::NotFound), "it owes nothing there");
            shows(&house, HOST, "d-1").await.unwrap();
            assert_eq!(refusal(shows(&house, HOST, "d-1").await), Some(Refusal::NotFound), "it is said once");
            assert_eq!(destroy::run(&house).await.unwrap(), 0);
            assert_eq!(destroy::late_vendors(&house).await.unwrap().len(), 1);
            shows(&house, LAB, "d-1").await.unwrap();
            destroy::watch_vendors(&house).await.unwrap();
            assert_eq!(house.alarms(), []);
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            let certificate = certificate(&house, "d-1").await;
            let vendors = &certificate["vendors"];
            assert_eq!((&vendors[0]["vendor"], &vendors[1]["vendor"]), (&json!(LAB), &json!(HOST)));
            assert_eq!((&vendors[0]["files"], &vendors[0]["confirmed_by"]), (&json!(1), &json!("operator")));
            assert_eq!(vendors[0]["document_sha256"], seal::hex(&SHA256));
            let caused = [
                store::EventKind::VendorHolds, store::EventKind::VendorDestructionAsked,
                store::EventKind::VendorDestructionConfirmed,
            ];
            house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["vendor_destruction", "vendor_holding"], async || house.wrong().await).await;
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    // PROVES: R-52
    fn a_destruction_that_waits_for_vendors_and_is_killed_anywhere_comes_to_the_same_end(scratch) {
        run(async {
            let mut house = furnished(&scratch.settings).await;
            registered(&house, HOST).await;
            holds(&house, HOST, Of::Everything).await.unwrap();
            let mut seen = Vec::new();
            for killed_after in 0..14_u8 {
                let bytes = [b"card ".as_slice(), &[killed_after]].concat();
                let (report, blob) = delivered(&house, &bytes).await;
                let name = format!("d-{killed_after}");
                begun(&house, &name, report, &blob).await;
                // On the way, the vendor's word comes before or after the house itself is done.
                let (early, late) = (killed_after % 2 == 0, killed_after % 2 == 1);
                if early {
                    shows(&house, HOST, &name).await.unwrap();
                }
                let mut steps = 0;
                while steps < killed_after && destroy::step(&house).await.unwrap().is_some() {
                    steps += 1;
                }
                seen.push(state(&house, &name).await);
                house = house.reopened(50 + u64::from(killed_after)).await;
                let ended = destroy::run(&house).await.unwrap();
                if late {
                    assert_eq!((ended, state(&house, &name).await), (0, State::Proved));
                    shows(&house, HOST, &name).await.unwrap();
                    house = house.reopened(70 + u64::from(killed_after)).await;
                    assert_eq!(destroy::run(&house).await.unwrap(), 1);
                }
                assert_eq!(certificate(&house, &name).await["vendors"][0]["vendor"], HOST, "{killed_after}");
                assert_eq!(vendors_of(&house, &name).await, [(named(HOST), 1, 0, true)]);
            }
            for died_in in [State::Accepted, State::Dropped, State::Dead, State::Proved] {
                assert!(seen.contains(&died_in), "no worker died when it was {}: {seen:?}", died_in.as_str());
            }
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    // PROVES: R-52 R-64
    fn a_vendor_of_whom_one_learns_while_the_keys_are_dropped_is_asked_too(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (report, blob) = delivered(&house, b"a dull card").await;
            registered(&house, LAB).await;
            begun(&house, "d-1", report, &blob).await;
            assert!(vendors_of(&house, "d-1").await.is_empty());
            while state(&house, "d-1").await != State::Proved {
                destroy::step(&house).await.unwrap();
            }
            holds(&house, LAB, Of::Report(report)).await.unwrap();
            // Not even a worker that read before is let past it.
            let early = act(&house, |act| destruction::certified(act, &id("d-1"), "{}")).await;
            assert_eq!(refusal(early), Some(Refusal::Conflict));
            assert_eq!(destroy::run(&house).await.unwrap(), 0);
            assert_eq!(vendors_of(&house, "d-1").await, [(named(LAB), 1, 0, false)]);
            shows(&house, LAB, "d-1").await.unwrap();
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
        });
    }

    // PROVES: R-64
    fn what_a_vendor_holds_of_everything_ends_with_its_own_word_and_not_with_its_contract(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            registered(&house, HOST).await;
            let (report, blob) = delivered(&house, b"the dull card before the end").await;
            holds(&house, HOST, Of::Everything).await.unwrap();
            house.advance(DAY);
            act(&house, |act| vendor::end(act, &keeps(), &named(HOST))).await.unwrap();
            house.advance(DAY);
            let (later, came) = delivered(&house, b"the dull card after the end").await;
            // What came when nothing was given to it any more, it does not have; what came before, it has still.
            begun(&house, "d-later", later, &came).await;
            begun(&house, "d-before", report, &blob).await;
            assert!(vendors_of(&house, "d-later").await.is_empty());
            assert_eq!(vendors_of(&house, "d-before").await, [(named(HOST), 1, 0, false)]);
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            let empty = |number| act(&house, move |act| vendor::empty(act, &keeps(), (&named(HOST), number), ("binder 8", SHA256)));
            assert_eq!(refusal(empty(2).await), Some(Refusal::NotFound));
            empty(1).await.unwrap();
            assert_eq!(refusal(empty(1).await), Some(Refusal::NotFound));
            // What it was asked before is still to be shown for that destruction by itself.
            assert_eq!(destroy::run(&house).await.unwrap(), 0);
            shows(&house, HOST, "d-before").await.unwrap();
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            let (next, blob) = delivered(&house, b"the dull card of nobody").await;
            begun(&house, "d-next", next, &blob).await;
            assert_eq!(destroy::run(&house).await.unwrap(), 1);
            let actor = house.act(Actor::House, domain::Purpose::Retention, "test::wrong", |act| {
                let right = access::right(&Viewer::OPERATOR, Action::ConfirmAgencyKey, &Space::House).unwrap();
                owed::confirm(act, &right, (&id("d-next"), &named(HOST)), ("binder 9", SHA256))
            });
            assert_eq!(refusal(actor.await), Some(Refusal::NotFound), "another right is none to this");
            house.has_caused(&[store::EventKind::VendorEmptied]).await;
        });
    }
}
