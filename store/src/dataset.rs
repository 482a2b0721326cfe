//! Dated reference tables: what was looked up in, and as of when.

use crate::{Act, Fault, House, Result, View};

/// A dated table that is to be added. Its bytes are public and lie unsealed under their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDataset {
    /// What it answers, such as `ip-city`.
    pub kind: String,
    /// Its name, for people.
    pub name: String,
    /// The date it speaks of, `YYYY-MM-DD`.
    pub as_of: String,
    /// Digest of its bytes.
    pub sha256: [u8; 32],
    /// Where it came from.
    pub source: String,
    /// Under which licence.
    pub licence: String,
    /// The words its licence wants shown.
    pub attribution: String,
    /// How its bytes are read, such as `mmdb`.
    pub format: String,
    /// Length of its bytes.
    pub size_bytes: u64,
}

/// A dated table of the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// What was recorded.
    pub what: NewDataset,
    /// When it was added.
    pub added_at: jiff::Timestamp,
}

/// Adds a table whose bytes are already kept.
///
/// # Errors
/// A fault of the database.
pub fn add(_act: &Act<'_>, _new: &NewDataset) -> Result<()> {
    Err(Fault::Stopped { what: "stub" }.into())
}

/// All tables, newest of each kind first.
///
/// # Errors
/// A fault of the database.
pub fn list(_view: &View<'_>) -> Result<Vec<Dataset>> {
    Err(Fault::Stopped { what: "stub" }.into())
}

impl House {
    /// Keeps the bytes of a table, and answers their SHA-256.
    ///
    /// # Errors
    /// A fault of the vault.
    pub async fn keep_dataset(&self, _bytes: &[u8]) -> Result<[u8; 32]> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// The bytes of a table, checked against their digest.
    ///
    /// # Errors
    /// [`crate::Refusal::NotFound`].
    pub async fn dataset_bytes(&self, _sha256: &[u8; 32]) -> Result<Vec<u8>> {
        Err(Fault::Stopped { what: "stub" }.into())
    }
}
