//! The one form of every head in the archive: what an entry's facts are written as (APPNOTE 6.3.10).

use std::io::{Read, Seek};

use super::{Entry, Method, UNREADABLE, piece};

/// Dates and times are those of 1 January 1980; sizes stand behind the content.
const TIME: u16 = 0;
const DATE: u16 = 0x21;
const FLAGS: u16 = 0x08;
const UNIX: u16 = 3 << 8;
const PERMISSIONS: u32 = 0o100_644 << 16;
/// From here on a number needs the 64-bit form.
const LARGE: u64 = 0xffff_ffff;
const MANY: u64 = 0xffff;

const END_BYTES: u64 = 22;
const LOCATOR_BYTES: u64 = 20;
const LARGE_END_BYTES: u64 = 56;

impl Method {
    const fn code(self) -> u16 {
        match self {
            Self::Stored => 0,
            Self::Deflated => 8,
        }
    }
}

impl Entry {
    const fn is_large(&self) -> bool {
        self.size >= LARGE
    }

    /// What a reader must be able to do.
    const fn version(&self) -> u16 {
        match self.method {
            _ if self.is_large() => 45,
            Method::Deflated => 20,
            Method::Stored => 10,
        }
    }

    /// Reads the facts out of a head of the directory, which is not yet believed.
    pub(super) fn parse(head: &[u8]) -> Option<Self> {
        let two = |at: usize| head.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
        let four = |at: usize| {
            let four = head.get(at..at + 4)?.try_into().ok()?;
            Some(u32::from_le_bytes(four))
        };
        let method = match two(10)? {
            0 => Method::Stored,
            8 => Method::Deflated,
            _ => return None,
        };
        let name_end = 46 + usize::from(two(28)?);
        let name = std::str::from_utf8(head.get(46..name_end)?).ok()?.to_owned();
        let mut extra = head.get(name_end + 4..name_end + usize::from(two(30)?)).unwrap_or_default();
        let mut number = |short: u32| {
            if u64::from(short) != LARGE {
                return Some(short.into());
            }
            let (eight, rest) = extra.split_first_chunk::<8>()?;
            extra = rest;
            Some(u64::from_le_bytes(*eight))
        };
        let size = number(four(24)?)?;
        let packed = number(four(20)?)?;
        let offset = number(four(42)?)?;
        Some(Self { name, size, method, crc: four(16)?, packed, offset })
    }

    /// The head in the directory.
    pub(super) fn directory_head(&self) -> Vec<u8> {
        let extra = self.directory_extra();
        let short = |number: u64| u32::try_from(number.min(LARGE)).unwrap_or(u32::MAX);
        let (packed, size) = match self.is_large() {
            true => (u32::MAX, u32::MAX),
            false => (short(self.packed), short(self.size)),
        };
        let mut head = Vec::new();
        head.extend(b"PK\x01\x02");
        head.extend((UNIX | self.version()).to_le_bytes());
        head.extend(self.common());
        head.extend(self.crc.to_le_bytes());
        head.extend(packed.to_le_bytes());
        head.extend(size.to_le_bytes());
        head.extend(length(self.name.len()));
        head.extend(length(extra.len()));
        // No comment, one disk, no attributes but the permissions.
        head.extend([0; 6]);
        head.extend(PERMISSIONS.to_le_bytes());
        head.extend(short(self.offset).to_le_bytes());
        head.extend(self.name.as_bytes());
        head.extend(extra);
        head
    }

    fn directory_extra(&self) -> Vec<u8> {
        let mut numbers = Vec::new();
        if self.is_large() {
            numbers.extend(self.size.to_le_bytes());
            numbers.extend(self.packed.to_le_bytes());
        }
        if self.offset >= LARGE {
            numbers.extend(self.offset.to_le_bytes());
        }
        extra(&numbers)
    }

    /// The head in front of the content. Sizes are not yet known there.
    pub(super) fn local_head(&self) -> Vec<u8> {
        let extra = if self.is_large() { extra(&[0; 16]) } else { Vec::new() };
        let mut head = Vec::new();
        head.extend(b"PK\x03\x04");
        head.extend(self.common());
        head.extend([0; 12]);
        head.extend(length(self.name.len()));
        head.extend(length(extra.len()));
        head.extend(self.name.as_bytes());
        head.extend(extra);
        head
    }

    /// What both heads have after their signatures.
    fn common(&self) -> Vec<u8> {
        let words = [self.version(), FLAGS, self.method.code(), TIME, DATE];
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    pub(super) fn data_at(&self) -> u64 {
        self.offset.saturating_add(self.local_head().len() as u64)
    }

    /// What stands behind the content.
    pub(super) fn tail(&self) -> Vec<u8> {
        let mut tail = Vec::new();
        tail.extend(b"PK\x07\x08");
        tail.extend(self.crc.to_le_bytes());
        for number in [self.packed, self.size] {
            // INVARIANT: a number that does not fit makes the entry large.
            match self.is_large() {
                true => tail.extend(number.to_le_bytes()),
                false => tail.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()),
            }
        }
        tail
    }
}

fn length(bytes: usize) -> [u8; 2] {
    u16::try_from(bytes).unwrap_or(u16::MAX).to_le_bytes()
}

