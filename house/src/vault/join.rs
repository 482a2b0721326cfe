//! Segments of a file into the whole file, without lending a byte to anybody.

use domain::ReportId;

use super::reader::Blocks;
use super::{BlobKind, BlobRef, BlobWriter, Reader, Vault};
use crate::{Refusal, Result};

impl Vault {
    /// Appends segments of a report to a blob that is being written. They go from sealed to sealed inside the vault, so
    /// that no ground is needed: nobody sees a byte, and only digests and length come of it.
    ///
    /// INVARIANT: only segments. A whole file has a key of another kind, so it cannot get past the view gate this way.
    ///
    /// # Errors
    /// [`Refusal::Unfit`] for what is no segment, [`Refusal::Destroyed`] when a segment's key is gone; a fault when its bytes were changed.
    pub async fn join(&self, report: ReportId, segments: &[BlobRef], into: &mut BlobWriter) -> Result<()> {
        if segments.iter().any(|segment| segment.kind != BlobKind::Segment) {
            return Err(Refusal::Unfit { what: "segment" }.into());
        }
        for segment in segments {
            let mut reader = Reader::open(&self.shared, report, segment, Blocks::Heeded(None)).await?;
            while let Some(piece) = reader.read_next().await? {
                into.push(&piece).await?;
            }
        }
        Ok(())
    }

    /// Whether the bytes of a blob are those that a digest was made of. They are read inside the vault and lent to nobody;
    /// only a yes or a no comes of it.
    ///
    /// # Errors
    /// [`Refusal::Destroyed`] when its key is gone; a fault when its bytes are missing or were changed.
    pub async fn is_intact(&self, report: ReportId, blob: &BlobRef, sha256: &[u8; 32]) -> Result<bool> {
        let mut reader = Reader::open(&self.shared, report, blob, Blocks::Ignored).await?;
        if reader.len() != blob.size_bytes {
            return Ok(false);
        }
        let mut digests = seal::Digests::new();
        while let Some(piece) = reader.read_next().await? {
            digests.update(&piece);
        }
        Ok(digests.finish().sha256 == *sha256)
    }

    /// Gives back the room of blobs whose keys were destroyed. Small ones stay where they are, in packs with others.
    ///
    /// # Errors
    /// A fault of the vault. What was not removed is litter that nobody can open.
    pub async fn discard(&self, blobs: &[BlobRef]) -> Result<()> {
        for blob in blobs {
            self.shared.depot.remove(&blob.location.0).await?;
        }
        Ok(())
    }
}
