//! A file in several requests. What arrives is cut into segments that are durable before they are acknowledged; when
//! the last byte is there, they become one file of the report.
//!
//! Where the profile forbids to keep foreign bytes, nothing is durable: the file waits in memory, digested and
//! sealed as it comes, and a restart or too many others send its client back to the first byte.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cybertip::response::ResponseCode;
use domain::{FileId, Private, Purpose, ReportId};
use jiff::Timestamp;
use store::transfer::{self, Claims, NewTransfer, Transfer};
use store::{BlobKind, BlobWriter, House, Keep, Refusal};
use tokio::sync::Mutex as Gate;

use super::upload::{discard, new_file, not_as_expected};
use super::{Expected, Login, Refused};

mod appending;

pub use appending::Appending;

/// Files that wait in memory where nothing may be durable.
const MOST_PASSING: usize = 32;
/// A fault of anything that happens to a transfer.
const FAILED: ResponseCode = ResponseCode::UploadFailed;

/// What one process knows of the files that are on their way.
#[derive(Default)]
pub struct Transfers {
    /// Files that may not be durable.
    passing: Mutex<HashMap<FileId, Passing>>,
    /// Files whose segments are being joined: whoever comes second waits and finds it done.
    joining: Mutex<HashMap<FileId, Arc<Gate<()>>>>,
}

/// A file that waits in memory.
struct Passing {
    writer: BlobWriter,
    received_bytes: u64,
    touched_at: Timestamp,
}

/// What a client says of a file before it sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Its report.
    pub report: ReportId,
    /// Its whole length.
    pub size_bytes: u64,
    /// Its name.
    pub file_name: Option<Private<String>>,
    /// Its media type.
    pub media_type: Option<String>,
    /// What it must be.
    pub expected: Expected,
}

/// How far a file has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its report.
    pub report: ReportId,
    /// Its whole length.
    pub size_bytes: u64,
    /// How much need not be sent again.
    pub received_bytes: u64,
    /// Until when it may go on.
    pub expires_at: Option<Timestamp>,
    /// MD5 and SHA-256, once it is a file of its report.
    pub digests: Option<([u8; 16], [u8; 32])>,
}

/// Why a part of a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferRefused {
    /// It does not begin where the file ends.
    Offset,
    /// It is not what its checksum says; nothing of it was kept.
    Checksum,
    /// It goes beyond the length that was announced.
    TooLong,
    /// Any other reason, in the words of the reporting API.
    Because(Refused),
}

impl From<Refused> for TransferRefused {
    fn from(refused: Refused) -> Self {
        Self::Because(refused)
    }
}

/// Begins a file of an open report; it has its id from now on.
///
/// # Errors
/// Codes 3300, 4000 when too many are unfinished, 5001, 5101, 5102, and 1110 for a fault.
pub async fn begin_transfer(house: &House, login: &Login, announced: Announced) -> Result<FileId, Refused> {
    login.must_update()?;
    let Announced { report, size_bytes, file_name, media_type, expected } = announced;
    let Expected { md5, sha1, sha256 } = expected;
    let failed = |error: store::Error| match error.refusal() {
        Some(Refusal::Unfit { .. }) => too_many(report),
        _ => Refused::stored(house, error, FAILED, Some(report)),
    };
    let file = new_file(house).map_err(failed)?;
    let claims = Claims { name: file_name, media_type, md5, sha1, sha256 };
    let new = NewTransfer { report, file: file.clone(), size_bytes, claims };
    let provider = login.provider.clone();
    let begun = house.act(login.actor(), Purpose::Intake, "transfer::begin", move |act| {
        transfer::begin(act, &provider, &new)
    });
    begun.await.map_err(failed)?;
    Ok(file)
}

fn too_many(report: ReportId) -> Refused {
    let most = transfer::MOST_UNFINISHED;
    let description = format!("Invalid request: {most} uploads of this report are unfinished already");
    let help = "Finish them or drop them with DELETE before you begin another one.".to_owned();
    Refused {
        description: Some(description),
        help: Some(help),
        ..Refused::about(ResponseCode::InvalidRequest, report)
    }
}

/// Drops a file that is not whole yet.
///
/// # Errors
/// Codes 3300, 4000 for one that is whole, 5001, 5002, 5101, 5102, and 1110 for a fault.
pub async fn drop_transfer(
    transfers: &Transfers,
    house: &House,
    login: &Login,
    file: &FileId,
) -> Result<(), Refused> {
    login.must_update()?;
    let known = find(house, login, file).await?;
    let (provider, report) = (login.provider.clone(), known.report);
    let dropped = house.act(login.actor(), Purpose::Intake, "transfer::abandon", move |act| {
        transfer::abandon(act, &provider, &known)
    });
    dropped.await.map_err(|error| match error.refusal() {
        Some(Refusal::Conflict) => Refused {
            description: Some("Invalid request: this file is part of its report already".to_owned()),
            ..Refused::about(ResponseCode::InvalidRequest, report)
        },
        _ => Refused::stored(house, error, FAILED, Some(report)),
    })?;
    transfers.passing().remove(file);
    Ok(())
}

