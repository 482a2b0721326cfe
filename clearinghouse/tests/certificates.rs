//! Mutual TLS at the agency API, over a real listener with TLS and with a client that we did not write: a token that was issued
//! for a certificate opens nothing without the key of that certificate, and neither does what was drawn with it. And what a
//! browser tells of a broken content policy, which it does on connections with TLS alone.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod served;
#[path = "common/walks.rs"]
mod walks;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use served::Place;

const AGENCY: &str = "us-fbi";

/// A certificate that nobody signed but itself, and its key, as files.
fn certificate(folder: &Path, name: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let at = |end: &str| folder.join(format!("{name}.{end}")).to_str().unwrap().to_owned();
    std::fs::write(at("pem"), made.cert.pem()).unwrap();
    std::fs::write(at("key"), made.signing_key.serialize_pem()).unwrap();
    (at("pem"), at("key"))
}

/// The agency's system.
struct System {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl System {
    fn trusting(authority: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/strangers/certificate.py");
        let mut command = Command::new(walks::tools("api").join("bin/python"));
        command.arg(script).arg(authority).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, answers }
    }

    /// Asks with a certificate, or with none; the status and the answer.
    fn asks(&mut self, shown: Option<&(String, String)>, mut what: Value) -> (u64, Value) {
        what["cert"] = json!(shown.map(|(certificate, _)| certificate));
        what["key"] = json!(shown.map(|(_, key)| key));
        writeln!(self.child.stdin.as_mut().unwrap(), "{what}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        (answer["status"].as_u64().unwrap(), answer["body"].clone())
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it can be waited for");
    }
}

// PROVES: R-36
#[test]
fn a_token_of_a_certificate_opens_nothing_without_it_nor_does_what_was_drawn_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = certificate(folder.path(), "localhost");
    let own = certificate(folder.path(), "system.agency.example");
    let other = certificate(folder.path(), "other.agency.example");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let place = Place::at(&folder.path().join("house"))
        .with("LISTEN__SYSTEMS__ADDRESS", format!("127.0.0.1:{port}"))
        .with("LISTEN__SYSTEMS__HOST", "localhost")
        .with("LISTEN__SYSTEMS__SURFACES", "[\"agencies\"]")
        .with("LISTEN__SYSTEMS__CERTIFICATE_FILE", &*server.0)
        .with("LISTEN__SYSTEMS__KEY_FILE", &*server.1)
        .with("LISTEN__SYSTEMS__CLIENT_CERTIFICATES", "true");
    let unbound = place.make().token;
    let issued = place.run(&["agency", "token", AGENCY, "--certificate", &own.0, "--json"]);
    assert!(issued.status.success(), "{}", String::from_utf8_lossy(&issued.stderr));
    let issued: Value = serde_json::from_slice(&issued.stdout).unwrap();
    let bound = issued["token"].as_str().unwrap().to_owned();
    let serving = place.serve();
    let (plain, base) = (serving.agency(), format!("https://localhost:{port}/agency/v1"));
    let mut system = System::trusting(&server.0);
    let feed = |base: &str, token: &str| json!({ "to": format!("{base}/feed"), "token": token });
    let draw = json!({ "to": format!("{base}/token"), "form": {
        "grant_type": "client_credentials", "client_id": AGENCY, "client_secret": bound,
    } });
    // The secret itself, and drawing with it.
    assert_eq!(system.asks(Some(&own), feed(&base, &bound)).0, 200);
    for shown in [None, Some(&other)] {
        assert_eq!(system.asks(shown, feed(&base, &bound)).0, 401, "{shown:?}");
        let (status, said) = system.asks(shown, draw.clone());
        assert_eq!((status, &said["error"]), (401, &json!("invalid_client")), "{shown:?}");
    }
    let (status, drawn) = system.asks(Some(&own), draw);
    assert_eq!((status, &drawn["expires_in"]), (200, &json!(3_600)), "{drawn}");
    let drawn = drawn["access_token"].as_str().unwrap();
    // What was drawn is worth as much, on a connection with the same key.
    assert_eq!(system.asks(Some(&own), feed(&base, drawn)).0, 200);
    for shown in [None, Some(&other)] {
        assert_eq!(system.asks(shown, feed(&base, drawn)).0, 401, "{shown:?}");
    }
    // A listener that asks for no certificate has seen none.
    for token in [bound.as_str(), drawn] {
        assert_eq!(system.asks(Some(&own), feed(&plain, token)).0, 401);
    }
    // Whoever's token is bound to none is let in with any and without.
    for shown in [None, Some(&other)] {
        assert_eq!(system.asks(shown, feed(&base, &unbound)).0, 200, "{shown:?}");
    }
}

#[test]
fn a_browser_tells_us_over_tls_what_our_content_policy_kept_from_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(folder.path(), "localhost");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let place = Place::at(&folder.path().join("house"))
        .with("LISTEN__DESK__ADDRESS", format!("127.0.0.1:{port}"))
        .with("LISTEN__DESK__HOST", "localhost")
        .with("LISTEN__DESK__SURFACES", "[\"agencies\"]")
        .with("LISTEN__DESK__CERTIFICATE_FILE", certificate)
        .with("LISTEN__DESK__KEY_FILE", key);
    place.make();
    let _serving = place.serve();
    walks::walk("faces/broken.mjs", &[format!("https://localhost:{port}")]);
}
