//! Workers that are killed at any point, and workers that meet over one report.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use domain::{ReportId, Stage};
use jiff::SignedDuration;
use pipeline::worker;
use store::testing::TestHouse;
use store::work::Lease;
use store::{House, Refusal};
use testkit::both_engines;

use crate::{filed, furnished, holders, living_in, nobody_waits, run, stage, submission, tools};

/// Longer than any lease.
const LATER: SignedDuration = SignedDuration::from_mins(3);

/// Runs a future for so many turns, then drops it in the middle of whatever it does, as a kill would.
async fn killed_after(turns: usize, work: impl Future<Output = ()>) -> bool {
    let mut work = pin!(work);
    let mut left = turns;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|()| true)
    })
    .await
}

async fn lease_of(house: &House, owner: &str) -> Option<Lease> {
    house.claim(owner, 1, SignedDuration::from_mins(2)).await.unwrap().pop()
}

async fn is_whole(house: &TestHouse, number: ReportId) {
    assert_eq!(stage(house, number).await, Stage::Retained);
    let once = holders(house, number).await;
    assert_eq!(once, ["icac-us-il-cook-county"], "delivered exactly once");
    nobody_waits(house).await;
}

both_engines! {
    fn a_worker_killed_after_each_stride_is_followed_by_another(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let number = filed(&house, submission("2001:db8:1::7")).await;
            let mut passed = Vec::new();
            // Each worker takes one stride and is never heard of again; its lease runs out.
            while let Some(lease) = lease_of(&house, &format!("w{}", passed.len())).await {
                passed.push(worker::step(&house, &tools(), &lease).await.unwrap());
                house.advance(LATER);
            }
            let journey = [
                Stage::Sealed, Stage::Enriched, Stage::Correlated, Stage::Triaged, Stage::Routed, Stage::Available,
                Stage::Retained,
            ];
            assert_eq!(passed, journey);
            house.book().sequence().await.unwrap();
            is_whole(&house, number).await;
        });
    }

    // PROVES: R-20
    fn a_worker_killed_in_the_middle_of_anything_loses_and_doubles_nothing(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (house, tools) = (house, tools());
            for turns in (0..48).step_by(3) {
                let number = filed(&house, submission("2001:db8:1::7")).await;
                let mut kills = 0;
                while let Some(lease) = lease_of(&house, "doomed").await {
                    if killed_after(turns, worker::walk(&house, &tools, &lease)).await {
                        break;
                    }
                    kills += 1;
                    house.advance(LATER);
                    if kills == 4 {
                        break;
                    }
                }
                worker::drain(&house, &tools).await.unwrap();
                is_whole(&house, number).await;
            }
            assert!(house.book().verify().await.is_ok());
        });
    }

    fn a_worker_whose_lease_ran_out_records_nothing(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let number = filed(&house, submission("2001:db8:1::7")).await;
            let slow = lease_of(&house, "slow").await.unwrap();
            house.advance(LATER);
            let quick = lease_of(&house, "quick").await.unwrap();
            let refused = worker::step(&house, &tools(), &slow).await.unwrap_err();
            let pipeline::StrideFault::Store(error) = refused else { panic!("{refused}") };
            assert_eq!(error.refusal(), Some(Refusal::LeaseLost));
            assert_eq!(stage(&house, number).await, Stage::Finished);
            worker::walk(&house, &tools(), &quick).await;
            // The slow one comes back, finds another ahead of it, and leaves quietly.
            worker::walk(&house, &tools(), &slow).await;
            is_whole(&house, number).await;
            assert_eq!(worker::drain(&house, &tools()).await.unwrap(), 0);
        });
    }

    fn two_processes_share_the_work_and_deliver_each_report_once(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let twin = house.twin(9).await;
            let mut numbers = Vec::new();
            for _ in 0..12 {
                numbers.push(filed(&house, living_in("MN")).await);
            }
            let (here, there) = (tools(), tools());
            let walked = tokio::join!(worker::drain(&house, &here), worker::drain(&twin, &there));
            assert_eq!(walked.0.unwrap() + walked.1.unwrap(), 12);
            for number in numbers {
                assert_eq!(holders(&house, number).await, ["icac-us-mn"]);
            }
            nobody_waits(&house).await;
        });
    }

    fn running_workers_deliver_until_they_are_asked_to_end(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let (ring, rung) = tokio::sync::oneshot::channel::<()>();
            let ended = async move { drop(rung.await) };
            let running = tokio::spawn(worker::run(house.house().clone(), tools(), "w".to_owned(), ended));
            let number = filed(&house, living_in("MN")).await;
            let officer = crate::officer("icac-us-mn");
            // The feed has it once the sequencer came by; every look is an await, never a sleep.
            let looking = async {
                while pipeline::feed(&house, &officer, 0, 10).await.unwrap().is_empty() {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(std::time::Duration::from_secs(30), looking).await.unwrap();
            ring.send(()).unwrap();
            running.await.unwrap();
            assert_eq!(holders(&house, number).await, ["icac-us-mn"]);
        });
    }
}
