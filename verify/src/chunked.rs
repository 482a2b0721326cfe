//! Opening a long text that was sealed in chunks (C2SP chunked-encryption, Cobblestone-256), piece by piece.

use std::io::{Read, Seek, SeekFrom, Write};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf::{HKDF_SHA512, KeyType, Prk};
use zeroize::Zeroizing;

const PROTOCOL: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";
const SALT: usize = 24;
const COMMITMENT: usize = 32;
const HEAD: usize = SALT + COMMITMENT;
const TAG: usize = 16;
const CHUNK: usize = 16_384;
const SEALED: usize = CHUNK + TAG;
const OKM: usize = 32 + NONCE_LEN + COMMITMENT;
const MOST_CHUNKS: u64 = 1 << 38;

const CUT: &str = "its end is missing or was changed";

/// Where the sealed bytes stand in a file.
pub(crate) struct Stretch {
    pub(crate) at: u64,
    pub(crate) bytes: u64,
}

/// Writes the plaintext to `sink` and answers its length. Nothing is written before the end was found to be there, and
/// no chunk before it verified.
pub(crate) fn open(
    reader: &mut (impl Read + Seek),
    stretch: &Stretch,
    key: &[u8],
    context: &[u8],
    sink: &mut impl Write,
) -> Result<u64, String> {
    let body = stretch.bytes.checked_sub(HEAD as u64).ok_or(CUT)?;
    let (full, last) = (body / SEALED as u64, usize::try_from(body % SEALED as u64).map_err(|_| CUT)?);
    if last < TAG || full >= MOST_CHUNKS {
        return Err(CUT.to_owned());
    }
    let mut head = [0; HEAD];
    read_at(reader, stretch.at, &mut head)?;
    let (salt, commitment) = head.split_at(SALT);
    let chunks = Chunks::derive(key, salt, context).ok_or("the crypto module failed")?;
    if verify_slices_are_equal(&chunks.commitment, commitment).is_err() {
        return Err("it is not the archive that the key belongs to".to_owned());
    }
    let first = stretch.at + HEAD as u64;
    let mut buffer = Zeroizing::new(vec![0; SEALED]);
    read_at(reader, first + full * SEALED as u64, &mut buffer[..last])?;
    chunks.open(full, &mut buffer[..last]).ok_or(CUT)?;
    reader.seek(SeekFrom::Start(first)).map_err(|_| CUT)?;
    let mut written = 0;
    for index in 0..=full {
        let sealed = &mut buffer[..if index == full { last } else { SEALED }];
        reader.read_exact(sealed).map_err(|_| CUT)?;
        let plain =
            chunks.open(index, sealed).ok_or_else(|| format!("it was changed behind byte {written}"))?;
        sink.write_all(plain).map_err(|error| format!("it cannot be written: {error}"))?;
        written += plain.len() as u64;
    }
    Ok(written)
}

fn read_at(reader: &mut (impl Read + Seek), at: u64, out: &mut [u8]) -> Result<(), String> {
    reader.seek(SeekFrom::Start(at)).map_err(|_| CUT)?;
    Ok(reader.read_exact(out).map_err(|_| CUT)?)
}

struct Chunks {
    key: LessSafeKey,
    nonce: [u8; NONCE_LEN],
    commitment: [u8; COMMITMENT],
}

impl Chunks {
    fn derive(key: &[u8], salt: &[u8], context: &[u8]) -> Option<Self> {
        let mut okm = Zeroizing::new([0; OKM]);
        let expanded = Prk::new_less_safe(HKDF_SHA512, key);
        expanded.expand(&[PROTOCOL, salt, context], Bytes).ok()?.fill(okm.as_mut_slice()).ok()?;
        let (key, rest) = okm.split_at(32);
        let (nonce, commitment) = rest.split_at(NONCE_LEN);
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
        Some(Self { key, nonce: nonce.try_into().ok()?, commitment: commitment.try_into().ok()? })
    }

