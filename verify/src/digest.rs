//! SHA-256, and digests as text.

use aws_lc_rs::digest::{Context, SHA256};

/// Bytes of a digest.
pub(crate) const BYTES: usize = 32;
pub(crate) type Digest = [u8; BYTES];

/// SHA-256 of all the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> Digest {
    let mut running = Running::new();
    parts.iter().for_each(|part| running.update(part));
    running.finish()
}

/// SHA-256 of what comes piece by piece.
pub(crate) struct Running(Context);

impl Running {
    pub(crate) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Digest {
        let mut digest = [0; BYTES];
        digest.copy_from_slice(self.0.finish().as_ref());
        digest
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads lower-case hexadecimal of exactly so many bytes.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// SHA-256 of one text.
pub(crate) fn of(bytes: &[u8]) -> Digest {
    sha256(&[bytes])
}
