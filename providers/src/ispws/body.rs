//! Bodies of strangers: bounded in size and patience, and read to their end even when refused, so that a client that
//! is still sending gets its answer instead of a broken connection.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{HeaderMap, header};

/// How long a sender may be silent in the middle of a body.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a refused body is still read.
const MOST_DRAINED_BYTES: u64 = 256 << 20;

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyTrouble {
    /// It is longer than the bound.
    TooLong,
    /// It stopped, or the sender was silent for too long.
    BrokenOff,
}

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, BodyTrouble> {
    let mut stream = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(frame) = next(&mut stream).await {
        let frame = frame?;
        if whole.len() + frame.len() > limit {
            drain(stream).await;
            return Err(BodyTrouble::TooLong);
        }
        if whole.is_empty() && whole.capacity() == 0 {
            whole.reserve(frame.len());
        }
        whole.extend_from_slice(&frame);
    }
    Ok(whole.freeze())
}

/// The next frame of a body, within the patience.
async fn next(stream: &mut BodyDataStream) -> Option<Result<Bytes, BodyTrouble>> {
    match tokio::time::timeout(PATIENCE, stream.next()).await {
        Ok(Some(frame)) => Some(frame.map_err(|_| BodyTrouble::BrokenOff)),
        Ok(None) => None,
        Err(_) => Some(Err(BodyTrouble::BrokenOff)),
    }
}

/// Reads a refused body to its end, as far as the bound.
pub(super) async fn drain(mut stream: BodyDataStream) {
    let mut seen = 0;
    while let Some(Ok(frame)) = next(&mut stream).await {
        seen += frame.len() as u64;
        if seen > MOST_DRAINED_BYTES {
            return;
        }
    }
}

/// The media type of a request, lower case and without parameters, and its `charset`.
pub(super) fn media_type(headers: &HeaderMap) -> Option<(String, Option<String>)> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next()?.to_ascii_lowercase();
    let charset =
        parts.filter_map(|p| p.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    Some((kind, charset.map(|(_, value)| value.trim_matches('"').to_owned())))
}
