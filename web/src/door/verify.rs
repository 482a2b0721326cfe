//! Showing again that one is oneself: to open a locked screen, and before what only a fresh verification opens.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::{Means, Session, Trouble, passkeys, sign_in};
use ui::{Button, button};

use super::enter::{Answered, To};
use super::site::At;
use super::step_up::{self, Onward};
use super::words::{self, Wants};
use super::{Door, entered, outside, refusal};
use crate::{Peer, Visit, session_cookie};

const FORM: &str = "verify";
const OUT: &str = "sign-out";

/// Somebody with a session that may be locked.
pub(super) struct Waiting {
    secret: String,
    pub(super) session: Session,
    pub(super) visit: Visit,
}

impl Door {
    pub(super) async fn waiting(&self, headers: &HeaderMap) -> Result<Waiting, Response> {
        let secret = session_cookie(headers).ok_or_else(|| self.outside())?;
        let session = passkeys::even_locked(&self.house, &secret).await.map_err(|_| self.outside())?;
        if !(self.face.fits)(&session.home) {
            return Err(self.outside());
        }
        let visit = self.visit(secret.clone(), &session.id);
        Ok(Waiting { secret, session, visit })
    }
}

/// The page that shows nothing but the button that opens it.
pub(super) async fn page(
    State(door): State<Door>,
    At(site): At,
    headers: HeaderMap,
    Query(to): Query<To>,
) -> Response {
    let onward = Onward { to: door.onward(&to.to), kept: "" };
    match door.waiting(&headers).await {
        Ok(waiting) => shown(&door, &waiting, site, &onward, StatusCode::OK, &html! {}).await,
        Err(elsewhere) => elsewhere,
    }
}

/// The same, for whoever goes on to a page or with a form.
pub(super) async fn shown(
    door: &Door,
    waiting: &Waiting,
    site: Option<office::Site>,
    onward: &Onward<'_>,
    status: StatusCode,
    said: &Markup,
) -> Response {
    let locked = waiting.session.is_locked(door.house.now());
    let (title, why) = if locked {
        (
            "Locked",
            "Nothing was asked for ten minutes, or you locked the screen. It opens when you show that it is you.",
        )
    } else {
        (
            "Show that it is you",
            "What you are about to do takes a check of your key that is no older than five minutes.",
        )
    };
    let form = match ask(door, waiting, site, onward).await {
        Ok(form) => form,
        Err(trouble) => return door.broken(&trouble),
    };
    let main = html! {
        h1 { (title) }
        p { (why) }
        (said)
        (form)
        @if !locked { p { (door.face.home) } }
        (ui::post(&door.at("/sign-out"), &waiting.visit.token(OUT), &button("Sign out", Button::Secondary)))
    };
    door.bare(status, title, &main)
}

/// Whoever came in without a key goes on without one, by the same means.
const fn besides(means: Means) -> Option<outside::Says> {
    match means {
        Means::Card => Some(outside::Says { card: Some("Show my card again"), issuer: None }),
        Means::Federation => Some(outside::Says { card: None, issuer: Some("Sign in again through") }),
        Means::Link | Means::Passkey => None,
    }
}

/// The form that asks for a key; in the demo also the button that does without.
async fn ask(
    door: &Door,
    waiting: &Waiting,
    site: Option<office::Site>,
    onward: &Onward<'_>,
) -> Result<Markup, Trouble> {
    let token = waiting.visit.token(FORM);
    let asked = match &site {
        Some(site) => match passkeys::ask_verify(&door.house, site, &waiting.secret).await {
            Ok(asked) => Some(asked),
            Err(trouble) if trouble.is_not_found() => None,
            Err(trouble) => return Err(trouble),
        },
        None => None,
    };
    let fields = html! { input type="hidden" name="csrf" value=(token); (onward.fields()) };
    let wants = if onward.is_form() { Wants::UseOnce } else { Wants::Use };
    let in_demo = waiting.session.means == Means::Link && door.house.profile().has_demo_links();
    let besides = besides(waiting.session.means);
    let without = html! { (onward.fields()) (button("Demo: go on without a key", Button::Secondary)) };
    Ok(html! {
        @if let Some(says) = &besides {
            (outside::links(door, site.as_ref(), "/verify", if onward.is_form() { door.face.home.href } else { onward.to }, says))
            @if onward.is_form() { p { "Then go to your form and send it again: by this way it does not come along." } }
        }
        @if let Some(asked) = &asked {
            (words::key_form(&door.at("/verify"), wants, asked, &fields, "Check my key"))
        } @else if site.is_none() { (words::no_site()) } @else if besides.is_none() {
            p { "You have no key for this address. Sign out, and sign in again." }
        }
        @if in_demo { (ui::post(&door.at("/verify/demo"), &token, &without)) }
    })
}

/// Goes on under the new secret: to the page, or to the form with its words.
fn went_on(door: &Door, secret: &str, onward: &Onward<'_>) -> Response {
    if onward.is_form() { step_up::resumed(door, secret, onward) } else { entered(secret, onward.to) }
}

/// A key answered: the session is open and fresh, and known by a new secret.
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
    let waiting = match door.waiting(&headers).await {
        Ok(waiting) => waiting,
        Err(elsewhere) => return elsewhere,
    };
    let onward = Onward { to: door.onward(&form.to), kept: &form.kept };
    let refused = async |site, why| {
        shown(&door, &waiting, site, &onward, StatusCode::FORBIDDEN, &refusal::of_use(why)).await
    };
    let Some(at) = site.clone().filter(|_| waiting.visit.may_post(&headers, &form.csrf, FORM)) else {
        return refused(site, office::Refused::NotAsked).await;
    };
    match passkeys::verify(&door.house, &at, &waiting.secret, form.given(&headers)).await {
        Ok(secret) => went_on(&door, &secret, &onward),
        Err(Trouble::SignIn(why)) => refused(site, why).await,
        Err(trouble) if trouble.is_not_found() => door.outside(),
        Err(trouble) => door.broken(&trouble),
    }
}

/// In the demo whoever came by a link goes on with one click.
pub(super) async fn in_demo(
    State(door): State<Door>,
    headers: HeaderMap,
    Form(form): Form<Answered>,
) -> Response {
    let waiting = match door.waiting(&headers).await {
        Ok(waiting) => waiting,
        Err(elsewhere) => return elsewhere,
    };
    if !waiting.visit.may_post(&headers, &form.csrf, FORM) {
        return door.verification(door.onward(&form.to));
    }
    let onward = Onward { to: door.onward(&form.to), kept: &form.kept };
    match sign_in::verify_in_demo(&door.house, &waiting.secret).await {
        Ok(secret) => went_on(&door, &secret, &onward),
        Err(trouble) if trouble.is_not_found() => door.outside(),
        Err(trouble) => door.broken(&trouble),
    }
}
