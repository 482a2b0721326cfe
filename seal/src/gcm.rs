//! One small box: AES-256-GCM under a random nonce. Keys are wrapped and column values sealed in it.
//!
//! Layout: version byte `01`, nonce (12), ciphertext, tag (16). The associated data is the caller's, and
//! length-prefixed part by part, so that no two lists of parts read alike.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::{Zeroize, Zeroizing};

use crate::Fault;
use crate::random::{self, Random};

/// Every key of the house is 256 bits.
pub(crate) const KEY_BYTES: usize = 32;
const VERSION: u8 = 1;
/// Length of a GCM tag.
pub(crate) const TAG_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + NONCE_LEN;
/// What the box adds to its plaintext.
pub(crate) const OVERHEAD_BYTES: usize = HEAD_BYTES + TAG_BYTES;

/// An AES-256-GCM key made ready. The crypto module clears its own copy when this is dropped.
pub(crate) fn cipher(key: &[u8; KEY_BYTES]) -> Result<LessSafeKey, Fault> {
    let unbound = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Fault::Module { doing: "loading a key" })?;
    Ok(LessSafeKey::new(unbound))
}

/// Seals `plain` so that it opens only under the same key and the same `parts`.
pub(crate) fn lock(
    key: &[u8; KEY_BYTES],
    parts: &[&[u8]],
    plain: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, Fault> {
    let nonce: [u8; NONCE_LEN] = random::bytes(random)?;
    let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD_BYTES);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let tag = cipher(key)?
        .seal_in_place_separate_tag(Nonce::from(&nonce), associated(parts), &mut sealed[HEAD_BYTES..])
        .map_err(|_| Fault::Module { doing: "sealing" })?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// Opens a box; `what` names it in the fault.
pub(crate) fn unlock(
    key: &[u8; KEY_BYTES],
    parts: &[&[u8]],
    sealed: &[u8],
    what: &'static str,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let body = match sealed.split_first() {
        Some((&VERSION, rest)) if rest.len() >= NONCE_LEN + TAG_BYTES => rest,
        _ => return Err(Fault::Malformed { what }),
    };
    let (nonce, ciphertext) = body.split_first_chunk::<NONCE_LEN>().ok_or(Fault::Malformed { what })?;
    let mut opened = Zeroizing::new(ciphertext.to_vec());
    let plain_bytes = cipher(key)?
        .open_in_place(Nonce::from(nonce), associated(parts), &mut opened)
        .map_err(|_| Fault::NotAuthentic { what })?
        .len();
    opened[plain_bytes..].zeroize();
    opened.truncate(plain_bytes);
    Ok(opened)
}

fn associated(parts: &[&[u8]]) -> Aad<Vec<u8>> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    Aad::from(bytes)
}
