//! C2SP chunked encryption, profile Cobblestone-256: the one format of every sealed blob and package.
//!
//! A file is `salt (24) | commitment (32) | chunk 0 | chunk 1 | ... | last chunk`. A chunk is 16,384 bytes of
//! plaintext under AES-256-GCM; the last one is shorter and always there, so a cut at a chunk's border shows.
//! Key, nonces and commitment are derived from data key, salt and context; the context is the immutable
//! identity of the blob, so one file put in another's place does not open. Any range opens without the rest.
//!
//! [`Sealing`] and [`Opening`] do no input or output, for callers that wait; [`Opener`] reads a file or a
//! slice.

mod layout;
mod opener;
mod opening;
mod schedule;
mod sealing;

pub use layout::{
    CHUNK_BYTES, HEADER_BYTES, SALT_BYTES, SEALED_CHUNK_BYTES, Span, chunk_span, last_span, plain_len,
    sealed_len,
};
pub use opener::{Opener, ReadAt};
pub use opening::Opening;
pub use sealing::Sealing;

#[cfg(test)]
mod tests;
