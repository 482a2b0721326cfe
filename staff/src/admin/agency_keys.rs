//! Public keys of agencies that wait: somebody calls the agency, hears the fingerprint, and types what was heard.

use axum::response::Response;
use axum::routing::get;
use axum::{Form, Router};
use domain::{AgencyId, Id as _};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::agency_keys::{self, AgencyKey, Fingerprint};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Column, Field, Kind, Link, Order, Row, Table, Weight, alert, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

/// Whoever may confirm one.
const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::SecurityAdmin];
const LINK: Link<'static> = Link { href: "/admin/agency-keys", label: "Agency keys" };
const CONFIRM: &str = "agency-key-confirm";

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Keys to which packages are sealed, once their fingerprint was compared.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new().route(LINK.href, get(page).post(confirm))
}

/// What was heard, from whom, and how.
#[derive(Deserialize, Default)]
struct Heard {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    agency: String,
    #[serde(default)]
    fingerprint: String,
    #[serde(default)]
    how: String,
}

/// `GET /admin/agency-keys`.
async fn page(who: SignedIn) -> Response {
    show(&who, StatusCode::OK, &html! {}, &Heard::default()).await
}

/// `POST /admin/agency-keys`.
async fn confirm(who: SignedIn, headers: HeaderMap, Form(heard): Form<Heard>) -> Response {
    if let Err(elsewhere) = who.must_post(&headers, &heard.csrf, CONFIRM) {
        return *elsewhere;
    }
    let (Ok(agency), Ok(fingerprint)) =
        (AgencyId::parse(&heard.agency), heard.fingerprint.parse::<Fingerprint>())
    else {
        return wrong(&who, &heard).await;
    };
    let how = heard.how.clone();
    match agency_keys::confirm(
        &who.staff.house,
        &who.member.viewer(&who.staff.house),
        agency,
        fingerprint,
        how,
    )
    .await
    {
        Ok(ends_at) => {
            let says = html! { p { "Packages are sealed to it until " (moment(ends_at)) "." } };
            show(&who, StatusCode::OK, &alert(Weight::Done, "The key is confirmed", &says), &Heard::default())
                .await
        }
        Err(trouble) if trouble.refusal().is_some() => wrong(&who, &heard).await,
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

async fn wrong(who: &SignedIn, heard: &Heard) -> Response {
    let says = html! {
        p { "No key of this agency with this fingerprint waits, or it is not said how it was compared. If the agency read it out correctly, what was registered is not its key: do not confirm it, and tell your security administrator." }
    };
    show(who, StatusCode::UNPROCESSABLE_ENTITY, &alert(Weight::Error, "Nothing was confirmed", &says), heard)
        .await
}

async fn show(who: &SignedIn, status: StatusCode, said: &Markup, heard: &Heard) -> Response {
    match agency_keys::waiting(&who.staff.house, &who.member.viewer(&who.staff.house)).await {
        Ok(keys) => shell::below(status, who, &[shell::ADMIN], LINK.label, &main(who, &keys, said, heard)),
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, keys: &[AgencyKey], said: &Markup, heard: &Heard) -> Markup {
    let agency =
        Field::new("agency", "Agency").hint("Its id, as in the list above").value(&heard.agency).required();
    let fingerprint = Field::new("fingerprint", "Fingerprint that you heard")
        .hint("64 letters and digits; spaces do not matter")
        .value(&heard.fingerprint)
        .required();
    let how = Field::new("how", "How it was compared")
        .hint("Whom you called, on which number, and from where you knew the number")
        .value(&heard.how)
        .kind(Kind::Lines(3))
        .required();
    html! {
        h1 { (LINK.label) }
        (said)
        p { "Call the agency on a number that you knew before, never on one that came with the key. Let the officer read the fingerprint out and type what you hear. The fingerprint is not shown here, so that nobody confirms without hearing it." }
        h2 { "Waiting" }
        @if keys.is_empty() { (ui::empty("No key waits.", None)) } @else { (table(keys)) }
        h2 { "Confirm a key" }
        (ui::post(LINK.href, &who.visit.token(CONFIRM), &html! { (agency) (fingerprint) (how) (button("Confirm the key", Button::Primary)) }))
    }
}

fn table(keys: &[AgencyKey]) -> Markup {
    let columns = ["Agency", "Curve", "Registered"].map(|label| Column { label, order: Order::Fixed });
    let row = |key: &AgencyKey| Row {
        head: html! { (ui::text(key.agency.as_str())) },
        cells: vec![html! { (key.key.curve().as_str()) }, moment(key.registered_at)],
    };
    let rows: Vec<Row> = keys.iter().map(row).collect();
    ui::table(&Table {
        caption: "Keys that wait, the oldest first",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}
