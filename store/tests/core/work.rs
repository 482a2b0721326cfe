//! Leases, attempts, pauses, and work that is given up.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ReportId;
use jiff::SignedDuration;
use store::testing::{NOON, TestHouse};
use store::work::{self, Lease, WorkId};
use store::{Event, EventKind, House, Refusal, Result};
use testkit::both_engines;

use crate::{act, opened, refusal, report, run};

const LEASE: SignedDuration = SignedDuration::from_secs(30);

async fn enqueued(house: &House, number: u64, rank: u8) {
    let enqueue = act(house, move |act| {
        work::enqueue(act, report(number), rank, act.now())?;
        act.note(Event::of_house(EventKind::ListRead))
    });
    enqueue.await.unwrap();
}

async fn claimed(house: &House, owner: &str) -> Vec<Lease> {
    house.claim(owner, 10, LEASE).await.unwrap()
}

async fn done(house: &House, lease: &Lease) -> Result<()> {
    let lease = lease.clone();
    act(house, move |act| {
        act.note(Event::of_house(EventKind::ListRead))?;
        work::done(act, &lease)
    })
    .await
}

fn reports(leases: &[Lease]) -> Vec<u64> {
    leases.iter().map(|lease| lease.report.get()).collect()
}

both_engines! {
    fn the_most_urgent_is_leased_first_and_nothing_twice(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            for (number, rank) in [(1, 5), (2, 0), (3, 9), (4, 5)] {
                enqueued(&house, number, rank).await;
            }
            let first = house.claim("a", 2, LEASE).await.unwrap();
            assert_eq!(reports(&first), [2, 1]);
            assert_eq!((first[0].attempt, first[0].until), (1, NOON + LEASE));
            assert_eq!(reports(&claimed(&house, "b").await), [4, 3]);
            assert_eq!(claimed(&house, "c").await, []);
        });
    }

    fn workers_that_claim_at_once_share_the_work(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let twin = house.twin(8).await;
            for number in 1..=60 {
                enqueued(&house, number, 5).await;
            }
            let workers = (0..6).map(|worker| {
                let house = if worker % 2 == 0 { house.house().clone() } else { twin.clone() };
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    for _ in 0..12 {
                        mine.extend(house.claim(&format!("w{worker}"), 2, LEASE).await.unwrap());
                    }
                    mine
                })
            });
            let mut leases = Vec::new();
            for worker in workers.collect::<Vec<_>>() {
                leases.extend(worker.await.unwrap());
            }
            let distinct: BTreeSet<ReportId> = leases.iter().map(|lease| lease.report).collect();
            assert_eq!((leases.len(), distinct.len()), (60, 60));
        });
    }

    fn a_lease_that_ran_out_goes_to_another_worker(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            enqueued(&house, 1, 5).await;
            let lost = claimed(&house, "a").await.remove(0);
            house.advance(LEASE - SignedDuration::from_micros(1));
            assert_eq!(claimed(&house, "b").await, []);
            house.advance(SignedDuration::from_micros(1));
            let lease = claimed(&house, "b").await.remove(0);
            assert_eq!(lease.attempt, 2);
            assert_eq!(refusal(done(&house, &lost).await), Some(Refusal::LeaseLost));
            assert_eq!(refusal(house.fail(&lost, "late").await), Some(Refusal::LeaseLost));
            done(&house, &lease).await.unwrap();
            house.advance(SignedDuration::from_hours(1));
            assert_eq!(claimed(&house, "c").await, []);
        });
    }

    fn a_renewed_lease_is_held_for_longer(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            enqueued(&house, 1, 5).await;
            let lease = claimed(&house, "a").await.remove(0);
            house.advance(SignedDuration::from_secs(20));
            let renewed = act(&house, move |act| {
                act.note(Event::of_house(EventKind::ListRead))?;
                work::renew(act, &lease, LEASE)
            });
            let renewed = renewed.await.unwrap();
            house.advance(SignedDuration::from_secs(20));
            assert_eq!(claimed(&house, "b").await, []);
            done(&house, &renewed).await.unwrap();
        });
    }

    fn failed_work_waits_twice_as_long_each_time_and_is_dead_after_the_twelfth(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            opened(&house, 1).await;
            enqueued(&house, 1, 5).await;
            let pauses = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600];
            for (place, pause) in pauses.into_iter().enumerate() {
                let lease = claimed(&house, "a").await.remove(0);
                assert_eq!(lease.attempt as usize, place + 1);
                house.fail(&lease, "the table could not be read").await.unwrap();
                house.advance(SignedDuration::from_secs(pause) - SignedDuration::from_micros(1));
                assert_eq!(claimed(&house, "a").await, [], "pause {pause}");
                house.advance(SignedDuration::from_micros(1));
            }
            let last = claimed(&house, "a").await.remove(0);
            house.fail(&last, "the table could not be read").await.unwrap();
            house.advance(SignedDuration::from_hours(24));
            assert_eq!(claimed(&house, "a").await, []);
            let dead = house.read("test::dead", work::dead).await.unwrap();
            assert_eq!((dead.len(), dead[0].report), (1, report(1)));
            assert_eq!(dead[0].error, "the table could not be read");

            let work = dead[0].work;
            act(&house, move |act| work::revive(act, work)).await.unwrap();
            assert_eq!(claimed(&house, "a").await[0].attempt, 1);
            let again = act(&house, move |act| work::revive(act, work)).await;
            assert_eq!(refusal(again), Some(Refusal::NotFound));
            house.has_caused(&[store::EventKind::WorkRevived]).await;
        });
    }

    fn work_that_a_passing_trouble_stops_is_tried_again_soon_and_never_given_up(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            enqueued(&house, 1, 5).await;
            for _ in 0..40 {
                let lease = claimed(&house, "a").await.remove(0);
                assert_eq!(lease.attempt, 1);
                house.postpone(&lease, "the vault failed").await.unwrap();
                assert_eq!(refusal(house.postpone(&lease, "twice").await), Some(Refusal::LeaseLost));
                house.advance(SignedDuration::from_secs(5) - SignedDuration::from_micros(1));
                assert_eq!(claimed(&house, "a").await, []);
                house.advance(SignedDuration::from_micros(1));
            }
            assert_eq!(house.read("test::dead", work::dead).await.unwrap(), []);
        });
    }

    fn work_that_kills_its_workers_is_given_up_too(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            enqueued(&house, 1, 5).await;
            for attempt in 1..=12 {
                assert_eq!(claimed(&house, "a").await[0].attempt, attempt);
                house.advance(LEASE);
            }
            assert_eq!(claimed(&house, "a").await, []);
            let dead = house.read("test::dead", work::dead).await.unwrap();
            assert_eq!(dead[0].work, WorkId::of(report(1)));
        });
    }

    fn work_that_is_asked_for_while_it_is_done_is_done_again(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            enqueued(&house, 1, 5).await;
            let lease = claimed(&house, "a").await.remove(0);
            enqueued(&house, 1, 2).await;
            assert_eq!(claimed(&house, "b").await, []);
            done(&house, &lease).await.unwrap();
            let again = claimed(&house, "b").await.remove(0);
            assert_eq!(again.attempt, 1);
            done(&house, &again).await.unwrap();
            assert_eq!(claimed(&house, "c").await, []);
        });
    }

    fn work_that_is_not_due_waits(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let later = SignedDuration::from_mins(5);
            let enqueue = act(&house, move |act| {
                work::enqueue(act, report(1), 0, act.now() + later)?;
                act.note(Event::of_house(EventKind::ListRead))
            });
            enqueue.await.unwrap();
            assert_eq!(claimed(&house, "a").await, []);
            house.advance(later);
            assert_eq!(reports(&claimed(&house, "a").await), [1]);
        });
    }
}

#[test]
fn a_waiting_worker_is_woken_by_an_act_and_not_by_a_refused_one() {
    run(async {
        let house = TestHouse::at_noon().await;
        let refused = act(&house, |act| {
            act.note(Event::of_house(EventKind::ListRead))?;
            work::enqueue(act, report(1), 0, act.now())?;
            Err::<(), _>(Refusal::Conflict.into())
        });
        assert!(refused.await.is_err());
        let quiet =
            tokio::time::timeout(Duration::from_millis(1), house.work_signal().wait(Duration::from_secs(60)));
        assert!(quiet.await.is_err());
        enqueued(&house, 1, 5).await;
        house.work_signal().wait(Duration::from_secs(60)).await;
        assert_eq!(reports(&claimed(&house, "a").await), [1]);
    });
}
