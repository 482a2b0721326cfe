//! The routes of `/ispws` and what they share: credentials, the request id, the answer to an unknown path.

mod answer;
mod body;
mod close;
mod documents;
mod quality;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use cybertip::Profile;
use cybertip::response::ResponseCode;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use pipeline::{House, RuleSet};
use pipeline::intake::{self, Login};

use answer::Answer;

/// How error answers use HTTP status codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatusMode {
    /// As the test environment of 2026 does: 400, 401, 403, 404, 500.
    #[default]
    Modern,
    /// As in 2016: everything but missing credentials is a 200.
    Always200,
}

/// The root element of an error answer on `/finish`. No source settles it; most clients read only the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FinishErrorRoot {
    /// `reportDoneResponse` with an empty list of files.
    #[default]
    ReportDoneResponse,
    /// `reportResponse`, as everywhere else.
    ReportResponse,
}

/// What an operator may set about this face.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Use of HTTP status codes.
    pub status_mode: StatusMode,
    /// Root of `/finish` errors.
    pub finish_error_root: FinishErrorRoot,
    /// Which schema is enforced and served.
    pub schema: Profile,
}

/// What every handler of this face holds.
#[derive(Clone)]
pub struct Provider {
    house: House,
    settings: Settings,
    xsd: Arc<str>,
    rules: Option<Arc<RuleSet>>,
}

impl Provider {
    /// The face of `house` under `settings`.
    #[must_use]
    pub fn new(house: House, settings: Settings) -> Self {
        Self { house, settings, xsd: cybertip::xsd(settings.schema).into(), rules: None }
    }

    /// The same, and what it says of a report's quality is judged by the operator's own rules.
    #[must_use]
    pub fn judging_by(mut self, rules: Arc<RuleSet>) -> Self {
        self.rules = Some(rules);
        self
    }

    fn rules(&self) -> &RuleSet {
        self.rules.as_deref().unwrap_or_else(|| RuleSet::embedded())
    }
}

/// The seven endpoints, with a documented answer for every other path below `/ispws`.
pub fn router(provider: Provider) -> Router {
    let endpoints = Router::new()
        .route("/status", get(documents::status))
        .route("/xsd", get(documents::xsd))
        .route("/submit", post(documents::submit))
        .route("/upload", post(upload::upload))
        .route("/fileinfo", post(documents::file_info))
        .route("/finish", post(close::finish))
        .route("/retract", post(close::retract))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(provider.clone(), number_request))
        .with_state(provider);
    web::secure(Router::new().nest("/ispws", endpoints), web::Surface::Machines)
}

/// Every answer carries a `Request-ID`, errors included; providers quote it to support.
async fn number_request(State(provider): State<Provider>, request: Request, next: Next) -> Response {
    let number = pipeline::request_number(&provider.house);
    let mut response = next.run(request).await;
    tracing::debug!(request.id = number, http.status = response.status().as_u16(), "answered a provider");
    if let Ok(number) = HeaderValue::from_str(&number) {
        response.headers_mut().insert(HeaderName::from_static("request-id"), number);
    }
    response
}

async fn unknown_path(State(provider): State<Provider>) -> Response {
    Answer::refusal(ResponseCode::ResourceNotFound).status(StatusCode::NOT_FOUND).send(&provider)
}

async fn wrong_method(State(provider): State<Provider>) -> Response {
    Answer::refusal(ResponseCode::InvalidRequest).status(StatusCode::METHOD_NOT_ALLOWED).send(&provider)
}

/// The login behind the credentials of a request, or the answer that says why not.
async fn login(provider: &Provider, headers: &HeaderMap) -> Result<Login, Response> {
    let Some(given) = web::basic_credentials(headers) else { return Err(answer::unauthenticated()) };
    let found = intake::authenticate(&provider.house, &given.username, &given.secret).await;
    found.map_err(|refused| match refused.code {
        ResponseCode::AuthenticationRequired => answer::unauthenticated(),
        _ => Answer::refused(refused).send(provider),
    })
}
