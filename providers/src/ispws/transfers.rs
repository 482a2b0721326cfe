//! `/uploads`: files in several requests, in the protocol tus 1.0, whose clients exist in every language. An extension:
//! what is done here is done to the same report, and errors are the documents of the reporting API. HTTP status codes
//! are those of tus in every status mode, because its clients act on them.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use cybertip::response::ResponseCode;
use domain::{FileId, Private};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use pipeline::intake::{self, Announced, Login, Standing, TransferRefused};
use web::fields::{byte_count, media_type, repr_digest, upload_checksum, upload_metadata};

use super::answer::Answer;
use super::upload::expected;
use super::{Provider, body, close, enter};

mod reply;

use reply::Reply;

const VERSION: &str = "1.0.0";
const CHUNK: &str = "application/offset+octet-stream";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// `/uploads`: `POST` begins a file, `OPTIONS` says what is spoken.
pub(super) async fn all(State(provider): State<Provider>, mut request: Request) -> Response {
    let login = match enter(&provider, &mut request).await {
        Err(refused) => return refused,
        Ok(login) => login,
    };
    let method = method(&request);
    let answer = match () {
        () if method == Method::OPTIONS => Ok(Reply::new(StatusCode::NO_CONTENT).abilities()),
        () if !is_spoken(request.headers()) => Ok(other_version()),
        () if method == Method::POST => begin(&provider, login, request).await,
        () => Err(wrong_method()),
    };
    sent(answer, &provider)
}

/// `/uploads/FILE`: `HEAD` asks how far it is, `PATCH` goes on, `DELETE` drops it.
pub(super) async fn one(
    State(provider): State<Provider>,
    Path(file): Path<String>,
    mut request: Request,
) -> Response {
    let login = match enter(&provider, &mut request).await {
        Err(refused) => return refused,
        Ok(login) => login,
    };
    let method = method(&request);
    let answer = match (is_spoken(request.headers()), file.parse::<FileId>()) {
        _ if method == Method::OPTIONS => Ok(Reply::new(StatusCode::NO_CONTENT).abilities()),
        (false, _) => Ok(other_version()),
        (true, Err(_)) => Err(Answer::refusal(ResponseCode::NoSuchFile)),
        (true, Ok(file)) => on_one(&provider, login, &method, file, request).await,
    };
    sent(answer, &provider)
}

async fn on_one(
    provider: &Provider,
    login: Login,
    method: &Method,
    file: FileId,
    request: Request,
) -> Result<Reply, Answer> {
    match *method {
        Method::HEAD => {
            let standing = unhurried(provider, login, file.clone(), None).await?;
            Ok(Reply::new(StatusCode::OK).length(&standing).standing(&file, &standing))
        }
        Method::PATCH => {
            let chunk = Chunk::of(request)?;
            let standing = unhurried(provider, login, file.clone(), Some(chunk)).await?;
            Ok(Reply::new(StatusCode::NO_CONTENT).standing(&file, &standing))
        }
        Method::DELETE => {
            let dropped = intake::drop_transfer(&provider.transfers, &provider.house, &login, &file).await;
            dropped.map(|()| Reply::new(StatusCode::NO_CONTENT)).map_err(refused)
        }
        _ => Err(wrong_method()),
    }
}

/// `POST`: the file has its id, which is also its address, from now on. Bytes may come along.
async fn begin(provider: &Provider, login: Login, request: Request) -> Result<Reply, Answer> {
    let announced = announced(&request)?;
    let report = announced.report;
    let (size_bytes, chunk) = (announced.size_bytes, Chunk::along(request)?);
    let file = intake::begin_transfer(&provider.house, &login, announced).await.map_err(refused)?;
    let reply = Reply::new(StatusCode::CREATED).begun(&file, report);
    if chunk.is_none() && size_bytes > 0 {
        return Ok(reply);
    }
    let standing = unhurried(provider, login, file.clone(), chunk).await?;
    Ok(reply.standing(&file, &standing))
}

/// What the headers of a `POST` announce.
fn announced(request: &Request) -> Result<Announced, Answer> {
    let headers = request.headers();
    let says = |says: &str| Answer::refusal(ResponseCode::InvalidRequest).says(says);
    let size_bytes = byte_count(headers, "Upload-Length").map_err(Answer::unreadable)?;
    let size_bytes = size_bytes.ok_or_else(|| says("Invalid request: Upload-Length is needed"))?;
    let mut words = upload_metadata(headers).map_err(Answer::unreadable)?;
    let id =
        words.remove("id").ok_or_else(|| says("Invalid request: Upload-Metadata has no id of a report"))?;
    Ok(Announced {
        report: close::parse(Some(&id))?,
        size_bytes,
        file_name: words.remove("filename").map(Private::new),
        media_type: words.remove("filetype"),
        expected: expected(repr_digest(headers).map_err(Answer::unreadable)?),
    })
}

