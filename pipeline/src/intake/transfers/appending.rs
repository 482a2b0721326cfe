//! One request's share of a file.

use domain::{FileId, Purpose};
use seal::Digests;
use store::transfer::{self, Transfer};
use store::{BlobKind, BlobWriter, House, Keep, Kept, Refusal, report};

use super::{Expected, FAILED, Login, Refused, Standing, TransferRefused, Transfers, find};
use crate::intake::upload::new_file;

/// Plaintext of one segment: at most so much is lost when the house dies in the middle of a request.
const SEGMENT_BYTES: u64 = 16 << 20;

/// Bytes on their way to the end of a file. Dropping it keeps what was durable.
pub struct Appending<'a> {
    transfers: &'a Transfers,
    house: &'a House,
    login: &'a Login,
    transfer: Transfer,
    /// Where the next byte goes.
    at: u64,
    course: Course,
    check: Option<(Expected, Digests)>,
}

/// Where the bytes go.
enum Course {
    /// Into segments.
    Segments(Segments),
    /// Into the file that waits in memory.
    Passing(BlobWriter),
}

/// Segments that are not acknowledged yet.
struct Segments {
    /// How much of the file is acknowledged.
    durable: u64,
    filling: Option<(BlobWriter, u64)>,
    sealed: Vec<Kept>,
}

impl Transfers {
    /// Goes on with a file at `offset`. With `checksum`, the bytes of this request are kept together or not at all.
    ///
    /// # Errors
    /// [`TransferRefused::Offset`]; codes 3300, 5001, 5002, 5101, 5102, and 1110 for a fault.
    pub async fn append<'a>(
        &'a self,
        house: &'a House,
        login: &'a Login,
        file: &FileId,
        offset: u64,
        checksum: Option<Expected>,
    ) -> Result<Appending<'a>, TransferRefused> {
        login.must_update()?;
        let transfer = find(house, login, file).await?;
        let (provider, number) = (login.provider.clone(), transfer.report);
        let open =
            house.read("transfer::check", move |view| report::check_open(view, &provider, number)).await;
        open.map_err(|error| Refused::stored(house, error, FAILED, Some(number)))?;
        if transfer.is_complete {
            return Err(TransferRefused::Offset);
        }
        let course = if house.profile().keeps_foreign_bytes() {
            if transfer.received_bytes != offset {
                return Err(TransferRefused::Offset);
            }
            Course::Segments(Segments { durable: offset, filling: None, sealed: Vec::new() })
        } else {
            Course::Passing(self.resume(house, file, offset)?)
        };
        let check = checksum.map(|expected| (expected, Digests::new()));
        Ok(Appending { transfers: self, house, login, transfer, at: offset, course, check })
    }
}

impl Appending<'_> {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`TransferRefused::TooLong`], [`TransferRefused::Offset`] when another request was quicker, and code 1110.
    pub async fn push(&mut self, mut bytes: &[u8]) -> Result<(), TransferRefused> {
        if bytes.len() as u64 > self.transfer.size_bytes - self.at {
            return Err(TransferRefused::TooLong);
        }
        if let Some((_, digests)) = &mut self.check {
            digests.update(bytes);
        }
        self.at += bytes.len() as u64;
        while !bytes.is_empty() {
            let rest = match &mut self.course {
                Course::Passing(writer) => {
                    writer.push(bytes).await.map_err(|error| failed(self.house, error))?;
                    return Ok(());
                }
                Course::Segments(segments) => segments.fill(self.house, bytes).await?,
            };
            bytes = rest;
            if self.check.is_none() {
                self.acknowledge().await?;
            }
        }
        Ok(())
    }

    /// Ends the request, whole or broken off, and answers how far the file has come. What came of a request with a
    /// checksum that does not hold, or that broke off, is dropped.
    ///
    /// # Errors
    /// [`TransferRefused::Checksum`], [`TransferRefused::Offset`] when another request was quicker; codes 4200 for a
    /// whole file that is not what was expected, 5001, 5101, 5102, and 1110 or 1111 for a fault.
    pub async fn end(mut self) -> Result<Standing, TransferRefused> {
        if let Some((expected, digests)) = self.check.take()
            && !expected.holds(&digests.finish())
        {
            if let Course::Segments(segments) = self.course {
                segments.discard(self.house).await;
            }
            return Err(TransferRefused::Checksum);
        }
        if let Course::Segments(segments) = &mut self.course {
            segments.seal(self.house).await?;
        }
        self.acknowledge().await?;
        let Self { transfers, house, login, transfer, at, course, .. } = self;
        if let Course::Passing(writer) = course {
            if at == transfer.size_bytes {
                transfers.complete(house, login, &transfer, Some(writer)).await?;
            } else {
                transfers.wait(house, &transfer.file, writer, at);
            }
        }
        Ok(transfers.standing(house, login, &transfer.file).await?)
    }

    /// Makes sealed segments part of the file.
    async fn acknowledge(&mut self) -> Result<(), TransferRefused> {
        let Course::Segments(segments) = &mut self.course else { return Ok(()) };
        if segments.sealed.is_empty() {
            return Ok(());
        }
        let (provider, transfer, offset) =
            (self.login.provider.clone(), self.transfer.clone(), segments.durable);
        let sealed = std::mem::take(&mut segments.sealed);
        let kept = self.house.act(self.login.actor(), Purpose::Intake, "transfer::keep", move |act| {
            transfer::keep(act, &provider, &transfer, offset, &sealed)
        });
        segments.durable = kept.await.map_err(|error| match error.refusal() {
            Some(Refusal::Conflict) => TransferRefused::Offset,
            _ => Refused::stored(self.house, error, FAILED, Some(self.transfer.report)).into(),
        })?;
        Ok(())
    }
}

impl Segments {
    /// Fills the segment in hand and answers what did not fit.
    async fn fill<'b>(&mut self, house: &House, bytes: &'b [u8]) -> Result<&'b [u8], Refused> {
        let (mut writer, filled) = match self.filling.take() {
            Some(filling) => filling,
            None => (begun(house).map_err(|error| failed(house, error))?, 0),
        };
        let room = usize::try_from(SEGMENT_BYTES - filled).unwrap_or(usize::MAX);
        let (taken, rest) = bytes.split_at(bytes.len().min(room));
        writer.push(taken).await.map_err(|error| failed(house, error))?;
        let filled = filled + taken.len() as u64;
        self.filling = Some((writer, filled));
        if filled == SEGMENT_BYTES {
            self.seal(house).await?;
        }
        Ok(rest)
    }

    /// Gives back the room of what nobody will acknowledge.
    async fn discard(self, house: &House) {
        let blobs: Vec<_> = self.sealed.into_iter().map(|kept| kept.blob).collect();
        if let Err(error) = house.vault().discard(&blobs).await {
            tracing::warn!(%error, "litter stays behind in the vault");
        }
    }

    /// Ends the segment in hand; it is durable then.
    async fn seal(&mut self, house: &House) -> Result<(), Refused> {
        let Some((writer, _)) = self.filling.take() else { return Ok(()) };
        let stored = writer.finish(Keep::Yes).await.map_err(|error| failed(house, error))?;
        self.sealed.extend(stored.kept);
        Ok(())
    }
}

/// Every segment is a blob with a name of its own.
fn begun(house: &House) -> store::Result<BlobWriter> {
    house.vault().begin(BlobKind::Segment, &new_file(house)?)
}

fn failed(house: &House, error: store::Error) -> Refused {
    Refused::stored(house, error, FAILED, None)
}
