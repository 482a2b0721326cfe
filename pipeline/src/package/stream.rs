//! The bytes of a package, made as they are asked for: one task opens and unseals a little ahead, the caller's own
//! digests and frames.

use std::sync::Arc;

use bytes::Bytes;
use domain::Delivery;
use formats::package::{self, Envelope, Plan, Writer};
use policy::OpenFile;
use seal::Sealing;
use spool::Spooled;
use store::{BlobRef, House, Unlocked};
use tokio::sync::mpsc;

use super::{Fault, Gathered};

/// Pieces are gathered to about this size before they are handed on.
const PIECE_BYTES: usize = 256 * 1024;
/// How many pieces, of at most 1 MiB, are read ahead. With it, memory is bounded whatever the size of the package.
const PIECES_AHEAD: usize = 4;

/// Files whose keys are looked for together, and how many bytes they may have.
const FILES_TOGETHER: usize = 64;
const BYTES_TOGETHER: u64 = 4 << 20;

/// A piece of the file that is read now, or its end.
type Read = Result<Option<Bytes>, store::Error>;
type Reads = mpsc::Receiver<Read>;

/// A package or a document on its way. Ask for pieces until there are none; drop it to stop.
pub struct Download {
    delivery: Delivery,
    name: String,
    content_type: &'static str,
    is_sealed: bool,
    /// What was written before, and how far it was sent. It goes first.
    written: Arc<Spooled>,
    sent_bytes: u64,
    state: State,
    ready: Vec<u8>,
    /// What seals everything on its way, when it is sealed.
    sealing: Option<Sealing>,
}

enum State {
    /// Between two files.
    Between(Writer, Reads),
    /// Within a file.
    Within(Writer, Reads),
    /// The archive has its end.
    Ended,
    /// It will never have one.
    Broken,
}

/// Starts the archive, and the task that reads ahead. `written` is what the plan wrote of it.
pub(super) fn package(
    house: &House,
    gathered: Gathered,
    (plan, written): (Plan, Spooled),
    envelope: Option<Envelope>,
) -> Result<Download, Fault> {
    let Gathered { delivery, open: files, .. } = gathered;
    if !plan.files().eq(files.iter().map(|(open, _)| open.file())) {
        return Err(Fault::OtherFiles);
    }
    let is_sealed = envelope.is_some();
    let (name, content_type) = match is_sealed {
        true => (plan.sealed_name(), "application/octet-stream"),
        false => (plan.name(), "application/zip"),
    };
    let (ready, sealing) = envelope.map_or_else(Default::default, |one| (one.head, Some(one.sealing)));
    let (to, reads) = mpsc::channel(PIECES_AHEAD);
    // Ends by itself: with the last file, the first fault, or when nobody listens any more.
    tokio::spawn(read(house.clone(), files, to));
    let state = State::Between(plan.begin(), reads);
    Ok(Download { state, ready, sealing, is_sealed, ..document(delivery, name, content_type, written) })
}

/// Sends one document that was written.
pub(super) fn document(
    delivery: Delivery,
    name: String,
    content_type: &'static str,
    written: Spooled,
) -> Download {
    Download {
        delivery,
        name,
        content_type,
        is_sealed: false,
        written: Arc::new(written),
        sent_bytes: 0,
        state: State::Ended,
        ready: Vec::new(),
        sealing: None,
    }
}

impl Download {
    /// The making-available under which it leaves.
    #[must_use]
    pub const fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Media type of the bytes.
    #[must_use]
    pub const fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// Whether only the agency's own keys open it.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.is_sealed
    }

    /// The file name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next piece; `None` after the last. After a fault every call fails, and what was sent is no archive.
    ///
    /// # Errors
    /// When a file cannot be read or is not what was received. The connection must then be broken off, so that the
    /// receiver sees it.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        while self.ready.len() < PIECE_BYTES && !self.is_through() {
            let state = std::mem::replace(&mut self.state, State::Broken);
            self.state = self.step(state).await.inspect_err(|_| self.ready.clear())?;
        }
        let ready = std::mem::take(&mut self.ready);
        Ok((!ready.is_empty()).then(|| ready.into()))
    }

    fn is_through(&self) -> bool {
        matches!(self.state, State::Ended) && self.sent_bytes == self.written.size_bytes()
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        match &mut self.sealing {
            Some(sealing) => sealing.push(bytes, &mut self.ready).map_err(package::Fault::from)?,
            None => self.ready.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        if let Some(sealing) = self.sealing.take() {
            sealing.finish(&mut self.ready).map_err(package::Fault::from)?;
        }
        Ok(())
    }

    async fn step(&mut self, state: State) -> Result<State, Fault> {
        match state {
            State::Broken => Err(Fault::Broken),
            state if self.sent_bytes < self.written.size_bytes() => {
                self.send_written().await?;
                Ok(state)
            }
            State::Between(mut writer, reads) => {
                if writer.next_file()?.is_none() {
                    self.put(&writer.finish()?)?;
                    self.end()?;
                    return Ok(State::Ended);
                }
                Ok(State::Within(writer, reads))
            }
            State::Within(mut writer, mut reads) => {
                let Some(piece) = reads.recv().await.ok_or(Fault::Broken)?? else {
                    return Ok(State::Between(writer, reads));
                };
                writer.push(&piece)?;
                self.put(&writer.take())?;
                Ok(State::Within(writer, reads))
            }
            State::Ended => Ok(State::Ended),
        }
    }

    /// The next share of what was written. It may lie on a disk, for which no task is held up.
    async fn send_written(&mut self) -> Result<(), Fault> {
        let (written, at) = (Arc::clone(&self.written), self.sent_bytes);
        let share = tokio::task::spawn_blocking(move || written.share(at, PIECE_BYTES as u64));
        let share = share.await.map_err(|_| Fault::Broken)??;
        self.sent_bytes += share.len() as u64;
        self.put(&share)
    }
}

/// Opens one file after the other and sends its pieces on. The keys of small files are looked for together.
async fn read(house: House, files: Vec<(OpenFile, BlobRef)>, to: mpsc::Sender<Read>) {
    let mut rest = files.as_slice();
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(together(rest));
        rest = after;
        let unlocked = match house.vault().unlock(batch).await {
            Ok(unlocked) => unlocked,
            Err(fault) => return drop(to.send(Err(fault)).await),
        };
        for file in &unlocked {
            let Some(()) = read_one(file, &to).await else { return };
        }
    }
}

/// How many of the next files are unlocked with one look: what is destroyed later than that look is still read, so there
/// must be little between it and the last of them.
fn together(files: &[(OpenFile, BlobRef)]) -> usize {
    let mut bytes = 0;
    let fits = files.iter().take(FILES_TOGETHER).take_while(|(_, blob)| {
        bytes += blob.size_bytes;
        bytes <= BYTES_TOGETHER
    });
    fits.count().max(1)
}

/// `None` when there is nothing more to do: the receiver is gone, or was told of a fault.
async fn read_one(file: &Unlocked, to: &mpsc::Sender<Read>) -> Option<()> {
    let mut reader = match file.open().await {
        Ok(reader) => reader,
        Err(fault) => return to.send(Err(fault)).await.ok().and(None),
    };
    loop {
        let read = reader.read_next().await;
        let is_last = !matches!(read, Ok(Some(_)));
        let failed = read.is_err();
        to.send(read).await.ok()?;
        if is_last {
            return (!failed).then_some(());
        }
    }
}
