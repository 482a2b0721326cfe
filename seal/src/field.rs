//! Sealed column values. A value opens only in the table, row and column that it was sealed for, so a writer
//! of the database cannot move one person's text into another person's record.

use zeroize::Zeroizing;

use crate::{DataKey, Fault, Random, gcm};

const PURPOSE: &[u8] = b"seal/field/v1";

/// What sealing adds to a value: version byte, nonce and tag.
pub const OVERHEAD_BYTES: usize = gcm::OVERHEAD_BYTES;

/// Where a sealed value lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Name of the table.
    pub table: &'a str,
    /// Key of the row, in the one byte form that its type prints.
    pub row: &'a [u8],
    /// Name of the column.
    pub column: &'a str,
}

impl Place<'_> {
    fn parts(&self) -> [&[u8]; 4] {
        [PURPOSE, self.table.as_bytes(), self.row, self.column.as_bytes()]
    }
}

/// Seals `plain` for one place. Two seals of one value differ, so equal values cannot be told apart.
pub fn seal(key: &DataKey, at: &Place<'_>, plain: &[u8], random: &dyn Random) -> Result<Vec<u8>, Fault> {
    gcm::lock(key.bytes(), &at.parts(), plain, random)
}

/// Opens a value in its place; refuses a changed value and one from any other place. The plaintext is cleared
/// from memory when the answer is dropped.
pub fn open(key: &DataKey, at: &Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    gcm::unlock(key.bytes(), &at.parts(), sealed, "sealed field")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SeededRandom;

    const AT: Place<'static> = Place { table: "tip", row: b"17", column: "words" };

    fn key(byte: u8) -> DataKey {
        DataKey::from_bytes([byte; 32])
    }

    #[test]
    fn a_value_moved_to_another_place_is_refused() {
        let sealed = seal(&key(1), &AT, b"dull text", &SeededRandom::from_seed(1)).unwrap();
        let elsewhere = [
            Place { table: "top", ..AT },
            Place { row: b"18", ..AT },
            Place { column: "notes", ..AT },
            // The same letters, cut elsewhere.
            Place { table: "ti", row: b"p17", ..AT },
            Place { row: b"17w", column: "ords", ..AT },
        ];
        assert_eq!(open(&key(1), &AT, &sealed).unwrap().as_slice(), b"dull text");
        for place in elsewhere {
            assert!(matches!(open(&key(1), &place, &sealed), Err(Fault::NotAuthentic { .. })), "{place:?}");
        }
        assert!(matches!(open(&key(2), &AT, &sealed), Err(Fault::NotAuthentic { .. })));
    }

    #[test]
    fn two_seals_of_one_value_differ() {
        let random = SeededRandom::from_seed(2);
        let twice = [(); 2].map(|()| seal(&key(1), &AT, b"same", &random).unwrap());
        assert_ne!(twice[0], twice[1]);
        assert_eq!(twice[0].len(), 4 + OVERHEAD_BYTES);
    }

    #[test]
    fn an_unknown_version_is_refused() {
        let mut sealed = seal(&key(1), &AT, b"x", &SeededRandom::from_seed(3)).unwrap();
        sealed[0] = 2;
        assert!(matches!(open(&key(1), &AT, &sealed), Err(Fault::Malformed { .. })));
    }

    proptest! {
        #[test]
        fn any_value_comes_back_and_any_flipped_bit_is_refused(
            plain in prop::collection::vec(any::<u8>(), 0..300), bit: prop::sample::Index, seed: u64,
        ) {
            let mut sealed = seal(&key(9), &AT, &plain, &SeededRandom::from_seed(seed)).unwrap();
            let opened = open(&key(9), &AT, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
            let bit = bit.index(sealed.len() * 8);
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(open(&key(9), &AT, &sealed).is_err());
        }

        #[test]
        fn a_cut_value_is_refused(length in 0_usize..OVERHEAD_BYTES + 8) {
            let sealed = seal(&key(9), &AT, b"12345678", &SeededRandom::from_seed(4)).unwrap();
            prop_assert!(open(&key(9), &AT, &sealed[..length]).is_err());
        }
    }
}
