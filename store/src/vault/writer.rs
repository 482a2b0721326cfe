//! Writing a blob.
use super::{BlobKind, Keep, Shared, Stored};
use crate::{Fault, Result};
use domain::FileId;
use std::sync::Arc;

/// A blob being written.
pub struct BlobWriter {
    _shared: Arc<Shared>,
}

impl BlobWriter {
    pub(super) fn new(shared: Arc<Shared>, _kind: BlobKind, _file: &FileId) -> Result<Self> {
        Ok(Self { _shared: shared })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// A fault of the vault.
    pub async fn push(&mut self, _bytes: &[u8]) -> Result<()> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// Ends the blob; durable when it answers.
    ///
    /// # Errors
    /// A fault of the vault.
    pub async fn finish(self, _keep: Keep) -> Result<Stored> {
        Err(Fault::Stopped { what: "stub" }.into())
    }
}
