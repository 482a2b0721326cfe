//! Answers that a sandbox gives in the place of the house: to faults that were asked for, and to orders that it does
//! not understand. Their shape is that of the reporting API, so that clients meet what they would meet.

use std::io;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use cybertip::response::{ResponseCode, report_done_response, report_response};
use domain::ReportId;
use http::{HeaderValue, StatusCode, header};

use super::fault::Fault;
use crate::{FinishErrorRoot, Settings, StatusMode};

const XML: HeaderValue = HeaderValue::from_static("application/xml;charset=UTF-8");
const REALM: HeaderValue = HeaderValue::from_static("Basic realm=\"ESP Web Services\"");
/// What a client of a sandbox is asked to wait: long enough to be noticed, short enough for a test.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// What an answer in the house's place depends on.
pub(super) struct Place {
    pub settings: Settings,
    /// The request goes to `/finish` and names this report.
    pub finish_of: Option<u64>,
}

impl Place {
    /// The answer of a fault that answers by itself; `None` for one that lets the house answer.
    pub fn answer(&self, fault: Fault) -> Option<Response> {
        match fault {
            Fault::Code(code) => Some(self.refusal(code, code.text())),
            Fault::Status(status) => Some(bare(status)),
            Fault::Unauthenticated => {
                Some((StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, REALM)]).into_response())
            }
            Fault::RateLimited => Some(too_soon()),
            Fault::Slow(_) | Fault::LostAnswer | Fault::ExpireNow => None,
        }
    }

    /// A refusal in the words of the reporting API.
    pub fn refusal(&self, code: ResponseCode, says: &str) -> Response {
        let report = self.finish_of.and_then(|number| ReportId::try_from(number).ok());
        let body = match (report, self.settings.finish_error_root) {
            (Some(report), FinishErrorRoot::ReportDoneResponse) => report_done_response(code, report, &[]),
            (report, _) => report_response(code, says, report, None, None),
        };
        let status = match self.settings.status_mode {
            StatusMode::Modern => StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::BAD_REQUEST),
            StatusMode::Always200 => StatusCode::OK,
        };
        let mut response = (status, [(header::CONTENT_TYPE, XML)], body).into_response();
        if code.is_retryable() {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

/// What a proxy says when there is nothing behind it.
fn bare(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or_default();
    let mut response = (status, format!("{} {reason}\n", status.as_u16())).into_response();
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    response
}

/// What the house says to a credential that asks too fast.
fn too_soon() -> Response {
    let says = "Server error: too many requests of this credential, try again in 1 s";
    let body = report_response(ResponseCode::ServerError, says, None, None, None);
    let headers = [(header::CONTENT_TYPE, XML), (header::RETRY_AFTER, RETRY_AFTER)];
    (StatusCode::SERVICE_UNAVAILABLE, headers, body).into_response()
}

/// An answer that never comes: its body breaks before the first byte, so the connection is cut with nothing sent.
pub(super) fn lost() -> Response {
    let broken =
        futures_util::stream::once(async { Err::<bytes::Bytes, _>(io::Error::other("lost on purpose")) });
    Response::new(Body::from_stream(broken))
}