/// Bytes of a file, and where they go.
struct Chunk {
    offset: u64,
    checksum: Option<intake::Expected>,
    body: Body,
}

impl Chunk {
    /// Those of a `PATCH`.
    fn of(request: Request) -> Result<Self, Answer> {
        let headers = request.headers();
        if media_type(headers).is_none_or(|(kind, _)| kind != CHUNK) {
            let says = format!("Invalid request: send the bytes as {CHUNK}");
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Answer::refusal(ResponseCode::InvalidRequest).says(says).status(status));
        }
        let offset = byte_count(headers, "Upload-Offset").map_err(Answer::unreadable)?;
        let offset = offset.ok_or_else(|| {
            Answer::refusal(ResponseCode::InvalidRequest).says("Invalid request: Upload-Offset is needed")
        })?;
        let checksum = upload_checksum(headers).map_err(Answer::unreadable)?.map(expected);
        Ok(Self { offset, checksum, body: request.into_body() })
    }

    /// Those that come along with a `POST`, if any do.
    fn along(request: Request) -> Result<Option<Self>, Answer> {
        if media_type(request.headers()).is_none_or(|(kind, _)| kind != CHUNK) {
            return Ok(None);
        }
        let checksum = upload_checksum(request.headers()).map_err(Answer::unreadable)?.map(expected);
        Ok(Some(Self { offset: 0, checksum, body: request.into_body() }))
    }
}

/// Takes what came, on a task of its own: a sender that goes away in the middle takes nothing of it along, and joining
/// a large file does not begin anew each time somebody asks and does not wait for the answer.
async fn unhurried(
    provider: &Provider,
    login: Login,
    file: FileId,
    chunk: Option<Chunk>,
) -> Result<Standing, Answer> {
    let (house, transfers) = (provider.house.clone(), provider.transfers.clone());
    // What it records came from where the request did.
    let here = house.here();
    let taken = tokio::spawn(here.scope(async move {
        let Some(Chunk { offset, checksum, body }) = chunk else {
            return Ok(transfers.standing(&house, &login, &file).await?);
        };
        let mut appending = transfers.append(&house, &login, &file, offset, checksum).await?;
        let mut stream = body.into_data_stream();
        // Whatever broke off: what has come so far need not be sent again.
        while let Some(Ok(frame)) = body::next(&mut stream).await {
            appending.push(&frame).await?;
        }
        appending.end().await
    }));
    match taken.await {
        Ok(taken) => taken.map_err(not_taken),
        Err(_) => Err(Answer::refusal(ResponseCode::UploadFailed)),
    }
}

fn not_taken(why: TransferRefused) -> Answer {
    match why {
        TransferRefused::Offset => Answer::refusal(ResponseCode::InvalidRequest)
            .says("Invalid request: Upload-Offset is not where this file ends")
            .helps("Ask with HEAD how much has arrived and go on from there.")
            .status(StatusCode::CONFLICT),
        TransferRefused::Checksum => Answer::refusal(ResponseCode::MalformedFile)
            .says("Malformed file submittal: the bytes do not have the checksum that came with them")
            .helps("Nothing of this request was kept: send it again from the same offset.")
            .status(reply::checksum_mismatch()),
        TransferRefused::TooLong => Answer::refusal(ResponseCode::MalformedFile)
            .says("Malformed file submittal: more bytes than Upload-Length announced")
            .status(StatusCode::PAYLOAD_TOO_LARGE),
        TransferRefused::Because(why) => refused(why),
    }
}

/// Clients of tus give a transfer up on 404 and 410, and try again on 5xx.
fn refused(why: intake::Refused) -> Answer {
    let gone = matches!(why.code, ResponseCode::AlreadyFinished | ResponseCode::AlreadyRetracted);
    let answer = Answer::refused(why);
    if gone { answer.status(StatusCode::GONE) } else { answer }
}

fn sent(answer: Result<Reply, Answer>, provider: &Provider) -> Response {
    let mut response = match answer {
        Ok(reply) => reply.into_response(),
        Err(refusal) => refusal.send_as_is(provider),
    };
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

/// The method, as a client behind a narrow proxy may have to spell it.
fn method(request: &Request) -> Method {
    let meant = request.headers().get(OVERRIDE).and_then(|value| Method::from_bytes(value.as_bytes()).ok());
    meant.unwrap_or_else(|| request.method().clone())
}

fn is_spoken(headers: &HeaderMap) -> bool {
    headers.get(RESUMABLE).is_some_and(|version| version == VERSION)
}

fn other_version() -> Reply {
    Reply::new(StatusCode::PRECONDITION_FAILED).abilities()
}

fn wrong_method() -> Answer {
    Answer::refusal(ResponseCode::InvalidRequest).status(StatusCode::METHOD_NOT_ALLOWED)
}
