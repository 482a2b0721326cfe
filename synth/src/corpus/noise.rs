//! Bytes without meaning.

use super::card::SEED;
use crate::chance::Chance;

/// The first line of every noise file, so that nobody wonders.
const BANNER: &[u8] = b"SYNTHETIC NOISE. This is not a video, a picture or a document.\n";

/// Noise of 4 to 20 KB, its length drawn from the number.
pub(super) fn clip(n: usize) -> Vec<u8> {
    of_length(n, 4_096 + Chance::of(SEED, "clip", n as u64).position(16_384))
}

/// Noise of an exact length.
pub(super) fn of_length(n: usize, length_bytes: usize) -> Vec<u8> {
    let mut chance = Chance::of(SEED, "noise", n as u64);
    let mut bytes = BANNER.to_vec();
    while bytes.len() < length_bytes {
        bytes.extend(chance.bits().to_le_bytes());
    }
    bytes.truncate(length_bytes);
    bytes
}
