//! The same request under the same key, and files with the digest that they must have.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;

use crate::desk::{Desk, REPORT, SECRET, file, form, signed, with, xml};
use crate::run;

const REPORTS: &str = "-- test::reports
    SELECT COUNT(*) FROM report";
const FILES: &str = "-- test::files
    SELECT COUNT(*) FROM evidence";
const KEYS: &str = "-- test::keys
    SELECT COUNT(*) FROM idempotency";

fn submit(key: &str) -> Request<Body> {
    with(xml("submit", REPORT), "idempotency-key", key)
}

fn upload(report: &str, bytes: &[u8], key: &str) -> Request<Body> {
    with(file(report, bytes), "idempotency-key", key)
}

// PROVES: R-15
#[test]
fn the_same_submit_again_is_told_the_same_number_and_opens_nothing() {
    run(async {
        let desk = Desk::new().await;
        let first = desk.ask(submit("\"one\"")).await;
        let again = desk.ask(submit("one")).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        assert_eq!(desk.count(REPORTS).await, 1);
        // Also after a restart, and after the report is finished.
        let report = first.element("reportId");
        assert_eq!(desk.ask(form("finish", &report)).await.code(), "0");
        let desk = desk.reopened().await;
        assert_eq!(desk.ask(submit("one")).await.body, first.body);
        assert_ne!(desk.ask(submit("two")).await.body, first.body);
        assert_eq!(desk.count(REPORTS).await, 2);
    });
}

#[test]
fn other_bytes_under_a_key_are_refused_with_a_reason_and_open_nothing() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.ask(submit("one")).await.element("reportId");
        let other = xml("submit", &REPORT.replace("desk@", "other@"));
        let heard = desk.ask(with(other, "idempotency-key", "one")).await;
        assert_eq!((heard.status, heard.code().as_str()), (400, "4000"));
        let says = heard.element("responseDescription");
        assert!(says.starts_with("Invalid request: this Idempotency-Key was sent before"), "{says}");
        assert!(heard.header("response-help").unwrap().contains(&format!("made report {report}")));
        assert_eq!(desk.count(REPORTS).await, 1);
        // A document that is refused takes no key.
        let wrong = with(xml("submit", "<report/>"), "idempotency-key", "two");
        assert_eq!(desk.ask(wrong).await.code(), "4100");
        assert_eq!(desk.ask(submit("two")).await.code(), "0");
    });
}

#[test]
fn a_key_of_one_provider_is_nothing_to_another() {
    run(async {
        let desk = Desk::new().await;
        let ours = desk.ask(submit("one")).await.element("reportId");
        let theirs = desk.ask(signed(submit("one"), "pine-forum-full", SECRET)).await.element("reportId");
        assert_ne!(ours, theirs);
    });
}

#[test]
fn twins_that_run_at_once_open_one_report_and_add_one_file() {
    run(async {
        let desk = Arc::new(Desk::new().await);
        let twins = async |request: fn(&str) -> Request<Body>, report: String| {
            let all: Vec<_> = (0..12)
                .map(|_| {
                    let (desk, report) = (Arc::clone(&desk), report.clone());
                    tokio::spawn(async move { desk.ask(request(&report)).await.body })
                })
                .collect();
            let mut answers = Vec::new();
            for one in all {
                answers.push(one.await.unwrap());
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{answers:?}");
            answers.remove(0)
        };
        let opened = twins(|_| submit("one"), String::new()).await;
        assert_eq!(desk.count(REPORTS).await, 1);
        let report = opened.split("<reportId>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        twins(|report| upload(report, b"hello", "file-1"), report).await;
        assert_eq!(desk.count(FILES).await, 1);
    });
}

#[test]
fn the_same_upload_again_is_told_the_same_file_and_adds_nothing() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let first = desk.ask(upload(&report, b"hello", "one")).await;
        let again = desk.ask(upload(&report, b"hello", "one")).await;
        assert_eq!((first.status, &first.body), (200, &again.body));
        for other in [upload(&report, b"other", "one"), upload(&desk.submit().await, b"hello", "one")] {
            let heard = desk.ask(other).await;
            assert_eq!((heard.status, heard.code().as_str()), (400, "4000"), "{heard:?}");
        }
        assert_eq!(desk.count(FILES).await, 1);
        // An answer that was lost is given again, also after the finish; a new file is not taken then.
        assert_eq!(desk.ask(form("finish", &report)).await.code(), "0");
        let desk = desk.reopened().await;
        assert_eq!(desk.ask(upload(&report, b"hello", "one")).await.body, first.body);
        assert_eq!(desk.ask(upload(&report, b"hello", "two")).await.code(), "5102");
    });
}

#[test]
fn nothing_of_a_withdrawn_report_is_told_again() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        desk.ask(upload(&report, b"hello", "one")).await;
        assert_eq!(desk.ask(form("retract", &report)).await.code(), "0");
        assert_eq!(desk.ask(upload(&report, b"hello", "one")).await.code(), "5101");
    });
}

#[test]
fn the_worker_forgets_a_key_a_day_after_its_report_closed() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.ask(submit("one")).await.element("reportId");
        desk.ask(submit("open")).await;
        desk.ask(form("finish", &report)).await;
        desk.house.advance(SignedDuration::from_hours(25));
        while pipeline::worker::sweep(&desk.house).await.unwrap() == 100 {}
        // The other one expired just now, so it has a day left.
        assert_eq!(desk.count(KEYS).await, 1);
        desk.house.advance(SignedDuration::from_hours(26));
        while pipeline::worker::sweep(&desk.house).await.unwrap() == 100 {}
        assert_eq!(desk.count(KEYS).await, 0);
    });
}

#[test]
fn a_file_that_is_not_what_its_digest_says_is_refused_and_not_kept() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let sha256 = |bytes: &[u8]| format!("sha-256=:{}:", STANDARD.encode(seal::sha256(bytes)));
        let digest = |bytes: &[u8], says: &str| with(file(&report, bytes), "repr-digest", says);
        let large = vec![7; 3 << 20];
        for bytes in [b"hello".as_slice(), &large] {
            let heard = desk.ask(digest(bytes, &sha256(b"other"))).await;
            assert_eq!((heard.status, heard.code().as_str()), (400, "4200"), "{heard:?}");
            assert!(heard.header("response-help").unwrap().starts_with("Nothing of this file was kept"));
        }
        let files = desk.house.folder().join("vault").join("files");
        let left: usize = std::fs::read_dir(files)
            .unwrap()
            .map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count())
            .sum();
        assert_eq!((desk.count(FILES).await, left), (0, 0));
        assert_eq!(desk.ask(digest(b"hello", &sha256(b"hello"))).await.code(), "0");
        let md5 = "sha-512=:AAAA:, md5=:XUFAKrxLKna5cZ2REBfFkg==:";
        assert_eq!(desk.ask(digest(b"hello", md5)).await.code(), "0");
        assert_eq!(desk.ask(digest(b"jello", md5)).await.code(), "4200");
        assert_eq!(desk.count(FILES).await, 2);
    });
}
