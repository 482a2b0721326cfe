//! An act is kept whole and with a leaf, or not at all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use domain::{Actor, Purpose};
use serde_json::json;
use store::testing::TestHouse;
use store::{Error, Event, EventKind, Fault, Refusal, setting};
use testkit::both_engines;

use crate::{act, count, noted, opened, refusal, report, run};

const LEAVES: &str = "-- test::leaves
    SELECT COUNT(*) FROM ledger_leaf";

const SETTINGS: &str = "-- test::settings
    SELECT COUNT(*) FROM setting";

const PUT: &str = "-- test::put
    INSERT INTO setting (name, value) VALUES (:name, :value)";

const CHANGE: &str = "-- test::change
    UPDATE setting SET value = :value WHERE name = :name";

both_engines! {
    // PROVES: R-76 R-76c
    fn an_act_without_a_leaf_is_not_kept(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let before = count(&house, SETTINGS).await;
            let silent = act(&house, |act| {
                Ok(act.tx().execute(PUT, &database::bind! { name: "colour", value: "grey" })?)
            });
            let refused = silent.await.unwrap_err();
            assert!(matches!(refused, Error::Fault(Fault::NoLeaf { act: "test::act" })), "{refused:?}");
            assert_eq!(count(&house, SETTINGS).await, before);
        });
    }

    fn one_refused_act_does_not_touch_its_neighbours(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let before = count(&house, LEAVES).await;
            let acts = (0..60_u64).map(|number| {
                let house = house.house().clone();
                tokio::spawn(async move {
                    act(&house, move |act| {
                        act.note(Event::of_house(EventKind::ListRead))?;
                        match number % 3 {
                            0 => Err(Refusal::Conflict.into()),
                            // A statement that fails dooms its own transaction only.
                            1 => Ok(act.tx().execute(PUT, &database::bind! { name: "profile", value: "x" })?),
                            _ => Ok(0),
                        }
                    })
                    .await
                })
            });
            let mut kept = 0;
            for running in acts.collect::<Vec<_>>() {
                kept += u64::from(running.await.unwrap().is_ok());
            }
            assert_eq!(kept, 20);
            assert_eq!(count(&house, LEAVES).await, before + kept);
        });
    }

    // PROVES: R-76 R-76b
    fn an_act_says_who_did_what_for_which_purpose(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let seen = house.act(Actor::Operator, Purpose::Administration, "test::named", |act| {
                act.note(Event::of_house(EventKind::ListRead).with(json!({ "count": 3 })))?;
                Ok((act.actor().clone(), act.purpose(), act.now()))
            });
            assert_eq!(seen.await.unwrap(), (Actor::Operator, Purpose::Administration, store::testing::NOON));
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    fn an_event_with_fractions_is_not_noted(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let told = act(&house, |act| act.note(Event::of_house(EventKind::ListRead).with(json!({ "share": 0.5 }))));
            assert!(matches!(told.await, Err(Error::Fault(Fault::Ledger(ledger::Fault::NoOneSpelling)))));
        });
    }

    fn a_leaf_of_a_report_without_a_key_is_refused(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let told = act(&house, |act| act.note(Event::of_report(EventKind::ReportRead, report(9))));
            assert_eq!(refusal(told.await), Some(Refusal::Destroyed));
        });
    }

    fn a_setting_is_remembered_and_can_be_changed(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            for value in ["grey", "green"] {
                act(&house, move |act| setting::put(act, "colour", value)).await.unwrap();
                let found = house.read("test::get", |view| setting::get(view, "colour")).await.unwrap();
                assert_eq!(found.as_deref(), Some(value));
            }
        });
    }
}

/// PostgreSQL ends one of two transactions that wait for each other; the seam runs it again.
#[test]
fn an_act_that_ran_twice_is_kept_once() {
    let scratch = testkit::on_postgres();
    run(async {
        let house = TestHouse::on(&scratch.settings).await;
        for name in ["one", "two"] {
            act(&house, move |act| setting::put(act, name, "fresh")).await.unwrap();
        }
        let before = count(&house, LEAVES).await;
        let (runs, meeting) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(2)));
        let crossing = [["one", "two"], ["two", "one"]].map(|names| {
            let (house, runs, meeting) = (house.house().clone(), Arc::clone(&runs), Arc::clone(&meeting));
            tokio::spawn(async move {
                act(&house, move |act| {
                    let first = runs.fetch_add(1, Ordering::SeqCst) < 2;
                    act.note(Event::of_house(EventKind::ListRead))?;
                    for (place, name) in names.iter().enumerate() {
                        act.tx().execute(CHANGE, &database::bind! { name: *name, value: "crossed" })?;
                        if first && place == 0 {
                            meeting.wait();
                        }
                    }
                    Ok(())
                })
                .await
            })
        });
        for act in crossing {
            act.await.unwrap().unwrap();
        }
        assert!(runs.load(Ordering::SeqCst) > 2, "nothing ran twice");
        assert_eq!(count(&house, LEAVES).await, before + 2);
        assert_eq!(house.book().verify().await.unwrap().wrong, None);
    });
}

// PROVES: R-76
#[test]
fn two_leaves_of_one_act_are_both_kept() {
    run(async {
        let house = TestHouse::at_noon().await;
        let one = opened(&house, 1).await;
        let two = noted(&house, 1).await;
        assert_ne!(one, two);
        let before = count(&house, LEAVES).await;
        act(&house, |act| {
            act.note(Event::of_report(EventKind::ReportRead, report(1)))?;
            act.note(Event::of_report(EventKind::FileOpened, report(1)))
        })
        .await
        .unwrap();
        assert_eq!(count(&house, LEAVES).await, before + 2);
    });
}
