//! A form of a page that brings a file. The face says in which order its parts come: the token first, so that nothing is
//! kept of a form that is not ours.

use crate::multipart::{Multipart, Part, Unreadable};

/// How much of a refused file is still read.
const MOST_SKIPPED_BYTES: u64 = 64 << 20;
/// A form token is never longer.
pub const MOST_TOKEN_BYTES: usize = 256;
/// What is said to whoever sent a form that did not arrive whole.
pub const NOT_WHOLE: &str = "The file did not arrive whole, or none was chosen. Choose it and send it again.";

/// The next part of a form.
///
/// # Errors
/// [`Unreadable`]; [`Unreadable::BrokenOff`] after the last part too: a form that brings a file ends with it.
pub async fn next(parts: &mut Multipart) -> Result<Part<'_>, Unreadable> {
    parts.next_part().await?.ok_or(Unreadable::BrokenOff)
}

/// Reads what is not wanted, so that a browser which is still sending hears why.
///
/// # Errors
/// [`Unreadable`].
pub async fn skip(mut part: Part<'_>) -> Result<(), Unreadable> {
    let mut seen = 0;
    while let Some(frame) = part.frame().await? {
        seen += frame.len() as u64;
        if seen > MOST_SKIPPED_BYTES {
            break;
        }
    }
    Ok(())
}
