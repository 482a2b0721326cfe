//! The ways in besides keys: out to the listener for cards or to another organisation, and back with a voucher. What a
//! browser needs to come back stands in a cookie of its own; what it comes back with is used by the click that
//! acknowledges the banner, in a POST of ours, so that nothing is opened by being led here.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use maud::{Markup, html};
use office::outside::{self, Aim, CARD, Entered, Errand, NewErrand, Return};
use office::{Answer, Home, Person, Refused, Site, Trouble, federation};
use serde::Deserialize;
use ui::{Button, Link, button};

use super::enter::To;
use super::site::At;
use super::{Door, client, entered, refusal, words};
use crate::{Peer, cookie, reply, same_origin, session_cookie};

/// What somebody comes back with.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    voucher: String,
}

/// The same in the form of our page.
#[derive(Deserialize)]
pub(super) struct Voucher {
    csrf: String,
}

/// What is said on the links of one page.
pub(super) struct Says {
    /// On the link to the listener for cards, if cards serve there.
    pub(super) card: Option<&'static str>,
    /// Before the name of each other organisation, if their word serves there.
    pub(super) issuer: Option<&'static str>,
}

/// Links to the ways in besides keys, below `at`; nothing where there are none for this address.
pub(super) fn links(door: &Door, site: Option<&Site>, at: &str, to: &str, says: &Says) -> Markup {
    let open = site.is_some_and(|site| door.ways.back_to(&site.origins).is_some());
    let query: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
    let address = |way: &str| door.at(&format!("{at}/with/{way}?to={query}"));
    let card = says.card.filter(|_| open && door.ways.card.is_some());
    let issuers = says.issuer.filter(|_| open).map(|says| (says, &door.ways.issuers));
    html! {
        @if let Some(label) = card { p { (Link { href: &address(CARD), label }) } }
        @if let Some((says, issuers)) = issuers {
            @for issuer in issuers {
                p { (Link { href: &address(&issuer.pinned.name), label: &format!("{says} {}", issuer.pinned.title) }) }
            }
        }
    }
}

/// Sends somebody out to come in.
pub(super) async fn sign_in(
    State(door): State<Door>,
    At(site): At,
    Path(way): Path<String>,
    Query(to): Query<To>,
) -> Response {
    send(&door, site, (Aim::SignIn, String::new()), &way, &to.to).await
}

/// Sends somebody out to show again who they are.
pub(super) async fn verify(
    State(door): State<Door>,
    At(site): At,
    Path(way): Path<String>,
    headers: HeaderMap,
    Query(to): Query<To>,
) -> Response {
    match door.waiting(&headers).await {
        Ok(waiting) => send(&door, site, (Aim::Verify, waiting.session.id), &way, &to.to).await,
        Err(elsewhere) => elsewhere,
    }
}

/// Sends the holder of a ticket out, to be known from now on by what they come back with.
pub(super) async fn enrol(
    State(door): State<Door>,
    At(site): At,
    Path((ticket, way)): Path<(String, String)>,
) -> Response {
    let digest = seal::hex(&door.house.secret_digest(ticket.as_bytes()));
    send(&door, site, (Aim::Enrol, digest), &way, "").await
}

async fn send(door: &Door, site: Option<Site>, (aim, bound): (Aim, String), way: &str, to: &str) -> Response {
    let origin = site.as_ref().and_then(|site| door.ways.back_to(&site.origins));
    let (Some(origin), true) = (origin, is_open(door, way)) else {
        return door.bare(StatusCode::NOT_FOUND, "No such way in", &words::no_way());
    };
    let new = NewErrand { aim, way, face: door.face.prefix, origin, bound, to: door.onward(to) };
    match sent(door, new).await {
        Ok((kept, to)) => keeping(reply::redirect(&to), &kept),
        Err(trouble) => refused(door, trouble, None).await,
    }
}

fn is_open(door: &Door, way: &str) -> bool {
    if way == CARD { door.ways.card.is_some() } else { door.ways.issuer(way).is_some() }
}

