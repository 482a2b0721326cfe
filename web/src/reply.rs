//! The answers that pages are made of.

use axum::body::{Body, HttpBody as _};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use maud::Markup;
use policy::Denial;
use policy::access::Why;

/// Names the rule, the policy and the source that allowed an answer.
const ALLOWED_BY: HeaderName = HeaderName::from_static("clearinghouse-allowed-by");

/// A page with its status.
#[must_use]
pub fn page(status: StatusCode, markup: Markup) -> Response {
    let mut response = (status, markup.into_string()).into_response();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

/// Bytes of an answer that is whole in memory, as its body is sent; nothing of one that is still being made.
#[must_use]
pub fn weight(answer: &Response) -> u64 {
    answer.body().size_hint().exact().unwrap_or_default()
}

/// Put beside an answer whose status does not say that it refuses, because its clients expect another: the status that it
/// stands for.
#[derive(Debug, Clone, Copy)]
pub struct Refused(pub StatusCode);

/// Sends the browser on, after a POST, to a path of ours.
#[must_use]
pub fn redirect(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Says in a header which policy allowed an answer: `R-36; 18 USC 2258A(g)(2)(A)(ii); agency-system-read`. A refusal marks
/// nothing.
#[must_use]
pub fn allowed_by(mut response: Response, decided: Result<&'static Why, Denial>) -> Response {
    let said = decided.ok().map(|why| format!("{}; {}; {}", why.rule, why.source, why.policy));
    if let Some(value) = said.and_then(|said| HeaderValue::from_str(&said).ok()) {
        response.headers_mut().insert(ALLOWED_BY, value);
    }
    response
}

/// A file under a name and of a type, piece by piece: `next` answers nothing after the last. When it fails, the connection
/// breaks off: nobody takes a part for the whole.
pub fn download<Source, Next, Fault>(
    (name, content_type): (&str, &'static str),
    source: Source,
    next: impl Fn(Source) -> Next + Send + 'static,
) -> Response
where
    Source: Send + 'static,
    Next: Future<Output = (Source, Result<Option<Bytes>, Fault>)> + Send + 'static,
    Fault: std::error::Error + Send + Sync + 'static,
{
    let pieces = stream::unfold(Some(source), move |source| {
        let asked = source.map(|source| Box::pin(next(source)));
        async move {
            match asked?.await {
                (source, Ok(Some(piece))) => Some((Ok(piece), Some(source))),
                (_, Ok(None)) => None,
                (_, Err(fault)) => {
                    tracing::error!(error = %fault, "a download broke off");
                    Some((Err(fault), None))
                }
            }
        }
    });
    // Boxed: a body is handed on by value, layer after layer, and what makes the pieces may be large.
    let mut response = Body::from_stream(Box::pin(pieces)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    }
    response
}