async fn find(house: &House, login: &Login, file: &FileId) -> Result<Transfer, Refused> {
    let (provider, file) = (login.provider.clone(), file.clone());
    let found = house.read("transfer::get", move |view| transfer::get(view, &provider, &file)).await;
    found.map_err(|error| Refused::stored(house, error, FAILED, None))
}

impl Transfers {
    fn passing(&self) -> MutexGuard<'_, HashMap<FileId, Passing>> {
        self.passing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far a file has come. One whose last byte was durable when something broke is made a file of its report now.
    ///
    /// # Errors
    /// Codes 3300, 4200 for bytes that are not what was expected, 5001, 5002, 5101, 5102, and 1110 for a fault.
    pub async fn standing(&self, house: &House, login: &Login, file: &FileId) -> Result<Standing, Refused> {
        login.must_update()?;
        let mut known = find(house, login, file).await?;
        if !known.is_complete && known.received_bytes == known.size_bytes {
            self.complete(house, login, &known, None).await?;
            known = find(house, login, file).await?;
        }
        let waiting = self.passing().get(file).map(|one| one.received_bytes);
        Ok(Standing {
            report: known.report,
            size_bytes: known.size_bytes,
            received_bytes: waiting.unwrap_or(known.received_bytes),
            expires_at: known.expires_at,
            digests: known.digests,
        })
    }

    /// Takes a file that waits in memory, to go on with it; it begins anew when it is not there.
    fn resume(&self, house: &House, file: &FileId, offset: u64) -> Result<BlobWriter, TransferRefused> {
        let failed = |error| Refused::stored(house, error, FAILED, None);
        // Not in the match: its lock would be held until the end.
        let waiting = self.passing().remove(file);
        match (waiting, offset) {
            (Some(one), offset) if one.received_bytes == offset => Ok(one.writer),
            (None, 0) => Ok(house.vault().begin(BlobKind::Evidence, file).map_err(failed)?),
            (Some(one), _) => {
                self.passing().insert(file.clone(), one);
                Err(TransferRefused::Offset)
            }
            (None, _) => Err(TransferRefused::Offset),
        }
    }

    /// Lets a file wait in memory; the one that waited longest goes when there are too many.
    fn wait(&self, house: &House, file: &FileId, writer: BlobWriter, received_bytes: u64) {
        let mut all = self.passing();
        if all.len() >= MOST_PASSING {
            let oldest = all.iter().min_by_key(|(_, one)| one.touched_at).map(|(file, _)| file.clone());
            oldest.and_then(|file| all.remove(&file));
        }
        all.insert(file.clone(), Passing { writer, received_bytes, touched_at: house.now() });
    }

    /// Makes a file whose last byte has arrived a file of its report: from its segments, or as it waited in memory.
    async fn complete(
        &self,
        house: &House,
        login: &Login,
        known: &Transfer,
        whole: Option<BlobWriter>,
    ) -> Result<(), Refused> {
        let gate = Arc::clone(
            self.joining
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(known.file.clone())
                .or_default(),
        );
        let done = {
            let _alone = gate.lock().await;
            joined(house, login, known, whole).await
        };
        self.joining.lock().unwrap_or_else(PoisonError::into_inner).remove(&known.file);
        done
    }
}

async fn joined(
    house: &House,
    login: &Login,
    known: &Transfer,
    whole: Option<BlobWriter>,
) -> Result<(), Refused> {
    let failed = |error| Refused::stored(house, error, ResponseCode::FileUploadFailed, Some(known.report));
    if find(house, login, &known.file).await?.is_complete {
        return Ok(());
    }
    let asked = known.clone();
    let read = house.read("transfer::segments", move |view| {
        Ok((transfer::segments(view, &asked.file)?, transfer::claims(view, &asked)?))
    });
    let (segments, claims) = read.await.map_err(failed)?;
    let mut writer = match whole {
        Some(writer) => writer,
        None => house.vault().begin(BlobKind::Evidence, &known.file).map_err(failed)?,
    };
    house.vault().join(known.report, &segments, &mut writer).await.map_err(failed)?;
    let stored = writer.finish(Keep::Yes).await.map_err(failed)?;
    let (provider, known, kept) = (login.provider.clone(), known.clone(), stored.clone());
    let Claims { md5, sha1, sha256, .. } = claims;
    if !(Expected { md5, sha1, sha256 }).holds(&stored.digests) {
        let number = known.report;
        let dropped = house.act(login.actor(), Purpose::Intake, "transfer::abandon", move |act| {
            transfer::abandon(act, &provider, &known)
        });
        dropped.await.map_err(failed)?;
        discard(house, stored).await;
        return Err(not_as_expected(number));
    }
    let completed = house.act(login.actor(), Purpose::Intake, "transfer::complete", move |act| {
        transfer::complete(act, &provider, &known, kept.clone())
    });
    match completed.await {
        // Another process joined the same segments and was first.
        Err(error) if error.refusal() == Some(Refusal::Conflict) => discard(house, stored).await,
        completed => completed.map_err(failed)?,
    }
    if let Err(error) = house.vault().discard(&segments).await {
        tracing::warn!(%error, "segments of a whole file stay behind in the vault as litter");
    }
    Ok(())
}
