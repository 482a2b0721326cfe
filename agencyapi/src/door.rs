//! Who asks: a system with a token of its agency, or with a short-lived one that it drew with that.

use http::request::Parts;
use http::{Extensions, HeaderMap, header};
use policy::Viewer;
use web::{Problem, ProblemKind, Shown};

use crate::router::AgencyApi;
use crate::token;

/// The system behind a request.
///
/// # Errors
/// The same for no token, a wrong one, and one of an agency that is let in no more.
pub(crate) async fn viewer(api: &AgencyApi, parts: &Parts) -> Result<Viewer, Problem> {
    let given = bearer(&parts.headers).ok_or_else(refused)?;
    let shown = shown(&parts.extensions);
    let found = match token::is_drawn(given) {
        true => token::viewer(&api.house, given, shown).await,
        false => pipeline::viewer_of_token(&api.house, given, shown).await,
    };
    found.map_err(|_| refused())
}

/// Digest of the certificate that the other end of the connection showed, and whose key it has.
pub(crate) fn shown(extensions: &Extensions) -> Option<[u8; 32]> {
    let shown = extensions.get::<Shown>()?.0.first()?;
    Some(seal::sha256(shown))
}

fn refused() -> Problem {
    Problem::new(ProblemKind::Unauthenticated).detail(
        "send the agency's token as Authorization: Bearer TOKEN; tokens are issued by the clearinghouse",
    )
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;
    use domain::{AgencyId, CredentialId, Id as _};

    // PROVES: R-22 R-36
    #[test]
    fn an_answer_says_which_rule_allowed_it_and_a_refusal_marks_nothing() {
        let agency = AgencyId::parse("icac-us-mn").unwrap();
        let system = Viewer::system(agency, CredentialId::parse("c-1").unwrap());
        let response = web::allowed_by(().into_response(), pipeline::allowed(&system).read);
        let header = response.headers().get("clearinghouse-allowed-by").unwrap().to_str().unwrap();
        assert_eq!(header, "R-36; 18 USC 2258A(g)(2)(A)(ii); agency-system-read");
        assert!(
            web::allowed_by(().into_response(), Err(pipeline::Denial::Role))
                .headers()
                .get("clearinghouse-allowed-by")
                .is_none()
        );
    }
}
