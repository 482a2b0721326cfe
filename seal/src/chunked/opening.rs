//! Opening, chunk by chunk, for callers that fetch the sealed bytes by themselves.

use std::fmt;

use super::layout::{HEADER_BYTES, SALT_BYTES, SEALED_CHUNK_BYTES, Span, last_span, plain_len};
use super::schedule::Schedule;
use crate::{DataKey, Fault, same};

/// A file whose header has been checked: right key, right context.
pub struct Opening {
    schedule: Schedule,
}

impl Opening {
    /// Checks the commitment; refuses a file of another key or context before anything is decrypted.
    pub fn new(key: &DataKey, context: &[u8], header: &[u8; HEADER_BYTES]) -> Result<Self, Fault> {
        const MALFORMED: Fault = Fault::Malformed { what: "sealed header" };
        let (salt, commitment) = header.split_first_chunk::<SALT_BYTES>().ok_or(MALFORMED)?;
        let schedule = Schedule::derive(key, context, salt)?;
        if !same(&schedule.commitment, commitment) {
            return Err(Fault::NotAuthentic { what: "sealed header" });
        }
        Ok(Self { schedule })
    }

    /// Checks the last chunk, and answers the length of the plaintext, which nobody may trust before.
    /// `sealed` are the bytes of [`last_span`] of the same length.
    pub fn check_length(&self, sealed_bytes: u64, sealed: &mut [u8]) -> Result<u64, Fault> {
        let span = last_span(sealed_bytes)?;
        self.open_in_place(span.first_chunk, sealed, true)?;
        plain_len(sealed_bytes)
    }

    /// Appends the plaintext of one chunk to `out`. Nothing is appended unless the chunk verifies.
    pub fn open_chunk(
        &self,
        index: u64,
        sealed: &[u8],
        is_last: bool,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let before = out.len();
        out.extend_from_slice(sealed);
        let opened = self.schedule.open(index, &mut out[before..], is_last).map(<[u8]>::len);
        // The tag's place, or on failure all of it.
        out.truncate(before + opened.as_ref().copied().unwrap_or(0));
        opened.map(|_| ())
    }

    /// Opens one chunk where it lies, without a copy. When this fails, `sealed` holds nothing that may be
    /// used.
    pub fn open_in_place<'a>(
        &self,
        index: u64,
        sealed: &'a mut [u8],
        is_last: bool,
    ) -> Result<&'a [u8], Fault> {
        self.schedule.open(index, sealed, is_last)
    }

    /// Appends exactly the wanted plaintext of a span to `out`. `sealed` are the bytes of the span, and are
    /// opened where they lie. On failure `out` is left as it was.
    pub fn open_span(&self, span: &Span, sealed: &mut [u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        let before = out.len();
        let opened = self.each_chunk(span, sealed, |plain| {
            out.extend_from_slice(plain);
            Ok(())
        });
        if opened.is_err() {
            out.truncate(before);
        }
        opened
    }

    /// Hands the wanted plaintext of a span to `take`, piece by piece, each as soon as its chunk verifies.
    pub(super) fn each_chunk(
        &self,
        span: &Span,
        sealed: &mut [u8],
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        const MALFORMED: Fault = Fault::Malformed { what: "sealed span" };
        let mut wanted = to_usize(span.wanted.start)?..to_usize(span.wanted.end)?;
        if sealed.len() as u64 != span.sealed.end - span.sealed.start {
            return Err(MALFORMED);
        }
        let chunks = sealed.len().div_ceil(SEALED_CHUNK_BYTES);
        let numbered = (span.first_chunk..).zip(sealed.chunks_mut(SEALED_CHUNK_BYTES));
        for (at, (index, chunk)) in numbered.enumerate() {
            let is_last = span.has_last && at + 1 == chunks;
            let plain = self.schedule.open(index, chunk, is_last)?;
            let end = wanted.end.min(plain.len());
            take(plain.get(wanted.start..end).ok_or(MALFORMED)?)?;
            wanted = 0..wanted.end - end;
        }
        Ok(())
    }
}

fn to_usize(number: u64) -> Result<usize, Fault> {
    usize::try_from(number).map_err(|_| Fault::TooLong)
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening[key]")
    }
}
