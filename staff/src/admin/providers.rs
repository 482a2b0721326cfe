//! Providers: who may send reports, how each is reached, and the switch that shuts one everywhere at once.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{Id as _, ProviderId, SwitchReason};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::Trouble;
use office::providers::{self, Contact, ORPHANED, Provider, Shown, Switch, Version};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = super::people::ROLES;
const LINK: Link<'static> = Link { href: "/admin/providers", label: "Providers" };

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Who may send reports, how they are reached, and how one is switched off everywhere at once.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route("/admin/providers/{provider}", get(one))
        .route("/admin/providers/{provider}/disable", post(disable))
        .route("/admin/providers/{provider}/restore", post(restore))
}

/// `GET /admin/providers`.
async fn page(who: SignedIn) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match providers::list(&who.staff.house, &who.member).await {
        Ok(all) => shell::below(StatusCode::OK, &who, &[shell::ADMIN], LINK.label, &list(&all)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn list(all: &[Provider]) -> Markup {
    let (off, on): (Vec<&Provider>, Vec<&Provider>) = all.iter().partition(|one| one.off().is_some());
    html! {
        h1 { (LINK.label) }
        p { "A provider is put on the register by the operator. Here it is switched off, when its credentials are in wrong hands or it sends what are no reports, and on again." }
        @if !off.is_empty() { h2 { "Switched off" } (table("Providers that are switched off", &off)) }
        h2 { "May send" }
        @if on.is_empty() { (ui::empty("No provider may send.", None)) } @else { (table("Providers that may send", &on)) }
    }
}

fn table(caption: &str, all: &[&Provider]) -> Markup {
    let columns =
        ["Provider", "On the register since", "Standing"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &&Provider| {
        let href = format!("{}/{}", LINK.href, one.id);
        Row {
            head: html! { (Link { href: &href, label: &one.name }) },
            cells: vec![moment(one.added_at), standing(one)],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn standing(one: &Provider) -> Markup {
    match one.off() {
        None => ui::chip("may send", Tone::Plain),
        Some((at, because)) => html! {
            (ui::chip("switched off", Tone::Critical)) " since " (moment(at))
            @if let Some(because) = because { ": " (because.says()) }
        },
    }
}

/// `GET /admin/providers/{provider}`.
async fn one(who: SignedIn, Path(id): Path<String>) -> Response {
    shown(&who, &id, None).await
}

async fn shown(who: &SignedIn, id: &str, refused: Option<&str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let Ok(id) = ProviderId::parse(id) else { return shell::not_found(who) };
    match providers::get(&who.staff.house, &who.member, id).await {
        Ok(found) => {
            let main = provider(who, &found, refused);
            shell::below(status, who, &[shell::ADMIN, LINK], &found.provider.name, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn provider(who: &SignedIn, found: &Shown, refused: Option<&str>) -> Markup {
    let one = &found.provider;
    let facts = [
        ("Standing", standing(one).into()),
        ("Name in addresses", Value::words(Some(one.id.as_str()))),
        ("On the register since", moment(one.added_at).into()),
        ("Credentials that are not over", html! { (found.credentials) }.into()),
        ("People with an account", html! { (found.people) }.into()),
    ];
    html! {
        h1 { (ui::text(&one.name)) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (refused) } })) }
        (ui::definitions(&facts))
        h2 { "How it is reached" }
        (reached(found.contact.as_ref(), who.staff.house.now()))
        @if one.off().is_some() { (restore_form(who, one)) } @else { (disable_form(who, one)) }
        h2 { "When it was switched off and on" }
        @if found.switches.is_empty() { (ui::empty("It was never switched off.", None)) }
        @else { (history(&found.switches)) }
    }
}

fn reached(contact: Option<&(Version, Contact)>, now: jiff::Timestamp) -> Markup {
    let Some((version, said)) = contact else {
        return ui::empty("It has not said how it is reached.", None);
    };
    let mut facts = vec![
        ("Individual", Value::words(Some(said.individual.reveal()))),
        ("Telephone", Value::words(Some(said.telephone.reveal()))),
        ("E-mail", Value::words(Some(said.email.reveal()))),
        ("Fax", Value::words(Some(said.fax.reveal()))),
        ("Mailing address", Value::words(Some(said.mailing_address.reveal()))),
        ("Recorded", moment(version.recorded_at).into()),
    ];
    if let Some(mailbox) = &said.role_mailbox {
        facts.insert(3, ("Team mailbox", Value::words(Some(mailbox.reveal()))));
    }
    html! {
        @if version.is_stale(now) { p { (ui::chip("nobody confirmed it for a year", Tone::Notice)) } }
        (ui::definitions(&facts))
    }
}

fn disable_form(who: &SignedIn, one: &Provider) -> Markup {
    let days = ORPHANED.as_hours() / 24;
    html! {
        h2 { "Switch it off, everywhere, now" }
        p { "With the next request its credentials open nothing, its people are signed out and nobody of it can sign in; its open invitations are over. What it finished stays, is worked and goes to agencies as ever. What it opened and did not finish expires within a day or so." }
        p { "The law still asks it to report: call it, and say how. If one credential or one person is in wrong hands, that one can be revoked alone by the provider's administrator. Its people's accounts go for good after " (days) " days." }
        (form(who, one, "disable", SwitchReason::OFF, ("Switch it off now", Button::Grave)))
    }
}

fn restore_form(who: &SignedIn, one: &Provider) -> Markup {
    html! {
        h2 { "Switch it on again" }
        p { "Credentials that were not revoked work as before. People whose accounts are still there sign in anew; no session and no invitation comes back." }
        (form(who, one, "restore", SwitchReason::ON, ("Switch it on again", Button::Primary)))
    }
}

fn form(
    who: &SignedIn,
    one: &Provider,
    act: &str,
    reasons: &[SwitchReason],
    (label, weight): (&str, Button),
) -> Markup {
    // No reason is chosen before somebody chooses.
    let mut choices = vec![Choice { value: "", label: "Choose a reason" }];
    choices.extend(reasons.iter().map(|one| Choice { value: one.as_str(), label: one.says() }));
    let address = format!("{}/{}/{act}", LINK.href, one.id);
    ui::post(
        &address,
        &who.visit.token(&token(act, &one.id)),
        &html! {
            (Field::new("because", "Reason").kind(Kind::Choice(&choices)).required())
            (button(label, weight))
        },
    )
}

/// The name of one of a provider's forms, for its token.
fn token(act: &str, id: &ProviderId) -> String {
    format!("providers/{id}/{act}")
}

fn history(switches: &[Switch]) -> Markup {
    let columns = ["When", "What", "Why", "By whom"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Switch| Row {
        head: moment(one.at),
        cells: vec![
            if one.is_off { ui::chip("off", Tone::Critical) } else { ui::chip("on", Tone::Plain) },
            html! { (one.because.says()) },
            ui::text(&one.by),
        ],
    };
    let rows: Vec<Row> = switches.iter().map(row).collect();
    ui::table(&Table { caption: "Switches, the newest first", columns: &columns, rows: &rows, swap: None })
}

#[derive(Deserialize)]
struct Said {
    csrf: String,
    #[serde(default)]
    because: String,
}

/// `POST /admin/providers/{provider}/disable`.
async fn disable(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let (own, because) = match posted(&who, &id, &headers, &said, "disable") {
        Ok(Some(posted)) => posted,
        Ok(None) => return shown(&who, &id, Some(CHOOSE)).await,
        Err(elsewhere) => return *elsewhere,
    };
    let done = providers::disable(&who.staff.house, &who.member, own, because).await;
    after(&who, &id, done.map(drop)).await
}

/// `POST /admin/providers/{provider}/restore`.
async fn restore(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let (own, because) = match posted(&who, &id, &headers, &said, "restore") {
        Ok(Some(posted)) => posted,
        Ok(None) => return shown(&who, &id, Some(CHOOSE)).await,
        Err(elsewhere) => return *elsewhere,
    };
    after(&who, &id, providers::restore(&who.staff.house, &who.member, own, because).await).await
}

const CHOOSE: &str = "Choose a reason: the ledger names it.";

/// The provider and the reason of a form of ours, from somebody who may send it; nothing where no reason was chosen.
fn posted(
    who: &SignedIn,
    id: &str,
    headers: &HeaderMap,
    said: &Said,
    act: &str,
) -> Result<Option<(ProviderId, SwitchReason)>, Box<Response>> {
    who.must_be(ROLES)?;
    let id = ProviderId::parse(id).map_err(|_| Box::new(shell::not_found(who)))?;
    who.must_post(headers, &said.csrf, &token(act, &id))?;
    Ok(said.because.parse().ok().map(|because| (id, because)))
}

async fn after(who: &SignedIn, id: &str, done: Result<(), Trouble>) -> Response {
    match done {
        Ok(()) => web::redirect(&format!("{}/{id}", LINK.href)),
        Err(trouble) => match trouble.refusal().map(|refusal| refusal.code()) {
            Some("conflict") => shown(who, id, Some("Somebody else was first: see how it stands now.")).await,
            Some("unfit") => shown(who, id, Some(CHOOSE)).await,
            _ => shell::trouble(who, &trouble),
        },
    }
}
