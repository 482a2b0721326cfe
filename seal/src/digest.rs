//! Digests: the names under which the world knows a file, and keyed ones under which only we can look
//! something up.

use std::fmt::Write;

use aws_lc_rs::{constant_time, digest, hmac};
use md5::{Digest, Md5};

use crate::{Fault, IndexKey};

/// Bytes fed to all three digests before the next are taken: small enough to stay in the first-level cache.
const STRIDE_BYTES: usize = 16 * 1024;
/// MD5, SHA-1, SHA-256 and length of one stream, in one pass. SHA-256 is the proof; the other two are names
/// that partners use.
#[derive(Clone)]
pub struct Digests {
    md5: Md5Share,
    sha: ShaShare,
}

/// MD5 of a stream. It takes longer than the other digests together, so that a large stream is worth a thread for it.
#[derive(Clone)]
pub struct Md5Share(Md5);

/// SHA-1, SHA-256 and length of a stream.
#[derive(Clone)]
pub struct ShaShare {
    sha1: digest::Context,
    sha256: digest::Context,
    size_bytes: u64,
}

/// What a finished stream is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DigestSet {
    /// A name only: anyone can make two files that share it.
    pub md5: [u8; 16],
    /// A name only: anyone with means can make two files that share it.
    pub sha1: [u8; 20],
    /// The proof of integrity.
    pub sha256: [u8; 32],
    /// Length of the stream.
    pub size_bytes: u64,
}

impl Digests {
    /// The digests of an empty stream.
    pub fn new() -> Self {
        let sha1 = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
        let sha256 = digest::Context::new(&digest::SHA256);
        Self { md5: Md5Share(Md5::new()), sha: ShaShare { sha1, sha256, size_bytes: 0 } }
    }

    /// Takes the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(STRIDE_BYTES) {
            self.md5.update(part);
            self.sha.update(part);
        }
    }

    /// Two shares of the same stream, for two threads. Each must take every byte from here on.
    pub fn shares(self) -> (Md5Share, ShaShare) {
        (self.md5, self.sha)
    }

    /// The digests that two shares of one stream have come to.
    pub const fn joined(md5: Md5Share, sha: ShaShare) -> Self {
        Self { md5, sha }
    }

    /// Ends the stream.
    pub fn finish(self) -> DigestSet {
        let Self { md5, sha } = self;
        let (mut sha1, mut sha256) = ([0; 20], [0; 32]);
        sha1.copy_from_slice(sha.sha1.finish().as_ref());
        sha256.copy_from_slice(sha.sha256.finish().as_ref());
        DigestSet { md5: md5.0.finalize().into(), sha1, sha256, size_bytes: sha.size_bytes }
    }
}

impl Md5Share {
    /// Takes the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

impl ShaShare {
    /// Takes the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        self.size_bytes += bytes.len() as u64;
        for part in bytes.chunks(STRIDE_BYTES) {
            self.sha1.update(part);
            self.sha256.update(part);
        }
    }
}

impl Default for Digests {
    fn default() -> Self {
        Self::new()
    }
}

/// SHA-256 of what need not be in memory all at once.
pub struct Sha256(digest::Context);

impl Sha256 {
    /// The digest of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Ends the stream.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(self.0.finish().as_ref());
        out
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Self::new()
    }
}

/// SHA-256 of bytes that are already in memory.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// HMAC-SHA-256: a name for a selector, token or secret that only a holder of the key can make or check.
pub fn keyed(key: &IndexKey, bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(key.hmac(), bytes).as_ref());
    out
}

/// Whether two secrets are equal, in a time that tells nothing of where they differ. Lengths are not secret.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// Lower-case hexadecimal text.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // INVARIANT: writing to a String cannot fail.
        write!(text, "{byte:02x}").expect("a string takes every write");
        text
    })
}

/// Bytes of a hexadecimal text in either case; refuses odd lengths and every other character.
pub fn unhex(text: &str) -> Result<Vec<u8>, Fault> {
    const MALFORMED: Fault = Fault::Malformed { what: "hexadecimal text" };
    let digit = |letter: u8| char::from(letter).to_digit(16).ok_or(MALFORMED);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(MALFORMED);
    }
    pairs.iter().map(|[high, low]| Ok((digit(*high)? << 4 | digit(*low)?) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_digests_of_abc_are_the_published_ones() {
        let mut digests = Digests::new();
        digests.update(b"a");
        digests.update(b"bc");
        let set = digests.finish();
        assert_eq!(hex(&set.md5), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex(&set.sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(hex(&set.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(set.size_bytes, 3);
        assert_eq!(set.sha256, sha256(b"abc"));
    }

    #[test]
    fn shares_of_a_stream_come_to_the_digests_of_the_whole() {
        let bytes: Vec<u8> = (0..STRIDE_BYTES * 3 + 7).map(|n| (n % 251) as u8).collect();
        let (mut whole, mut begun) = (Digests::new(), Digests::new());
        whole.update(b"before");
        whole.update(&bytes);
        begun.update(b"before");
        let (mut md5, mut sha) = begun.shares();
        md5.update(&bytes);
        bytes.chunks(1_000).for_each(|part| sha.update(part));
        assert_eq!(Digests::joined(md5, sha).finish(), whole.finish());
    }

    #[test]
    fn a_keyed_digest_is_the_published_hmac() {
        // RFC 4231 test case 1, its 20-byte key padded with zeros as HMAC itself pads it.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let answer = keyed(&IndexKey::from_bytes(key), b"Hi There");
        assert_eq!(hex(&answer), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn sameness_needs_equal_length_and_equal_bytes() {
        assert!(same(b"token", b"token"));
        assert!(!same(b"token", b"tokem"));
        assert!(!same(b"token", b"toke"));
    }

    #[test]
    fn hexadecimal_text_is_read_strictly() {
        assert_eq!(unhex("00fFaB").unwrap(), [0, 255, 171]);
        for bad in ["0", "0g", "+1", " 1", "é"] {
            assert!(unhex(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_stream_cut_anywhere_has_the_digests_of_the_whole(
            size in 0_usize..70_000, cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        ) {
            let bytes: Vec<u8> = (0..size).map(|at| (at * 31 % 251) as u8).collect();
            let mut whole = Digests::new();
            whole.update(&bytes);
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(size + 1)).collect();
            at.sort_unstable();
            let mut pieces = Digests::new();
            let mut from = 0;
            for to in at.into_iter().chain([size]) {
                pieces.update(&bytes[from..to]);
                from = to;
            }
            prop_assert_eq!(pieces.finish(), whole.finish());
        }

        #[test]
        fn hexadecimal_text_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(unhex(&hex(&bytes)).unwrap(), bytes);
        }
    }
}
