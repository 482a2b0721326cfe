//! What a stranger with the verifier key can check, and what the house checks itself.

use database::bind;
use domain::{Actor, Purpose};
use jiff::SignedDuration;
use ledger::{VerifierKey, parse_proof_file};
use store::testing::TestHouse;
use store::{Event, EventKind, LeafId, Refusal};
use testkit::both_engines;

use crate::{act, count, noted, opened, refusal, report, run, sequenced};

const ENTRY: &str = "-- test::entry
    SELECT entry FROM ledger_leaf WHERE id = :id";

const CHECKPOINTS: &str = "-- test::checkpoints
    SELECT COUNT(*) FROM ledger_checkpoint";

const DROP_KEYS: &str = "-- test::drop_keys
    DELETE FROM keystore WHERE report_id = 1";

async fn leaf_hash(house: &TestHouse, leaf: LeafId) -> ledger::Hash {
    let entry =
        house.read("test::entry", move |view| Ok(view.tx().get::<Vec<u8>>(ENTRY, &bind! { id: leaf })?));
    ledger::leaf_hash(&entry.await.unwrap())
}

fn vkey(house: &TestHouse) -> VerifierKey {
    house.book().vkey().parse().unwrap()
}

both_engines! {
    // PROVES: R-75
    fn a_leaf_is_proved_to_someone_who_has_only_the_key(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let leaf = opened(&house, 1).await;
            let other = opened(&house, 2).await;
            let early = house.read("test::prove", {
                let house = house.house().clone();
                move |view| house.book().prove(view, leaf)
            });
            assert_eq!(refusal(early.await), Some(Refusal::NotSequenced));

            let size = sequenced(&house).await;
            let handle = house.house().clone();
            let proof = house.read("test::prove", move |view| handle.book().prove(view, leaf)).await.unwrap();
            let proof = parse_proof_file(&proof).unwrap();
            let checkpoint = proof.verify(&leaf_hash(&house, leaf).await, &[vkey(&house)]).unwrap();
            assert_eq!(checkpoint.size, size);
            assert!(proof.verify(&leaf_hash(&house, other).await, &[vkey(&house)]).is_err());

            let handle = house.house().clone();
            let note = house.read("test::checkpoint", move |view| handle.book().checkpoint(view)).await.unwrap();
            assert_eq!(ledger::open(&note, &[vkey(&house)]).unwrap(), checkpoint);
        });
    }

    fn a_leaf_is_found_by_its_report_and_kind(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let first = opened(&house, 1).await;
            noted(&house, 1).await;
            house.advance(SignedDuration::from_secs(1));
            let second = noted(&house, 1).await;
            let handle = house.house().clone();
            let found = house.read("test::find", move |view| {
                let of = |number, kind| handle.book().leaf_of(view, report(number), kind);
                Ok((of(1, EventKind::ReportOpened)?, of(1, EventKind::ReportRead)?, of(2, EventKind::ReportRead)?))
            });
            assert_eq!(found.await.unwrap(), (Some(first), Some(second), None));
        });
    }

    fn a_ledger_over_many_tiles_and_pages_verifies(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            for _ in 0..3 {
                act(&house, |act| {
                    for _ in 0..700 {
                        act.note(Event::of_report(EventKind::ReportRead, report(1)))?;
                    }
                    Ok(())
                })
                .await
                .unwrap();
                house.advance(SignedDuration::from_secs(2));
                sequenced(&house).await;
            }
            noted(&house, 1).await;
            let verdict = house.book().verify().await.unwrap();
            assert_eq!(verdict.wrong, None);
            // Two leaves of the first opening, the report's own, and the rest.
            assert_eq!((verdict.leaves, verdict.waiting, verdict.destroyed), (2_103, 1, 0));
            assert_eq!(verdict.checkpoints, 3 + 1);
        });
    }

    fn the_history_has_a_checkpoint_a_second(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            for _ in 0..10 {
                noted(&house, 1).await;
                sequenced(&house).await;
                house.advance(SignedDuration::from_millis(250));
            }
            assert_eq!(count(&house, CHECKPOINTS).await, 3);
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }

    // PROVES: R-53
    fn the_ledger_still_shows_a_report_whose_keys_were_destroyed(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            noted(&house, 1).await;
            act(&house, |act| {
                act.destroy_keys(report(1))?;
                act.note(Event::of_report(EventKind::ReportExpired, report(1)))
            })
            .await
            .unwrap();
            sequenced(&house).await;
            let verdict = house.book().verify().await.unwrap();
            assert_eq!((verdict.wrong, verdict.destroyed, verdict.leaves), (None, 2, 5));
        });
    }

    fn a_key_that_went_without_an_ending_is_found(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            sequenced(&house).await;
            house.act(Actor::House, Purpose::Retention, "test::steal", |act| {
                act.tx().execute(DROP_KEYS, &bind! {})?;
                act.note(Event::of_house(EventKind::ListRead))
            })
            .await
            .unwrap();
            let wrong = house.book().verify().await.unwrap().wrong.unwrap();
            assert!(wrong.contains("the key of report 1 is missing"), "{wrong}");
        });
    }

    fn the_ledger_goes_on_after_a_restart(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            let before = sequenced(&house).await;
            let house = house.reopened(8).await;
            noted(&house, 1).await;
            assert_eq!(sequenced(&house).await, before + 1);
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }
}

#[test]
fn an_empty_ledger_has_no_checkpoint_and_nothing_wrong() {
    run(async {
        let house = TestHouse::at_noon().await;
        let handle = house.house().clone();
        let note = house.read("test::checkpoint", move |view| handle.book().checkpoint(view)).await;
        assert_eq!(refusal(note), Some(Refusal::NotSequenced));
        let verdict = house.book().verify().await.unwrap();
        assert_eq!((verdict.wrong, verdict.leaves, verdict.waiting), (None, 0, 2));
    });
}
