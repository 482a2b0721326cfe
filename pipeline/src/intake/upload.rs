//! One file of an open report, streamed into the vault. Memory stays flat, and nothing is answered before it is durable.

use bytes::Bytes;
use cybertip::response::ResponseCode;
use domain::{FileId, Private, Purpose, ReportId};
use seal::DigestSet;
use store::idempotency::{self, Known, Operation};
use store::{BlobKind, BlobWriter, House, Keep, Refusal, Stored, evidence, report};

use super::once::Once;
use super::{Login, Refused};

/// A file on its way into the vault. Dropping it leaves nothing behind.
pub struct Upload {
    house: House,
    file: FileId,
    writer: BlobWriter,
    conditions: Conditions,
}

/// What a client asks beside the keeping of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The key under which it may send the same request again.
    pub key: Option<String>,
    /// What the file must be; otherwise nothing of it is kept.
    pub expected: Expected,
}

/// Digests that a client computed of its file; each one that is given must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expected {
    /// MD5.
    pub md5: Option<[u8; 16]>,
    /// SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256.
    pub sha256: Option<[u8; 32]>,
}

impl Expected {
    /// Whether bytes with these digests are what was asked for.
    #[must_use]
    pub fn holds(&self, found: &DigestSet) -> bool {
        self.md5.is_none_or(|md5| md5 == found.md5)
            && self.sha1.is_none_or(|sha1| sha1 == found.sha1)
            && self.sha256.is_none_or(|sha256| sha256 == found.sha256)
    }
}

/// What the headers of the file's part said: claims of a stranger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartHeaders {
    /// The file's name.
    pub file_name: Option<Private<String>>,
    /// The media type.
    pub media_type: Option<String>,
    /// The transfer encoding; multipart bodies over HTTP have none, whatever the header says.
    pub encoding: Option<String>,
}

/// A file that is part of its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The name that it has from now on.
    pub file: FileId,
    /// Lower-case hex MD5 of the bytes that we received.
    pub md5_hex: String,
}

/// Begins a file. When the report is known already, one that is not open is refused before its bytes are read.
///
/// # Errors
/// Codes 3300, 5001, 5101, 5102, and 1110 for a fault.
pub async fn begin_upload(house: &House, login: &Login, number: Option<ReportId>) -> Result<Upload, Refused> {
    begin_upload_on(house, login, number, Conditions::default()).await
}

/// As [`begin_upload`], on conditions. A request that may be a repeated one is read to its end even when the report is
/// closed: it is told what it was told the first time.
///
/// # Errors
/// As [`begin_upload`].
pub async fn begin_upload_on(
    house: &House,
    login: &Login,
    number: Option<ReportId>,
    conditions: Conditions,
) -> Result<Upload, Refused> {
    login.must_update()?;
    if let (Some(number), None) = (number, &conditions.key) {
        let provider = login.provider.clone();
        let open = house.read("upload::check", move |view| report::check_open(view, &provider, number)).await;
        open.map_err(|error| Refused::stored(house, error, ResponseCode::UploadFailed, Some(number)))?;
    }
    let failed = |error| Refused::stored(house, error, ResponseCode::UploadFailed, number);
    let file = new_file(house).map_err(failed)?;
    let writer = house.vault().begin(BlobKind::Evidence, &file).map_err(failed)?;
    Ok(Upload { house: house.clone(), file, writer, conditions })
}

/// An id that no file has.
pub(super) fn new_file(house: &House) -> store::Result<FileId> {
    Ok(FileId::from_random(seal::random::bytes(house.random().as_ref())?))
}

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// Code 1110 when the vault cannot take them; the upload is lost then.
    pub async fn push(&mut self, frame: Bytes) -> Result<(), Refused> {
        let pushed = self.writer.take(frame).await;
        pushed.map_err(|error| Refused::stored(&self.house, error, ResponseCode::UploadFailed, None))
    }

    /// Ends the file and attaches it to its report. In the synthetic demo, bytes that are not of our own corpus are
    /// hashed and answered as usual, and not kept.
    ///
    /// # Errors
    /// Codes 4000 for a key of another request, 4200 for bytes that are not what was expected, 5001, 5101, 5102, and
    /// 1111 for a fault.
    pub async fn finish(
        self,
        login: &Login,
        number: ReportId,
        headers: PartHeaders,
    ) -> Result<Attached, Refused> {
        let Self { house, file, writer, conditions } = self;
        let failed = |error| Refused::stored(&house, error, ResponseCode::FileUploadFailed, Some(number));
        let stored = writer.finish(Keep::Yes).await.map_err(failed)?;
        if !conditions.expected.holds(&stored.digests) {
            discard(&house, stored).await;
            return Err(not_as_expected(number));
        }
        let attaching = Attaching { house: &house, login, number, file, headers, stored };
        match &conditions.key {
            None => attaching.attach(None).await.map_err(failed),
            Some(key) => attaching.attach_once(key).await,
        }
    }
}

