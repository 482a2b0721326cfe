//! Growing the tree. Only its right edge is ever touched: the partial tile of each level.

use crate::hash::node_hash;
use crate::tile::{self, MAX_LEVELS, TILE_HEIGHT, TILE_WIDTH, TileSource, level_tiles};
use crate::{Fault, HASH_BYTES, Hash, empty_root};

const TILE_BYTES: usize = TILE_WIDTH as usize * HASH_BYTES;

/// A tile row to insert or to replace: these are all the bytes of the tile now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileWrite {
    /// Level, counted from the leaves.
    pub level: u8,
    /// Index in the level.
    pub index: u64,
    /// Its 1 to 256 hashes, 32 bytes each.
    pub hashes: Vec<u8>,
}

/// What an append amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grown {
    /// Leaves in the tree now.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// Every tile that is new or longer, each once.
    pub tiles: Vec<TileWrite>,
}

/// Appends to a tree of `size` leaves whose right edge `edge` can read. Pure: the caller writes what comes
/// back.
pub fn append(size: u64, edge: &dyn TileSource, new_leaves: &[Hash]) -> Result<Grown, Fault> {
    Ok(Edge::load(size, edge)?.append(new_leaves))
}

/// The right edge of a tree in memory, for one writer that appends often. A writer whose transaction may fail
/// appends to a clone, and keeps the clone once the transaction has committed.
#[derive(Debug, Clone)]
pub struct Edge {
    size: u64,
    /// One for every level, from the leaves up; levels without hashes are there and empty.
    levels: Vec<Level>,
}

/// The partial tile of one level, and the roots of the perfect subtrees in it, so that neither an append nor
/// a root hashes the tile again.
#[derive(Debug, Clone, Default)]
struct Level {
    hashes: Vec<u8>,
    /// `peaks[b]` is meaningful while bit `b` of the width is set.
    peaks: [Hash; TILE_HEIGHT as usize],
}

impl Edge {
    /// The edge of a tree without leaves.
    pub fn empty() -> Self {
        Self { size: 0, levels: vec![Level::default(); usize::from(MAX_LEVELS)] }
    }

    /// Reads the edge of a tree of `size` leaves: at most one partial tile a level.
    pub fn load(size: u64, source: &dyn TileSource) -> Result<Self, Fault> {
        let mut edge = Self { size, ..Self::empty() };
        for (number, level) in (0..).zip(&mut edge.levels) {
            let tiles = level_tiles(size, number);
            if tiles.partial > 0 {
                let bytes = tile::read(source, number, tiles.full, tiles.partial)?;
                for hash in tile::hashes(&bytes) {
                    let carried = level.push(hash);
                    // INVARIANT: a partial tile is never full.
                    debug_assert!(carried.is_none(), "a partial tile filled up");
                }
            }
        }
        Ok(edge)
    }

    /// Leaves in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        // From the smallest perfect subtree to the largest: each is the left neighbour of all before it.
        let peaks = self.levels.iter().flat_map(Level::peaks);
        peaks.copied().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }

    /// Appends leaves, and says what to write. Without leaves there is nothing to write.
    pub fn append(&mut self, new_leaves: &[Hash]) -> Grown {
        let mut tiles = Vec::new();
        let mut arrivals = Vec::new();
        for number in 0..MAX_LEVELS {
            let incoming = match number {
                0 => new_leaves,
                _ => arrivals.as_slice(),
            };
            if incoming.is_empty() {
                break;
            }
            let first_index = level_tiles(self.size, number).full;
            arrivals = self.levels[usize::from(number)].extend(number, first_index, incoming, &mut tiles);
        }
        self.size += new_leaves.len() as u64;
        Grown { size: self.size, root: self.root(), tiles }
    }
}

impl Default for Edge {
    fn default() -> Self {
        Self::empty()
    }
}

impl Level {
    /// Adds hashes to the level; answers the roots of tiles that became full, which are the hashes of the
    /// next level.
    fn extend(
        &mut self,
        level: u8,
        first_index: u64,
        incoming: &[Hash],
        tiles: &mut Vec<TileWrite>,
    ) -> Vec<Hash> {
        let mut index = first_index;
        let mut arrivals = Vec::new();
        for hash in incoming {
            if let Some(full) = self.push(hash) {
                arrivals.push(full);
                tiles.push(TileWrite { level, index, hashes: std::mem::take(&mut self.hashes) });
                index += 1;
            }
        }
        if !self.hashes.is_empty() {
            tiles.push(TileWrite { level, index, hashes: self.hashes.clone() });
        }
        arrivals
    }

    /// Adds one hash. When it fills the tile, answers the tile's root; the caller takes the tile.
    fn push(&mut self, hash: &Hash) -> Option<Hash> {
        if self.hashes.capacity() == 0 {
            self.hashes.reserve_exact(TILE_BYTES);
        }
        let width = self.hashes.len() / HASH_BYTES;
        self.hashes.extend_from_slice(hash);
        // Like adding one to a binary number: every set bit below the first clear one is a left neighbour.
        let settles_at = width.trailing_ones() as usize;
        let carried = self.peaks[..settles_at].iter().fold(*hash, |right, left| node_hash(left, &right));
        match self.peaks.get_mut(settles_at) {
            Some(peak) => {
                *peak = carried;
                None
            }
            None => Some(carried),
        }
    }

    fn peaks(&self) -> impl Iterator<Item = &Hash> {
        let width = self.hashes.len() / HASH_BYTES;
        self.peaks.iter().enumerate().filter(move |(bit, _)| width >> bit & 1 == 1).map(|(_, peak)| peak)
    }
}
