//! The format against its published vectors, and against someone who holds the bytes but not the key.

use std::io::{self, Write};

use proptest::prelude::*;

use super::*;
use crate::{DataKey, Fault, hex, sha256};

const CONTEXT: &[u8] = b"example/blob/v1";
const BORDERS: [usize; 13] =
    [0, 1, 5, 16_383, 16_384, 16_385, 20_480, 32_767, 32_768, 49_152, 49_153, 16 * 16_384, 17 * 16_384 + 3];

fn key() -> DataKey {
    DataKey::from_bytes(std::array::from_fn(|at| at as u8))
}

fn salt() -> [u8; SALT_BYTES] {
    std::array::from_fn(|at| 0x20 + at as u8)
}

fn plain(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 31 % 251) as u8).collect()
}

/// Seals under the key and salt of the vectors, pushing pieces of the given size.
fn sealed_in_pieces(plain: &[u8], context: &[u8], piece: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealing = Sealing::new(&key(), context, salt()).unwrap();
    for part in plain.chunks(piece) {
        sealing.push(part, &mut out).unwrap();
    }
    sealing.finish(&mut out).unwrap();
    out
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    sealed_in_pieces(plain, CONTEXT, usize::MAX)
}

fn opened(sealed: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    Opener::new(&key(), CONTEXT, sealed)?.copy_to(&mut out)?;
    Ok(out)
}

/// Where chunk `index` lies in a file.
fn chunk(index: usize) -> std::ops::Range<usize> {
    let start = HEADER_BYTES + index * SEALED_CHUNK_BYTES;
    start..start + SEALED_CHUNK_BYTES
}

#[test]
fn the_published_vectors_hold() {
    for (plain, length, digest) in [
        (Vec::new(), 72, "788cd119686cb13743966488978e8891e434a223c8d3f0136da238bf9f0c0f12"),
        (b"hello".to_vec(), 77, "62f0c423bd7230967e0d669574854855eaad974638ce7cf83a1498ca878aeff6"),
        (vec![0; 16_384], 16_472, "23d78791d54da43aa42ed20e376778e9358631fe69c003ed4ef32bf9639bc720"),
        (vec![0; 20_480], 20_568, "c55b7640770b40b1e77159b3e380e7fbc87c24aafede9b67c08708dcb325a9a5"),
    ] {
        let sealed = sealed(&plain);
        assert_eq!((sealed.len(), hex(&sha256(&sealed)).as_str()), (length, digest));
        assert_eq!(opened(&sealed).unwrap(), plain);
    }
}

#[test]
fn every_size_at_a_border_comes_back_and_has_the_length_foretold() {
    for size in BORDERS {
        let plain = plain(size);
        let sealed = sealed(&plain);
        assert_eq!(sealed.len() as u64, sealed_len(size as u64));
        assert_eq!(plain_len(sealed.len() as u64).unwrap(), size as u64);
        assert_eq!(Opener::new(&key(), CONTEXT, sealed.as_slice()).unwrap().plain_len(), size as u64);
        assert_eq!(opened(&sealed).unwrap(), plain, "{size}");
    }
}

#[test]
fn a_file_is_the_same_however_it_was_pushed() {
    let plain = plain(3 * CHUNK_BYTES + 77);
    let whole = sealed(&plain);
    for piece in [1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES] {
        assert_eq!(sealed_in_pieces(&plain, CONTEXT, piece), whole, "{piece}");
    }
}

#[test]
fn a_length_that_no_file_has_is_refused() {
    let chunk = SEALED_CHUNK_BYTES as u64;
    for bad in [0, 55, 56, 71, 56 + chunk, 56 + chunk + 15, 56 + 9 * chunk, u64::MAX] {
        assert!(matches!(plain_len(bad), Err(Fault::Malformed { .. })), "{bad}");
    }
    for good in [72, 56 + chunk - 1, 56 + chunk + 16] {
        assert!(plain_len(good).is_ok(), "{good}");
    }
    // One byte beyond the most that a key may seal.
    assert!(plain_len(sealed_len(1 << 52)).is_err());
    assert_eq!(plain_len(sealed_len((1 << 52) - 1)).unwrap(), (1 << 52) - 1);
    assert_eq!(sealed_len(u64::MAX), u64::MAX);
}

