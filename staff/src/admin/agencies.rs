//! Agencies: who may receive, on which fact, until when; and the form with which a second person is asked to agree.

use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{AgencyId, Id as _};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::agencies::{self, Claim, REMIND_BEFORE, Standing};
use office::{Agency, people};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel];

pub(crate) const LINK: Link<'static> = Link { href: "/admin/agencies", label: "Agencies" };

pub(crate) const ENTRY: Entry =
    Entry { link: LINK, says: "Who may receive reports, on which fact, and until when.", roles: ROLES };

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route("/admin/agencies/{agency}", get(one).post(qualify))
        .route("/admin/agencies/{agency}/expire", post(expire))
}

/// `GET /admin/agencies`.
async fn page(who: SignedIn) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match agencies::list(&who.staff.house, &who.member).await {
        Ok(all) => shell::below(StatusCode::OK, &who, &[shell::ADMIN], LINK.label, &main(&who, &all)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn main(who: &SignedIn, all: &[Agency]) -> Markup {
    let now = who.staff.house.now();
    let urgent = |one: &&Agency| standing(one, now).0 != "may receive";
    let due: Vec<&Agency> = all.iter().filter(urgent).collect();
    let rest: Vec<&Agency> = all.iter().filter(|one| !urgent(one)).collect();
    html! {
        h1 { "Agencies" }
        p { "An agency receives nothing without a fact that qualifies it and that two people agreed on." }
        @if !due.is_empty() { h2 { "To look after" } (table("To look after", &due, now)) }
        h2 { "In good standing" }
        @if rest.is_empty() { (ui::empty("No agency may receive yet.", None)) }
        @else { (table("In good standing", &rest, now)) }
    }
}

/// How an agency stands, in words.
fn standing(one: &Agency, now: jiff::Timestamp) -> (&'static str, Tone) {
    let until = one.qualification.as_ref().and_then(|known| known.until);
    match &one.qualification {
        _ if one.disabled_at.is_some() => ("switched off", Tone::Muted),
        None => ("not qualified", Tone::Notice),
        Some(_) if !one.is_qualified(now) => ("its fact is over: receives nothing", Tone::Strong),
        Some(_) if until.is_some_and(|until| until.duration_since(now) <= REMIND_BEFORE) => {
            ("renew soon", Tone::Notice)
        }
        Some(_) => ("may receive", Tone::Plain),
    }
}

fn table(caption: &str, all: &[&Agency], now: jiff::Timestamp) -> Markup {
    let columns = ["Agency", "Class", "State", "Qualified until", "Standing"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &&Agency| {
        let href = format!("{}/{}", LINK.href, one.id);
        let until = one.qualification.as_ref().and_then(|known| known.until);
        let (words, tone) = standing(one, now);
        Row {
            head: html! { (Link { href: &href, label: &one.name }) },
            cells: vec![
                html! { (one.class.as_str()) },
                html! { (one.state.as_deref().unwrap_or("")) },
                until.map_or_else(|| html! { "no end recorded" }, moment),
                ui::chip(words, tone),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

/// `GET /admin/agencies/{agency}`. The operator's `agency qualify` writes the words of the form into the address.
async fn one(who: SignedIn, Path(id): Path<String>, Query(said): Query<Said>) -> Response {
    shown(&who, &id, &said, None).await
}

/// What a form about a qualification says.
#[derive(Deserialize, Default)]
struct Said {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    fact: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    sha256: String,
    #[serde(default)]
    until: String,
}

async fn shown(who: &SignedIn, id: &str, said: &Said, refused: Option<&'static str>) -> Response {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(id) = AgencyId::parse(id) else { return shell::not_found(who) };
    match agencies::get(&who.staff.house, &who.member, id).await {
        Ok((found, since)) => {
            let main = agency(who, (&found, &since), said, refused);
            shell::below(status, who, &[shell::ADMIN, LINK], &found.name, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn agency(
    who: &SignedIn,
    (found, since): (&Agency, &Standing),
    said: &Said,
    refused: Option<&str>,
) -> Markup {
    let at = |at: Option<jiff::Timestamp>| at.map_or(Value::Unknown, |at| moment(at).into());
    let known = found.qualification.as_ref();
    let (words, tone) = standing(found, who.staff.house.now());
    let until = known.and_then(|known| known.until);
    let mut facts = vec![
        ("Standing", ui::chip(words, tone).into()),
        ("Class", Value::words(Some(found.class.as_str()))),
        ("Qualifying fact", Value::words(known.map(|known| known.fact.as_str()))),
        ("Verified by", Value::words(known.map(|known| known.verified_by.as_str()))),
        ("Evidence", Value::words(known.map(|known| known.evidence.as_str()))),
        ("Recorded", at(since.qualified_at)),
    ];
    if known.is_some() {
        let end = until.map_or_else(|| html! { "no end recorded" }, moment);
        facts.push(("Qualified until", end.into()));
    }
    if let Some(at) = since.lapsed_at {
        facts.push(("Put out, with its people and systems", moment(at).into()));
    }
    let expire = format!("expire/{}", found.id);
    let address = format!("{}/{}", LINK.href, found.id);
    let live = known.is_some() && found.is_qualified(who.staff.house.now());
    html! {
        h1 { (ui::text(&found.name)) }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (refused) } })) }
        (ui::definitions(&facts))
        h2 { "Ask a second person to qualify it" }
        p { "A supervisor and counsel decide this together: whichever of you asks, the other one agrees." }
        (ui::post(&address, &who.visit.token(&format!("qualify/{}", found.id)), &html! {
            (Field::new("fact", "Qualifying fact").hint("Such as: investigates child sexual exploitation under state law.").value(&said.fact).required())
            (Field::new("evidence", "Where the document is that shows it").value(&said.evidence).required())
            (Field::new("sha256", "SHA-256 of the document").hint("64 hexadecimal digits.").value(&said.sha256).required())
            (Field::new("until", "Verify it again by").kind(Kind::Date).value(&said.until).required())
            (button("Ask", Button::Primary))
        }))
        @if live {
            h2 { "End its qualification now" }
            p { "Its people's sessions end, its systems' tokens and its feed open nothing, and nothing more is made available to it, until two people qualify it anew. One person is enough to take away." }
            (ui::post(&format!("{address}/expire"), &who.visit.token(&expire), &button("End it now", Button::Grave)))
        }
    }
}

const UNFIT: &str = "Say the fact, where the document is, its SHA-256, and a day to come.";

/// `POST /admin/agencies/{agency}`.
async fn qualify(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(own) = AgencyId::parse(&id) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &said.csrf, &format!("qualify/{own}")) {
        return *stale;
    }
    let Some(until) = office::day(&said.until) else {
        return shown(&who, &id, &said, Some(UNFIT)).await;
    };
    let claim = Claim {
        fact: said.fact.clone(),
        evidence: said.evidence.clone(),
        evidence_sha256: said.sha256.clone(),
        until,
    };
    match agencies::ask_to_qualify(&who.staff.house, &who.member, own, claim).await {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(trouble) => match trouble.refusal() {
            Some(refusal) if !trouble.is_not_found() => {
                let says = if refusal.code() == "unfit" { UNFIT } else { people::in_words(refusal) };
                shown(&who, &id, &said, Some(says)).await
            }
            _ => shell::trouble(&who, &trouble),
        },
    }
}

/// `POST /admin/agencies/{agency}/expire`.
async fn expire(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<web::door::Token>,
) -> Response {
    let Ok(own) = AgencyId::parse(&id) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &format!("expire/{own}")) {
        return *stale;
    }
    let to = format!("{}/{own}", LINK.href);
    match agencies::expire(&who.staff.house, &who.member, own).await {
        Ok(_) => web::redirect(&to),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}
