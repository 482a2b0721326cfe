//! The one page of the listener that asks for cards. Its TLS has asked the browser for a certificate and seen that the
//! key is there; whoever shows a card that holds is sent back to their own face. Nobody has a session here.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Query, State};
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, html};
use office::cards;
use office::outside::Cards;
use office::{CardWrong, House, Refused, Trouble};
use serde::Deserialize;
use ui::Link;

use crate::door::{PACE, refused_outside};
use crate::frame::{self, Frame};
use crate::{Crowd, Peer, Shown, reply};

const FRAME: Frame<'static> =
    Frame { site: "Clearinghouse: sign in with a card", rooms: &[], banner: None, profile_note: "" };

#[derive(Clone)]
struct Host {
    house: House,
    cards: Arc<dyn Cards>,
    pace: Arc<Crowd>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    ask: String,
}

/// The route under which cards are asked for.
pub fn router(house: House, cards: Arc<dyn Cards>) -> Router {
    let pace = Arc::new(Crowd::new(PACE, Arc::clone(house.random())));
    let host = Host { house, cards, pace };
    let pages =
        Router::new().route("/card/enter", get(enter)).route("/card/back", get(back)).with_state(host);
    crate::secure(pages, crate::Surface::PagesWithoutScript)
}

impl<S: Send + Sync> FromRequestParts<S> for Shown {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// `GET /card/enter`.
async fn enter(State(host): State<Host>, peer: Peer, shown: Shown, Query(asked): Query<Asked>) -> Response {
    let mut response = answer(&host, peer, &shown, &asked.ask).await;
    // The next look at the card is a connection of its own, so that its key is asked again.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn answer(host: &Host, peer: Peer, shown: &Shown, ask: &str) -> Response {
    if host.pace.take(peer.0.ip(), host.house.now()).is_err() {
        let main = html! { h1 { "Too many attempts" } p { "Wait a minute and try again." } };
        return FRAME.outside(StatusCode::TOO_MANY_REQUESTS, "Too many attempts", &[], &main);
    }
    match cards::vouch(&host.house, &*host.cards, ask, &shown.0).await {
        Ok(back) => reply::redirect(&back),
        Err(Trouble::SignIn(why)) => {
            let main = turned(why, ask);
            FRAME.outside(StatusCode::FORBIDDEN, "You are not signed in", &[], &main)
        }
        Err(trouble) => broken(host, &trouble),
    }
}

fn broken(host: &Host, trouble: &Trouble) -> Response {
    let number = office::request_number(&host.house);
    tracing::error!(
        incident = number,
        error = trouble as &dyn std::error::Error,
        "the page for cards failed"
    );
    FRAME.outside(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", &[], &frame::broken(&number))
}

/// `GET /card/back`: leads to the sign-in page that somebody came from.
async fn back(State(host): State<Host>, Query(asked): Query<Asked>) -> Response {
    match cards::back(&host.house, &asked.ask).await {
        Ok(Some(to)) => reply::redirect(&to),
        Ok(None) => {
            let main = turned(Refused::NotAsked, "");
            FRAME.outside(StatusCode::FORBIDDEN, "You are not signed in", &[], &main)
        }
        Err(trouble) => broken(&host, &trouble),
    }
}

fn turned(why: Refused, ask: &str) -> Markup {
    html! {
        h1 { "You are not signed in" }
        (refused_outside(why))
        @if why == Refused::Card(CardWrong::Missing) {
            p { "Your browser remembers for a while that no card was chosen. Close all its windows, put the card in, and begin again." }
        }
        @if ask.is_empty() {
            p { "Cards are asked for here when you begin on the sign-in page of your own pages." }
        } @else {
            p { (Link { href: &format!("/card/back?ask={ask}"), label: "Back to where you came from" }) }
        }
    }
}
