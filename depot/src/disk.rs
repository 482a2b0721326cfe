//! The few things that the depot asks of a file system, so that tests can count flushes and fill disks.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// A file system.
pub trait Disk: Send + Sync {
    /// Makes a file that must not be there yet, readable by its owner only.
    ///
    /// # Errors
    /// As the system says; a file that is there already is one.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Gives a finished file its name; durable when it answers.
    ///
    /// # Errors
    /// As the system says.
    fn publish(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// As the system says.
    fn flush_folder(&self, folder: &Path) -> io::Result<()>;
}

/// A file that only grows, or is cut back to where it was.
pub trait DiskFile: Send {
    /// Adds bytes at the end.
    ///
    /// # Errors
    /// As the system says; some of the bytes may have been added then.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes everything added durable.
    ///
    /// # Errors
    /// As the system says; nobody knows what is durable then.
    fn flush(&mut self) -> io::Result<()>;
    /// The same file once more, so that it can be flushed while it grows.
    ///
    /// # Errors
    /// As the system says.
    fn twin(&self) -> io::Result<Box<dyn DiskFile>>;
    /// Tells the system that what is durable of the file need not stay in memory: the database has more use for it.
    fn let_go(&self);
    /// Forgets everything beyond a length.
    ///
    /// # Errors
    /// As the system says.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

/// The system's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut options = fs::OpenOptions::new();
        options.append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Box::new(options.open(path)?))
    }

    fn publish(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)?;
        to.parent().map_or(Ok(()), |folder| self.flush_folder(folder))
    }

    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }
}

impl DiskFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn twin(&self) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(self.try_clone()?))
    }

    fn let_go(&self) {
        // Advice that is not taken costs memory only.
        #[cfg(target_os = "linux")]
        let _advice = rustix::fs::fadvise(self, 0, None, rustix::fs::Advice::DontNeed);
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}
