//! The vault in a local folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use seal::Random;

use super::disk::{Disk, DiskFile};
use super::location::{Location, Spot};
use super::pack::Packs;
use crate::{Fault, Result};

const PACKS: &str = "packs";
const FILES: &str = "files";
const PUBLIC: &str = "datasets";
const DRAFTS: &str = "drafts";
const LOCK: &str = "lock";

/// The folder of one house. Large blobs are drafted in a folder that belongs to this process, and get their name when
/// they are whole.
pub(super) struct Folder {
    root: PathBuf,
    drafts: PathBuf,
    disk: Arc<dyn Disk>,
    random: Arc<dyn Random>,
    packs: Packs,
    /// Locked for as long as this process lives: nobody clears our drafts away.
    _lock: File,
}

/// A large blob being written. Dropping it removes it.
pub(super) struct Draft {
    path: PathBuf,
    file: Box<dyn DiskFile>,
}

impl Folder {
    /// Opens or makes the folder, and clears away what crashed processes drafted.
    pub(super) fn open(root: &Path, disk: Arc<dyn Disk>, random: Arc<dyn Random>) -> Result<Self> {
        const DOING: &str = "opening the vault's folder";
        for part in [PACKS, FILES, PUBLIC, DRAFTS] {
            private_folder(&root.join(part)).map_err(Fault::io(DOING))?;
        }
        for shelf in 0..=u8::MAX {
            private_folder(&root.join(FILES).join(seal::hex(&[shelf]))).map_err(Fault::io(DOING))?;
        }
        clear_drafts(&root.join(DRAFTS)).map_err(Fault::io("clearing the vault's drafts"))?;
        let drafts = root.join(DRAFTS).join(name(&*random)?);
        let lock = locked(&drafts).map_err(Fault::io(DOING))?;
        for folder in [root, &root.join(FILES)] {
            disk.flush_folder(folder).map_err(Fault::io(DOING))?;
        }
        let packs = Packs::start(root.join(PACKS), Arc::clone(&disk), Arc::clone(&random))?;
        Ok(Self { root: root.to_owned(), drafts, disk, random, packs, _lock: lock })
    }

    /// Keeps a small sealed blob.
    pub(super) async fn append(&self, sealed: Vec<u8>) -> Result<Location> {
        self.packs.append(sealed).await
    }

    /// Begins a large sealed blob. Blocks.
    pub(super) fn draft(&self) -> Result<Draft> {
        let path = self.drafts.join(name(&*self.random)?);
        let file = self.disk.create(&path).map_err(Fault::io("beginning a blob"))?;
        Ok(Draft { path, file })
    }

    /// Makes a draft durable under a name of its own. Blocks.
    pub(super) fn publish(&self, mut draft: Draft) -> Result<Location> {
        const DOING: &str = "publishing a blob";
        let name = name(&*self.random)?;
        let path = self.file(&name);
        draft.file.flush().map_err(Fault::io(DOING))?;
        self.disk.publish(&draft.path, &path).map_err(Fault::io(DOING))?;
        Ok(Location(Spot::File { name }))
    }

    /// The file that holds a blob, and where in it the blob begins.
    pub(super) fn find(&self, spot: &Spot) -> Option<(PathBuf, u64)> {
        match spot {
            Spot::Pack { name, offset } => Some((self.root.join(PACKS).join(name), *offset)),
            Spot::File { name } => Some((self.file(name), 0)),
            Spot::Object { .. } => None,
        }
    }

    /// Keeps public bytes under a name. Blocks.
    pub(super) fn keep_public(&self, name: &str, bytes: &[u8]) -> Result<()> {
        const DOING: &str = "keeping public bytes";
        let mut draft = self.draft()?;
        draft.append(bytes)?;
        draft.file.flush().map_err(Fault::io(DOING))?;
        let path = self.root.join(PUBLIC).join(name);
        Ok(self.disk.publish(&draft.path, &path).map_err(Fault::io(DOING))?)
    }

    /// Public bytes, if they are kept. Blocks.
    pub(super) fn public(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        match File::open(self.root.join(PUBLIC).join(name)).and_then(|mut file| file.read_to_end(&mut bytes))
        {
            Ok(_) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::io("reading public bytes")(error).into()),
        }
    }

    /// One folder for each first byte, so that none grows too large to list.
    fn file(&self, name: &str) -> PathBuf {
        let shelf = name.get(..2).unwrap_or(name);
        self.root.join(FILES).join(shelf).join(name)
    }
}

impl Draft {
    /// Adds sealed bytes. Blocks.
    pub(super) fn append(&mut self, sealed: &[u8]) -> Result<()> {
        Ok(self.file.append(sealed).map_err(Fault::io("writing a blob"))?)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        match fs::remove_file(&self.path) {
            Ok(()) => {}
            // It was published.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "a draft stays behind in the vault"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.drafts) {
            tracing::debug!(%error, "the folder of drafts stays behind");
        }
    }
}

fn name(random: &dyn Random) -> Result<String> {
    Ok(seal::hex(&seal::random::bytes::<16>(random)?))
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a folder of drafts. Its lock is taken before it gets its name, so that nobody finds it unlocked.
fn locked(drafts: &Path) -> io::Result<File> {
    private_folder(drafts)?;
    let fresh = drafts.join("fresh");
    let lock = File::create(&fresh)?;
    lock.try_lock()?;
    fs::rename(&fresh, drafts.join(LOCK))?;
    Ok(lock)
}

/// Removes the drafts of processes that live no more: their lock can be taken.
fn clear_drafts(all: &Path) -> io::Result<()> {
    for entry in fs::read_dir(all)? {
        let drafts = entry?.path();
        // Without a lock it is just being made.
        let Ok(lock) = File::open(drafts.join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            match fs::remove_dir_all(&drafts) {
                // Another process that opens now was quicker.
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}
