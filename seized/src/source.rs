//! Bytes on their way from a connection or a file to a reader that waits for them.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use seal::Digests;
use tokio::sync::mpsc;

/// Pieces that wait at a time: whoever feeds waits for the reader.
const MOST_WAITING: usize = 4;

enum Part {
    Bytes(Bytes),
    End,
}

/// Where the bytes come in. Dropped before [`Feed::end`], it has broken off.
pub struct Feed(mpsc::Sender<Part>);

/// Where they are read, by something that may wait.
pub struct Source {
    from: mpsc::Receiver<Part>,
    rest: Bytes,
    ended: bool,
    digests: Option<Digests>,
}

/// Both ends.
#[must_use]
pub fn feed() -> (Feed, Source) {
    let (to, from) = mpsc::channel(MOST_WAITING);
    (Feed(to), Source { from, rest: Bytes::new(), ended: false, digests: Some(Digests::new()) })
}

impl Feed {
    /// Puts bytes in; false when nobody reads them any more.
    pub async fn push(&self, bytes: Bytes) -> bool {
        self.0.send(Part::Bytes(bytes)).await.is_ok()
    }

    /// There are no more, and those that came are all.
    pub async fn end(self) {
        // Whoever reads may have had enough; there is nothing left to tell then.
        drop(self.0.send(Part::End).await);
    }
}

impl Source {
    /// Whether it begins as JSON does.
    pub(crate) fn is_json(&mut self) -> io::Result<bool> {
        self.fill()?;
        let text = self.rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.rest);
        Ok(text.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[".contains(byte)))
    }

    /// SHA-256 of all that was read.
    pub(crate) fn sha256(&mut self) -> [u8; 32] {
        self.digests.take().map_or([0; 32], |digests| digests.finish().sha256)
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.rest.is_empty() && !self.ended {
            match self.from.blocking_recv() {
                Some(Part::Bytes(bytes)) => {
                    if let Some(digests) = &mut self.digests {
                        digests.update(&bytes);
                    }
                    self.rest = bytes;
                }
                Some(Part::End) => self.ended = true,
                None => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it did not arrive whole")),
            }
        }
        Ok(())
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let length = self.rest.len().min(into.len());
        into[..length].copy_from_slice(&self.rest[..length]);
        self.rest.advance(length);
        Ok(length)
    }
}
