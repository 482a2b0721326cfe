//! Reading a blob.
use super::{BlobRef, Shared};
use crate::{Fault, Result};
use bytes::Bytes;
use domain::ReportId;
use std::sync::Arc;

/// An open blob.
pub struct Reader {}

impl Reader {
    pub(super) async fn open(_shared: &Arc<Shared>, _report: ReportId, _blob: &BlobRef) -> Result<Self> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// Length of the plaintext.
    #[must_use]
    pub fn len(&self) -> u64 {
        0
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        true
    }

    /// Reads a range of the plaintext.
    ///
    /// # Errors
    /// A fault of the vault.
    pub async fn read_range(&self, _offset: u64, _length: u64) -> Result<Bytes> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// The next piece of the plaintext, at most 1 MiB; `None` at its end.
    ///
    /// # Errors
    /// A fault of the vault.
    pub async fn read_next(&mut self) -> Result<Option<Bytes>> {
        Err(Fault::Stopped { what: "stub" }.into())
    }
}

pub(super) async fn check(_shared: &Shared, _blob: &BlobRef) -> Result<()> {
    Err(Fault::Stopped { what: "stub" }.into())
}
