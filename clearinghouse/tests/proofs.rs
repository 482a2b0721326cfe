//! What leaves the house over its real pages, and what the independent checker says of it: keys and sealed packages,
//! certificates, and the ledger as an auditor sees it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/browser.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod browser;
#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;

use std::io::Cursor;

use browser::Browser;
use common::Running;
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use verify::{Curve, Keys, Secret};

/// Enough for the task force of the demo to have some.
const REPORTS: u32 = 60;

/// The keys that everybody is given.
fn keys(house: &Running) -> Keys {
    let base = house.ispws().trim_end_matches("/ispws").to_owned();
    let keys = Client::new().get(format!("{base}/provider/v1/verifier-keys")).send().unwrap();
    Keys::parse(&keys.text().unwrap()).unwrap()
}

/// A report that the viewer's agency has.
fn report(officer: &Browser) -> String {
    let inbox = officer.get("/agency/inbox?sort=newest");
    inbox.split("href=\"/agency/reports/").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// The API of the task force.
struct Api {
    base: String,
    token: String,
}

impl Api {
    fn of(house: &Running) -> Self {
        let text = |key: &str| house.ready["agency_api"][0][key].as_str().unwrap().to_owned();
        Self { base: text("base").trim_end_matches('/').to_owned(), token: text("token") }
    }

    fn get(&self, path: &str) -> Response {
        Client::new().get(format!("{}/{path}", self.base)).bearer_auth(&self.token).send().unwrap()
    }
}

// PROVES: R-23 R-64 R-75
#[test]
fn a_key_is_registered_compared_and_sealed_to_over_the_pages_and_no_changed_byte_opens() {
    let house = Running::demo(REPORTS, &[]);
    let (commander, supervisor, api) =
        (Browser::enter(&house, "commander"), Browser::enter(&house, "supervisor"), Api::of(&house));
    let agency = house.ready["agency_api"][0]["agency"].as_str().unwrap();
    let report = report(&commander);
    let path = format!("reports/{report}/package");
    let none = api.get(&format!("{path}?sealed=yes"));
    assert_eq!(none.status(), StatusCode::CONFLICT, "there is no key yet");
    assert_eq!(api.get(&format!("{path}?sealed=perhaps")).status(), StatusCode::BAD_REQUEST);

    let secret = Secret::generate(Curve::P384).unwrap();
    let page = commander.get("/agency/keys");
    let wrong = commander.post(&page, "/agency/keys", &[("key", "not a key")]);
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let registered = commander.post(&page, "/agency/keys", &[("key", &secret.public_pem())]);
    assert_eq!(registered.status(), StatusCode::OK);
    let registered = registered.text().unwrap();
    let fingerprint = registered.split("<code>").nth(1).unwrap().split("</code>").next().unwrap().to_owned();

    // What was heard wrong confirms nothing, and neither does somebody whose task it is not.
    assert_eq!(Browser::enter(&house, "analyst").ask("/admin/agency-keys").status(), StatusCode::NOT_FOUND);
    let desk = supervisor.get("/admin/agency-keys");
    assert!(!desk.contains(&fingerprint), "nobody confirms what they read here");
    let heard = |words: &str| {
        let answers =
            [("agency", agency), ("fingerprint", words), ("how", "called the number of the directory")];
        supervisor.post(&desk, "/admin/agency-keys", &answers)
    };
    assert_eq!(heard(&"7".repeat(64)).status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(api.get(&format!("{path}?sealed=yes")).status(), StatusCode::CONFLICT);
    assert_eq!(heard(&fingerprint).status(), StatusCode::OK);

    assert_eq!(api.get(&format!("{path}?sealed=no")).status(), StatusCode::CONFLICT, "it must be sealed now");
    let sealed = api.get(&format!("{path}?sealed=yes"));
    assert_eq!(sealed.status(), StatusCode::OK);
    let sealed = sealed.bytes().unwrap().to_vec();
    let keys = keys(&house);
    let open = |bytes: &[u8]| {
        let mut inside = Cursor::new(Vec::new());
        let findings = verify::open(&mut Cursor::new(bytes), &secret, &keys, &mut inside);
        (findings, inside.into_inner())
    };
    let (findings, inside) = open(&sealed);
    assert!(findings.hold(), "{:#?}", findings.checks());
    assert!(verify::package(&mut Cursor::new(&inside), &keys).hold());
    // Of every fifth byte some hundred, from one end to the other.
    let step = (sealed.len() / 5 / 400).max(1) * 5;
    for at in (0..sealed.len()).step_by(step) {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(!open(&changed).0.hold(), "byte {at} of {}", sealed.len());
    }

    // Revoked, nothing more is sealed to it.
    let page = commander.get("/agency/keys");
    assert_eq!(commander.post(&page, "/revoke", &[]).status(), StatusCode::OK);
    assert_eq!(api.get(&format!("{path}?sealed=yes")).status(), StatusCode::CONFLICT);
    assert!(open(&sealed).0.hold(), "what was sealed before stays as it is");
}

// PROVES: R-75
#[test]
fn a_prosecutor_has_a_certificate_made_from_the_report_page_and_the_checker_finds_it_to_hold() {
    let house = Running::demo(REPORTS, &[]);
    let prosecutor = Browser::enter(&house, "prosecutor");
    let report = report(&prosecutor);
    let page = prosecutor.get(&format!("/agency/reports/{report}"));
    let signer = [("name", "J. Placeholder"), ("role", "custodian of records")];
    let made =
        |form: &str| prosecutor.post(&page, "/certificate", &[&signer[..], &[("form", form)]].concat());
    let json = made("json");
    assert_eq!(json.headers()["content-type"], "application/json");
    let json = json.bytes().unwrap();
    let findings = verify::certificate(&json, &keys(&house));
    assert!(findings.hold(), "{:#?}", findings.checks());
    assert!(made("pdf").bytes().unwrap().starts_with(b"%PDF-"));
    let nobody = prosecutor.post(&page, "/certificate", &[("name", " "), ("role", ""), ("form", "json")]);
    assert_eq!(nobody.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let investigator = Browser::enter(&house, "investigator");
    assert!(!investigator.get(&format!("/agency/reports/{report}")).contains("/certificate\""));
}

// PROVES: R-42
#[test]
fn a_prosecutor_takes_both_copies_for_a_court_from_the_report_page_and_the_checker_finds_them_to_hold() {
    let house = Running::demo(REPORTS, &[]);
    let prosecutor = Browser::enter(&house, "prosecutor");
    let report = report(&prosecutor);
    let page = prosecutor.get(&format!("/agency/reports/{report}"));
    let taken = prosecutor.post(&page, "/court", &[("names", "A Dull Name\r\n\r\n Another ")]);
    assert_eq!(taken.headers()["content-type"], "application/zip");
    let findings = verify::package(&mut Cursor::new(&taken.bytes().unwrap()), &keys(&house));
    assert!(findings.hold(), "{:#?}", findings.checks());
    let names = "Name\n".repeat(501);
    let refused = prosecutor.post(&page, "/court", &[("names", names.as_str())]);
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let says = refused.text().unwrap();
    assert!(says.contains("Neither copy was made") && says.contains("At most 500 names"), "{says}");
}

// PROVES: R-76c
#[test]
fn an_auditor_searches_the_ledger_and_takes_an_extract_that_holds_and_nobody_else_does() {
    let house = Running::demo(REPORTS, &[]);
    let officer = Browser::enter(&house, "investigator");
    let report = report(&officer);
    officer.get(&format!("/agency/reports/{report}"));
    assert_eq!(officer.ask("/agency/reports/9999999").status(), StatusCode::NOT_FOUND);
    let auditor = Browser::enter(&house, "auditor");
    let page = auditor.get("/oversight/ledger");
    assert!(page.contains("Refused by day") && page.contains("Next page"), "{page}");
    let found =
        auditor.get(&format!("/oversight/ledger?report={report}&kind=report-read&person=demo-investigator"));
    assert!(found.contains("person demo-investigator of"), "{found}");
    let refused = auditor.get("/oversight/ledger?outcome=refused");
    // Only the table: the form above it names every kind.
    let refused = refused.split("<table").nth(1).unwrap();
    assert!(refused.contains("access-refused") && !refused.contains("report-finished"), "{refused}");
    let looks = auditor.get("/oversight/ledger?kind=ledger-read");
    assert!(looks.contains("person demo-auditor") && looks.contains("report-read"), "{looks}");
    let wrong = auditor.ask("/oversight/ledger?report=abc&from=yesterday");
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().unwrap().contains("A report is a number."));

    let taken = auditor.post(&found, "/oversight/ledger/extract", &[("as", "json")]);
    assert_eq!(taken.headers()["content-disposition"], "attachment; filename=\"ledger-extract.json\"");
    let taken = taken.bytes().unwrap();
    let findings = verify::extract(&taken, &keys(&house));
    assert!(findings.hold(), "{:#?}", findings.checks());
    let sheet = auditor.post(&found, "/oversight/ledger/extract", &[("as", "csv")]).text().unwrap();
    assert!(sheet.contains("report-read,success,,person:demo-investigator:"), "{sheet}");
    for word in ["supervisor", "counsel", "security_admin", "analyst", "hashkeeper"] {
        assert_eq!(
            Browser::enter(&house, word).ask("/oversight/ledger").status(),
            StatusCode::NOT_FOUND,
            "{word}"
        );
    }
    assert_ne!(auditor.stranger("/oversight/ledger").status(), StatusCode::OK);
}
