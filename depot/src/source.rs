//! A piece on its way out, range by range.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use crate::bucket::Bucket;
use crate::depot::{Kind, blocking};
use crate::spot::{Place, Spot};
use crate::{Fault, Result};

/// What lies at one spot.
pub struct Source {
    way: Way,
}

enum Way {
    /// A file, and where in it the piece begins.
    File { file: Arc<File>, base: u64 },
    /// An object.
    Object { bucket: Arc<Bucket>, name: String },
}

impl Source {
    pub(crate) async fn open(kind: &Kind, spot: &Spot) -> Result<Self> {
        let way = match (kind, &spot.0) {
            (Kind::Bucket(bucket), Place::Object { name }) => {
                Way::Object { bucket: Arc::clone(bucket), name: name.clone() }
            }
            (Kind::Folder(folder), _) => {
                let (path, base) = folder.find(spot).ok_or(Fault::Missing)?;
                let file = blocking(move || File::open(path).map_err(Fault::reading)).await?;
                Way::File { file: Arc::new(file), base }
            }
            (Kind::Bucket(_), _) => return Err(Fault::Missing),
        };
        Ok(Self { way })
    }

    /// Reads a range, counted from the piece's beginning. The caller bounds it: all of it is held in memory.
    ///
    /// # Errors
    /// [`Fault::Missing`] when not all of it is there; a fault of the depot.
    pub async fn fetch(&self, range: Range<u64>) -> Result<Vec<u8>> {
        self.fetch_then(range, |bytes| bytes).await
    }

    /// Reads a range and hands it to work that may block, on the same thread where reading itself blocks.
    ///
    /// # Errors
    /// As [`Source::fetch`].
    pub async fn fetch_then<T: Send + 'static>(
        &self,
        range: Range<u64>,
        work: impl FnOnce(Vec<u8>) -> T + Send + 'static,
    ) -> Result<T> {
        match &self.way {
            Way::File { file, base } => {
                let (file, base) = (Arc::clone(file), *base);
                blocking(move || Ok(work(read(&file, base, &range)?))).await
            }
            Way::Object { bucket, name } => {
                // A server answers an empty range with the whole object.
                let bytes =
                    if range.is_empty() { Vec::new() } else { bucket.get(name, range.clone()).await? };
                if bytes.len() as u64 != range.end.saturating_sub(range.start) {
                    return Err(Fault::Missing);
                }
                blocking(move || Ok(work(bytes))).await
            }
        }
    }
}

fn read(file: &File, base: u64, range: &Range<u64>) -> Result<Vec<u8>> {
    let mut bytes = vec![0; range.end.saturating_sub(range.start) as usize];
    let from = base.checked_add(range.start).ok_or(Fault::Missing)?;
    file.read_exact_at(&mut bytes, from).map_err(Fault::reading)?;
    Ok(bytes)
}
