//! The agency API as systems of agencies meet it: a stranger's program asks everything that the document allows and
//! forbids, a client draws a token for an hour, and one walks from the feed to an outcome.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;

use std::path::PathBuf;
use std::process::Command;

use common::Running;
use reqwest::StatusCode;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

/// Enough for the task force of the demo to have some.
const REPORTS: u32 = 60;

struct Api {
    base: String,
    agency: String,
    token: String,
    client: Client,
}

impl Api {
    fn of(house: &Running) -> Self {
        let text = |key: &str| house.ready["agency_api"][0][key].as_str().unwrap().to_owned();
        let base = text("base").trim_end_matches('/').to_owned();
        Self { base, agency: text("agency"), token: text("token"), client: Client::new() }
    }

    fn get(&self, path: &str) -> Response {
        self.sent(self.client.get(format!("{}/{path}", self.base)))
    }

    fn post(&self, path: &str, body: &Value) -> Response {
        self.sent(self.client.post(format!("{}/{path}", self.base)).json(body))
    }

    fn sent(&self, request: RequestBuilder) -> Response {
        request.bearer_auth(&self.token).send().unwrap()
    }

    fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().unwrap()
    }
}

/// A case is opened for a colleague, its report is put into it once however often that is asked, and both are listed.
fn opens_a_case(api: &Api, report: u64) {
    assert_eq!(api.json("cases"), json!({ "cases": [], "next": 0 }));
    let new = json!({ "title": "Dull case", "summary": "Of the other system.", "leads": "demo-commander" });
    let opened = api.post("cases", &new);
    assert_eq!(opened.status(), StatusCode::CREATED);
    let case = opened.json::<Value>().unwrap()["case"].as_u64().unwrap();
    let path = format!("cases/{case}/reports/{report}");
    let put = |path: &str| api.sent(api.client.put(format!("{}/{path}", api.base)));
    for added in [true, false] {
        assert_eq!(put(&path).json::<Value>().unwrap()["added"], added);
    }
    let listed = api.json("cases");
    let own = listed["cases"].as_array().unwrap().iter().find(|one| one["case"] == case).unwrap();
    assert_eq!(own["reports"], json!([report]));
    for gone in [format!("cases/{case}/reports/1"), format!("cases/1/reports/{report}")] {
        assert_eq!(put(&gone).status(), StatusCode::NOT_FOUND, "{gone}");
    }
    for (name, value) in [("leads", json!("nobody")), ("report", json!(1))] {
        let mut wrong = new.clone();
        wrong[name] = value;
        assert_eq!(api.post("cases", &wrong).status(), StatusCode::NOT_FOUND, "{name}");
    }
    let mut blank = new;
    blank["title"] = json!(" ");
    assert_eq!(api.post("cases", &blank).status(), StatusCode::CONFLICT);
}