#[test]
fn every_cut_of_a_file_is_refused() {
    let sealed = sealed(&plain(2 * CHUNK_BYTES + 100));
    let near = |at: usize| at.saturating_sub(20)..at + 20;
    let lengths = near(0).chain(near(HEADER_BYTES)).chain(near(chunk(0).end)).chain(near(chunk(1).end));
    for length in lengths.chain(sealed.len() - 120..sealed.len()) {
        assert!(Opener::new(&key(), CONTEXT, &sealed[..length]).is_err(), "{length}");
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert!(opened(&longer).is_err());
}

#[test]
fn a_swapped_chunk_is_refused() {
    let mut sealed = sealed(&plain(2 * CHUNK_BYTES + 9));
    let (first, second) = sealed.split_at_mut(chunk(0).end);
    first[chunk(0)].swap_with_slice(&mut second[..SEALED_CHUNK_BYTES]);
    assert!(matches!(opened(&sealed), Err(Fault::NotAuthentic { what: "sealed chunk" })));
}

#[test]
fn a_dropped_or_doubled_chunk_is_refused() {
    let sealed = sealed(&plain(3 * CHUNK_BYTES + 9));
    let mut dropped = sealed.clone();
    dropped.drain(chunk(1));
    assert!(opened(&dropped).is_err());
    let mut doubled = sealed.clone();
    doubled.splice(chunk(1).end..chunk(1).end, sealed[chunk(1)].to_vec());
    assert!(opened(&doubled).is_err());
}

#[test]
fn a_chunk_of_another_context_or_salt_is_refused() {
    let plain = plain(2 * CHUNK_BYTES + 9);
    let mut spliced = sealed(&plain);
    let other = sealed_in_pieces(&plain, b"example/blob/v2", usize::MAX);
    spliced[chunk(1)].copy_from_slice(&other[chunk(1)]);
    assert!(matches!(opened(&spliced), Err(Fault::NotAuthentic { what: "sealed chunk" })));

    let mut salted = Vec::new();
    let mut sealing = Sealing::new(&key(), CONTEXT, [9; SALT_BYTES]).unwrap();
    sealing.push(&plain, &mut salted).unwrap();
    sealing.finish(&mut salted).unwrap();
    let mut spliced = sealed(&plain);
    spliced[chunk(0)].copy_from_slice(&salted[chunk(0)]);
    assert!(matches!(opened(&spliced), Err(Fault::NotAuthentic { what: "sealed chunk" })));
}

#[test]
fn another_key_or_context_fails_at_the_header() {
    let sealed = sealed(b"dull");
    let wrong = |key: DataKey, context: &[u8]| Opener::new(&key, context, sealed.as_slice()).map(|_| ());
    const HEADER: &str = "sealed header";
    assert!(matches!(
        wrong(DataKey::from_bytes([9; 32]), CONTEXT),
        Err(Fault::NotAuthentic { what: HEADER })
    ));
    assert!(matches!(wrong(key(), b"example/blob/v2"), Err(Fault::NotAuthentic { what: HEADER })));
    assert!(matches!(wrong(key(), b""), Err(Fault::NotAuthentic { what: HEADER })));
}

#[test]
fn only_the_shape_that_fits_its_place_opens() {
    let file = sealed(&plain(CHUNK_BYTES + 9));
    let header = file.first_chunk::<HEADER_BYTES>().unwrap();
    let opening = Opening::new(&key(), CONTEXT, header).unwrap();
    let mut out = b"before".to_vec();
    let last = &file[chunk(0).end..];
    assert!(opening.open_chunk(0, &file[chunk(0)], true, &mut out).is_err());
    assert!(opening.open_chunk(1, last, false, &mut out).is_err());
    assert!(opening.open_chunk(0, last, true, &mut out).is_err());
    assert!(opening.open_chunk(1, &last[..15], true, &mut out).is_err());
    assert_eq!(out, b"before");
    opening.open_chunk(0, &file[chunk(0)], false, &mut out).unwrap();
    opening.open_chunk(1, last, true, &mut out).unwrap();
    assert_eq!(out[6..], plain(CHUNK_BYTES + 9));
}

#[test]
fn nothing_of_a_broken_range_is_released() {
    let mut sealed = sealed(&plain(3 * CHUNK_BYTES));
    sealed[chunk(2).start] ^= 1;
    let opener = Opener::new(&key(), CONTEXT, sealed.as_slice()).unwrap();
    let mut out = b"before".to_vec();
    assert!(opener.read_range(0, 3 * CHUNK_BYTES as u64, &mut out).is_err());
    assert_eq!(out, b"before");
    // What lies in whole chunks is still there to be had.
    opener.read_range(10, 2 * CHUNK_BYTES as u64 - 10, &mut out).unwrap();
    assert_eq!(out[6..], plain(2 * CHUNK_BYTES)[10..]);
    let mut streamed = Vec::new();
    assert!(opener.copy_to(&mut streamed).is_err());
    assert_eq!(streamed, plain(2 * CHUNK_BYTES));
}

#[test]
fn a_range_beyond_the_end_is_refused() {
    let sealed = sealed(&plain(100));
    let opener = Opener::new(&key(), CONTEXT, sealed.as_slice()).unwrap();
    let mut out = Vec::new();
    for (offset, length) in [(0, 101), (100, 1), (101, 0), (u64::MAX, 1), (1, u64::MAX)] {
        let verdict = opener.read_range(offset, length, &mut out);
        assert!(matches!(verdict, Err(Fault::OutOfRange { size_bytes: 100, .. })), "{offset}+{length}");
    }
    opener.read_range(100, 0, &mut out).unwrap();
    assert!(out.is_empty());
}

#[test]
fn a_file_opens_like_a_slice() {
    let plain = plain(20 * CHUNK_BYTES + 1);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&sealed(&plain)).unwrap();
    let opener = Opener::new(&key(), CONTEXT, file).unwrap();
    let mut out = Vec::new();
    assert_eq!(opener.copy_to(&mut out).unwrap(), plain.len() as u64);
    assert!(out == plain);
}

