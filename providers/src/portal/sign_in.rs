//! Getting in and out. The use banner tells providers where content may go and is acknowledged by the same click
//! that enters. One-click links exist only in the synthetic demo; the session behind them is the final one.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use web::door::{self, Enter, Token};

use super::session::SignedIn;
use super::{Portal, shell};

/// Where people go who are not signed in.
pub(super) const PATH: &str = "/provider/sign-in";

/// R-33, in plain words.
const MAY_DISCLOSE: &str = "Your company may give the content of a report only to law-enforcement agencies that the law \
     names, to this clearinghouse, or to answer legal process, as 18 USC 2258A(g)(4) and 2702(b) allow.";
const OWN_ONLY: &str = "You see what your company sent, and nothing of any other company.";

/// The page that everybody sees who is not signed in.
pub(super) async fn page(State(portal): State<Portal>) -> Response {
    shell::outside(StatusCode::OK, &portal, "Sign in", &door::not_signed_in())
}

/// The banner, with the one button that acknowledges it and enters.
pub(super) async fn door(State(portal): State<Portal>, Path(link): Path<String>) -> Response {
    let main = door::banner("providers", &[MAY_DISCLOSE, OWN_ONLY], "/provider/enter", &link);
    shell::outside(StatusCode::OK, &portal, "Before you enter", &main)
}

/// Starts a session, with the banner acknowledged.
pub(super) async fn enter(
    State(portal): State<Portal>,
    headers: HeaderMap,
    Form(form): Form<Enter>,
) -> Response {
    let refused = || shell::outside(StatusCode::FORBIDDEN, &portal, "Link refused", &door::refused());
    let Some(link) = form.link(&headers) else { return refused() };
    match pipeline::portal::sign_in_with_link(&portal.house, link).await {
        Ok(secret) => door::entered(&secret, shell::HOME.href),
        Err(_) => refused(),
    }
}

/// Ends the session on the server and takes the cookie away.
pub(super) async fn leave(who: SignedIn, headers: HeaderMap, Form(form): Form<Token>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, "sign-out") {
        return shell::stale_form(&who);
    }
    match pipeline::sign_out(&who.portal.house, who.visit.secret()).await {
        Ok(()) => door::left(PATH),
        Err(fault) => shell::trouble(&who, &fault),
    }
}
