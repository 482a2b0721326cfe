//! The answers that pages are made of.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::Markup;

/// A page with its status.
#[must_use]
pub fn page(status: StatusCode, markup: Markup) -> Response {
    let mut response = (status, markup.into_string()).into_response();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
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
