//! The offline proof (C2SP tlog-proof): a leaf, its way up, and the checkpoint that it leads to.

use crate::base64;
use crate::digest::{BYTES, Digest};
use crate::keys::Keys;
use crate::note::{self, Checkpoint};
use crate::tree;

pub(crate) const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// No tree is higher.
const MOST_HASHES: usize = 64;

/// A proof with the bytes of the leaf that it speaks of.
pub(crate) struct Proof {
    pub(crate) entry: Vec<u8>,
    pub(crate) index: u64,
    hashes: Vec<Digest>,
    checkpoint: String,
}

impl Proof {
    /// Reads a proof in its one spelling. Nothing of it is believed yet.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        Self::parsed(text).ok_or_else(|| "it is not a tlog-proof with a leaf".to_owned())
    }

    fn parsed(text: &str) -> Option<Self> {
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let entry = base64::decoded(lines.next()?.strip_prefix("extra ")?)?;
        let index = note::number(lines.next()?.strip_prefix("index ")?)?;
        let hashes: Option<Vec<Digest>> = lines.map(hash).collect();
        let hashes = hashes.filter(|hashes| hashes.len() <= MOST_HASHES)?;
        Some(Self { entry, index, hashes, checkpoint: checkpoint.to_owned() })
    }

    /// The checkpoint's own text.
    pub(crate) fn note(&self) -> &str {
        &self.checkpoint
    }

    /// The log that the checkpoint says it is of.
    pub(crate) fn origin(&self) -> &str {
        self.checkpoint.split('\n').next().unwrap_or_default()
    }

    /// Checks the signature of the log under the checkpoint.
    pub(crate) fn checkpoint(&self, keys: &Keys) -> Result<Checkpoint, String> {
        note::checkpoint(&self.checkpoint, keys)
    }

    /// Checks that the leaf stands in the tree of a checkpoint, and answers where.
    pub(crate) fn leads_to(&self, checkpoint: &Checkpoint) -> Result<u64, String> {
        let leaf = tree::leaf_hash(&self.entry);
        match tree::includes(leaf, self.index, checkpoint.size, &self.hashes, &checkpoint.root) {
            true => Ok(self.index),
            false => Err("the leaf is not in the tree of the checkpoint".to_owned()),
        }
    }
}

fn hash(line: &str) -> Option<Digest> {
    <[u8; BYTES]>::try_from(base64::decoded(line)?).ok()
}
