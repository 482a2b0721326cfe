//! Writing a blob: sealed and digested as it streams, in flat memory.
//!
//! A small blob is pressed where it arrives and kept in memory until its end. What grows beyond that is pressed and
//! written a mebibyte at a time on threads that may block, while the next mebibyte arrives.

use std::sync::Arc;

use domain::FileId;
use seal::{DataKey, DigestSet};
use tokio::task::{JoinHandle, spawn_blocking};

use super::bucket::{PART_BYTES, Upload};
use super::folder::Draft;
use super::press::Press;
use super::{Backing, BlobKind, BlobRef, Keep, Kept, Location, Shared, Stored, key_name};
use crate::{Fault, Result};

/// Plaintext of a blob that is small: kept in memory, and in a pack.
pub(super) const SMALL_BYTES: usize = 1024 * 1024;
/// Plaintext that is pressed at once when a blob is large.
const BATCH_BYTES: usize = 1024 * 1024;

/// A blob being written. Dropping it leaves nothing behind.
pub struct BlobWriter {
    shared: Arc<Shared>,
    kind: BlobKind,
    file: FileId,
    key: DataKey,
    taken: u64,
    course: Course,
}

/// How far the blob has grown.
enum Course {
    /// Still small.
    Small(Box<Press>),
    /// Large: a batch fills while the one before it is pressed.
    Large { batch: Vec<u8>, pressing: JoinHandle<Result<Plant>>, upload: Option<Upload> },
    /// A fault ended it.
    Broken,
}

/// What goes to the blocking threads and comes back.
struct Plant {
    press: Press,
    draft: Option<Draft>,
    /// An emptied batch, to be filled again.
    spare: Vec<u8>,
}

impl BlobWriter {
    pub(super) fn new(shared: Arc<Shared>, kind: BlobKind, file: &FileId) -> Result<Self> {
        let random = shared.keys.random();
        let key = DataKey::generate(random)?;
        let press = Press::new(&key, &key_name(kind, file), random)?;
        Ok(Self { shared, kind, file: file.clone(), key, taken: 0, course: Course::Small(Box::new(press)) })
    }

    /// Takes the next bytes. After a fault the blob is lost and must be begun anew.
    ///
    /// # Errors
    /// A fault of the vault, such as a full disk.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let course = std::mem::replace(&mut self.course, Course::Broken);
        self.taken += bytes.len() as u64;
        self.course = match course {
            Course::Small(mut press) if self.taken <= SMALL_BYTES as u64 => {
                press.take(bytes)?;
                Course::Small(press)
            }
            Course::Small(press) => filled(&self.shared, self.grown(*press), bytes).await?,
            large @ Course::Large { .. } => filled(&self.shared, large, bytes).await?,
            Course::Broken => return Err(broken()),
        };
        Ok(())
    }

    /// Ends the blob; if it is kept, it is durable when this answers. Nobody can open it before an act adopts it.
    ///
    /// # Errors
    /// A fault of the vault. Nothing stays behind then.
    pub async fn finish(mut self, keep: Keep) -> Result<Stored> {
        let (digests, location) = match std::mem::replace(&mut self.course, Course::Broken) {
            Course::Small(press) => {
                let (digests, sealed) = press.finish()?;
                let location = match self.keeps(keep, &digests) {
                    true => Some(self.shared.backing.keep_small(&self.shared, sealed).await?),
                    false => None,
                };
                (digests, location)
            }
            Course::Large { batch, pressing, upload } => {
                let plant = pressed(pressing).await?;
                self.finish_large(plant, batch, upload, keep).await?
            }
            Course::Broken => return Err(broken()),
        };
        let kept = match location {
            Some(location) => Some(self.wrapped(location, digests.size_bytes).await?),
            None => None,
        };
        Ok(Stored { digests, kept })
    }

    /// Whether the bytes stay. INVARIANT: in `synthetic-demo` no foreign byte is ever kept.
    fn keeps(&self, keep: Keep, digests: &DigestSet) -> bool {
        let allowed = self.shared.profile.keeps_foreign_bytes() || (self.shared.corpus)(&digests.sha256);
        keep == Keep::Yes && allowed
    }

    /// From small to large: what was pressed so far is written.
    fn grown(&self, press: Press) -> Course {
        let shared = Arc::clone(&self.shared);
        let pressing = spawn_blocking(move || {
            let draft = match &shared.backing {
                Backing::Folder(folder) => Some(folder.draft()?),
                Backing::Bucket(_) => None,
            };
            Plant { press, draft, spare: Vec::with_capacity(BATCH_BYTES) }.written()
        });
        Course::Large { batch: Vec::with_capacity(BATCH_BYTES), pressing, upload: None }
    }

    async fn finish_large(
        &self,
        plant: Plant,
        batch: Vec<u8>,
        upload: Option<Upload>,
        keep: Keep,
    ) -> Result<(DigestSet, Option<Location>)> {
        let Plant { mut press, draft, .. } = plant;
        let (digests, sealed) = blocking(move || {
            press.take(&batch)?;
            press.finish()
        })
        .await?;
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

impl Plant {
    /// Writes what has been pressed, if it goes to a file.
    fn written(mut self) -> Result<Self> {
        if let Some(draft) = &mut self.draft {
            draft.append(&self.press.sealed)?;
            self.press.sealed.clear();
        }
        Ok(self)
    }
}

/// Fills the batch, and has it pressed whenever it is full.
async fn filled(shared: &Arc<Shared>, course: Course, mut bytes: &[u8]) -> Result<Course> {
    let Course::Large { mut batch, mut pressing, mut upload } = course else { return Err(broken()) };
    loop {
        let (taken, rest) = bytes.split_at(bytes.len().min(BATCH_BYTES - batch.len()));
        batch.extend_from_slice(taken);
        bytes = rest;
        if batch.len() < BATCH_BYTES {
            return Ok(Course::Large { batch, pressing, upload });
        }
        let mut plant = pressed(pressing).await?;
        if let Backing::Bucket(bucket) = &shared.backing {
            upload = sent(shared, bucket, upload, &mut plant.press.sealed).await?;
        }
        let full = std::mem::replace(&mut batch, std::mem::take(&mut plant.spare));
        pressing = spawn_blocking(move || {
            plant.press.take(&full)?;
            plant.spare = full;
            plant.spare.clear();
            plant.written()
        });
    }
}

/// Sends sealed bytes to the bucket once they no longer fit into one request.
async fn sent(
    shared: &Shared,
    bucket: &super::bucket::Bucket,
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

async fn pressed(pressing: JoinHandle<Result<Plant>>) -> Result<Plant> {
    pressing.await.map_err(|_| broken())?
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
