//! Every documented code on every endpoint that can give it, in both status modes.

use axum::body::Body;
use axum::http::{Method, Request};
use cybertip::response::ResponseCode;
use providers::{FinishErrorRoot, StatusMode};

use crate::desk::{
    Desk, Heard, NO_FILE, NOBODYS, REPORT, SECRET, about, all, both_modes, both_roots, details, file, form,
    get, request, signed, with, xml,
};
use crate::run;

/// What every answer has, and what the code asks of it.
fn holds(desk: &Desk, endpoint: &str, heard: &Heard, number: u32) {
    let code = ResponseCode::find(number).unwrap();
    assert_eq!(heard.code(), number.to_string(), "{endpoint}: {heard:?}");
    let modern = match code {
        ResponseCode::ResourceNotFound => 404,
        other => other.http_status(),
    };
    let status = if desk.settings.status_mode == StatusMode::Modern { modern } else { 200 };
    assert_eq!(heard.status, status, "{endpoint}: {heard:?}");
    assert_eq!(heard.header("request-id").unwrap().len(), 36, "{endpoint}");
    assert_eq!(heard.header("content-type"), Some("application/xml;charset=UTF-8"), "{endpoint}");
    assert_eq!(heard.header("retry-after").is_some(), code.is_retryable(), "{endpoint}: {heard:?}");
    let done = endpoint == "finish" && heard.body.contains("<files");
    if done {
        assert!(heard.body.contains("<reportDoneResponse>") && !heard.body.contains("responseDescription"));
        assert!(number == 0 || heard.header("response-description").unwrap().starts_with(code.text()));
    } else {
        assert!(heard.body.contains("<reportResponse>"), "{endpoint}: {heard:?}");
        let said = heard.element("responseDescription");
        assert!(said.starts_with(code.text()) || endpoint == "status", "{endpoint}: {said}");
    }
}

async fn each(desk: &Desk, requests: impl IntoIterator<Item = (&'static str, Request<Body>)>, number: u32) {
    for (endpoint, request) in requests {
        holds(desk, endpoint, &desk.ask(request).await, number);
    }
}

#[test]
fn success_is_0_everywhere() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            let (report, id) = desk.uploaded().await;
            let other = desk.submit().await;
            each(&desk, [("status", get("status")), ("submit", xml("submit", REPORT))], 0).await;
            each(&desk, [("upload", file(&report, b"hello")), ("fileinfo", details(&report, &id))], 0).await;
            each(&desk, [("finish", form("finish", &report)), ("retract", form("retract", &other))], 0).await;
            assert_eq!(desk.ask(get("xsd")).await.status, 200);
        }
    });
}

#[test]
fn without_right_credentials_every_endpoint_is_shut_without_a_word() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings.paced(0, 0)).await;
            for (username, secret) in [("harbor-chat-full", "wrong"), ("nobody", SECRET), ("", "")] {
                for (endpoint, request) in all(NOBODYS, NO_FILE) {
                    let heard = desk.ask(signed(request, username, secret)).await;
                    assert_eq!((heard.status, heard.body.as_str()), (401, ""), "{endpoint}");
                    assert_eq!(heard.header("www-authenticate"), Some("Basic realm=\"ESP Web Services\""));
                    assert_eq!(heard.header("request-id").unwrap().len(), 36);
                }
            }
            let mut bare = get("status");
            bare.headers_mut().remove("authorization");
            assert_eq!(desk.ask(bare).await.status, 401);
        }
    });
}

#[test]
fn a_credential_that_was_switched_off_is_3000_everywhere() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            let asked = all(NOBODYS, NO_FILE);
            let off =
                asked.into_iter().map(|(name, request)| (name, signed(request, "harbor-chat-off", SECRET)));
            each(&desk, off, 3000).await;
        }
    });
}

#[test]
fn rights_that_a_credential_does_not_have_are_3100_and_3300() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            let (report, id) = desk.uploaded().await;
            let submit = signed(xml("submit", REPORT), "harbor-chat-writer", SECRET);
            each(&desk, [("submit", submit)], 3100).await;
            let asked = about(&report, &id).into_iter();
            let reader = asked.map(|(name, request)| (name, signed(request, "harbor-chat-reader", SECRET)));
            each(&desk, reader, 3300).await;
        }
    });
}

#[test]
fn what_is_no_request_of_the_language_is_4000() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            let json = |path| request(Method::POST, path, "application/json", "{}");
            each(
                &desk,
                ["submit", "upload", "fileinfo", "finish", "retract"].map(|path| (path, json(path))),
                4000,
            )
            .await;
            each(&desk, ["upload", "finish", "retract"].map(|path| (path, bad_id(path))), 4000).await;
            let keyed = |key| with(xml("submit", REPORT), "idempotency-key", key);
            each(&desk, ["", "\"open"].map(|key| ("submit", keyed(key))), 4000).await;
            let digested = with(file(NOBODYS, b"hello"), "repr-digest", "sha-512=:AAAA:");
            each(&desk, [("upload", digested)], 4000).await;
        }
    });
}

