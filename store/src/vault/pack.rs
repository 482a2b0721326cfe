//! Packs: many small blobs in one file, many waiting writers on one flush.
//!
//! One thread appends. While it flushes, the next writers queue up, and all of them share the next flush. A process
//! only ever appends to packs that it made itself, so a tail torn by a crash is never written after, and never read:
//! no row names it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use seal::Random;
use tokio::sync::{mpsc, oneshot};

use super::disk::{Disk, DiskFile};
use super::location::{Location, Spot};
use crate::{Fault, Result};

/// A pack that has grown beyond this is left for a new one.
const PACK_BYTES: u64 = 256 * 1024 * 1024;
/// Blobs in one flush.
const MOST_BLOBS: usize = 256;
/// Bytes in one flush.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Writers that may queue; with small blobs of a mebibyte this bounds memory to 64 MiB.
const QUEUE: usize = 64;
/// Names that are drawn before something else must be wrong.
const MOST_DRAWS: usize = 8;

/// The way to the thread that appends.
pub(super) struct Packs {
    sender: mpsc::Sender<Waiting>,
}

/// A sealed blob whose writer waits for its place.
struct Waiting {
    sealed: Vec<u8>,
    answer: oneshot::Sender<io::Result<Location>>,
}

impl Packs {
    /// Starts the thread. Packs lie in `folder`, which is there; none is made before the first blob.
    pub(super) fn start(folder: PathBuf, disk: Arc<dyn Disk>, random: Arc<dyn Random>) -> Result<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let appender = Appender { folder, disk, random, open: None };
        std::thread::Builder::new()
            .name("vault-pack".to_owned())
            .spawn(move || appender.run(receiver))
            .map_err(Fault::io("starting the vault's thread"))?;
        Ok(Self { sender })
    }

    /// Appends a sealed blob; durable when it answers.
    pub(super) async fn append(&self, sealed: Vec<u8>) -> Result<Location> {
        const STOPPED: Fault = Fault::Stopped { what: "the vault's thread" };
        let (answer, place) = oneshot::channel();
        self.sender.send(Waiting { sealed, answer }).await.map_err(|_| STOPPED)?;
        let place = place.await.map_err(|_| STOPPED)?;
        Ok(place.map_err(Fault::io("appending to a pack"))?)
    }
}

struct Appender {
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    random: Arc<dyn Random>,
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
            let mut bytes = first.sealed.len();
            let mut batch = vec![first];
            while batch.len() < MOST_BLOBS && bytes < MOST_BYTES {
                let Ok(next) = receiver.try_recv() else { break };
                bytes += next.sealed.len();
                batch.push(next);
            }
            // Nobody waits for a blob whose upload was broken off meanwhile.
            batch.retain(|waiting| !waiting.answer.is_closed());
            self.serve(batch);
        }
    }

    /// Appends a batch with one flush and answers everyone in it.
    fn serve(&mut self, batch: Vec<Waiting>) {
        let written = self.write(&batch);
        for (place, waiting) in batch.into_iter().enumerate() {
            let answer = match &written {
                Ok(locations) => Ok(locations[place].clone()),
                Err(error) => Err(again(error)),
            };
            if waiting.answer.send(answer).is_err() {
                tracing::debug!("a blob was written that nobody waited for");
            }
        }
    }

    fn write(&mut self, batch: &[Waiting]) -> io::Result<Vec<Location>> {
        let mut pack = match self.open.take() {
            Some(pack) if pack.length < PACK_BYTES => pack,
            _ => self.begin()?,
        };
        let mut length = pack.length;
        let mut locations = Vec::with_capacity(batch.len());
        let mut appended = Ok(());
        for waiting in batch {
            appended = pack.file.append(&waiting.sealed);
            if appended.is_err() {
                break;
            }
            locations.push(Location(Spot::Pack { name: pack.name.clone(), offset: length }));
            length += waiting.sealed.len() as u64;
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
        Ok(locations)
    }

    fn begin(&self) -> io::Result<Pack> {
        for _ in 0..MOST_DRAWS {
            let chance: [u8; 16] = seal::random::bytes(&*self.random).map_err(io::Error::other)?;
            let name = seal::hex(&chance);
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
