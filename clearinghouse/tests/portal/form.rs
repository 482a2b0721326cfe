//! A report filed by hand, by a browser that runs no script.

use reqwest::StatusCode;
use reqwest::blocking::multipart;

use crate::browser::{Browser, Page};
use crate::common::Running;

/// Begins a form and answers its number with the first page.
pub fn begun(browser: &Browser) -> (String, Page) {
    let first = browser.submit(&browser.get("/provider/forms"), "/provider/forms", &[]);
    let action =
        first.addresses("/provider/forms/").into_iter().find(|path| path.ends_with("/what")).unwrap();
    let number = action.split('/').nth(3).unwrap().to_owned();
    (number, first)
}

const WHAT: [(&str, &str); 6] = [
    ("incidentType", "enticement"),
    ("incidentDateTime.date", "2026-02-03"),
    ("incidentDateTime.time", "14:05"),
    ("incidentDateTime.zone", "-05:00"),
    ("place", "chatImIncident"),
    ("reportAnnotations", "sextortion"),
];

/// Walks the words of a form up to the page of files.
pub fn opened(browser: &Browser) -> (String, Page) {
    let (number, page) = begun(browser);
    let step = |word: &str| format!("/provider/forms/{number}/{word}");
    let page = browser.submit(&page, &step("what"), &WHAT);
    let page = browser.submit(&page, &step("where"), &[("chatImIncident/content", "invented words")]);
    let account = [
        ("personOrUserReported/screenName", "invented_user"),
        ("personOrUserReported/ipCaptureEvent/ipAddress", "192.0.2.7"),
    ];
    let page = browser.submit(&page, &step("account"), &account);
    let page = browser.submit(&page, &step("child"), &[("victim/person/age", "13")]);
    let page = browser.submit(&page, &step("reporter"), &[("reporter/email", "trust@harbor.example")]);
    assert!(page.body.contains("invented_user") && page.body.contains("Check the answers"), "{}", page.body);
    let page = browser.submit(&page, &step("open"), &[]);
    (number, page)
}

// PROVES: R-04
#[test]
fn a_report_can_be_filed_without_a_script() {
    let house = Running::demo(0, &[]);
    let browser = Browser::enter(&house, "provider_reporter");
    let (number, page) = opened(&browser);
    let upload = format!("/provider/forms/{number}/upload");
    let sent = browser.send_file(&page, &upload, "invented.txt", b"invented bytes".to_vec());
    let asked = sent.location.expect("a file leads to its questions");
    let page = browser.get(&asked);
    assert!(page.body.contains("invented.txt"), "{}", page.body);
    let page = browser.submit(&page, &asked, &[("fileViewedByEsp", "Yes"), ("publiclyAvailable", "No")]);
    assert!(page.body.contains("Change answers about file 1"), "{}", page.body);
    let last = browser.get(&format!("/provider/forms/{number}/finish"));
    let filed = browser.submit(&last, &format!("/provider/forms/{number}/file"), &[]);
    assert!(filed.body.contains("You must preserve it until"), "{}", filed.body);
    let receipt =
        filed.addresses("/provider/reports/").into_iter().find(|path| path.ends_with("receipt.json"));
    let (status, bytes) = browser.bytes(&receipt.unwrap());
    assert_eq!(status, StatusCode::OK);
    assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
    // Filed once: the form is gone, and nothing of it can be opened again.
    assert_eq!(browser.get(&format!("/provider/forms/{number}")).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_mistake_is_shown_at_its_field_and_costs_no_answer() {
    let house = Running::demo(0, &[]);
    let browser = Browser::enter(&house, "provider_reporter");
    let (number, page) = begun(&browser);
    let action = format!("/provider/forms/{number}/what");
    let wrong =
        [("incidentType", "enticement"), ("platform", "Harbor Chat"), ("incidentDateTime.time", "14:05")];
    let page = browser.submit(&page, &action, &wrong);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("href=\"#incidentDateTime.date\""), "{}", page.body);
    assert!(page.body.contains("id=\"incidentDateTime.date-error\""), "{}", page.body);
    assert!(page.body.contains("value=\"Harbor Chat\"") && page.body.contains("value=\"14:05\""));
    // It is still there for whoever comes back another day.
    let again = browser.get(&browser.get(&format!("/provider/forms/{number}")).location.unwrap());
    assert!(again.body.contains("value=\"Harbor Chat\""), "{}", again.body);
    let list = browser.get("/provider/forms");
    assert!(
        list.body.contains(&format!("Go on with form {number}")) && list.body.contains("<time datetime=")
    );
}

// PROVES: R-14
#[test]
fn exif_that_was_viewed_means_a_file_that_was_viewed() {
    let house = Running::demo(0, &[]);
    let browser = Browser::enter(&house, "provider_reporter");
    let (number, page) = opened(&browser);
    let sent = browser.send_file(&page, &format!("/provider/forms/{number}/upload"), "a.txt", b"a".to_vec());
    let asked = sent.location.unwrap();
    let page = browser.submit(&browser.get(&asked), &asked, &[("exifViewedByEsp", "Yes")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("the whole file must have been viewed"), "{}", page.body);
}

#[test]
fn words_can_be_changed_again_by_taking_the_open_report_back() {
    let house = Running::demo(0, &[]);
    let browser = Browser::enter(&house, "provider_reporter");
    let (number, page) = opened(&browser);
    let what = browser.submit(&page, &format!("/provider/forms/{number}/reopen"), &[]);
    assert!(what.body.contains("value=\"2026-02-03\""), "{}", what.body);
    let list = browser.get("/provider/forms");
    let list = browser.submit(&list, &format!("/provider/forms/{number}/discard"), &[]);
    assert!(list.body.contains("Nothing is waiting"), "{}", list.body);
}

#[test]
fn a_file_without_its_token_or_without_a_name_is_not_kept() {
    let house = Running::demo(0, &[]);
    let browser = Browser::enter(&house, "provider_reporter");
    let (number, page) = opened(&browser);
    let upload = format!("/provider/forms/{number}/upload");
    let file = || multipart::Part::bytes(b"bytes".to_vec()).file_name("a.txt");
    let late = multipart::Form::new().part("file", file()).text("csrf", page.token(&upload));
    assert_eq!(browser.send_parts(&upload, late).status, StatusCode::FORBIDDEN);
    let forged = multipart::Form::new().text("csrf", "0".repeat(64)).part("file", file());
    assert_eq!(browser.send_parts(&upload, forged).status, StatusCode::FORBIDDEN);
    let empty = multipart::Form::new()
        .text("csrf", page.token(&upload))
        .part("file", multipart::Part::bytes(Vec::new()));
    let answered = browser.send_parts(&upload, empty);
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.get(&format!("/provider/forms/{number}/files")).body.contains("No file yet"));
}
