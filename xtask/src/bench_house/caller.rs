//! A client of one house for what the load generator does not do: large bodies, many small files, the agency's feed.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, RequestBuilder};
use synth::Account;
use tokio::task::JoinSet;

use super::{BenchHouse, clock};
use crate::Result;

/// The shortest report that is taken.
const REPORT: &str = "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";
/// The same, asking for haste.
const URGENT_REPORT: &str = "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>\
    <escalateToHighPriority>Invented, to be measured</escalateToHighPriority>\
    <incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>\
    <reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>";
/// What is handed to the connection at once.
const FRAME_BYTES: usize = 256 << 10;
/// Noise that is sent again and again, so that making it costs nothing while it is sent.
const NOISE_BYTES: usize = 8 << 20;
/// A request that took longer would never end.
const MOST_WAITING: Duration = Duration::from_secs(1_800);

/// Files of one report.
#[derive(Debug, Clone, Copy)]
pub struct Many {
    /// How many.
    pub files: u32,
    /// Bytes of each.
    pub bytes: u64,
    /// How many arrive at once.
    pub connections: u32,
}

/// A provider's client.
#[derive(Clone)]
pub struct Caller {
    http: Client,
    base: String,
    account: Account,
}

impl Caller {
    /// A client for that house.
    pub fn of(house: &BenchHouse) -> Result<Self> {
        let http = Client::builder().timeout(MOST_WAITING).build()?;
        Ok(Self { http, base: house.ispws(), account: house.account().clone() })
    }

    /// Opens a report and answers its number.
    pub async fn submit(&self) -> Result<String> {
        self.opened(REPORT).await
    }

    /// Opens a report that overtakes the others.
    pub async fn submit_urgent(&self) -> Result<String> {
        self.opened(URGENT_REPORT).await
    }

    async fn opened(&self, report: &'static str) -> Result<String> {
        let answer = self.ask(self.post("submit").header(CONTENT_TYPE, "text/xml").body(report)).await?;
        leaf(&answer, "reportId")
    }

    /// Uploads `total` bytes of noise as one file, streamed, and answers its id.
    pub async fn upload(&self, report: &str, noise: &Bytes, total: u64) -> Result<String> {
        let part = Part::stream_with_length(body(noise.clone(), total), total).file_name("file.bin");
        let form = Form::new().text("id", report.to_owned()).part("file", part);
        leaf(&self.ask(self.post("upload").multipart(form)).await?, "fileId")
    }

    /// Adds many files of noise to a report, over several connections, and says something about each.
    pub async fn upload_many(&self, report: &str, noise: &Bytes, many: Many) -> Result<()> {
        let mut tasks: JoinSet<std::result::Result<(), String>> = JoinSet::new();
        for lane in 0..many.connections {
            let (caller, report, noise) = (self.clone(), report.to_owned(), noise.clone());
            tasks.spawn(async move {
                for file in (lane..many.files).step_by(many.connections as usize) {
                    // Each file is another one: it begins somewhere else in the noise.
                    let bytes = noise.slice(file as usize % (noise.len() / 2)..);
                    let sent = caller.upload(&report, &bytes, many.bytes).await;
                    let named = sent.map_err(|fault| fault.to_string())?;
                    caller.describe(&report, &named).await.map_err(|fault| fault.to_string())?;
                }
                Ok(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }

    /// Says something about a file.
    pub async fn describe(&self, report: &str, file: &str) -> Result<()> {
        let details = format!(
            "<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId>\
             <fileViewedByEsp>true</fileViewedByEsp></fileDetails>"
        );
        self.ask(self.post("fileinfo").header(CONTENT_TYPE, "text/xml").body(details)).await.map(drop)
    }

    /// Ends the report, and answers how long that took.
    pub async fn finish(&self, report: &str) -> Result<Duration> {
        let started = clock::now();
        let body = format!("id={report}");
        let form = "application/x-www-form-urlencoded";
        self.ask(self.post("finish").header(CONTENT_TYPE, form).body(body)).await?;
        Ok(clock::since(started))
    }

    fn post(&self, endpoint: &str) -> RequestBuilder {
        self.http.post(format!("{}/{endpoint}", self.base))
    }

    async fn ask(&self, request: RequestBuilder) -> Result<String> {
        let Account { username, password } = &self.account;
        let answer = request.basic_auth(username, Some(password)).send().await?.text().await?;
        match leaf(&answer, "responseCode")?.as_str() {
            "0" => Ok(answer),
            _ => Err(format!("the house refused: {answer}").into()),
        }
    }
}

/// Bytes that no compressor shortens, the same on every machine.
pub fn noise() -> Bytes {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(NOISE_BYTES);
    while bytes.len() < NOISE_BYTES {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.into()
}

/// `total` bytes of the noise, frame by frame.
fn body(noise: Bytes, total: u64) -> Body {
    let frames = stream::unfold((noise, 0_u64), move |(noise, sent)| async move {
        let at = usize::try_from(sent % noise.len() as u64).ok()?;
        let left = usize::try_from(total - sent).unwrap_or(usize::MAX);
        let length = FRAME_BYTES.min(left).min(noise.len() - at);
        let frame = noise.slice(at..at + length);
        (length > 0).then_some((Ok::<_, std::io::Error>(frame), (noise, sent + length as u64)))
    });
    Body::wrap_stream(frames)
}

fn leaf(text: &str, name: &str) -> Result<String> {
    let found = text.split_once(&format!("<{name}>")).and_then(|(_, rest)| rest.split_once('<'));
    found.map(|(leaf, _)| leaf.to_owned()).ok_or_else(|| format!("no {name} in the answer: {text}").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;

    #[tokio::test]
    async fn a_body_has_the_length_that_was_asked_for_and_repeats_the_noise() {
        let noise = noise();
        let total = NOISE_BYTES as u64 + 1_000;
        let form = Form::new().part("file", Part::stream_with_length(body(noise.clone(), total), total));
        let mut stream = form.into_stream();
        let mut all = Vec::new();
        while let Some(frame) = stream.next().await {
            all.extend_from_slice(&frame.unwrap());
        }
        let head = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let sent = &all[head..head + NOISE_BYTES + 1_000];
        assert_eq!((&sent[..NOISE_BYTES], &sent[NOISE_BYTES..]), (&noise[..], &noise[..1_000]));
    }

    #[test]
    fn an_answer_without_the_leaf_is_an_error() {
        assert_eq!(leaf("<a><fileId>7</fileId></a>", "fileId").unwrap(), "7");
        assert!(leaf("<a/>", "fileId").is_err());
    }
}
