//! Getting in and out. The use banner stands before everything and is acknowledged by the same click that enters
//! . One-click links exist only in the synthetic demo; the session behind them is the final one.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use http::{HeaderMap, StatusCode};
use web::door::{self, Enter, Token};

use crate::session::SignedIn;
use crate::{Staff, shell};

/// Where people go who are not signed in.
pub(crate) const PATH: &str = "/desk/sign-in";

/// What staff is told beyond what everybody is told.
const ONLY_NEEDED: &str = "Open only what your work needs. Nobody looks at a file without a recorded ground.";

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(PATH, get(page))
        .route("/desk/enter/{link}", get(entrance))
        .route("/desk/enter", post(enter))
        .route(shell::SIGN_OUT, post(leave))
}

/// The page that everybody sees who is not signed in.
async fn page(State(staff): State<Staff>) -> Response {
    shell::outside(StatusCode::OK, &staff, "Sign in", &door::not_signed_in())
}

/// The banner, with the one button that acknowledges it and enters.
async fn entrance(State(staff): State<Staff>, Path(link): Path<String>) -> Response {
    let main = door::banner("the people of this clearinghouse", &[ONLY_NEEDED], "/desk/enter", &link);
    shell::outside(StatusCode::OK, &staff, "Before you enter", &main)
}

/// Starts a session, with the banner acknowledged.
async fn enter(State(staff): State<Staff>, headers: HeaderMap, Form(form): Form<Enter>) -> Response {
    let refused = || shell::outside(StatusCode::FORBIDDEN, &staff, "Link refused", &door::refused());
    let Some(link) = form.link(&headers) else { return refused() };
    match office::staff::sign_in_with_link(&staff.house, link).await {
        Ok(secret) => door::entered(&secret, shell::DESK.href),
        Err(_) => refused(),
    }
}

/// Ends the session on the server and takes the cookie away.
async fn leave(who: SignedIn, headers: HeaderMap, Form(form): Form<Token>) -> Response {
    if let Err(stale) = who.must_post(&headers, &form.csrf, "sign-out") {
        return *stale;
    }
    match office::sign_out(&who.staff.house, who.visit.secret()).await {
        Ok(()) => door::left(PATH),
        Err(fault) => shell::trouble(&who, &fault),
    }
}
