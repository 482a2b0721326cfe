//! Files in several requests, as a client of tus 1.0 sends them.

use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Profile;
use jiff::SignedDuration;
use providers::Settings;

use crate::desk::{Desk, Heard, SECRET, details, form, request, signed, with};
use crate::run;

const FILES: &str = "-- test::files
    SELECT COUNT(*) FROM evidence";
const SEGMENTS: &str = "-- test::segments
    SELECT COUNT(*) FROM transfer_segment";
const CHUNK: &str = "application/offset+octet-stream";

fn tus(method: Method, path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    with(request(method, path, kind, body), "tus-resumable", "1.0.0")
}

fn begin(report: &str, length: usize) -> Request<Body> {
    let words = format!("id {},filename {}", STANDARD.encode(report), STANDARD.encode("big.bin"));
    let request = with(tus(Method::POST, "uploads", "", Body::empty()), "upload-metadata", &words);
    with(request, "upload-length", &length.to_string())
}

fn patch(path: &str, offset: usize, bytes: &[u8]) -> Request<Body> {
    with(tus(Method::PATCH, path, CHUNK, bytes.to_vec()), "upload-offset", &offset.to_string())
}

fn head(path: &str) -> Request<Body> {
    tus(Method::HEAD, path, "", Body::empty())
}

/// The path of a file that was begun.
async fn begun(desk: &Desk, report: &str, length: usize) -> String {
    let heard = desk.ask(begin(report, length)).await;
    assert_eq!((heard.status, heard.header("upload-offset")), (201, Some("0")), "{heard:?}");
    assert!(heard.header("upload-expires").is_none_or(|date| date.ends_with("GMT")));
    path_of(&heard)
}

fn path_of(heard: &Heard) -> String {
    heard.header("location").unwrap().strip_prefix("/ispws/").unwrap().to_owned()
}

fn digest_of(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(seal::sha256(bytes)))
}

#[test]
fn a_file_arrives_in_three_requests_with_a_restart_between_them() {
    run(async {
        // Longer than one segment of the vault.
        let bytes: Vec<u8> = (0..20_000_003_u32).map(|n| (n % 251) as u8).collect();
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let path = begun(&desk, &report, bytes.len()).await;
        let first = desk.ask(patch(&path, 0, &bytes[..18_000_000])).await;
        assert_eq!((first.status, first.header("upload-offset")), (204, Some("18000000")), "{first:?}");
        let desk = desk.reopened().await;
        let standing = desk.ask(head(&path)).await;
        assert_eq!((standing.status, standing.header("upload-offset")), (200, Some("18000000")));
        assert_eq!(standing.header("upload-length"), Some("20000003"));
        assert!(standing.header("upload-expires").unwrap().ends_with("GMT"));
        assert_eq!(desk.ask(patch(&path, 18_000_000, &bytes[18_000_000..19_000_000])).await.status, 204);
        let last = desk.ask(patch(&path, 19_000_000, &bytes[19_000_000..])).await;
        assert_eq!((last.status, last.header("upload-offset")), (204, Some("20000003")), "{last:?}");
        assert!(last.header("repr-digest").unwrap().starts_with(&digest_of(&bytes)), "{last:?}");

        // It is a file like any other from now on, and its segments are gone.
        let file = last.header("file-id").unwrap();
        assert_eq!(path, format!("uploads/{file}"));
        assert_eq!(desk.ask(details(&report, file)).await.code(), "0");
        let done = desk.ask(form("finish", &report)).await;
        assert!(done.body.contains(&format!("<fileId>{file}</fileId>")), "{done:?}");
        assert_eq!((desk.count(FILES).await, desk.count(SEGMENTS).await), (1, 0));
        // Who lost the last answer hears it again.
        let after = desk.ask(head(&path)).await;
        assert_eq!(after.header("repr-digest"), last.header("repr-digest"));
    });
}