/// What the browser keeps, and where it goes.
async fn sent(door: &Door, new: NewErrand<'_>) -> Result<(String, String), Trouble> {
    let house = &door.house;
    if let Some(issuer) = door.ways.issuer(new.way) {
        let redirect = format!("{}{}/enter/back/{}", new.origin, new.face, new.way);
        let question = federation::question(house, new.aim, redirect)?;
        let to = federation::address(house, issuer, &question).await?;
        return Ok((Errand::begin(house, new)?.asking(question).kept(house).await?, to));
    }
    let errand = Errand::begin(house, new)?;
    let card = door.ways.card.as_deref().unwrap_or_default();
    let to = format!("{card}/card/enter?ask={}", errand.ask_of_card(house).await?);
    Ok((errand.kept(house).await?, to))
}

fn keeping(mut response: Response, kept: &str) -> Response {
    match cookie::set_errand(kept) {
        Some(cookie) => {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The page of somebody who came back: in whose name they come in, and the banner.
pub(super) async fn back(
    State(door): State<Door>,
    headers: HeaderMap,
    Query(given): Query<Back>,
) -> Response {
    show_back(&door, &headers, &given.voucher).await
}

/// The page of somebody who came back from another organisation, whose answer is taken first.
pub(super) async fn answered(
    State(door): State<Door>,
    peer: Peer,
    Path(way): Path<String>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    if let Some(slower) = door.slowed(peer) {
        return slower;
    }
    let vouched = async {
        let errand = Errand::of(&door.house, door.face.prefix, cookie::errand(&headers)).await?;
        let issuer = door.ways.issuer(&way).ok_or(Trouble::SignIn(Refused::NotAsked))?;
        federation::vouch(&door.house, issuer, &errand, &answer).await
    };
    match vouched.await {
        Ok(voucher) => show_back(&door, &headers, &voucher).await,
        Err(trouble) => refused(&door, trouble, None).await,
    }
}

/// What an issuer sends from behind when a session of its is over.
#[derive(Deserialize)]
pub(super) struct Ended {
    #[serde(default)]
    logout_token: String,
}

/// Ends what an issuer says is over. It is the issuer that asks, not a browser: its signature is what lets it.
pub(super) async fn signed_out(
    State(door): State<Door>,
    peer: Peer,
    Path(way): Path<String>,
    Form(ended): Form<Ended>,
) -> Response {
    if let Some(slower) = door.slowed(peer) {
        return slower;
    }
    let Some(issuer) = door.ways.issuer(&way) else { return told(StatusCode::NOT_FOUND) };
    match federation::signed_out(&door.house, issuer, &ended.logout_token).await {
        Ok(_) => told(StatusCode::OK),
        Err(Trouble::SignIn(_)) => told(StatusCode::BAD_REQUEST),
        Err(trouble) => door.broken(&trouble),
    }
}

/// An answer to a machine. That it was refused stands in the ledger, whatever its status.
fn told(status: StatusCode) -> Response {
    let mut response = status.into_response();
    if status != StatusCode::OK {
        response.extensions_mut().insert(reply::Refused(StatusCode::FORBIDDEN));
    }
    response
}

async fn show_back(door: &Door, headers: &HeaderMap, voucher: &str) -> Response {
    let errand = match Errand::of(&door.house, door.face.prefix, cookie::errand(headers)).await {
        Ok(errand) => errand,
        Err(trouble) => return refused(door, trouble, None).await,
    };
    let fits = |home: &Home| (door.face.fits)(home) && door.ways.takes(&errand.way, home);
    // Whoever is led here from another site has their session with the next click only: it is looked at then.
    if errand.aim == Aim::Verify {
        return door.bare(StatusCode::OK, "Go on", &again(door, voucher));
    }
    let back = Return { errand: &errand, voucher, session: None, fits: &fits };
    match outside::look(&door.house, &back).await {
        Ok(person) if errand.aim == Aim::Enrol => {
            door.bare(StatusCode::OK, "Use it from now on", &from_now_on(door, &person, voucher))
        }
        Ok(person) => door.bare(StatusCode::OK, "Before you enter", &before(door, &person, voucher)),
        Err(trouble) => refused(door, trouble, Some((&errand, voucher))).await,
    }
}

fn before(door: &Door, person: &Person, voucher: &str) -> Markup {
    html! {
        h1 { "Before you enter" }
        p { "You come in as " strong dir="auto" { (ui::text(person.name.reveal())) } ". If this is not you, close this page and tell your administrator." }
        (words::banner(door.face.whose, door.face.more))
        (ui::post(&door.at("/enter/back"), voucher, &button("I understand: enter", Button::Primary)))
    }
}

fn from_now_on(door: &Door, person: &Person, voucher: &str) -> Markup {
    html! {
        h1 { "Use it from now on" }
        p { "From now on " strong dir="auto" { (ui::text(person.name.reveal())) } " comes in with what was just shown. If this is not you, close this page and tell your administrator." }
        (ui::post(&door.at("/enter/back"), voucher, &button("This is me: use it from now on", Button::Primary)))
    }
}

fn again(door: &Door, voucher: &str) -> Markup {
    html! {
        h1 { "Go on" }
        p { "It was seen that it is you. Go on where you were." }
        (ui::post(&door.at("/enter/back"), voucher, &button("Go on", Button::Primary)))
    }
}

/// Uses what somebody came back with.
pub(super) async fn enter(
    State(door): State<Door>,
    peer: Peer,
    headers: HeaderMap,
    Form(form): Form<Voucher>,
) -> Response {
    if let Some(slower) = door.slowed(peer) {
        return slower;
    }
    if !same_origin(&headers) {
        return door.bare(
            StatusCode::FORBIDDEN,
            "You are not signed in",
            &refusal::of_outside(Refused::NotAsked),
        );
    }
    let errand = match Errand::of(&door.house, door.face.prefix, cookie::errand(&headers)).await {
        Ok(errand) => errand,
        Err(trouble) => return refused(&door, trouble, None).await,
    };
    let session = session_cookie(&headers);
    let (voucher, session) = (form.csrf.as_str(), session.as_deref());
    let fits = |home: &Home| (door.face.fits)(home) && door.ways.takes(&errand.way, home);
    let back = Return { errand: &errand, voucher, session, fits: &fits };
    let mut response = match outside::enter(&door.house, &back, client(&headers)).await {
        Ok(Entered::Session(secret)) => {
            let to = door.onward(&errand.to);
            match errand.aim {
                Aim::SignIn => entered(&secret, &door.landing(&secret, to).await),
                Aim::Enrol | Aim::Verify => entered(&secret, to),
            }
        }
        Ok(Entered::Enrolled) => door.bare(StatusCode::OK, "Recorded", &recorded(&door)),
        Err(trouble) => return refused(&door, trouble, None).await,
    };
    response.headers_mut().append(header::SET_COOKIE, cookie::clear_errand());
    response
}

fn recorded(door: &Door) -> Markup {
    html! {
        h1 { "It is recorded" }
        p { "From now on you come in with it." }
        p { (Link { href: &door.at("/sign-in"), label: "Sign in" }) }
    }
}

/// Why nobody came in, and what to do next. Whoever is not known here is told what to give to their administrator.
async fn refused(door: &Door, trouble: Trouble, with: Option<(&Errand, &str)>) -> Response {
    let why = match trouble {
        Trouble::SignIn(why) => why,
        trouble if trouble.refusal().is_some() => Refused::Unbound,
        trouble => return door.broken(&trouble),
    };
    let said = match with.filter(|_| why == Refused::Unbound) {
        Some((errand, voucher)) => outside::said(&door.house, errand, voucher).await,
        None => None,
    };
    let main = html! {
        h1 { "You are not signed in" }
        (refusal::of_outside(why))
        @if let Some(identity) = said {
            p { "Give this to your administrator when it is yours and should open this house:" }
            (ui::definitions(&[
                ("Kind", ui::Value::words(Some(identity.means.as_str()))),
                ("Vouched for by", ui::Value::words(Some(&identity.issuer))),
                ("Known there as", ui::Value::words(Some(&identity.subject))),
            ]))
        }
        p { (Link { href: &door.at("/sign-in"), label: "Back to sign in" }) }
    };
    door.bare(StatusCode::FORBIDDEN, "You are not signed in", &main)
}
