//! The grammar of RFC 2046 and RFC 7578, frame by frame and without waiting: bytes in, events out. Data is handed on as
//! it came, without a copy; only what may be the beginning of a boundary is held back until the next frame is there.

use bytes::{Buf as _, Bytes, BytesMut};
use memchr::memmem::Finder;

use super::head::{Head, MOST_HEAD_BYTES};

/// A boundary is never longer (RFC 2046, section 5.1.1).
const MOST_BOUNDARY_BYTES: usize = 70;
/// What a client may write before the first boundary.
const MOST_PREAMBLE_BYTES: usize = 8 << 10;

/// A body that is not of this kind, or that ends before its last boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the multipart body is broken")]
pub struct Broken;

/// What comes next in a body.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// Nothing before another frame is fed.
    More,
    /// A part begins, and the one before it has ended.
    Part(Head),
    /// The next bytes of the part; never empty.
    Data(Bytes),
    /// The last part has ended.
    End,
}

/// A body being split into its parts.
pub struct Splitter {
    /// `CR LF -- boundary`.
    delimiter: Finder<'static>,
    held: Bytes,
    /// The frame behind `held`, while `held` may be the beginning of a delimiter that goes on in it.
    next: Bytes,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first boundary, and how much of it was there.
    Preamble(usize),
    /// In the data of a part.
    Data,
    /// Directly behind a delimiter.
    Head,
    End,
}

impl Splitter {
    /// For a body with this boundary.
    ///
    /// # Errors
    /// [`Broken`] for a boundary that the standard does not allow.
    pub fn new(boundary: &str) -> Result<Self, Broken> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
        if boundary.is_empty()
            || boundary.len() > MOST_BOUNDARY_BYTES
            || boundary.ends_with(' ')
            || !boundary.bytes().all(is_letter)
        {
            return Err(Broken);
        }
        let delimiter = Finder::new(format!("\r\n--{boundary}").as_bytes()).into_owned();
        // The first boundary may stand at the very beginning, where no line ends before it.
        let held = Bytes::from_static(b"\r\n");
        Ok(Self { delimiter, held, next: Bytes::new(), place: Place::Preamble(0) })
    }

    /// Adds a frame, after [`Event::More`].
    pub fn feed(&mut self, frame: Bytes) {
        debug_assert!(self.next.is_empty(), "a frame is fed when it is asked for");
        if self.held.is_empty() {
            self.held = frame;
        } else {
            self.next = frame;
        }
    }

    /// What comes next.
    ///
    /// # Errors
    /// [`Broken`]; it stays broken.
    pub fn step(&mut self) -> Result<Event, Broken> {
        loop {
            match self.place {
                Place::End => return Ok(Event::End),
                Place::Head => match self.head()? {
                    Some(event) => return Ok(event),
                    None => return Ok(Event::More),
                },
                Place::Data => match self.data() {
                    Some(piece) if piece.is_empty() => {}
                    Some(piece) => return Ok(Event::Data(piece)),
                    None => return Ok(Event::More),
                },
                Place::Preamble(seen) => {
                    let Some(piece) = self.data() else { return Ok(Event::More) };
                    let seen = seen + piece.len();
                    if seen > MOST_PREAMBLE_BYTES + 2 {
                        return Err(Broken);
                    }
                    if self.place != Place::Head {
                        self.place = Place::Preamble(seen);
                    }
                }
            }
        }
    }

    /// The next bytes before a delimiter. When there is one, they end at it and the place is behind it.
    fn data(&mut self) -> Option<Bytes> {
        let delimiter = self.delimiter.needle().len();
        loop {
            if let Some(at) = self.delimiter.find(&self.held) {
                let piece = self.held.split_to(at);
                self.held.advance(delimiter);
                self.place = Place::Head;
                return Some(piece);
            }
            let piece = self.held.split_to(self.held.len() - self.begun());
            if !piece.is_empty() {
                return Some(piece);
            }
            if self.next.is_empty() {
                return None;
            }
            // What was held back goes on in the next frame, or turns out to be data.
            let seam = joined(&self.held, &self.next[..self.next.len().min(delimiter)]);
            if self.next.len() < delimiter || self.delimiter.find(&seam).is_some() {
                self.join();
            } else {
                return Some(std::mem::replace(&mut self.held, std::mem::take(&mut self.next)));
            }
        }
    }

    /// How many of the last bytes may be the beginning of a delimiter.
    fn begun(&self) -> usize {
        let delimiter = self.delimiter.needle();
        let from = self.held.len().saturating_sub(delimiter.len() - 1);
        let last = self.held.get(from..).unwrap_or_default();
        // The only CR of a delimiter is its first byte.
        match memchr::memrchr(b'\r', last) {
            Some(at) if delimiter.starts_with(&last[at..]) => last.len() - at,
            _ => 0,
        }
    }

    /// What stands behind a delimiter: two hyphens after the last part, otherwise the fields of the next one.
    fn head(&mut self) -> Result<Option<Event>, Broken> {
        if !self.next.is_empty() {
            self.join();
        }
        if self.held.starts_with(b"--") {
            (self.place, self.held) = (Place::End, Bytes::new());
            return Ok(Some(Event::End));
        }
        let bound = self.held.len().min(MOST_HEAD_BYTES);
        let Some(end) = memchr::memmem::find(&self.held[..bound], b"\r\n\r\n") else {
            return if bound == MOST_HEAD_BYTES { Err(Broken) } else { Ok(None) };
        };
        let head = Head::parse(&self.held[..end + 2]).ok_or(Broken)?;
        self.held.advance(end + 4);
        self.place = Place::Data;
        Ok(Some(Event::Part(head)))
    }

    fn join(&mut self) {
        self.held = joined(&self.held, &self.next);
        self.next = Bytes::new();
    }
}

fn joined(first: &[u8], second: &[u8]) -> Bytes {
    let mut both = BytesMut::with_capacity(first.len() + second.len());
    both.extend_from_slice(first);
    both.extend_from_slice(second);
    both.freeze()
}
