//! Keys of requests that may be repeated: one request of twins gets a key, and a key goes a day after its report closed.

use database::bind;
use domain::ReportId;
use jiff::SignedDuration;
use store::idempotency::{self, AFTER_CLOSING, Key, Operation};
use store::report::{self, NewReport};
use store::{Refusal, number};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id, received, submission};
use crate::{refusal, run};

const REPORTS: &str = "-- test::reports
    SELECT COUNT(*) FROM report";

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn key(desk: &Desk, provider: &str, operation: Operation, text: &str) -> Key {
    Key::new(&desk.house, &provider_id(provider), operation, text)
}

/// Opens a report under a key, as intake does.
async fn opened_under(desk: &Desk, key: &Key) -> store::Result<ReportId> {
    let number = number::next(&desk.house).await?;
    let new = NewReport {
        report: number,
        provider: provider_id(PROVIDERS[0]),
        credential: domain::Id::parse(&format!("{}-1", PROVIDERS[0])).unwrap(),
        urgent: false,
        received: received("<report/>"),
        submission: submission("sextortion", "dull words"),
    };
    let key = key.clone();
    desk.act(move |act| {
        idempotency::claim(act, &key, &[7; 32], number, None)?;
        report::open(act, &new)
    })
    .await?;
    Ok(number)
}

async fn is_known(desk: &Desk, key: &Key) -> bool {
    let key = key.clone();
    desk.read(move |view| idempotency::find(view, &key)).await.unwrap().is_some()
}

/// Sweeps until nothing is due.
async fn swept(desk: &Desk) {
    while desk.read(idempotency::is_due).await.unwrap() {
        desk.act(|act| idempotency::sweep(act, 10)).await.unwrap();
    }
}

both_engines! {
    fn twins_under_one_key_make_one_report(scratch) {
        run(async {
            let desk = std::sync::Arc::new(Desk::on(scratch).await);
            let twins: Vec<_> = (0..8)
                .map(|_| {
                    let desk = std::sync::Arc::clone(&desk);
                    tokio::spawn(async move {
                        let key = key(&desk, PROVIDERS[0], Operation::Submit, "one");
                        opened_under(&desk, &key).await
                    })
                })
                .collect();
            let mut made = Vec::new();
            for twin in twins {
                match twin.await.unwrap() {
                    Ok(number) => made.push(number),
                    Err(error) => assert_eq!(error.refusal(), Some(Refusal::Conflict)),
                }
            }
            assert_eq!(made.len(), 1);
            let there: u64 = desk.read(|view| Ok(view.tx().get(REPORTS, &bind! {})?)).await.unwrap();
            assert_eq!(there, 1);
            let known = key(&desk, PROVIDERS[0], Operation::Submit, "one");
            let known = desk.read(move |view| idempotency::find(view, &known)).await.unwrap().unwrap();
            assert_eq!((known.report, known.file, known.sent_digest), (made[0], None, [7; 32]));
        });
    }

    fn a_key_says_nothing_to_another_provider_or_operation(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            opened_under(&desk, &key(&desk, PROVIDERS[0], Operation::Submit, "one")).await.unwrap();
            assert!(!is_known(&desk, &key(&desk, PROVIDERS[1], Operation::Submit, "one")).await);
            assert!(!is_known(&desk, &key(&desk, PROVIDERS[0], Operation::Upload, "one")).await);
            assert!(!is_known(&desk, &key(&desk, PROVIDERS[0], Operation::Submit, "two")).await);
        });
    }

    fn a_key_lives_while_its_report_is_open_and_a_day_longer(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [open, finished, retracted] = ["open", "finished", "retracted"]
                .map(|text| key(&desk, PROVIDERS[0], Operation::Submit, text));
            let growing = opened_under(&desk, &open).await.unwrap();
            let done = opened_under(&desk, &finished).await.unwrap();
            let gone = opened_under(&desk, &retracted).await.unwrap();
            desk.finish(done).await.unwrap();
            desk.house.advance(SignedDuration::from_hours(24) - SECOND);
            desk.attached(growing, b"one").await;
            desk.retract(gone).await.unwrap();
            desk.house.advance(SECOND + SECOND);
            swept(&desk).await;
            // A day after the finish it is gone at the next look, the others stay.
            assert!(!is_known(&desk, &finished).await);
            assert!(is_known(&desk, &open).await && is_known(&desk, &retracted).await);
            desk.house.advance(AFTER_CLOSING - HOUR);
            swept(&desk).await;
            assert!(is_known(&desk, &retracted).await);
            desk.house.advance(HOUR);
            swept(&desk).await;
            assert!(!is_known(&desk, &retracted).await);
            // Nobody has swept the open one yet, so it counts as open; its key goes a day after it is closed.
            assert!(is_known(&desk, &open).await);
            desk.house.has_caused(&[store::EventKind::RequestsForgotten]).await;
        });
    }

    fn what_was_not_opened_left_no_key(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let key = key(&desk, PROVIDERS[0], Operation::Submit, "one");
            let claimed = key.clone();
            let failed = desk
                .act(move |act| {
                    idempotency::claim(act, &claimed, &[7; 32], ReportId::try_from(77).unwrap(), None)?;
                    Err::<(), _>(Refusal::NotFound.into())
                })
                .await;
            assert_eq!(refusal(failed), Some(Refusal::NotFound));
            assert!(!is_known(&desk, &key).await);
        });
    }
}
