//! New keys: the first by a ticket, others by whoever is signed in and fresh.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::keys::{self, Present};
use office::{Asked, Home, Site, Trouble};
use ui::{Field, Weight, alert};

use super::enter::Answered;
use super::site::At;
use super::words::{self, Wants};
use super::{Admitted, Door, entered_with, mine, outside, refusal};
use crate::{Peer, same_origin};

const FORM: &str = "me-key";
const BESIDES: outside::Says = outside::Says {
    card: Some("I have a PIV or CAC card: use that instead"),
    issuer: Some("Instead of a key, sign in through"),
};

fn form(action: &str, asked: &Asked, more: &Markup) -> Markup {
    let fields = html! {
        (more)
        (Field::new("name", "What do you call this key?").hint("Such as: black key on my key ring"))
    };
    words::key_form(action, Wants::New, asked, &fields, "Enrol this key")
}

fn what_it_is() -> Markup {
    html! {
        p { "A key signs you in. It checks your PIN, finger or face itself, and works only on this site; there is no password that somebody could ask you for." }
        ul {
            li { "Put the key into the computer, or hold it ready." }
            li { "Give it a name, press the button, and do what the browser asks." }
        }
    }
}

/// The page of a ticket.
pub(super) async fn first(State(door): State<Door>, At(site): At, Path(ticket): Path<String>) -> Response {
    show_first(&door, site, &ticket, StatusCode::OK, &html! {}).await
}

async fn show_first(
    door: &Door,
    site: Option<Site>,
    ticket: &str,
    status: StatusCode,
    said: &Markup,
) -> Response {
    let Some(site) = site else {
        let main = html! { h1 { "Enrol your key" } (words::no_site()) };
        return door.bare(StatusCode::OK, "Enrol your key", &main);
    };
    let (asked, person) = match keys::ask_with_ticket(&door.house, &site, ticket).await {
        Ok((asked, person)) if (door.face.fits)(&person.home) => (asked, person),
        Ok(_) => return door.bare(StatusCode::NOT_FOUND, "Link refused", &words::refused()),
        Err(trouble) if trouble.refusal().is_some() => {
            return door.bare(StatusCode::NOT_FOUND, "Link refused", &words::refused());
        }
        Err(trouble) => return door.broken(&trouble),
    };
    let main = html! {
        h1 { "Enrol your key" }
        p { "For " strong dir="auto" { (ui::text(person.name.reveal())) } ". If this is not you, close this page and tell your administrator." }
        (said)
        (words::banner(door.face.whose, door.face.more))
        (what_it_is())
        (form(&door.at(&format!("/enrol/{ticket}")), &asked, &html! {}))
        (outside::links(door, Some(&site), &format!("/enrol/{ticket}"), "", &BESIDES))
    };
    door.bare(status, "Enrol your key", &main)
}

/// Enrols the key of a ticket.
pub(super) async fn add_first(
    State(door): State<Door>,
    peer: Peer,
    At(site): At,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Answered>,
) -> Response {
    if let Some(slower) = door.slowed(peer) {
        return slower;
    }
    let Some(site) = site.filter(|_| same_origin(&headers)) else {
        return door.bare(StatusCode::FORBIDDEN, "Link refused", &words::refused());
    };
    let name = form.name.clone();
    match keys::add_with_ticket(&door.house, &site, &ticket, name, form.given(&headers)).await {
        Ok(_) => {
            let main = html! {
                h1 { "Your key is enrolled" }
                p { "Sign in with it now, and enrol a second one on the page \"My sign-in\": keep that one in another place." }
                p { (ui::Link { href: &door.at("/sign-in"), label: "Sign in" }) }
            };
            door.bare(StatusCode::OK, "Key enrolled", &main)
        }
        Err(trouble) => match door.said_of_ticket(&trouble, &ticket, &site).await {
            Some(said) => {
                show_first(&door, Some(site), &ticket, StatusCode::UNPROCESSABLE_ENTITY, &said).await
            }
            None => door.broken(&trouble),
        },
    }
}

impl Door {
    /// What is said of a key that was not taken; nothing when something of ours broke. Where only some models are taken, it
    /// says which.
    async fn said_of(&self, trouble: &Trouble, home: &Home) -> Option<Markup> {
        let Trouble::SignIn(why) = trouble else { return unfit(trouble) };
        let models = keys::models_of(&self.house, home).await.unwrap_or_default();
        Some(refusal::of_new(*why, &models))
    }

    /// The same for the holder of a ticket.
    async fn said_of_ticket(&self, trouble: &Trouble, ticket: &str, site: &Site) -> Option<Markup> {
        let asked = keys::ask_with_ticket(&self.house, site, ticket).await;
        let home = asked.map_or(Home::House, |(_, person)| person.home);
        self.said_of(trouble, &home).await
    }
}

fn unfit(trouble: &Trouble) -> Option<Markup> {
    trouble.refusal()?;
    let words = html! { p { "Give it a name of at most " (keys::MOST_NAME_CHARS) " characters. A key is enrolled once, and a person has at most " (keys::MOST) "." } };
    Some(alert(Weight::Error, "The key was not enrolled", &words))
}

/// The page for one more key.
pub(super) async fn another(State(door): State<Door>, who: Admitted, At(site): At) -> Response {
    show_another(&door, &who, site, StatusCode::OK, &html! {}).await
}

async fn show_another(
    door: &Door,
    who: &Admitted,
    site: Option<Site>,
    status: StatusCode,
    said: &Markup,
) -> Response {
    let Ok(fresh) = who.somebody.fresh(&door.house) else { return door.verification(&door.at("/me/keys")) };
    let asked = match &site {
        None => words::no_site(),
        Some(site) => match keys::ask_another(&door.house, site, &who.somebody, &fresh).await {
            Ok(asked) => {
                let token = html! { input type="hidden" name="csrf" value=(who.visit.token(FORM)); };
                form(&door.at("/me/keys"), &asked, &token)
            }
            Err(trouble) => return door.broken(&trouble),
        },
    };
    let main = html! {
        h1 { "Enrol another key" }
        (said)
        (what_it_is())
        (asked)
        p { (ui::Link { href: &door.at("/me"), label: "Back to my sign-in" }) }
    };
    door.inside(status, who, door.face.whose, "Enrol another key", &main)
}

/// Enrols one more key.
pub(super) async fn add_another(
    State(door): State<Door>,
    who: Admitted,
    At(site): At,
    headers: HeaderMap,
    Form(form): Form<Answered>,
) -> Response {
    let Some(at) = site.clone().filter(|_| who.visit.may_post(&headers, &form.csrf, FORM)) else {
        return mine::stale(&door, &who).await;
    };
    let Ok(fresh) = who.somebody.fresh(&door.house) else { return door.verification(&door.at("/me/keys")) };
    let (name, given) = (form.name.clone(), form.given(&headers));
    let present = Present { who: &who.somebody, fresh: &fresh, secret: who.visit.secret() };
    match keys::add_another(&door.house, &at, present, name, given).await {
        Ok(secret) => {
            let said = alert(Weight::Done, "The key is enrolled", &html! {});
            entered_with(mine::show(&door, &who, StatusCode::OK, &said).await, &secret)
        }
        Err(trouble) => match door.said_of(&trouble, &who.somebody.person.home).await {
            Some(said) => show_another(&door, &who, site, StatusCode::UNPROCESSABLE_ENTITY, &said).await,
            None => door.broken(&trouble),
        },
    }
}
