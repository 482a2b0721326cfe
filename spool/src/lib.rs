//! Bytes that are written once, read as often as one likes, and gone with whoever wrote them: what is too much to be held
//! in memory while something is made of it. Few of them stay in memory. More lie in a file without a name, which the
//! kernel removes with the process whatever happens to it, sealed under a key that is in this process alone.
//! Deliberately absent: anything that outlives the process, and any idea of what the bytes are.

use std::fs::File;
use std::io::{self, Read, Write};

use seal::chunked::CHUNK_BYTES;
use seal::{DataKey, Fault, Opener, Random, ReadAt, Sealing, Sha256, random};

/// Until here they stay in memory.
const MOST_HELD_BYTES: usize = 1 << 20;
/// What a reader opens at once.
const SHARE_BYTES: u64 = 4 * CHUNK_BYTES as u64;
/// What every spool is bound to.
const CONTEXT: &[u8] = b"clearinghouse/spool/v1";

/// Bytes that are being written.
pub struct Spool {
    key: DataKey,
    sealing: Sealing,
    /// Sealed, and not yet in the file.
    ready: Vec<u8>,
    file: Option<File>,
}

impl Spool {
    /// An empty one, under a key of its own.
    ///
    /// # Errors
    /// When there is no chance to be had.
    pub fn new(chance: &dyn Random) -> Result<Self, Fault> {
        let key = DataKey::generate(chance)?;
        let sealing = Sealing::new(&key, CONTEXT, random::bytes(chance)?)?;
        Ok(Self { key, sealing, ready: Vec::new(), file: None })
    }

    /// Ends the writing; from now on it can be read.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(self) -> io::Result<Spooled> {
        let Self { key, sealing, mut ready, mut file } = self;
        sealing.finish(&mut ready).map_err(io::Error::other)?;
        if let Some(file) = &mut file {
            file.write_all(&ready)?;
        }
        let kept = file.map_or(Kept::Memory(ready), Kept::File);
        Ok(Spooled { opener: Opener::new(&key, CONTEXT, kept).map_err(io::Error::other)? })
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // In shares, so that what is sealed and waits is never more than what may be held.
        let bytes = &bytes[..bytes.len().min(MOST_HELD_BYTES / 2)];
        self.sealing.push(bytes, &mut self.ready).map_err(io::Error::other)?;
        if self.ready.len() > MOST_HELD_BYTES / 2 {
            self.put_away()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Spool {
    fn put_away(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None if self.ready.len() < MOST_HELD_BYTES => return Ok(()),
            none => none.insert(tempfile::tempfile()?),
        };
        file.write_all(&self.ready)?;
        self.ready.clear();
        Ok(())
    }
}

/// The same for bytes of which the digest is wanted.
pub struct Digested {
    spool: Spool,
    sha256: Sha256,
}

impl Digested {
    /// Nothing is written yet.
    #[must_use]
    pub fn new(spool: Spool) -> Self {
        Self { spool, sha256: Sha256::new() }
    }

    /// As [`Spool::finish`], with the digest of what was written.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(self) -> io::Result<(Spooled, [u8; 32])> {
        Ok((self.spool.finish()?, self.sha256.finish()))
    }
}

impl Write for Digested {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.spool.write_all(bytes)?;
        self.sha256.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes that were written.
pub struct Spooled {
    opener: Opener<Kept>,
}

impl Spooled {
    /// How many they are.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.opener.plain_len()
    }

    /// All of them from the first on.
    #[must_use]
    pub const fn read(&self) -> Reader<'_> {
        Reader { from: self, at: 0, opened: Vec::new(), taken: 0 }
    }

    /// Up to `most` of them from a place on; none at the end.
    ///
    /// # Errors
    /// When they cannot be read, or are not what was written.
    pub fn share(&self, at: u64, most: u64) -> io::Result<Vec<u8>> {
        let mut share = Vec::new();
        let length = self.size_bytes().saturating_sub(at).min(most);
        self.opener.read_range(at, length, &mut share).map_err(io::Error::other)?;
        Ok(share)
    }
}

