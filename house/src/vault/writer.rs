//! Writing a blob: sealed and digested as it streams, in flat memory.
//!
//! A small blob is pressed where it arrives and kept in memory until its end. What grows beyond that goes to threads
//! that may block, a mebibyte at a time: two lanes compute digests at their own pace, one thread seals and writes, and
//! meanwhile the next mebibyte arrives.

use std::sync::Arc;

use bytes::Bytes;
use domain::FileId;
use seal::{DataKey, DigestSet, Digests, Md5Share, ShaShare};
use tokio::task::{JoinHandle, spawn_blocking};

use super::lane::{Batch, Batches, Filling, Lane};
use super::press::{Line, Press};
use super::{BlobKind, BlobRef, Keep, Kept, Location, Shared, Stored, key_name};
use crate::{Fault, Result};

/// Plaintext of a blob that is small: kept in memory, and in a pack.
const SMALL_BYTES: u64 = 1024 * 1024;

/// A blob being written. Dropping it leaves nothing behind.
pub struct BlobWriter {
    blob: Blob,
    taken: u64,
    course: Course,
}

/// What a blob is and will be sealed under.
struct Blob {
    shared: Arc<Shared>,
    kind: BlobKind,
    file: FileId,
    key: DataKey,
}

/// How far the blob has grown.
enum Course {
    /// Still small.
    Small(Box<Press>),
    /// Large: a batch fills while those before it are pressed.
    Large(Box<Large>),
    /// A fault ended it.
    Broken,
}

/// The next bytes of a blob.
enum Piece<'a> {
    /// To be copied.
    Lent(&'a [u8]),
    /// To be kept.
    Given(Bytes),
}

impl Piece<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Given(frame) => frame,
        }
    }

    /// Moves what fits into a batch; the rest stays.
    fn pour(&mut self, batch: &mut Filling) {
        let fits = self.bytes().len().min(batch.left());
        match self {
            Self::Lent(bytes) => {
                let (taken, rest) = bytes.split_at(fits);
                batch.copy(taken);
                *bytes = rest;
            }
            Self::Given(frame) => batch.keep(frame.split_to(fits)),
        }
    }
}

/// A large blob.
struct Large {
    /// INVARIANT: never full between calls.
    batch: Option<Filling>,
    batches: Batches,
    md5: Lane<Md5Share>,
    sha: Lane<ShaShare>,
    line: JoinHandle<Result<Line>>,
}

impl BlobWriter {
    pub(super) fn new(shared: Arc<Shared>, kind: BlobKind, file: &FileId) -> Result<Self> {
        let random = shared.keys.random();
        let key = DataKey::generate(random)?;
        let press = Press::new(&key, &key_name(kind, file), random)?;
        let blob = Blob { shared, kind, file: file.clone(), key };
        Ok(Self { blob, taken: 0, course: Course::Small(Box::new(press)) })
    }

    /// Takes the next bytes. After a fault the blob is lost and must be begun anew.
    ///
    /// # Errors
    /// A fault of the vault, such as a full disk.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.add(Piece::Lent(bytes)).await
    }

    /// As [`BlobWriter::push`], for bytes that the caller gives away: a long frame of a large blob is not copied.
    ///
    /// # Errors
    /// As [`BlobWriter::push`].
    pub async fn take(&mut self, frame: Bytes) -> Result<()> {
        self.add(Piece::Given(frame)).await
    }

    async fn add(&mut self, piece: Piece<'_>) -> Result<()> {
        let course = std::mem::replace(&mut self.course, Course::Broken);
        self.taken += piece.bytes().len() as u64;
        self.course = match course {
            Course::Small(mut press) if self.taken <= SMALL_BYTES => {
                press.take(piece.bytes())?;
                Course::Small(press)
            }
            Course::Small(press) => {
                let mut large = self.blob.grown(*press);
                large.fill(piece).await?;
                Course::Large(Box::new(large))
            }
            Course::Large(mut large) => {
                large.fill(piece).await?;
                Course::Large(large)
            }
            Course::Broken => return Err(broken()),
        };
        Ok(())
    }

    /// Ends the blob; if it is kept, it is durable when this answers. Nobody can open it before an act adopts it.
    ///
    /// # Errors
    /// A fault of the vault. Nothing stays behind then.
    pub async fn finish(self, keep: Keep) -> Result<Stored> {
        let Self { blob, course, .. } = self;
        let (digests, location) = match course {
            Course::Small(press) => {
                let (digests, sealed) = press.finish()?;
                let location = match blob.keeps(keep, &digests) {
                    true => Some(Location(blob.shared.depot.put(sealed).await?)),
                    false => None,
                };
                (digests, location)
            }
            Course::Large(large) => {
                let (digests, line) = large.finish().await?;
                blob.finish_large(digests.finish(), line, keep).await?
            }
            Course::Broken => return Err(broken()),
        };
        let kept = location.map(|location| blob.kept(location, digests.size_bytes));
        Ok(Stored { digests, kept })
    }
}

