//! Somebody of the clearinghouse behind a request.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use office::staff::{self, Member};
use policy::{Viewer, ViewerRole};
use web::Visit;

use crate::{Staff, shell};

/// Somebody with a live session. A handler that takes this cannot be reached without one.
pub(crate) struct SignedIn {
    pub(crate) staff: Staff,
    pub(crate) member: Member,
    pub(crate) visit: Visit,
}

impl SignedIn {
    /// The member as access sees them.
    pub(crate) fn viewer(&self) -> Viewer {
        self.member.viewer(&self.staff.house)
    }

    /// Nothing for these roles; what is not there for everybody else.
    pub(crate) fn must_be(&self, roles: &[ViewerRole]) -> Result<(), Box<Response>> {
        if self.member.is_one_of(roles) { Ok(()) } else { Err(Box::new(shell::not_found(self))) }
    }

    /// Nothing for a form of ours from this session; a page that says so for any other.
    pub(crate) fn must_post(
        &self,
        headers: &HeaderMap,
        token: &str,
        form: &str,
    ) -> Result<(), Box<Response>> {
        if self.visit.may_post(headers, token, form) {
            Ok(())
        } else {
            Err(Box::new(shell::stale_form(self)))
        }
    }
}

impl FromRequestParts<Staff> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, staff: &Staff) -> Result<Self, Response> {
        let away = |trouble| staff.door.turned_away(&trouble, parts);
        let secret = web::session_cookie(&parts.headers).ok_or_else(|| staff.door.outside_of(parts))?;
        let member = staff::member(&staff.house, &secret).await.map_err(away)?;
        let visit = staff.door.visit(secret, member.session_id());
        Ok(Self { staff: staff.clone(), member, visit })
    }
}
