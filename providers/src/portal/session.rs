//! Somebody of a provider behind a request.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use pipeline::portal::{self, Member};
use pipeline::provider::ProviderViewer;
use web::Visit;

use super::Portal;

/// Somebody with a live session. A handler that takes this cannot be reached without one.
pub(super) struct SignedIn {
    pub(super) portal: Portal,
    pub(super) member: Member,
    pub(super) viewer: ProviderViewer,
    pub(super) visit: Visit,
}

impl FromRequestParts<Portal> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let secret = web::session_cookie(&parts.headers).ok_or_else(|| portal.door.outside_of(parts))?;
        let found = portal::member(&portal.house, &secret).await;
        let member = found.map_err(|trouble| portal.door.turned_away(&trouble, parts))?;
        let viewer = member.viewer().map_err(|_| portal.door.outside_of(parts))?;
        let visit = portal.door.visit(secret, &member.live.id);
        Ok(Self { portal: portal.clone(), member, viewer, visit })
    }
}
