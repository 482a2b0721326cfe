//! Where an archive's bytes wait until somebody sends them on.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A queue of bytes with two ends: the archive writes into one, the caller takes from the other. It holds what one
/// push makes, so memory stays as flat as the caller's pieces are small.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbox(Arc<Mutex<Vec<u8>>>);

impl Outbox {
    /// Everything that waits.
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Outbox {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
