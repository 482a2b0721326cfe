//! What everybody may have of the ledger: the checkpoint, tiles of hashes, and bundles of entries.

use std::str::FromStr;

use database::bind;
use jiff::SignedDuration;
use ledger::TileName;

use super::{Book, GET_TILE, GET_TREE};
use crate::{Refusal, Result, View};

const ENTRIES: &str = "-- book::entries
    SELECT entry FROM ledger_leaf WHERE leaf_index >= :start AND leaf_index < :stop ORDER BY leaf_index";

/// While a quorum was heard within this time, the checkpoint that it vouches for is the one that is shown.
const QUORUM_IS_FRESH: SignedDuration = SignedDuration::from_secs(60);
const HASH_BYTES: usize = 32;
const FULL: u64 = 256;

/// The path of a tile, or of the bundle of entries under a tile of level 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TilePath {
    /// Hashes.
    Hashes(TileName),
    /// Entries; the level is 0.
    Entries(TileName),
}

impl FromStr for TilePath {
    type Err = ledger::Refusal;

    /// `tile/0/x001/067` or `tile/entries/x001/067`, each perhaps with `.p/17`.
    fn from_str(path: &str) -> std::result::Result<Self, ledger::Refusal> {
        match path.strip_prefix("tile/entries/") {
            Some(rest) => format!("tile/0/{rest}").parse().map(Self::Entries),
            None => path.parse().map(Self::Hashes),
        }
    }
}

impl Book<'_> {
    /// The checkpoint for whoever watches the log: the newest that a quorum vouches for while it is heard, with the
    /// cosignatures, else the newest.
    ///
    /// # Errors
    /// [`Refusal::NotSequenced`] before the first leaf has an index.
    pub fn published(&self, view: &View<'_>) -> Result<String> {
        let fresh = |at: jiff::Timestamp| view.now().duration_since(at) <= QUORUM_IS_FRESH;
        if self.quorum_at(view)?.is_some_and(fresh)
            && let Some(note) = self.witnessed(view)?
        {
            return Ok(note);
        }
        self.checkpoint(view)
    }

    /// The bytes of a tile or bundle, exactly as wide as its name says, and only as far as a checkpoint was signed.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] beyond that.
    pub fn tile(&self, view: &View<'_>, path: &TilePath) -> Result<Vec<u8>> {
        match path {
            TilePath::Hashes(name) => {
                let index = i64::try_from(name.index).map_err(|_| Refusal::NotFound)?;
                let found: Option<Vec<u8>> =
                    view.tx().find(GET_TILE, &bind! { level: name.level, tile_index: index })?;
                let width = usize::from(name.width) * HASH_BYTES;
                let mut hashes = found.filter(|hashes| hashes.len() >= width).ok_or(Refusal::NotFound)?;
                hashes.truncate(width);
                Ok(hashes)
            }
            TilePath::Entries(name) => {
                let (size, _): (u64, Option<String>) = view.tx().get(GET_TREE, &bind! {})?;
                let start = name.index.checked_mul(FULL).ok_or(Refusal::NotFound)?;
                let stop = start.checked_add(u64::from(name.width)).filter(|stop| *stop <= size);
                let stop = stop.ok_or(Refusal::NotFound)?;
                let entries: Vec<Vec<u8>> = view.tx().rows(ENTRIES, &bind! { start, stop })?;
                Ok(entries.iter().flat_map(|entry| bundled(entry)).collect())
            }
        }
    }
}

/// One entry of a bundle: its length in two bytes, then itself.
fn bundled(entry: &[u8]) -> Vec<u8> {
    // INVARIANT: an entry has 59 bytes.
    let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], entry].concat()
}
