//! The page of somebody who was invited: both codes come back here. It tells nobody anything who does not hold the link.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::people::{self, Confirmed};
use serde::Deserialize;
use ui::{Button, Field, Weight, button};

use crate::{Agencies, shell};

/// `GET /agency/join/{token}`.
pub(crate) async fn page(State(agencies): State<Agencies>, Path(token): Path<String>) -> Response {
    match people::invited(&agencies.house, &token).await {
        Ok(_) => draw(&agencies, StatusCode::OK, &form(&token, None)),
        Err(_) => nothing(&agencies),
    }
}

fn draw(agencies: &Agencies, status: StatusCode, main: &Markup) -> Response {
    shell::outside(&agencies.house, status, "You were invited", main)
}

fn nothing(agencies: &Agencies) -> Response {
    let main = html! {
        h1 { "This address opens nothing" }
        p { "The invitation is not known here, was used, or its time is over. Ask whoever invited you for a new one." }
    };
    draw(agencies, StatusCode::NOT_FOUND, &main)
}

fn form(token: &str, wrong: Option<&str>) -> Markup {
    html! {
        h1 { "You were invited" }
        p { "Two codes are on their way to you: one by mail, one by another channel. Type both here. They are good for 15 minutes." }
        // The link itself is the token: whoever can post it could follow it.
        (ui::post("/agency/join", token, &html! {
            (Field::new("mail", "Code from the mail").error(wrong).autocomplete("one-time-code").required())
            (Field::new("second", "Code from the other channel").autocomplete("off").required())
            (button("Confirm", Button::Primary))
        }))
    }
}

#[derive(Deserialize)]
pub(crate) struct Codes {
    csrf: String,
    mail: String,
    second: String,
}

/// `POST /agency/join`.
pub(crate) async fn confirm(
    State(agencies): State<Agencies>,
    headers: HeaderMap,
    Form(codes): Form<Codes>,
) -> Response {
    if !web::same_origin(&headers) {
        return nothing(&agencies);
    }
    match people::confirm(&agencies.house, &codes.csrf, &codes.mail, &codes.second).await {
        Ok(Confirmed::Wrong) => {
            let wrong = "These codes are not the ones that were sent, or they are over. After five wrong answers new ones are needed.";
            draw(&agencies, StatusCode::UNPROCESSABLE_ENTITY, &form(&codes.csrf, Some(wrong)))
        }
        Ok(Confirmed::Right) => {
            let says = html! { p { "The clearinghouse now checks who you are. Whoever invited you will give you the address with which you set up your key." } };
            let main = html! { h1 { "Confirmed" } (ui::alert(Weight::Done, "Both codes were right", &says)) };
            draw(&agencies, StatusCode::OK, &main)
        }
        Ok(Confirmed::Admitted(ticket)) => web::redirect(&format!("/provider/enrol/{}", ticket.secret)),
        Err(trouble) if trouble.is_not_found() => nothing(&agencies),
        Err(trouble) => {
            let main = web::frame::broken(&crate::incident(&agencies.house, &trouble));
            draw(&agencies, StatusCode::INTERNAL_SERVER_ERROR, &main)
        }
    }
}