/// The 64-bit numbers as an extra field; nothing when there are none.
fn extra(numbers: &[u8]) -> Vec<u8> {
    if numbers.is_empty() {
        return Vec::new();
    }
    [&[1, 0], &length(numbers.len()), numbers].concat()
}

/// Where the directory is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) entries: u64,
    pub(super) directory_at: u64,
    pub(super) directory_bytes: u64,
}

impl End {
    /// Reads the facts out of the end, which is not yet believed.
    pub(super) fn read(reader: &mut (impl Read + Seek), length: u64) -> Result<Self, String> {
        let at = length.checked_sub(END_BYTES).ok_or(UNREADABLE)?;
        let end = piece(reader, at, 22)?;
        let four =
            |at: usize| u64::from(u32::from_le_bytes([end[at], end[at + 1], end[at + 2], end[at + 3]]));
        let (entries, bytes, offset) =
            (u64::from(u16::from_le_bytes([end[10], end[11]])), four(12), four(16));
        if bytes != LARGE {
            return Ok(Self { entries, directory_at: offset, directory_bytes: bytes });
        }
        let at = at.checked_sub(LOCATOR_BYTES + LARGE_END_BYTES).ok_or(UNREADABLE)?;
        let end = piece(reader, at, 56)?;
        let eight = |at: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&end[at..at + 8]);
            u64::from_le_bytes(number)
        };
        Ok(Self { entries: eight(32), directory_bytes: eight(40), directory_at: eight(48) })
    }

    /// Where the end begins.
    pub(super) const fn at(&self) -> u64 {
        self.directory_at.saturating_add(self.directory_bytes)
    }

    /// How long it is in an archive of this length.
    pub(super) fn bytes(&self, length: u64) -> Result<usize, String> {
        let bytes = length
            .checked_sub(self.at())
            .filter(|bytes| *bytes <= END_BYTES + LOCATOR_BYTES + LARGE_END_BYTES);
        bytes.and_then(|bytes| usize::try_from(bytes).ok()).ok_or_else(|| UNREADABLE.to_owned())
    }

    /// The end in its one form.
    pub(super) fn written(&self, entries: &[Entry]) -> Vec<u8> {
        let mut end = Vec::new();
        let is_large = self.entries > MANY || self.directory_bytes.max(self.directory_at) > LARGE;
        if is_large {
            let version = entries.iter().map(Entry::version).max().unwrap_or(10).max(10);
            end.extend(b"PK\x06\x06");
            end.extend(44_u64.to_le_bytes());
            end.extend([version.to_le_bytes(), version.to_le_bytes()].concat());
            end.extend([0; 8]);
            for number in [self.entries, self.entries, self.directory_bytes, self.directory_at] {
                end.extend(number.to_le_bytes());
            }
            end.extend(b"PK\x06\x07");
            end.extend([0; 4]);
            end.extend(self.at().to_le_bytes());
            end.extend(1_u32.to_le_bytes());
        }
        let count = u16::try_from(self.entries.min(MANY)).unwrap_or(u16::MAX);
        let bytes = if is_large { LARGE } else { self.directory_bytes };
        end.extend(b"PK\x05\x06");
        end.extend([0; 4]);
        end.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
        for number in [bytes, self.directory_at.min(LARGE)] {
            end.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
        end.extend([0; 2]);
        end
    }
}

/// CRC-32 as zip has it, eight bytes at a time.
pub(super) struct Crc(u32);

const STEP: usize = 8;
/// What a byte becomes after so many bytes more.
const TABLES: [[u32; 256]; STEP] = tables();

const fn tables() -> [[u32; 256]; STEP] {
    let mut tables = [[0; 256]; STEP];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        tables[0][byte] = value;
        byte += 1;
    }
    let mut step = 1;
    while step < STEP {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[step - 1][byte];
            tables[step][byte] = before >> 8 ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        step += 1;
    }
    tables
}

impl Crc {
    pub(super) const fn new() -> Self {
        Self(u32::MAX)
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        let mut eights = bytes.chunks_exact(STEP);
        for eight in &mut eights {
            let [a, b, c, d] = self.0.to_le_bytes();
            let mixed = [
                eight[0] ^ a,
                eight[1] ^ b,
                eight[2] ^ c,
                eight[3] ^ d,
                eight[4],
                eight[5],
                eight[6],
                eight[7],
            ];
            let looked_up =
                mixed.iter().zip(TABLES.iter().rev()).map(|(byte, table)| table[usize::from(*byte)]);
            self.0 = looked_up.fold(0, |all, one| all ^ one);
        }
        for byte in eights.remainder() {
            let [low, ..] = self.0.to_le_bytes();
            self.0 = self.0 >> 8 ^ TABLES[0][usize::from(low ^ byte)];
        }
    }

    pub(super) const fn finish(self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_the_known_one() {
        let mut crc = Crc::new();
        crc.update(b"1234");
        crc.update(b"56789");
        assert_eq!(crc.finish(), 0xcbf4_3926);
    }

    #[test]
    fn eight_bytes_at_a_time_are_as_one_by_one() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_003).collect();
        let (mut at_once, mut one_by_one) = (Crc::new(), Crc::new());
        at_once.update(&bytes);
        bytes.iter().for_each(|byte| one_by_one.update(&[*byte]));
        assert_eq!(at_once.finish(), one_by_one.finish());
    }
}
