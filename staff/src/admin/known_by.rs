//! By which cards and at which other organisations a person is known: the list, the form that asks a second person, and
//! the way to take one away at once.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{Id as _, Means, PersonId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::Identity;
use office::bindings::{self, Known};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Weight, button};
use web::door::Token;
use web::moment;

use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel, ViewerRole::SecurityAdmin];
const MEANS: [Choice<'static>; 2] = [
    Choice { value: "card", label: "A PIV or CAC card" },
    Choice { value: "federation", label: "The sign-in of another organisation" },
];

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route("/admin/people/{person}/known-by", get(page).post(ask))
        .route("/admin/people/{person}/known-by/{binding}/remove", post(remove))
}

fn address(person: &PersonId) -> String {
    format!("/admin/people/{person}/known-by")
}

/// `GET /admin/people/{person}/known-by`.
async fn page(who: SignedIn, Path(person): Path<String>) -> Response {
    drawn(&who, &person, StatusCode::OK, None).await
}

async fn drawn(who: &SignedIn, person: &str, status: StatusCode, note: Option<Markup>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(person) = PersonId::parse(person) else { return shell::not_found(who) };
    match bindings::list(&who.staff.house, &who.member, person.clone()).await {
        Ok(known) => {
            let above = format!("/admin/people/{person}");
            let trail = [shell::ADMIN, Link { href: &above, label: "The person" }];
            let main = main(who, &person, &known, note.as_ref());
            shell::below(status, who, &trail, "Cards and other organisations", &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, person: &PersonId, known: &[Known], note: Option<&Markup>) -> Markup {
    html! {
        h1 { "Cards and other organisations" }
        p { "By these " code { (person) } " comes in besides with their keys." }
        @if let Some(note) = note { (note) }
        @if known.is_empty() { (ui::empty("They are known by none.", None)) } @else { (table(who, person, known)) }
        h2 { "Let them be known by another one" }
        p { "Whoever tries to come in with a card that is not known here is shown these three lines. Compare them with the person by another way than the one that brought them to you. A second person has to agree." }
        (ui::post(&address(person), &who.visit.token(&form(person)), &html! {
            (Field::new("means", "Kind").kind(Kind::Choice(&MEANS)).required())
            (Field::new("issuer", "Vouched for by").hint("Of a card the SHA-256 of its root certificate, 64 hexadecimal digits; else the address of the issuer, beginning with https://.").required())
            (Field::new("subject", "Known there as").hint("Of a card uuid: or fasc-n: and what follows. Never a name and never a mail address.").required())
            (button("Ask a second person", Button::Primary))
        }))
    }
}

fn table(who: &SignedIn, person: &PersonId, known: &[Known]) -> Markup {
    let columns = ["Known as", "Kind", "Vouched for by", "Recorded", "Last used", "Take away"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Known| {
        let binding = &one.binding;
        let remove = format!("{}/{}/remove", address(person), binding.id);
        let token = who.visit.token(&form_of(&binding.id));
        Row {
            head: html! { (ui::text(&one.subject)) },
            cells: vec![
                html! { (binding.means.as_str()) },
                html! { code { (ui::text(&binding.issuer)) } },
                moment(binding.added_at),
                html! { @if let Some(at) = binding.used_at { (moment(at)) } @else { "Never" } },
                ui::post(&remove, &token, &button(&format!("Take away {}", one.subject), Button::Grave)),
            ],
        }
    };
    let rows: Vec<Row> = known.iter().map(row).collect();
    ui::table(&Table { caption: "Known by", columns: &columns, rows: &rows, swap: None })
}

fn form(person: &PersonId) -> String {
    format!("known-by/{person}")
}

fn form_of(binding: &str) -> String {
    format!("known-by/remove/{binding}")
}

#[derive(Deserialize)]
struct Ask {
    csrf: String,
    means: String,
    issuer: String,
    subject: String,
}

/// `POST /admin/people/{person}/known-by`.
async fn ask(
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    Form(asked): Form<Ask>,
) -> Response {
    let Ok(id) = PersonId::parse(&person) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &asked.csrf, &form(&id)) {
        return *stale;
    }
    let Ok(means) = asked.means.parse::<Means>() else { return shell::not_found(&who) };
    let identity = Identity { means, issuer: asked.issuer, subject: asked.subject };
    match bindings::ask(&who.staff.house, &who.member, id, identity).await {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(trouble) if trouble.refusal().is_some() && !trouble.is_not_found() => {
            let says =
                html! { p { "It is not written as it should be, or somebody is known by it already." } };
            let note = ui::alert(Weight::Error, "Nothing was asked", &says);
            drawn(&who, &person, StatusCode::UNPROCESSABLE_ENTITY, Some(note)).await
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

/// `POST /admin/people/{person}/known-by/{binding}/remove`.
async fn remove(
    who: SignedIn,
    Path((person, binding)): Path<(String, String)>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let Ok(id) = PersonId::parse(&person) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &token.csrf, &form_of(&binding)) {
        return *stale;
    }
    match bindings::remove(&who.staff.house, &who.member, id, binding).await {
        Ok(()) => web::redirect(&format!("/admin/people/{person}/known-by")),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}
