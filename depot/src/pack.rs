//! Packs: many small pieces in one file, many waiting writers on one flush.
//!
//! One thread appends. While it flushes, the next writers queue up, and all of them share the next flush. A process
//! only ever appends to packs that it made itself, so a tail torn by a crash is never written after, and never read:
//! nobody was told its spot.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::chance::{Chance, name};
use crate::disk::{Disk, DiskFile};
use crate::spot::{Place, Spot};
use crate::{Fault, Result};

/// A pack that has grown beyond this is left for a new one.
const PACK_BYTES: u64 = 256 * 1024 * 1024;
/// Pieces in one flush.
const MOST_PIECES: usize = 256;
/// Bytes in one flush.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Writers that may queue; with small pieces of a mebibyte this bounds memory to 64 MiB.
const QUEUE: usize = 64;
/// Names that are drawn before something else must be wrong.
const MOST_DRAWS: usize = 8;

/// The way to the thread that appends.
pub(super) struct Packs {
    sender: mpsc::Sender<Waiting>,
}

/// A piece whose writer waits for its spot.
struct Waiting {
    bytes: Vec<u8>,
    answer: oneshot::Sender<io::Result<Spot>>,
}

impl Packs {
    /// Starts the thread. Packs lie in `folder`, which is there; none is made before the first piece.
    pub(super) fn start(folder: PathBuf, disk: Arc<dyn Disk>, chance: Chance) -> Result<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let appender = Appender { folder, disk, chance, open: None };
        std::thread::Builder::new()
            .name("depot-pack".to_owned())
            .spawn(move || appender.run(receiver))
            .map_err(Fault::io("starting the packs' thread"))?;
        Ok(Self { sender })
    }

    /// Appends a piece; durable when it answers.
    pub(super) async fn append(&self, bytes: Vec<u8>) -> Result<Spot> {
        const STOPPED: Fault = Fault::Stopped { what: "the packs' thread" };
        let (answer, spot) = oneshot::channel();
        self.sender.send(Waiting { bytes, answer }).await.map_err(|_| STOPPED)?;
        let spot = spot.await.map_err(|_| STOPPED)?;
        spot.map_err(Fault::io("appending to a pack"))
    }
}

struct Appender {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    chance: Chance,
    open: Option<Pack>,
}

struct Pack {
    name: String,
    file: Box<dyn DiskFile>,
    /// Bytes that are durable; nothing lies behind them between batches.
    length: u64,
}

impl Appender {
    fn run(mut self, mut receiver: mpsc::Receiver<Waiting>) {
        while let Some(first) = receiver.blocking_recv() {
            let mut bytes = first.bytes.len();
            let mut batch = vec![first];
            while batch.len() < MOST_PIECES && bytes < MOST_BYTES {
                let Ok(next) = receiver.try_recv() else { break };
                bytes += next.bytes.len();
                batch.push(next);
            }
            // Nobody waits for a piece whose upload was broken off meanwhile.
            batch.retain(|waiting| !waiting.answer.is_closed());
            self.serve(batch);
        }
    }

    /// Appends a batch with one flush and answers everyone in it.
    fn serve(&mut self, batch: Vec<Waiting>) {
        let written = self.write(&batch);
        for (place, waiting) in batch.into_iter().enumerate() {
            let answer = match &written {
                Ok(spots) => Ok(spots[place].clone()),
                Err(error) => Err(again(error)),
            };
            if waiting.answer.send(answer).is_err() {
                tracing::debug!("a piece was written that nobody waited for");
            }
        }
    }

    fn write(&mut self, batch: &[Waiting]) -> io::Result<Vec<Spot>> {
        let mut pack = match self.open.take() {
            Some(pack) if pack.length < PACK_BYTES => pack,
            _ => self.begin()?,
        };
        let mut length = pack.length;
        let mut spots = Vec::with_capacity(batch.len());
        let mut appended = Ok(());
        for waiting in batch {
            appended = pack.file.append(&waiting.bytes);
            if appended.is_err() {
                break;
            }
            spots.push(Spot(Place::Pack { name: pack.name.clone(), offset: length }));
            length += waiting.bytes.len() as u64;
        }
        if let Err(error) = appended {
            // Full disks are cleared: the pack goes on from where it was, or is left if it cannot even be cut.
            if pack.file.cut(pack.length).is_ok() {
                self.open = Some(pack);
            }
            return Err(error);
        }
        // After a failed flush nobody knows what the file holds, so the pack is left.
        pack.file.flush()?;
        pack.length = length;
        self.open = Some(pack);
        Ok(spots)
    }

