//! Reports that a provider made because an agency abroad asked for them: those whose provider waits for an answer, and what
//! was answered.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use domain::{AgencyId, ForwardObstacle, Id as _, ReportId};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, button};
use web::moment;
use workspace::Trouble;
use workspace::foreign_request::{self, ForeignRequest, Found};

use super::{files, returned};
use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

pub(super) const ROLES: &[ViewerRole] = returned::ROLES;

pub(super) const LINK: Link<'static> =
    Link { href: "/desk/foreign-requests", label: "Asked for from abroad" };

pub(super) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Reports that a provider made because an agency abroad asked: each is forwarded, or its provider is told that it was not.",
    roles: ROLES,
};

/// How a question begins: nothing is chosen before somebody chooses.
const CHOOSE: Choice<'static> = Choice { value: "", label: "Choose" };
const TOLD: &str = "told";
const TELL: &[Choice<'static>] = &[
    CHOOSE,
    Choice { value: TOLD, label: "Yes, which agency and when: it asked, or is of the country that asked" },
    Choice { value: "not-told", label: "No: it may be told, and need not" },
];

pub(super) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route("/desk/foreign-requests/{report}", get(one))
        .route("/desk/foreign-requests/{report}/forward", post(forward))
        .route("/desk/foreign-requests/{report}/unable", post(unable))
}

fn address(report: ReportId) -> String {
    format!("{}/{report}", LINK.href)
}

