//! Opening a file or a slice: whole, or any range of it.

use std::fs::File;
use std::io::{self, Write};

use zeroize::{Zeroize, Zeroizing};

use super::layout::{CHUNK_BYTES, HEADER_BYTES, SEALED_CHUNK_BYTES, Span, chunk_span, last_span};
use super::opening::Opening;
use crate::{DataKey, Fault};

/// Chunks read at once: a quarter mebibyte, large enough that reading costs little beside opening.
const BATCH_CHUNKS: u64 = 16;
const BATCH_BYTES: u64 = BATCH_CHUNKS * CHUNK_BYTES as u64;

/// Bytes that can be read from any place without moving a cursor.
pub trait ReadAt {
    /// How many bytes there are.
    fn len(&self) -> io::Result<u64>;
    /// Fills `out` from `offset`, or fails.
    fn read_exact_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    /// Whether there are none.
    fn is_empty(&self) -> io::Result<bool> {
        self.len().map(|length| length == 0)
    }
}

impl ReadAt for File {
    fn len(&self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }

    fn read_exact_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self, out, offset)
    }
}

impl ReadAt for [u8] {
    fn len(&self) -> io::Result<u64> {
        Ok(<[u8]>::len(self) as u64)
    }

    fn read_exact_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).ok();
        let found = start.and_then(|start| self.get(start..)?.get(..out.len()));
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn len(&self) -> io::Result<u64> {
        T::len(self)
    }

    fn read_exact_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        T::read_exact_at(self, offset, out)
    }
}

/// A sealed file that has shown the right key, context and length.
#[derive(Debug)]
pub struct Opener<R> {
    source: R,
    opening: Opening,
    sealed_bytes: u64,
    plain_bytes: u64,
}

impl<R: ReadAt> Opener<R> {
    /// Checks header and last chunk; refuses a file of another key or context, and one that was cut.
    pub fn new(key: &DataKey, context: &[u8], source: R) -> Result<Self, Fault> {
        let sealed_bytes = source.len()?;
        // Before the header, so that a short file is malformed and not an early end.
        let last = last_span(sealed_bytes)?;
        let mut header = [0; HEADER_BYTES];
        source.read_exact_at(0, &mut header)?;
        let opening = Opening::new(key, context, &header)?;
        let mut scratch = [0; SEALED_CHUNK_BYTES];
        let plain_bytes = opening.check_length(sealed_bytes, read(&source, &last, &mut scratch)?)?;
        scratch.zeroize();
        Ok(Self { source, opening, sealed_bytes, plain_bytes })
    }

    /// What it reads from.
    pub const fn source(&self) -> &R {
        &self.source
    }

    /// Length of the plaintext, which has verified.
    pub fn plain_len(&self) -> u64 {
        self.plain_bytes
    }

    /// Appends `length` bytes of plaintext from `offset` to `out`; on failure `out` is left as it was.
    pub fn read_range(&self, offset: u64, length: u64, out: &mut Vec<u8>) -> Result<(), Fault> {
        let before = out.len();
        // Checked before anything is reserved: the numbers may be a stranger's.
        chunk_span(offset, length, self.sealed_bytes)?;
        out.reserve(usize::try_from(length).map_err(|_| Fault::TooLong)?);
        let opened = self.each_piece(offset, length, |plain| {
            out.extend_from_slice(plain);
            Ok(())
        });
        if opened.is_err() {
            out.truncate(before);
        }
        opened
    }

    /// Writes the whole plaintext to `sink` in constant memory, and answers its length. What was written
    /// before a fault is true but not whole.
    pub fn copy_to(&self, sink: &mut impl Write) -> Result<u64, Fault> {
        self.each_piece(0, self.plain_bytes, |plain| Ok(sink.write_all(plain)?))?;
        Ok(self.plain_bytes)
    }

    fn each_piece(
        &self,
        mut offset: u64,
        length: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let end = offset.saturating_add(length);
        let chunks = (length / CHUNK_BYTES as u64 + 2).min(BATCH_CHUNKS);
        let mut scratch = Zeroizing::new(vec![0; chunks as usize * SEALED_CHUNK_BYTES]);
        while offset < end {
            // Up to the next multiple of the batch, so that no chunk is opened twice.
            let until = end.min((offset / BATCH_BYTES + 1) * BATCH_BYTES);
            let span = chunk_span(offset, until - offset, self.sealed_bytes)?;
            let sealed = read(&self.source, &span, &mut scratch)?;
            self.opening.each_chunk(&span, sealed, &mut take)?;
            offset = until;
        }
        Ok(())
    }
}

/// Reads the bytes of a span into the front of `scratch`.
fn read<'a>(source: &impl ReadAt, span: &Span, scratch: &'a mut [u8]) -> Result<&'a mut [u8], Fault> {
    let length = (span.sealed.end - span.sealed.start) as usize;
    // INVARIANT: callers size `scratch` for the most chunks that their spans can touch.
    let sealed = &mut scratch[..length];
    source.read_exact_at(span.sealed.start, sealed)?;
    Ok(sealed)
}
