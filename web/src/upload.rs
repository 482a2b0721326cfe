//! A form of a page that brings a file. The face says in which order its parts come: the token first, so that nothing is
//! kept of a form that is not ours.

use crate::multipart::{Multipart, Part, Unreadable};

/// How much of a refused file is still read.
const MOST_SKIPPED_BYTES: u64 = 64 << 20;
/// A form token is never longer.
pub const MOST_TOKEN_BYTES: usize = 256;

/// Why nothing was taken of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is none of ours, or its words are too long for one.
    Form,
    /// It broke off, fell silent, or holds no file.
    NotWhole,
}

impl Unread {
    /// What is said to whoever sent a form that did not arrive whole.
    pub const NOT_WHOLE: &'static str =
        "The file did not arrive whole, or none was chosen. Choose it and send it again.";
}

impl From<Unreadable> for Unread {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Words => Self::Form,
            Unreadable::Broken | Unreadable::BrokenOff => Self::NotWhole,
        }
    }
}

/// The next part of a form.
///
/// # Errors
/// [`Unread::NotWhole`] after the last one too: a form that brings a file ends with it.
pub async fn next(parts: &mut Multipart) -> Result<Part<'_>, Unread> {
    parts.next_part().await?.ok_or(Unread::NotWhole)
}

/// Reads what is not wanted, so that a browser which is still sending hears why.
///
/// # Errors
/// [`Unread::NotWhole`].
pub async fn skip(mut part: Part<'_>) -> Result<(), Unread> {
    let mut seen = 0;
    while let Some(frame) = part.frame().await? {
        seen += frame.len() as u64;
        if seen > MOST_SKIPPED_BYTES {
            break;
        }
    }
    Ok(())
}
