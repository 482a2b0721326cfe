//! The fifteen rows of the conformance checklist for the provider API, each on the wire against the real binary.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use common::Running;
use reqwest::blocking::{Client, Response, multipart};

const REPORT: &str = "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";

/// One client of one provider.
struct Wire {
    base: String,
    user: (String, String),
    client: Client,
}

impl Wire {
    fn to(house: &Running) -> Self {
        Self { base: house.ispws(), user: house.provider(0), client: Client::new() }
    }

    fn post(&self, path: &str) -> reqwest::blocking::RequestBuilder {
        let (user, password) = &self.user;
        self.client.post(format!("{}/{path}", self.base)).basic_auth(user, Some(password))
    }

    fn get(&self, path: &str) -> Response {
        let (user, password) = &self.user;
        self.client.get(format!("{}/{path}", self.base)).basic_auth(user, Some(password)).send().unwrap()
    }

    fn xml(&self, path: &str, body: &str) -> Answer {
        let request = self.post(path).header("content-type", "text/xml; charset=utf-8").body(body.to_owned());
        Answer::of(request.send().unwrap())
    }

    fn submit(&self) -> String {
        let answer = self.xml("submit", REPORT);
        assert_eq!(answer.code(), "0", "{answer:?}");
        answer.element("reportId")
    }

    fn upload(&self, report: &str, bytes: &[u8]) -> Answer {
        let file = multipart::Part::bytes(bytes.to_vec()).file_name("a.txt");
        let form = multipart::Form::new().text("id", report.to_owned()).part("file", file);
        Answer::of(self.post("upload").multipart(form).send().unwrap())
    }

    fn close(&self, path: &str, report: &str) -> Answer {
        Answer::of(self.post(path).form(&[("id", report)]).send().unwrap())
    }

    /// Sends bytes as they are and reads the whole answer.
    fn raw(&self, head: &str, body: &[u8]) -> String {
        use base64::Engine as _;
        let (user, password) = &self.user;
        let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let address = self.base.trim_start_matches("http://").split('/').next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let head = head.replace(
            "{auth}",
            &format!("Host: {address}\r\nAuthorization: Basic {credentials}\r\nConnection: close"),
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    request_id: Option<String>,
    content_type: Option<String>,
    body: String,
}

impl Answer {
    fn of(response: Response) -> Self {
        let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        Self {
            status: response.status().as_u16(),
            request_id: header("request-id"),
            content_type: header("content-type"),
            body: response.text().unwrap(),
        }
    }

    fn code(&self) -> String {
        self.element("responseCode")
    }

    fn element(&self, name: &str) -> String {
        let open = format!("<{name}>");
        let from = self.body.find(&open).unwrap_or_else(|| panic!("no {name} in {self:?}")) + open.len();
        let to = self.body[from..].find('<').unwrap() + from;
        self.body[from..to].to_owned()
    }
}

#[test]
fn row_1_both_form_encodings_close_a_report() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    for path in ["finish", "retract"] {
        assert_eq!(wire.close(path, &wire.submit()).code(), "0");
        let form = multipart::Form::new().text("id", wire.submit());
        assert_eq!(Answer::of(wire.post(path).multipart(form).send().unwrap()).code(), "0");
    }
}

#[test]
fn row_2_a_report_may_come_as_any_kind_of_text_and_without_declaration() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let declared = format!("<?xml version='1.0' encoding='utf-8'?>\n{REPORT}");
    for kind in ["text/xml", "text/xml; charset=utf-8", "text/plain;charset=UTF-8", "application/xml"] {
        for body in [REPORT, &declared] {
            let request = wire.post("submit").header("content-type", kind).body(body.to_owned());
            assert_eq!(Answer::of(request.send().unwrap()).code(), "0", "{kind}");
        }
    }
}

#[test]
fn rows_3_and_4_nanoseconds_and_every_way_to_write_a_flag_are_accepted() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    for flag in ["<spam/>", "<spam></spam>", "<spam>true</spam>", "<spam>1</spam>"] {
        let report = REPORT.replace(
            "<incidentDateTime>2026-02-03T14:05:00Z",
            &format!("<reportAnnotations>{flag}</reportAnnotations><incidentDateTime>2026-02-03T14:05:00.487321212Z"),
        );
        assert_eq!(wire.xml("submit", &report).code(), "0", "{flag}");
    }
    let wrong = REPORT.replace(
        "<incidentDateTime>",
        "<reportAnnotations><spam>false</spam></reportAnnotations><incidentDateTime>",
    );
    let answer = wire.xml("submit", &wrong);
    assert_eq!((answer.status, answer.code().as_str()), (400, "4100"));
    assert!(answer.body.contains("cvc-elt.5.2.2.2.2"), "{answer:?}");
}

#[test]
fn row_5_a_chunked_upload_with_trailing_bytes_is_one_whole_file() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let report = wire.submit();
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n{report}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\n\
         Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\nhello\r\n--b--\r\n\r\n\r\n"
    );
    let mut body = Vec::new();
    for piece in form.as_bytes().chunks(7) {
        write!(body, "{:x}\r\n", piece.len()).unwrap();
        body.extend_from_slice(piece);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"0\r\n\r\n");
    let head = "POST /ispws/upload HTTP/1.1\r\n{auth}\r\nTransfer-Encoding: chunked\r\n\
        Content-Type: multipart/form-data; boundary=b\r\n\r\n";
    let answer = wire.raw(head, &body);
    assert!(answer.contains("<hash>5d41402abc4b2a76b9719d911017c592</hash>"), "{answer}");
    let named = multipart::Part::bytes(b"hello".to_vec()).file_name("b\u{e9}nin \u{202e}.txt");
    let form = multipart::Form::new().text("id", report).part("file", named);
    assert_eq!(Answer::of(wire.post("upload").multipart(form).send().unwrap()).code(), "0");
}

