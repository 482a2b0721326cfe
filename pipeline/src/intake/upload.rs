//! One file of an open report, streamed into the vault. Memory stays flat, and nothing is answered before it is durable.

use cybertip::response::ResponseCode;
use domain::{FileId, Private, Purpose, ReportId};
use store::{BlobKind, BlobWriter, House, Keep, evidence, report};

use super::{Login, Refused};

/// A file on its way into the vault. Dropping it leaves nothing behind.
pub struct Upload {
    house: House,
    file: FileId,
    writer: BlobWriter,
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
    login.must_update()?;
    if let Some(number) = number {
        let provider = login.provider.clone();
        let open = house.read("upload::check", move |view| report::check_open(view, &provider, number)).await;
        open.map_err(|error| Refused::stored(house, error, ResponseCode::UploadFailed, Some(number)))?;
    }
    let failed = |error| Refused::stored(house, error, ResponseCode::UploadFailed, number);
    let chance = seal::random::bytes(house.random().as_ref()).map_err(|fault| failed(fault.into()))?;
    let file = FileId::from_random(chance);
    let writer = house.vault().begin(BlobKind::Evidence, &file).map_err(failed)?;
    Ok(Upload { house: house.clone(), file, writer })
}

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// Code 1110 when the vault cannot take them; the upload is lost then.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let pushed = self.writer.push(bytes).await;
        pushed.map_err(|error| Refused::stored(&self.house, error, ResponseCode::UploadFailed, None))
    }

    /// Ends the file and attaches it to its report. In the synthetic demo, bytes that are not of our own corpus are
    /// hashed and answered as usual, and not kept.
    ///
    /// # Errors
    /// Codes 5001, 5101, 5102, and 1111 for a fault.
    pub async fn finish(
        self,
        login: &Login,
        number: ReportId,
        headers: PartHeaders,
    ) -> Result<Attached, Refused> {
        let Self { house, file, writer } = self;
        let failed = |error| Refused::stored(&house, error, ResponseCode::FileUploadFailed, Some(number));
        let stored = writer.finish(Keep::Yes).await.map_err(failed)?;
        let md5_hex = seal::hex(&stored.digests.md5);
        let new = evidence::NewFile {
            report: number,
            file: file.clone(),
            uploaded_name: headers.file_name,
            media_type: headers.media_type,
            stored,
        };
        let provider = login.provider.clone();
        let attached = house
            .act(login.actor(), Purpose::Intake, "upload", move |act| evidence::attach(act, &provider, &new));
        attached.await.map_err(failed)?;
        Ok(Attached { file, md5_hex })
    }
}