fn bad_id(path: &str) -> Request<Body> {
    if path == "upload" { file("seven", b"hello") } else { form(path, "seven") }
}

#[test]
fn documents_and_files_that_are_broken_are_4100_4110_and_4200() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            each(&desk, ["submit", "fileinfo"].map(|path| (path, xml(path, "<wrong/>"))), 4100).await;
            each(&desk, ["submit", "fileinfo"].map(|path| (path, xml(path, "<report>&</report>"))), 4110)
                .await;
            let report = desk.submit().await;
            let no_file =
                format!("--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n{report}\r\n--b--\r\n");
            let kind = "multipart/form-data; boundary=b";
            each(&desk, [("upload", request(Method::POST, "upload", kind, no_file))], 4200).await;
            each(&desk, [("upload", request(Method::POST, "upload", kind, "--b\r\nbroken"))], 4200).await;
        }
    });
}

#[test]
fn reports_and_files_that_are_not_there_are_5001_and_5002() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            each(&desk, about(NOBODYS, NO_FILE), 5001).await;
            let (report, id) = desk.uploaded().await;
            let asked = about(&report, &id).into_iter();
            // Another provider's report is as unknown as none.
            let foreign = asked.map(|(name, request)| (name, signed(request, "pine-forum-full", SECRET)));
            each(&desk, foreign, 5001).await;
            each(&desk, [("fileinfo", details(&report, NO_FILE))], 5002).await;
        }
    });
}

// PROVES: R-13
#[test]
fn a_closed_report_is_5101_or_5102_everywhere() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            for (end, number) in [("retract", 5101), ("finish", 5102)] {
                let (report, id) = desk.uploaded().await;
                assert_eq!(desk.close(end, &report).await.code(), "0");
                each(&desk, about(&report, &id), number).await;
            }
        }
    });
}

#[test]
fn a_path_that_is_not_there_is_1210_and_a_method_4000() {
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            each(&desk, [("nowhere", get("nowhere"))], 1210).await;
            let heard = desk.ask(get("submit")).await;
            assert_eq!(heard.code(), "4000");
            let modern = settings.status_mode == StatusMode::Modern;
            assert_eq!(heard.status, if modern { 405 } else { 200 });
        }
    });
}

#[test]
fn faults_of_ours_have_the_code_of_what_failed_and_say_when_to_try_again() {
    const NO_REPORTS: &str = "-- test::no_reports
        CREATE TRIGGER no_reports BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'test'); END";
    const NO_FILES: &str = "-- test::no_files
        CREATE TRIGGER no_files BEFORE INSERT ON evidence BEGIN SELECT RAISE(ABORT, 'test'); END";
    const NO_DETAILS: &str = "-- test::no_details
        CREATE TRIGGER no_details BEFORE INSERT ON document BEGIN SELECT RAISE(ABORT, 'test'); END";
    const NO_CLOSING: &str = "-- test::no_closing
        CREATE TRIGGER no_closing BEFORE UPDATE OF stage ON report BEGIN SELECT RAISE(ABORT, 'test'); END";
    run(async {
        for settings in both_modes() {
            let desk = Desk::with(settings).await;
            let (report, id) = desk.uploaded().await;
            desk.meddle(NO_REPORTS).await;
            each(&desk, [("submit", xml("submit", REPORT))], 1100).await;
            desk.meddle(NO_FILES).await;
            each(&desk, [("upload", file(&report, b"hello"))], 1111).await;
            desk.meddle(NO_DETAILS).await;
            each(&desk, [("fileinfo", details(&report, &id))], 1300).await;
            desk.meddle(NO_CLOSING).await;
            each(&desk, [("finish", form("finish", &report)), ("retract", form("retract", &report))], 1300)
                .await;
            // A large file goes to a draft, and there is no folder for drafts any more.
            std::fs::remove_dir_all(desk.house.folder().join("vault").join("drafts")).unwrap();
            each(&desk, [("upload", file(&report, &vec![7; 4 << 20]))], 1110).await;
            desk.house.close();
            each(&desk, all(&report, &id).into_iter().filter(|(name, _)| *name != "xsd"), 1000).await;
        }
    });
}

#[test]
fn the_root_of_a_finish_error_is_what_the_operator_chose() {
    run(async {
        for settings in both_roots() {
            for status_mode in [StatusMode::Modern, StatusMode::Always200] {
                let desk = Desk::with(providers::Settings { status_mode, ..settings }).await;
                let report = desk.submit().await;
                desk.close("finish", &report).await;
                let heard = desk.close("finish", &report).await;
                holds(&desk, "finish", &heard, 5102);
                let done = settings.finish_error_root == FinishErrorRoot::ReportDoneResponse;
                let body = if done {
                    format!(
                        "<reportDoneResponse><responseCode>5102</responseCode><reportId>{report}</reportId><files/></reportDoneResponse>"
                    )
                } else {
                    format!(
                        "<reportResponse><responseCode>5102</responseCode><responseDescription>Report already finished</responseDescription><reportId>{report}</reportId></reportResponse>"
                    )
                };
                assert!(heard.body.ends_with(&body), "{heard:?}");
            }
        }
    });
}
