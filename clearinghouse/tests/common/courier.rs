//! A provider's client as real ones are: what is retryable is tried again, and what was finished already is finished.
//! It holds every answer against the documented list.

use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, multipart};

/// The codes on which a client tries again. Each comes with `Retry-After`.
const RETRYABLE: [u32; 5] = [1000, 1100, 1110, 1111, 1300];
const FINISHED_ALREADY: u32 = 5102;
/// How long a client waits before it tries again; shorter than the house asks for, so that tests end.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

const REPORT: &str = "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";

/// One client of one provider.
pub struct Courier {
    client: Client,
    base: String,
    user: (String, String),
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The documented code.
    pub code: u32,
    /// When to try again, in seconds.
    pub retry_after: Option<u64>,
    body: String,
}

impl Answer {
    /// The text of an element.
    pub fn element(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        rest.split_once('<').map(|(text, _)| text)
    }

    /// Whether it is a documented answer that says: not now, try again.
    pub fn is_not_now(&self) -> bool {
        RETRYABLE.contains(&self.code) && self.retry_after.is_some_and(|seconds| seconds > 0)
    }
}

impl Courier {
    /// A client of the API at `base` that gives up on a request after `patience`.
    pub fn to(base: &str, user: &(String, String), patience: Duration) -> Self {
        let client = Client::builder().timeout(patience).build().expect("a client can be made");
        Self { client, base: base.to_owned(), user: user.clone() }
    }

    /// Opens a report.
    pub fn submit(&self) -> Answer {
        self.answer(self.post("submit").header("content-type", "text/xml").body(REPORT))
    }

    /// Sends a file.
    pub fn upload(&self, report: &str, bytes: &[u8]) -> Answer {
        let part = multipart::Part::bytes(bytes.to_vec()).file_name("card.png");
        self.answer(
            self.post("upload")
                .multipart(multipart::Form::new().text("id", report.to_owned()).part("file", part)),
        )
    }

    /// Says that the file was viewed, so that it goes into the package.
    pub fn describe(&self, report: &str, file: &str) -> Answer {
        let details = format!(
            "<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId>\
             <fileViewedByEsp>true</fileViewedByEsp></fileDetails>"
        );
        self.answer(self.post("fileinfo").header("content-type", "text/xml").body(details))
    }

    /// Closes the report, by `finish` or `retract`.
    pub fn close(&self, path: &str, report: &str) -> Answer {
        self.answer(self.post(path).form(&[("id", report)]))
    }

    /// One report from submit to finish. Each step is tried until it is taken; `refused` hears each time it is not, and
    /// ends it all with `false`. `None` when it was ended before the finish was acknowledged.
    pub fn file(&self, bytes: &[u8], mut refused: impl FnMut(&Answer) -> bool) -> Option<u64> {
        let mut until_taken = |step: &dyn Fn() -> Answer| {
            loop {
                let answer = step();
                if answer.code == 0 || answer.code == FINISHED_ALREADY {
                    return Some(answer);
                }
                assert!(answer.is_not_now(), "{answer:?}");
                if !refused(&answer) {
                    return None;
                }
                std::thread::park_timeout(BETWEEN_TRIES);
            }
        };
        let opened = until_taken(&|| self.submit())?;
        let report = opened.element("reportId").expect("an opened report has a number");
        let attached = until_taken(&|| self.upload(report, bytes))?;
        let file = attached.element("fileId").expect("an attached file has a name");
        until_taken(&|| self.describe(report, file))?;
        until_taken(&|| self.close("finish", report))?;
        Some(report.parse().expect("a report's number is one"))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}/{path}", self.base)).basic_auth(&self.user.0, Some(&self.user.1))
    }

    fn answer(&self, request: RequestBuilder) -> Answer {
        let response = request.send().expect("every request is answered in time");
        let retry_after =
            response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let body = response.text().expect("the answer is text");
        let mut answer = Answer { code: u32::MAX, retry_after, body };
        answer.code = answer.element("responseCode").and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
        answer
    }
}
