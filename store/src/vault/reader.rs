//! Reading a blob in ranges. Nothing is released before its chunk has verified.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use domain::ReportId;
use seal::chunked::{HEADER_BYTES, Opening, Span, chunk_span, last_span, sealed_len};
use seal::{DataKey, ReadAt};

use super::location::Spot;
use super::writer::blocking;
use super::{Backing, BlobRef, Shared};
use crate::{Error, Fault, Refusal, Result, keys};

/// Most plaintext that one call answers; more is read in pieces.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Plaintext of one piece of a stream.
const PIECE_BYTES: u64 = 1024 * 1024;

/// An open blob: right key, right file, right length.
pub struct Reader {
    source: Source,
    opening: Arc<Opening>,
    size_bytes: u64,
    sealed_bytes: u64,
    /// How far [`Reader::read_next`] has come.
    at: u64,
}

enum Source {
    /// A file, and where in it the blob begins.
    File { file: Arc<File>, base: u64 },
    /// An object.
    Object { shared: Arc<Shared>, name: String },
}

impl Reader {
    pub(super) async fn open(shared: &Arc<Shared>, report: ReportId, blob: &BlobRef) -> Result<Self> {
        let key = key(shared, report, blob).await?;
        let source = Source::find(shared, blob).await?;
        let sealed_bytes = sealed_len(blob.size_bytes);
        let mut header = [0; HEADER_BYTES];
        header.copy_from_slice(&source.fetch(0..HEADER_BYTES as u64).await?);
        let opening = Opening::new(&key, blob.key_name().as_bytes(), &header)?;
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
        match &self.source {
            Source::File { file, base } => {
                let (file, base) = (Arc::clone(file), *base);
                blocking(move || {
                    let sealed = read(&file, base, &span.sealed)?;
                    opened(&opening, &span, sealed)
                })
                .await
            }
            Source::Object { .. } => {
                let sealed = self.source.fetch(span.sealed.clone()).await?;
                blocking(move || opened(&opening, &span, sealed)).await
            }
        }
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

impl Source {
    async fn find(shared: &Arc<Shared>, blob: &BlobRef) -> Result<Self> {
        match (&shared.backing, &blob.location.0) {
            (Backing::Bucket(_), Spot::Object { name }) => {
                Ok(Self::Object { shared: Arc::clone(shared), name: name.clone() })
            }
            (Backing::Folder(folder), spot) => {
                let (path, base) = folder.find(spot).ok_or(Fault::BlobMissing)?;
                let file = blocking(move || Ok(File::open(path).map_err(missing)?)).await?;
                Ok(Self::File { file: Arc::new(file), base })
            }
            (Backing::Bucket(_), _) => Err(Fault::BlobMissing.into()),
        }
    }

    async fn fetch(&self, range: Range<u64>) -> Result<Vec<u8>> {
        match self {
            Self::File { file, base } => {
                let (file, base) = (Arc::clone(file), *base);
                blocking(move || read(&file, base, &range)).await
            }
            Self::Object { .. } if range.is_empty() => Ok(Vec::new()),
            Self::Object { shared, name } => match &shared.backing {
                Backing::Bucket(bucket) => Ok(bucket.get(name, range).await?.to_vec()),
                Backing::Folder(_) => Err(Fault::BlobMissing.into()),
            },
        }
    }
}

/// The blob's key, read anew each time: what was destroyed a moment ago does not open.
async fn key(shared: &Arc<Shared>, report: ReportId, blob: &BlobRef) -> Result<DataKey> {
    let (ring, name) = (Arc::clone(&shared.keys), blob.key_name());
    let found = shared
        .database
        .read::<_, Error, _>("vault::key", move |tx| keys::find(tx, &ring, report.get(), &name));
    Ok(found.await?.ok_or(Refusal::Destroyed)?)
}

fn read(file: &File, base: u64, range: &Range<u64>) -> Result<Vec<u8>> {
    // INVARIANT: ranges are spans of at most a chunk more than the plaintext that was asked for.
    let mut sealed = vec![0; (range.end - range.start) as usize];
    file.read_exact_at(base + range.start, &mut sealed).map_err(missing)?;
    Ok(sealed)
}

fn opened(opening: &Opening, span: &Span, mut sealed: Vec<u8>) -> Result<Bytes> {
    let mut plain = Vec::with_capacity(sealed.len());
    opening.open_span(span, &mut sealed, &mut plain)?;
    Ok(plain.into())
}

/// Checks that the sealed bytes are there, as far as lengths tell.
pub(super) async fn check(shared: &Arc<Shared>, blob: &BlobRef) -> Result<()> {
    let sealed_bytes = sealed_len(blob.size_bytes);
    let (found, needed) = match (&shared.backing, &blob.location.0) {
        (Backing::Bucket(bucket), Spot::Object { name }) => (bucket.length(name).await?, sealed_bytes),
        (Backing::Folder(folder), spot) => {
            let (path, base) = folder.find(spot).ok_or(Fault::BlobMissing)?;
            let found = blocking(move || Ok(std::fs::metadata(path).map_err(missing)?.len())).await?;
            (found, base + sealed_bytes)
        }
        (Backing::Bucket(_), _) => return Err(Fault::BlobMissing.into()),
    };
    if found < needed { Err(Fault::BlobMissing.into()) } else { Ok(()) }
}

fn missing(error: std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::UnexpectedEof => Fault::BlobMissing,
        _ => Fault::io("reading a blob")(error),
    }
}
