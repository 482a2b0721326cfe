//! Reading a blob in ranges. Nothing is released before its chunk has verified.

use std::sync::Arc;

use bytes::Bytes;
use depot::Source;
use domain::{AgencyId, ReportId};
use seal::DataKey;
use seal::chunked::{HEADER_BYTES, Opening, Span, chunk_span, last_span, sealed_len};

use super::{BlobRef, Shared};
use crate::{Error, Fault, Refusal, Result, keys, tombstone};

/// Most plaintext that one call answers; more is read in pieces.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Plaintext of one piece of a stream.
const PIECE_BYTES: u64 = 1024 * 1024;

/// Whether a block of the file is heeded.
#[derive(Debug, Clone, Copy)]
pub(super) enum Blocks<'a> {
    /// For a reader of this agency, or of none: what is blocked does not open.
    Heeded(Option<&'a AgencyId>),
    /// For the proof that there is nothing behind a block any more; no byte is released.
    Ignored,
}

impl Blocks<'_> {
    fn heeded(self) -> Option<Option<AgencyId>> {
        match self {
            Self::Heeded(reader) => Some(reader.cloned()),
            Self::Ignored => None,
        }
    }
}

/// An open blob: right key, right file, right length.
pub struct Reader {
    source: Source,
    opening: Arc<Opening>,
    size_bytes: u64,
    sealed_bytes: u64,
    /// How far [`Reader::read_next`] has come.
    at: u64,
}

impl Reader {
    pub(super) async fn open(
        shared: &Arc<Shared>,
        report: ReportId,
        blob: &BlobRef,
        blocks: Blocks<'_>,
    ) -> Result<Self> {
        let key = key(shared, report, blob, blocks).await?;
        Self::open_under(shared, blob, &key).await
    }

    pub(super) async fn open_under(shared: &Arc<Shared>, blob: &BlobRef, key: &DataKey) -> Result<Self> {
        let source = shared.depot.open_at(&blob.location.0).await?;
        let sealed_bytes = sealed_len(blob.size_bytes);
        let mut header = [0; HEADER_BYTES];
        header.copy_from_slice(&source.fetch(0..HEADER_BYTES as u64).await?);
        let opening = Opening::new(key, blob.key_name().as_bytes(), &header)?;
        let mut last = source.fetch(last_span(sealed_bytes)?.sealed).await?;
        let size_bytes = opening.check_length(sealed_bytes, &mut last)?;
        Ok(Self { source, opening: Arc::new(opening), size_bytes, sealed_bytes, at: 0 })
    }

    /// Length of the plaintext, which has verified.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.size_bytes
    }

    /// Whether it has no plaintext.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size_bytes == 0
    }

    /// Reads a range of the plaintext, at most 64 MiB.
    ///
    /// # Errors
    /// [`Refusal::Unfit`] for a range that is not in the plaintext or is too long; a fault when the bytes were changed.
    pub async fn read_range(&self, offset: u64, length: u64) -> Result<Bytes> {
        let inside = offset.checked_add(length).is_some_and(|end| end <= self.size_bytes);
        if !inside || length > MOST_BYTES {
            return Err(Refusal::Unfit { what: "range" }.into());
        }
        let span = chunk_span(offset, length, self.sealed_bytes)?;
        let opening = Arc::clone(&self.opening);
        self.source.fetch_then(span.sealed.clone(), move |sealed| opened(&opening, &span, sealed)).await?
    }

    /// The next piece of the plaintext, at most 1 MiB; `None` at its end.
    ///
    /// # Errors
    /// As [`Reader::read_range`].
    pub async fn read_next(&mut self) -> Result<Option<Bytes>> {
        let length = PIECE_BYTES.min(self.size_bytes - self.at);
        if length == 0 {
            return Ok(None);
        }
        let piece = self.read_range(self.at, length).await?;
        self.at += length;
        Ok(Some(piece))
    }
}

/// The blob's key, read anew each time: what was destroyed a moment ago does not open.
pub(super) async fn key(
    shared: &Arc<Shared>,
    report: ReportId,
    blob: &BlobRef,
    blocks: Blocks<'_>,
) -> Result<DataKey> {
    let keys = keys_of(shared, report, std::slice::from_ref(blob), blocks).await?;
    Ok(keys.into_iter().next().flatten().ok_or(Refusal::Destroyed)?)
}

/// The keys of several blobs of one report, read together; `None` for one that is destroyed.
///
/// # Errors
/// [`Refusal::Blocked`] when one of them is blocked.
pub(super) async fn keys_of(
    shared: &Arc<Shared>,
    report: ReportId,
    blobs: &[BlobRef],
    blocks: Blocks<'_>,
) -> Result<Vec<Option<DataKey>>> {
    let blobs: Arc<[BlobRef]> = blobs.into();
    for _ in 0..keys::TRIES {
        let (ring, blobs, heeded) = (Arc::clone(&shared.keys), Arc::clone(&blobs), blocks.heeded());
        let found = shared.database.read::<_, Error, _>("vault::key", move |tx| {
            if let Some(reader) = &heeded {
                let files = blobs.iter().map(|blob| &blob.file);
                if tombstone::any_blocked(tx, files, reader.as_ref())? {
                    return Err(Refusal::Blocked.into());
                }
            }
            let names: Vec<String> = blobs.iter().map(BlobRef::key_name).collect();
            keys::find_all(tx, &ring, report.get(), &names)
        });
        match found.await {
            Err(Error::Fault(Fault::StaleKeys)) => {
                shared.keys.refresh(&shared.database, shared.clock.now()).await?;
            }
            found => return found,
        }
    }
    Err(Fault::StaleKeys.into())
}

fn opened(opening: &Opening, span: &Span, mut sealed: Vec<u8>) -> Result<Bytes> {
    let mut plain = Vec::with_capacity(sealed.len());
    opening.open_span(span, &mut sealed, &mut plain)?;
    Ok(plain.into())
}

/// Checks that the sealed bytes are there, as far as lengths tell.
pub(super) async fn check(shared: &Arc<Shared>, blob: &BlobRef) -> Result<()> {
    let found = shared.depot.length_from(&blob.location.0).await?;
    if found < sealed_len(blob.size_bytes) { Err(Fault::BlobMissing.into()) } else { Ok(()) }
}
