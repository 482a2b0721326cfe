//! What of a body may be looked at on a page: documents and forms, their beginning. Of a file nothing is ever shown,
//! wherever in the body it stands.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use futures_util::StreamExt as _;

/// Bytes of a body that are remembered.
const HEAD_BYTES: usize = 1024;

/// What passed through of a body: its first bytes and how many there were.
#[derive(Debug, Default)]
struct Passed {
    head: Vec<u8>,
    total_bytes: u64,
}

/// Looks on while a body passes.
#[derive(Debug, Clone, Default)]
pub(super) struct Onlooker(Arc<Mutex<Passed>>);

impl Onlooker {
    /// The same body, looked at.
    pub fn over(&self, body: Body) -> Body {
        let passed = Arc::clone(&self.0);
        Body::from_stream(body.into_data_stream().inspect(move |frame| {
            let Ok(frame) = frame else { return };
            let mut passed = passed.lock().unwrap_or_else(PoisonError::into_inner);
            passed.total_bytes += frame.len() as u64;
            let room = HEAD_BYTES - passed.head.len();
            let first = &frame[..frame.len().min(room)];
            passed.head.extend_from_slice(first);
        }))
    }

    /// What may be shown of it, and how long it was.
    pub fn excerpt(&self, content_type: &str) -> (String, u64) {
        let passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let head = String::from_utf8_lossy(&passed.head);
        (shown(content_type, &head).to_owned(), passed.total_bytes)
    }
}

/// The part of a body's beginning that holds nothing of a file.
fn shown<'a>(content_type: &str, head: &'a str) -> &'a str {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "multipart/form-data" => before_any_file(head),
        ""
        | "text/xml"
        | "application/xml"
        | "text/plain"
        | "application/json"
        | "application/x-www-form-urlencoded" => head,
        _ => "",
    }
}

/// A multipart body up to the end of the headers of its first part that is not the report's number.
fn before_any_file(head: &str) -> &str {
    let mut from = 0;
    while let Some((at, blank)) = blank_line(&head[from..]) {
        let headers = &head[from..from + at];
        let end = from + at + blank;
        if !is_the_number(headers) {
            return &head[..end];
        }
        // Behind a number stands the next boundary; the number itself is short and has no blank line in it.
        from = end;
    }
    // The headers of a part that are not complete hold nothing of it; a number may still be in its part.
    head
}

/// Where the first blank line begins, and how long it is.
fn blank_line(text: &str) -> Option<(usize, usize)> {
    let found = |mark: &str| text.find(mark).map(|at| (at, mark.len()));
    found("\r\n\r\n").into_iter().chain(found("\n\n")).min()
}

fn is_the_number(headers: &str) -> bool {
    let headers = headers.to_ascii_lowercase();
    !headers.contains("filename") && (headers.contains("name=\"id\"") || headers.contains("name=id"))
}

/// The report that a form names, as far as its beginning tells.
pub(super) fn report_named(head: &str) -> Option<u64> {
    let from = head.find("name=\"id\"").map(|at| at + 9).or_else(|| head.find("id=").map(|at| at + 3))?;
    let digits = head[from..].trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1000001\r\n--b\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: image/jpeg\r\n\r\n";

    #[test]
    fn of_a_file_nothing_is_shown_wherever_it_stands() {
        let whole = format!("{FORM}SECRET\r\n--b--\r\n");
        assert_eq!(shown("multipart/form-data; boundary=b", &whole), FORM);
        for body in
            ["--b\nContent-Disposition: form-data; name=file\n\nSECRET", "--b\r\n\r\nSECRET", "\n\nSECRET"]
        {
            assert!(!shown("multipart/form-data", body).contains("SECRET"), "{body}");
        }
        for kind in ["image/jpeg", "application/octet-stream", "application/offset+octet-stream"] {
            assert_eq!(shown(kind, "SECRET"), "");
        }
        assert_eq!(shown("text/xml; charset=utf-8", "<report/>"), "<report/>");
    }

    #[test]
    fn a_form_tells_its_report_in_both_encodings() {
        assert_eq!(report_named("id=1000001"), Some(1_000_001));
        assert_eq!(report_named(FORM), Some(1_000_001));
        assert_eq!(report_named("--b\r\nname=\"id\"\r\n\r\n"), None);
    }
}
