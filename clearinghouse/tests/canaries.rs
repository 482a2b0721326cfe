//! What the house writes down besides what it is asked to keep: nothing. Requests carry marks wherever a stranger can put
//! words; then everything is searched for them: what the real binary said, its disks, its database, its backup.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "canaries/anonymous.rs"]
mod anonymous;
#[path = "routes/list.rs"]
#[expect(dead_code, reason = "these tests need only a part of it")]
mod list;
#[path = "canaries/watched.rs"]
mod watched;

use std::net::IpAddr;

use list::{Callers, Line};
use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder, Response, multipart};
use reqwest::redirect::Policy;
use watched::Watched;

/// Stands in whatever strangers and people say in these tests.
const MARK: &str = "zq-canary";
/// Which levels are logged: more than an operator ever asks for.
const LOUD: &str = "debug";

/// A client that calls itself by the mark, from one of this machine's own addresses.
fn client(from: [u8; 4]) -> Client {
    let client = Client::builder().redirect(Policy::none()).user_agent(format!("{MARK}-agent/1.0"));
    client.local_address(IpAddr::from(from)).build().unwrap()
}

/// A request that says the mark in every header that tells who asks.
fn marked(request: RequestBuilder) -> RequestBuilder {
    let mut request = request;
    for name in
        ["x-forwarded-for", "forwarded", "x-real-ip", "referer", "sec-ch-ua", "request-id", "via", "from"]
    {
        request = request.header(name, format!("{MARK}-{name}"));
    }
    request
}

/// Every way to show who one is, each with words that nobody has.
fn passes(request: &RequestBuilder) -> [RequestBuilder; 4] {
    let copy = || request.try_clone().expect("no body was given yet");
    [
        copy(),
        copy().header("cookie", format!("__Host-s={MARK}-cookie; other={MARK}-other")),
        copy().basic_auth(format!("{MARK}-name"), Some(format!("{MARK}-password"))),
        copy().bearer_auth(format!("{MARK}-token")),
    ]
}

/// Every kind of body that a route may take.
fn bodies(request: &RequestBuilder, base: &str) -> Vec<RequestBuilder> {
    let copy = || request.try_clone().expect("no body was given yet").header("origin", base);
    let part =
        multipart::Part::bytes(format!("{MARK}-bytes").into_bytes()).file_name(format!("{MARK}-file.txt"));
    let parts =
        multipart::Form::new().text("csrf", format!("{MARK}-csrf")).text("id", MARK).part("file", part);
    vec![
        copy().form(&[("csrf", MARK), ("id", MARK), ("reason", MARK), ("answer", MARK), ("ceremony", MARK)]),
        copy().multipart(parts),
        copy().header("content-type", "text/xml").body(format!("<report><{MARK}>{MARK}</{MARK}></report>")),
        copy()
            .header("content-type", "application/json")
            .body(format!("{{\"reason\":\"{MARK}\",\"files\":[\"{MARK}\"]}}")),
        copy().header("tus-resumable", "1.0.0").header("upload-length", MARK).header("upload-metadata", MARK),
    ]
}

fn methods(line: &Line) -> Vec<Method> {
    let all = [Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE];
    all.into_iter().filter(|method| line.takes(method.as_str()) || *method == Method::HEAD).collect()
}

/// Sends it. Whoever is refused early may not get to say all of it.
fn say(request: RequestBuilder) {
    if let Err(fault) = request.send() {
        assert!(fault.is_request() || fault.is_body(), "{fault:?}");
    }
}

/// Says the mark on a route in every way there is.
fn shout(client: &Client, base: &str, line: &Line) {
    for method in methods(line) {
        let path = line.with(&format!("{MARK}-thing"));
        let request = client.request(method.clone(), format!("{base}{path}?{MARK}-name={MARK}-value"));
        let request = marked(request);
        let takes_body = [Method::POST, Method::PATCH].contains(&method);
        for shown in passes(&request) {
            // Whoever shows anything posts a form, as a page would; the other bodies need nobody.
            let shown = if takes_body { bodies(&shown, base).swap_remove(0) } else { shown };
            say(shown);
        }
        if takes_body {
            for body in bodies(&request, base).drain(1..) {
                say(body);
            }
        }
    }
}

const REPORT: &str = "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary><reporter><reportingPerson>\
    <email>zq-canary@harbor.example</email></reportingPerson></reporter><personOrUserReported>\
    <screenName>zq-canary-screen</screenName><ipCaptureEvent><ipAddress>203.0.113.99</ipAddress></ipCaptureEvent>\
    </personOrUserReported></report>";

