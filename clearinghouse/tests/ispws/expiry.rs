//! When an unfinished report ends, to the second, and what its sender is told then.

use domain::{CredentialId, Id, ProviderId};
use jiff::SignedDuration;
use policy::access;

use crate::desk::{Desk, NO_FILE, about, details};
use crate::run;

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

const KEYS: &str = "-- test::keys
    SELECT COUNT(*) FROM keystore WHERE report_id > 0";
const CONTENT: &str = "-- test::content
    SELECT (SELECT COUNT(*) FROM document) + (SELECT COUNT(*) FROM evidence)";
const LEAVES: &str = "-- test::leaves
    SELECT COUNT(*) FROM ledger_leaf WHERE kind = 'report-expired'";

async fn codes(desk: &Desk, report: &str, id: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for (_, request) in about(report, id) {
        codes.push(desk.ask(request).await.code());
    }
    codes
}

// PROVES: R-13
#[test]
fn a_report_ends_a_day_after_it_was_opened_to_the_second() {
    run(async {
        let desk = Desk::new().await;
        let (kept, lost) = (desk.submit().await, desk.submit().await);
        desk.house.advance(DAY - SECOND);
        assert_eq!(desk.close("finish", &kept).await.code(), "0");
        desk.house.advance(SECOND + SECOND);
        assert_eq!(codes(&desk, &lost, NO_FILE).await, ["5001"; 4]);
    });
}

// PROVES: R-13
#[test]
fn a_report_that_grew_ends_an_hour_after_it_did_when_that_is_later() {
    run(async {
        let desk = Desk::new().await;
        let ((kept, file), (lost, other)) = (desk.uploaded().await, desk.uploaded().await);
        desk.house.advance(DAY - SECOND);
        for (report, file) in [(&kept, &file), (&lost, &other)] {
            assert_eq!(desk.ask(details(report, file)).await.code(), "0");
        }
        desk.house.advance(HOUR - SECOND);
        assert_eq!(desk.close("finish", &kept).await.code(), "0");
        desk.house.advance(SECOND + SECOND);
        assert_eq!(codes(&desk, &lost, &other).await, ["5001"; 4]);
        // A crash in the middle is settled by a retract: open, finished and expired are told apart exactly.
        assert_eq!(desk.close("retract", &kept).await.code(), "5102");
    });
}

// PROVES: R-13
#[test]
fn the_sweep_destroys_keys_and_content_and_leaves_a_line() {
    run(async {
        let desk = Desk::new().await;
        let (report, file) = desk.uploaded().await;
        assert_eq!((desk.count(KEYS).await, desk.count(CONTENT).await), (2, 2));
        desk.house.advance(DAY + SECOND);
        assert_eq!(pipeline::worker::sweep(&desk.house).await.unwrap(), 1);
        assert_eq!((desk.count(KEYS).await, desk.count(CONTENT).await), (0, 0));
        assert_eq!(desk.count(LEAVES).await, 1);
        assert_eq!(codes(&desk, &report, &file).await, ["5001"; 4]);
    });
}

#[test]
fn a_second_description_takes_the_place_of_the_first_which_stays_on_record() {
    run(async {
        let desk = Desk::new().await;
        let (report, file) = desk.uploaded().await;
        for _ in 0..2 {
            assert_eq!(desk.ask(details(&report, &file)).await.code(), "0");
        }
        let own = access::provider_read(
            ProviderId::parse("harbor-chat").unwrap(),
            CredentialId::parse("harbor-chat-full").unwrap(),
        );
        let number = report.parse().unwrap();
        let read =
            desk.house.read("test::documents", move |view| store::document::of_report(view, &own, number));
        let superseded: Vec<bool> =
            read.await.unwrap().iter().map(|one| one.superseded_at.is_some()).collect();
        assert_eq!(superseded, [false, true, false]);
    });
}
