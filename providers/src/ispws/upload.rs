//! `POST /upload`: one file of an open report, streamed. Nothing of it is held in memory but the frame in hand.

use axum::RequestExt as _;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Request, State};
use axum::response::Response;
use cybertip::response::ResponseCode;
use domain::{Private, ReportId};
use http::HeaderMap;
use pipeline::intake::{self, Conditions, Expected, Login, PartHeaders, Upload};
use web::fields::{FileDigests, Unreadable, idempotency_key, repr_digest};

use super::answer::Answer;
use super::body::PATIENCE;
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
            let next = tokio::time::timeout(PATIENCE, form.next_field()).await.map_err(|_| broken_off())?;
            let Some(field) = next.map_err(|_| broken())? else { return Ok(()) };
            match field.name() {
                Some("id") => self.id = Some(short_text(field).await?),
                Some("file") if self.file.is_none() => {
                    self.file = Some(self.receive(field).await?);
                }
                Some("file") => {
                    return Err(Answer::refusal(ResponseCode::MalformedFile)
                        .says("Malformed file submittal: one request carries one file"));
                }
                _ => skip(field).await?,
            }
        }
    }

    /// Streams the file part into the vault; a report that is not open is refused before its bytes are read.
    async fn receive(&mut self, mut field: Field<'_>) -> Result<(Upload, PartHeaders), Answer> {
        let headers = part_headers(&field);
        let report = self.id.as_deref().map(|id| close::parse(Some(id))).transpose()?;
        let (house, conditions) = (&self.provider.house, self.conditions.clone());
        let mut upload = match intake::begin_upload_on(house, self.login, report, conditions).await {
            Ok(upload) => upload,
            Err(refused) => {
                skip(field).await?;
                return Err(Answer::refused(refused));
            }
        };
        let mut unclaimed = 0;
        while let Some(frame) = chunk(&mut field).await? {
            unclaimed += frame.len() as u64;
            if report.is_none() && unclaimed > MOST_UNCLAIMED_BYTES {
                return Err(Answer::refusal(ResponseCode::InvalidRequest)
                    .says("Invalid request: the part id must come before a file of this size"));
            }
            upload.push(&frame).await.map_err(Answer::refused)?;
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
fn conditions(headers: &HeaderMap) -> Result<Conditions, Unreadable> {
    Ok(Conditions { key: idempotency_key(headers)?, expected: expected(repr_digest(headers)?) })
}

/// Digests as intake asks for them.
pub(super) const fn expected(digests: FileDigests) -> Expected {
    let FileDigests { md5, sha1, sha256 } = digests;
    Expected { md5, sha1, sha256 }
}

fn part_headers(field: &Field<'_>) -> PartHeaders {
    PartHeaders {
        file_name: field.file_name().map(|name| Private::new(name.to_owned())),
        media_type: field.content_type().map(str::to_owned),
        encoding: field
            .headers()
            .get("content-transfer-encoding")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
    }
}

async fn chunk(field: &mut Field<'_>) -> Result<Option<bytes::Bytes>, Answer> {
    let next = tokio::time::timeout(PATIENCE, field.chunk()).await.map_err(|_| broken_off())?;
    next.map_err(|_| broken())
}

async fn short_text(mut field: Field<'_>) -> Result<String, Answer> {
    let mut bytes = Vec::new();
    while let Some(frame) = chunk(&mut field).await? {
        bytes.extend_from_slice(&frame);
        if bytes.len() > MOST_ID_BYTES {
            return Err(Answer::refusal(ResponseCode::InvalidRequest).says("Invalid request: id is too long"));
        }
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

/// Reads a part that is not wanted, so that the client can finish sending.
async fn skip(mut field: Field<'_>) -> Result<(), Answer> {
    while chunk(&mut field).await?.is_some() {}
    Ok(())
}

fn broken() -> Answer {
    Answer::refusal(ResponseCode::MalformedFile)
        .says("Malformed file submittal: the multipart body is broken")
}

fn broken_off() -> Answer {
    Answer::refusal(ResponseCode::MalformedFile).says("Malformed file submittal: the body broke off")
}
