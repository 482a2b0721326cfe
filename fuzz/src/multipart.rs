//! Forms with files: where parts begin and end must not depend on how the network cut the body.

use bytes::Bytes;
use web::multipart::{Broken, Event, Head, Splitter};

/// The boundary of every seed.
pub const BOUNDARY: &str = "x-y";

/// Bodies to begin mutations from.
pub const SEEDS: &[&[u8]] = &[
    b"--x-y\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1000001\r\n--x-y\r\nContent-Disposition: form-data; \
      name=\"file\"; filename=\"a \\\"b\\\".txt\"\r\nContent-Type: text/plain\r\n\r\none\r\ntwo\r\n--x-z\r\n--x-y--\r\n",
    b"preamble\r\n--x-y \t\r\ncontent-disposition:form-data;name=a\r\nContent-Transfer-Encoding: binary\r\n\r\n\r\n--x-y--",
    b"--x-y\r\n\r\n\r\n\r\r\n\r\n-\r\n--\r\n--x\r\n--x-\r\n--x-y--\r\n--x-y\r\n",
];

/// The parts of a body, or that it is broken.
pub type Parts = Result<Vec<(Head, Vec<u8>)>, Broken>;

/// Splits a body that arrives in frames of these lengths, again and again; a body that ends is broken before its last
/// boundary.
///
/// # Panics
/// When a promise is broken: that is what a fuzzing engine looks for.
pub fn parts(body: &[u8], lengths: &[u8]) -> Parts {
    let mut splitter = Splitter::new(BOUNDARY)?;
    let (mut parts, mut rest, mut lengths) = (Vec::new(), body, lengths.iter().cycle());
    loop {
        match splitter.step()? {
            Event::Part(head) => parts.push((head, Vec::new())),
            Event::Data(piece) => {
                assert!(!piece.is_empty(), "nothing is not data");
                let (_, data): &mut (Head, Vec<u8>) = parts.last_mut().ok_or(Broken)?;
                data.extend_from_slice(&piece);
            }
            Event::End => return Ok(parts),
            Event::More if rest.is_empty() => return Err(Broken),
            Event::More => {
                let length = lengths.next().map_or(rest.len(), |length| usize::from(*length).max(1));
                let (frame, behind) = rest.split_at(length.min(rest.len()));
                splitter.feed(Bytes::copy_from_slice(frame));
                rest = behind;
            }
        }
    }
}

/// Splits a body in whatever frames it comes.
///
/// # Panics
/// When it has other parts than in one frame.
pub fn any(body: &[u8], lengths: &[u8]) {
    let whole = parts(body, &[]);
    assert_eq!(parts(body, lengths), whole);
    if let Ok(parts) = whole {
        for (_, data) in parts {
            let delimiter = format!("\r\n--{BOUNDARY}");
            assert!(!data.windows(delimiter.len()).any(|bytes| bytes == delimiter.as_bytes()));
        }
    }
}
