//! The book: the ledger in rows. Acts leave leaves; one sequencer at a time puts them in order.

use domain::ReportId;

use crate::{EventKind, Fault, House, LeafId, Result, View};

/// What one run of the sequencer put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequenced {
    /// First index given.
    pub from: u64,
    /// One past the last index given; equal to `from` when nothing waited.
    pub to: u64,
}

/// What the check of the whole ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Leaves in the tree.
    pub leaves: u64,
    /// Leaves whose event was destroyed with its report, so that only their place in the tree could be checked.
    pub destroyed: u64,
    /// Leaves that wait for an index.
    pub waiting: u64,
    /// Checkpoints that were checked.
    pub checkpoints: u64,
    /// The first thing that is wrong, in words that name the row; `None` when all is well.
    pub wrong: Option<String>,
}

/// The ledger of one house.
pub struct Book<'a> {
    house: &'a House,
}

impl<'a> Book<'a> {
    pub(crate) const fn new(house: &'a House) -> Self {
        Self { house }
    }

    /// Gives waiting leaves their indices and signs a checkpoint. Safe to run anywhere at any time.
    ///
    /// # Errors
    /// A fault of the database or the signer.
    pub async fn sequence(&self) -> Result<Sequenced> {
        let _ = self.house.now();
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// The newest signed checkpoint note.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn checkpoint(&self, _view: &View<'_>) -> Result<String> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// The proof file of one leaf.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn prove(&self, _view: &View<'_>, _leaf: LeafId) -> Result<String> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// The newest leaf of a kind for a report.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn leaf_of(&self, _view: &View<'_>, _report: ReportId, _kind: EventKind) -> Result<Option<LeafId>> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// Checks everything.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn verify(&self) -> Result<Verdict> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// The key that checks its notes, as one line of text.
    #[must_use]
    pub fn vkey(&self) -> String {
        String::new()
    }
}