// PROVES: R-76b
#[test]
fn what_goes_on_when_its_sender_is_gone_says_from_where_it_was_asked() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let path = begun(&desk, &report, 4).await;
        let here = store::Origin::new("providers").in_process("serve-7");
        let sent = here.scope(desk.ask(patch(&path, 0, b"dull"))).await;
        assert_eq!(sent.status, 204, "{sent:?}");
        while desk.house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
        let reader = desk.house.house().clone();
        let records = desk.house.read("test::records", move |view| reader.book().records(view, 0, 100)).await;
        let grown = records.unwrap().into_iter().filter(|one| one.kind == store::EventKind::TransferGrew);
        let from: Vec<_> = grown.map(|one| one.event.unwrap()["process"].clone()).collect();
        assert_eq!(from, ["serve-7"]);
    });
}

#[test]
fn a_client_is_told_what_is_spoken_and_that_it_must_speak_it() {
    run(async {
        let desk = Desk::new().await;
        let heard = desk.ask(request(Method::OPTIONS, "uploads", "", Body::empty())).await;
        assert_eq!((heard.status, heard.header("tus-version")), (204, Some("1.0.0")));
        let extensions = heard.header("tus-extension").unwrap();
        assert_eq!(extensions, "creation,creation-with-upload,checksum,termination,expiration");
        assert_eq!(heard.header("tus-checksum-algorithm"), Some("sha256,sha1,md5"));
        let other = with(begin("1", 5), "tus-resumable", "0.2.2");
        assert_eq!(desk.ask(other).await.status, 412);
        for request in [begin("1", 5), head("uploads/abababababababababababababababab")] {
            let stranger = desk.ask(signed(request, "harbor-chat-full", "wrong")).await;
            assert_eq!(stranger.status, 401);
        }
        let reader = desk.ask(signed(begin("1", 5), "harbor-chat-reader", SECRET)).await;
        assert_eq!((reader.status, reader.code().as_str()), (403, "3300"));
    });
}

#[test]
fn what_does_not_fit_is_refused_and_what_was_there_stays() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let path = begun(&desk, &report, 10).await;
        assert_eq!(desk.ask(patch(&path, 0, b"hello")).await.status, 204);
        let cases = [
            (patch(&path, 4, b"o"), 409, "4000"),
            (patch(&path, 0, b"hello"), 409, "4000"),
            (patch(&path, 5, b"longer than it"), 413, "4200"),
            (with(patch(&path, 5, b"wor"), "content-type", "text/plain"), 415, "4000"),
            (with(patch(&path, 5, b"wor"), "upload-offset", "five"), 400, "4000"),
            (with(patch(&path, 5, b"wor"), "upload-checksum", "crc32 AAAA"), 400, "4000"),
            (with(patch(&path, 5, b"wor"), "upload-checksum", "md5 XUFAKrxLKna5cZ2REBfFkg=="), 460, "4200"),
            (signed(patch(&path, 5, b"wor"), "pine-forum-full", SECRET), 404, "5002"),
            (patch("uploads/abababababababababababababababab", 0, b"x"), 404, "5002"),
            (patch("uploads/7", 0, b"x"), 404, "5002"),
        ];
        for (place, (request, status, code)) in cases.into_iter().enumerate() {
            let heard = desk.ask(request).await;
            assert_eq!((heard.status, heard.code().as_str()), (status, code), "{place}: {heard:?}");
            assert_eq!(heard.header("tus-resumable"), Some("1.0.0"));
            assert_eq!(desk.ask(head(&path)).await.header("upload-offset"), Some("5"), "{place}");
        }
        let sha1 = "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=";
        let right = with(tus(Method::POST, &path, CHUNK, "hello"), "x-http-method-override", "PATCH");
        let right = with(with(right, "upload-offset", "5"), "upload-checksum", sha1);
        let heard = desk.ask(right).await;
        assert!(heard.header("repr-digest").unwrap().starts_with(&digest_of(b"hellohello")), "{heard:?}");
    });
}

