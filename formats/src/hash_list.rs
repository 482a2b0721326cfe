//! Lists of digests as tools write them: one a line, or a sheet whose columns are named MD5, SHA1 and SHA256. Read line by
//! line within bounds; which digest it is shows in its length.

use std::io::{BufRead, BufReader, Read};

/// The longest line.
const MOST_LINE_BYTES: u64 = 64 << 10;

/// The digests of one line, of which there is at least one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entry {
    /// MD5.
    pub md5: Option<[u8; 16]>,
    /// SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256.
    pub sha256: Option<[u8; 32]>,
}

/// What a whole list was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outline {
    /// Lines with a digest.
    pub entries: u64,
    /// Lines with words and no digest; comments and empty lines are not counted.
    pub without: u64,
}

/// Why a list was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It could not be read.
    #[error("the list could not be read")]
    Unreadable(#[source] std::io::Error),
    /// A line is too long to be one of a list.
    #[error("line {0} is longer than {MOST_LINE_BYTES} bytes")]
    Line(u64),
    /// Not one line has a digest.
    #[error("no line of it has an MD5, SHA-1 or SHA-256")]
    Nothing,
    /// Whoever takes the entries said no.
    #[error("{0}")]
    Stopped(String),
}

/// Reads a list, and hands over the digests of each line with the line itself.
///
/// # Errors
/// When it cannot be read, has a line that is too long or no digest at all, or when `each` says no.
pub fn read(
    from: impl Read,
    each: &mut dyn FnMut(Entry, &str) -> Result<(), String>,
) -> Result<Outline, Fault> {
    let mut from = BufReader::new(from);
    let mut outline = Outline::default();
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let read = from.by_ref().take(MOST_LINE_BYTES + 1).read_until(b'\n', &mut bytes);
        match read.map_err(Fault::Unreadable)? {
            0 => break,
            length if length as u64 > MOST_LINE_BYTES => return Err(Fault::Line(number)),
            _ => {}
        }
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_start_matches('\u{feff}').trim();
        let entry = entry(line);
        if entry != Entry::default() {
            outline.entries += 1;
            each(entry, line).map_err(Fault::Stopped)?;
        } else if !line.is_empty() && !line.starts_with('#') {
            outline.without += 1;
        }
    }
    if outline.entries == 0 { Err(Fault::Nothing) } else { Ok(outline) }
}

/// The first digest of each kind on a line.
fn entry(line: &str) -> Entry {
    let mut entry = Entry::default();
    let words = line.split(|letter: char| !letter.is_ascii_alphanumeric());
    for word in words.filter(|word| matches!(word.len(), 32 | 40 | 64)) {
        let Ok(bytes) = seal::unhex(&word.to_ascii_lowercase()) else { continue };
        match word.len() {
            32 => entry.md5 = entry.md5.or_else(|| bytes.try_into().ok()),
            40 => entry.sha1 = entry.sha1.or_else(|| bytes.try_into().ok()),
            _ => entry.sha256 = entry.sha256.or_else(|| bytes.try_into().ok()),
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<(Vec<Entry>, Outline), Fault> {
        let mut entries = Vec::new();
        let outline = read(text.as_bytes(), &mut |entry, _| {
            entries.push(entry);
            Ok(())
        })?;
        Ok((entries, outline))
    }

    #[test]
    fn lists_and_sheets_of_any_digest_are_read() {
        let (md5, sha1, sha256) = ("11".repeat(16), "22".repeat(20), "AB".repeat(32));
        let text = format!("\u{feff}# a list\r\nname,MD5,SHA1\r\n\"a.jpg\",{md5},{sha1}\r\n\r\n{sha256}");
        let (entries, outline) = all(&text).unwrap();
        assert_eq!((outline.entries, outline.without), (2, 1));
        let first = Entry { md5: Some([0x11; 16]), sha1: Some([0x22; 20]), sha256: None };
        assert_eq!(entries, [first, Entry { sha256: Some([0xab; 32]), ..Entry::default() }]);
    }

    #[test]
    fn what_is_no_list_is_refused_and_says_where() {
        assert!(matches!(all("hello\nworld"), Err(Fault::Nothing)));
        let endless = "0".repeat(usize::try_from(MOST_LINE_BYTES).unwrap() + 1);
        assert!(matches!(all(&format!("{}\n{endless}", "11".repeat(16))), Err(Fault::Line(2))));
    }
}
