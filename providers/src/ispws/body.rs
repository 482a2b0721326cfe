//! Bodies of strangers: bounded in size and patience, and read to their end even when refused, so that a client that
//! is still sending gets its answer instead of a broken connection.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

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
            drain(stream, MOST_DRAINED_BYTES).await;
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
pub(super) async fn next(stream: &mut BodyDataStream) -> Option<Result<Bytes, BodyTrouble>> {
    match tokio::time::timeout(PATIENCE, stream.next()).await {
        Ok(Some(frame)) => Some(frame.map_err(|_| BodyTrouble::BrokenOff)),
        Ok(None) => None,
        Err(_) => Some(Err(BodyTrouble::BrokenOff)),
    }
}

/// Reads a refused body to its end, as far as a bound.
pub(super) async fn drain(mut stream: BodyDataStream, most: u64) {
    let mut seen = 0;
    while let Some(Ok(frame)) = next(&mut stream).await {
        seen += frame.len() as u64;
        if seen > most {
            return;
        }
    }
}
