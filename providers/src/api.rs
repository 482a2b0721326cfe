//! `/provider/v1`: a provider's own reports for its own systems, as JSON, with the credential that also submits. What
//! is another provider's does not exist; problems are RFC 9457 documents with stable codes.

mod receipt;
mod reports;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use cybertip::response::ResponseCode;
use domain::ReportId;
use http::request::Parts;
use http::{HeaderValue, header};
use pipeline::Trouble;
use pipeline::provider::ProviderViewer;
use web::{Problem, ProblemKind};

use crate::ispws::{Caller, Provider, TooSoon, paced, proved};

const REALM: HeaderValue = HeaderValue::from_static("Basic realm=\"Provider API\"");

/// The routes, beside those of `/ispws`.
pub(crate) fn router(provider: Provider) -> Router {
    Router::new()
        .route("/provider/v1/verifier-keys", get(receipt::verifier_keys))
        .route("/provider/v1/reports", get(reports::list))
        .route("/provider/v1/reports/{report}", get(reports::one))
        .route("/provider/v1/reports/{report}/quality", get(reports::quality))
        .route("/provider/v1/reports/{report}/receipt", get(receipt::by_accept))
        .route("/provider/v1/reports/{report}/receipt.json", get(receipt::json))
        .route("/provider/v1/reports/{report}/receipt.xml", get(receipt::xml))
        .route("/provider/v1/reports/{report}/receipt.pdf", get(receipt::pdf))
        .route("/provider/v1/{*rest}", any(|| async { Problem::new(ProblemKind::NotFound) }))
        .with_state(provider)
}

/// Who asks, by the credentials of the request, within the pace of the credential.
struct Asker(ProviderViewer);

impl FromRequestParts<Provider> for Asker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, provider: &Provider) -> Result<Self, Response> {
        let caller = Caller::said(&parts.headers, &parts.extensions);
        let login = proved(provider, caller).await.map_err(|refused| match refused.code {
            ResponseCode::AuthenticationRequired => unauthenticated(),
            ResponseCode::NotAuthorised => Problem::new(ProblemKind::Forbidden).into_response(),
            // Proving a secret fails in no other way than that the house cannot look.
            _ => Problem::new(ProblemKind::Unavailable).into_response(),
        })?;
        if let Err(TooSoon(wait)) = paced(provider, &login) {
            let mut response = Problem::new(ProblemKind::TooMany).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
            return Err(response);
        }
        Ok(Self(ProviderViewer::credential(login.provider, login.credential)))
    }
}

/// The report in the address. What is no number is no report.
struct Number(ReportId);

impl FromRequestParts<Provider> for Number {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, provider: &Provider) -> Result<Self, Response> {
        let nothing = || Problem::new(ProblemKind::NotFound).into_response();
        let given = Path::<String>::from_request_parts(parts, provider).await.map_err(|_| nothing())?;
        given.parse().map(Self).map_err(|_| nothing())
    }
}

fn unauthenticated() -> Response {
    let mut response = Problem::new(ProblemKind::Unauthenticated).into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, REALM);
    response
}

fn invalid(says: impl Into<String>) -> Response {
    Problem::new(ProblemKind::InvalidRequest).detail(says).into_response()
}

fn refusal(provider: &Provider, trouble: &Trouble) -> Response {
    match trouble {
        _ if trouble.is_not_found() => Problem::new(ProblemKind::NotFound).into_response(),
        _ => internal(provider, trouble),
    }
}

fn internal(provider: &Provider, fault: &(dyn std::error::Error + 'static)) -> Response {
    let incident = pipeline::request_number(provider.house());
    tracing::error!(incident, error = fault, "a provider's request failed");
    Problem::new(ProblemKind::Internal).incident(incident).into_response()
}
