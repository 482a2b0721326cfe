//! Credentials, contacts and the profile, as a browser without scripts changes them; and who may.

use reqwest::StatusCode;

use crate::browser::{Browser, Page, client};
use crate::common::Running;

fn status(house: &Running, username: &str, password: &str) -> StatusCode {
    let asked = client().get(format!("{}/status", house.ispws())).basic_auth(username, Some(password));
    asked.send().unwrap().status()
}

/// What a page shows to copy: user name and password.
fn shown(page: &Page) -> (String, String) {
    let codes: Vec<&str> =
        page.body.split("<code>").skip(1).map(|part| part.split('<').next().unwrap()).collect();
    assert!(page.body.contains("only time that the password is shown"), "{}", page.body);
    (codes[0].to_owned(), codes[1].to_owned())
}

#[test]
fn a_credential_is_replaced_without_a_gap_and_revoked_at_once() {
    let house = Running::demo(0, &[]);
    let (old, password) = house.provider(0);
    let admin = Browser::enter(&house, "provider_admin");
    let page = admin.get("/provider/credentials");
    let rotate = page.addresses("/provider/credentials/").into_iter().find(|path| path.ends_with("/rotate"));
    let rotate = rotate.expect("a live credential can be replaced");
    let made = admin.submit(&page, &rotate, &[("lives_on", "day")]);
    let (new, secret) = shown(&made);
    assert_eq!(status(&house, &old, &password), StatusCode::OK);
    assert_eq!(status(&house, &new, &secret), StatusCode::OK);
    let page = admin.get("/provider/credentials");
    assert!(!page.body.contains(&secret), "the secret is shown once");
    assert!(!page.body.contains("/provider/credentials/new"), "two live already");
    let revoke = rotate.replace("/rotate", "/revoke");
    let gone = admin.submit(&page, &revoke, &[]);
    assert!(gone.body.contains("Revoked"), "{}", gone.body);
    assert_ne!(status(&house, &old, &password), StatusCode::OK);
    assert_eq!(status(&house, &new, &secret), StatusCode::OK);
}

#[test]
fn the_last_use_of_a_credential_is_told_by_its_day() {
    let house = Running::demo(0, &[]);
    let admin = Browser::enter(&house, "provider_admin");
    assert!(admin.get("/provider/credentials").body.contains("Never"));
    let (username, password) = house.provider(0);
    assert_eq!(status(&house, &username, &password), StatusCode::OK);
    // It is written beside the request, so the page may be a moment behind.
    let seen = (0..200).any(|_| !admin.get("/provider/credentials").body.contains("Never"));
    assert!(seen, "the use is written down");
}

// PROVES: R-06
#[test]
fn contact_fields_are_asked_for_whole_and_every_version_is_kept() {
    let house = Running::demo(0, &[]);
    let admin = Browser::enter(&house, "provider_admin");
    let page = admin.get("/provider/contacts");
    let half = admin.submit(&page, "/provider/contacts", &[("telephone", "202-555-0100")]);
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.body.contains("value=\"202-555-0100\"") && half.body.contains("href=\"#email\""));
    let whole = [
        ("mailing_address", "2 Invented Street"),
        ("telephone", "202-555-0101"),
        ("fax", "none"),
        ("email", "trust@harbor.example"),
        ("individual", "Sam Placeholder"),
    ];
    let done = admin.submit(&half, "/provider/contacts", &whole);
    assert!(done.body.contains("Recorded as version 2"), "{}", done.body);
}

#[test]
fn a_profile_is_drafted_handed_in_and_waits() {
    let house = Running::demo(0, &[]);
    handed_in(&Browser::enter(&house, "other_provider_admin"));
}

/// Writes a profile and hands it in; which version it is.
pub fn handed_in(admin: &Browser) -> String {
    let page = admin.get("/provider/profile");
    let draft = admin.submit(&page, "/provider/profile", &[("viewed", "A reviewer saw all of it.")]);
    assert!(draft.body.contains("Before it can be handed in, it must say"), "{}", draft.body);
    let whole = [
        ("viewed", "A reviewer saw all of it."),
        ("incident_time", "The upload."),
        ("event_Login", "The start of a session."),
        ("retention", "Ninety days."),
        ("legal_email", "legal@harbor.example"),
    ];
    let draft = admin.submit(&draft, "/provider/profile", &whole);
    let version =
        draft.body.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let waits = admin.submit(&draft, "/provider/profile/submit", &[("version", &version)]);
    assert!(waits.body.contains("waits for approval"), "{}", waits.body);
    version
}

#[test]
fn a_reporter_looks_and_does_not_change() {
    let house = Running::demo(0, &[]);
    let reporter = Browser::enter(&house, "provider_reporter");
    for room in ["/provider/credentials", "/provider/contacts", "/provider/profile"] {
        let page = reporter.get(room);
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("You can look, but not change"), "{room}");
        assert_eq!(page.body.matches("<form ").count(), 2, "only those that lock and sign out: {room}");
        for own in ["/provider/lock", "/provider/sign-out"] {
            assert!(page.body.contains(&format!("action=\"{own}\"")), "{room}");
        }
    }
}

// PROVES: R-33
#[test]
fn every_page_says_that_this_is_a_test_and_whom_content_may_be_given_to() {
    let house = Running::demo(0, &[]);
    let link = house.ready["sign_in"]["provider_admin"].as_str().unwrap();
    let door = client().get(link).send().unwrap().text().unwrap();
    assert!(door.contains("2258A(g)(4)") && door.contains("recorded"), "{door}");
    let admin = Browser::enter(&house, "provider_admin");
    for room in
        ["/provider", "/provider/reports", "/provider/help", "/provider/help/schema", "/provider/nowhere"]
    {
        let page = admin.get(room);
        assert!(page.status == StatusCode::NOT_FOUND || page.body.contains("TEST. Nothing"), "{room}");
    }
}
