//! What is another provider's is as unknown as what never was: on every route that names a thing.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::Method;
use reqwest::blocking::Client;

use crate::browser::{Browser, client};
use crate::common::Running;
use crate::form;

/// Things that nobody has.
const NO_REPORT: &str = "999999999";
const NO_NAME: &str = "aaaabbbbccccddddaaaabbbbccccdddd";

/// Things of the first provider, each beside one that nobody has.
struct Things {
    finished: String,
    open: String,
    file: String,
    form: String,
    form_file: String,
    credential: String,
}

const REPORT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><report><incidentSummary><incidentType>Child Sex Trafficking</incidentType><incidentDateTime>2026-02-03T14:05:11Z</incidentDateTime></incidentSummary><reporter><reportingPerson/></reporter></report>";

fn element(answer: &str, name: &str) -> String {
    let (_, rest) = answer.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name}: {answer}"));
    rest.split('<').next().unwrap().to_owned()
}

impl Things {
    fn of(house: &Running) -> Self {
        let (api, client) = (house.ispws(), client());
        let (username, password) = house.provider(0);
        let submit = || {
            let asked = client.post(format!("{api}/submit")).basic_auth(&username, Some(&password));
            element(
                &asked.header("content-type", "text/xml").body(REPORT).send().unwrap().text().unwrap(),
                "reportId",
            )
        };
        let (finished, open) = (submit(), submit());
        let part = reqwest::blocking::multipart::Part::bytes(b"x".to_vec()).file_name("x");
        let form = reqwest::blocking::multipart::Form::new().text("id", open.clone()).part("file", part);
        let upload =
            client.post(format!("{api}/upload")).basic_auth(&username, Some(&password)).multipart(form);
        let file = element(&upload.send().unwrap().text().unwrap(), "fileId");
        let finish = client.post(format!("{api}/finish")).basic_auth(&username, Some(&password));
        assert!(finish.form(&[("id", &finished)]).send().unwrap().status().is_success());
        let admin = Browser::enter(house, "provider_admin");
        let (form, page) = form::opened(&admin);
        let sent = admin.send_file(&page, &format!("/provider/forms/{form}/upload"), "y", b"y".to_vec());
        let form_file = sent.location.unwrap().rsplit('/').next().unwrap().to_owned();
        let page = admin.get("/provider/credentials");
        let revoke =
            page.addresses("/provider/credentials/").into_iter().find(|path| path.ends_with("/revoke"));
        let credential = revoke.unwrap().split('/').nth(3).unwrap().to_owned();
        Self { finished, open, file, form, form_file, credential }
    }
}

/// One route with a thing of the first provider, and the same with one that nobody has.
struct Case {
    route: &'static str,
    method: Method,
    path: String,
    own: Vec<String>,
    nobodys: Vec<&'static str>,
    /// `None` with a body for the API; a form for pages.
    body: Body,
}

enum Body {
    None,
    Form(&'static str),
    Xml(&'static str),
}

/// The cases of the portal: who signs in to it comes by a cookie.
fn of_portal(things: &Things) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = |route: &'static str, method: Method, own: &[&str], nobodys: &[&'static str]| {
        let own = own.iter().map(|one| (*one).to_owned()).collect();
        let body = if method == Method::POST { Body::Form("") } else { Body::None };
        cases.push(Case { route, method, path: route.to_owned(), own, nobodys: nobodys.to_vec(), body });
    };
    for report in [&things.finished, &things.open] {
        case("/provider/reports/{report}", Method::GET, &[report], &[NO_REPORT]);
        for kind in [
            "/provider/reports/{report}/receipt.json",
            "/provider/reports/{report}/receipt.xml",
            "/provider/reports/{report}/receipt.pdf",
        ] {
            case(kind, Method::GET, &[report], &[NO_REPORT]);
        }
    }
    for action in ["/provider/credentials/{credential}/rotate", "/provider/credentials/{credential}/revoke"] {
        case(action, Method::POST, &[&things.credential], &[NO_NAME]);
    }
    // That nobody acknowledges another's request is proved where requests are stored.
    case("/provider/requests/{request}", Method::POST, &["request-of-one"], &[NO_NAME]);
    case("/provider/forms/{form}", Method::GET, &[&things.form], &[NO_REPORT]);
    for action in [
        "/provider/forms/{form}/discard",
        "/provider/forms/{form}/open",
        "/provider/forms/{form}/reopen",
        "/provider/forms/{form}/file",
        "/provider/forms/{form}/upload",
    ] {
        case(action, Method::POST, &[&things.form], &[NO_REPORT]);
    }
    for method in [Method::GET, Method::POST] {
        for step in ["what", "files", "finish"] {
            case("/provider/forms/{form}/{step}", method.clone(), &[&things.form, step], &[NO_REPORT, step]);
        }
        let (own, nobodys) = ([things.form.as_str(), &things.form_file], [NO_REPORT, NO_NAME]);
        case("/provider/forms/{form}/files/{file}", method, &own, &nobodys);
    }
    cases
}

const FILE_DETAILS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><fileDetails><reportId>{report}</reportId><fileId>{file}</fileId></fileDetails>";

