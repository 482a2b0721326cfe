//! Eight clients, to the byte: each profile of `profiles/` walks its reports through the real binary over a plain socket.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/wire.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod wire;

use std::fs;
use std::path::PathBuf;

use common::Running;
use wire::{Heard, Wire, basic};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
/// MD5 of `hello`, which every profile uploads.
const HASH: &str = "5d41402abc4b2a76b9719d911017c592";

/// One client on one provider's credentials.
struct Client {
    profile: &'static str,
    address: String,
    auth: String,
    /// Clients that keep their connection do so here, too.
    kept: Option<Wire>,
}

impl Client {
    fn of(profile: &'static str, house: &Running) -> Self {
        let base = house.ispws();
        let address = base.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        Self { profile, address, auth: basic(&house.provider(0)), kept: None }
    }

    fn request(&self, name: &str, report: &str, file: &str) -> (Vec<u8>, Vec<u8>) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/profiles").join(self.profile);
        let bytes = fs::read(path.join(format!("{name}.http"))).unwrap();
        let at = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let (head, body) = (String::from_utf8(bytes[..at].to_vec()).unwrap(), bytes[at..].to_vec());
        // The file holds nothing that is not text, so the words can be put in as text.
        let mut body = String::from_utf8(body).unwrap();
        body = body.replace("{{report}}", report).replace("{{file}}", file);
        let head = head.replace("{{host}}", &self.address).replace("{{auth}}", &self.auth);
        let head = head.replace("{{length}}", &body.len().to_string());
        assert!(!head.contains("{{") && !body.contains("{{"), "{head}{body}");
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        (head.into_bytes(), if is_chunked { chunked(&body) } else { body.into_bytes() })
    }

    fn ask(&mut self, name: &str, report: &str, file: &str) -> Heard {
        let (head, body) = self.request(name, report, file);
        let mut wire = self.kept.take().unwrap_or_else(|| Wire::to(&self.address));
        wire.send(&head);
        if head.windows(20).any(|part| part == b"Expect: 100-continue") {
            assert_eq!(wire.hear(false).status, 100);
        }
        wire.send(&body);
        let heard = wire.hear(false);
        assert!(heard.header("request-id").is_some_and(|id| id.len() == 36), "{heard:?}");
        assert_eq!(heard.header("content-type"), Some("application/xml;charset=UTF-8"));
        let closes = String::from_utf8_lossy(&head).to_ascii_lowercase().contains("connection: close");
        self.kept = (!closes).then_some(wire);
        heard
    }

    fn submitted(&mut self) -> String {
        let heard = self.ask("submit", "", "");
        assert_eq!(heard.status, 200, "{heard:?}");
        let report = heard.element("reportId");
        let expected = answer(&format!("<reportId>{report}</reportId>"));
        assert_eq!(heard.body, expected, "{}", self.profile);
        report
    }
}

fn answer(more: &str) -> String {
    format!(
        "{DECLARATION}<reportResponse><responseCode>0</responseCode>\
         <responseDescription>Success</responseDescription>{more}</reportResponse>"
    )
}

/// A body in chunks that end at its line ends, as a form is streamed.
fn chunked(body: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in body.split_inclusive("\r\n") {
        bytes.extend_from_slice(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes());
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

fn walks(profile: &'static str) {
    let house = Running::demo(0, &[]);
    let mut client = Client::of(profile, &house);
    let status = client.ask("status", "", "");
    assert_eq!(status.status, 200);
    assert_eq!(
        status.element("responseDescription"),
        format!("Remote User : {}, Remote Ip : 127.0.0.1", house.provider(0).0)
    );

    let report = client.submitted();
    let uploaded = client.ask("upload", &report, "");
    assert_eq!(uploaded.status, 200, "{uploaded:?}");
    let file = uploaded.element("fileId");
    let ids = format!("<reportId>{report}</reportId><fileId>{file}</fileId>");
    assert_eq!(uploaded.body, answer(&format!("{ids}<hash>{HASH}</hash>")), "{profile}");
    let described = client.ask("fileinfo", &report, &file);
    assert_eq!((described.status, described.body.as_str()), (200, answer(&ids).as_str()), "{profile}");
    let finished = client.ask("finish", &report, "");
    let done = format!(
        "{DECLARATION}<reportDoneResponse><responseCode>0</responseCode><reportId>{report}</reportId>\
         <files><fileId>{file}</fileId></files></reportDoneResponse>"
    );
    assert_eq!((finished.status, finished.body.as_str()), (200, done.as_str()), "{profile}");
    let late = client.ask("retract", &report, "");
    assert_eq!((late.status, late.code().as_str()), (400, "5102"), "{profile}");

    let second = client.submitted();
    let retracted = client.ask("retract", &second, "");
    let gone = answer(&format!("<reportId>{second}</reportId>"));
    assert_eq!((retracted.status, retracted.body.as_str()), (200, gone.as_str()), "{profile}");
    let again = client.ask("finish", &second, "");
    assert_eq!((again.status, again.code().as_str()), (400, "5101"), "{profile}");
}

#[test]
fn go_walks() {
    walks("go");
}

#[test]
fn py_walks() {
    walks("py");
}

#[test]
fn ts_walks() {
    walks("ts");
}

#[test]
fn ruby_walks() {
    walks("ruby");
}

#[test]
fn lume_walks() {
    walks("lume");
}

#[test]
fn coop_walks() {
    walks("coop");
}

#[test]
fn xf2_walks() {
    walks("xf2");
}

#[test]
fn wm_walks() {
    walks("wm");
}

#[test]
fn every_profile_of_the_folder_walks() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/profiles");
    let mut found: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_type().unwrap().is_dir())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, ["coop", "go", "lume", "py", "ruby", "ts", "wm", "xf2"]);
}