    fn begin(&self) -> io::Result<Pack> {
        for _ in 0..MOST_DRAWS {
            let name = name(&self.chance)?;
            match self.disk.create(&self.folder.join(&name)) {
                Ok(file) => {
                    self.disk.flush_folder(&self.folder)?;
                    return Ok(Pack { name, file, length: 0 });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// The same error for one more waiter.
fn again(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::testing::{TrialDisk, counted};

    fn packs(folder: &Path, disk: &TrialDisk) -> Packs {
        Packs::start(folder.to_owned(), Arc::new(disk.clone()), counted()).unwrap()
    }

    fn bytes_at(folder: &Path, spot: &Spot, length: usize) -> Vec<u8> {
        let Place::Pack { name, offset } = &spot.0 else { panic!("{spot} is not in a pack") };
        let start = usize::try_from(*offset).unwrap();
        std::fs::read(folder.join(name)).unwrap()[start..start + length].to_vec()
    }

    #[tokio::test]
    async fn many_waiting_writers_share_one_flush() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), TrialDisk::default());
        let packs = Arc::new(packs(folder.path(), &disk));
        disk.hold(true);
        let writer = |number: u8| {
            let packs = Arc::clone(&packs);
            tokio::spawn(async move { (number, packs.append(vec![number; 1_000]).await) })
        };
        let mut writers = vec![writer(0)];
        while disk.flushes() == 0 {
            tokio::task::yield_now().await;
        }
        // While the first flush is held up, the others queue.
        writers.extend((1..=60).map(writer));
        while packs.sender.capacity() > QUEUE - 60 {
            tokio::task::yield_now().await;
        }
        disk.hold(false);
        for writer in writers {
            let (number, spot) = writer.await.unwrap();
            assert_eq!(bytes_at(folder.path(), &spot.unwrap(), 1_000), vec![number; 1_000]);
        }
        assert_eq!(disk.flushes(), 2);
    }

    #[tokio::test]
    async fn a_full_disk_fails_everyone_in_the_batch_and_nobody_after_it() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), TrialDisk::default());
        let packs = packs(folder.path(), &disk);
        let before = packs.append(vec![1; 1_000]).await.unwrap();
        disk.limit(300);
        let full = packs.append(vec![2; 1_000]).await.unwrap_err();
        assert!(matches!(full, Fault::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull));
        disk.clear();
        // What the full disk took is cut away, and the pack goes on.
        let after = packs.append(vec![3; 500]).await.unwrap();
        assert_eq!(bytes_at(folder.path(), &before, 1_000), [1; 1_000]);
        assert_eq!(bytes_at(folder.path(), &after, 500), [3; 500]);
        assert!(after.to_string().ends_with("/1000"), "{after}");
    }

    #[tokio::test]
    async fn a_pack_whose_flush_failed_is_left() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), TrialDisk::default());
        let packs = packs(folder.path(), &disk);
        let before = packs.append(vec![1; 10]).await.unwrap();
        disk.refuse_flushes(true);
        assert!(packs.append(vec![2; 10]).await.is_err());
        disk.refuse_flushes(false);
        let after = packs.append(vec![3; 10]).await.unwrap();
        assert!(after.to_string().ends_with("/0"), "{after}");
        assert_ne!(before.to_string().split('/').nth(1), after.to_string().split('/').nth(1));
        assert_eq!(bytes_at(folder.path(), &before, 10), [1; 10]);
    }

    #[tokio::test]
    async fn a_piece_that_nobody_waits_for_is_left_out() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), TrialDisk::default());
        let packs = Arc::new(packs(folder.path(), &disk));
        disk.hold(true);
        let append = |number: u8| {
            let packs = Arc::clone(&packs);
            tokio::spawn(async move { packs.append(vec![number; 10]).await })
        };
        let first = append(1);
        while disk.flushes() == 0 {
            tokio::task::yield_now().await;
        }
        let (given_up, last) = (append(2), append(3));
        while packs.sender.capacity() > QUEUE - 2 {
            tokio::task::yield_now().await;
        }
        given_up.abort();
        assert!(given_up.await.unwrap_err().is_cancelled());
        disk.hold(false);
        first.await.unwrap().unwrap();
        assert!(last.await.unwrap().unwrap().to_string().ends_with("/10"));
    }
}
