//! What is computed over files, and what each of it reads (R-19a). Whether a machine's look at a file that nobody viewed
//! is a search is unsettled, so the strictest reading holds: without a ground, only digests and length.

use domain::Actor;

use crate::gate::{self, FileFacts, Withheld};
use crate::permit::OpenFile;

/// How close something comes to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Only what was said about it.
    Words,
    /// The bytes as they pass, for SHA-256, SHA-1, MD5 and length, and nothing else.
    Digests,
    /// Its contents.
    Contents,
}

/// Something that computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Processor {
    /// Its name, as findings, exports and the ledger have it.
    pub name: &'static str,
    /// How close it comes.
    pub reads: Reads,
}

/// What the vault computes of every file while it arrives.
pub const DIGESTS: Processor = Processor { name: "digests", reads: Reads::Digests };
/// The picture that is drawn for a look.
pub const RENDITION: Processor = Processor { name: "rendition", reads: Reads::Contents };
/// The copy of a file that a package carries.
pub const PACKAGE: Processor = Processor { name: "package-files", reads: Reads::Contents };

impl Processor {
    /// One that reads what was said about a file, and no byte of it.
    #[must_use]
    pub const fn of_words(name: &'static str) -> Self {
        Self { name, reads: Reads::Words }
    }

    /// Whether it may run on a file only where a ground opens it.
    #[must_use]
    pub const fn needs_view_ground(&self) -> bool {
        matches!(self.reads, Reads::Contents)
    }

    /// Lets it at a file, or refuses. What needs no ground gets no way to the bytes either: only an opened file has one.
    ///
    /// # Errors
    /// The gate's, for what needs a ground.
    pub fn admit(&self, facts: &FileFacts, actor: &Actor) -> Result<Option<OpenFile>, Withheld> {
        if self.needs_view_ground() { gate::open_for(facts, actor, self).map(Some) } else { Ok(None) }
    }
}
