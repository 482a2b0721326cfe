//! The entry of a leaf: version, kind, moment, id, and the digest of what it commits to.

use crate::digest::{BYTES, Digest};

const VERSION: u8 = 1;
const ID_BYTES: usize = 16;
const ENTRY_BYTES: usize = 1 + 2 + 8 + ID_BYTES + BYTES;

/// The kinds that are spoken of here.
pub(crate) const FINISHED: u16 = 4;
pub(crate) const DELIVERED: u16 = 12;

/// What an entry says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) kind: u16,
    /// Microseconds since 1970, UTC.
    pub(crate) at: i64,
    pub(crate) id: [u8; ID_BYTES],
    /// SHA-256 of salt and event.
    pub(crate) commitment: Digest,
}

impl Leaf {
    pub(crate) fn parse(entry: &[u8]) -> Result<Self, String> {
        let entry: &[u8; ENTRY_BYTES] =
            entry.try_into().map_err(|_| "the leaf does not have 59 bytes".to_owned())?;
        let (version, rest) = entry.split_first().ok_or("the leaf is empty")?;
        let fixed = || "the leaf is too short".to_owned();
        let (kind, rest) = rest.split_first_chunk::<2>().ok_or_else(fixed)?;
        let (at, rest) = rest.split_first_chunk::<8>().ok_or_else(fixed)?;
        let (id, rest) = rest.split_first_chunk::<ID_BYTES>().ok_or_else(fixed)?;
        let (commitment, _) = rest.split_first_chunk::<BYTES>().ok_or_else(fixed)?;
        if *version != VERSION {
            return Err(format!("the leaf is of version {version}, which is not known here"));
        }
        Ok(Self {
            kind: u16::from_be_bytes(*kind),
            at: i64::from_be_bytes(*at),
            id: *id,
            commitment: *commitment,
        })
    }

    /// Whether it is of the kind that is expected here.
    pub(crate) fn is(&self, kind: u16, what: &str) -> Result<(), String> {
        match self.kind == kind {
            true => Ok(()),
            false => Err(format!("the leaf is of kind {}, not of {what}", self.kind)),
        }
    }
}
