//! RFC 9457 problem documents, from one table of codes.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// Every kind of problem that a JSON surface can answer with. The code is stable; status and title follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// No or wrong credentials.
    Unauthenticated,
    /// The credentials are right and may not do this.
    Forbidden,
    /// Also said where the caller may not learn that the thing exists.
    NotFound,
    /// There is no form of it that the caller takes.
    NotAcceptable,
    /// The thing is not far enough for what was asked.
    NotComplete,
    /// It was there, and was destroyed.
    Gone,
    /// A parameter or body is not what the contract says.
    InvalidRequest,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The body is longer than is read.
    TooLarge,
    /// The body is of a type that is not read.
    UnsupportedMedia,
    /// The state of the thing does not allow it.
    Conflict,
    /// The caller sends faster than it may.
    TooMany,
    /// The house cannot do it right now; the caller may try again.
    Unavailable,
    /// Ours to mend.
    Internal,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::NotAcceptable,
        Self::NotComplete,
        Self::Gone,
        Self::InvalidRequest,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::UnsupportedMedia,
        Self::Conflict,
        Self::TooMany,
        Self::Unavailable,
        Self::Internal,
    ];

    const fn row(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::Unauthenticated => {
                ("unauthenticated", StatusCode::UNAUTHORIZED, "credentials are required")
            }
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "these credentials may not do this"),
            Self::NotAcceptable => {
                ("not-acceptable", StatusCode::NOT_ACCEPTABLE, "there is no such form of it")
            }
            Self::NotComplete => ("not-complete", StatusCode::CONFLICT, "it is not complete yet"),
            Self::Gone => ("gone", StatusCode::GONE, "it was destroyed"),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "there is no such thing here"),
            Self::InvalidRequest => ("invalid-request", StatusCode::BAD_REQUEST, "the request is not valid"),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "this address does not take this method",
            ),
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"),
            Self::UnsupportedMedia => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body is of another type")
            }
            Self::Conflict => ("conflict", StatusCode::CONFLICT, "the state does not allow this"),
            Self::TooMany => ("too-many-requests", StatusCode::TOO_MANY_REQUESTS, "too many requests"),
            Self::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "try again shortly"),
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "something went wrong here"),
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// The code in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        self.row().1
    }
}

/// One problem, ready to be answered with.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind_uri: String,
    title: &'static str,
    status: u16,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<String>,
}

impl Problem {
    /// A problem of a kind, without more to say.
    #[must_use]
    pub fn new(kind: ProblemKind) -> Self {
        let (code, status, title) = kind.row();
        Self {
            kind_uri: format!("urn:clearinghouse:problem:{code}"),
            title,
            status: status.as_u16(),
            code,
            detail: None,
            incident: None,
        }
    }

    /// Says what is wrong, where, and what to do.
    #[must_use]
    pub fn detail(mut self, says: impl Into<String>) -> Self {
        self.detail = Some(says.into());
        self
    }

    /// Names the incident under which a fault was logged.
    #[must_use]
    pub fn incident(mut self, number: impl Into<String>) -> Self {
        self.incident = Some(number.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_document_has_a_stable_code_and_says_what_to_do() {
        let problem = Problem::new(ProblemKind::InvalidRequest).detail("after must be a number");
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["code"], "invalid-request");
        assert_eq!(json["status"], 400);
        assert_eq!(json["detail"], "after must be a number");
        assert!(json.get("incident").is_none());
    }
}
