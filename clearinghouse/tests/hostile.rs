//! Bad input at the provider's door: each is answered with a documented code, the process stays up, and a good report
//! passes right after it.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
mod common;

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use common::Running;
use reqwest::blocking::{Body, Client, multipart};

const REPORT: &str = "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";
const HUGE_XML_BYTES: u64 = 100 << 20;
const HALF_OPEN: &str = "10000";
/// More than fits between two reads: whoever refuses it early must still let it be sent.
const LARGE_UPLOAD_BYTES: usize = 24 << 20;
/// Files that the process may have open where it has too few, and connections that are then opened: those that it cannot
/// accept wait with the system, which keeps a hundred and more.
const FEW_FILES: u32 = 200;
const CROWD: usize = 250;
/// How long the crowd stands, and the processor time that a house may use on it: a hundredth of a second a tick.
const CROWDED_FOR: Duration = Duration::from_secs(3);
const MOST_TICKS: u64 = 60;

struct Door {
    house: Running,
    client: Client,
}

impl Door {
    fn open() -> Self {
        Self { house: Running::demo(0, &[]), client: Client::new() }
    }

    /// The number of a new open report.
    fn open_report(&self) -> String {
        let answer = self.submit(REPORT);
        answer.split("<reportId>").nth(1).expect("a report id").split('<').next().unwrap().to_owned()
    }

    /// Host and port.
    fn authority(&self) -> String {
        let base = self.house.ispws();
        base.trim_start_matches("http://").split('/').next().unwrap().replace("localhost", "127.0.0.1")
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
        let report = self.open_report();
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
    let report = door.open_report();
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
fn documents_of_another_kind_are_refused_with_their_code() {
    let door = Door::open();
    let send = |path: &str, kind: &'static str, body: &'static str| {
        door.post(path).header("content-type", kind).body(body).send().unwrap().text().unwrap()
    };
    let json = r#"{"report":{"incidentSummary":{}}}"#;
    coded(&send("submit", "application/json", json), 4000);
    coded(&send("submit", "text/xml", json), 4110);
    coded(&send("submit", "application/x-www-form-urlencoded", "report=1"), 4000);
    coded(&send("submit", "multipart/form-data; boundary=b", "--b--"), 4000);
    coded(&send("fileinfo", "application/json", "{}"), 4000);
    coded(&send("fileinfo", "text/xml", REPORT), 4100);
    for path in ["finish", "retract"] {
        coded(&send(path, "application/json", r#"{"id":1000001}"#), 4000);
        coded(&send(path, "application/x-www-form-urlencoded", "report=1000001"), 4000);
        coded(&send(path, "application/x-www-form-urlencoded", "id=%31"), 4000);
        coded(&send(path, "multipart/form-data; boundary=b", "--b\r\nrubbish"), 4000);
        coded(&send(path, "multipart/form-data", "id=1000001"), 4000);
    }
    coded(&send("upload", "multipart/form-data", "no boundary"), 4000);
    coded(&send("upload", "text/xml", REPORT), 4000);
    coded(&send("nowhere", "text/xml", REPORT), 1210);
    door.files_a_report();
}

#[test]
fn an_order_that_nobody_asked_for_is_refused_with_its_code() {
    let door = Door::open();
    let details = |report: &str| {
        let body = format!(
            "<fileDetails><reportId>{report}</reportId><fileId>0a1b2c3d4e5f60718293a4b5c6d7e8f9</fileId></fileDetails>"
        );
        door.post("fileinfo").header("content-type", "text/xml").body(body).send().unwrap().text().unwrap()
    };
    let upload = |form: multipart::Form| door.post("upload").multipart(form).send().unwrap().text().unwrap();
    let file = |name: &'static str| multipart::Part::bytes(name.as_bytes()).file_name(name);
    // Before there is a report, a file, or an end.
    let never = "900000001".to_owned();
    coded(&upload(multipart::Form::new().text("id", never.clone()).part("file", file("a"))), 5001);
    coded(&details(&never), 5001);
    let report = door.open_report();
    coded(&details(&report), 5002);
    // Two files in one request are not taken half.
    let both =
        multipart::Form::new().text("id", report.clone()).part("file", file("a")).part("file", file("b"));
    coded(&upload(both), 4200);
    let done = door.post("finish").form(&[("id", &report)]).send().unwrap().text().unwrap();
    assert!(done.contains("<responseCode>0</responseCode>") && !done.contains("<fileId>"), "{done}");
    // And after the end nothing is added.
    coded(&upload(multipart::Form::new().text("id", report.clone()).part("file", file("a"))), 5102);
    coded(&details(&report), 5102);
    door.files_a_report();
}

#[test]
fn whoever_is_refused_in_the_middle_of_a_large_upload_still_hears_why() {
    let door = Door::open();
    let large = || multipart::Part::bytes(vec![b'x'; LARGE_UPLOAD_BYTES]).file_name("large");
    let upload = |form: multipart::Form| door.post("upload").multipart(form).send().unwrap().text().unwrap();
    coded(&upload(multipart::Form::new().text("id", "1".repeat(100)).part("file", large())), 4000);
    coded(&upload(multipart::Form::new().text("id", "nine").part("file", large())), 4000);
    coded(&upload(multipart::Form::new().text("id", "900000001").part("file", large())), 5001);
    let report = door.open_report();
    let second = multipart::Part::bytes(b"x".to_vec()).file_name("small");
    coded(
        &upload(multipart::Form::new().text("id", report).part("file", second).part("file", large())),
        4200,
    );
    let json = door.post("upload").header("content-type", "application/json");
    coded(&json.body(vec![b'x'; LARGE_UPLOAD_BYTES]).send().unwrap().text().unwrap(), 4000);
    door.files_a_report();
}

#[test]
fn a_compressed_document_is_not_blown_up() {
    let door = Door::open();
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("report.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::copy(&mut std::io::repeat(b' ').take(256 << 20), &mut bomb).unwrap();
    let bytes = bomb.finish().unwrap().into_inner();
    for encoding in ["gzip", "deflate", "br"] {
        let packed =
            door.post("submit").header("content-type", "text/xml").header("content-encoding", encoding);
        coded(&packed.body(bytes.clone()).send().unwrap().text().unwrap(), 4110);
    }
    door.files_a_report();
}

#[test]
fn a_house_without_file_descriptors_waits_for_one_and_goes_on() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n \"$0\" && exec \"$@\"", &FEW_FILES.to_string()]);
    command.arg(env!("CARGO_BIN_EXE_clearinghouse"));
    command.args(["demo", "--json", "--port", "0", "--reports", "0"]);
    let door = Door { house: Running::start(command), client: Client::new() };
    let crowd: Vec<TcpStream> = (0..CROWD).map(|_| TcpStream::connect(door.authority()).unwrap()).collect();
    let before = ticks(door.house.child.id());
    std::thread::park_timeout(CROWDED_FOR);
    let used = ticks(door.house.child.id()) - before;
    assert!(used < MOST_TICKS, "it used {used} ticks while there was nothing to do");
    drop(crowd);
    door.files_a_report();
}

/// Processor time of a process so far, in hundredths of a second.
fn ticks(process: u32) -> u64 {
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, numbers) = line.rsplit_once(')').unwrap();
    let times = numbers.split_whitespace().skip(11).take(2);
    times.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

#[test]
fn an_archive_that_would_swell_is_only_bytes() {
    let door = Door::open();
    let report = door.open_report();
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
    let report = door.open_report();
    let (user, password) = door.house.provider(0);
    let secret = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    let authority = door.authority();
    let port = authority.rsplit(':').next().unwrap().to_owned();
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
