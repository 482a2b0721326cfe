//! One's own sign-in: keys and sessions, and an end to any of them; the way out.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::{Trouble, keys, sign_in};
use ui::{Button, Column, Order, Row, Table, Tone, Weight, alert, button};

use super::{Admitted, Door, Token, entered_with, left};
use crate::moment;

/// `GET …/me`.
pub(super) async fn page(State(door): State<Door>, who: Admitted) -> Response {
    show(&door, &who, StatusCode::OK, &html! {}).await
}

pub(super) async fn show(door: &Door, who: &Admitted, status: StatusCode, said: &Markup) -> Response {
    match keys::own(&door.house, &who.somebody).await {
        Ok(own) => {
            let main = html! {
                h1 { "My sign-in" }
                (said)
                (keys_of(door, who, &own))
                (known_by(&own))
                (sessions_of(door, who, &own))
            };
            door.inside(status, who, &own.home_name, "My sign-in", &main)
        }
        Err(trouble) => door.broken(&trouble),
    }
}

fn fixed<'a>(labels: &[&'a str]) -> Vec<Column<'a>> {
    labels.iter().map(|label| Column { label, order: Order::Fixed }).collect()
}

fn keys_of(door: &Door, who: &Admitted, own: &keys::Own) -> Markup {
    let columns = fixed(&["Key", "Model", "Enrolled", "Last used", "Kind", "Remove"]);
    let rows: Vec<Row> = own.keys.iter().map(|key| key_row(door, who, own, key)).collect();
    let few = html! {
        p { "Enrol a second key and keep it in another place. When your only key is lost, your identity has to be checked again before you can come back." }
    };
    html! {
        h2 { "Keys" }
        @if own.keys.len() < keys::ENOUGH { (alert(Weight::Warning, "You should have two keys", &few)) }
        @if rows.is_empty() { (ui::empty("You have no key.", None)) } @else {
            (ui::table(&Table { caption: "Your keys", columns: &columns, rows: &rows, swap: None }))
        }
        p { (ui::Link { href: &door.at("/me/keys"), label: "Enrol another key" }) }
    }
}

fn known_by(own: &keys::Own) -> Markup {
    let columns = fixed(&["Known as", "Kind", "Recorded", "Last used"]);
    let row = |one: &office::bindings::Known| Row {
        head: html! { (ui::text(&one.subject)) },
        cells: vec![
            html! { (one.binding.means.as_str()) },
            moment(one.binding.added_at),
            html! { @if let Some(at) = one.binding.used_at { (moment(at)) } @else { "Never" } },
        ],
    };
    let rows: Vec<Row> = own.known_by.iter().map(row).collect();
    html! {
        @if !rows.is_empty() {
            h2 { "Cards and other organisations" }
            p { "You also come in with these. Tell your administrator at once when you lose a card." }
            (ui::table(&Table { caption: "What you are known by", columns: &columns, rows: &rows, swap: None }))
        }
    }
}

fn key_row(door: &Door, who: &Admitted, own: &keys::Own, key: &keys::OwnKey) -> Row {
    let keys::OwnKey { key, name, model } = key;
    let action = door.at(&format!("/me/keys/{}/remove", key.id));
    let token = who.visit.token(&form_of("remove", &key.id));
    let kind = if key.syncable { "can be copied" } else { "stays on its device" };
    Row {
        head: html! { span dir="auto" { (ui::text(name)) } },
        cells: vec![
            html! { @if let Some(model) = model { (ui::text(model)) } @else { "Not stated" } },
            moment(key.added_at),
            html! { @if let Some(at) = key.used_at { (moment(at)) } @else { "Never" } },
            html! { (kind) ", " (key.algorithm) },
            html! {
                @if own.keys.len() > 1 { (ui::post(&action, &token, &button(&format!("Remove {name}"), Button::Grave))) }
                @else { "Your last key stays" }
            },
        ],
    }
}

