//! Writing a blob: sealed and digested as it streams, in flat memory.
//!
//! A small blob is pressed where it arrives and kept in memory until its end. What grows beyond that goes to threads
//! that may block, a mebibyte at a time: one computes digests, one seals and writes, and meanwhile the next arrives.

use std::sync::Arc;

use domain::FileId;
use seal::{DataKey, DigestSet, Digests};
use tokio::task::{JoinHandle, spawn_blocking};

use super::press::{Line, Press};
use super::{BlobKind, BlobRef, Keep, Kept, Location, Shared, Stored, key_name};
use crate::{Fault, Result};

/// Plaintext of a blob that is small: kept in memory, and in a pack.
const SMALL_BYTES: u64 = 1024 * 1024;
/// Plaintext that is pressed at once when a blob is large.
const BATCH_BYTES: usize = 1024 * 1024;

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
    /// Large: a batch fills while the one before it is pressed.
    Large { batch: Vec<u8>, pressing: Pressing },
    /// A fault ended it.
    Broken,
}

/// A batch on the blocking threads.
struct Pressing {
    batch: Arc<Vec<u8>>,
    digests: JoinHandle<Digests>,
    line: JoinHandle<Result<Line>>,
}

/// What comes back from them.
struct Pressed {
    digests: Digests,
    line: Line,
    /// The emptied batch, to be filled again.
    spare: Vec<u8>,
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
            Course::Small(press) => filled(self.blob.grown(*press), bytes).await?,
            large @ Course::Large { .. } => filled(large, bytes).await?,
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
            Course::Large { batch, pressing } => {
                let Pressed { digests, line, .. } = pressing.pressed().await?;
                let last = Pressing::start(batch, digests, line).pressed().await?;
                blob.finish_large(last, keep).await?
            }
            Course::Broken => return Err(broken()),
        };
        let kept = match location {
            Some(location) => Some(blob.wrapped(location, digests.size_bytes).await?),
            None => None,
        };
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
    fn grown(&self, press: Press) -> Course {
        let Press { digests, mut line } = press;
        line.draft = Some(self.shared.depot.draft());
        let line = spawn_blocking(move || {
            line.take(&[])?;
            Ok(line)
        });
        let pressing = Pressing { batch: Arc::default(), digests: spawn_blocking(|| digests), line };
        Course::Large { batch: Vec::with_capacity(BATCH_BYTES), pressing }
    }

    async fn finish_large(&self, last: Pressed, keep: Keep) -> Result<(DigestSet, Option<Location>)> {
        let digests = last.digests.finish();
        let (sealed, draft) = last.line.finish()?;
        if !self.keeps(keep, &digests) {
            return Ok((digests, None));
        }
        let draft = draft.unwrap_or_else(|| self.shared.depot.draft());
        let location = Location(draft.finish(sealed).await?);
        Ok((digests, Some(location)))
    }

    async fn wrapped(&self, location: Location, size_bytes: u64) -> Result<Kept> {
        let now = self.shared.clock.now();
        self.shared.keys.ready(&self.shared.database, now).await?;
        let name = key_name(self.kind, &self.file);
        let (epoch, wrapped) = self.shared.keys.wrap(now, &name, &self.key)?;
        let blob = BlobRef { kind: self.kind, file: self.file.clone(), location, size_bytes };
        Ok(Kept { blob, epoch, wrapped })
    }
}

impl Pressing {
    /// Sends a batch to both threads.
    fn start(batch: Vec<u8>, mut digests: Digests, mut line: Line) -> Self {
        let batch = Arc::new(batch);
        let (for_digests, for_line) = (Arc::clone(&batch), Arc::clone(&batch));
        let digests = spawn_blocking(move || {
            digests.update(&for_digests);
            digests
        });
        let line = spawn_blocking(move || {
            line.take(&for_line)?;
            Ok(line)
        });
        Self { batch, digests, line }
    }

    /// Waits for both.
    async fn pressed(self) -> Result<Pressed> {
        let line = self.line.await.map_err(|_| broken())??;
        let digests = self.digests.await.map_err(|_| broken())?;
        let mut spare = Arc::into_inner(self.batch).unwrap_or_default();
        spare.clear();
        spare.reserve_exact(BATCH_BYTES);
        Ok(Pressed { digests, line, spare })
    }
}

/// Fills the batch, and has it pressed whenever it is full.
async fn filled(course: Course, mut bytes: &[u8]) -> Result<Course> {
    let Course::Large { mut batch, mut pressing } = course else { return Err(broken()) };
    loop {
        let (taken, rest) = bytes.split_at(bytes.len().min(BATCH_BYTES - batch.len()));
        batch.extend_from_slice(taken);
        bytes = rest;
        if batch.len() < BATCH_BYTES {
            return Ok(Course::Large { batch, pressing });
        }
        let Pressed { digests, mut line, spare } = pressing.pressed().await?;
        line.send().await?;
        pressing = Pressing::start(std::mem::replace(&mut batch, spare), digests, line);
    }
}

fn broken() -> crate::Error {
    Fault::Stopped { what: "a blob's writer" }.into()
}
