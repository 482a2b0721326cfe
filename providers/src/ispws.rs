//! The routes of `/ispws` and what they share: credentials, the request id, the answer to an unknown path.

mod answer;
mod body;
mod close;
mod documents;
mod door;
mod quality;
mod rest;
mod transfers;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};
use cybertip::Profile;
use cybertip::response::ResponseCode;
use http::{HeaderName, HeaderValue, StatusCode};
use pipeline::House;
use pipeline::intake::Transfers;

use answer::Answer;
pub(crate) use door::{Caller, TooSoon, paced, proved};
use door::{Door, enter, login};
use web::Rate;

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
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Use of HTTP status codes.
    pub status_mode: StatusMode,
    /// Root of `/finish` errors.
    pub finish_error_root: FinishErrorRoot,
    /// Which schema is enforced and served.
    pub schema: Profile,
    /// Whether a refusal's description goes on, after the standard text, with one plain sentence.
    pub help_in_description: bool,
    /// How often one credential may ask; a finish and a retract are never counted.
    pub requests: Option<Rate>,
    /// How many wrong secrets of one network are answered without waiting.
    pub wrong_logins: Option<Rate>,
}

impl Default for Settings {
    /// As the test environment of 2026, with help, and with no bound on anybody's pace.
    fn default() -> Self {
        Self {
            status_mode: StatusMode::default(),
            finish_error_root: FinishErrorRoot::default(),
            schema: Profile::default(),
            help_in_description: true,
            requests: None,
            wrong_logins: door::rate(30),
        }
    }
}

impl Settings {
    /// Bounds the pace: requests of one credential, and wrong secrets of one network, each in a minute; 0 bounds
    /// nothing.
    #[must_use]
    pub fn paced(mut self, requests_per_minute: u32, wrong_logins_per_minute: u32) -> Self {
        self.requests = door::rate(requests_per_minute);
        self.wrong_logins = door::rate(wrong_logins_per_minute);
        self
    }
}

/// What every handler of this face holds.
#[derive(Clone)]
pub struct Provider {
    house: House,
    settings: Settings,
    xsd: Arc<str>,
    door: Arc<Door>,
    transfers: Arc<Transfers>,
}

impl Provider {
    /// The face of `house` under `settings`.
    #[must_use]
    pub fn new(house: House, settings: Settings) -> Self {
        let door = Arc::new(Door::new(&settings, &house));
        Self { house, settings, xsd: cybertip::xsd(settings.schema).into(), door, transfers: Arc::default() }
    }

    pub(crate) const fn house(&self) -> &House {
        &self.house
    }
}

/// The seven endpoints and our extension for files in several requests, with a documented answer for every other path below `/ispws`.
pub fn router(provider: Provider) -> Router {
    let endpoints = Router::new()
        .route("/status", get(documents::status))
        .route("/xsd", get(documents::xsd))
        .route("/submit", post(documents::submit))
        .route("/upload", post(upload::upload))
        .route("/fileinfo", post(documents::file_info))
        .route("/finish", post(close::finish))
        .route("/retract", post(close::retract))
        .route("/uploads", any(transfers::all))
        .route("/uploads/{file}", any(transfers::one))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(rest::read_out))
        .layer(from_fn_with_state(provider.clone(), number_request))
        .with_state(provider.clone());
    let all = Router::new().nest("/ispws", endpoints).merge(crate::api::router(provider));
    web::secure(all, web::Surface::Machines)
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
