//! From data key, salt and context to the three things that seal a file.

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use aws_lc_rs::hkdf;
use zeroize::Zeroizing;

use super::layout::{COMMITMENT_BYTES, HEADER_BYTES, MAX_CHUNKS, SALT_BYTES, SEALED_CHUNK_BYTES};
use crate::gcm::{self, KEY_BYTES, TAG_BYTES};
use crate::{DataKey, Fault};

const PROTOCOL: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";
const OKM_BYTES: usize = KEY_BYTES + NONCE_LEN + COMMITMENT_BYTES;

/// The chunk cipher of one file.
pub(super) struct Schedule {
    cipher: LessSafeKey,
    base_nonce: [u8; NONCE_LEN],
    pub(super) commitment: [u8; COMMITMENT_BYTES],
}

impl Schedule {
    pub(super) fn derive(key: &DataKey, context: &[u8], salt: &[u8; SALT_BYTES]) -> Result<Self, Fault> {
        let okm = expand(key, context, salt)?;
        const BROKEN: Fault = Fault::Module { doing: "splitting derived bytes" };
        let (key, rest) = okm.split_first_chunk::<KEY_BYTES>().ok_or(BROKEN)?;
        let (base_nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(BROKEN)?;
        let commitment = rest.try_into().map_err(|_| BROKEN)?;
        Ok(Self { cipher: gcm::cipher(key)?, base_nonce: *base_nonce, commitment })
    }

    /// Salt and commitment, as they begin the file.
    pub(super) fn header(&self, salt: &[u8; SALT_BYTES]) -> [u8; HEADER_BYTES] {
        let mut header = [0; HEADER_BYTES];
        header[..SALT_BYTES].copy_from_slice(salt);
        header[SALT_BYTES..].copy_from_slice(&self.commitment);
        header
    }

    /// Appends one sealed chunk to `out`, which on failure is left as it was.
    pub(super) fn seal(&self, index: u64, plain: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        let nonce = self.nonce(index)?;
        let start = out.len();
        out.extend_from_slice(plain);
        match self.cipher.seal_in_place_separate_tag(nonce, Aad::empty(), &mut out[start..]) {
            Ok(tag) => {
                out.extend_from_slice(tag.as_ref());
                Ok(())
            }
            Err(_) => {
                out.truncate(start);
                Err(Fault::Module { doing: "sealing a chunk" })
            }
        }
    }

    /// Opens one chunk in place. Nothing of `sealed` may be used when this fails.
    pub(super) fn open<'a>(
        &self,
        index: u64,
        sealed: &'a mut [u8],
        is_last: bool,
    ) -> Result<&'a [u8], Fault> {
        // Only its shape tells the last chunk: it is short, and every other is full.
        let shape_fits = match is_last {
            true => (TAG_BYTES..SEALED_CHUNK_BYTES).contains(&sealed.len()),
            false => sealed.len() == SEALED_CHUNK_BYTES,
        };
        if !shape_fits {
            return Err(Fault::Malformed { what: "sealed chunk" });
        }
        match self.cipher.open_in_place(self.nonce(index)?, Aad::empty(), sealed) {
            Ok(plain) => Ok(plain),
            Err(_) => Err(Fault::NotAuthentic { what: "sealed chunk" }),
        }
    }

    fn nonce(&self, index: u64) -> Result<Nonce, Fault> {
        if index >= MAX_CHUNKS {
            return Err(Fault::TooLong);
        }
        let mut nonce = self.base_nonce;
        for (byte, counter) in nonce[NONCE_LEN - 8..].iter_mut().zip(index.to_be_bytes()) {
            *byte ^= counter;
        }
        Ok(Nonce::assume_unique_for_key(nonce))
    }
}

fn expand(
    key: &DataKey,
    context: &[u8],
    salt: &[u8; SALT_BYTES],
) -> Result<Zeroizing<[u8; OKM_BYTES]>, Fault> {
    let mut okm = Zeroizing::new([0; OKM_BYTES]);
    hkdf::Prk::new_less_safe(hkdf::HKDF_SHA512, key.bytes())
        .expand(&[PROTOCOL, salt, context], OkmBytes)
        .and_then(|filled| filled.fill(okm.as_mut_slice()))
        .map_err(|_| Fault::Module { doing: "deriving chunk keys" })?;
    Ok(okm)
}

struct OkmBytes;

impl hkdf::KeyType for OkmBytes {
    fn len(&self) -> usize {
        OKM_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    #[test]
    fn the_key_schedule_is_the_published_one() {
        let key = DataKey::from_bytes(std::array::from_fn(|at| at as u8));
        let salt = std::array::from_fn(|at| 0x20 + at as u8);
        let okm = expand(&key, b"example/blob/v1", &salt).unwrap();
        assert_eq!(hex(&okm[..32]), "ef3c69b2dc263a644dcaaeca8ed446deabd8ac6c9b42b4e9208553a7d95f2a0d");
        assert_eq!(hex(&okm[32..44]), "571ed74239fee7834d9d76f0");
        assert_eq!(hex(&okm[44..]), "5399f5cde635f17d5cbb18f7f4273d523f9356c1023ea74dcb9c7f3a4e6741ee");
    }

    #[test]
    fn a_chunk_beyond_the_limit_is_refused() {
        let schedule = Schedule::derive(&DataKey::from_bytes([1; 32]), b"", &[2; SALT_BYTES]).unwrap();
        let mut out = b"before".to_vec();
        assert!(schedule.seal(MAX_CHUNKS - 1, b"x", &mut out).is_ok());
        let length = out.len();
        assert!(matches!(schedule.seal(MAX_CHUNKS, b"x", &mut out), Err(Fault::TooLong)));
        assert_eq!(out.len(), length);
    }
}
