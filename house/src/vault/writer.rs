//! Writing a blob: sealed and digested as it streams, in flat memory.
//!
//! A small blob is pressed where it arrives and kept in memory until its end. What grows beyond that goes to threads
//! that may block, a mebibyte at a time: two lanes compute digests at their own pace, one thread seals and writes, and
//! meanwhile the next mebibyte arrives.

use std::sync::Arc;

use domain::FileId;
use seal::{DataKey, DigestSet, Digests, Md5Share, ShaShare};
use tokio::task::{JoinHandle, spawn_blocking};

use super::lane::{BATCH_BYTES, Batches, Lane};
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

/// A large blob.
struct Large {
    batch: Vec<u8>,
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
        let course = std::mem::replace(&mut self.course, Course::Broken);
        self.taken += bytes.len() as u64;
        self.course = match course {
            Course::Small(mut press) if self.taken <= SMALL_BYTES => {
                press.take(bytes)?;
                Course::Small(press)
            }
            Course::Small(press) => {
                let mut large = self.blob.grown(*press).await;
                large.fill(bytes).await?;
                Course::Large(Box::new(large))
            }
            Course::Large(mut large) => {
                large.fill(bytes).await?;
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
    async fn grown(&self, press: Press) -> Large {
        let Press { digests, mut line } = press;
        line.draft = Some(self.shared.depot.draft());
        let line = spawn_blocking(move || {
            line.take(&[])?;
            Ok(line)
        });
        let (md5, sha) = digests.shares();
        let mut batches = Batches::new();
        Large { batch: batches.empty().await, batches, md5: Lane::new(md5), sha: Lane::new(sha), line }
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
    async fn fill(&mut self, mut bytes: &[u8]) -> Result<()> {
        loop {
            let (taken, rest) = bytes.split_at(bytes.len().min(BATCH_BYTES - self.batch.len()));
            self.batch.extend_from_slice(taken);
            bytes = rest;
            if self.batch.len() < BATCH_BYTES {
                return Ok(());
            }
            self.press().await?;
            self.batch = self.batches.empty().await;
        }
    }

    /// Sends the batch into every lane. Sealing is quick, so that it is at most one batch behind.
    async fn press(&mut self) -> Result<()> {
        let mut line = (&mut self.line).await.map_err(|_| broken())??;
        line.send().await?;
        let batch = self.batches.full(std::mem::take(&mut self.batch));
        self.md5.push(batch.clone());
        self.sha.push(batch.clone());
        self.line = spawn_blocking(move || {
            line.take(batch.bytes())?;
            Ok(line)
        });
        Ok(())
    }

    /// Presses what is left, and waits for every lane.
    async fn finish(mut self) -> Result<(Digests, Line)> {
        self.press().await?;
        let line = self.line.await.map_err(|_| broken())??;
        Ok((Digests::joined(self.md5.finish().await?, self.sha.finish().await?), line))
    }
}

pub(super) fn broken() -> crate::Error {
    Fault::Stopped { what: "a blob's writer" }.into()
}
