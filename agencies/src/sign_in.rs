//! Getting in and out. The use banner stands before everything and is acknowledged by the same click that enters
//! . One-click links exist only in the synthetic demo; the session behind them is the final one.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use web::door::{self, Enter, Token};

use crate::session::SignedIn;
use crate::{Agencies, shell};

/// The page that everybody sees who is not signed in.
pub(crate) async fn page(State(agencies): State<Agencies>) -> Response {
    shell::outside(StatusCode::OK, agencies.profile_note(), "Sign in", &door::not_signed_in())
}

/// The banner, with the one button that acknowledges it and enters.
pub(crate) async fn door(State(agencies): State<Agencies>, Path(link): Path<String>) -> Response {
    let main = door::banner("law-enforcement agencies", &[], "/agency/enter", &link);
    shell::outside(StatusCode::OK, agencies.profile_note(), "Before you enter", &main)
}

/// Starts a session, with the banner acknowledged.
pub(crate) async fn enter(
    State(agencies): State<Agencies>,
    headers: HeaderMap,
    Form(form): Form<Enter>,
) -> Response {
    let refused =
        || shell::outside(StatusCode::FORBIDDEN, agencies.profile_note(), "Link refused", &door::refused());
    let Some(link) = form.link(&headers) else { return refused() };
    match pipeline::sign_in_with_link(&agencies.house, link).await {
        Ok(secret) => door::entered(&secret, "/agency/inbox"),
        Err(_) => refused(),
    }
}

/// Ends the session on the server and takes the cookie away.
pub(crate) async fn leave(who: SignedIn, headers: HeaderMap, Form(form): Form<Token>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, "sign-out") {
        return StatusCode::FORBIDDEN.into_response();
    }
    match pipeline::sign_out(&who.agencies.house, who.visit.secret()).await {
        Ok(()) => door::left("/agency/sign-in"),
        Err(fault) => shell::broken(&who, &crate::incident(&who.agencies.house, &fault)),
    }
}
