//! Requests that two readers might understand in two ways, on every surface: each is refused, and what hides behind one is
//! never answered as a request of its own. And names that are not ours open nothing.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod served;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use common::Running;
use served::Place;

/// Longer than any answer of a test takes; a test that hangs fails here.
const PATIENCE: Duration = Duration::from_secs(60);
/// An address of every surface.
const EVERYWHERE: [&str; 6] = [
    "/ispws/submit",
    "/provider/sign-in",
    "/agency/sign-in",
    "/desk/sign-in",
    "/log/checkpoint",
    "/agency/v1/feed",
];
/// What hides behind another request: its answer would be known by its words.
const HIDDEN: &str = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
const LARGE: usize = 1 << 20;

/// Says bytes and listens until the other end is done.
fn told(address: &str, bytes: &[u8]) -> Vec<String> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // Whoever refuses early may close before all was said. This end stays open: whoever hangs up hears no answer.
    let said = stream.write_all(bytes);
    let mut heard = Vec::new();
    let read = stream.read_to_end(&mut heard);
    assert!(said.is_err() || read.is_ok(), "the house ends what it began");
    let heard = String::from_utf8_lossy(&heard).into_owned();
    heard.split("HTTP/1.1 ").skip(1).map(str::to_owned).collect()
}

/// Requests that are refused whole.
fn ambiguous(path: &str) -> Vec<(&'static str, String)> {
    let post = |headers: &str, body: &str| format!("POST {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}");
    let length = HIDDEN.len();
    vec![
        ("two lengths", post(&format!("Content-Length: 0\r\nContent-Length: {length}\r\n"), HIDDEN)),
        ("a list of lengths", post(&format!("Content-Length: 0, {length}\r\n"), HIDDEN)),
        ("a signed length", post("Content-Length: +0\r\n", HIDDEN)),
        ("a length in hexadecimal", post("Content-Length: 0x0\r\n", HIDDEN)),
        ("a length before a space", post("Content-Length : 0\r\n", HIDDEN)),
        (
            "a folded header",
            post(&format!("X: a\r\n Content-Length: {length}\r\nContent-Length: 0\r\n"), HIDDEN),
        ),
        (
            "an encoding that is not the last",
            post("Transfer-Encoding: chunked, identity\r\n", &format!("0\r\n\r\n{HIDDEN}")),
        ),
        (
            "an encoding that nobody knows",
            post("Transfer-Encoding: xchunked\r\n", &format!("0\r\n\r\n{HIDDEN}")),
        ),
        ("a control character", post("X: a\0b\r\nContent-Length: 0\r\n", HIDDEN)),
        ("a bare return", post("X: a\rContent-Length: 9\r\nContent-Length: 0\r\n", HIDDEN)),
        (
            "an encoding in HTTP/1.0",
            post("Transfer-Encoding: chunked\r\n", &format!("0\r\n\r\n{HIDDEN}"))
                .replacen("HTTP/1.1", "HTTP/1.0", 1),
        ),
        ("two hosts", format!("GET {path} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n")),
        ("no host", format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n")),
        (
            "a hundred and more headers",
            format!("GET {path} HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(200)),
        ),
        (
            "a header of a megabyte",
            format!("GET {path} HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "y".repeat(LARGE)),
        ),
        ("an address of a megabyte", format!("GET {path}?{} HTTP/1.1\r\nHost: a\r\n\r\n", "y".repeat(LARGE))),
    ]
}

#[test]
fn what_two_readers_might_understand_in_two_ways_is_refused_on_every_surface() {
    let house = Running::demo(0, &[]);
    let address =
        house.ispws().replace("http://localhost", "127.0.0.1").trim_end_matches("/ispws").to_owned();
    for path in EVERYWHERE {
        for (what, request) in ambiguous(path) {
            let answers = told(&address, request.as_bytes());
            // Whoever is cut off in the middle of a megabyte may not hear why.
            if answers.is_empty() && what.ends_with("megabyte") {
                continue;
            }
            let [only] = &answers[..] else { panic!("{what} at {path}: {answers:?}") };
            let status = only.split(' ').next().unwrap();
            assert!(["400", "414", "431"].contains(&status), "{what} at {path}: {only}");
        }
        // A length beside chunks: the chunks are believed (RFC 9112, 6.3), and the connection ends with them.
        let both = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}"
        );
        let answers = told(&address, both.as_bytes());
        assert_eq!(answers.len(), 1, "{path}: {answers:?}");
        assert!(answers[0].to_ascii_lowercase().contains("connection: close"), "{path}: {answers:?}");
    }
    // The hidden request is one that would have been answered.
    assert_eq!(
        told(&address, HIDDEN.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes()).len(),
        1
    );
}

#[test]
fn a_name_that_is_not_ours_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(&folder.path().join("house")).with("LISTEN__HOUSE__HOST", "desk.example");
    place.make();
    let serving = place.serve();
    let address = serving.base().replace("http://desk.example", "127.0.0.1");
    let ask = |target: &str, host: &str| {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let mut answers = told(&address, request.as_bytes());
        answers.pop().unwrap_or_else(|| panic!("{target} of {host} is answered"))
    };
    for host in ["desk.example", "DESK.example", "desk.example:8443"] {
        assert!(ask("/desk/sign-in", host).starts_with("200"), "{host}");
    }
    for host in [
        "evil.example",
        "desk.example.evil.example",
        "evil.example:desk.example",
        "desk.example:80@evil.example",
        "evil@desk.example",
        "127.0.0.1",
        "desk.example.",
        "",
    ] {
        for path in EVERYWHERE {
            let answer = ask(path, host);
            assert!(answer.starts_with("421") || answer.starts_with("400"), "{path} of {host:?}: {answer}");
            assert!(
                answer.contains("content-security-policy") || answer.starts_with("400"),
                "{host:?}: {answer}"
            );
        }
    }
    // A whole address in the first line is what counts, wherever the header points.
    assert!(ask("http://evil.example/desk/sign-in", "desk.example").starts_with("421"));
    // Whoever looks after the process asks for its address.
    assert!(ask("/health/live", "127.0.0.1").starts_with("200"));
}
