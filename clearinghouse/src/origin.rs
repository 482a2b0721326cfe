//! From where each request comes, set once around all of its handling; and the leaf of what was refused (R-76a, R-76b).

use std::borrow::Cow;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use console::origin::within;
use store::{Attempt, EventKind, House, Origin};
use web::{Peer, Refused};

/// Parts of a path that name things. All others may be secrets, such as links, and are told by their names alone.
const NAMES: [&str; 12] = [
    "agency",
    "case",
    "credential",
    "delivery",
    "file",
    "id",
    "list",
    "number",
    "person",
    "provider",
    "report",
    "version",
];
/// The longest object that is told.
const MOST_OBJECT_CHARS: usize = 200;

/// Tells every act behind these routes from where it was asked, and leaves a leaf of every refusal.
pub(crate) fn told(router: Router, house: &House, surface: &'static str) -> Router {
    let house = house.clone();
    router.route_layer(from_fn(move |request: Request, next: Next| {
        let house = house.clone();
        async move {
            let (origin, object) = (origin(&house, surface, &request), object(&request));
            origin.clone().scope(answered(house, origin, object, request, next)).await
        }
    }))
}

async fn answered(house: House, origin: Origin, object: String, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let Some(code) = refusal(&origin, &response) else { return response };
    let denied = origin.denied();
    let (code, rule) = denied.map_or((code, None), |denied| (Cow::Borrowed(denied.code), denied.rule));
    let kind = if is_log_on(&code, &object) { EventKind::SignInRefused } else { EventKind::AccessRefused };
    let attempt = Attempt { kind, code: code.into_owned(), object, rule };
    if let Err(fault) = house.refused(attempt).await {
        // The request was refused already, and the house itself has raised the alarm.
        tracing::error!(fault = crate::outcome::chain(&fault), "a refusal could not be put into the ledger");
    }
    response
}

/// A wrong secret, or a link that opens nothing.
fn is_log_on(code: &str, object: &str) -> bool {
    code == "unauthenticated" || object.split('/').any(|part| part == "enter")
}

fn origin(house: &House, surface: &'static str, request: &Request) -> Origin {
    let origin = within(surface).from_address(Peer::of(request.extensions()).0.ip());
    match web::session_cookie(request.headers()) {
        Some(secret) => origin.in_session(house.secret_digest(secret.as_bytes())),
        None => origin,
    }
}

/// The method and the route with the names in it.
fn object(request: &Request) -> String {
    let route = request.extensions().get::<MatchedPath>().map_or("/", MatchedPath::as_str);
    let parts = route.split('/').zip(request.uri().path().split('/')).map(|(pattern, part)| {
        let name = pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match name {
            Some(name) if NAMES.contains(&name) => part,
            _ => pattern,
        }
    });
    let object = format!("{} {}", request.method(), parts.collect::<Vec<_>>().join("/"));
    object.chars().take(MOST_OBJECT_CHARS).collect()
}

/// Why an answer is a refusal, if it is one. Whoever is not signed in is sent to the door, which is one too.
fn refusal(origin: &Origin, response: &Response) -> Option<Cow<'static, str>> {
    let said = response.extensions().get::<Refused>().map_or(response.status(), |refused| refused.0);
    let code = match said {
        StatusCode::UNAUTHORIZED => "unauthenticated",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::SEE_OTHER if origin.known().is_none() && is_to_the_door(response) => "not-signed-in",
        _ => return None,
    };
    Some(Cow::Borrowed(code))
}

fn is_to_the_door(response: &Response) -> bool {
    let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
    to.is_some_and(|to| to.ends_with("/sign-in"))
}