    /// The counter is mixed into the end of the nonce.
    fn open<'a>(&self, index: u64, sealed: &'a mut [u8]) -> Option<&'a [u8]> {
        let mut nonce = self.nonce;
        nonce.iter_mut().rev().zip(index.to_le_bytes()).for_each(|(byte, counter)| *byte ^= counter);
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.key.open_in_place(nonce, Aad::empty(), sealed).ok().map(|plain| &*plain)
    }
}

struct Bytes;

impl KeyType for Bytes {
    fn len(&self) -> usize {
        OKM
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::digest::{hex, of};

    /// Seals as the standard says, for the tests alone.
    fn sealed(plain: &[u8]) -> Vec<u8> {
        let key: Vec<u8> = (0..32).collect();
        let salt: Vec<u8> = (0x20..0x38).collect();
        let chunks = Chunks::derive(&key, &salt, b"example/blob/v1").unwrap();
        let mut out = [salt, chunks.commitment.to_vec()].concat();
        let mut pieces: Vec<&[u8]> = plain.chunks_exact(CHUNK).collect();
        pieces.push(plain.chunks_exact(CHUNK).remainder());
        for (index, piece) in pieces.into_iter().enumerate() {
            let mut nonce = chunks.nonce;
            nonce.iter_mut().rev().zip((index as u64).to_le_bytes()).for_each(|(byte, count)| *byte ^= count);
            let mut bytes = piece.to_vec();
            let nonce = Nonce::assume_unique_for_key(nonce);
            chunks.key.seal_in_place_append_tag(nonce, Aad::empty(), &mut bytes).unwrap();
            out.extend(bytes);
        }
        out
    }

    fn opened(bytes: &[u8], context: &[u8]) -> Result<Vec<u8>, String> {
        let key: Vec<u8> = (0..32).collect();
        let mut plain = Vec::new();
        let stretch = Stretch { at: 0, bytes: bytes.len() as u64 };
        open(&mut Cursor::new(bytes), &stretch, &key, context, &mut plain)?;
        Ok(plain)
    }

    #[test]
    fn the_known_ciphertexts_open() {
        for (plain, digest) in [
            (Vec::new(), "788cd119686cb13743966488978e8891e434a223c8d3f0136da238bf9f0c0f12"),
            (b"hello".to_vec(), "62f0c423bd7230967e0d669574854855eaad974638ce7cf83a1498ca878aeff6"),
            (vec![0; 16_384], "23d78791d54da43aa42ed20e376778e9358631fe69c003ed4ef32bf9639bc720"),
            (vec![0; 20_480], "c55b7640770b40b1e77159b3e380e7fbc87c24aafede9b67c08708dcb325a9a5"),
        ] {
            let bytes = sealed(&plain);
            assert_eq!(hex(&of(&bytes)), digest);
            assert_eq!(opened(&bytes, b"example/blob/v1").unwrap(), plain);
            assert!(opened(&bytes, b"example/blob/v2").unwrap_err().contains("not the archive"));
        }
    }

    #[test]
    fn what_is_cut_moved_or_changed_does_not_open() {
        let bytes = sealed(&vec![7; 40_000]);
        for length in
            [0, 55, 56, 71, HEAD + SEALED, HEAD + 2 * SEALED, HEAD + 2 * SEALED + 16, bytes.len() - 1]
        {
            assert_eq!(opened(&bytes[..length], b"example/blob/v1").unwrap_err(), CUT, "{length}");
        }
        let (one, two) = (HEAD..HEAD + SEALED, HEAD + SEALED..HEAD + 2 * SEALED);
        let swapped = [&bytes[..HEAD], &bytes[two.clone()], &bytes[one], &bytes[two.end..]].concat();
        assert!(opened(&swapped, b"example/blob/v1").unwrap_err().contains("was changed behind byte 0"));
        for at in (0..bytes.len()).step_by(97) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(opened(&changed, b"example/blob/v1").is_err(), "{at}");
        }
    }
}
