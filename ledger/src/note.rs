//! Signed notes (C2SP signed-note) and the one note we write: the checkpoint (C2SP tlog-checkpoint).
//!
//! A note is text, an empty line, and signature lines. A reader believes it when a key that he knows signed
//! it, and disbelieves all of it when a signature by a key that he knows does not verify. Strangers' keys are
//! passed over, so witnesses can be added without asking anyone.

mod checkpoint;
mod cosignature;
mod key;
mod signed;

pub use checkpoint::Checkpoint;
pub(crate) use checkpoint::parse_hash;
pub use cosignature::{Cosignature, cosign, cosignatures};
pub use key::{Kind, SignerKey, VerifierKey};
pub use signed::{NoteSigner, open, sign};

#[cfg(test)]
mod tests;
