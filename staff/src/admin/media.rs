//! Who of the clearinghouse's own people may see media: the count, the list, and the form of the supervisor who grants
//! it to as few as possible.

use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{Id as _, PersonId};
use http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use maud::{Markup, html};
use office::Trouble;
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Weight, button};
use viewing::permission::{self, Permission, Permitted, Person};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor];
/// Whoever can use it at all.
const LOOKERS: [ViewerRole; 2] = [ViewerRole::Analyst, ViewerRole::Supervisor];
const LINK: Link<'static> = Link { href: "/admin/media", label: "Media permission" };
const GRANT: &str = "media/grant";
/// How long a permission may last, the usual span first.
const DAYS: [Choice<'static>; 3] = [
    Choice { value: "90", label: "90 days" },
    Choice { value: "30", label: "30 days" },
    Choice { value: "7", label: "7 days" },
];

pub(crate) const ENTRY: Entry =
    Entry { link: LINK, says: "Who of us may see media, until when, and why.", roles: ROLES };

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route("/admin/media/grant", post(grant))
        .route("/admin/media/revoke", post(revoke))
}

/// `GET /admin/media`.
async fn page(who: SignedIn) -> Response {
    shown(&who, None).await
}

async fn shown(who: &SignedIn, refused: Option<&str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match permission::list(&who.staff.house, &who.viewer()).await {
        Ok(permitted) => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shell::below(status, who, &[shell::ADMIN], LINK.label, &main(who, &permitted, refused))
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, permitted: &Permitted, refused: Option<&str>) -> Markup {
    let mut persons: Vec<&PersonId> = permitted.permissions.iter().map(|one| &one.person).collect();
    persons.dedup();
    html! {
        h1 { (LINK.label) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "It was not done", &html! { p { (refused) } })) }
        p {
            strong { (persons.len()) " of " (permitted.people.len()) } " of us may see media today. "
            "The law asks for as few as possible (18 U.S.C. 2258D(d)(1)). Reports can be worked with all media hidden."
        }
        @if permitted.permissions.is_empty() { (ui::empty("Nobody may see media.", None)) }
        @else { (list(who, permitted)) }
        (form(who, permitted))
    }
}

fn list(who: &SignedIn, permitted: &Permitted) -> Markup {
    let columns = ["Person", "Until", "Granted", "By", "Reason", "Take back"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Permission| {
        let person = name(&permitted.people, &one.person);
        let body = html! {
            input type="hidden" name="person" value=(one.person);
            (button(&format!("Take back from {person}"), Button::Grave))
        };
        Row {
            head: ui::text(person),
            cells: vec![
                moment(one.until),
                moment(one.granted_at),
                ui::text(name(&permitted.people, &one.granted_by)),
                ui::text(one.reason.reveal()),
                ui::post("/admin/media/revoke", &who.visit.token(&take_back(&one.person)), &body),
            ],
        }
    };
    let rows: Vec<Row> = permitted.permissions.iter().map(row).collect();
    ui::table(&Table { caption: "Who may see media", columns: &columns, rows: &rows, swap: None })
}

fn take_back(person: &PersonId) -> String {
    format!("media/revoke/{person}")
}

fn name<'a>(people: &'a [Person], id: &'a PersonId) -> &'a str {
    people.iter().find(|one| one.id == *id).map_or(id.as_str(), |one| one.name.reveal())
}

fn form(who: &SignedIn, permitted: &Permitted) -> Markup {
    let others =
        permitted.people.iter().filter(|one| one.id != who.member.person && LOOKERS.contains(&one.role));
    let people: Vec<Choice<'_>> =
        others.map(|one| Choice { value: one.id.as_str(), label: one.name.reveal() }).collect();
    html! {
        h2 { "Grant it" }
        @if people.is_empty() { p { "There is no other analyst or supervisor. Nobody grants it to themselves." } }
        @else {
            (ui::post("/admin/media/grant", &who.visit.token(GRANT), &html! {
                (Field::new("person", "Person").kind(Kind::Choice(&people)).hint("Nobody grants it to themselves."))
                (Field::new("reason", "Why this person must see media").kind(Kind::Lines(2)).required())
                (Field::new("days", "For how long").kind(Kind::Choice(&DAYS)).value(DAYS[0].value))
                (button("Grant media permission", Button::Primary))
            }))
        }
    }
}

#[derive(Deserialize)]
struct Granting {
    csrf: String,
    person: String,
    reason: String,
    days: String,
}

async fn grant(who: SignedIn, headers: HeaderMap, Form(form): Form<Granting>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES).and_then(|()| who.must_post(&headers, &form.csrf, GRANT)) {
        return *elsewhere;
    }
    let Ok(person) = PersonId::parse(&form.person) else { return shell::not_found(&who) };
    let days: i64 =
        DAYS.iter().find(|one| one.value == form.days).and_then(|one| one.value.parse().ok()).unwrap_or(7);
    let house = &who.staff.house;
    let Ok(until) = house.now().checked_add(SignedDuration::from_hours(24 * days)) else {
        return shell::not_found(&who);
    };
    let granted = permission::grant(house, &who.viewer(), person, until, form.reason.into()).await;
    after(&who, granted).await
}

#[derive(Deserialize)]
struct TakingBack {
    csrf: String,
    person: String,
}

async fn revoke(who: SignedIn, headers: HeaderMap, Form(form): Form<TakingBack>) -> Response {
    let Ok(person) = PersonId::parse(&form.person) else { return shell::not_found(&who) };
    let form_name = take_back(&person);
    if let Err(elsewhere) = who.must_be(ROLES).and_then(|()| who.must_post(&headers, &form.csrf, &form_name))
    {
        return *elsewhere;
    }
    let revoked = permission::revoke(&who.staff.house, &who.viewer(), person).await;
    after(&who, revoked).await
}

async fn after(who: &SignedIn, done: Result<(), Trouble>) -> Response {
    let Err(trouble) = done else { return web::redirect(LINK.href) };
    match trouble.refusal() {
        Some(refusal) if !trouble.is_not_found() => {
            shown(who, Some(&format!("The house says no: {refusal}."))).await
        }
        _ => shell::trouble(who, &trouble),
    }
}