/// One run through the bytes of a spool.
pub struct Reader<'a> {
    from: &'a Spooled,
    at: u64,
    opened: Vec<u8>,
    taken: usize,
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.opened.len() {
            self.opened = self.from.share(self.at, SHARE_BYTES)?;
            self.at += self.opened.len() as u64;
            self.taken = 0;
        }
        let read = (&self.opened[self.taken..]).read(into)?;
        self.taken += read;
        Ok(read)
    }
}

/// Where sealed bytes lie.
enum Kept {
    Memory(Vec<u8>),
    File(File),
}

impl ReadAt for Kept {
    fn len(&self) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => ReadAt::len(bytes.as_slice()),
            Self::File(file) => ReadAt::len(file),
        }
    }

    fn read_exact_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        match self {
            Self::Memory(bytes) => ReadAt::read_exact_at(bytes.as_slice(), offset, out),
            Self::File(file) => ReadAt::read_exact_at(file, offset, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use seal::SeededRandom;

    use super::*;

    /// More than may be held, and no whole number of chunks.
    const MANY: usize = 3 * MOST_HELD_BYTES + 77;

    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|at| (at % 251) as u8).collect()
    }

    fn spooled(all: &[u8], piece: usize) -> Spooled {
        let mut spool = Spool::new(&SeededRandom::from_seed(7)).unwrap();
        all.chunks(piece).for_each(|piece| spool.write_all(piece).unwrap());
        spool.finish().unwrap()
    }

    fn read(spooled: &Spooled) -> Vec<u8> {
        let mut all = Vec::new();
        spooled.read().read_to_end(&mut all).unwrap();
        all
    }

    #[test]
    fn what_was_written_is_read_again_and_again_however_much_it_is() {
        for (count, piece) in [(0, 1), (5, 2), (MOST_HELD_BYTES, 1_000), (MANY, 999), (MANY, MANY)] {
            let (all, spooled) = (bytes(count), spooled(&bytes(count), piece));
            assert_eq!(spooled.size_bytes(), count as u64);
            assert!(read(&spooled) == all && read(&spooled) == all, "{count}");
        }
    }

    #[test]
    fn a_share_begins_and_ends_where_it_is_asked_to() {
        let spooled = spooled(&bytes(MANY), 5_000);
        assert_eq!(spooled.share(20_000, 3).unwrap(), bytes(20_003)[20_000..]);
        assert_eq!(spooled.share(MANY as u64 - 2, 100).unwrap().len(), 2);
        assert!(spooled.share(MANY as u64, 100).unwrap().is_empty());
    }

    #[test]
    fn much_lies_on_the_disk_and_no_word_of_it_can_be_read_there() {
        let word = b"a word that stands nowhere else";
        let spooled = spooled(&word.repeat(100_000), 4_096);
        let Kept::File(file) = spooled.opener.source() else { panic!("it is held in memory") };
        let mut lying = vec![0; usize::try_from(ReadAt::len(file).unwrap()).unwrap()];
        ReadAt::read_exact_at(file, 0, &mut lying).unwrap();
        assert!(lying.len() > word.len() * 100_000);
        assert!(!lying.windows(word.len()).any(|window| window == word));
    }

    #[test]
    fn little_touches_no_disk() {
        assert!(matches!(spooled(&bytes(1_000), 10).opener.source(), Kept::Memory(_)));
    }

    #[test]
    fn while_it_is_written_no_more_is_held_than_may_be() {
        let mut spool = Spool::new(&SeededRandom::from_seed(7)).unwrap();
        let mut most = 0;
        for piece in bytes(8 * MOST_HELD_BYTES).chunks(100_000) {
            spool.write_all(piece).unwrap();
            most = most.max(spool.ready.capacity());
        }
        assert!(most < 3 * MOST_HELD_BYTES, "{most}");
    }
}
