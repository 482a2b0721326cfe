//! Roots and proofs of any earlier size, from stored tiles.

use crate::hash::node_hash;
use crate::tile::{self, MAX_LEVELS, TILE_HEIGHT, TILE_WIDTH, TileSource, level_tiles};
use crate::{Fault, HASH_BYTES, Hash, empty_root};

/// The root of the first `size` leaves.
pub fn root(size: u64, source: &dyn TileSource) -> Result<Hash, Fault> {
    match size {
        0 => Ok(empty_root()),
        _ => Reader::new(size, source).range_root(0, size),
    }
}

/// The proof that leaf `index` is in the tree of `size` leaves: siblings from the leaf up.
pub fn inclusion_proof(index: u64, size: u64, source: &dyn TileSource) -> Result<Vec<Hash>, Fault> {
    if index >= size {
        return Err(Fault::OutOfTree { asked: index, size });
    }
    let mut reader = Reader::new(size, source);
    let (mut low, mut high) = (0, size);
    let mut proof = Vec::new();
    // From the root down; the proof reads the other way.
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(reader.range_root(middle, high)?);
            high = middle;
        } else {
            proof.push(reader.range_root(low, middle)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves. Empty when they are
/// the same tree, and from the empty tree, which begins every tree.
pub fn consistency_proof(old: u64, new: u64, source: &dyn TileSource) -> Result<Vec<Hash>, Fault> {
    if old > new {
        return Err(Fault::OutOfTree { asked: old, size: new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut reader = Reader::new(new, source);
    let (mut low, mut high) = (0, new);
    let mut proof = Vec::new();
    // Down to the subtree that ends where the old tree ended.
    while high > old {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(reader.range_root(middle, high)?);
            high = middle;
        } else {
            proof.push(reader.range_root(low, middle)?);
            low = middle;
        }
    }
    // The verifier knows that subtree already when it is the whole old tree.
    if low > 0 {
        proof.push(reader.range_root(low, high)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two below `count`, which is at least two: where RFC 6962 splits a tree.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Reads nodes of one tree. It keeps the tiles it read, at most two a level for any one proof.
struct Reader<'a> {
    size: u64,
    source: &'a dyn TileSource,
    read: Vec<((u8, u64), Vec<u8>)>,
}

impl<'a> Reader<'a> {
    fn new(size: u64, source: &'a dyn TileSource) -> Self {
        Self { size, source, read: Vec::new() }
    }

    /// The root of leaves `low .. high`, a range that RFC 6962 splitting reaches, so `low` is a multiple of
    /// every power of two that fits in it.
    fn range_root(&mut self, low: u64, high: u64) -> Result<Hash, Fault> {
        let mut peaks = Vec::with_capacity(64);
        let mut at = low;
        while at < high {
            let height = (high - at).ilog2();
            peaks.push(self.perfect_root(height, at >> height)?);
            at += 1 << height;
        }
        let folded = peaks.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
        Ok(folded.unwrap_or_else(empty_root))
    }

    /// The root of the `index`-th subtree of 2^`height` leaves.
    fn perfect_root(&mut self, height: u32, index: u64) -> Result<Hash, Fault> {
        // Level 8 and up would need more than 2^64 leaves.
        let level = (height / TILE_HEIGHT) as u8;
        debug_assert!(level < MAX_LEVELS);
        let inner = height % TILE_HEIGHT;
        let first = index << inner;
        let start = (first % u64::from(TILE_WIDTH)) as usize;
        let tile = self.tile(level, first / u64::from(TILE_WIDTH))?;
        let bytes = &tile[start * HASH_BYTES..][..HASH_BYTES << inner];
        Ok(fold(tile::hashes(bytes)))
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<&[u8], Fault> {
        let known = self.read.iter().position(|(name, _)| *name == (level, index));
        let at = match known {
            Some(at) => at,
            None => {
                let tiles = level_tiles(self.size, level);
                let width = if index < tiles.full { TILE_WIDTH } else { tiles.partial };
                let bytes = tile::read(self.source, level, index, width)?;
                self.read.push(((level, index), bytes));
                self.read.len() - 1
            }
        };
        Ok(&self.read[at].1)
    }
}

/// The root of a power of two of hashes.
fn fold(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [hash] => *hash,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&fold(left), &fold(right))
        }
    }
}
