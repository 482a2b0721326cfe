//! The evidence vault: bytes in, sealed at once, durable when the answer comes; out again in ranges, with a permit.
//!
//! How bytes lie in a folder or a bucket is the craft of [`depot`]; what they are, whose, and under which key is said
//! here. A blob exists only through the committed row that names it. Whatever lies in the depot without a row,
//! such as the torn tail of a pack after a crash, is sealed litter under a key that nobody has.

use std::sync::Arc;

use database::Database;
use depot::{Chance, Depot};
use domain::{Clock, FileId, Profile, ReportId};
use policy::OpenFile;
use seal::{DataKey, DigestSet};

use crate::keys::KeyRing;
use crate::settings::{Corpus, Given, Settings};
use crate::{Error, Refusal, Result, tombstone};

mod join;
mod lane;
mod location;
mod press;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

use reader::Blocks;

pub use location::Location;
pub use reader::Reader;
pub use writer::BlobWriter;

/// Where bytes go. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Vault {
    shared: Arc<Shared>,
}

/// What writers and readers need of the house.
pub(crate) struct Shared {
    pub keys: Arc<KeyRing>,
    pub database: Database,
    pub clock: Arc<dyn Clock>,
    pub profile: Profile,
    pub corpus: Corpus,
    depot: Depot,
}

/// What a blob is; part of the identity that its sealing is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobKind {
    /// A file as a provider uploaded it.
    Evidence,
    /// A part of a file that arrives in several requests; until it is whole it is no evidence.
    Segment,
    /// Something we made from a file.
    Rendition,
}

impl BlobKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Segment => "segment",
            Self::Rendition => "rendition",
        }
    }
}

/// Where a kept blob is; everything of it goes into a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRef {
    /// What it is.
    pub kind: BlobKind,
    /// Which file it is, or was made from.
    pub file: FileId,
    /// Where its sealed bytes lie; one text column.
    pub location: Location,
    /// Length of its plaintext.
    pub size_bytes: u64,
}

impl BlobRef {
    /// Name of its key under its report.
    pub(crate) fn key_name(&self) -> String {
        key_name(self.kind, &self.file)
    }
}

fn key_name(kind: BlobKind, file: &FileId) -> String {
    format!("{}/{file}", kind.as_str())
}

/// A blob that is durable and that nobody can open until an act adopts it ([`crate::Act::adopt`]).
#[derive(Debug, Clone)]
pub struct Kept {
    /// Where it is.
    pub blob: BlobRef,
    /// Wrapped only when it is adopted, so that it cannot fall between two epochs.
    key: DataKey,
}

impl Kept {
    pub(crate) fn key(&self) -> &DataKey {
        &self.key
    }
}

/// What came of a finished upload.
#[derive(Debug, Clone)]
pub struct Stored {
    /// What the bytes are known by.
    pub digests: DigestSet,
    /// The blob; `None` when the bytes were only hashed.
    pub kept: Option<Kept>,
}

/// A file whose key was found, and which is opened when its turn comes.
pub struct Unlocked {
    shared: Arc<Shared>,
    blob: BlobRef,
    key: DataKey,
}

impl Unlocked {
    /// Opens it.
    ///
    /// # Errors
    /// A fault when its bytes are not there or were changed.
    pub async fn open(&self) -> Result<Reader> {
        Reader::open_under(&self.shared, &self.blob, &self.key).await
    }
}

/// Whether the bytes shall stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Yes, unless the profile forbids it: `synthetic-demo` keeps nothing that is not from our own corpus.
    Yes,
    /// No: only hash them.
    No,
}

impl Vault {
    /// Opens the vault that the settings name. Blocks for a moment when it is a folder.
    pub(crate) fn open_at(
        settings: &Settings,
        given: &Given,
        keys: Arc<KeyRing>,
        database: Database,
    ) -> Result<Self> {
        let door = depot::Settings {
            address: &settings.vault.url,
            access_key_id: settings.vault.access_key_id.as_deref(),
            secret_access_key: settings
                .vault
                .secret_access_key
                .as_ref()
                .map(|secret| secret.reveal().as_str()),
        };
        let depot = Depot::open(&door, chance(given))?;
        Ok(Self::over(depot, settings.profile, given, keys, database))
    }

    /// The same over a depot that is open.
    fn over(depot: Depot, profile: Profile, given: &Given, keys: Arc<KeyRing>, database: Database) -> Self {
        let (clock, corpus) = (Arc::clone(&given.clock), Arc::clone(&given.corpus));
        Self { shared: Arc::new(Shared { keys, database, clock, profile, corpus, depot }) }
    }

