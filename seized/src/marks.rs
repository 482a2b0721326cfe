//! What a record is found by: digests under a key that never leaves the house, different for each agency.

use domain::{AgencyId, Id as _};

/// Which digest two files share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// SHA-256: the same bytes.
    Sha256,
    /// SHA-1.
    Sha1,
    /// MD5: two different files can be made to share it.
    Md5,
}

impl Kind {
    /// As people call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha1 => "SHA-1",
            Self::Md5 => "MD5",
        }
    }
}

/// The digests of one file, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digests {
    /// MD5.
    pub md5: Option<[u8; 16]>,
    /// SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256.
    pub sha256: Option<[u8; 32]>,
}

impl Digests {
    /// Those of a file whose digests are given as hexadecimal digits; what is none is not known.
    #[must_use]
    pub fn from_hex(md5: &str, sha1: &str, sha256: &str) -> Self {
        fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
            seal::unhex(hex).ok()?.try_into().ok()
        }
        Self { md5: bytes(md5), sha1: bytes(sha1), sha256: bytes(sha256) }
    }

    /// The strongest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Kind, &[u8])> {
        let (md5, sha1, sha256) = (self.md5.as_ref(), self.sha1.as_ref(), self.sha256.as_ref());
        let all = [
            sha256.map(|bytes| (Kind::Sha256, bytes.as_slice())),
            sha1.map(|bytes| (Kind::Sha1, bytes.as_slice())),
            md5.map(|bytes| (Kind::Md5, bytes.as_slice())),
        ];
        all.into_iter().flatten()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is put under the key. No part can be moved into another: kinds have no slash and ids no line feed.
pub(crate) fn text(agency: &AgencyId, kind: Kind, digest: &[u8]) -> Vec<u8> {
    [b"seized\n", agency.as_str().as_bytes(), b"\n", kind.as_str().as_bytes(), b"\n", digest].concat()
}
