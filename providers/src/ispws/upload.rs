//! `POST /upload`: one file of an open report, streamed. Nothing of it is held in memory but the frame in hand.

use axum::RequestExt as _;
use axum::extract::{Request, State};
use axum::response::Response;
use cybertip::response::ResponseCode;
use domain::{Private, ReportId};
use http::HeaderMap;
use pipeline::intake::{self, Conditions, Expected, Login, PartHeaders, Upload};
use web::fields::{self, FileDigests, idempotency_key, repr_digest};
use web::multipart::{Head, Multipart, Part, Unreadable};

use super::answer::Answer;
use super::{Provider, close, enter};

/// A file that comes before its report id is taken only up to here: nobody has said yet that there is a report.
const MOST_UNCLAIMED_BYTES: u64 = 64 << 20;
/// An `id` part is never longer; other parts are skipped.
const MOST_ID_BYTES: usize = 64;

pub(super) async fn upload(State(provider): State<Provider>, mut request: Request) -> Response {
    let login = match enter(&provider, &mut request).await {
        Err(refused) => return refused,
        Ok(login) => login,
    };
    let from_query = id_in_query(&request);
    let conditions = match conditions(request.headers()) {
        Err(unreadable) => return Answer::unreadable(unreadable).send(&provider),
        Ok(conditions) => conditions,
    };
    let form: Multipart = match request.extract().await {
        Ok(form) => form,
        Err(_) => {
            let says = "Invalid request: send a multipart/form-data body with the parts id and file";
            return Answer::refusal(ResponseCode::InvalidRequest).says(says).send(&provider);
        }
    };
    let mut taking = Taking { provider: &provider, login: &login, conditions, id: from_query, file: None };
    match taking.take(form).await {
        Err(refused) => refused.send(&provider),
        Ok(()) => match taking.settle().await {
            Err(refused) => refused.send(&provider),
            Ok(answer) => answer.send(&provider),
        },
    }
}

/// One client writes the id into the query string.
fn id_in_query(request: &Request) -> Option<String> {
    let pairs = request.uri().query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(name, _)| *name == "id").map(|(_, value)| value.to_owned())
}

/// What has come of one upload so far.
struct Taking<'a> {
    provider: &'a Provider,
    login: &'a Login,
    conditions: Conditions,
    id: Option<String>,
    file: Option<(Upload, PartHeaders)>,
}

impl Taking<'_> {
    /// Reads the parts in the order in which they come.
    async fn take(&mut self, mut form: Multipart) -> Result<(), Answer> {
        loop {
            let Some(part) = form.next_part().await.map_err(unread)? else { return Ok(()) };
            match part.head().name() {
                Some("id") => self.id = Some(part.words(MOST_ID_BYTES).await.map_err(unread)?),
                Some("file") if self.file.is_none() => {
                    self.file = Some(self.receive(part).await?);
                }
                Some("file") => {
                    return Err(Answer::refusal(ResponseCode::MalformedFile)
                        .says("Malformed file submittal: one request carries one file"));
                }
                // Dropped, it is skipped.
                _ => {}
            }
        }
    }

    /// Streams the file part into the vault; a report that is not open is refused before its bytes are read.
    async fn receive(&mut self, mut part: Part<'_>) -> Result<(Upload, PartHeaders), Answer> {
        let headers = part_headers(part.head());
        let report = self.id.as_deref().map(|id| close::parse(Some(id))).transpose()?;
        let (house, conditions) = (&self.provider.house, self.conditions.clone());
        let mut upload = match intake::begin_upload_on(house, self.login, report, conditions).await {
            Ok(upload) => upload,
            Err(refused) => {
                // Read, so that the client can finish sending.
                while part.frame().await.map_err(unread)?.is_some() {}
                return Err(Answer::refused(refused));
            }
        };
        let mut unclaimed = 0;
        while let Some(frame) = part.frame().await.map_err(unread)? {
            unclaimed += frame.len() as u64;
            if report.is_none() && unclaimed > MOST_UNCLAIMED_BYTES {
                return Err(Answer::refusal(ResponseCode::InvalidRequest)
                    .says("Invalid request: the part id must come before a file of this size"));
            }
            upload.push(frame).await.map_err(Answer::refused)?;
        }
        Ok((upload, headers))
    }

    /// Attaches the received file to its report.
    async fn settle(self) -> Result<Answer, Answer> {
        let report: ReportId = close::parse(self.id.as_deref())?;
        let (upload, headers) = self.file.ok_or_else(|| {
            Answer::refusal(ResponseCode::MalformedFile)
                .says("Malformed file submittal: the form has no part named file")
                .report(report)
        })?;
        let stored = upload.finish(self.login, report, headers).await.map_err(Answer::refused)?;
        Ok(Answer::success().report(report).file(stored.file).hash(stored.md5_hex))
    }
}

/// What the request asks beside the keeping of its file.
fn conditions(headers: &HeaderMap) -> Result<Conditions, fields::Unreadable> {
    Ok(Conditions { key: idempotency_key(headers)?, expected: expected(repr_digest(headers)?) })
}

/// Digests as intake asks for them.
pub(super) const fn expected(digests: FileDigests) -> Expected {
    let FileDigests { md5, sha1, sha256 } = digests;
    Expected { md5, sha1, sha256 }
}

fn part_headers(head: &Head) -> PartHeaders {
    PartHeaders {
        file_name: head.file_name().map(|name| Private::new(name.to_owned())),
        media_type: head.content_type().map(str::to_owned),
        encoding: head.encoding().map(str::to_owned),
    }
}

fn unread(why: Unreadable) -> Answer {
    let (code, says) = match why {
        Unreadable::Broken => {
            (ResponseCode::MalformedFile, "Malformed file submittal: the multipart body is broken")
        }
        Unreadable::BrokenOff => {
            (ResponseCode::MalformedFile, "Malformed file submittal: the body broke off")
        }
        Unreadable::Words => (ResponseCode::InvalidRequest, "Invalid request: id is too long"),
    };
    Answer::refusal(code).says(says)
}
