//! A package or a document of one as an answer: streamed, never held in memory.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderValue, header};
use pipeline::package::{Download, Fault};

use crate::session::SignedIn;
use crate::{allowed, report_page, shell};

/// Answers somebody who asked on a page.
pub(crate) fn taken(who: &SignedIn, taken: Result<Download, Fault>) -> Response {
    match taken {
        Ok(download) => allowed::mark(answer(download), pipeline::allowed(&who.session.viewer).take),
        Err(Fault::Trouble(trouble)) => report_page::refusal(who, &trouble),
        Err(fault) => shell::broken(who, &crate::incident(&who.agencies.house, &fault)),
    }
}

/// Answers with the package. When it breaks off, so does the connection: nobody takes a part for the whole.
pub(crate) fn answer(download: Download) -> Response {
    let content_type = download.content_type();
    let named = format!("attachment; filename=\"{}\"", download.name());
    let pieces = stream::unfold(Some(download), |download| async {
        let mut download = download?;
        match download.next().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(download))),
            Ok(None) => None,
            Err(fault) => {
                tracing::error!(error = %fault, "a package broke off");
                Some((Err(fault), None))
            }
        }
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(named) = HeaderValue::from_str(&named) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    response
}
