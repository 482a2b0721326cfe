//! Somebody of a provider behind a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use pipeline::portal::{self, Member};
use pipeline::provider::ProviderViewer;
use web::Visit;

use super::{Portal, sign_in};

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
        let elsewhere = || web::redirect(sign_in::PATH);
        let secret = web::session_cookie(&parts.headers).ok_or_else(elsewhere)?;
        let found = portal::member(&portal.house, &secret).await;
        let member = found.map_err(|_| elsewhere())?;
        let viewer = member.viewer().map_err(|_| elsewhere())?;
        let visit = Visit::new(secret, Arc::clone(&portal.forms));
        Ok(Self { portal: portal.clone(), member, viewer, visit })
    }
}