#[test]
fn a_sink_that_fails_is_told_so() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let sealed = sealed(b"dull");
    let verdict = Opener::new(&key(), CONTEXT, sealed.as_slice()).unwrap().copy_to(&mut Full);
    assert!(matches!(verdict, Err(Fault::Io(_))));
}

#[test]
fn nothing_that_holds_a_key_prints_it() {
    let sealed = sealed(b"dull");
    let sealing = Sealing::new(&key(), CONTEXT, salt()).unwrap();
    assert_eq!(format!("{sealing:?}"), "Sealing { next_chunk: 0, .. }");
    let header = sealed.first_chunk::<HEADER_BYTES>().unwrap();
    assert_eq!(format!("{:?}", Opening::new(&key(), CONTEXT, header).unwrap()), "Opening[key]");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_range_is_the_slice_of_the_plaintext(
        size in prop_oneof![0_usize..40, 16_300_usize..16_500, 0_usize..18 * CHUNK_BYTES],
        from: prop::sample::Index,
        to: prop::sample::Index,
    ) {
        let plain = plain(size);
        let sealed = sealed(&plain);
        let (from, to) = (from.index(size + 1), to.index(size + 1));
        let (from, to) = (from.min(to), from.max(to));
        let opener = Opener::new(&key(), CONTEXT, sealed.as_slice()).unwrap();
        let mut out = Vec::new();
        opener.read_range(from as u64, (to - from) as u64, &mut out).unwrap();
        prop_assert!(out == plain[from..to]);

        // The same by hand, as a caller does that fetches the bytes himself.
        let span = chunk_span(from as u64, (to - from) as u64, sealed.len() as u64).unwrap();
        let mut fetched = sealed[span.sealed.start as usize..span.sealed.end as usize].to_vec();
        let opening = Opening::new(&key(), CONTEXT, sealed.first_chunk().unwrap()).unwrap();
        let mut last = sealed[last_span(sealed.len() as u64).unwrap().sealed.start as usize..].to_vec();
        prop_assert_eq!(opening.check_length(sealed.len() as u64, &mut last).unwrap(), size as u64);
        let mut out = Vec::new();
        opening.open_span(&span, &mut fetched, &mut out).unwrap();
        prop_assert!(out == plain[from..to]);
    }

    #[test]
    fn any_flipped_bit_is_refused(size in 0_usize..2 * CHUNK_BYTES, bit: prop::sample::Index) {
        let mut sealed = sealed(&plain(size));
        let bit = bit.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(opened(&sealed).is_err());
    }

    #[test]
    fn any_cut_is_refused(size in 0_usize..3 * CHUNK_BYTES, length: prop::sample::Index) {
        let sealed = sealed(&plain(size));
        prop_assert!(opened(&sealed[..length.index(sealed.len())]).is_err());
    }

    #[test]
    fn lengths_and_files_agree(size in 0_u64..1 << 52) {
        prop_assert_eq!(plain_len(sealed_len(size)).unwrap(), size);
    }
}
