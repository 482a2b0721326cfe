//! Which models of keys each home takes: the clearinghouse itself, an agency, a provider.

use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{AgencyId, Id as _, ProviderId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::key_models::{self, Model};
use office::{Home, Trouble};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, alert, button};
use web::moment;
use web::people::nothing_changed;

use super::people::ROLES;
use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const LINK: Link<'static> = Link { href: "/admin/key-models", label: "Models of keys" };
const REMOVE: &str = "/admin/key-models/remove";
const FORM: &str = "key-model";

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Which keys people may sign in with, home by home, and how they prove what they are.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new().route(LINK.href, get(page).post(put)).route(REMOVE, post(remove))
}

/// Whose list it is: the house where nothing is said.
#[derive(Deserialize, Default)]
struct Of {
    #[serde(default)]
    agency: String,
    #[serde(default)]
    provider: String,
}

impl Of {
    fn home(&self) -> Option<Home> {
        match (self.agency.trim(), self.provider.trim()) {
            ("", "") => Some(Home::House),
            (agency, "") => AgencyId::parse(agency).ok().map(Home::Agency),
            ("", provider) => ProviderId::parse(provider).ok().map(Home::Provider),
            _ => None,
        }
    }

    /// The same, in a form.
    fn hidden(&self) -> Markup {
        html! {
            input type="hidden" name="agency" value=(self.agency.trim());
            input type="hidden" name="provider" value=(self.provider.trim());
        }
    }
}

/// `GET /admin/key-models?agency=…`.
async fn page(who: SignedIn, Query(of): Query<Of>) -> Response {
    show(&who, &of, StatusCode::OK, None).await
}

async fn show(who: &SignedIn, of: &Of, status: StatusCode, note: Option<Markup>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Some(home) = of.home() else {
        let note = nothing_changed("Give the id of an agency or of a provider, not both.");
        let main = html! { h1 { (LINK.label) } (note) (chooser(&Of::default())) };
        return shell::below(StatusCode::UNPROCESSABLE_ENTITY, who, &[shell::ADMIN], LINK.label, &main);
    };
    match key_models::list(&who.staff.house, &who.viewer(), home.clone()).await {
        Ok(models) => {
            let main = main(who, of, &home, &models, note.as_ref());
            shell::below(status, who, &[shell::ADMIN], LINK.label, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn chooser(of: &Of) -> Markup {
    ui::get(
        LINK.href,
        &html! {
            (Field::new("agency", "Agency").hint("Its id; empty for the clearinghouse itself.").value(&of.agency))
            (Field::new("provider", "Provider").hint("Its id.").value(&of.provider))
            (button("Show its list", Button::Secondary))
        },
    )
}

fn main(who: &SignedIn, of: &Of, home: &Home, models: &[Model], note: Option<&Markup>) -> Markup {
    let yes_no = [Choice { value: "", label: "No" }, Choice { value: "yes", label: "Yes" }];
    html! {
        h1 { (LINK.label) }
        @if let Some(note) = note { (note) }
        h2 { "Whose list" }
        (chooser(of))
        h2 { "What " (office::people::in_text(home)) " takes" }
        @if models.is_empty() {
            p { "Every model: nothing is on the list." }
            @if home.provider().is_none() { p { "Keys that can be copied to other devices are refused all the same." } }
        } @else {
            p { "These and no others. Keys that were enrolled before stay." }
            (table(who, of, models))
        }
        h2 { "Put a model on the list" }
        p { "Its number (AAGUID) stands in its makers' papers, and in the answer of whoever was refused with it. With its makers' certificate, each new key has to prove that it is of this model; without it, its word is taken." }
        (ui::post(LINK.href, &who.visit.token(FORM), &html! {
            (of.hidden())
            (Field::new("aaguid", "AAGUID").hint("Such as 2fc0579f-8113-47ea-b116-bb5a8db9202a.").required())
            (Field::new("name", "Name of the model").required())
            (Field::new("fips", "Stands on a FIPS 140 certificate").kind(Kind::Choice(&yes_no)))
            (Field::new("root", "Its makers' root certificate").hint("PEM, from -----BEGIN CERTIFICATE----- on; empty where it need not be proved.").kind(Kind::Lines(6)))
            (button("Accept this model", Button::Primary))
        }))
    }
}

fn table(who: &SignedIn, of: &Of, models: &[Model]) -> Markup {
    let columns = ["Model", "AAGUID", "FIPS 140", "Proved by", "Since", "Remove"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Model| {
        let body = html! {
            (of.hidden())
            input type="hidden" name="aaguid" value=(one.aaguid);
            (button("Take it off", Button::Grave))
        };
        Row {
            head: html! { (ui::text(&one.name)) },
            cells: vec![
                html! { code { (one.aaguid) } },
                html! { @if one.fips { (ui::chip("certified", Tone::Plain)) } @else { "No" } },
                html! { @if one.root_pem.is_some() { "its makers' certificate" } @else { "its own word" } },
                html! { @if let Some(at) = one.added_at { (moment(at)) } },
                ui::post(REMOVE, &who.visit.token(&format!("{FORM}-{}", one.aaguid)), &body),
            ],
        }
    };
    let rows: Vec<Row> = models.iter().map(row).collect();
    ui::table(&Table { caption: "Models that are taken", columns: &columns, rows: &rows, swap: None })
}

#[derive(Deserialize)]
struct New {
    csrf: String,
    #[serde(flatten)]
    of: Of,
    aaguid: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    fips: String,
    #[serde(default)]
    root: String,
}

async fn put(who: SignedIn, headers: HeaderMap, Form(form): Form<New>) -> Response {
    if let Err(stale) = who.must_post(&headers, &form.csrf, FORM) {
        return *stale;
    }
    let Some(home) = form.of.home() else { return shell::not_found(&who) };
    let root = form.root.trim();
    let model = Model {
        aaguid: form.aaguid.trim().to_owned(),
        name: form.name,
        fips: form.fips == "yes",
        root_pem: (!root.is_empty()).then(|| root.to_owned()),
        added_at: None,
    };
    let done = key_models::put(&who.staff.house, &who.viewer(), home, model).await;
    after(&who, &form.of, done, "The model is on the list").await
}

async fn remove(who: SignedIn, headers: HeaderMap, Form(form): Form<New>) -> Response {
    if let Err(stale) = who.must_post(&headers, &form.csrf, &format!("{FORM}-{}", form.aaguid)) {
        return *stale;
    }
    let Some(home) = form.of.home() else { return shell::not_found(&who) };
    let done = key_models::remove(&who.staff.house, &who.viewer(), home, form.aaguid).await;
    after(&who, &form.of, done, "The model is off the list").await
}

async fn after(who: &SignedIn, of: &Of, done: Result<(), Trouble>, says: &str) -> Response {
    match done {
        Ok(()) => show(who, of, StatusCode::OK, Some(alert(Weight::Done, says, &html! {}))).await,
        Err(trouble) if trouble.refusal().is_some() && !trouble.is_not_found() => {
            let says = "An AAGUID is 32 hexadecimal digits in five groups; a model has a name; a certificate is one certificate as PEM.";
            show(who, of, StatusCode::UNPROCESSABLE_ENTITY, Some(nothing_changed(says))).await
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}
