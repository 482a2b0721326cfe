//! The checkpoint: what a log says of itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key::is_name;
use crate::tile::canonical;
use crate::{Hash, Refusal};

/// That the log named `origin` has `size` leaves with this root. Who signs one must never sign another of the
/// same size with another root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log, as a URL without scheme.
    pub origin: String,
    /// Leaves in the tree.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads what [`Checkpoint::body`] prints, and nothing else: extension lines are refused, since nobody
    /// would check what they say.
    pub fn parse(body: &str) -> Result<Self, Refusal> {
        const MALFORMED: Refusal = Refusal::Malformed { what: "checkpoint" };
        let mut lines = body.strip_suffix('\n').ok_or(MALFORMED)?.split('\n');
        let (origin, size, root) = match (lines.next(), lines.next(), lines.next(), lines.next()) {
            (Some(origin), Some(size), Some(root), None) => (origin, size, root),
            _ => return Err(MALFORMED),
        };
        if !is_name(origin) {
            return Err(MALFORMED);
        }
        let size = canonical(size).ok_or(MALFORMED)?;
        let root = parse_hash(root).ok_or(MALFORMED)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

/// A hash as one line of padded base64.
pub(crate) fn parse_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}