fn element(answer: Response, name: &str) -> String {
    let text = answer.text().unwrap();
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{name}: {text}"));
    rest.split('<').next().unwrap().to_owned()
}

/// A good report, whose words and file are the mark, and one that is not good.
fn report(client: &Client, ispws: &str, (name, password): (&str, &str)) {
    let post = |path: &str| marked(client.post(format!("{ispws}/{path}"))).basic_auth(name, Some(password));
    let submit = |body: String| post("submit").header("content-type", "text/xml").body(body).send().unwrap();
    assert!(
        submit(REPORT.replace("zq-canary-screen</", "zq-canary-screen</wrong")).status().is_client_error()
    );
    let report = element(submit(REPORT.to_owned()), "reportId");
    let part = multipart::Part::bytes(b"zq-canary-bytes".to_vec()).file_name(format!("{MARK}-file.txt"));
    let parts = multipart::Form::new().text("id", report.clone()).part("file", part);
    element(post("upload").multipart(parts).send().unwrap(), "fileId");
    assert!(post("finish").form(&[("id", &report)]).send().unwrap().status().is_success());
}

#[test]
fn no_line_of_the_log_holds_what_somebody_said_or_showed() {
    let mut command = Watched::command();
    command.args(["demo", "--json", "--port", "0", "--reports", "0"]);
    command
        .env("CLEARINGHOUSE__LOG__FILTER", LOUD)
        .env("CLEARINGHOUSE__PROVIDERS__WRONG_LOGINS_PER_MINUTE", "0");
    let house = Watched::start(command);
    let ready = house.ready.clone();
    let text = |value: &serde_json::Value| value.as_str().expect("it is text").to_owned();
    let ispws = text(&ready["ispws"]).trim_end_matches('/').to_owned();
    let base = ispws.trim_end_matches("/ispws").to_owned();
    let client = client([127, 0, 0, 1]);
    let mut secrets = Vec::new();
    for provider in ready["providers"].as_array().unwrap() {
        let (name, password) = (text(&provider["username"]), text(&provider["password"]));
        report(&client, &ispws, (&name, &password));
        secrets.push(password);
    }
    for system in ready["agency_api"].as_array().unwrap() {
        let feed = client
            .get(format!("{}/feed?after={MARK}", text(&system["base"])))
            .bearer_auth(text(&system["token"]));
        assert!(marked(feed).send().unwrap().status().is_client_error());
        secrets.push(text(&system["token"]));
    }
    let lines = list::lines();
    for link in ready["sign_in"].as_object().unwrap().values() {
        secrets.extend(walked(&client, &base, &text(link), &lines));
    }
    // Strangers come last: whoever hurries is slowed at the door, and people with them.
    for line in lines.iter().filter(|line| !["/metrics"].contains(&line.path.as_str())) {
        shout(&client, &base, line);
    }
    let said = house.end();
    assert!(said.contains("ending"), "the log was read to its end: {said}");
    let found: Vec<&str> =
        said.lines().filter(|line| line.contains(MARK) || line.contains("203.0.113.99")).collect();
    assert!(
        found.is_empty(),
        "{} lines hold what was said, such as:\n{}",
        found.len(),
        found[..found.len().min(8)].join("\n")
    );
    for secret in secrets {
        let found = said.lines().find(|line| line.contains(&secret));
        assert_eq!(found, None, "a line holds a secret");
    }
}

/// Walks the pages of somebody who signs in, with marks in every query and form; answers the secrets that went about.
fn walked(client: &Client, base: &str, link: &str, lines: &[Line]) -> [String; 2] {
    let (door, secret) = link.rsplit_once('/').unwrap();
    marked(client.get(link)).send().unwrap();
    let form = [("csrf", secret)];
    let entered = client.post(door).header("origin", base).form(&form).send().unwrap();
    let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let of = match door {
        door if door.contains("/desk/") => Callers::Staff,
        door if door.contains("/agency/") => Callers::Agency,
        _ => Callers::Provider,
    };
    // Whoever signs out is out: that comes last.
    let rooms = lines.iter().filter(|line| line.callers == of && !line.path.contains("sign-out"));
    for line in rooms {
        for method in methods(line) {
            let url = format!("{base}{}?sort={MARK}", line.with(&format!("{MARK}-thing")));
            let request =
                marked(client.request(method.clone(), url)).header("cookie", &cookie).header("origin", base);
            let request = if method == Method::POST {
                request.form(&[("csrf", MARK), ("reason", MARK)])
            } else {
                request
            };
            say(request);
        }
    }
    [secret.to_owned(), cookie.trim_start_matches("__Host-s=").to_owned()]
}
