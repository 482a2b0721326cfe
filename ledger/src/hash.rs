//! RFC 6962 hashing.

use aws_lc_rs::digest::{SHA256, digest};

/// Length of every hash in the tree.
pub const HASH_BYTES: usize = 32;

/// A SHA-256 hash: of a leaf, a node or a root.
pub type Hash = [u8; HASH_BYTES];

const LEAF: u8 = 0;
const NODE: u8 = 1;

/// The hash of an entry, as level 0 holds it. The prefix keeps leaves and nodes apart, so neither can pose as
/// the other.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut bytes = Vec::with_capacity(1 + entry.len());
    bytes.push(LEAF);
    bytes.extend_from_slice(entry);
    sha256(&bytes)
}

/// The root of a tree without leaves.
pub fn empty_root() -> Hash {
    sha256(&[])
}

pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [NODE; 1 + 2 * HASH_BYTES];
    bytes[1..=HASH_BYTES].copy_from_slice(left);
    bytes[1 + HASH_BYTES..].copy_from_slice(right);
    sha256(&bytes)
}

pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    let mut hash = [0; HASH_BYTES];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}
