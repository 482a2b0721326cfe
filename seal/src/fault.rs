//! What can go wrong. No variant ever carries key bytes, plaintext or a place.

use std::io;

/// Why bytes could not be sealed, opened or verified. Every one is for us to mend or to raise an alarm about.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The operating system gave no randomness. Nothing was sealed.
    #[error("the random source failed")]
    Random,
    /// The crypto module refused to work at all, which a healthy build never shows.
    #[error("the crypto module failed while {doing}")]
    Module {
        /// What we were doing.
        doing: &'static str,
    },
    /// The bytes cannot be what they claim: wrong length, version or alphabet. Nothing was decrypted.
    #[error("malformed {what}")]
    Malformed {
        /// What the bytes were said to be.
        what: &'static str,
    },
    /// The bytes were changed, moved from another place, or sealed under another key. Nothing was released.
    #[error("{what} does not verify")]
    NotAuthentic {
        /// What was checked.
        what: &'static str,
    },
    /// The caller asked for plaintext that is not there.
    #[error("bytes {offset}..{end} asked of a plaintext of {size_bytes} bytes")]
    OutOfRange {
        /// First byte asked for.
        offset: u64,
        /// One past the last byte asked for.
        end: u64,
        /// Length of the plaintext.
        size_bytes: u64,
    },
    /// More plaintext than one data key may seal.
    #[error("plaintext is longer than one key may seal")]
    TooLong,
    /// The sealed bytes could not be read, or the plaintext not written.
    #[error("input or output failed while sealing or opening")]
    Io(#[from] io::Error),
}