fn sessions_of(door: &Door, who: &Admitted, own: &keys::Own) -> Markup {
    let columns = fixed(&["Browser", "Signed in", "Last used", "By", "End"]);
    let rows: Vec<Row> = own
        .sessions
        .iter()
        .map(|(session, client)| {
            let here = session.id == who.somebody.session.id;
            let action = door.at(&format!("/me/sessions/{}/end", session.id));
            let token = who.visit.token(&form_of("end", &session.id));
            let by = session.means.as_str();
            Row {
                head: html! { @if client.is_empty() { "Not said" } @else { (ui::text(client)) } },
                cells: vec![
                    moment(session.started_at),
                    moment(session.seen_at),
                    html! { (by) },
                    html! {
                        @if here { (ui::chip("this one", Tone::Plain)) }
                        @else { (ui::post(&action, &token, &button("End it", Button::Secondary))) }
                    },
                ],
            }
        })
        .collect();
    let everywhere = who.visit.token("sign-out-everywhere");
    html! {
        h2 { "Sessions" }
        p { "A session locks after 10 minutes without use, ends after 15, and lasts 8 hours at most." }
        (ui::table(&Table { caption: "Your sessions", columns: &columns, rows: &rows, swap: None }))
        (ui::post(&door.at("/sign-out-everywhere"), &everywhere, &button("Sign out everywhere", Button::Grave)))
    }
}

fn form_of(what: &str, id: &str) -> String {
    format!("me-{what}-{id}")
}

/// A form that was not drawn by us for this session.
pub(super) async fn stale(door: &Door, who: &Admitted) -> Response {
    let words = html! { p { "Nothing was changed. Send the form of this page once more." } };
    show(door, who, StatusCode::FORBIDDEN, &alert(Weight::Error, "The form was out of date", &words)).await
}

/// Removes a key, for somebody who is fresh.
pub(super) async fn remove_key(
    State(door): State<Door>,
    who: Admitted,
    Path(key): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, &form_of("remove", &key)) {
        return stale(&door, &who).await;
    }
    let Ok(fresh) = who.somebody.fresh(&door.house) else { return door.verification(&door.at("/me")) };
    let present = keys::Present { who: &who.somebody, fresh: &fresh, secret: who.visit.secret() };
    let words = html! { p { "Your other sessions were ended with it." } };
    let said = alert(Weight::Done, "The key was removed", &words);
    match keys::remove(&door.house, present, &key).await {
        Ok(secret) => entered_with(show(&door, &who, StatusCode::OK, &said).await, &secret),
        Err(trouble) => answered(&door, &who, Err(trouble), &said).await,
    }
}

/// Ends another session of one's own.
pub(super) async fn end_session(
    State(door): State<Door>,
    who: Admitted,
    Path(session): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, &form_of("end", &session)) {
        return stale(&door, &who).await;
    }
    let ended = sign_in::end(&door.house, &who.somebody.person, &session).await;
    answered(&door, &who, ended, &alert(Weight::Done, "The session was ended", &html! {})).await
}

async fn answered(door: &Door, who: &Admitted, done: Result<(), Trouble>, says: &Markup) -> Response {
    match done {
        Ok(()) => show(door, who, StatusCode::OK, says).await,
        Err(trouble) if trouble.refusal().is_some() => {
            let says = alert(
                Weight::Error,
                "Nothing was changed",
                &html! { p { "It is gone already, or it is your last key." } },
            );
            show(door, who, StatusCode::CONFLICT, &says).await
        }
        Err(trouble) => door.broken(&trouble),
    }
}

/// Ends the session on the server, locked or not, and takes the cookie away.
pub(super) async fn leave(State(door): State<Door>, headers: HeaderMap, Form(form): Form<Token>) -> Response {
    let waiting = match door.waiting(&headers).await {
        Ok(waiting) => waiting,
        Err(elsewhere) => return elsewhere,
    };
    if !waiting.visit.may_post(&headers, &form.csrf, "sign-out") {
        return door.bare(StatusCode::FORBIDDEN, "Form out of date", &out_of_date());
    }
    match sign_in::sign_out(&door.house, waiting.visit.secret()).await {
        Ok(()) => left(&door.at("/sign-in")),
        Err(fault) => door.broken(&fault),
    }
}

fn out_of_date() -> Markup {
    html! {
        h1 { "This form is out of date" }
        p { "Nothing was changed. Go back, load the page again, and send the form once more." }
    }
}

/// Ends every session of the person.
pub(super) async fn leave_everywhere(
    State(door): State<Door>,
    who: Admitted,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, "sign-out-everywhere") {
        return stale(&door, &who).await;
    }
    match sign_in::sign_out_everywhere(&door.house, &who.somebody.person).await {
        Ok(_) => left(&door.at("/sign-in")),
        Err(fault) => door.broken(&fault),
    }
}

/// Locks the screen.
pub(super) async fn lock(
    State(door): State<Door>,
    who: Admitted,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, "lock") {
        return stale(&door, &who).await;
    }
    match sign_in::lock(&door.house, &who.somebody.person, who.visit.secret()).await {
        Ok(()) => door.verification(door.face.home.href),
        Err(fault) => door.broken(&fault),
    }
}