/// A whole file on its way to its report.
struct Attaching<'a> {
    house: &'a House,
    login: &'a Login,
    number: ReportId,
    file: FileId,
    headers: PartHeaders,
    stored: Stored,
}

impl Attaching<'_> {
    async fn attach_once(self, key: &str) -> Result<Attached, Refused> {
        const FAILED: ResponseCode = ResponseCode::FileUploadFailed;
        let (house, login, number, stored) = (self.house, self.login, self.number, self.stored.clone());
        let once = self.once(key);
        if let Some(known) = once.known(house, FAILED).await? {
            discard(house, stored).await;
            return again(house, login, known).await;
        }
        match self.attach(Some(once.clone())).await {
            Err(error) if error.refusal() == Some(Refusal::Conflict) => {
                discard(house, stored).await;
                again(house, login, once.twin(house, FAILED).await?).await
            }
            attached => attached.map_err(|error| Refused::stored(house, error, FAILED, Some(number))),
        }
    }

    /// What makes this upload what it is.
    fn once(&self, key: &str) -> Once {
        let name = self.headers.file_name.as_ref().map_or("", |name| name.reveal().as_str());
        let kind = self.headers.media_type.as_deref().unwrap_or_default();
        let number = self.number.get().to_be_bytes();
        let sent = [&number[..], &self.stored.digests.sha256, name.as_bytes(), kind.as_bytes()];
        Once::new(self.house, self.login, Operation::Upload, key, &sent)
    }

    async fn attach(self, once: Option<Once>) -> store::Result<Attached> {
        let Self { house, login, number, file, headers, stored } = self;
        let md5_hex = seal::hex(&stored.digests.md5);
        let new = evidence::NewFile {
            report: number,
            file: file.clone(),
            uploaded_name: headers.file_name,
            media_type: headers.media_type,
            stored,
        };
        let provider = login.provider.clone();
        let attached = house.act(login.actor(), Purpose::Intake, "upload", move |act| {
            if let Some(Once { key, sent_digest }) = &once {
                idempotency::claim(act, key, sent_digest, number, Some(&new.file))?;
            }
            evidence::attach(act, &provider, &new)
        });
        attached.await?;
        Ok(Attached { file, md5_hex })
    }
}

/// The answer that the first request got. Of a report that was withdrawn or has expired, nothing is left to be told.
async fn again(house: &House, login: &Login, known: Known) -> Result<Attached, Refused> {
    if let (Some(file), Some(md5)) = (known.file, known.md5) {
        return Ok(Attached { file, md5_hex: seal::hex(&md5) });
    }
    let (provider, number) = (login.provider.clone(), known.report);
    let open = house.read("upload::again", move |view| report::check_open(view, &provider, number)).await;
    match open {
        Ok(_) => Err(Refused::about(ResponseCode::NoSuchFile, number)),
        Err(error) => Err(Refused::stored(house, error, ResponseCode::FileUploadFailed, Some(number))),
    }
}

/// Bytes that are not those of which the client sent the digest.
pub(super) fn not_as_expected(number: ReportId) -> Refused {
    Refused {
        description: Some(
            "Malformed file submittal: the bytes that arrived do not have the digest that was sent with them"
                .to_owned(),
        ),
        help: Some(
            "Nothing of this file was kept: send it again; the digest is that of the file alone, in base64."
                .to_owned(),
        ),
        ..Refused::about(ResponseCode::MalformedFile, number)
    }
}

/// Gives back the room of a file that no row will name; nobody has its key.
pub(super) async fn discard(house: &House, stored: Stored) {
    let blobs: Vec<_> = stored.kept.into_iter().map(|kept| kept.blob).collect();
    if let Err(error) = house.vault().discard(&blobs).await {
        tracing::warn!(%error, "litter stays behind in the vault");
    }
}
