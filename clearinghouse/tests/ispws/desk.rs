//! A house with its provider's door, called without a network, and the few requests that most tests begin with.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use database::{Args, bind};
use domain::{Actor, CredentialId, Id, Profile, ProviderId, Purpose};
use http_body_util::BodyExt as _;
use providers::{FinishErrorRoot, Provider, Settings, StatusMode};
use store::provider::{self, NewCredential};
use store::testing::{Plan, TestHouse};
use store::{Event, EventKind};
use tower::ServiceExt as _;

pub const SECRET: &str = "a dull secret";
pub const PROVIDERS: [&str; 2] = ["harbor-chat", "pine-forum"];
pub const REPORT: &str = "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";
/// A report that nobody has.
pub const NOBODYS: &str = "999999";
/// A file that nobody has.
pub const NO_FILE: &str = "abababababababababababababababab";

/// The door of one house.
pub struct Desk {
    pub house: TestHouse,
    pub settings: Settings,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Heard {
    pub fn element(&self, name: &str) -> String {
        let (_, rest) =
            self.body.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{name}: {self:?}"));
        rest.split_once('<').unwrap().0.to_owned()
    }

    pub fn code(&self) -> String {
        self.element("responseCode")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Desk {
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Self {
        Self::of(Profile::Hotline, settings).await
    }

    /// A house under a profile, with two providers and credentials of every kind.
    pub async fn of(profile: Profile, settings: Settings) -> Self {
        let corpus: store::Corpus = std::sync::Arc::new(|_| false);
        let house = TestHouse::of(Plan { profile, corpus, ..Plan::default() }).await;
        house
            .act(Actor::Operator, Purpose::Administration, "test::providers", |act| {
                for name in PROVIDERS {
                    let id = ProviderId::parse(name).unwrap();
                    provider::add(act, &id, name)?;
                    for (kind, may_submit, may_update) in [
                        ("full", true, true),
                        ("reader", false, false),
                        ("writer", false, true),
                        ("off", true, true),
                    ] {
                        let credential = CredentialId::parse(&format!("{name}-{kind}")).unwrap();
                        provider::add_credential(
                            act,
                            &NewCredential {
                                credential: credential.clone(),
                                provider: id.clone(),
                                username: format!("{name}-{kind}"),
                                secret_digest: act.secret_digest(SECRET.as_bytes()),
                                may_submit,
                                may_update,
                            },
                        )?;
                        if kind == "off" {
                            provider::disable_credential(act, &credential)?;
                        }
                    }
                }
                Ok(())
            })
            .await
            .unwrap();
        Self { router: router(&house, settings), house, settings }
    }

    /// The same house after a restart.
    pub async fn reopened(self) -> Self {
        let Self { house, settings, router: old } = self;
        drop(old);
        let house = house.reopened(11).await;
        Self { router: router(&house, settings), house, settings }
    }

    pub async fn ask(&self, request: Request<Body>) -> Heard {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Heard { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub async fn submit(&self) -> String {
        let heard = self.ask(xml("submit", REPORT)).await;
        assert_eq!(heard.code(), "0", "{heard:?}");
        heard.element("reportId")
    }

    pub async fn upload(&self, report: &str, bytes: &[u8]) -> Heard {
        self.ask(file(report, bytes)).await
    }

    /// An open report with a file.
    pub async fn uploaded(&self) -> (String, String) {
        let report = self.submit().await;
        let file = self.upload(&report, b"hello").await.element("fileId");
        (report, file)
    }

    pub async fn close(&self, path: &str, report: &str) -> Heard {
        self.ask(form(path, report)).await
    }

    /// Changes rows as nobody may, to see what the door makes of it.
    pub async fn meddle(&self, sql: &'static str) {
        let done = self.house.act(Actor::Operator, Purpose::Administration, "test::meddle", move |act| {
            act.tx().execute(sql, &Args::none())?;
            act.note(Event::of_house(EventKind::SettingPut))
        });
        done.await.unwrap();
    }

    /// A number from the rows.
    pub async fn count(&self, sql: &'static str) -> u64 {
        self.house.read("test::count", move |view| Ok(view.tx().get(sql, &bind! {})?)).await.unwrap()
    }
}

fn router(house: &TestHouse, settings: Settings) -> Router {
    providers::router(Provider::new(house.house().clone(), settings))
}

pub fn both_modes() -> [Settings; 2] {
    [StatusMode::Modern, StatusMode::Always200]
        .map(|status_mode| Settings { status_mode, ..Settings::default() })
}

pub fn both_roots() -> [Settings; 2] {
    [FinishErrorRoot::ReportDoneResponse, FinishErrorRoot::ReportResponse]
        .map(|finish_error_root| Settings { finish_error_root, ..Settings::default() })
}

/// A request of the first provider's full credential.
pub fn request(method: Method, path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::new(body.into());
    *request.method_mut() = method;
    *request.uri_mut() = format!("/ispws/{path}").parse().unwrap();
    if !kind.is_empty() {
        put(&mut request, "content-type", kind);
    }
    signed(request, "harbor-chat-full", SECRET)
}

pub fn put(request: &mut Request<Body>, name: &'static str, value: &str) {
    request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
}

/// The same request with another header.
pub fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    put(&mut request, name, value);
    request
}

/// The same request of somebody else.
pub fn signed(request: Request<Body>, username: &str, secret: &str) -> Request<Body> {
    with(request, "authorization", &format!("Basic {}", STANDARD.encode(format!("{username}:{secret}"))))
}

pub fn get(path: &str) -> Request<Body> {
    request(Method::GET, path, "", Body::empty())
}

pub fn xml(path: &str, body: &str) -> Request<Body> {
    request(Method::POST, path, "text/xml; charset=utf-8", body.to_owned())
}

pub fn form(path: &str, report: &str) -> Request<Body> {
    request(Method::POST, path, "application/x-www-form-urlencoded", format!("id={report}"))
}

pub fn file(report: &str, bytes: &[u8]) -> Request<Body> {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n{report}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    request(Method::POST, "upload", "multipart/form-data; boundary=b", body)
}

pub fn details(report: &str, file: &str) -> Request<Body> {
    xml(
        "fileinfo",
        &format!("<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId></fileDetails>"),
    )
}

/// Every request that is about a report.
pub fn about(report: &str, id: &str) -> [(&'static str, Request<Body>); 4] {
    [
        ("upload", file(report, b"hello")),
        ("fileinfo", details(report, id)),
        ("finish", form("finish", report)),
        ("retract", form("retract", report)),
    ]
}

/// Every endpoint, asked as it should be.
pub fn all(report: &str, id: &str) -> Vec<(&'static str, Request<Body>)> {
    let first = [("status", get("status")), ("xsd", get("xsd")), ("submit", xml("submit", REPORT))];
    first.into_iter().chain(about(report, id)).collect()
}
