//! A client that knows nothing but bytes: what it is given goes over a plain socket as it is.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Longer than any answer of a test takes; a test that hangs fails here.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection to a house.
pub struct Wire {
    stream: BufReader<TcpStream>,
}

/// What came back, whole.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Heard {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The text of an element of the body.
    pub fn element(&self, name: &str) -> String {
        let (_, rest) =
            self.body.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name}: {self:?}"));
        rest.split_once('<').map(|(text, _)| text.to_owned()).unwrap_or_default()
    }

    /// The response code of the reporting API.
    pub fn code(&self) -> String {
        self.element("responseCode")
    }
}

/// `Authorization` as every client of the API sends it.
pub fn basic(user: &(String, String)) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{}", user.0, user.1)))
}

impl Wire {
    /// Connects to `host:port`.
    pub fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the house listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes and answers nothing.
    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the house takes bytes");
    }

    /// As [`Wire::ask`]; nothing when the house died on the way.
    pub fn try_ask(&mut self, request: &[u8]) -> Option<Heard> {
        self.stream.get_mut().write_all(request).ok()?;
        let there = self.stream.fill_buf().ok().filter(|bytes| !bytes.is_empty());
        there?;
        // Answers of a test are short: what has begun to come is there as a whole.
        Some(self.hear(false))
    }

    /// Reads one answer; `to_head` when the request was one whose answer has no body.
    pub fn hear(&mut self, to_head: bool) -> Heard {
        let line = self.line();
        let status =
            line.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("{line}"));
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut heard = Heard { status, headers, body: String::new() };
        let empty = to_head || matches!(status, 100 | 204 | 304);
        let length = heard.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut body = vec![0; if empty { 0 } else { length }];
        self.stream.read_exact(&mut body).expect("the body is whole");
        heard.body = String::from_utf8(body).expect("answers are text");
        heard
    }

    /// Sends a request and reads its answer.
    pub fn ask(&mut self, request: &[u8]) -> Heard {
        self.send(request);
        self.hear(request.starts_with(b"HEAD "))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the house answers");
        line.trim_end().to_owned()
    }
}
