//! What a refused request has still to say: read to its end, within bounds, so that a client which is in the middle of
//! sending hears the answer instead of a broken connection. One place for every early refusal there is.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::stream;
use http::{StatusCode, header};

use super::body;

/// Of a provider's body so much is still read.
const MOST_DRAINED_BYTES: u64 = 256 << 20;
/// Of a stranger's only so much: nobody has said yet who sends it.
const MOST_OF_A_STRANGER_BYTES: u64 = 4 << 20;
/// For so long the answer is held back for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body that its reader may drop without losing what was not read.
struct Left {
    stream: BodyDataStream,
    is_begun: bool,
    is_over: bool,
}

/// Lets the request through, and reads what its handler left over before the answer goes out.
pub(super) async fn read_out(request: Request, next: Next) -> Response {
    let waits_for_leave = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let left = Left { stream: body.into_data_stream(), is_begun: false, is_over: false };
    let left = Arc::new(Mutex::new(left));
    let response = next.run(Request::from_parts(parts, shared(Arc::clone(&left)))).await;
    let rest = {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        // A client that asked for leave to send, and did not get it, sends nothing.
        let is_coming = !left.is_over && (left.is_begun || !waits_for_leave);
        is_coming.then(|| std::mem::replace(&mut left.stream, Body::empty().into_data_stream()))
    };
    if let Some(rest) = rest {
        let is_stranger = response.status() == StatusCode::UNAUTHORIZED;
        let most = if is_stranger { MOST_OF_A_STRANGER_BYTES } else { MOST_DRAINED_BYTES };
        if tokio::time::timeout(PATIENCE, body::drain(rest, most)).await.is_err() {
            tracing::debug!("a refused body had no end in time");
        }
    }
    response
}

/// The body as its reader sees it.
fn shared(left: Arc<Mutex<Left>>) -> Body {
    Body::from_stream(stream::poll_fn(move |context| {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        left.is_begun = true;
        let frame = left.stream.poll_next_unpin(context);
        left.is_over |= matches!(frame, Poll::Ready(None | Some(Err(_))));
        frame
    }))
}
