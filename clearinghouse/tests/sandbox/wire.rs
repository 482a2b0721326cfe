//! One client of one provider, who may ask for faults.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::blocking::{Client, RequestBuilder, Response, multipart};
use reqwest::redirect::Policy;

use super::common::Running;

pub const REPORT: &str = "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";

/// What a client sends with.
#[derive(Clone)]
pub struct Wire {
    pub client: Client,
    base: String,
    user: (String, String),
    headers: Vec<(&'static str, String)>,
}

impl Wire {
    /// The first provider's.
    pub fn to(house: &Running) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, base: house.ispws(), user: house.provider(0), headers: Vec::new() }
    }

    /// The same with other credentials.
    pub fn with(&self, user: &str, password: &str) -> Self {
        Self { user: (user.to_owned(), password.to_owned()), ..self.clone() }
    }

    /// The same with one more header on everything.
    pub fn header(&self, name: &'static str, value: &str) -> Self {
        let mut wire = self.clone();
        wire.headers.push((name, value.to_owned()));
        wire
    }

    /// The same, asking for faults.
    pub fn faulty(&self, fault: &str) -> Self {
        self.header("sandbox-fault", fault)
    }

    pub fn origin(&self) -> String {
        self.base.trim_end_matches("/ispws").to_owned()
    }

    fn dressed(&self, request: RequestBuilder) -> RequestBuilder {
        let (user, password) = &self.user;
        let request = request.basic_auth(user, Some(password));
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.dressed(self.client.post(format!("{}/{path}", self.base)))
    }

    pub fn get(&self, path: &str) -> Answer {
        Answer::of(self.dressed(self.client.get(format!("{}/{path}", self.base))).send().unwrap())
    }

    pub fn xml(&self, path: &str, body: &str) -> Answer {
        let request = self.post(path).header("content-type", "text/xml; charset=utf-8").body(body.to_owned());
        Answer::of(request.send().unwrap())
    }

    /// Opens a report and answers its number.
    pub fn submit(&self) -> String {
        let answer = self.xml("submit", REPORT);
        assert_eq!(answer.code(), "0", "{answer:?}");
        answer.element("reportId")
    }

    pub fn upload(&self, report: &str, bytes: &[u8]) -> Answer {
        let file = multipart::Part::bytes(bytes.to_vec()).file_name("a.bin");
        let form = multipart::Form::new().text("id", report.to_owned()).part("file", file);
        Answer::of(self.post("upload").multipart(form).send().unwrap())
    }

    pub fn close(&self, path: &str, report: &str) -> Answer {
        Answer::of(self.post(path).form(&[("id", report)]).send().unwrap())
    }

    /// The same, where no answer may come.
    pub fn try_close(&self, path: &str, report: &str) -> Option<Answer> {
        self.post(path).form(&[("id", report)]).send().ok().map(Answer::of)
    }

    /// A page or a list of the sandbox, asked for without credentials.
    pub fn fetch(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.origin())).send().unwrap()
    }

    /// Something of the sender's own, as JSON.
    pub fn own(&self, path: &str) -> serde_json::Value {
        self.dressed(self.client.get(format!("{}{path}", self.origin()))).send().unwrap().json().unwrap()
    }

    /// An order to the sandbox.
    pub fn order(&self, order: &str, form: &[(&str, &str)]) -> Response {
        self.dressed(self.client.post(format!("{}/sandbox/{order}", self.origin())))
            .form(form)
            .send()
            .unwrap()
    }

    fn send_submit(&self) -> TcpStream {
        use base64::Engine as _;
        let (user, password) = &self.user;
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let host = self.origin().trim_start_matches("http://").to_owned();
        let more: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut stream = TcpStream::connect(&host).unwrap();
        let length = REPORT.len();
        let head = format!(
            "POST /ispws/submit HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {credentials}\r\n\
             Content-Type: text/xml\r\nContent-Length: {length}\r\n{more}\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(REPORT.as_bytes()).unwrap();
        stream
    }

    /// Submits and reads until the connection ends.
    pub fn raw_submit(&self) -> String {
        let mut answer = String::new();
        self.send_submit().read_to_string(&mut answer).unwrap();
        answer
    }

    /// Submits and leaves without waiting.
    pub fn raw_and_leave(&self) {
        drop(self.send_submit());
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub request_id: Option<String>,
    pub retry_after: Option<String>,
    pub body: String,
}

impl Answer {
    fn of(response: Response) -> Self {
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Self {
            status: response.status().as_u16(),
            request_id: header("request-id"),
            retry_after: header("retry-after"),
            body: response.text().unwrap(),
        }
    }

    pub fn code(&self) -> String {
        self.element("responseCode")
    }

    pub fn element(&self, name: &str) -> String {
        let open = format!("<{name}>");
        let from = self.body.find(&open).unwrap_or_else(|| panic!("no {name} in {self:?}")) + open.len();
        let to = self.body[from..].find('<').unwrap() + from;
        self.body[from..to].to_owned()
    }
}
