//! Refusals of the rooms below as problem documents, in one table.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use pipeline::House;
use serde_json::json;
use web::{Problem, ProblemKind};
use workspace::Trouble;

/// What the caller is told. What is not allowed does not exist, and a fault of ours has a number.
pub(crate) fn problem(house: &House, trouble: &Trouble) -> Problem {
    let Some(refusal) = trouble.refusal() else {
        return match trouble {
            _ if trouble.is_not_found() => Problem::new(ProblemKind::NotFound),
            _ if trouble.is_passing() => {
                tracing::warn!(
                    error = trouble as &dyn std::error::Error,
                    "an agency's system is asked to come again"
                );
                Problem::new(ProblemKind::Unavailable)
            }
            _ => internal(house, trouble),
        };
    };
    let kind = match refusal.code() {
        "destroyed" => ProblemKind::Gone,
        "not-found" | "disabled" | "file-not-found" => ProblemKind::NotFound,
        "not-allowed" => ProblemKind::Forbidden,
        // What has the right shape and does not go together with how things stand.
        "conflict" | "unfit" | "blocked" | "closed" | "too-late" => ProblemKind::Conflict,
        _ => return internal(house, trouble),
    };
    match kind {
        ProblemKind::NotFound => Problem::new(kind),
        _ => Problem::new(kind).detail(refusal.to_string()),
    }
}

/// A fault of ours: logged once, under a number that the caller is told.
pub(crate) fn internal(house: &House, fault: &(dyn std::error::Error + 'static)) -> Problem {
    let number = pipeline::request_number(house);
    tracing::error!(incident = number, error = fault, "a request of an agency's system failed");
    Problem::new(ProblemKind::Internal).incident(number)
}

/// A refusal as OAuth 2 writes it (RFC 6749 5.2).
pub(crate) fn oauth(code: &str, says: &str) -> Response {
    let status = if code == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let body = axum::Json(json!({ "error": code, "error_description": says }));
    let mut response = (status, body).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
    }
    response
}
