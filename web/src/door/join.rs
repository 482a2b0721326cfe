//! The page of somebody who was invited: both codes come back here. It tells nobody anything who does not hold the link,
//! and nothing behind another door than theirs.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::people::{self, Confirmed};
use serde::Deserialize;
use ui::{Button, Field, Weight, alert, button};

use super::Door;
use crate::{Peer, same_origin};

/// `GET …/join/{token}`.
pub(super) async fn page(State(door): State<Door>, Path(token): Path<String>) -> Response {
    if door.invites(&token).await {
        door.bare(StatusCode::OK, "You were invited", &form(&door, &token, None))
    } else {
        nothing(&door)
    }
}

impl Door {
    /// Whether a link is that of an open invitation to somebody who will come in here.
    async fn invites(&self, token: &str) -> bool {
        people::invited(&self.house, token).await.is_ok_and(|found| (self.face.fits)(&found.home))
    }
}

fn nothing(door: &Door) -> Response {
    let main = html! {
        h1 { "This address opens nothing" }
        p { "The invitation is not known here, was used, or its time is over. Ask whoever invited you for a new one." }
    };
    door.bare(StatusCode::NOT_FOUND, "You were invited", &main)
}

fn form(door: &Door, token: &str, wrong: Option<&str>) -> Markup {
    html! {
        h1 { "You were invited" }
        p { "Two codes are on their way to you: one by mail, one by another channel. Type both here. They are good for 15 minutes." }
        // The link itself is the token: whoever can post it could follow it.
        (ui::post(&door.at("/join"), token, &html! {
            (Field::new("mail", "Code from the mail").error(wrong).autocomplete("one-time-code").required())
            (Field::new("second", "Code from the other channel").autocomplete("off").required())
            (button("Confirm", Button::Primary))
        }))
    }
}

#[derive(Deserialize)]
pub(super) struct Codes {
    csrf: String,
    mail: String,
    second: String,
}

/// `POST …/join`.
pub(super) async fn confirm(
    State(door): State<Door>,
    peer: Peer,
    headers: HeaderMap,
    Form(codes): Form<Codes>,
) -> Response {
    if let Some(slower) = door.slowed(peer) {
        return slower;
    }
    if !same_origin(&headers) || !door.invites(&codes.csrf).await {
        return nothing(&door);
    }
    let title = "You were invited";
    match people::confirm(&door.house, &codes.csrf, &codes.mail, &codes.second).await {
        Ok(Confirmed::Wrong) => {
            let wrong = "These codes are not the ones that were sent, or they are over. After five wrong answers new ones are needed.";
            door.bare(StatusCode::UNPROCESSABLE_ENTITY, title, &form(&door, &codes.csrf, Some(wrong)))
        }
        Ok(Confirmed::Right) => {
            let says = html! { p { "The clearinghouse now checks who you are. Whoever invited you will give you the address with which you set up your key." } };
            let main = html! { h1 { "Confirmed" } (alert(Weight::Done, "Both codes were right", &says)) };
            door.bare(StatusCode::OK, title, &main)
        }
        Ok(Confirmed::Admitted(ticket)) => crate::redirect(&door.at(&format!("/enrol/{}", ticket.secret))),
        Err(trouble) if trouble.is_not_found() => nothing(&door),
        Err(trouble) => door.broken(&trouble),
    }
}