/// The program that the strangers' folder has.
fn stranger(name: &str) -> PathBuf {
    let folder = std::env::var_os("CLEARINGHOUSE_TEST_STRANGERS").map(PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/strangers"));
    let program = folder.join("api/bin").join(name);
    assert!(program.exists(), "the strangers' programs are not installed: run `cargo xtask test`");
    program
}

#[test]
fn a_program_that_asks_everything_the_document_allows_and_forbids_finds_nothing() {
    let house = Running::demo(REPORTS, &[]);
    let api = Api::of(&house);
    let scratch = tempfile::tempdir().unwrap();
    let mut command = Command::new(stranger("schemathesis"));
    command.current_dir(scratch.path()).args(["run", &format!("{}/openapi.json", api.base)]);
    command.args(["--header", &format!("Authorization: Bearer {}", api.token), "--checks", "all"]);
    command.args(["--max-examples", "20", "--seed", "7", "--no-color", "--generation-database", "none"]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_system_goes_from_the_feed_to_an_outcome_and_never_past_another_version() {
    let house = Running::demo(REPORTS, &[]);
    let api = Api::of(&house);
    let page = api.json("feed?limit=2");
    assert_eq!(page["entries"].as_array().unwrap().len(), 2, "{page}");
    let rest = api.json(&format!("feed?after={}", page["next"].as_str().unwrap()));
    assert!(
        rest["entries"]
            .as_array()
            .unwrap()
            .iter()
            .all(|entry| !page["entries"].as_array().unwrap().contains(entry))
    );
    let report = page["entries"][0]["report"].as_u64().unwrap();
    let full = api.json(&format!("reports/{report}"));
    let path = format!("reports/{report}/assignment");
    let own = api.json(&path);
    assert_eq!((&own["status"], &own["version"]), (&json!("new"), &json!(1)), "{own}");
    let patch = |body: &Value| api.sent(api.client.patch(format!("{}/{path}", api.base)).json(body));
    let changed = patch(&json!({ "version": 1, "unit": "night desk", "priority": "urgent" }));
    assert_eq!(changed.status(), StatusCode::OK);
    assert_eq!(changed.json::<Value>().unwrap()["status"], "assigned");
    let stale = patch(&json!({ "version": 1, "unit": null }));
    assert_eq!(
        (stale.status(), stale.json::<Value>().unwrap()["code"].clone()),
        (StatusCode::CONFLICT, json!("conflict"))
    );
    let outcome = api.post(&format!("reports/{report}/outcome"), &json!({ "outcome": "insufficient" }));
    assert_eq!(outcome.json::<Value>().unwrap(), json!({ "outcome": "insufficient", "closed": true }));
    assert_eq!(api.json(&path)["reason"], "insufficient");
    assert_eq!(api.json(&format!("reports/{report}/outcome"))["outcomes"][0]["outcome"], "insufficient");
    opens_a_case(&api, report);
    // Thousands of hashes at once: those of the report, and those of nobody.
    let files = full["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let known: Vec<&Value> = files.iter().filter_map(|file| file.get("sha256")).collect();
    let mut hashes: Vec<Value> = known.iter().map(|hash| (*hash).clone()).collect();
    hashes.extend((0..4_000_u64).map(|n| json!(format!("{n:064x}"))));
    let answer: Value = api.post("hashes", &json!({ "hashes": hashes })).json().unwrap();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), hashes.len());
    for (place, result) in results.iter().enumerate() {
        let expected = if place < known.len() { "delivered" } else { "unrecognized" };
        assert_eq!(result["answer"], expected, "{result}");
    }
}

#[test]
fn a_token_for_an_hour_is_drawn_with_the_secret_and_is_worth_as_much() {
    let house = Running::demo(0, &[]);
    let api = Api::of(&house);
    let draw =
        |form: &[(&str, &str)]| api.client.post(format!("{}/token", api.base)).form(form).send().unwrap();
    let kind = ("grant_type", "client_credentials");
    let right = draw(&[kind, ("client_id", api.agency.as_str()), ("client_secret", api.token.as_str())]);
    assert_eq!(right.status(), StatusCode::OK);
    let drawn: Value = right.json().unwrap();
    assert_eq!((&drawn["token_type"], &drawn["expires_in"]), (&json!("Bearer"), &json!(3_600)));
    let token = drawn["access_token"].as_str().unwrap();
    let ask = |token: &str| {
        api.client.get(format!("{}/feed", api.base)).bearer_auth(token).send().unwrap().status()
    };
    assert_eq!(ask(token), StatusCode::OK);
    let (front, stamp) = token.rsplit_once('.').unwrap();
    let (name, ends) = front.rsplit_once('.').unwrap();
    let longer = format!("{name}.{}.{stamp}", ends.parse::<i64>().unwrap() + 1);
    let other = format!("{front}.{}", "0".repeat(64));
    for wrong in [longer.as_str(), other.as_str(), "at1.", "at1.a.b", "at1...", front] {
        assert_eq!(ask(wrong), StatusCode::UNAUTHORIZED, "{wrong}");
    }
    for (form, error) in [
        (vec![kind, ("client_id", "us-fbi"), ("client_secret", "0")], "invalid_client"),
        (vec![kind, ("client_id", "somebody"), ("client_secret", api.token.as_str())], "invalid_client"),
        (vec![kind], "invalid_client"),
        (vec![("grant_type", "password")], "invalid_request"),
        (vec![], "invalid_request"),
    ] {
        let refused = draw(&form);
        let expected =
            if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        assert_eq!(refused.status(), expected, "{form:?}");
        assert_eq!(refused.json::<Value>().unwrap()["error"], error);
    }
    let basic = api
        .client
        .post(format!("{}/token", api.base))
        .basic_auth(&api.agency, Some(&api.token))
        .form(&[kind]);
    assert_eq!(basic.send().unwrap().status(), StatusCode::OK);
}

#[test]
fn webhooks_are_kept_over_the_api_and_lead_nowhere_inside() {
    let house = Running::demo(0, &[]);
    let api = Api::of(&house);
    assert_eq!(api.json("webhooks"), json!({ "webhooks": [] }));
    for url in
        ["http://agency.example/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest"]
    {
        assert_eq!(api.post("webhooks", &json!({ "url": url })).status(), StatusCode::CONFLICT, "{url}");
    }
    let added = api.post("webhooks", &json!({ "url": "https://hooks.agency.example/ch" }));
    assert_eq!(added.status(), StatusCode::CREATED);
    let added: Value = added.json().unwrap();
    let (id, secret) = (added["webhook"].as_str().unwrap(), added["secret"].as_str().unwrap());
    assert!(secret.starts_with("whsec_"));
    let listed = api.get("webhooks").text().unwrap();
    assert!(listed.contains(id) && !listed.contains(secret), "a secret is shown once: {listed}");
    let rotated: Value = api.post(&format!("webhooks/{id}/secret"), &json!({})).json().unwrap();
    assert_ne!(rotated["secret"], added["secret"]);
    let again = |body: Value| {
        let answer = api.post(&format!("webhooks/{id}/replay"), &body);
        (answer.status(), answer.json::<Value>().unwrap())
    };
    let (status, told) = again(json!({ "since": "2026-01-01T00:00:00Z" }));
    assert_eq!((status, &told["calls"], &told["more"]), (StatusCode::OK, &json!(0), &json!(false)), "{told}");
    assert_eq!(again(json!({ "after": "99999999999999999999" })).0, StatusCode::OK, "nothing lies behind it");
    for unfit in [json!({}), json!({ "since": "2026-01-01T00:00:00Z", "after": "1" })] {
        assert_eq!(again(unfit).0, StatusCode::BAD_REQUEST, "a moment or a cursor, not both and not neither");
    }
    assert_eq!(again(json!({ "since": "yesterday" })).0, StatusCode::BAD_REQUEST);
    let remove = || api.sent(api.client.delete(format!("{}/webhooks/{id}", api.base))).status();
    assert_eq!((remove(), remove()), (StatusCode::OK, StatusCode::NOT_FOUND));
}