#[test]
fn bytes_may_come_along_and_an_empty_file_is_whole_at_once() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let mut along = begin(&report, 5);
        *along.body_mut() = Body::from("hello");
        let heard = desk.ask(with(along, "content-type", CHUNK)).await;
        assert_eq!((heard.status, heard.header("upload-offset")), (201, Some("5")), "{heard:?}");
        let empty = desk.ask(begin(&report, 0)).await;
        assert_eq!(empty.status, 201);
        assert!(empty.header("repr-digest").unwrap().starts_with(&digest_of(b"")), "{empty:?}");
        assert_eq!(desk.count(FILES).await, 2);
    });
}

#[test]
fn a_whole_file_that_is_not_what_was_announced_is_refused_and_not_kept() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        let heard = desk.ask(with(begin(&report, 5), "repr-digest", &digest_of(b"other"))).await;
        let path = path_of(&heard);
        let refused = desk.ask(patch(&path, 0, b"hello")).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "4200"), "{refused:?}");
        assert_eq!((desk.count(FILES).await, desk.count(SEGMENTS).await), (0, 0));
        assert_eq!(desk.ask(head(&path)).await.status, 404);
    });
}

#[test]
fn a_file_ends_with_its_report_or_when_its_sender_drops_it() {
    run(async {
        let desk = Desk::new().await;
        let (dropped, closed, expired) = (desk.submit().await, desk.submit().await, desk.submit().await);
        let mut paths = Vec::new();
        for report in [&dropped, &closed, &expired] {
            let path = begun(&desk, report, 10).await;
            assert_eq!(desk.ask(patch(&path, 0, b"hello")).await.status, 204);
            paths.push(path);
        }
        let delete = tus(Method::DELETE, &paths[0], "", Body::empty());
        assert_eq!(desk.ask(delete).await.status, 204);
        assert_eq!(desk.ask(head(&paths[0])).await.status, 404);
        assert_eq!(desk.ask(form("retract", &closed)).await.code(), "0");
        let late = desk.ask(patch(&paths[1], 5, b"world")).await;
        assert_eq!((late.status, late.code().as_str()), (410, "5101"), "{late:?}");
        desk.house.advance(SignedDuration::from_hours(25));
        let late = desk.ask(patch(&paths[2], 5, b"world")).await;
        assert_eq!((late.status, late.code().as_str()), (404, "5001"), "{late:?}");
        while pipeline::worker::sweep(&desk.house).await.unwrap() == 100 {}
        assert_eq!(desk.count(SEGMENTS).await, 0);
        assert_eq!(desk.ask(head(&paths[2])).await.status, 404);
    });
}

#[test]
fn a_report_may_have_so_many_unfinished_files_and_no_more() {
    run(async {
        let desk = Desk::new().await;
        let report = desk.submit().await;
        for _ in 0..store::transfer::MOST_UNFINISHED {
            begun(&desk, &report, 5).await;
        }
        let heard = desk.ask(begin(&report, 5)).await;
        assert_eq!((heard.status, heard.code().as_str()), (400, "4000"), "{heard:?}");
        assert!(heard.header("response-help").unwrap().contains("DELETE"));
    });
}

#[test]
fn what_may_not_be_kept_is_taken_in_parts_all_the_same_and_lost_with_the_process() {
    run(async {
        let desk = Desk::of(Profile::SyntheticDemo, Settings::default()).await;
        let report = desk.submit().await;
        let path = begun(&desk, &report, 10).await;
        assert_eq!(desk.ask(patch(&path, 0, b"hello")).await.header("upload-offset"), Some("5"));
        assert_eq!(desk.ask(patch(&path, 4, b"x")).await.status, 409);
        assert_eq!(desk.count(SEGMENTS).await, 0);
        let desk = desk.reopened().await;
        assert_eq!(desk.ask(head(&path)).await.header("upload-offset"), Some("0"));
        assert_eq!(desk.ask(patch(&path, 0, b"hello")).await.status, 204);
        let last = desk.ask(patch(&path, 5, b"world")).await;
        assert!(last.header("repr-digest").unwrap().starts_with(&digest_of(b"helloworld")), "{last:?}");
        assert_eq!(desk.count(FILES).await, 1);
    });
}
