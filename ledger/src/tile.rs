//! Tiles: how the tree is cut for storage and serving (C2SP tlog-tiles).
//!
//! A tile is up to 256 hashes of one level. Level 0 holds leaf hashes; a hash of any other level is the root
//! of a full tile of the level below. Only the newest tile of a level is partial, and it only ever grows at
//! its end.

use std::fmt;
use std::str::FromStr;

use crate::{Fault, HASH_BYTES, Hash, Refusal};

/// Hashes of a full tile.
pub const TILE_WIDTH: u16 = 256;
/// Doublings from one level to the next.
pub(crate) const TILE_HEIGHT: u32 = 8;
/// Levels that a tree of 2^64 - 1 leaves has.
pub(crate) const MAX_LEVELS: u8 = 8;
/// The highest level that the published form of a name allows.
const MAX_NAMED_LEVEL: u8 = 63;

/// Where tiles come from; the store implements it over its rows.
pub trait TileSource {
    /// The bytes of the first `width` (1 to 256) hashes of a tile, 32 bytes each. A longer answer is fine,
    /// since a partial tile grows only at its end; a shorter one is a [`Fault::ShortTile`].
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Fault>;
}

/// The tiles that a tree of some size has at one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelTiles {
    /// Level, counted from the leaves.
    pub level: u8,
    /// How many tiles are full.
    pub full: u64,
    /// Hashes in the partial tile after them; 0 when there is none.
    pub partial: u16,
}

/// Every level of a tree of `size` leaves, from the leaves up; empty for an empty tree.
pub fn tiles_of(size: u64) -> Vec<LevelTiles> {
    (0..MAX_LEVELS)
        .map(|level| level_tiles(size, level))
        .take_while(|tiles| tiles.full > 0 || tiles.partial > 0)
        .collect()
}

pub(crate) fn level_tiles(size: u64, level: u8) -> LevelTiles {
    let hashes = size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0);
    let width = u64::from(TILE_WIDTH);
    LevelTiles { level, full: hashes / width, partial: (hashes % width) as u16 }
}

/// A tile's name, printed and parsed as the path under which it is served: `tile/0/x001/x234/067.p/17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileName {
    /// Level, counted from the leaves.
    pub level: u8,
    /// Index in the level.
    pub index: u64,
    /// Hashes in it, 1 to 256; 256 is a full tile.
    pub width: u16,
}

impl fmt::Display for TileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, index_text(self.index))?;
        match self.width {
            TILE_WIDTH => Ok(()),
            width => write!(f, ".p/{width}"),
        }
    }
}

impl FromStr for TileName {
    type Err = Refusal;

    fn from_str(path: &str) -> Result<Self, Refusal> {
        const MALFORMED: Refusal = Refusal::Malformed { what: "tile path" };
        let rest = path.strip_prefix("tile/").ok_or(MALFORMED)?;
        let (level, rest) = rest.split_once('/').ok_or(MALFORMED)?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, canonical(width).ok_or(MALFORMED)?),
            None => (rest, u64::from(TILE_WIDTH)),
        };
        let partial_fits = !rest.contains(".p/") || (1..u64::from(TILE_WIDTH)).contains(&width);
        let level = canonical(level).filter(|level| *level <= u64::from(MAX_NAMED_LEVEL)).ok_or(MALFORMED)?;
        let index = parse_index(index).ok_or(MALFORMED)?;
        match partial_fits {
            true => Ok(Self { level: level as u8, index, width: width as u16 }),
            false => Err(MALFORMED),
        }
    }
}

/// An index in groups of three digits, all but the last marked: 1234067 is `x001/x234/067`. Entry bundles use
/// it too.
pub fn index_text(index: u64) -> String {
    let digits = index.to_string();
    let padded = format!("{}{digits}", "0".repeat((3 - digits.len() % 3) % 3));
    let mut text = String::with_capacity(padded.len() / 3 * 5);
    for at in (0..padded.len()).step_by(3) {
        let is_last = at + 3 == padded.len();
        if !is_last {
            text.push('x');
        }
        text.push_str(&padded[at..at + 3]);
        if !is_last {
            text.push('/');
        }
    }
    text
}

/// The index of such a text; only the one form that [`index_text`] prints is accepted.
pub fn parse_index(text: &str) -> Option<u64> {
    // No u64 needs more: seven groups with their marks and slashes.
    const LONGEST: usize = 7 * 5;
    if text.len() > LONGEST {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let index = digits.parse().ok()?;
    (index_text(index) == text).then_some(index)
}

/// A decimal number without sign or leading zeros.
pub(crate) fn canonical(text: &str) -> Option<u64> {
    let is_canonical =
        text.bytes().all(|letter| letter.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_canonical)
}

/// The first `width` hashes of a tile, or the fault that too few are there.
pub(crate) fn read(source: &dyn TileSource, level: u8, index: u64, width: u16) -> Result<Vec<u8>, Fault> {
    let mut bytes = source.tile(level, index, width)?;
    let needed = usize::from(width) * HASH_BYTES;
    if bytes.len() < needed || !bytes.len().is_multiple_of(HASH_BYTES) {
        return Err(Fault::ShortTile { level, index, width, bytes: bytes.len() });
    }
    bytes.truncate(needed);
    Ok(bytes)
}

/// The hashes of a tile's bytes.
pub(crate) fn hashes(bytes: &[u8]) -> &[Hash] {
    bytes.as_chunks().0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tree_of_seventy_thousand_has_the_published_tiles() {
        let expected = [(0, 273, 112), (1, 1, 17), (2, 0, 1)];
        let expected = expected.map(|(level, full, partial)| LevelTiles { level, full, partial });
        assert_eq!(tiles_of(70_000), expected);
    }

    #[test]
    fn a_partial_tile_that_just_filled_is_gone() {
        assert_eq!(tiles_of(0), []);
        assert_eq!(tiles_of(256)[0], LevelTiles { level: 0, full: 1, partial: 0 });
        assert_eq!(tiles_of(u64::MAX).len(), usize::from(MAX_LEVELS));
    }

    #[test]
    fn an_index_prints_in_groups_of_three() {
        assert_eq!(index_text(1_234_067), "x001/x234/067");
        assert_eq!(index_text(0), "000");
        assert_eq!(index_text(1000), "x001/000");
        let name = TileName { level: 3, index: 1_234_067, width: 8 };
        assert_eq!(name.to_string(), "tile/3/x001/x234/067.p/8");
    }

    #[test]
    fn only_the_one_form_of_a_name_is_read() {
        for bad in [
            "",
            "tile/0",
            "tile/0/1",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/00/001",
            "tile/64/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/07",
            "tile/0/001.p/+7",
            "tile/0/001/002",
            "tile/0/x01/002",
            "tile/-1/001",
            "tile/0/001.p/",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/0/001.p/1.p/1",
            "/tile/0/001",
        ] {
            assert_eq!(
                bad.parse::<TileName>().map_err(|refusal| refusal.code()),
                Err("ledger-malformed"),
                "{bad}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back(level in 0_u8..64, index: u64, width in 1_u16..=256) {
            let name = TileName { level, index, width };
            prop_assert_eq!(name.to_string().parse(), Ok(name));
        }

        #[test]
        fn no_text_breaks_the_parser(text in "[a-z0-9/.x+-]{0,40}") {
            if let Ok(name) = format!("tile/{text}").parse::<TileName>() {
                prop_assert_eq!(name.to_string(), format!("tile/{text}"));
            }
        }
    }
}
