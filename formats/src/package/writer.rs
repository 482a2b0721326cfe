//! The archive, byte by byte, without knowing where the bytes go.

use std::collections::VecDeque;
use std::io::{self, BufWriter, Write};

use domain::FileId;
use seal::{Digests, Sha256};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::fault::Fault;
use super::outbox::Outbox;
use super::plan::{FileMember, TextMember};

/// From here on an entry needs the 64-bit form.
const LARGE_BYTES: u64 = u32::MAX as u64;
const PERMISSIONS: u32 = 0o644;
/// A text is packed in shares of this size.
const SHARE_BYTES: usize = 64 << 10;

/// Writes the files of one planned package. Push the bytes of each in turn, and [`Writer::take`] what is ready to send.
///
/// After a fault every call fails, and no end of the archive is ever handed out: a reader cannot take half a package
/// for a whole one.
pub struct Writer {
    zip: ZipWriter<StreamWriter<Outbox>>,
    outbox: Outbox,
    /// Those still to come.
    files: VecDeque<FileMember>,
    current: Option<Current>,
    broken: bool,
}

/// A text on its way into the archive: counted, packed, and sent on as far as it is packed.
struct Packing<'a> {
    zip: &'a mut ZipWriter<StreamWriter<Outbox>>,
    outbox: &'a Outbox,
    to: &'a mut dyn Write,
    sha256: Sha256,
    size_bytes: u64,
}

impl Write for Packing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.zip.write_all(bytes)?;
        self.sha256.update(bytes);
        self.size_bytes += bytes.len() as u64;
        self.to.write_all(&self.outbox.take())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The file that is being written.
struct Current {
    member: FileMember,
    digests: Digests,
}

impl Writer {
    pub(super) fn new() -> Self {
        let outbox = Outbox::default();
        let zip = ZipWriter::new_stream(outbox.clone());
        Self { zip, outbox, files: VecDeque::new(), current: None, broken: false }
    }

    /// Packs a text while it is written, passes on what is packed, and says what the text is known by.
    pub(super) fn text(
        &mut self,
        name: &str,
        to: &mut dyn Write,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<TextMember, Fault> {
        self.zip.start_file(name, options(CompressionMethod::Deflated, 0))?;
        let packing =
            Packing { zip: &mut self.zip, outbox: &self.outbox, to, sha256: Sha256::new(), size_bytes: 0 };
        let mut packing = BufWriter::with_capacity(SHARE_BYTES, packing);
        write(&mut packing).map_err(Fault::Archive)?;
        let Packing { sha256, size_bytes, .. } =
            packing.into_inner().map_err(|error| Fault::Archive(error.into_error()))?;
        Ok(TextMember { name: name.to_owned(), size_bytes, sha256: sha256.finish() })
    }

    /// The same with the files that will be asked for.
    pub(super) fn promising(mut self, files: VecDeque<FileMember>) -> Self {
        self.files = files;
        self
    }

    /// The files that will be asked for.
    pub(super) fn promised(&self) -> impl ExactSizeIterator<Item = &FileId> {
        self.files.iter().map(|member| &member.file)
    }

    /// Ends the file before and starts the next one, whose bytes are to be pushed; `None` after the last.
    ///
    /// # Errors
    /// [`Fault::Changed`] when the bytes of the file before were not the promised ones.
    pub fn next_file(&mut self) -> Result<Option<FileId>, Fault> {
        self.unless_broken(Self::start_next)
    }

    /// Adds bytes to the file that was started last.
    ///
    /// # Errors
    /// When no file was started, or more bytes come than were promised.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.unless_broken(|writer| writer.add(bytes))
    }

    /// What is ready to be sent.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.outbox.take()
    }

    /// Ends the archive and hands out its last bytes.
    ///
    /// # Errors
    /// When a file is missing, or the last one was not as promised.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        if self.unless_broken(Self::start_next)?.is_some() {
            return Err(Fault::OutOfTurn);
        }
        self.zip.finish()?;
        Ok(self.outbox.take())
    }

    fn unless_broken<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.broken {
            return Err(Fault::OutOfTurn);
        }
        let done = step(self);
        if done.is_err() {
            self.broken = true;
            // Not even what was written since the last look leaves any more.
            self.outbox.take();
        }
        done
    }

    fn start_next(&mut self) -> Result<Option<FileId>, Fault> {
        if let Some(current) = self.current.take() {
            current.check()?;
        }
        let Some(member) = self.files.pop_front() else { return Ok(None) };
        // Pictures and films are compressed already: their bytes pass as they are. Tools find the length of such an
        // entry in the directory at the archive's end; one that reads from a pipe may not find it at all.
        self.zip.start_file(&member.name, options(CompressionMethod::Stored, member.size_bytes))?;
        let file = member.file.clone();
        self.current = Some(Current { member, digests: Digests::new() });
        Ok(Some(file))
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let current = self.current.as_mut().ok_or(Fault::OutOfTurn)?;
        current.digests.update(bytes);
        self.zip.write_all(bytes).map_err(Fault::Archive)
    }
}

impl Current {
    fn check(self) -> Result<(), Fault> {
        let found = self.digests.finish();
        match found.sha256 == self.member.sha256 && found.size_bytes == self.member.size_bytes {
            true => Ok(()),
            false => Err(Fault::Changed { member: self.member.name }),
        }
    }
}

/// Nothing in an entry's head depends on when, where or on what machine it is written.
fn options(method: CompressionMethod, size_bytes: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(PERMISSIONS)
        .system(System::Unix)
        .large_file(size_bytes >= LARGE_BYTES)
}
