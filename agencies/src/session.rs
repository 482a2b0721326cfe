//! The viewer behind a request, by the cookie of their session.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use pipeline::Session;
use web::Visit;

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
        let away = |trouble| agencies.door.turned_away(&trouble, parts);
        let secret = web::session_cookie(&parts.headers).ok_or_else(|| agencies.door.outside_of(parts))?;
        let session = pipeline::session(&agencies.house, &secret).await.map_err(away)?;
        let visit = agencies.door.visit(secret, &session.live.id);
        Ok(Self { agencies: agencies.clone(), session, visit })
    }
}
