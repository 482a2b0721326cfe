//! Opening a house, and what its keys open.

use std::sync::Arc;

use domain::Profile;
use seal::{Place, SeededRandom};
use store::testing::{Plan, TestHouse};
use store::{Error, Event, EventKind, Fault, House, Refusal, Settings, make_root_key};
use testkit::both_engines;

use crate::{act, count, opened, refusal, report, run};

const KEYS: &str = "-- test::keys
    SELECT COUNT(*) FROM keystore WHERE report_id = 1";

const AT: Place<'static> = Place { table: "report", row: b"1", column: "words" };

both_engines! {
    // PROVES: R-01
    fn a_house_keeps_its_profile_and_the_name_of_its_ledger(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let other = Settings { profile: Profile::Ncmec, ..house.settings() };
            let refused = House::open(&other, house.given(8)).await.map(|_| ());
            assert_eq!(refusal(refused), Some(Refusal::OtherProfile { recorded: Profile::Hotline }));
            let other = Settings { origin: "elsewhere.example/log".to_owned(), ..house.settings() };
            assert!(matches!(House::open(&other, house.given(8)).await, Err(Error::Fault(Fault::Settings(_)))));
            assert!(House::open(&house.settings(), house.given(8)).await.is_ok());
        });
    }

    fn another_root_key_opens_nothing(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let other = house.folder().join("other.key");
            make_root_key(&other, &SeededRandom::from_seed(99)).unwrap();
            let settings = Settings { root_key_file: other, ..house.settings() };
            assert!(matches!(House::open(&settings, house.given(8)).await, Err(Error::Fault(Fault::Seal(_)))));
        });
    }

    fn a_schema_that_is_behind_is_not_served(scratch) {
        run(async {
            let template = TestHouse::at_noon().await;
            let mut settings = Settings { migrate: false, ..template.settings() };
            settings.database.url = scratch.settings.url.clone().into();
            assert!(matches!(House::open(&settings, template.given(8)).await, Err(Error::Fault(Fault::Settings(_)))));
        });
    }

    fn a_sealed_column_opens_in_its_place_until_its_key_is_destroyed(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            let sealed = act(&house, |act| {
                act.note(Event::of_report(EventKind::ReportRead, report(1)))?;
                act.seal(&act.report_key(report(1))?, &AT, b"dull text")
            });
            let sealed = sealed.await.unwrap();
            let (here, there) = (sealed.clone(), sealed);
            let text = house.read("test::open", move |view| view.open_text(&view.report_key(report(1))?, &AT, &here));
            assert_eq!(text.await.unwrap().reveal(), "dull text");
            let moved = house.read("test::moved", move |view| {
                let at = Place { row: b"2", ..AT };
                view.open_text(&view.report_key(report(1))?, &at, &there)
            });
            assert!(matches!(moved.await, Err(Error::Fault(Fault::Seal(_)))));

            act(&house, |act| {
                assert_eq!(act.destroy_keys(report(1))?, 1);
                act.note(Event::of_report(EventKind::ReportExpired, report(1)))
            })
            .await
            .unwrap();
            assert_eq!(count(&house, KEYS).await, 0);
            let gone = house.read("test::gone", |view| view.report_key(report(1)));
            assert_eq!(refusal(gone.await), Some(Refusal::Destroyed));
        });
    }
}

#[test]
fn a_root_key_is_never_replaced_nor_read_when_others_may_read_it() {
    run(async {
        let house = TestHouse::at_noon().await;
        let path = house.settings().root_key_file;
        assert!(make_root_key(&path, &SeededRandom::from_seed(1)).is_err());
        let mut permissions = std::fs::metadata(&path).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o640);
        std::fs::set_permissions(&path, permissions).unwrap();
        let refused = House::open(&house.settings(), house.given(8)).await;
        assert!(matches!(refused, Err(Error::Fault(Fault::Settings(_)))));
    });
}

#[test]
fn digests_of_selectors_and_secrets_never_meet() {
    run(async {
        let house = TestHouse::at_noon().await;
        let other = TestHouse::of(Plan { seed: 12, ..Plan::default() }).await;
        assert_eq!(house.selector_digest(b"x"), house.selector_digest(b"x"));
        assert_ne!(house.selector_digest(b"x"), house.secret_digest(b"x"));
        assert_ne!(house.selector_digest(b"x"), other.selector_digest(b"x"));
    });
}

#[test]
fn settings_with_an_unknown_key_or_without_a_profile_are_refused() {
    let good = "profile = 'hotline'\n[database]\nurl = 'sqlite:x'\n[vault]\nurl = 'file:y'\n";
    let settings: Settings = toml::from_str(good).unwrap();
    assert_eq!(settings.profile, Profile::Hotline);
    assert!(!format!("{settings:?}").contains("sqlite:x"));
    assert!(toml::from_str::<Settings>(&format!("{good}colour = 'grey'")).is_err());
    assert!(toml::from_str::<Settings>("[vault]\nurl = 'file:y'\n").is_err());
}

#[test]
fn a_closed_house_says_so() {
    run(async {
        let house = TestHouse::at_noon().await;
        let clone = Arc::new(house.house().clone());
        house.close();
        let answer = clone.read("test::read", |_| Ok(())).await;
        assert!(matches!(answer, Err(Error::Fault(Fault::Database(database::Fault::Closed)))));
    });
}