/// `GET /desk/foreign-requests`.
async fn page(who: SignedIn) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match foreign_request::lists(&who.staff.house, &who.viewer()).await {
        Ok(lists) => shell::below(
            StatusCode::OK,
            &who,
            &[shell::DESK],
            LINK.label,
            &all(&lists, who.staff.house.now()),
        ),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn all(lists: &foreign_request::Lists, now: Timestamp) -> Markup {
    let foreign_request::Lists { unanswered, answered } = lists;
    html! {
        h1 { (LINK.label) }
        p { "A provider that reports because an agency abroad asked must be told when its report could not be forwarded (18 USC 2258A(d)(5)). A report that goes to the agency of that country by itself is answered by that; the others wait here, and are due " (foreign_request::ANSWERED_WITHIN.as_hours() / 24) " days after they came." }
        h2 { "Waiting for an answer" }
        @if unanswered.is_empty() { (ui::empty("Every provider was answered.", None)) }
        @else { (table("Waiting, the first due at the head", unanswered, now)) }
        h2 { "Answered" }
        @if answered.is_empty() { (ui::empty("No report was asked for from abroad.", None)) }
        @else { (table("Answered, the newest first", answered, now)) }
    }
}

fn table(caption: &str, all: &[ForeignRequest], now: Timestamp) -> Markup {
    let columns = ["Report", "Priority", "Country", "Incident type", "Due", "What became of it"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &ForeignRequest| {
        let (href, label) = (address(one.report), one.report.to_string());
        Row {
            head: html! { (Link { href: &href, label: &label }) },
            cells: vec![
                html! { @if let Some(priority) = one.priority { (returned::priority(priority)) } },
                html! { (one.asked.country.as_deref().unwrap_or("not said")) },
                html! { (one.kind()) },
                moment(one.due_at),
                state(one, now),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn state(one: &ForeignRequest, now: Timestamp) -> Markup {
    html! {
        @if let Some(to) = &one.forwarded {
            (ui::chip("forwarded", Tone::Plain)) " " (ui::text(&to.agency_name))
            @if to.told_at.is_none() { ", which the provider is not told" }
        } @else if one.unable.is_some() {
            (ui::chip("not forwarded", Tone::Plain)) " The provider is told."
        } @else if one.is_overdue(now) {
            (ui::chip("overdue", Tone::Critical))
        } @else {
            (ui::chip("waits", Tone::Strong))
        }
    }
}

/// What both forms say.
#[derive(Deserialize, Default)]
struct Said {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    to: String,
    #[serde(default)]
    tell: String,
    #[serde(default)]
    because: String,
}

/// `GET /desk/foreign-requests/{report}`.
async fn one(who: SignedIn, Path(report): Path<String>) -> Response {
    match report.parse() {
        Ok(report) => shown(&who, report, &Said::default(), None).await,
        Err(_) => shell::not_found(&who),
    }
}

async fn shown(
    who: &SignedIn,
    report: ReportId,
    said: &Said,
    refused: Option<(StatusCode, &str)>,
) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match foreign_request::get(&who.staff.house, &who.viewer(), report).await {
        Ok(found) => {
            let title = format!("Report {report}, asked for from abroad");
            let main = main(who, (&title, &found), said, refused.map(|(_, says)| says));
            let status = refused.map_or(StatusCode::OK, |(status, _)| status);
            shell::below(status, who, &[shell::DESK, LINK], &title, &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, (title, found): (&str, &Found), said: &Said, refused: Option<&str>) -> Markup {
    let one = &found.one;
    let mut facts = vec![
        ("State", state(one, who.staff.house.now()).into()),
        ("Country", Value::words(one.asked.country.as_deref())),
        ("The report names", Value::words(found.named.as_deref())),
        ("Incident type", Value::words(Some(one.kind()))),
        ("Came to us", moment(one.opened_at).into()),
        ("Its provider is to be answered by", moment(one.due_at).into()),
    ];
    if let Some((because, at)) = one.unable {
        facts.push(("Said to the provider", html! { "It could not be forwarded, " (moment(at)) }.into()));
        facts.push(("Because, which it is not told", Value::words(Some(because.title()))));
    }
    if let Some(to) = &one.forwarded {
        facts.push(("Has it since", moment(to.at).into()));
        let told = to.told_at.map_or_else(|| html! { "not told" }, |at| html! { "told since " (moment(at)) });
        facts.push(("The provider", told.into()));
    }
    html! {
        h1 { (title) }
        @if let Some(refused) = refused {
            (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (refused) } }))
        }
        (ui::definitions(&facts))
        p { (Link { href: &files::address(one.report), label: "Its files, and what opens them" }) }
        @if one.forwarded.is_none() { (forward_form(who, found, said)) }
        @if one.is_open() { (unable_form(who, found, said)) }
    }
}

fn forward_form(who: &SignedIn, found: &Found, said: &Said) -> Markup {
    let mut choices = vec![CHOOSE];
    choices.extend(found.places.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }));
    html! {
        h2 { "Forward it" }
        @if found.places.is_empty() {
            (ui::empty("No agency abroad may receive reports now.", None))
        } @else {
            p { "To the agency that asked, or to another one of its country. It is given the whole report, as every agency is. The provider is told nothing of the case but what you say here." }
            (ui::post(&format!("{}/forward", address(found.one.report)), &who.visit.token(&token(found.one.report)), &html! {
                input type="hidden" name="version" value=(found.one.version);
                (Field::new("to", "Agency abroad").kind(Kind::Choice(&choices)).value(&said.to).required())
                (Field::new("tell", "Tell the provider").kind(Kind::Choice(TELL)).value(&said.tell).required())
                (button("Forward", Button::Primary))
            }))
        }
    }
}

fn unable_form(who: &SignedIn, found: &Found, said: &Said) -> Markup {
    let mut choices = vec![CHOOSE];
    choices.extend(ForwardObstacle::ALL.iter().map(|one| Choice { value: one.as_str(), label: one.title() }));
    html! {
        h2 { "Or say that it cannot be forwarded" }
        p { "The provider is told at once that it could not be forwarded, and not why. The report stays with the agencies that have it." }
        (ui::post(&format!("{}/unable", address(found.one.report)), &who.visit.token(&token(found.one.report)), &html! {
            input type="hidden" name="version" value=(found.one.version);
            (Field::new("because", "Because").kind(Kind::Choice(&choices)).value(&said.because).required())
            (button("Tell the provider", Button::Secondary))
        }))
    }
}

fn token(report: ReportId) -> String {
    format!("foreign-request-{report}")
}

/// `POST /desk/foreign-requests/{report}/forward`.
async fn forward(
    who: SignedIn,
    Path(report): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let report = match posted(&who, &report, &headers, &said) {
        Ok(report) => report,
        Err(elsewhere) => return *elsewhere,
    };
    let is_told = said.tell == TOLD;
    let known = !said.tell.is_empty() && TELL.iter().any(|choice| choice.value == said.tell);
    let (true, Ok(to)) = (known, AgencyId::parse(&said.to)) else {
        return shown(&who, report, &said, Some((StatusCode::UNPROCESSABLE_ENTITY, UNFIT))).await;
    };
    let which = (report, said.version);
    let done = foreign_request::forward(&who.staff.house, &who.viewer(), which, (to, is_told)).await;
    answered(&who, report, &said, done).await
}

/// `POST /desk/foreign-requests/{report}/unable`.
async fn unable(
    who: SignedIn,
    Path(report): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let report = match posted(&who, &report, &headers, &said) {
        Ok(report) => report,
        Err(elsewhere) => return *elsewhere,
    };
    let Ok(because) = said.because.parse() else {
        return shown(&who, report, &said, Some((StatusCode::UNPROCESSABLE_ENTITY, UNFIT))).await;
    };
    let which = (report, said.version);
    let done = foreign_request::say_unable(&who.staff.house, &who.viewer(), which, because).await;
    answered(&who, report, &said, done).await
}

/// Whether somebody may post here, and about which report.
fn posted(who: &SignedIn, report: &str, headers: &HeaderMap, said: &Said) -> Result<ReportId, Box<Response>> {
    who.must_be(ROLES)?;
    let report: ReportId = report.parse().map_err(|_| Box::new(shell::not_found(who)))?;
    who.must_post(headers, &said.csrf, &token(report))?;
    Ok(report)
}

async fn answered(who: &SignedIn, report: ReportId, said: &Said, done: Result<(), Trouble>) -> Response {
    let trouble = match done {
        Ok(()) => return web::redirect(&address(report)),
        Err(trouble) => trouble,
    };
    let says = match trouble.refusal().map(|refusal| refusal.code()) {
        Some("conflict" | "closed") => (StatusCode::CONFLICT, MEANWHILE),
        Some("destroyed") => (StatusCode::GONE, GONE),
        Some("not-qualified" | "disabled") => (StatusCode::UNPROCESSABLE_ENTITY, NOT_QUALIFIED),
        Some("unfit") => (StatusCode::UNPROCESSABLE_ENTITY, UNFIT),
        _ => return shell::trouble(who, &trouble),
    };
    shown(who, report, said, Some(says)).await
}

const UNFIT: &str =
    "Choose what to do from the list. A report is forwarded to an agency abroad, and only while it is kept.";
const NOT_QUALIFIED: &str = "This agency may not receive now: what qualifies it is over. Choose another one.";
const GONE: &str =
    "The report was destroyed by rule: there is nothing to forward. Its provider can still be told that.";
const MEANWHILE: &str =
    "Somebody answered it meanwhile, or it was forwarded by itself. This is how it stands now.";
