//! The depot itself: which of the two kinds it is, and what both can do.

use std::path::Path;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::bucket::Bucket;
use crate::chance::Chance;
use crate::disk::{Disk, SystemDisk};
use crate::draft::Draft;
use crate::folder::Folder;
use crate::source::Source;
use crate::spot::{Place, Spot};
use crate::{Fault, Result};

/// Where bytes go. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Depot {
    pub(crate) kind: Kind,
}

/// The two kinds.
#[derive(Clone)]
pub(crate) enum Kind {
    Folder(Arc<Folder>),
    Bucket(Arc<Bucket>),
}

/// Which depot to open, and what it asks for at its door.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// `file:PATH` or `s3://bucket?endpoint=URL&region=NAME`.
    pub address: &'a str,
    /// S3: the key's public half.
    pub access_key_id: Option<&'a str>,
    /// S3: the key's secret half.
    pub secret_access_key: Option<&'a str>,
}

impl Depot {
    /// Opens a depot. Blocks for a moment when it is a folder; asks nothing of a bucket yet.
    ///
    /// # Errors
    /// [`Fault::Address`] when the address is of neither kind; a fault of the folder.
    pub fn open(settings: &Settings<'_>, chance: Chance) -> Result<Self> {
        if let Some(path) = settings.address.strip_prefix("file:") {
            return Self::folder(Path::new(path), Arc::new(SystemDisk), chance);
        }
        let Some(address) = settings.address.strip_prefix("s3://") else {
            return Err(Fault::Address("it starts with neither file: nor s3://".to_owned()));
        };
        Ok(Self { kind: Kind::Bucket(Arc::new(Bucket::open(settings, address, chance)?)) })
    }

    /// Opens a folder over a file system of the caller's; made where it is not there yet. Blocks for a moment.
    ///
    /// # Errors
    /// A fault of the folder.
    pub fn folder(root: &Path, disk: Arc<dyn Disk>, chance: Chance) -> Result<Self> {
        Ok(Self { kind: Kind::Folder(Arc::new(Folder::open(root, disk, chance)?)) })
    }

    /// Keeps a small piece, up to a few mebibytes; durable when it answers.
    ///
    /// # Errors
    /// A fault, such as a full disk; nothing is kept then.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Spot> {
        match &self.kind {
            Kind::Folder(folder) => folder.append(bytes).await,
            Kind::Bucket(bucket) => bucket.put(bytes).await,
        }
    }

    /// Begins a piece of any size. Nothing is touched before its first bytes.
    #[must_use]
    pub fn draft(&self) -> Draft {
        Draft::new(self.kind.clone())
    }

    /// Opens what lies at a spot. For a bucket it only notes the name; the first range tells whether it is there.
    ///
    /// # Errors
    /// [`Fault::Missing`] when nothing can be there.
    pub async fn open_at(&self, spot: &Spot) -> Result<Source> {
        Source::open(&self.kind, spot).await
    }

    /// How many bytes lie from a spot on. In a pack other pieces may follow, so it is at least the piece's length when
    /// all of the piece is there.
    ///
    /// # Errors
    /// [`Fault::Missing`] when nothing is there.
    pub async fn length_from(&self, spot: &Spot) -> Result<u64> {
        match (&self.kind, &spot.0) {
            (Kind::Bucket(bucket), Place::Object { name }) => bucket.length(name).await,
            (Kind::Folder(folder), _) => {
                let (path, base) = folder.find(spot).ok_or(Fault::Missing)?;
                let found = blocking(move || Ok(std::fs::metadata(path).map_err(Fault::reading)?.len()));
                found.await?.checked_sub(base).ok_or(Fault::Missing)
            }
            (Kind::Bucket(_), _) => Err(Fault::Missing),
        }
    }

    /// Gives back the room of a piece. In a pack it stays where it is, with others.
    ///
    /// # Errors
    /// A fault; the piece may still be there then.
    pub async fn remove(&self, spot: &Spot) -> Result<()> {
        match (&self.kind, &spot.0) {
            (Kind::Bucket(bucket), Place::Object { name }) => bucket.remove(name).await,
            (Kind::Folder(folder), Place::File { .. }) => {
                let Some((path, _)) = folder.find(spot) else { return Ok(()) };
                blocking(move || std::fs::remove_file(path).map_err(Fault::io("removing a file"))).await
            }
            _ => Ok(()),
        }
    }

    /// Keeps bytes under a name of the caller's, which is hexadecimal, and replaces what was there; durable when it
    /// answers.
    ///
    /// # Errors
    /// [`Fault::Address`] for another name; a fault of the depot.
    pub async fn keep_named(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let name = fit(name)?;
        match &self.kind {
            Kind::Bucket(bucket) => bucket.keep_named(&name, bytes).await,
            Kind::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.keep_named(&name, &bytes)).await
            }
        }
    }

    /// Bytes under a name, if they are kept.
    ///
    /// # Errors
    /// As [`Depot::keep_named`].
    pub async fn named(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let name = fit(name)?;
        match &self.kind {
            Kind::Bucket(bucket) => bucket.named(&name).await,
            Kind::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.named(&name)).await
            }
        }
    }
}

/// Nothing is ever kept under it.
const NOBODY: &str = "00";

impl Depot {
    /// Asks whether the depot answers, and reads nothing of it: a bucket is asked for what it does not have, in a folder
    /// our own place for drafts must be there.
    ///
    /// # Errors
    /// A fault when it does not.
    pub async fn answers(&self) -> Result<()> {
        match &self.kind {
            Kind::Bucket(bucket) => bucket.named(NOBODY).await.map(drop),
            Kind::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.answers()).await
            }
        }
    }
}

/// A name that cannot climb out of its folder.
fn fit(name: &str) -> Result<String> {
    if crate::spot::is_name(name) {
        Ok(name.to_owned())
    } else {
        Err(Fault::Address("a name is hexadecimal".to_owned()))
    }
}

/// Runs something that blocks where it may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    spawn_blocking(work).await.map_err(|_| Fault::Stopped { what: "a thread that may block" })?
}
