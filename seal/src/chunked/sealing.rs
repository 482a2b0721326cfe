//! Sealing, as a push: plaintext in, file bytes out, nothing kept but one unfinished chunk.

use std::fmt;

use zeroize::Zeroizing;

use super::layout::{CHUNK_BYTES, HEADER_BYTES, SALT_BYTES};
use super::schedule::Schedule;
use crate::{DataKey, Fault};

/// A file being sealed. What `push` and `finish` append, in order, is the file.
pub struct Sealing {
    schedule: Schedule,
    /// Salt and commitment until they have been written.
    header: Option<[u8; HEADER_BYTES]>,
    /// Plaintext that does not fill a chunk yet; always shorter than one between calls.
    pending: Zeroizing<Vec<u8>>,
    next_chunk: u64,
}

impl Sealing {
    /// Begins a file under `key`. `context` is the immutable identity of what is sealed and must be given
    /// again to open it. `salt` is random and never used twice with one key.
    pub fn new(key: &DataKey, context: &[u8], salt: [u8; SALT_BYTES]) -> Result<Self, Fault> {
        let schedule = Schedule::derive(key, context, &salt)?;
        let header = Some(schedule.header(&salt));
        // Full size from the start: a buffer that grows leaves copies of plaintext behind.
        let pending = Zeroizing::new(Vec::with_capacity(CHUNK_BYTES));
        Ok(Self { schedule, header, pending, next_chunk: 0 })
    }

    /// Takes the next plaintext and appends every chunk that is now complete. Full chunks are sealed in `out`
    /// itself. After a fault the file is lost and must be begun anew.
    pub fn push(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        self.begin(out);
        if !self.pending.is_empty() {
            let (taken, rest) = plain.split_at(plain.len().min(CHUNK_BYTES - self.pending.len()));
            self.pending.extend_from_slice(taken);
            plain = rest;
            if self.pending.len() < CHUNK_BYTES {
                return Ok(());
            }
            self.schedule.seal(self.next_chunk, &self.pending, out)?;
            self.next_chunk += 1;
            self.pending.clear();
        }
        let (chunks, rest) = plain.as_chunks::<CHUNK_BYTES>();
        for chunk in chunks {
            self.schedule.seal(self.next_chunk, chunk, out)?;
            self.next_chunk += 1;
        }
        self.pending.extend_from_slice(rest);
        Ok(())
    }

    /// Appends the last chunk, which is there even when it is empty. A file without it does not open.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        self.begin(out);
        self.schedule.seal(self.next_chunk, &self.pending, out)
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        if let Some(header) = self.header.take() {
            out.extend_from_slice(&header);
        }
    }
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealing").field("next_chunk", &self.next_chunk).finish_non_exhaustive()
    }
}
