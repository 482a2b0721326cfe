//! Names that other programs keep: a UUID (version 5) of what a thing is called, so that the same thing has the same
//! one in every export.

use std::fmt::Write as _;

/// The name space of everything of ours: version 5 of the DNS name space and "clearinghouse".
const SPACE: [u8; 16] =
    [0x6f, 0x0e, 0x5d, 0x1c, 0x3c, 0x5d, 0x5a, 0x0b, 0x9c, 0x2f, 0x0a, 0x4d, 0x61, 0x88, 0x51, 0x7e];
/// Where hyphens stand, in bytes.
const GROUPS: [usize; 4] = [4, 6, 8, 10];

/// The UUID of what these words name together.
pub(crate) fn of(words: &[&str]) -> String {
    text(&bytes(words))
}

/// The same as bytes.
pub(crate) fn bytes(words: &[&str]) -> [u8; 16] {
    let mut digests = seal::Digests::new();
    digests.update(&SPACE);
    for word in words {
        digests.update(&(word.len() as u64).to_be_bytes());
        digests.update(word.as_bytes());
    }
    let sha1 = digests.finish().sha1;
    let mut bytes = std::array::from_fn(|at| sha1[at]);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

/// The usual spelling.
pub(crate) fn text(bytes: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if GROUPS.contains(&at) {
            text.push('-');
        }
        // INVARIANT: writing to a String cannot fail.
        write!(text, "{byte:02x}").expect("a string takes every write");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_uuid_and_no_two_names_share_it() {
        let one = of(&["file", "1"]);
        assert_eq!(one, of(&["file", "1"]));
        assert_ne!(one, of(&["file1", ""]));
        assert_eq!((one.len(), one.as_bytes()[14], one.matches('-').count()), (36, b'5', 4));
        assert!(matches!(one.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}
