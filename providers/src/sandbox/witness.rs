//! Writes down one request: begun when it comes, closed when it is answered, and also when the client leaves before.

use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;

use super::Sandbox;
use super::excerpt::Onlooker;
use super::journal::Entry;
use super::layer::{endpoint, looked_at, now, text};
use super::room::Room;

/// Longer words of a stranger are cut.
const MOST_WORD_CHARS: usize = 200;
/// How much of an answer is remembered.
const MOST_ANSWER_CHARS: usize = 2_000;

/// One request on its way. Dropping it without closing says that the client left.
pub(super) struct Witness {
    sandbox: Sandbox,
    sender: Option<usize>,
    generation: u64,
    began: Duration,
    onlooker: Onlooker,
    content_type: String,
    is_upload: bool,
    /// What is known so far.
    pub entry: Entry,
    /// The answer is to be lost.
    pub loses_answer: bool,
    /// The report is to be expired after the answer.
    pub expires_report: bool,
    closed: bool,
}

impl Witness {
    /// Begins to look.
    pub fn of(
        request: &Request,
        sandbox: &Sandbox,
        sender: Option<usize>,
        generation: u64,
        room: &Room,
        onlooker: Onlooker,
    ) -> Self {
        let path = request.uri().path();
        let content_type = text(request.headers(), "content-type").unwrap_or_default().to_owned();
        let entry = Entry {
            at: Some(now(room)),
            sender: sender.and_then(|at| sandbox.desk.tenants.get(at)).map(|tenant| tenant.sender.word()),
            method: cut(request.method().as_str()),
            path: cut(path),
            media_type: (!content_type.is_empty()).then(|| cut(&content_type)),
            ..Entry::default()
        };
        Self {
            sandbox: sandbox.clone(),
            sender,
            generation,
            began: (sandbox.desk.stopwatch)(),
            onlooker,
            content_type,
            is_upload: endpoint(path).starts_with("upload"),
            entry,
            loses_answer: false,
            expires_report: false,
            closed: false,
        }
    }

    /// Writes the answer down and gives it back.
    pub async fn saw(&mut self, answered: Response) -> Response {
        let (answered, seen) = looked_at(answered).await;
        let entry = &mut self.entry;
        entry.status = Some(answered.status().as_u16());
        entry.request_id = text(answered.headers(), "request-id").map(cut);
        entry.code = element(&seen, "responseCode").and_then(|code| code.parse().ok());
        let description = text(answered.headers(), "response-description").map(str::to_owned);
        entry.says = element(&seen, "responseDescription").or(description);
        entry.report = element(&seen, "reportId").and_then(|number| number.parse().ok());
        entry.help = text(answered.headers(), "response-help").map(cut_long).or_else(|| advice(entry));
        let place = entry.says.as_deref().and_then(place);
        (entry.line, entry.column) = (place.map(|at| at.0), place.map(|at| at.1));
        entry.answer = seen.chars().take(MOST_ANSWER_CHARS).collect();
        answered
    }

    /// Ends the entry and remembers it.
    pub fn close(mut self, unanswered: Option<&'static str>) {
        self.entry.unanswered = unanswered;
        self.record();
    }

    fn record(&mut self) {
        self.closed = true;
        if is_noise(&self.entry.path) {
            return;
        }
        let desk = &self.sandbox.desk;
        let mut entry = std::mem::take(&mut self.entry);
        // A file may come as any type: from an upload only the frame of a form is remembered.
        let is_form = self.content_type.to_ascii_lowercase().starts_with("multipart/form-data");
        let kind = if self.is_upload && !is_form { "application/octet-stream" } else { &self.content_type };
        (entry.body, entry.body_bytes) = self.onlooker.excerpt(kind);
        entry.took = (desk.stopwatch)().saturating_sub(self.began);
        entry.username = entry.username.map(|name| cut(&name));
        desk.journal.record(self.sender, self.generation, entry);
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        if !self.closed {
            self.entry.unanswered = Some("the client left before it was answered");
            self.record();
        }
    }
}

/// What browsers and load balancers ask by themselves, and pages for people: none of it is a client's request.
fn is_noise(path: &str) -> bool {
    let page = path.starts_with("/provider") && !path.starts_with("/provider/v1");
    page || path.starts_with("/health/") || path.starts_with("/assets/") || path == "/favicon.ico"
}

fn cut(text: &str) -> String {
    text.chars().take(MOST_WORD_CHARS).collect()
}

fn cut_long(text: &str) -> String {
    text.chars().take(MOST_ANSWER_CHARS).collect()
}

/// The text of a leaf of our own answer, which has no attributes and no white space.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = after.split_once('<')?;
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    Some(entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain)))
}

/// Line and column of the first complaint: `[2,14] - …` on a line of its own.
fn place(says: &str) -> Option<(u32, u32)> {
    let (inside, _) = says.lines().find_map(|line| line.strip_prefix('['))?.split_once(']')?;
    let (line, column) = inside.split_once(',')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// A plain sentence for answers that have none of their own.
fn advice(entry: &Entry) -> Option<String> {
    let says = match (entry.code, entry.status) {
        (Some(0), _) => return None,
        (_, Some(401)) => "Send a user name and password of this sandbox as HTTP Basic with every request.",
        (Some(3000), _) => "This credential was switched off; use another one.",
        (Some(3100), _) => "This credential may add to reports but not open them; use another one.",
        (Some(3300), _) => "This credential may not change reports; use another one.",
        (Some(4000), _) => "Look at the content type and at the names of the form's fields.",
        (Some(4110), _) => "The XML is not well-formed: most often an ampersand is not written as &amp;.",
        (Some(4200), _) => "Send multipart/form-data with the parts id and file, in this order.",
        (Some(5001), _) => "There is no such open report of this sender: a wrong number, or it has expired.",
        (Some(5002), _) => "Take the file's name from the answer to its upload.",
        (Some(5101), _) => "The report was retracted before; submit a new one.",
        (Some(5102), _) => "The report was finished before: after a lost answer this is good news.",
        (Some(1210), _) | (_, Some(404)) => "There is no such path; the endpoints stand below /ispws.",
        (Some(code), _) if code < 2_000 => "This is the server's own trouble: wait, then try again.",
        (None, Some(status)) if status >= 500 => "This is the server's own trouble: wait, then try again.",
        _ => return None,
    };
    Some(says.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_read_with_its_place() {
        let xml = "<reportResponse><responseCode>4100</responseCode><responseDescription>Validation failed\n\
            [3,17] - cvc-elt.1.a: Cannot find &apos;a&lt;b&amp;lt;&apos;</responseDescription></reportResponse>";
        let says = element(xml, "responseDescription").unwrap();
        assert!(says.ends_with("Cannot find 'a<b&lt;'"), "{says}");
        assert_eq!(place(&says), Some((3, 17)));
        assert_eq!((place("Success"), place("x\n[a,1] - "), element(xml, "reportId")), (None, None, None));
    }
}