    /// Begins a blob. Dropping the writer leaves nothing behind.
    ///
    /// # Errors
    /// A fault when there is no chance to be had for a key.
    pub fn begin(&self, kind: BlobKind, file: &FileId) -> Result<BlobWriter> {
        BlobWriter::new(Arc::clone(&self.shared), kind, file)
    }

    /// Opens the one file that the permit names.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when the permit names another file, [`Refusal::Destroyed`] when its key is gone,
    /// [`Refusal::Blocked`] while it waits for its destruction.
    pub async fn open(&self, permit: &OpenFile, blob: &BlobRef) -> Result<Reader> {
        if permit.file() != &blob.file {
            return Err(Refusal::NotFound.into());
        }
        let blocks = Blocks::Heeded(tombstone::agency_of(permit.actor()));
        Reader::open(&self.shared, permit.report(), blob, blocks).await
    }

    /// Opens files that permits name, all of one report and for one reader, with one look for their keys. The look is as old
    /// as the first of them is: whoever opens many opens them a few at a time.
    ///
    /// # Errors
    /// As [`Vault::open`], for any of them.
    pub async fn unlock(&self, files: &[(OpenFile, BlobRef)]) -> Result<Vec<Unlocked>> {
        let Some((first, _)) = files.first() else { return Ok(Vec::new()) };
        let one = |(permit, blob): &(OpenFile, BlobRef)| {
            permit.file() == &blob.file
                && permit.report() == first.report()
                && permit.actor() == first.actor()
        };
        if !files.iter().all(one) {
            return Err(Refusal::NotFound.into());
        }
        let blobs: Vec<BlobRef> = files.iter().map(|(_, blob)| blob.clone()).collect();
        let blocks = Blocks::Heeded(tombstone::agency_of(first.actor()));
        let keys = reader::keys_of(&self.shared, first.report(), &blobs, blocks).await?;
        let unlocked = keys.into_iter().zip(blobs).map(|(key, blob)| {
            let key = key.ok_or(Refusal::Destroyed)?;
            Ok(Unlocked { shared: Arc::clone(&self.shared), blob, key })
        });
        unlocked.collect()
    }

    /// Whether a blob opens: its key is there, its header and its last chunk verify. No byte of it is released, so that no
    /// ground is needed; for the proof that what was destroyed does not open and the rest does.
    ///
    /// # Errors
    /// A fault of the vault or of custody.
    pub async fn opens(&self, report: ReportId, blob: &BlobRef) -> Result<bool> {
        match Reader::open(&self.shared, report, blob, Blocks::Ignored).await {
            Ok(_) => Ok(true),
            Err(Error::Refusal(Refusal::Destroyed)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the live store still has a key for a blob, blocked or not. Opens nothing.
    ///
    /// # Errors
    /// A fault of the database or of custody.
    pub async fn has_key(&self, report: ReportId, blob: &BlobRef) -> Result<bool> {
        match reader::key(&self.shared, report, blob, Blocks::Ignored).await {
            Ok(_) => Ok(true),
            Err(Error::Refusal(Refusal::Destroyed)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Checks that a blob lies where its row says, whole as far as its length tells. Opens nothing.
    ///
    /// # Errors
    /// [`crate::Fault::BlobMissing`] when it does not.
    pub async fn check(&self, blob: &BlobRef) -> Result<()> {
        reader::check(&self.shared, blob).await
    }

    /// Asks whether what the bytes lie in answers. Opens nothing.
    ///
    /// # Errors
    /// A fault of the disk or the bucket.
    pub async fn answers(&self) -> Result<()> {
        Ok(self.shared.depot.answers().await?)
    }

    /// Keeps bytes that are public, unsealed, under a name of hexadecimal digits.
    ///
    /// # Errors
    /// A fault of the disk or the bucket.
    pub async fn keep_public(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        Ok(self.shared.depot.keep_named(name, bytes).await?)
    }

    /// Public bytes, if they are kept.
    ///
    /// # Errors
    /// A fault of the disk or the bucket.
    pub async fn public(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.shared.depot.named(name).await?)
    }
}

/// The house's chance, as the depot draws names from it.
fn chance(given: &Given) -> Chance {
    let random = Arc::clone(&given.random);
    Arc::new(move || seal::random::bytes(&*random).map_err(std::io::Error::other))
}
