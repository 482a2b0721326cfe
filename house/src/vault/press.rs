//! What happens to every byte on its way in: three digests, and the sealing.

use bytes::Bytes;
use depot::Draft;
use seal::chunked::Sealing;
use seal::{DataKey, DigestSet, Digests, Random};

use crate::Result;

/// The sealing of one blob, with the sealed bytes that nobody has taken yet.
pub(super) struct Line {
    sealing: Sealing,
    pub sealed: Vec<u8>,
    /// Where sealed bytes go, once the blob is large.
    pub draft: Option<Draft>,
}

/// Digests and sealing of a small blob.
pub(super) struct Press {
    pub digests: Digests,
    pub line: Line,
}

impl Press {
    pub(super) fn new(key: &DataKey, context: &str, random: &dyn Random) -> Result<Self> {
        let sealing = Sealing::new(key, context.as_bytes(), seal::random::bytes(random)?)?;
        Ok(Self { digests: Digests::new(), line: Line { sealing, sealed: Vec::new(), draft: None } })
    }

    /// Takes plaintext; memory speed, no waiting.
    pub(super) fn take(&mut self, plain: &[u8]) -> Result<()> {
        self.digests.update(plain);
        self.line.seal(plain)
    }

    /// Ends the blob; answers its digests and its sealed bytes.
    pub(super) fn finish(self) -> Result<(DigestSet, Vec<u8>)> {
        let (sealed, _) = self.line.finish()?;
        Ok((self.digests.finish(), sealed))
    }
}

impl Line {
    /// Seals plaintext.
    fn seal(&mut self, plain: &[u8]) -> Result<()> {
        Ok(self.sealing.push(plain, &mut self.sealed)?)
    }

    /// Seals plaintext and writes what is sealed, if writing blocks where it lies. Blocks.
    pub(super) fn take(&mut self, frames: &[Bytes]) -> Result<()> {
        for frame in frames {
            self.seal(frame)?;
        }
        if let Some(draft) = &mut self.draft {
            draft.write(&mut self.sealed)?;
        }
        Ok(())
    }

    /// Sends what is sealed and was not written, where that waits for a network.
    pub(super) async fn send(&mut self) -> Result<()> {
        match &mut self.draft {
            Some(draft) => Ok(draft.send(&mut self.sealed).await?),
            None => Ok(()),
        }
    }

    /// Ends the sealing; answers the sealed bytes that are left, and the draft that they belong to.
    pub(super) fn finish(mut self) -> Result<(Vec<u8>, Option<Draft>)> {
        self.sealing.finish(&mut self.sealed)?;
        Ok((self.sealed, self.draft))
    }
}
