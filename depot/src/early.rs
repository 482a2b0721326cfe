//! A large file is flushed while it still grows, by another thread: otherwise whoever sent it waits at its end for the
//! disk to take all of it at once. What is on the disk leaves the memory of the system, so that one large file takes
//! neither the cache of the database nor ever new pages.

use std::io;
use std::thread::{self, JoinHandle};

use crate::disk::DiskFile;

/// So much is added before it is flushed. Smaller would only make more work of it.
pub(crate) const EARLY_BYTES: u64 = 16 << 20;

/// What of one file is being flushed.
#[derive(Default)]
pub(crate) struct Early {
    added: u64,
    running: Option<JoinHandle<io::Result<()>>>,
}

impl Early {
    /// Tells that a file grew. One flush runs at a time: where the disk is slower than the sender, the next is larger.
    ///
    /// # Errors
    /// As the system said of the last flush: bytes that it could not write are told once only.
    pub(crate) fn grown(&mut self, file: &dyn DiskFile, bytes: usize) -> io::Result<()> {
        self.added += bytes as u64;
        if self.added < EARLY_BYTES || self.running.as_ref().is_some_and(|running| !running.is_finished()) {
            return Ok(());
        }
        self.settle()?;
        let mut file = file.twin()?;
        self.running = Some(thread::Builder::new().name("depot-flush".into()).spawn(move || {
            file.flush()?;
            file.let_go();
            Ok(())
        })?);
        self.added = 0;
        Ok(())
    }

    /// Waits for the flush that runs.
    ///
    /// # Errors
    /// As [`Early::grown`].
    pub(crate) fn settle(&mut self) -> io::Result<()> {
        let Some(running) = self.running.take() else { return Ok(()) };
        running.join().unwrap_or_else(|_| Err(io::Error::other("the thread that flushes a file has stopped")))
    }
}