#[test]
fn a_file_may_come_before_its_report_id() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let report = wire.submit();
    let file = multipart::Part::bytes(b"hello".to_vec()).file_name("a");
    let form = multipart::Form::new().part("file", file).text("id", report);
    assert_eq!(Answer::of(wire.post("upload").multipart(form).send().unwrap()).code(), "0");
}

#[test]
fn row_6_a_second_ip_capture_event_is_refused_with_what_may_still_follow() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let report = wire.submit();
    let file = wire.upload(&report, b"hello").element("fileId");
    let event = "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>";
    let details = format!(
        "<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId>{event}{event}</fileDetails>"
    );
    let answer = wire.xml("fileinfo", &details);
    assert_eq!((answer.status, answer.code().as_str()), (400, "4100"));
    let expected = "Invalid content was found starting with element 'ipCaptureEvent'. \
        One of '{deviceId, details, additionalInfo}' is expected.";
    assert!(answer.body.contains(expected), "{answer:?}");
}

#[test]
fn rows_7_and_8_descriptions_are_text_and_file_lists_are_whole() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let status = Answer::of(wire.get("status"));
    assert!(status.element("responseDescription").starts_with("Remote User : "), "{status:?}");
    assert!(!status.body.contains("reportId"));
    let empty = wire.close("finish", &wire.submit());
    assert!(empty.body.contains("<files/>"), "{empty:?}");
    assert!(!empty.body.contains("responseDescription"));
    let report = wire.submit();
    let files =
        [wire.upload(&report, b"one").element("fileId"), wire.upload(&report, b"two").element("fileId")];
    let done = wire.close("finish", &report);
    assert!(files.iter().all(|f| done.body.contains(&format!("<fileId>{f}</fileId>"))), "{done:?}");
}

#[test]
fn row_9_an_unescaped_ampersand_is_malformed_and_harms_nothing() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let answer = wire.xml("submit", &REPORT.replace("desk@", "a & b@"));
    assert_eq!((answer.status, answer.code().as_str()), (400, "4110"));
    wire.submit();
}

#[test]
fn rows_10_and_11_wrong_credentials_have_no_body_and_every_answer_has_a_number() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let stranger =
        Client::new().get(format!("{}/status", wire.base)).basic_auth("x", Some("y")).send().unwrap();
    let answer = Answer::of(stranger);
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
    assert!(answer.request_id.is_some());
    let others = [
        Answer::of(wire.get("status")),
        Answer::of(wire.get("nowhere")),
        Answer::of(wire.get("submit")),
        wire.xml("submit", "<x"),
        wire.close("finish", "9"),
    ];
    for answer in others {
        assert!(answer.request_id.is_some(), "{answer:?}");
        assert!(answer.content_type.as_deref().unwrap().contains("application/xml"), "{answer:?}");
        answer.element("responseCode").parse::<u32>().unwrap();
    }
}

#[test]
fn row_12_the_schema_needs_credentials_and_is_a_schema() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    assert_eq!(Client::new().get(format!("{}/xsd", wire.base)).send().unwrap().status(), 401);
    let schema = wire.get("xsd").text().unwrap();
    assert!(schema.contains("http://www.w3.org/2001/XMLSchema") && schema.contains("\"fileDetails\""));
}

#[test]
fn row_13_retract_is_an_exact_oracle() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let finished = wire.submit();
    wire.close("finish", &finished);
    assert_eq!(wire.close("retract", &finished).code(), "5102");
    let open = wire.submit();
    assert_eq!(wire.close("retract", &open).code(), "0");
    assert_eq!(wire.close("retract", &open).code(), "5101");
    assert_eq!(wire.close("retract", "900000000").code(), "5001");
    let foreign = Wire { user: house.provider(1), ..Wire::to(&house) };
    assert_eq!(foreign.close("retract", &wire.submit()).code(), "5001");
}

#[test]
fn row_14_blind_retries_of_an_upload_attach_further_copies() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let report = wire.submit();
    let ids: std::collections::BTreeSet<String> =
        (0..6).map(|_| wire.upload(&report, b"again").element("fileId")).collect();
    assert_eq!(ids.len(), 6);
    let done = wire.close("finish", &report);
    assert!(ids.iter().all(|id| done.body.contains(id)));
}

#[test]
fn row_15_json_and_wrong_field_names_are_invalid_requests() {
    let house = Running::demo(0, &[]);
    let wire = Wire::to(&house);
    let json = |path: &str| {
        let request =
            wire.post(path).header("content-type", "application/json").body("{\"report\":\"<report/>\"}");
        Answer::of(request.send().unwrap())
    };
    for path in ["submit", "fileinfo", "finish", "retract", "upload"] {
        let answer = json(path);
        assert_eq!((answer.status, answer.code().as_str()), (400, "4000"), "{path} {answer:?}");
    }
    let wrong = Answer::of(wire.post("finish").form(&[("report_id", "1")]).send().unwrap());
    assert_eq!(wrong.code(), "4000");
    assert_eq!(wire.close("finish", "seven").code(), "4000");
}
