//! Coming in.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::{Given, Trouble, passkeys, sign_in};
use serde::Deserialize;
use ui::{Button, button};

use super::site::At;
use super::words::{self, Wants};
use super::{Door, client, entered, outside, refusal};
use crate::{Peer, same_origin};

const BESIDES: outside::Says =
    outside::Says { card: Some("Sign in with my card"), issuer: Some("Sign in through") };

/// Where somebody wanted to go.
#[derive(Deserialize, Default)]
pub(super) struct To {
    #[serde(default)]
    pub(super) to: String,
}

/// What a key answered.
#[derive(Deserialize)]
pub(super) struct Answered {
    #[serde(default)]
    pub(super) ceremony: String,
    #[serde(default)]
    pub(super) answer: String,
    #[serde(default)]
    pub(super) to: String,
    #[serde(default)]
    pub(super) kept: String,
    #[serde(default)]
    pub(super) csrf: String,
    #[serde(default)]
    pub(super) name: String,
}

impl Answered {
    pub(super) fn given(&self, headers: &HeaderMap) -> Given {
        Given { ceremony: self.ceremony.clone(), answer: self.answer.clone(), client: client(headers) }
    }
}

/// The form of the demo's door. Its token is the link itself: whoever can post it could follow it.
#[derive(Deserialize)]
pub(super) struct Link {
    csrf: String,
}

/// The banner, and the one button that acknowledges it and signs in.
pub(super) async fn page(State(door): State<Door>, At(site): At, Query(to): Query<To>) -> Response {
    show(&door, site, &to.to, StatusCode::OK, &html! {}).await
}

async fn show(
    door: &Door,
    site: Option<office::Site>,
    to: &str,
    status: StatusCode,
    said: &Markup,
) -> Response {
    let form = match &site {
        Some(site) => match passkeys::ask_sign_in(&door.house, site).await {
            Ok(asked) => {
                let fields = html! { input type="hidden" name="to" value=(door.onward(to)); };
                let label = "I understand: sign in with my key";
                words::key_form(&door.at("/sign-in"), Wants::Use, &asked, &fields, label)
            }
            Err(trouble) => return door.broken(&trouble),
        },
        None => words::no_site(),
    };
    let main = html! {
        h1 { "Sign in" }
        (said)
        (words::banner(door.face.whose, door.face.more))
        (form)
        (outside::links(door, site.as_ref(), "/sign-in", to, &BESIDES))
        (words::help())
        @if door.house.profile().has_demo_links() {
            p { "This is the demo: links that sign you in with one click are printed where it was started." }
        }
        p { "You have no key yet? Your administrator gives you a link to enrol one." }
    };
    door.bare(status, "Sign in", &main)
}

/// Starts a session for whoever's key answered.
pub(super) async fn with_key(
    State(door): State<Door>,
    peer: Peer,
    At(site): At,
    headers: HeaderMap,
    Form(form): Form<Answered>,
) -> Response {
    if let Some(slower) = door.slowed(peer) {
        return slower;
    }
    let Some(site) = site.filter(|_| same_origin(&headers)) else {
        return show(&door, None, &form.to, StatusCode::FORBIDDEN, &html! {}).await;
    };
    match passkeys::sign_in(&door.house, &site, form.given(&headers), door.face.fits).await {
        Ok(secret) => entered(&secret, &door.landing(&secret, door.onward(&form.to)).await),
        Err(trouble) => failed(&door, site, &form.to, trouble).await,
    }
}

async fn failed(door: &Door, site: office::Site, to: &str, trouble: Trouble) -> Response {
    let why = match trouble {
        Trouble::SignIn(why) => why,
        trouble if trouble.refusal().is_some() => office::Refused::UnknownKey,
        trouble => return door.broken(&trouble),
    };
    show(door, Some(site), to, StatusCode::FORBIDDEN, &refusal::of_use(why)).await
}

/// The banner before a one-click link of the demo.
pub(super) async fn by_link(State(door): State<Door>, Path(link): Path<String>) -> Response {
    let main = html! {
        h1 { "Before you enter" }
        (words::banner(door.face.whose, door.face.more))
        (ui::post(&door.at("/enter"), &link, &button("I understand: enter", Button::Primary)))
    };
    door.bare(StatusCode::OK, "Before you enter", &main)
}

/// Starts a session with a link of the demo, with the banner acknowledged.
pub(super) async fn with_link(
    State(door): State<Door>,
    peer: Peer,
    headers: HeaderMap,
    Form(form): Form<Link>,
) -> Response {
    if let Some(slower) = door.slowed(peer) {
        return slower;
    }
    let refused = || door.bare(StatusCode::FORBIDDEN, "Link refused", &words::refused());
    if !same_origin(&headers) {
        return refused();
    }
    match sign_in::with_link(&door.house, &form.csrf, door.face.fits).await {
        Ok(secret) => entered(&secret, &door.landing(&secret, door.face.home.href).await),
        Err(_) => refused(),
    }
}
