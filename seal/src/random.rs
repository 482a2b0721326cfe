//! Chance as an argument, so that tests and synthetic data repeat to the byte.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::hmac;

use crate::Fault;

/// Where random bytes come from: keys, nonces, salts, tokens.
pub trait Random: Send + Sync {
    /// Fills `out` whole, or fails; a caller never sees half-random bytes.
    fn fill(&self, out: &mut [u8]) -> Result<(), Fault>;
}

/// `N` random bytes, for a nonce, a salt or a token.
pub fn bytes<const N: usize>(random: &dyn Random) -> Result<[u8; N], Fault> {
    let mut out = [0; N];
    random.fill(&mut out)?;
    Ok(out)
}

/// The crypto module's own generator. The binary makes one and hands it down.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place where chance enters the house")]
    fn fill(&self, out: &mut [u8]) -> Result<(), Fault> {
        aws_lc_rs::rand::fill(out).map_err(|_| Fault::Random)
    }
}

/// Repeatable bytes from a seed, for tests and synthetic data. **Not secret: never seal real things with
/// it.**
///
/// Block `n` of 64 bytes is HMAC-SHA-512 of `n` under the seed. Callers on several threads get disjoint
/// blocks, but in an order that only a single thread repeats.
pub struct SeededRandom {
    key: hmac::Key,
    next_block: AtomicU64,
}

const BLOCK_BYTES: usize = 64;

impl SeededRandom {
    /// The sequence that belongs to `seed`, from its start.
    pub fn from_seed(seed: u64) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA512, &seed.to_be_bytes());
        Self { key, next_block: AtomicU64::new(0) }
    }
}

impl Random for SeededRandom {
    fn fill(&self, out: &mut [u8]) -> Result<(), Fault> {
        let blocks = out.len().div_ceil(BLOCK_BYTES) as u64;
        let first = self.next_block.fetch_add(blocks, Ordering::Relaxed);
        for (number, part) in (first..).zip(out.chunks_mut(BLOCK_BYTES)) {
            let block = hmac::sign(&self.key, &number.to_be_bytes());
            part.copy_from_slice(&block.as_ref()[..part.len()]);
        }
        Ok(())
    }
}

impl fmt::Debug for SeededRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededRandom[not secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_repeats_and_two_seeds_differ() {
        let draw = |seed| {
            let random = SeededRandom::from_seed(seed);
            (bytes::<100>(&random).unwrap(), bytes::<12>(&random).unwrap())
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn a_seeded_source_never_repeats_a_block() {
        let random = SeededRandom::from_seed(1);
        let mut drawn: Vec<[u8; 16]> = (0..1000).map(|_| bytes(&random).unwrap()).collect();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 1000);
    }

    #[test]
    fn the_system_source_fills_every_part() {
        let drawn: [u8; 4096] = bytes(&SystemRandom).unwrap();
        assert!(drawn.chunks(32).all(|part| part.iter().any(|byte| *byte != 0)));
    }
}
