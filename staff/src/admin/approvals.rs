//! What two people must agree on: the list, and one page each where the second person agrees or refuses.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{ApprovalId, ApprovalKind, Id as _, PersonId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::Trouble;
use office::approval::{self, Done, Listed, Opened};
use office::enrolment::Issued;
use policy::ViewerRole;
use serde::Deserialize;
use serde_json::Value as Json;
use ui::{Button, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

/// Whoever may ask or agree to something.
pub(crate) const ROLES: &[ViewerRole] =
    &[ViewerRole::Supervisor, ViewerRole::Counsel, ViewerRole::SecurityAdmin, ViewerRole::Hashkeeper];

pub(crate) const LINK: Link<'static> = Link { href: "/admin/approvals", label: "Approvals" };

pub(crate) const ENTRY: Entry =
    Entry { link: LINK, says: "What one person asked for and another one must agree to.", roles: ROLES };

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route("/admin/approvals/{approval}", get(one))
        .route("/admin/approvals/{approval}/approve", post(approve))
        .route("/admin/approvals/{approval}/refuse", post(refuse))
        .route("/admin/approvals/{approval}/withdraw", post(withdraw))
}

/// `GET /admin/approvals`.
async fn page(who: SignedIn) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match approval::recent(&who.staff.house).await {
        Ok(all) => shell::below(StatusCode::OK, &who, &[shell::ADMIN], LINK.label, &list(&all)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn list(all: &[Listed]) -> Markup {
    html! {
        h1 { "Approvals" }
        p { "One person asks, another one agrees. Nobody agrees with themself, and nothing is done twice." }
        @if all.is_empty() {
            (ui::empty("Nobody has asked for anything yet.", None))
        } @else {
            (table("Asked for, the newest first", all))
        }
    }
}

/// These approvals as a table that leads to each.
pub(crate) fn table(caption: &str, all: &[Listed]) -> Markup {
    const COLUMNS: [&str; 5] = ["What", "About", "Asked by", "Asked", "State"];
    let columns = COLUMNS.map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Listed| {
        let approval = &one.approval;
        let (href, label) = (address(&approval.id), approval.kind.says());
        Row {
            head: html! { (Link { href: &href, label }) },
            cells: vec![
                html! { (ui::text(&approval.subject)) },
                html! { (ui::text(&one.asker)) },
                moment(approval.asked_at),
                state(one),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn state(one: &Listed) -> Markup {
    use approval::State;
    let tone = match one.state {
        State::Open => Tone::Notice,
        State::Approved => Tone::Strong,
        State::Refused | State::Withdrawn | State::Lapsed => Tone::Muted,
        State::Spent => Tone::Plain,
    };
    ui::chip(one.state.as_str(), tone)
}

fn address(id: &ApprovalId) -> String {
    format!("{}/{id}", LINK.href)
}

/// `GET /admin/approvals/{approval}`.
async fn one(who: SignedIn, Path(id): Path<String>) -> Response {
    shown(&who, &id, None).await
}

/// The page of one approval, with what was refused just now, if anything was.
async fn shown(who: &SignedIn, id: &str, refused: Option<&'static str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(id) = ApprovalId::parse(id) else { return shell::not_found(who) };
    match approval::opened(&who.staff.house, &who.member, id).await {
        Ok(opened) => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let title = opened.listed.approval.kind.says();
            shell::below(status, who, &[shell::ADMIN, LINK], title, &main(who, &opened, refused))
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, opened: &Opened, refused: Option<&str>) -> Markup {
    let (listed, approval) = (&opened.listed, &opened.listed.approval);
    let address = address(&approval.id);
    let form = |act: &str, body: &Markup| {
        ui::post(&format!("{address}/{act}"), &who.visit.token(&form_name(act, &approval.id)), body)
    };
    html! {
        h1 { "To " (approval.kind.says()) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Refused", &html! { p { (refused) } })) }
        (ui::definitions(&facts(listed)))
        h2 { "What exactly" }
        (details(approval.details.reveal()))
        @if matches!(approval.kind, ApprovalKind::ChangeRules | ApprovalKind::RelaxGate) {
            @let href = format!("/admin/rules/{}", approval.subject);
            p { (Link { href: &href, label: "See line by line what differs, and what would change" }) }
        }
        @if opened.may_decide {
            h2 { "Your decision" }
            p { "You decide as the second person. It is recorded under your name." }
            (form("approve", &button("Agree", Button::Primary)))
            (form("refuse", &html! {
                (Field::new("reason", "Reason for refusing").kind(Kind::Lines(3)).required())
                (button("Refuse", Button::Secondary))
            }))
        }
        @if opened.may_withdraw {
            h2 { "Take it back" }
            p { "You asked for this, so another person must decide." }
            (form("withdraw", &button("Take it back", Button::Secondary)))
        }
    }
}

fn facts(listed: &Listed) -> Vec<(&'static str, Value)> {
    let approval = &listed.approval;
    let mut facts = vec![
        ("State", state(listed).into()),
        ("About", Value::words(Some(&approval.subject))),
        ("Asked by", Value::words(Some(&listed.asker))),
        ("Asked", moment(approval.asked_at).into()),
        ("Open until", moment(approval.ends_at).into()),
    ];
    if let (Some(decider), Some((_, at))) = (&listed.decider, &approval.decided) {
        facts.push(("Decided by", Value::words(Some(decider))));
        facts.push(("Decided", moment(*at).into()));
    }
    if let Some(reason) = &approval.reason {
        facts.push(("Reason", Value::words(Some(reason.reveal()))));
    }
    facts
}

/// What exactly is to be done, whoever asked for it: names and words.
fn details(details: &Json) -> Markup {
    let words = |value: &Json| match value {
        Json::String(text) => Value::words(Some(text)),
        Json::Null => Value::Unknown,
        Json::Array(list) => {
            let words: Vec<&str> = list.iter().filter_map(Json::as_str).collect();
            Value::words((!words.is_empty()).then(|| words.join(", ")).as_deref())
        }
        other => Value::words(Some(&other.to_string())),
    };
    match details {
        Json::Object(members) if !members.is_empty() => {
            let names: Vec<String> = members.keys().map(|name| name.replace('_', " ")).collect();
            let named = names.iter().map(String::as_str).zip(members.values().map(words));
            ui::definitions(&named.collect::<Vec<_>>())
        }
        _ => html! { p { "Nothing more was said." } },
    }
}

#[derive(Deserialize)]
struct Decision {
    csrf: String,
    #[serde(default)]
    reason: String,
}

/// A token serves one decision on one approval.
fn form_name(act: &str, id: &ApprovalId) -> String {
    format!("approval/{id}/{act}")
}

async fn approve(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Response {
    let Some(asked) = asked(&who, &id, &headers, &form, "approve") else { return shell::stale_form(&who) };
    match approval::approve(&who.staff.house, &who.member, asked).await {
        Ok(Done::Admitted(person, ticket)) => {
            let says = "They set up their key with this ticket, which is shown this once. Hand it over in person or by the second channel.";
            let_in(&who, "Let in", says, (&person, &ticket))
        }
        Ok(Done::Recovered(person, ticket)) => {
            let says = "Every key that they had is gone, and their sessions have ended. They set up a new key with this ticket, which is shown this once. Hand it over in person.";
            let_in(&who, "Let in again", says, (&person, &ticket))
        }
        done => after(&who, &id, done.map(drop)).await,
    }
}

/// The ticket of somebody who was just let in.
fn let_in(who: &SignedIn, title: &str, says: &str, (person, ticket): (&PersonId, &Issued)) -> Response {
    let says = html! {
        p { (says) }
        p { code { (ticket.secret) } }
        p { "It is good until " (moment(ticket.expires_at)) ". The person's id is " code { (person) } "." }
    };
    let main = html! { h1 { (title) } (ui::alert(Weight::Done, "Two people agreed", &says)) };
    shell::below(StatusCode::OK, who, &[shell::ADMIN, LINK], title, &main)
}

async fn refuse(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Response {
    let Some(asked) = asked(&who, &id, &headers, &form, "refuse") else { return shell::stale_form(&who) };
    let done = approval::refuse(&who.staff.house, &who.member, asked, form.reason).await;
    after(&who, &id, done).await
}

async fn withdraw(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Response {
    let Some(asked) = asked(&who, &id, &headers, &form, "withdraw") else { return shell::stale_form(&who) };
    let done = approval::withdraw(&who.staff.house, &who.member, asked).await;
    after(&who, &id, done).await
}

fn asked(who: &SignedIn, id: &str, headers: &HeaderMap, form: &Decision, act: &str) -> Option<ApprovalId> {
    let id = ApprovalId::parse(id).ok()?;
    who.visit.may_post(headers, &form.csrf, &form_name(act, &id)).then_some(id)
}

async fn after(who: &SignedIn, id: &str, done: Result<(), Trouble>) -> Response {
    match done {
        Ok(()) => web::redirect(&format!("{}/{id}", LINK.href)),
        Err(trouble) if trouble.is_not_found() => shell::not_found(who),
        Err(trouble) => match trouble.refusal() {
            Some(refusal) => shown(who, id, Some(approval::in_words(refusal))).await,
            None => shell::trouble(who, &trouble),
        },
    }
}
