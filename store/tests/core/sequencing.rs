//! Many writers and more than one sequencer at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use database::bind;
use store::House;
use store::testing::TestHouse;
use testkit::both_engines;

use crate::{noted, opened, run};

const INDICES: &str = "-- test::indices
    SELECT COUNT(*), COUNT(DISTINCT leaf_index), MIN(leaf_index), MAX(leaf_index) FROM ledger_leaf";

/// Sequences for as long as others write, and answers how many leaves it put in order.
async fn sequencing(house: House, done: Arc<AtomicBool>) -> u64 {
    let mut mine = 0;
    loop {
        let last = done.load(Ordering::SeqCst);
        let run = house.book().sequence().await.expect("the sequencer runs");
        mine += run.to - run.from;
        if last && run.from == run.to {
            return mine;
        }
        tokio::task::yield_now().await;
    }
}

both_engines! {
    fn two_sequencers_give_every_leaf_one_index_without_a_gap(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let twin = house.twin(8).await;
            for number in 1..=4 {
                opened(&house, number).await;
            }
            let done = Arc::new(AtomicBool::new(false));
            let sequencers = [house.house().clone(), twin.clone()]
                .map(|house| tokio::spawn(sequencing(house, Arc::clone(&done))));
            let writers = (0..8_u64).map(|writer| {
                let house = if writer % 2 == 0 { house.house().clone() } else { twin.clone() };
                tokio::spawn(async move {
                    for _ in 0..25 {
                        noted(&house, writer % 4 + 1).await;
                    }
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                writer.await.unwrap();
            }
            done.store(true, Ordering::SeqCst);
            let mut total = 0;
            for sequencer in sequencers {
                total += sequencer.await.unwrap();
            }
            let indices = house.read("test::indices", |view| {
                Ok(view.tx().get::<(u64, u64, u64, u64)>(INDICES, &bind! {})?)
            });
            // Two leaves of the first opening, four reports, two hundred notes.
            assert_eq!(indices.await.unwrap(), (206, 206, 0, 205));
            assert_eq!(total, 206);
            assert_eq!(house.book().verify().await.unwrap().wrong, None);
        });
    }
}
