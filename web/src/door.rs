//! The door of a face with people: the banner with the one button that acknowledges it and enters, and the way
//! out.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Weight, alert, button};

use crate::{clear_session_cookie, reply, same_origin, set_session_cookie};

/// The form of the door. Its token is the link itself: whoever can post it could follow it.
#[derive(Deserialize)]
pub struct Enter {
    csrf: String,
}

impl Enter {
    /// The link, when the form was posted from a page of ours.
    #[must_use]
    pub fn link(&self, headers: &HeaderMap) -> Option<&str> {
        same_origin(headers).then_some(self.csrf.as_str())
    }
}

/// A form that carries its token and nothing else.
#[derive(Deserialize)]
pub struct Token {
    /// The token.
    pub csrf: String,
}

/// What everybody sees who is not signed in.
#[must_use]
pub fn not_signed_in() -> Markup {
    html! {
        h1 { "Sign in" }
        p { "You are not signed in, or your session has ended." }
        p { "Use the sign-in link that your administrator gave you. In the demo, links are printed where it was started." }
    }
}

/// The banner of a restricted system for these people, and the button that acknowledges it. `more` stands below what
/// every such banner says.
#[must_use]
pub fn banner(whose: &str, more: &[&str], action: &str, link: &str) -> Markup {
    let words = html! {
        ul {
            li { "This is a restricted system for " (whose) "." }
            li { "What you do here is monitored and recorded, in a record that cannot be changed." }
            li { "Misuse is forbidden and may be punished under criminal and civil law." }
            @for line in more { li { (line) } }
            li { "Entering means that you consent to this." }
        }
    };
    html! {
        h1 { "Before you enter" }
        (alert(Weight::Warning, "Restricted system", &words))
        (ui::post(action, link, &button("I understand: enter", Button::Primary)))
    }
}

/// What is said of a link that opens nothing.
#[must_use]
pub fn refused() -> Markup {
    html! {
        h1 { "This link does not open anything" }
        p { "It is not known here, or its time is over. Ask your administrator for a new one." }
    }
}

/// Sends somebody on who has just signed in, with the session's cookie.
#[must_use]
pub fn entered(secret: &str, to: &str) -> Response {
    let Some(cookie) = set_session_cookie(secret) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = reply::redirect(to);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// Sends somebody out whose session has just ended: the cookie goes, and everything the browser kept.
#[must_use]
pub fn left(to: &str) -> Response {
    let mut response = reply::redirect(to);
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, clear_session_cookie());
    headers.insert("clear-site-data", HeaderValue::from_static("\"*\""));
    response
}
