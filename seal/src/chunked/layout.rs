//! Where things lie in a sealed file: arithmetic only.

use std::ops::Range;

use crate::Fault;
use crate::gcm::TAG_BYTES;

/// Plaintext of every chunk but the last.
pub const CHUNK_BYTES: usize = 16_384;
/// The same chunk, sealed.
pub const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// Random bytes that begin a file.
pub const SALT_BYTES: usize = 24;
/// Hash of key and context that follows them, checked before anything is decrypted.
pub(super) const COMMITMENT_BYTES: usize = 32;
/// Salt and commitment.
pub const HEADER_BYTES: usize = SALT_BYTES + COMMITMENT_BYTES;
/// A message is shorter than 2^38 chunks: beyond that GCM's margin is gone.
pub(super) const MAX_CHUNKS: u64 = 1 << 38;

const CHUNK: u64 = CHUNK_BYTES as u64;
const SEALED_CHUNK: u64 = SEALED_CHUNK_BYTES as u64;
const HEADER: u64 = HEADER_BYTES as u64;
const TAG: u64 = TAG_BYTES as u64;

/// Length of the file that seals `plain_bytes` of plaintext; stays at the largest number for lengths that no
/// key may seal.
pub fn sealed_len(plain_bytes: u64) -> u64 {
    let full = (plain_bytes / CHUNK).saturating_mul(SEALED_CHUNK);
    full.saturating_add(HEADER + TAG + plain_bytes % CHUNK)
}

/// Length of the plaintext in a file of `sealed_bytes`; refuses a length that no file has. A length is only a
/// claim until the last chunk has verified.
pub fn plain_len(sealed_bytes: u64) -> Result<u64, Fault> {
    const MALFORMED: Fault = Fault::Malformed { what: "sealed length" };
    let body = sealed_bytes.checked_sub(HEADER).ok_or(MALFORMED)?;
    let (full, last) = (body / SEALED_CHUNK, body % SEALED_CHUNK);
    if last < TAG || full >= MAX_CHUNKS {
        return Err(MALFORMED);
    }
    Ok(full * CHUNK + last - TAG)
}

/// The sealed bytes that hold a range of plaintext, for callers that fetch by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where the sealed bytes lie in the file. Empty when no plaintext is wanted.
    pub sealed: Range<u64>,
    /// Number of the first chunk in them.
    pub first_chunk: u64,
    /// Whether they end with the last chunk of the file.
    pub has_last: bool,
    /// The wanted bytes, counted from the start of the first chunk's plaintext.
    pub(super) wanted: Range<u64>,
}

/// The span of plaintext bytes `offset .. offset + length` in a file of `sealed_bytes`; refuses a range that
/// does not lie in the plaintext. The length of the file must have been checked with the last chunk before.
pub fn chunk_span(offset: u64, length: u64, sealed_bytes: u64) -> Result<Span, Fault> {
    let size_bytes = plain_len(sealed_bytes)?;
    let end = offset.saturating_add(length);
    if end > size_bytes {
        return Err(Fault::OutOfRange { offset, end, size_bytes });
    }
    let first_chunk = offset / CHUNK;
    let start = chunk_at(first_chunk);
    if length == 0 {
        return Ok(Span { sealed: start..start, first_chunk, has_last: false, wanted: 0..0 });
    }
    let after = (end - 1) / CHUNK + 1;
    let skip = offset % CHUNK;
    Ok(Span {
        sealed: start..chunk_at(after).min(sealed_bytes),
        first_chunk,
        has_last: after > size_bytes / CHUNK,
        wanted: skip..skip + length,
    })
}

/// The span of the last chunk, which must verify before the length of a file is trusted.
pub fn last_span(sealed_bytes: u64) -> Result<Span, Fault> {
    let size_bytes = plain_len(sealed_bytes)?;
    let first_chunk = size_bytes / CHUNK;
    let sealed = chunk_at(first_chunk)..sealed_bytes;
    Ok(Span { sealed, first_chunk, has_last: true, wanted: 0..size_bytes % CHUNK })
}

/// Where chunk `index` starts in the file.
pub(super) fn chunk_at(index: u64) -> u64 {
    HEADER + index * SEALED_CHUNK
}
