//! A form that brings a file (`multipart/form-data`), read part by part as it arrives. The face says in which order its
//! parts come: the token first, so that nothing is kept of a form that is not ours.

use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::Field;
use bytes::Bytes;

/// How long a browser may be silent in the middle of a form.
const PATIENCE: Duration = Duration::from_secs(30);
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

/// One part of a form.
pub struct Part<'a>(Field<'a>);

/// The next part of a form.
///
/// # Errors
/// [`Unread::NotWhole`] after the last one too: a form that brings a file ends with it.
pub async fn next(parts: &mut Multipart) -> Result<Part<'_>, Unread> {
    let next = tokio::time::timeout(PATIENCE, parts.next_field()).await.map_err(|_| Unread::NotWhole)?;
    next.map_err(|_| Unread::NotWhole)?.map(Part).ok_or(Unread::NotWhole)
}

impl Part<'_> {
    /// The name of its field.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// What its file is called; browsers send an empty name where none was chosen.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.0.file_name().filter(|name| !name.is_empty())
    }

    /// What its sender says that it is.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.0.content_type()
    }

    /// The next piece of it.
    ///
    /// # Errors
    /// [`Unread::NotWhole`].
    pub async fn frame(&mut self) -> Result<Option<Bytes>, Unread> {
        let frame = tokio::time::timeout(PATIENCE, self.0.chunk()).await.map_err(|_| Unread::NotWhole)?;
        frame.map_err(|_| Unread::NotWhole)
    }

    /// All of it as words, of at most so many bytes.
    ///
    /// # Errors
    /// [`Unread`].
    pub async fn words(mut self, most_bytes: usize) -> Result<String, Unread> {
        let mut bytes = Vec::new();
        while let Some(frame) = self.frame().await? {
            bytes.extend_from_slice(&frame);
            if bytes.len() > most_bytes {
                return Err(Unread::Form);
            }
        }
        String::from_utf8(bytes).map_err(|_| Unread::Form)
    }

    /// Reads what is not wanted, so that a browser which is still sending hears why.
    ///
    /// # Errors
    /// [`Unread::NotWhole`].
    pub async fn skip(mut self) -> Result<(), Unread> {
        let mut seen = 0;
        while let Some(frame) = self.frame().await? {
            seen += frame.len() as u64;
            if seen > MOST_SKIPPED_BYTES {
                break;
            }
        }
        Ok(())
    }
}
