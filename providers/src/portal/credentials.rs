//! The credentials of a provider's client: two live at a time, so that a new one takes over before the old one ends.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{CredentialId, Id as _};
use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use pipeline::Trouble;
use pipeline::portal::{self, Issued, Listed, MOST_LIVE};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Order, Row, Table, Tone, Weight, alert, button};
use web::door::Token;

use super::session::SignedIn;
use super::shell::{self, CREDENTIALS};

const ADD: &str = "credential-new";

/// How long an old credential may live on: its word, what is read, and the span; none means until it is revoked.
const LIVES_ON: [(&str, &str, Option<SignedDuration>); 5] = [
    ("revoke", "Until I revoke it", None),
    ("hour", "One hour", Some(SignedDuration::from_hours(1))),
    ("day", "One day", Some(SignedDuration::from_hours(24))),
    ("week", "One week", Some(SignedDuration::from_hours(7 * 24))),
    ("month", "30 days", Some(SignedDuration::from_hours(30 * 24))),
];

/// The form that replaces a credential.
#[derive(Deserialize)]
pub(super) struct Rotate {
    csrf: String,
    #[serde(default)]
    lives_on: String,
}

/// `GET /provider/credentials`.
pub(super) async fn page(who: SignedIn) -> Response {
    show(&who, &html! {}).await
}

/// `POST /provider/credentials/new`. The answer is the only page that ever shows the secret.
pub(super) async fn add(who: SignedIn, headers: HeaderMap, Form(form): Form<Token>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, ADD) {
        return shell::stale_form(&who);
    }
    let made = portal::add_credential(&who.portal.house, &who.member).await;
    answered(&who, made).await
}

/// `POST /provider/credentials/{credential}/rotate`.
pub(super) async fn rotate(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Rotate>,
) -> Response {
    let Ok(id) = CredentialId::parse(&id) else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &form.csrf, &form_of("rotate", &id)) {
        return shell::stale_form(&who);
    }
    let Some((_, _, lives_on)) = LIVES_ON.iter().find(|(word, _, _)| *word == form.lives_on) else {
        let says = alert(Weight::Error, "Choose how long the old one lives on", &html! {});
        return show(&who, &says).await;
    };
    let made = portal::rotate_credential(&who.portal.house, &who.member, id, *lives_on).await;
    answered(&who, made).await
}

/// `POST /provider/credentials/{credential}/revoke`.
pub(super) async fn revoke(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let Ok(id) = CredentialId::parse(&id) else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &form.csrf, &form_of("revoke", &id)) {
        return shell::stale_form(&who);
    }
    match portal::revoke_credential(&who.portal.house, &who.member, id).await {
        Ok(()) => show(&who, &shell::done("Revoked. The next request with it is refused.")).await,
        Err(trouble) => shell::trouble_in(&who, CREDENTIALS, &trouble),
    }
}

async fn answered(who: &SignedIn, made: Result<Issued, Trouble>) -> Response {
    match made {
        Ok(issued) => show(who, &secret(&issued)).await,
        Err(trouble) if trouble.asks_for_verification() => shell::trouble_in(who, CREDENTIALS, &trouble),
        Err(trouble) if trouble.refusal().is_some() && !trouble.is_not_found() => {
            let words =
                html! { p { "At most " (MOST_LIVE) " credentials live at a time. Revoke one first." } };
            show(who, &alert(Weight::Error, "No credential was made", &words)).await
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn secret(issued: &Issued) -> Markup {
    let words = html! {
        p { "This is the only time that the password is shown. We keep no copy that could be read. Put it into your secret store now." }
        (ui::snippet("User name", &issued.username))
        (ui::snippet("Password", &issued.secret))
    };
    alert(Weight::Done, "A new credential", &words)
}

async fn show(who: &SignedIn, said: &Markup) -> Response {
    match portal::credentials(&who.portal.house, &who.member).await {
        Ok(listed) => shell::page(who, CREDENTIALS, "Credentials", &main(who, &listed, said)),
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, listed: &[Listed], said: &Markup) -> Markup {
    let now = who.portal.house.now();
    let (live, dead): (Vec<&Listed>, Vec<&Listed>) = listed.iter().partition(|one| one.is_live(now));
    html! {
        h1 { "Credentials" }
        (said)
        p { "Your client signs in with a user name and a password. Two may live at a time: make the new one, let your client use it, then revoke the old one. A day without use shows which one nobody needs." }
        @if !who.member.is_admin() { (shell::only_admins()) }
        h2 { "Live" }
        @if live.is_empty() { (ui::empty("No credential is live. Your client cannot sign in.", None)) } @else { (table("Live credentials", &live, now)) }
        @if who.member.is_admin() {
            @if live.len() < MOST_LIVE {
                (ui::post("/provider/credentials/new", &who.visit.token(ADD), &button("Make a credential", Button::Primary)))
            }
            @for one in &live { (change(who, one, live.len())) }
        }
        @if !dead.is_empty() {
            h2 { "Over" }
            (table("Credentials that no longer work", &dead, now))
        }
    }
}

/// What can be done with a live credential.
fn change(who: &SignedIn, one: &Listed, live: usize) -> Markup {
    let id = &one.credential;
    let (rotate, revoke) =
        (format!("{}/{id}/rotate", CREDENTIALS.href), format!("{}/{id}/revoke", CREDENTIALS.href));
    let spans = LIVES_ON.map(|(value, label, _)| Choice { value, label });
    let field = format!("lives_on-{id}");
    let ask = html! {
        (Field::new(&field, "The old one lives on for").named("lives_on").kind(Kind::Choice(&spans)).value("day"))
        (button("Replace it by a new one", Button::Secondary))
    };
    html! {
        section .house-change aria-label={ "Change " (one.username) } {
            h3 { (ui::text(&one.username)) }
            @if live < MOST_LIVE { (ui::post(&rotate, &who.visit.token(&form_of("rotate", id)), &ask)) }
            (ui::post(&revoke, &who.visit.token(&form_of("revoke", id)), &button("Revoke it now", Button::Grave)))
        }
    }
}

fn form_of(what: &str, id: &CredentialId) -> String {
    format!("credential-{what}-{id}")
}

fn table(caption: &str, listed: &[&Listed], now: Timestamp) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = ["User name", "State", "Made", "Ends", "Last used (UTC day)"].map(fixed);
    let rows: Vec<Row> = listed.iter().map(|one| row(one, now)).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn row(one: &Listed, now: Timestamp) -> Row {
    let state = match one.disabled_at {
        Some(at) => html! { (ui::chip("revoked", Tone::Muted)) " " (web::moment(at)) },
        None if one.is_live(now) => ui::chip("live", Tone::Plain),
        None => ui::chip("ended", Tone::Muted),
    };
    let ends = match one.ends_at {
        Some(at) => web::moment(at),
        None => html! { "When it is revoked" },
    };
    Row {
        head: html! { code { (ui::text(&one.username)) } },
        cells: vec![
            state,
            web::moment(one.added_at),
            ends,
            html! { @if let Some(day) = one.last_used_on { (day.to_string()) } @else { "Never" } },
        ],
    }
}
