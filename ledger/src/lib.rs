//! An append-only tree with proofs and signed checkpoints: RFC 6962 hashing in the C2SP tlog-tiles layout.
//!
//! Whoever keeps a checkpoint can later prove that nothing it covers was changed or taken away, without
//! trusting us. This crate computes: it says which tile rows to write after an append, makes and checks
//! proofs, speaks the text forms of tiles, notes, checkpoints and proof files, and has the one spelling of JSON that is
//! hashed or signed. Deliberately absent:
//! storage (a [`TileSource`] brings tiles), signing keys (a [`NoteSigner`] signs), clocks, and any meaning of
//! an entry.

mod canonical;
mod fault;
mod hash;
pub mod note;
pub mod proof;
pub mod proof_file;
pub mod tile;
pub mod tree;
pub mod witness;

pub use canonical::canonical;
pub use fault::{Fault, Refusal};
pub use hash::{HASH_BYTES, Hash, empty_root, leaf_hash};
pub use note::{
    Checkpoint, Cosignature, Kind, NoteSigner, SignerKey, VerifierKey, cosign, cosignatures, open, sign,
};
pub use proof::{verify_consistency, verify_inclusion};
pub use proof_file::{ProofFile, parse_proof_file, proof_file};
pub use tile::{LevelTiles, TileName, TileSource, tiles_of};
pub use tree::{Edge, Grown, TileWrite, append, consistency_proof, inclusion_proof, root};
pub use witness::{AddCheckpoint, Unwitnessed};
