//! Getting in and out. The use banner stands before everything and is acknowledged by the same click that enters
//! . One-click links exist only in the synthetic demo; the session behind them is the final one.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Weight, alert, button};

use crate::session::SignedIn;
use crate::{Agencies, shell};

/// The page that everybody sees who is not signed in.
pub(crate) async fn page(State(agencies): State<Agencies>) -> Response {
    let main = html! {
        h1 { "Sign in" }
        p { "You are not signed in, or your session has ended." }
        p { "Use the sign-in link that your administrator gave you. In the demo, links are printed where it was started." }
    };
    shell::outside(StatusCode::OK, agencies.profile_note(), "Sign in", &main)
}

/// The banner, with the one button that acknowledges it and enters.
pub(crate) async fn door(State(agencies): State<Agencies>, Path(link): Path<String>) -> Response {
    let main = html! {
        h1 { "Before you enter" }
        (notice())
        (ui::post("/agency/enter", &link, &button("I understand: enter", Button::Primary)))
    };
    shell::outside(StatusCode::OK, agencies.profile_note(), "Before you enter", &main)
}

fn notice() -> Markup {
    let words = html! {
        ul {
            li { "This is a restricted system for law-enforcement agencies." }
            li { "What you do here is monitored and recorded, in a record that cannot be changed." }
            li { "Misuse is forbidden and may be punished under criminal and civil law." }
            li { "Entering means that you consent to this." }
        }
    };
    alert(Weight::Warning, "Restricted system", &words)
}

/// The field `csrf` of the door's form is the link itself: whoever can post it could follow it.
#[derive(Deserialize)]
pub(crate) struct Enter {
    csrf: String,
}

/// Starts a session, with the banner acknowledged.
pub(crate) async fn enter(
    State(agencies): State<Agencies>,
    headers: HeaderMap,
    Form(form): Form<Enter>,
) -> Response {
    if !web::same_origin(&headers) {
        return refused(&agencies);
    }
    let Ok(secret) = pipeline::sign_in_with_link(&agencies.house, &form.csrf).await else {
        return refused(&agencies);
    };
    let Some(cookie) = web::set_session_cookie(&secret) else { return refused(&agencies) };
    let mut response = web::redirect("/agency/inbox");
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

fn refused(agencies: &Agencies) -> Response {
    let main = html! {
        h1 { "This link does not open anything" }
        p { "It is not known here, or its time is over. Ask your administrator for a new one." }
    };
    shell::outside(StatusCode::FORBIDDEN, agencies.profile_note(), "Link refused", &main)
}

/// The token of a form that carries nothing else.
#[derive(Deserialize)]
pub(crate) struct Token {
    pub(crate) csrf: String,
}

/// Ends the session on the server and takes the cookie away.
pub(crate) async fn leave(who: SignedIn, headers: HeaderMap, Form(form): Form<Token>) -> Response {
    if !who.may_post(&headers, &form.csrf, "sign-out") {
        return StatusCode::FORBIDDEN.into_response();
    }
    if let Err(fault) = pipeline::sign_out(&who.agencies.house, &who.secret).await {
        return shell::broken(&who, &crate::incident(&who.agencies.house, &fault));
    }
    let mut response = web::redirect("/agency/sign-in");
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, web::clear_session_cookie());
    headers.insert("clear-site-data", HeaderValue::from_static("\"*\""));
    response
}
