//! What goes wrong with disks, buckets and threads.

use std::io;

/// The answer of everything here that may fail.
pub type Result<T> = std::result::Result<T, Fault>;

/// Why bytes were not kept or not found. No variant carries them.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A file could not be written or read.
    #[error("input or output failed while {doing}")]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The object store did not do it.
    #[error("the object store failed while {doing}")]
    Objects {
        /// What we were doing.
        doing: &'static str,
        /// What it said.
        #[source]
        source: Box<object_store::Error>,
    },
    /// Nothing lies at the spot, or less than was asked for.
    #[error("the bytes are missing")]
    Missing,
    /// A bucket takes no piece of more than [`crate::LARGEST_BYTES`].
    #[error("the piece is larger than a bucket takes")]
    TooLarge,
    /// A thread of ours ended early.
    #[error("{what} has stopped")]
    Stopped {
        /// The part that stopped.
        what: &'static str,
    },
    /// The address of the depot cannot be used; the text is for the operator.
    #[error("{0}")]
    Address(String),
}

impl Fault {
    /// Whether the same call may well succeed a little later: disks are cleared, and networks come back.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::Objects { .. })
    }

    /// From the system, with what we were doing.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, source }
    }

    /// From the system while reading, where a file that is gone or too short has an answer of its own.
    pub(crate) fn reading(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof => Self::Missing,
            _ => Self::io("reading")(error),
        }
    }

    /// From the object store, with what we were doing.
    pub(crate) fn objects(doing: &'static str) -> impl FnOnce(object_store::Error) -> Self {
        move |source| Self::Objects { doing, source: Box::new(source) }
    }

    /// From the object store while reading, where an object that is gone has an answer of its own.
    pub(crate) fn fetching(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            error => Self::objects("reading")(error),
        }
    }
}
