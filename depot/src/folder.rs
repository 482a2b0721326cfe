//! The depot in a local folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::chance::{Chance, name};
use crate::disk::{Disk, DiskFile};
use crate::early::Early;
use crate::pack::Packs;
use crate::spot::{Place, Spot};
use crate::{Fault, Result};

const PACKS: &str = "packs";
const FILES: &str = "files";
const NAMED: &str = "named";
const DRAFTS: &str = "drafts";
const LOCK: &str = "lock";

/// One folder. Large pieces are drafted in a folder that belongs to this process, and get their name when
/// they are whole.
pub(super) struct Folder {
    root: PathBuf,
    drafts: PathBuf,
    disk: Arc<dyn Disk>,
    chance: Chance,
    packs: Packs,
    /// Locked for as long as this process lives: nobody clears our drafts away.
    _lock: File,
}

/// A large piece being written. Dropping it removes it.
pub(super) struct FileDraft {
    path: PathBuf,
    file: Box<dyn DiskFile>,
    early: Early,
}

impl Folder {
    /// Opens or makes the folder, and clears away what crashed processes drafted.
    pub(super) fn open(root: &Path, disk: Arc<dyn Disk>, chance: Chance) -> Result<Self> {
        const DOING: &str = "opening the folder";
        for part in [PACKS, FILES, NAMED, DRAFTS] {
            private_folder(&root.join(part)).map_err(Fault::io(DOING))?;
        }
        for shelf in 0..=u8::MAX {
            private_folder(&root.join(FILES).join(format!("{shelf:02x}"))).map_err(Fault::io(DOING))?;
        }
        clear_drafts(&root.join(DRAFTS)).map_err(Fault::io("clearing the drafts"))?;
        let drafts = root.join(DRAFTS).join(name(&chance).map_err(Fault::io(DOING))?);
        let lock = locked(&drafts).map_err(Fault::io(DOING))?;
        for folder in [root, &root.join(FILES)] {
            disk.flush_folder(folder).map_err(Fault::io(DOING))?;
        }
        let packs = Packs::start(root.join(PACKS), Arc::clone(&disk), Arc::clone(&chance))?;
        Ok(Self { root: root.to_owned(), drafts, disk, chance, packs, _lock: lock })
    }

    /// Keeps a small piece; durable when it answers.
    pub(super) async fn append(&self, bytes: Vec<u8>) -> Result<Spot> {
        self.packs.append(bytes).await
    }

    /// Whether the folder is still there and ours. Blocks.
    pub(super) fn answers(&self) -> Result<()> {
        fs::metadata(self.drafts.join(LOCK)).map(drop).map_err(Fault::io("looking at the folder"))
    }

    /// Begins a large piece. Blocks.
    pub(super) fn draft(&self) -> Result<FileDraft> {
        const DOING: &str = "beginning a file";
        let path = self.drafts.join(name(&self.chance).map_err(Fault::io(DOING))?);
        let file = self.disk.create(&path).map_err(Fault::io(DOING))?;
        Ok(FileDraft { path, file, early: Early::default() })
    }

    /// Makes a draft durable under a name of its own. Blocks.
    pub(super) fn publish(&self, mut draft: FileDraft) -> Result<Spot> {
        const DOING: &str = "publishing a file";
        let name = name(&self.chance).map_err(Fault::io(DOING))?;
        let path = self.file(&name);
        draft.flush().map_err(Fault::io(DOING))?;
        self.disk.publish(&draft.path, &path).map_err(Fault::io(DOING))?;
        Ok(Spot(Place::File { name }))
    }

    /// The file that holds a piece, and where in it the piece begins.
    pub(super) fn find(&self, spot: &Spot) -> Option<(PathBuf, u64)> {
        match &spot.0 {
            Place::Pack { name, offset } => Some((self.root.join(PACKS).join(name), *offset)),
            Place::File { name } => Some((self.file(name), 0)),
            Place::Object { .. } => None,
        }
    }

    /// Keeps bytes under a name of the caller's. Blocks.
    pub(super) fn keep_named(&self, name: &str, bytes: &[u8]) -> Result<()> {
        const DOING: &str = "keeping named bytes";
        let mut draft = self.draft()?;
        draft.append(bytes)?;
        draft.flush().map_err(Fault::io(DOING))?;
        let path = self.root.join(NAMED).join(name);
        self.disk.publish(&draft.path, &path).map_err(Fault::io(DOING))
    }

    /// Bytes under a name, if they are kept. Blocks.
    pub(super) fn named(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        match File::open(self.root.join(NAMED).join(name)).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(_) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::io("reading named bytes")(error)),
        }
    }

    /// One folder for each first byte, so that none grows too large to list.
    fn file(&self, name: &str) -> PathBuf {
        let shelf = name.get(..2).unwrap_or(name);
        self.root.join(FILES).join(shelf).join(name)
    }
}

impl FileDraft {
    /// Adds bytes. Blocks.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.append(bytes).map_err(Fault::io("writing a file"))?;
        self.early.grown(self.file.as_ref(), bytes.len()).map_err(Fault::io("flushing a file that grows"))
    }

    /// Makes all of it durable.
    fn flush(&mut self) -> io::Result<()> {
        self.early.settle()?;
        self.file.flush()
    }
}

impl Drop for FileDraft {
    fn drop(&mut self) {
        match fs::remove_file(&self.path) {
            Ok(()) => {}
            // It was published.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "a draft stays behind"),
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
