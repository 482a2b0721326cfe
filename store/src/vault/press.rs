//! What happens to every byte on its way in: three digests and the sealing, in one pass.

use seal::chunked::Sealing;
use seal::{DataKey, DigestSet, Digests, Random};

use crate::Result;

/// Digests and sealing of one blob, with the sealed bytes that nobody has taken yet.
pub(super) struct Press {
    digests: Digests,
    sealing: Sealing,
    pub sealed: Vec<u8>,
}

impl Press {
    pub(super) fn new(key: &DataKey, context: &str, random: &dyn Random) -> Result<Self> {
        let sealing = Sealing::new(key, context.as_bytes(), seal::random::bytes(random)?)?;
        Ok(Self { digests: Digests::new(), sealing, sealed: Vec::new() })
    }

    /// Takes plaintext; memory speed, no waiting.
    pub(super) fn take(&mut self, plain: &[u8]) -> Result<()> {
        self.digests.update(plain);
        Ok(self.sealing.push(plain, &mut self.sealed)?)
    }

    /// Ends the blob; answers its digests and the sealed bytes that are left.
    pub(super) fn finish(mut self) -> Result<(DigestSet, Vec<u8>)> {
        self.sealing.finish(&mut self.sealed)?;
        Ok((self.digests.finish(), self.sealed))
    }
}
