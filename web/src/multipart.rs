//! `multipart/form-data` (RFC 7578), read part by part as it arrives, in as little memory as a frame takes. It is our own
//! because the bytes of large files go through it: decision 023 has the figures.

mod head;
mod split;

use std::time::Duration;

use axum::RequestExt as _;
use axum::body::BodyDataStream;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode, header};

pub use head::{Head, MOST_HEAD_BYTES};
pub use split::{Broken, Event, Splitter};

/// How long a client may be silent in the middle of a form.
const PATIENCE: Duration = Duration::from_secs(30);

/// A form on its way in.
pub struct Multipart {
    body: BodyDataStream,
    splitter: Splitter,
    /// What was found while the part before it was read to its end.
    coming: Option<Event>,
}

/// Why a form cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not what it says that it is, or ended before its last boundary.
    #[error("the multipart body is broken")]
    Broken,
    /// It fell silent or failed on its way, or is too long for where it was sent.
    #[error("the body broke off")]
    BrokenOff,
    /// A part that should be words is longer than they may be, or no text.
    #[error("a part is not the words that it should be")]
    Words,
}

/// One part of a form. Dropping it skips the rest of it.
pub struct Part<'a> {
    form: &'a mut Multipart,
    head: Head,
}

impl<S: Sync> FromRequest<S> for Multipart {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let splitter = boundary(request.headers()).as_deref().map(Splitter::new);
        match splitter {
            Some(Ok(splitter)) => {
                // The bound of the route holds here as everywhere.
                let body = request.with_limited_body().into_body().into_data_stream();
                Ok(Self { body, splitter, coming: None })
            }
            _ => Err((StatusCode::BAD_REQUEST, "send a multipart/form-data body with a boundary\n")
                .into_response()),
        }
    }
}

/// The boundary that a request names, when it brings a form of this kind.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = text.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut parameters = parameters.split(';').filter_map(|one| one.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    let value = value.trim();
    Some(value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value).to_owned())
}

impl Multipart {
    /// The next part; none after the last one.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub async fn next_part(&mut self) -> Result<Option<Part<'_>>, Unreadable> {
        loop {
            let event = match self.coming.take() {
                Some(event) => event,
                None => self.event().await?,
            };
            match event {
                Event::Part(head) => return Ok(Some(Part { form: self, head })),
                Event::End => {
                    self.coming = Some(Event::End);
                    return Ok(None);
                }
                // The rest of a part that nobody wanted.
                Event::Data(_) | Event::More => {}
            }
        }
    }

    async fn event(&mut self) -> Result<Event, Unreadable> {
        loop {
            match self.splitter.step().map_err(|Broken| Unreadable::Broken)? {
                Event::More => {
                    let frame = tokio::time::timeout(PATIENCE, self.body.next()).await;
                    let frame = frame.map_err(|_| Unreadable::BrokenOff)?.ok_or(Unreadable::Broken)?;
                    self.splitter.feed(frame.map_err(|_| Unreadable::BrokenOff)?);
                }
                event => return Ok(event),
            }
        }
    }
}

impl Part<'_> {
    /// What its sender says about it.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// The next piece of it, as it came; none after the last one.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub async fn frame(&mut self) -> Result<Option<Bytes>, Unreadable> {
        if self.form.coming.is_some() {
            return Ok(None);
        }
        match self.form.event().await? {
            Event::Data(piece) => Ok(Some(piece)),
            end => {
                self.form.coming = Some(end);
                Ok(None)
            }
        }
    }

    /// All of it as words, when it is no longer than so many bytes.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub async fn words(mut self, most_bytes: usize) -> Result<String, Unreadable> {
        let mut bytes = Vec::new();
        while let Some(frame) = self.frame().await? {
            bytes.extend_from_slice(&frame);
            if bytes.len() > most_bytes {
                return Err(Unreadable::Words);
            }
        }
        String::from_utf8(bytes).map_err(|_| Unreadable::Words)
    }
}

#[cfg(test)]
mod tests;
