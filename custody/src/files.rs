//! Custody as a folder: one small file a key, sealed under the root. For small installations.
//!
//! The folder is not the database and not the vault, and **backups leave it out**: a key in a backup is a key that
//! cannot be destroyed. A file that is destroyed is overwritten three times, then unlinked. A disk that copies on
//! write may keep the old blocks; they hold a key that is sealed under the root.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;
use std::sync::Arc;

use seal::{Custody, CustodyFault, DataKey, Place, Random, field};
use zeroize::Zeroize;

use crate::name::checked;
use crate::{gone, refused};

const SUFFIX: &str = ".key";
const OVERWRITES: usize = 3;

/// A folder of keys.
pub struct Files {
    folder: PathBuf,
    root: DataKey,
    random: Arc<dyn Random>,
}

impl Files {
    /// Opens the folder, making it if need be; `root` are 32 secret bytes that seal every file in it.
    ///
    /// # Errors
    /// [`CustodyFault::Refused`] when others may look into the folder.
    pub fn open(folder: PathBuf, root: [u8; 32], random: Arc<dyn Random>) -> Result<Self, CustodyFault> {
        const DOING: &str = "opening the folder of keys";
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(silent(DOING))?;
        let mode = fs::metadata(&folder).map_err(silent(DOING))?.permissions().mode();
        if mode & 0o077 != 0 {
            let why = format!("others may look into {}: chmod 700", folder.display());
            return Err(refused(DOING, why));
        }
        Ok(Self { folder, root: DataKey::from_bytes(root), random })
    }

    fn path(&self, name: &str) -> Result<PathBuf, CustodyFault> {
        Ok(self.folder.join(format!("{}{SUFFIX}", checked(name)?)))
    }

    fn read(&self, name: &str) -> Result<DataKey, CustodyFault> {
        let sealed = match fs::read(self.path(name)?) {
            Ok(sealed) => sealed,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Err(gone(name)),
            Err(fault) => return Err(silent("reading a key")(fault)),
        };
        let mut plain = field::open(&self.root, &at(name, "key"), &sealed)?;
        let bytes = <[u8; 32]>::try_from(plain.as_slice());
        plain.zeroize();
        bytes.map(DataKey::from_bytes).map_err(|_| seal::Fault::Malformed { what: "file of a key" }.into())
    }

    /// The folder's own entry, durable.
    fn settle(&self) -> Result<(), CustodyFault> {
        File::open(&self.folder)
            .and_then(|folder| folder.sync_all())
            .map_err(silent("settling the folder of keys"))
    }
}

impl Custody for Files {
    fn create(&self, name: &str) -> Result<(), CustodyFault> {
        const DOING: &str = "making a key";
        let mut key: [u8; 32] = seal::random::bytes(&*self.random)?;
        let sealed = field::seal(&self.root, &at(name, "key"), &key, &*self.random);
        key.zeroize();
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.path(name)?);
        let mut file = opened.map_err(silent(DOING))?;
        file.write_all(&sealed?).and_then(|()| file.sync_all()).map_err(silent(DOING))?;
        self.settle()
    }

    fn wrap(&self, name: &str, secret: &[u8; 32]) -> Result<Vec<u8>, CustodyFault> {
        Ok(field::seal(&self.read(name)?, &at(name, "wrapped"), secret, &*self.random)?)
    }

    fn unwrap(&self, name: &str, wrapped: &[u8]) -> Result<[u8; 32], CustodyFault> {
        let plain = field::open(&self.read(name)?, &at(name, "wrapped"), wrapped)?;
        Ok(plain.as_slice().try_into().map_err(|_| seal::Fault::Malformed { what: "wrapped secret" })?)
    }

    fn destroy(&self, name: &str) -> Result<(), CustodyFault> {
        const DOING: &str = "destroying a key";
        let path = self.path(name)?;
        let mut file = match OpenOptions::new().write(true).open(&path) {
            Ok(file) => file,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(fault) => return Err(silent(DOING)(fault)),
        };
        let length = file.metadata().map_err(silent(DOING))?.len();
        let mut noise = vec![0; usize::try_from(length.max(64)).unwrap_or(4096).min(4096)];
        for _ in 0..OVERWRITES {
            self.random.fill(&mut noise)?;
            io::Seek::rewind(&mut file).map_err(silent(DOING))?;
            file.write_all(&noise).and_then(|()| file.sync_all()).map_err(silent(DOING))?;
        }
        match fs::remove_file(&path) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(silent(DOING)(fault)),
            _ => self.settle(),
        }
    }

    fn names(&self) -> Result<Vec<String>, CustodyFault> {
        const DOING: &str = "listing the keys";
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(silent(DOING))? {
            let name = entry.map_err(silent(DOING))?.file_name();
            names.extend(name.to_str().and_then(|name| name.strip_suffix(SUFFIX)).map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }
}

fn at<'a>(name: &'a str, column: &'a str) -> Place<'a> {
    Place { table: "custody", row: name.as_bytes(), column }
}

fn silent(doing: &'static str) -> impl FnOnce(io::Error) -> CustodyFault {
    move |source| CustodyFault::Silent { doing, source: source.into() }
}
