//! One provider's client: requests with Basic authentication, answers read as strangers read them, retries on
//! trouble of the server.

use std::time::Duration;

use cybertip::response::ResponseCode;
use domain::{FileId, FileStatement, ReportId};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response};

use super::{Account, SendFault};
use crate::plan::SyntheticFile;

const XML: &str = "text/xml; charset=utf-8";
const FORM: &str = "application/x-www-form-urlencoded";
/// Answers are a few hundred bytes; a finish lists its files.
const MAX_ANSWER_BYTES: usize = 1 << 20;
/// How long is waited when the answer does not say.
const PAUSE: Duration = Duration::from_millis(200);
/// How long is waited at most, whatever the answer says.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// A connection pool with the credentials of one provider.
pub(super) struct Client<'a> {
    pub http: &'a reqwest::Client,
    pub base: &'a str,
    pub account: &'a Account,
    pub attempts: u32,
}

/// A body that was read.
struct Answer {
    code: u32,
    text: String,
    retry_after: Option<Duration>,
}

impl Client<'_> {
    /// Proves connection and credentials.
    pub(super) async fn status(&self) -> Result<(), SendFault> {
        self.ask("status", || self.http.get(self.url("status"))).await.map(|_| ())
    }

    pub(super) async fn submit(&self, xml: &str) -> Result<ReportId, SendFault> {
        let answer = self.ask("submit", || self.post("submit", XML).body(xml.to_owned())).await?;
        leaf(&answer, "reportId").and_then(|id| id.parse().ok()).ok_or(bad("submit"))
    }

    /// Uploads one file and checks that the answer names its digest.
    pub(super) async fn upload(&self, report: ReportId, file: &SyntheticFile) -> Result<FileId, SendFault> {
        let request = || {
            let part = Part::bytes(file.bytes).file_name(file.name.clone());
            // INVARIANT: the media types of the corpus are constants that parse; a test reads each.
            let part = part.mime_str(file.media_type).unwrap_or_else(|_| Part::bytes(file.bytes));
            self.http
                .post(self.url("upload"))
                .multipart(Form::new().text("id", report.to_string()).part("file", part))
        };
        let answer = self.ask("upload", request).await?;
        let digest = seal::hex(&crate::corpus::digests(file.corpus).md5);
        if leaf(&answer, "hash") != Some(digest.as_str()) {
            return Err(SendFault::WrongDigest);
        }
        leaf(&answer, "fileId").and_then(|id| id.parse().ok()).ok_or(bad("upload"))
    }

    pub(super) async fn describe(&self, statement: &FileStatement) -> Result<(), SendFault> {
        let xml = cybertip::file_details_to_xml(statement);
        self.ask("fileinfo", || self.post("fileinfo", XML).body(xml.clone())).await.map(|_| ())
    }

    /// Finishes the report. "Already finished" on a later attempt means that an earlier answer was lost.
    pub(super) async fn finish(&self, report: ReportId) -> Result<(), SendFault> {
        let mut tries = 0;
        let request = || {
            tries += 1;
            self.post("finish", FORM).body(format!("id={report}"))
        };
        match self.ask("finish", request).await {
            Err(SendFault::Refused { code, .. })
                if tries > 1 && code == ResponseCode::AlreadyFinished.number() =>
            {
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    fn url(&self, endpoint: &str) -> String {
        format!("{}/{endpoint}", self.base.trim_end_matches('/'))
    }

    fn post(&self, endpoint: &str, content_type: &str) -> RequestBuilder {
        self.http.post(self.url(endpoint)).header(CONTENT_TYPE, content_type)
    }

    /// Asks until there is an answer that trying again would not change, and gives the text of a good one.
    async fn ask(
        &self,
        endpoint: &'static str,
        mut request: impl FnMut() -> RequestBuilder,
    ) -> Result<String, SendFault> {
        let mut left = self.attempts.max(1);
        loop {
            left -= 1;
            let Account { username, password } = self.account;
            let answer = match request().basic_auth(username, Some(password)).send().await {
                Ok(response) => read(endpoint, response).await,
                Err(source) => Err(SendFault::NoAnswer { endpoint, source }),
            };
            let (fault, pause) = match answer {
                Ok(Answer { code: 0, text, .. }) => return Ok(text),
                Ok(Answer { code, retry_after, .. }) => {
                    let again = ResponseCode::find(code).is_some_and(ResponseCode::is_retryable);
                    (SendFault::Refused { endpoint, code }, again.then(|| retry_after.unwrap_or(PAUSE)))
                }
                Err(fault) => {
                    let again = matches!(&fault, SendFault::NoAnswer { .. });
                    (fault, again.then_some(PAUSE))
                }
            };
            match pause {
                Some(pause) if left > 0 => wait(pause.min(MAX_PAUSE)).await,
                _ => return Err(fault),
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a client waits as long as the server's Retry-After asks for")]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// Reads an answer, bounded.
async fn read(endpoint: &'static str, mut response: Response) -> Result<Answer, SendFault> {
    let status = response.status().as_u16();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let mut body = Vec::new();
    while let Some(part) =
        response.chunk().await.map_err(|source| SendFault::NoAnswer { endpoint, source })?
    {
        if body.len() + part.len() > MAX_ANSWER_BYTES {
            return Err(SendFault::BadAnswer { endpoint, status });
        }
        body.extend_from_slice(&part);
    }
    let text = String::from_utf8(body).map_err(|_| SendFault::BadAnswer { endpoint, status })?;
    let code = leaf(&text, "responseCode").and_then(|code| code.parse().ok());
    // Bad credentials are answered without a body.
    let code = code.or_else(|| (status == 401).then(|| ResponseCode::AuthenticationRequired.number()));
    let code = code.ok_or(SendFault::BadAnswer { endpoint, status })?;
    Ok(Answer { code, text, retry_after: seconds.map(Duration::from_secs) })
}

/// The text of an element without attributes, by plain search as several real clients do.
fn leaf<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once('<').map(|(text, _)| text)
}

const fn bad(endpoint: &'static str) -> SendFault {
    SendFault::BadAnswer { endpoint, status: 200 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cybertip::response::{report_done_response, report_response};

    #[test]
    fn answers_of_the_house_are_read() {
        let (report, file) = (ReportId::try_from(77).unwrap(), FileId::from_random([0xab; 16]));
        let text = report_response(ResponseCode::Success, "", Some(report), Some(&file), Some("00ff"));
        assert_eq!(leaf(&text, "responseCode"), Some("0"));
        assert_eq!(leaf(&text, "reportId"), Some("77"));
        assert_eq!(leaf(&text, "fileId"), Some(file.as_str()));
        assert_eq!(leaf(&text, "hash"), Some("00ff"));
        let done = report_done_response(ResponseCode::Success, report, &[]);
        assert_eq!((leaf(&done, "responseCode"), leaf(&done, "hash")), (Some("0"), None));
    }

    #[test]
    fn every_media_type_of_the_corpus_is_one() {
        for file in 0..crate::corpus::FILES {
            assert!(Part::bytes(&b""[..]).mime_str(crate::corpus::media_type(file)).is_ok());
        }
    }
}
