//! Receipts of a real house.

use jiff::SignedDuration;
use pipeline::provider::{NoReceipt, receipt};
use serde_json::Value;
use testkit::both_engines;

use crate::{HARBOR, Harbour, run, system};

async fn written(harbour: &Harbour, number: domain::ReportId) -> (Vec<u8>, String, Vec<u8>) {
    let receipt = receipt(&harbour.house, &system(HARBOR), number).await.unwrap();
    (receipt.to_json(), receipt.to_xml(), receipt.to_pdf().unwrap())
}

both_engines! {
    // PROVES: R-15
    fn a_receipt_is_there_right_after_the_finish_and_never_changes(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = harbour.finished(HARBOR).await;
            let first = written(&harbour, number).await;
            for _ in 0..3 {
                // The ledger grows, with checkpoints of its own.
                harbour.house.advance(SignedDuration::from_secs(2));
                harbour.finished(HARBOR).await;
                harbour.house.book().sequence().await.unwrap();
                assert_eq!(written(&harbour, number).await, first);
            }
            let again = Harbour { house: harbour.house.reopened(99).await, files: harbour.files };
            assert_eq!(written(&again, number).await, first);
        });
    }

    fn a_receipt_asked_for_late_is_the_one_asked_for_early(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            // Three finishes within the second of one checkpoint, numbered one by one.
            let mut numbers = Vec::new();
            for _ in 0..3 {
                numbers.push(harbour.finished(HARBOR).await);
                harbour.house.book().sequence().await.unwrap();
            }
            let early = written(&harbour, numbers[1]).await;
            harbour.house.advance(SignedDuration::from_secs(60));
            harbour.finished(HARBOR).await;
            harbour.house.book().sequence().await.unwrap();
            assert_eq!(written(&harbour, numbers[1]).await, early);
        });
    }

    // PROVES: R-15 R-46
    fn a_receipt_says_what_was_received_and_until_when_it_is_to_be_kept(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = harbour.finished(HARBOR).await;
            let value: Value = serde_json::from_slice(&written(&harbour, number).await.0).unwrap();
            assert_eq!(value["report"], number.get());
            assert_eq!(value["completedAt"], "2026-06-01T12:00:00.000000Z");
            assert_eq!(value["preserveUntil"], "2027-06-01T12:00:00.000000Z");
            assert_eq!(value["files"][0]["sha256"], seal::hex(&seal::sha256(b"harmless bytes")));
            assert_eq!(value["documents"][0]["sha256"], seal::hex(&seal::sha256(b"<report/>")));
            assert_eq!(value["ledger"]["event"]["details"]["submission_sha256"], value["submissionSha256"]);
        });
    }

    fn an_unfinished_report_has_no_receipt(scratch) {
        run(async {
            let harbour = Harbour::on(scratch).await;
            let number = harbour.opened(HARBOR).await;
            let refused = receipt(&harbour.house, &system(HARBOR), number).await.unwrap_err();
            assert!(matches!(refused, NoReceipt::NotFinished));
        });
    }
}
