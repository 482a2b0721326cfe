//! Writing a blob: sealed and digested as it streams, in flat memory.
//!
//! A small blob is pressed where it arrives and kept in memory until its end. What grows beyond that goes to threads
//! that may block, a mebibyte at a time: one computes digests, one seals and writes, and meanwhile the next arrives.

use std::sync::Arc;

use domain::FileId;
use seal::{DataKey, DigestSet, Digests};
use tokio::task::{JoinHandle, spawn_blocking};

use super::bucket::{Bucket, PART_BYTES, Upload};
use super::press::{Line, Press};
use super::{Backing, BlobKind, BlobRef, Keep, Kept, Location, Shared, Stored, key_name};
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
    Large { batch: Vec<u8>, pressing: Pressing, upload: Option<Upload> },
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
            Course::Small(press) => filled(&self.blob.shared, self.blob.grown(*press), bytes).await?,
            large @ Course::Large { .. } => filled(&self.blob.shared, large, bytes).await?,
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
                    true => Some(blob.shared.backing.keep_small(&blob.shared, sealed).await?),
                    false => None,
                };
                (digests, location)
            }
            Course::Large { batch, pressing, upload } => {
                let Pressed { digests, line, .. } = pressing.pressed().await?;
                let last = Pressing::start(batch, digests, line).pressed().await?;
                blob.finish_large(last, upload, keep).await?
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
        let (shared, Press { digests, mut line }) = (Arc::clone(&self.shared), press);
        let line = spawn_blocking(move || {
            line.draft = match &shared.backing {
                Backing::Folder(folder) => Some(folder.draft()?),
                Backing::Bucket(_) => None,
            };
            line.take(&[])?;
            Ok(line)
        });
        let pressing = Pressing { batch: Arc::default(), digests: spawn_blocking(|| digests), line };
        Course::Large { batch: Vec::with_capacity(BATCH_BYTES), pressing, upload: None }
    }

    async fn finish_large(
        &self,
        last: Pressed,
        upload: Option<Upload>,
        keep: Keep,
    ) -> Result<(DigestSet, Option<Location>)> {
        let digests = last.digests.finish();
        let (sealed, draft) = last.line.finish()?;
        if !self.keeps(keep, &digests) {
            return Ok((digests, None));
        }
        let location = match (&self.shared.backing, draft, upload) {
            (Backing::Folder(_), Some(mut draft), _) => {
                let shared = Arc::clone(&self.shared);
                blocking(move || {
                    draft.append(&sealed)?;
                    shared.backing.folder()?.publish(draft)
                })
                .await?
            }
            (Backing::Bucket(_), _, Some(mut upload)) => {
                upload.append(&sealed).await?;
                upload.finish().await?
            }
            (Backing::Bucket(bucket), _, None) => bucket.put(self.shared.name()?, sealed).await?,
            (Backing::Folder(_), None, _) => return Err(broken()),
        };
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
async fn filled(shared: &Shared, course: Course, mut bytes: &[u8]) -> Result<Course> {
    let Course::Large { mut batch, mut pressing, mut upload } = course else { return Err(broken()) };
    loop {
        let (taken, rest) = bytes.split_at(bytes.len().min(BATCH_BYTES - batch.len()));
        batch.extend_from_slice(taken);
        bytes = rest;
        if batch.len() < BATCH_BYTES {
            return Ok(Course::Large { batch, pressing, upload });
        }
        let Pressed { digests, mut line, spare } = pressing.pressed().await?;
        if let Backing::Bucket(bucket) = &shared.backing {
            upload = sent(shared, bucket, upload, &mut line.sealed).await?;
        }
        pressing = Pressing::start(std::mem::replace(&mut batch, spare), digests, line);
    }
}

/// Sends sealed bytes to the bucket once they no longer fit into one request.
async fn sent(
    shared: &Shared,
    bucket: &Bucket,
    upload: Option<Upload>,
    sealed: &mut Vec<u8>,
) -> Result<Option<Upload>> {
    let mut upload = match upload {
        Some(upload) => upload,
        None if sealed.len() < PART_BYTES => return Ok(None),
        None => bucket.begin(shared.name()?).await?,
    };
    upload.append(sealed).await?;
    sealed.clear();
    Ok(Some(upload))
}

/// Runs something that blocks where it may.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    spawn_blocking(work).await.map_err(|_| broken())?
}

pub(super) fn broken() -> crate::Error {
    Fault::Stopped { what: "a blob's writer" }.into()
}
