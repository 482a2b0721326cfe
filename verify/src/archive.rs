//! The zip of a package, byte by byte: heads in their one form, one entry after the other without a gap, the directory,
//! its end. Nothing in it is free, so nothing can be hidden in it.

mod form;

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom, Write};

use crate::digest::{Digest, Running};
use crate::inflate;

use form::{Crc, End};

/// Entries that an archive may have.
const MOST_ENTRIES: u64 = 200_000;
/// The longest directory that is read.
const MOST_DIRECTORY_BYTES: u64 = 64 << 20;
/// The longest deflated entry, packed or not: texts of ours are far shorter.
const MOST_TEXT_BYTES: u64 = 256 << 20;
const MOST_NAME_BYTES: usize = 100;
const PIECE_BYTES: usize = 256 << 10;

/// How an entry is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Stored,
    Deflated,
}

/// What the directory says of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) size: u64,
    method: Method,
    crc: u32,
    packed: u64,
    offset: u64,
}

/// An archive whose every byte outside the entries' own was found to be what it must be.
pub(crate) struct Archive<'a, R> {
    reader: &'a mut R,
    entries: Vec<Entry>,
}

impl<'a, R: Read + Seek> Archive<'a, R> {
    /// Reads heads and directory.
    pub(crate) fn open(reader: &'a mut R) -> Result<Self, String> {
        let length = reader.seek(SeekFrom::End(0)).map_err(|_| UNREADABLE)?;
        let end = End::read(reader, length)?;
        if end.entries > MOST_ENTRIES || end.directory_bytes > MOST_DIRECTORY_BYTES {
            return Err("it has far more entries than a package can have".to_owned());
        }
        let bytes = usize::try_from(end.directory_bytes).map_err(|_| UNREADABLE)?;
        let directory = piece(reader, end.directory_at, bytes)?;
        let entries = entries(&directory, end.entries)?;
        let mut archive = Self { reader, entries };
        archive.check_heads(end.directory_at)?;
        if end.written(&archive.entries) != piece(archive.reader, end.at(), end.bytes(length)?)? {
            return Err("the end of the directory is not in its form".to_owned());
        }
        Ok(archive)
    }

    /// The entries, in the order of the archive.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Each entry's heads stand where the entry before ended, and say what the directory says.
    fn check_heads(&mut self, directory_at: u64) -> Result<(), String> {
        let mut at = 0_u64;
        let mut names = BTreeSet::new();
        for entry in &self.entries {
            let wrong = || format!("the entry {} is not in its form", entry.name);
            if entry.offset != at || !is_name(&entry.name) || !names.insert(entry.name.as_str()) {
                return Err(wrong());
            }
            let head = entry.local_head();
            if piece(self.reader, at, head.len())? != head {
                return Err(wrong());
            }
            let data_end = entry.data_at().checked_add(entry.packed).ok_or_else(wrong)?;
            let tail = entry.tail();
            if data_end > directory_at || piece(self.reader, data_end, tail.len())? != tail {
                return Err(wrong());
            }
            at = data_end + tail.len() as u64;
        }
        match at == directory_at {
            true => Ok(()),
            false => Err("there are bytes between the entries and the directory".to_owned()),
        }
    }

    /// SHA-256 of an entry's content, whose check sum is held against it on the way.
    pub(crate) fn digest(&mut self, entry: &Entry) -> Result<Digest, String> {
        let mut digest = Running::new();
        let mut crc = Crc::new();
        match entry.method {
            Method::Deflated => {
                let bytes = self.text(entry)?;
                digest.update(&bytes);
                crc.update(&bytes);
            }
            Method::Stored => self.pieces(entry, |bytes| {
                digest.update(bytes);
                crc.update(bytes);
            })?,
        }
        match crc.finish() == entry.crc {
            true => Ok(digest.finish()),
            false => Err(format!("the check sum of {} is wrong", entry.name)),
        }
    }

    /// Writes an entry's content out.
    pub(crate) fn copy(&mut self, entry: &Entry, sink: &mut dyn Write) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{} cannot be written: {error}", entry.name);
        if entry.method == Method::Deflated {
            return sink.write_all(&self.text(entry)?).map_err(failed);
        }
        let mut written = Ok(());
        self.pieces(entry, |bytes| {
            if written.is_ok() {
                written = sink.write_all(bytes);
            }
        })?;
        written.map_err(failed)
    }

    fn pieces(&mut self, entry: &Entry, mut each: impl FnMut(&[u8])) -> Result<(), String> {
        self.reader.seek(SeekFrom::Start(entry.data_at())).map_err(|_| UNREADABLE)?;
        let mut left = entry.packed;
        let mut buffer = vec![0; usize::try_from(left).unwrap_or(usize::MAX).min(PIECE_BYTES)];
        while left > 0 {
            let now = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            self.reader.read_exact(&mut buffer[..now]).map_err(|_| UNREADABLE)?;
            each(&buffer[..now]);
            left -= now as u64;
        }
        Ok(())
    }

    /// The content of a deflated entry.
    pub(crate) fn text(&mut self, entry: &Entry) -> Result<Vec<u8>, String> {
        if entry.method != Method::Deflated || entry.packed.max(entry.size) > MOST_TEXT_BYTES {
            return Err(format!("{} is not a text", entry.name));
        }
        let (packed, size) = (usize::try_from(entry.packed), usize::try_from(entry.size));
        let (packed, size) = packed.ok().zip(size.ok()).ok_or(UNREADABLE)?;
        let packed = piece(self.reader, entry.data_at(), packed)?;
        inflate::inflated(&packed, size).ok_or_else(|| format!("{} cannot be unpacked", entry.name))
    }
}

const UNREADABLE: &str = "the archive ends too early or cannot be read";

fn piece(reader: &mut (impl Read + Seek), at: u64, bytes: usize) -> Result<Vec<u8>, String> {
    reader.seek(SeekFrom::Start(at)).map_err(|_| UNREADABLE)?;
    let mut piece = Vec::new();
    let read = reader.by_ref().take(bytes as u64).read_to_end(&mut piece).map_err(|_| UNREADABLE)?;
    if read == bytes { Ok(piece) } else { Err(UNREADABLE.to_owned()) }
}

fn entries(directory: &[u8], count: u64) -> Result<Vec<Entry>, String> {
    let mut rest = directory;
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let entry = Entry::parse(rest).ok_or("the directory cannot be read")?;
        let form = entry.directory_head();
        rest = rest.strip_prefix(form.as_slice()).ok_or("the directory is not in its form")?;
        entries.push(entry);
    }
    match entries.len() as u64 == count {
        true => Ok(entries),
        false => Err("the directory has another number of entries than its end says".to_owned()),
    }
}

/// Names lead nowhere but into the archive.
fn is_name(name: &str) -> bool {
    let sound = |letter: u8| letter.is_ascii_alphanumeric() || b"-_./".contains(&letter);
    let leads_out = name.starts_with('/') || name.contains("..") || name.contains("//");
    (1..=MOST_NAME_BYTES).contains(&name.len()) && name.bytes().all(sound) && !leads_out
}