/// The cases of the API: who asks comes by credentials.
fn of_api(things: &Things) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case =
        |route: &'static str, method: Method, own: &[&str], nobodys: &[&'static str], body: Body| {
            let own = own.iter().map(|one| (*one).to_owned()).collect();
            cases.push(Case { route, method, path: route.to_owned(), own, nobodys: nobodys.to_vec(), body });
        };
    for report in [&things.finished, &things.open] {
        for route in [
            "/provider/v1/reports/{report}",
            "/provider/v1/reports/{report}/quality",
            "/provider/v1/reports/{report}/receipt",
            "/provider/v1/reports/{report}/receipt.json",
            "/provider/v1/reports/{report}/receipt.xml",
            "/provider/v1/reports/{report}/receipt.pdf",
        ] {
            case(route, Method::GET, &[report], &[NO_REPORT], Body::None);
        }
        for route in ["/ispws/finish", "/ispws/retract", "/ispws/upload"] {
            case(route, Method::POST, &[report], &[NO_REPORT], Body::Form("id={report}"));
        }
        let (own, nobodys) = ([report.as_str(), &things.file], [NO_REPORT, NO_NAME]);
        case("/ispws/fileinfo", Method::POST, &own, &nobodys, Body::Xml(FILE_DETAILS));
    }
    for method in [Method::HEAD, Method::PATCH, Method::DELETE] {
        case("/ispws/uploads/{file}", method, &[&things.file], &[NO_NAME], Body::None);
    }
    cases
}

/// Puts things where a route or a body names them, in order.
fn filled(template: &str, things: &[&str]) -> String {
    let mut text = String::new();
    let (mut rest, mut left) = (template, things.iter());
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        text.push_str(left.next().expect("a thing for every place"));
        rest = after.split_once('}').expect("a place ends").1;
    }
    text + rest
}

/// What an answer says, without the thing that was asked for and without what is new every time.
fn said(client: &Client, origin: &str, case: &Case, things: &[&str], who: &Who) -> String {
    let path = if case.path.contains('{') { filled(&case.path, things) } else { case.path.clone() };
    let mut request = client.request(case.method.clone(), format!("{origin}{path}")).header("origin", origin);
    request = match who {
        Who::Session(cookie) => request.header("cookie", cookie),
        Who::Credential(username, password) => request.basic_auth(username, Some(password)),
    };
    request = match case.body {
        Body::None => request.header("tus-resumable", "1.0.0").header("upload-offset", "0"),
        Body::Form(template) => {
            request.header("content-type", "application/x-www-form-urlencoded").body(filled(template, things))
        }
        Body::Xml(template) => request.header("content-type", "text/xml").body(filled(template, things)),
    };
    let answer = request.send().unwrap();
    let mut text = format!("{}\n", answer.status());
    for (name, value) in answer.headers() {
        if !["date", "request-id", "content-length", "repr-digest"].contains(&name.as_str()) {
            text.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
        }
    }
    text.push_str(&answer.text().unwrap());
    for thing in things.iter().filter(|thing| thing.len() > 6) {
        text = text.replace(thing, "THING");
    }
    text
}

enum Who {
    Session(String),
    Credential(String, String),
}

// PROVES: R-32 R-33
#[test]
fn another_providers_things_are_as_unknown_as_what_never_was() {
    let house = Running::demo(0, &[]);
    let things = Things::of(&house);
    let other = Browser::enter(&house, "other_provider_admin");
    let (username, password) = house.provider(1);
    let session = Who::Session(other.cookie().to_owned());
    let credential = Who::Credential(username, password);
    let cases = of_portal(&things).into_iter().map(|case| (case, &session));
    let cases: Vec<(Case, &Who)> =
        cases.chain(of_api(&things).into_iter().map(|case| (case, &credential))).collect();
    for (case, who) in &cases {
        let own: Vec<&str> = case.own.iter().map(String::as_str).collect();
        let (theirs, nobodys) = (
            said(&client(), &other.origin, case, &own, who),
            said(&client(), &other.origin, case, &case.nobodys, who),
        );
        assert!(!theirs.starts_with("200"), "{} {}: {theirs}", case.method, case.route);
        assert_eq!(theirs, nobodys, "{} {}", case.method, case.route);
    }
    // After all that, everything is where it was.
    let admin = Browser::enter(&house, "provider_admin");
    assert!(admin.get(&format!("/provider/forms/{}/files", things.form)).body.contains(&things.form_file));
    assert!(admin.get(&format!("/provider/reports/{}", things.open)).body.contains(&things.file));

    let tried: BTreeSet<&str> = cases.iter().map(|(case, _)| case.route).collect();
    let named: BTreeSet<String> = routes().into_iter().filter(|route| names_a_thing(route)).collect();
    let left: Vec<&String> = named.iter().filter(|route| !tried.contains(route.as_str())).collect();
    assert!(left.is_empty(), "routes that name a thing and are not tried: {left:?}");
}

/// Whether a route is about one thing: by its address, or by what is posted to it. Links to sign in with, and downloads
/// for everybody, are nobody's; what is no address of ours is told in one way to all.
fn names_a_thing(route: &str) -> bool {
    let posted = ["/ispws/finish", "/ispws/retract", "/ispws/upload", "/ispws/fileinfo"];
    let open_to_all = ["/provider/enter/{link}", "/provider/downloads/{name}"];
    let is_of_one = route.contains('{') && !route.contains("{*");
    (is_of_one || posted.contains(&route)) && !open_to_all.contains(&route)
}

/// Every route of the providers' face, as its source names them.
fn routes() -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers/src");
    let mut routes = Vec::new();
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.file_stem().is_some_and(|stem| stem == "sandbox") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let in_ispws = path.ends_with("ispws.rs");
            routes.extend(text.split(".route(\"").skip(1).map(|part| {
                let route = part.split('"').next().unwrap();
                if in_ispws { format!("/ispws{route}") } else { route.to_owned() }
            }));
        }
    }
    assert!(routes.len() > 30, "the routes are found: {routes:?}");
    routes
}
