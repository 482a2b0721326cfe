//! What the ledger refuses, and what breaks under it.

use std::error::Error;

/// The proof, note or name is not what it claims. An auditor may hear exactly why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The text or the numbers are not of the published form.
    #[error("malformed {what}")]
    Malformed {
        /// What the text was said to be.
        what: &'static str,
    },
    /// The proof does not lead to the root.
    #[error("the proof does not lead to the root")]
    WrongProof,
    /// A known key's signature does not verify, so nothing of the note is believed.
    #[error("the signature of {name} does not verify")]
    WrongSignature {
        /// Name of the key.
        name: String,
    },
    /// None of the signatures is by a known key that carries the name of the log.
    #[error("no known key of the log signed this note")]
    Unsigned,
}

impl Refusal {
    /// The stable name of this refusal, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "ledger-malformed",
            Self::WrongProof => "ledger-wrong-proof",
            Self::WrongSignature { .. } => "ledger-wrong-signature",
            Self::Unsigned => "ledger-unsigned",
        }
    }
}

/// The ledger could not be read or signed; ours to mend.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store of tiles failed. Made by the [`crate::TileSource`].
    #[error("tile {level}/{index} could not be read")]
    Source {
        /// Level of the tile.
        level: u8,
        /// Index of the tile in its level.
        index: u64,
        /// What the store said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A tile holds fewer hashes than the size of the tree demands: a row was lost.
    #[error("tile {level}/{index} holds {bytes} bytes, and {width} hashes were asked of it")]
    ShortTile {
        /// Level of the tile.
        level: u8,
        /// Index of the tile in its level.
        index: u64,
        /// Hashes asked for.
        width: u16,
        /// Bytes found.
        bytes: usize,
    },
    /// The caller asked about a leaf or an older tree that a tree of this size does not have.
    #[error("{asked} lies outside a tree of {size} leaves")]
    OutOfTree {
        /// The index or older size asked for.
        asked: u64,
        /// Size of the tree.
        size: u64,
    },
    /// A value with fractions or too deep nesting was to be hashed; it has no one spelling here.
    #[error("a value with fractions or deep nesting has no one spelling")]
    NoOneSpelling,
    /// The holder of the key did not sign. Made by the [`crate::NoteSigner`].
    #[error("the checkpoint could not be signed")]
    Sign(#[source] Box<dyn Error + Send + Sync>),
}
