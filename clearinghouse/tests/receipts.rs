//! A provider's own systems on the wire, against the real binary: reports, receipts, and nothing of anybody else's.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/courier.rs"]
mod courier;

use std::time::Duration;

use common::Running;
use courier::Courier;
use reqwest::blocking::{Client, Response};
use serde_json::Value;
use verify::Keys;

const PATIENCE: Duration = Duration::from_secs(60);

/// One provider's system.
struct System {
    base: String,
    user: (String, String),
}

impl System {
    fn of(house: &Running, provider: usize) -> Self {
        let base = house.ispws().trim_end_matches("/ispws").to_owned();
        Self { base, user: house.provider(provider) }
    }

    fn get_as(&self, path: &str, accept: &str) -> Response {
        let (user, password) = &self.user;
        let request = Client::new().get(format!("{}/provider/v1/{path}", self.base));
        request.basic_auth(user, Some(password)).header("accept", accept).send().unwrap()
    }

    fn get(&self, path: &str) -> Response {
        self.get_as(path, "*/*")
    }

    /// Files a report with one file.
    fn filed(&self) -> u64 {
        let courier = Courier::to(&format!("{}/ispws", self.base), &self.user, PATIENCE);
        courier.file(b"harmless bytes", |refused| panic!("{refused:?}")).unwrap()
    }

    /// Opens a report and leaves it open.
    fn opened(&self) -> u64 {
        let courier = Courier::to(&format!("{}/ispws", self.base), &self.user, PATIENCE);
        courier.submit().element("reportId").unwrap().parse().unwrap()
    }
}

/// Status and stable code of a problem.
fn problem(response: Response) -> (u16, String) {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let status = response.status().as_u16();
    let document: Value = response.json().unwrap();
    assert_eq!(document["status"], status);
    (status, document["code"].as_str().unwrap().to_owned())
}

// PROVES: R-15
#[test]
fn a_receipt_is_there_at_once_in_three_forms_and_the_independent_checker_finds_it_to_hold() {
    let house = Running::demo(0, &[]);
    let system = System::of(&house, 0);
    let report = system.filed();
    let keys = Client::new().get(format!("{}/provider/v1/verifier-keys", system.base)).send().unwrap();
    let keys = Keys::parse(&keys.text().unwrap()).unwrap();
    for (path, accept, kind) in [
        ("receipt", "*/*", "application/json"),
        ("receipt", "application/xml", "application/xml"),
        ("receipt.json", "image/png", "application/json"),
        ("receipt.xml", "*/*", "application/xml"),
    ] {
        let response = system.get_as(&format!("reports/{report}/{path}"), accept);
        assert_eq!(response.headers()["content-type"], kind);
        let bytes = response.bytes().unwrap();
        let findings = verify::receipt(&bytes, &keys);
        assert!(findings.hold(), "{:#?}", findings.checks());
        let again = system.get_as(&format!("reports/{report}/{path}"), accept);
        assert_eq!(again.bytes().unwrap(), bytes);
    }
    let pages = system.get(&format!("reports/{report}/receipt.pdf"));
    assert_eq!(pages.headers()["content-type"], "application/pdf");
    let name = format!("attachment; filename=\"receipt-{report}.pdf\"");
    assert_eq!(pages.headers()["content-disposition"], name.as_str());
    assert!(pages.bytes().unwrap().starts_with(b"%PDF-"));
    assert_eq!(problem(system.get_as(&format!("reports/{report}/receipt"), "image/png")).1, "not-acceptable");
}

#[test]
fn the_answer_to_a_finish_leads_to_the_receipt() {
    let house = Running::demo(0, &[]);
    let system = System::of(&house, 0);
    let report = system.opened();
    let (user, password) = &system.user;
    let finish = Client::new().post(format!("{}/ispws/finish", system.base)).basic_auth(user, Some(password));
    let answer = finish.form(&[("id", report.to_string())]).send().unwrap();
    let link = format!("</provider/v1/reports/{report}/receipt>; rel=\"receipt\"");
    assert!(answer.headers()["link"].to_str().unwrap().contains(&link));
    assert_eq!(system.get(&format!("reports/{report}/receipt")).status(), 200);
}

// PROVES: R-33
#[test]
fn every_address_is_shut_without_credentials_and_empty_for_another_provider() {
    let house = Running::demo(0, &[]);
    let (system, other) = (System::of(&house, 0), System::of(&house, 1));
    let report = system.filed();
    for path in ["", "/receipt", "/receipt.json", "/receipt.xml", "/receipt.pdf", "/quality"] {
        let address = format!("reports/{report}{path}");
        assert_eq!(system.get(&address).status(), 200, "{address}");
        assert_eq!(problem(other.get(&address)), (404, "not-found".to_owned()), "{address}");
        let stranger = Client::new().get(format!("{}/provider/v1/{address}", system.base)).send().unwrap();
        assert!(stranger.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic "));
        assert_eq!(problem(stranger), (401, "unauthenticated".to_owned()), "{address}");
    }
    for nothing in ["reports/999999999", "reports/0", "reports/abc", "reports/-1/receipt"] {
        assert_eq!(problem(system.get(nothing)), (404, "not-found".to_owned()), "{nothing}");
    }
    let listed: Value = other.get("reports").json().unwrap();
    assert_eq!(listed["reports"], Value::Array(Vec::new()));
}

#[test]
fn a_list_goes_on_where_it_stopped_and_says_what_it_was_not_asked_well() {
    let house = Running::demo(0, &[]);
    let system = System::of(&house, 0);
    let all: Vec<u64> = (0..5).map(|_| system.opened()).collect();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page: Value = system.get(&format!("reports?state=open&limit=2{after}")).json().unwrap();
        let rows = page["reports"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["report"].as_u64().unwrap()));
        match page["next"].as_str() {
            None => break,
            Some(next) => after = format!("&after={next}"),
        }
    }
    seen.reverse();
    assert_eq!(seen, all);
    for wrong in ["state=lost", "since=yesterday", "until=1", "after=x", "limit=many"] {
        assert_eq!(problem(system.get(&format!("reports?{wrong}"))), (400, "invalid-request".to_owned()));
    }
    assert_eq!(problem(system.get(&format!("reports/{}/receipt", all[0]))), (409, "not-complete".to_owned()));
}
