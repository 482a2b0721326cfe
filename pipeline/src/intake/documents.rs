//! The two documents of a report: the one that opens it, and one for each file.

use bytes::Bytes;
use cybertip::response::ResponseCode;
use cybertip::{Profile, Read, Rejection, Warning, read_file_details, read_report};
use domain::{FileId, FileStatement, Purpose, ReportId, Submission};
use store::idempotency::{self, Operation};
use store::{House, Refusal, document, evidence, number, report};
use tokio::task::spawn_blocking;

use super::once::Once;
use super::{Login, Refused};
use crate::facts;

/// Smaller documents are read where they arrive; larger ones would hold up others on that thread.
const READ_AT_ONCE_BYTES: usize = 64 << 10;

/// A document as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its exact bytes, kept sealed whatever they are read as.
    pub bytes: Bytes,
    /// The media type of the request, lower case; empty when none was sent.
    pub media_type: String,
    /// The charset of the request.
    pub charset: Option<String>,
}

impl Received {
    fn kept(&self) -> document::Received {
        let content_type = match &self.charset {
            Some(charset) => format!("{}; charset={charset}", self.media_type),
            None => self.media_type.clone(),
        };
        document::Received { body: self.bytes.to_vec(), content_type }
    }
}

/// A report that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its number.
    pub report: ReportId,
    /// What was odd about the document, for the provider to mend.
    pub warnings: Vec<Warning>,
}

/// A file that was described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its report.
    pub report: ReportId,
    /// The file.
    pub file: FileId,
    /// What was odd about the document.
    pub warnings: Vec<Warning>,
}

/// Opens a report. One that asks for haste is marked in the same act, and overtakes from its finish on.
///
/// # Errors
/// Codes 3100, 4100, 4110, and 1100 for a fault.
pub async fn submit(
    house: &House,
    login: &Login,
    received: Received,
    profile: Profile,
) -> Result<Opened, Refused> {
    login.must_submit()?;
    let read = understood(house, &received, profile, read_report).await?;
    opened(house, login, received, read, None)
        .await
        .map_err(|error| Refused::stored(house, error, ResponseCode::SaveFailed, None))
}

/// As [`submit`], under a key: the same document again opens nothing and is answered with the same number.
///
/// # Errors
/// As [`submit`], and code 4000 for a key of another request.
pub async fn submit_once(
    house: &House,
    login: &Login,
    received: Received,
    profile: Profile,
    key: &str,
) -> Result<Opened, Refused> {
    const FAILED: ResponseCode = ResponseCode::SaveFailed;
    login.must_submit()?;
    let read = understood(house, &received, profile, read_report).await?;
    let charset = received.charset.clone().unwrap_or_default();
    let sent = [&received.bytes[..], charset.as_bytes()];
    let once = Once::new(house, login, Operation::Submit, key, &sent);
    let warnings = read.warnings.clone();
    if let Some(known) = once.known(house, FAILED).await? {
        return Ok(Opened { report: known.report, warnings });
    }
    match opened(house, login, received, read, Some(once.clone())).await {
        Err(error) if error.refusal() == Some(Refusal::Conflict) => {
            Ok(Opened { report: once.twin(house, FAILED).await?.report, warnings })
        }
        opened => opened.map_err(|error| Refused::stored(house, error, FAILED, None)),
    }
}

async fn opened(
    house: &House,
    login: &Login,
    received: Received,
    read: Read<Submission>,
    once: Option<Once>,
) -> store::Result<Opened> {
    let number = number::next(house).await?;
    let new = report::NewReport {
        report: number,
        provider: login.provider.clone(),
        credential: login.credential.clone(),
        urgent: facts::is_urgent(&read.value),
        received: received.kept(),
        submission: read.value,
    };
    let opened = house.act(login.actor(), Purpose::Intake, "submit", move |act| {
        if let Some(Once { key, sent_digest }) = &once {
            idempotency::claim(act, key, sent_digest, number, None)?;
        }
        report::open(act, &new)
    });
    opened.await?;
    Ok(Opened { report: number, warnings: read.warnings })
}

/// Describes one file of an open report; a second description takes the place of the first, which stays on record.
///
/// # Errors
/// Codes 3300, 4100, 4110, 5001, 5002, 5101, 5102, and 1300 for a fault.
pub async fn file_info(
    house: &House,
    login: &Login,
    received: Received,
    profile: Profile,
) -> Result<Described, Refused> {
    login.must_update()?;
    let read = match parsed(house, &received, profile, read_file_details).await? {
        Ok(read) => read,
        Err(rejection) => return Err(rejected(house, login, &rejection).await),
    };
    let statement = read.value;
    let (number, file) = (statement.report, statement.file.clone());
    let (provider, received) = (login.provider.clone(), received.kept());
    let described = house.act(login.actor(), Purpose::Intake, "file_info", move |act| {
        evidence::describe(act, &provider, &statement, &received)
    });
    let failed = |error| Refused::stored(house, error, ResponseCode::UpdateFailed, Some(number));
    described.await.map_err(failed)?;
    Ok(Described { report: number, file, warnings: read.warnings })
}

/// A file that nothing of ours can be called is unknown, but first its report is looked at: 5001 goes before 5002.
async fn rejected(house: &House, login: &Login, rejection: &Rejection) -> Refused {
    let Rejection::NoSuchFile { report: number } = rejection else { return Refused::document(rejection) };
    let (provider, number) = (login.provider.clone(), *number);
    let open = house.read("file_info::check", move |view| report::check_open(view, &provider, number)).await;
    match open {
        Ok(_) => Refused::about(ResponseCode::NoSuchFile, number),
        Err(error) => Refused::stored(house, error, ResponseCode::UpdateFailed, Some(number)),
    }
}

type Reader<T> = fn(&[u8], Option<&str>, Profile, jiff::Timestamp) -> Result<Read<T>, Rejection>;

async fn understood<T: Send + 'static>(
    house: &House,
    received: &Received,
    profile: Profile,
    reader: Reader<T>,
) -> Result<Read<T>, Refused> {
    parsed(house, received, profile, reader).await?.map_err(|rejection| Refused::document(&rejection))
}

/// Reads a document; a large one on a thread that may take its time.
async fn parsed<T: Send + 'static>(
    house: &House,
    received: &Received,
    profile: Profile,
    reader: Reader<T>,
) -> Result<Result<Read<T>, Rejection>, Refused> {
    let (bytes, charset, now) = (received.bytes.clone(), received.charset.clone(), house.now());
    if bytes.len() <= READ_AT_ONCE_BYTES {
        return Ok(reader(&bytes, charset.as_deref(), profile, now));
    }
    let reading = spawn_blocking(move || reader(&bytes, charset.as_deref(), profile, now));
    reading.await.map_err(|_| Refused::of(ResponseCode::ServerError))
}

/// So that both readers have the one type that [`parsed`] takes.
const _: (Reader<Submission>, Reader<FileStatement>) = (read_report, read_file_details);
