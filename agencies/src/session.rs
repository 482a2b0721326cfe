//! The viewer behind a request: a session cookie on pages, a bearer token on the API.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, header};
use pipeline::{Session, Viewer};
use web::{Problem, ProblemKind, Visit};

use crate::Agencies;

/// Somebody with a live session. A handler that takes this cannot be reached without one.
pub(crate) struct SignedIn {
    pub(crate) agencies: Agencies,
    pub(crate) session: Session,
    pub(crate) visit: Visit,
}

impl FromRequestParts<Agencies> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, agencies: &Agencies) -> Result<Self, Response> {
        let away = |trouble| agencies.door.turned_away(&trouble, &parts.uri);
        let secret = web::session_cookie(&parts.headers).ok_or_else(|| agencies.door.outside())?;
        let session = pipeline::session(&agencies.house, &secret).await.map_err(away)?;
        let visit = agencies.door.visit(secret, &session.live.id);
        Ok(Self { agencies: agencies.clone(), session, visit })
    }
}

/// An agency's own system with a live token.
pub(crate) struct System {
    pub(crate) agencies: Agencies,
    pub(crate) viewer: Viewer,
}

impl FromRequestParts<Agencies> for System {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, agencies: &Agencies) -> Result<Self, Problem> {
        let refused = || {
            Problem::new(ProblemKind::Unauthenticated)
                .detail("send the agency's token as Authorization: Bearer TOKEN; tokens are issued by the clearinghouse")
        };
        let token = bearer(&parts.headers).ok_or_else(refused)?;
        let viewer = pipeline::viewer_of_token(&agencies.house, token).await.map_err(|_| refused())?;
        Ok(Self { agencies: agencies.clone(), viewer })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