impl Blob {
    /// Whether the bytes stay. INVARIANT: in `synthetic-demo` no foreign byte is ever kept.
    fn keeps(&self, keep: Keep, digests: &DigestSet) -> bool {
        let allowed = self.shared.profile.keeps_foreign_bytes() || (self.shared.corpus)(&digests.sha256);
        keep == Keep::Yes && allowed
    }

    /// From small to large: what was sealed so far is written, or waits for a part of an upload.
    fn grown(&self, press: Press) -> Large {
        let Press { digests, mut line } = press;
        line.draft = Some(self.shared.depot.draft());
        let line = spawn_blocking(move || {
            line.take(&[])?;
            Ok(line)
        });
        let (md5, sha) = digests.shares();
        Large { batch: None, batches: Batches::new(), md5: Lane::new(md5), sha: Lane::new(sha), line }
    }

    async fn finish_large(
        &self,
        digests: DigestSet,
        line: Line,
        keep: Keep,
    ) -> Result<(DigestSet, Option<Location>)> {
        let (sealed, draft) = line.finish()?;
        if !self.keeps(keep, &digests) {
            return Ok((digests, None));
        }
        let draft = draft.unwrap_or_else(|| self.shared.depot.draft());
        let location = Location(draft.finish(sealed).await?);
        Ok((digests, Some(location)))
    }

    fn kept(&self, location: Location, size_bytes: u64) -> Kept {
        let blob = BlobRef { kind: self.kind, file: self.file.clone(), location, size_bytes };
        Kept { blob, key: self.key.clone() }
    }
}

impl Large {
    /// Fills the batch, and has it pressed whenever it is full.
    async fn fill(&mut self, mut piece: Piece<'_>) -> Result<()> {
        while !piece.bytes().is_empty() {
            let mut batch = match self.batch.take() {
                Some(batch) => batch,
                None => self.batches.empty().await,
            };
            piece.pour(&mut batch);
            if batch.left() > 0 {
                self.batch = Some(batch);
            } else {
                self.press(batch.full()).await?;
            }
        }
        Ok(())
    }

    /// Sends a batch into every lane. Sealing is quick, so that it is at most one batch behind.
    async fn press(&mut self, batch: Batch) -> Result<()> {
        let mut line = (&mut self.line).await.map_err(|_| broken())??;
        line.send().await?;
        self.md5.push(batch.clone());
        self.sha.push(batch.clone());
        self.line = spawn_blocking(move || {
            line.take(batch.frames())?;
            Ok(line)
        });
        Ok(())
    }

    /// Presses what is left, and waits for every lane.
    async fn finish(mut self) -> Result<(Digests, Line)> {
        if let Some(last) = self.batch.take() {
            self.press(last.full()).await?;
        }
        let line = self.line.await.map_err(|_| broken())??;
        Ok((Digests::joined(self.md5.finish().await?, self.sha.finish().await?), line))
    }
}

pub(super) fn broken() -> crate::Error {
    Fault::Stopped { what: "a blob's writer" }.into()
}
