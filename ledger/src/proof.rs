//! Checking proofs, with nothing but the proof and roots that a signed checkpoint vouches for.

use crate::hash::node_hash;
use crate::{Hash, Refusal, empty_root};

/// More hashes than any proof about fewer than 2^64 leaves has; parsers stop there.
pub(crate) const MAX_PROOF_HASHES: usize = 65;

/// Checks that `leaf`, a [`crate::leaf_hash`], is leaf `index` of the tree with `size` leaves and this root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), Refusal> {
    if index >= size {
        return Err(Refusal::Malformed { what: "leaf index" });
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(Refusal::WrongProof);
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            // A node without a right neighbour rises until it is one itself.
            let rises = at.trailing_zeros();
            (at, last) = (at >> rises, last >> rises);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    settle(last == 0 && hash == *root)
}

/// Checks that the tree of `old` leaves with `old_root` is the beginning of the tree of `new` leaves with
/// `new_root`.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), Refusal> {
    if old > new {
        return Err(Refusal::Malformed { what: "tree size" });
    }
    if old == 0 {
        return settle(proof.is_empty() && *old_root == empty_root() && (new > 0 || old_root == new_root));
    }
    if old == new {
        return settle(proof.is_empty() && old_root == new_root);
    }
    // The proof starts with the old tree's last perfect subtree, left out when that is the whole old tree.
    let (first, rest) = match old.is_power_of_two() {
        true => (old_root, proof),
        false => proof.split_first().ok_or(Refusal::WrongProof)?,
    };
    let rises = (old - 1).trailing_ones();
    let (mut at, mut last) = ((old - 1) >> rises, (new - 1) >> rises);
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(Refusal::WrongProof);
        }
        if at % 2 == 1 || at == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            let rises = at.trailing_zeros();
            (at, last) = (at >> rises, last >> rises);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    settle(last == 0 && old_hash == *old_root && new_hash == *new_root)
}

fn settle(holds: bool) -> Result<(), Refusal> {
    match holds {
        true => Ok(()),
        false => Err(Refusal::WrongProof),
    }
}
