//! Bad input at the provider's door: each is answered with a documented code, the process stays up, and a good report
//! passes right after it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
mod common;

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Command, Stdio};

use base64::Engine as _;
use common::Running;
use reqwest::blocking::{Body, Client, multipart};

const REPORT: &str = "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";
const HUGE_XML_BYTES: u64 = 100 << 20;
const HALF_OPEN: &str = "10000";

struct Door {
    house: Running,
    client: Client,
}

impl Door {
    fn open() -> Self {
        Self { house: Running::demo(0, &[]), client: Client::new() }
    }

    fn post(&self, path: &str) -> reqwest::blocking::RequestBuilder {
        let (user, password) = self.house.provider(0);
        self.client.post(format!("{}/{path}", self.house.ispws())).basic_auth(user, Some(password))
    }

    fn submit(&self, body: impl Into<Body>) -> String {
        self.post("submit").header("content-type", "text/xml").body(body).send().unwrap().text().unwrap()
    }

    /// A whole good report; answers its number.
    fn files_a_report(&self) -> String {
        let answer = self.submit(REPORT);
        let report =
            answer.split("<reportId>").nth(1).expect("a report id").split('<').next().unwrap().to_owned();
        let done = self.post("finish").form(&[("id", &report)]).send().unwrap().text().unwrap();
        assert!(done.contains("<responseCode>0</responseCode>"), "{done}");
        report
    }
}

fn coded(answer: &str, code: u32) {
    assert!(answer.contains(&format!("<responseCode>{code}</responseCode>")), "expected {code}: {answer}");
}

#[test]
fn malformed_documents_are_4110_and_harm_nothing() {
    let door = Door::open();
    let bombs = [
        "<report>".to_owned(),
        "not xml at all".to_owned(),
        "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><report>&b;</report>".to_owned(),
        "<a>".repeat(10_000),
        String::new(),
    ];
    for bomb in bombs {
        coded(&door.submit(bomb), 4110);
    }
    door.files_a_report();
}

#[test]
fn a_document_of_a_hundred_megabytes_is_refused_by_its_size() {
    let door = Door::open();
    let endless = std::io::repeat(b'x').take(HUGE_XML_BYTES);
    let answer = door.submit(Body::sized(endless, HUGE_XML_BYTES));
    coded(&answer, 4110);
    assert!(answer.contains("larger than"), "{answer}");
    door.files_a_report();
}

#[test]
fn broken_forms_are_refused_with_their_code() {
    let door = Door::open();
    let report =
        door.submit(REPORT).split("<reportId>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let upload = |form: multipart::Form| door.post("upload").multipart(form).send().unwrap().text().unwrap();
    coded(&upload(multipart::Form::new().text("id", report.clone())), 4200);
    let file = || multipart::Part::bytes(b"x".to_vec()).file_name("x");
    coded(&upload(multipart::Form::new().part("file", file())), 4000);
    coded(&upload(multipart::Form::new().text("id", "nine").part("file", file())), 4000);
    coded(&upload(multipart::Form::new().text("id", "900000001").part("file", file())), 5001);
    let broken = door
        .post("upload")
        .header("content-type", "multipart/form-data; boundary=b")
        .body("--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1000001\r\n--b\r\nrubbish")
        .send()
        .unwrap();
    coded(&broken.text().unwrap(), 4200);
    let json = door.post("upload").header("content-type", "application/json").body("{}").send().unwrap();
    coded(&json.text().unwrap(), 4000);
    door.files_a_report();
}

#[test]
fn an_archive_that_would_swell_is_only_bytes() {
    let door = Door::open();
    let report =
        door.submit(REPORT).split("<reportId>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("zeros", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::copy(&mut std::io::repeat(0).take(64 << 20), &mut bomb).unwrap();
    let bytes = bomb.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let part = multipart::Part::bytes(bytes).file_name("swell.zip");
    let form = multipart::Form::new().text("id", report).part("file", part);
    coded(&door.post("upload").multipart(form).send().unwrap().text().unwrap(), 0);
    door.files_a_report();
}

#[test]
fn thousands_of_half_open_uploads_leave_room_for_a_good_one() {
    let door = Door::open();
    let report =
        door.submit(REPORT).split("<reportId>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let (user, password) = door.house.provider(0);
    let secret = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    let address = door.house.ispws();
    let port = address.trim_end_matches("/ispws").rsplit(':').next().unwrap().to_owned();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strangers/half_open.py");
    let mut crowd = Command::new("python3")
        .args([script, "127.0.0.1", &port, &format!("Basic {secret}"), &report, HALF_OPEN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let mut line = String::new();
    BufReader::new(crowd.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let open: usize = line.trim().trim_start_matches("open ").parse().expect("the crowd is there");
    assert!(open > 500, "only {open} uploads could be opened on this machine");
    door.files_a_report();
    drop(crowd.stdin.take());
    crowd.wait().unwrap();
}
