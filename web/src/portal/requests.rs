//! Questions of agencies to the clearinghouse's analysts, as threads that both sides write into.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::ReportId;
use domain::portal::{RequestId, RequestKind, RequestState};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::Trouble;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, button};
use workspace::requests::{self, MOST_LISTED, Message, NewRequest, Request, Step, Thread};

use super::{Fields, Portal, not_done, said, version};
use crate::door::Admitted;
use crate::{moment, redirect};

const TITLE: &str = "Requests";
const NEW_FORM: &str = "request-new";
const UNFIT: &str = "Say in a line what it is about, of at most 200 letters, and what you ask.";

/// What the list shows, and what a new request begins with.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    closed: String,
    #[serde(default)]
    report: String,
    #[serde(default)]
    kind: String,
}

/// `GET …/requests`.
pub(super) async fn page(
    State(portal): State<Portal>,
    who: Admitted,
    Query(asked): Query<Asked>,
) -> Response {
    let begun = vec![("report".to_owned(), asked.report), ("kind".to_owned(), asked.kind)];
    listed(&portal, &who, (StatusCode::OK, asked.closed == "yes"), (&begun, None)).await
}

async fn listed(
    portal: &Portal,
    who: &Admitted,
    (status, closed): (StatusCode, bool),
    (begun, wrong): (&Fields, Option<&str>),
) -> Response {
    let viewer = portal.viewer(who);
    let found = match requests::list(portal.house(), &viewer, closed).await {
        Ok(found) => found,
        Err(trouble) => return portal.away(who, &trouble).await,
    };
    let (path, asks) = (portal.room.path("/requests"), viewer.agency.is_some());
    let other = if closed { path.clone() } else { format!("{path}?closed=yes") };
    let main = html! {
        h1 { (TITLE) }
        @if let Some(says) = wrong { (not_done(says, "")) }
        @if asks {
            p { "Ask the clearinghouse's analysts. What is written here is read by them and by the people of your agency, by nobody else. Name reports and files by their numbers; send no pictures." }
        } @else {
            p { "What agencies ask. Those that wait for us come first, the oldest on top." }
        }
        p { (Link { href: &other, label: if closed { "Open requests" } else { "Closed requests" } }) }
        @if found.is_empty() {
            (ui::empty(if closed { "No request was closed." } else { "No request is open." }, None))
        } @else { (table(portal, who, &found, asks)) }
        @if found.len() >= MOST_LISTED as usize { p { "No more than " (MOST_LISTED) " of each state are shown." } }
        @if asks { h2 #ask { "Ask" } (asking(&path, &who.visit.token(NEW_FORM), begun)) }
    };
    portal.below(status, who, &[], (TITLE, &main)).await
}

fn table(portal: &Portal, who: &Admitted, found: &[Request], asks: bool) -> Markup {
    let columns = ["Request", "About", "Kind", "Agency", "State", "Last changed"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Request| {
        let (href, label) = (portal.room.path(&format!("/requests/{}", one.number)), one.number.to_string());
        Row {
            head: html! { (Link { href: &href, label: &label }) },
            cells: vec![
                ui::text(&one.subject),
                html! { (one.kind.title()) },
                ui::text(&one.agency_name),
                html! {
                    (state(one, asks))
                    @if one.analyst.as_ref() == Some(&who.somebody.person.id) { " " (ui::chip("yours", Tone::Plain)) }
                },
                moment(one.changed_at),
            ],
        }
    };
    let rows: Vec<Row> = found.iter().map(row).collect();
    ui::table(&Table { caption: "Requests to the analysts", columns: &columns, rows: &rows, swap: None })
}

fn state(one: &Request, asks: bool) -> Markup {
    match (one.state, asks) {
        (RequestState::Closed, _) => ui::chip("closed", Tone::Muted),
        (RequestState::WaitsForAgency, true) | (RequestState::WaitsForHouse, false) => {
            ui::chip("waits for you", Tone::Notice)
        }
        (RequestState::WaitsForHouse, true) => ui::chip("waits for the clearinghouse", Tone::Plain),
        (RequestState::WaitsForAgency, false) => ui::chip("waits for the agency", Tone::Plain),
    }
}

fn asking(path: &str, token: &str, begun: &Fields) -> Markup {
    let kinds: Vec<Choice<'_>> =
        RequestKind::ALL.iter().map(|kind| Choice { value: kind.as_str(), label: kind.title() }).collect();
    ui::post(
        path,
        token,
        &html! {
            (Field::new("kind", "What you need").kind(Kind::Choice(&kinds)).value(said(begun, "kind")))
            (Field::new("report", "Number of the report").value(said(begun, "report")).hint("One that your agency has; may stay empty"))
            (Field::new("subject", "What it is about, in a line").value(said(begun, "subject")).required())
            (Field::new("text", "What you ask").kind(Kind::Lines(6)).value(said(begun, "text")).required())
            (button("Ask", Button::Primary))
        },
    )
}

/// `POST …/requests`.
pub(super) async fn open(
    State(portal): State<Portal>,
    who: Admitted,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), NEW_FORM) {
        return portal.stale(&who).await;
    }
    let new = match new(&fields) {
        Ok(new) => new,
        Err(says) => return again(&portal, &who, &fields, says).await,
    };
    let is_about = new.report.is_some();
    match requests::open(portal.house(), &portal.viewer(&who), new).await {
        Ok(number) => redirect(&portal.room.path(&format!("/requests/{number}"))),
        Err(trouble) => match trouble.refusal().map(|refused| refused.code()) {
            Some("unfit") => again(&portal, &who, &fields, UNFIT).await,
            Some("not-found") if is_about && requests::may_use(&portal.viewer(&who)) => {
                again(&portal, &who, &fields, "Your agency has no report of this number.").await
            }
            _ => portal.away(&who, &trouble).await,
        },
    }
}

async fn again(portal: &Portal, who: &Admitted, fields: &Fields, says: &str) -> Response {
    listed(portal, who, (StatusCode::UNPROCESSABLE_ENTITY, false), (fields, Some(says))).await
}

fn new(fields: &Fields) -> Result<NewRequest, &'static str> {
    let report = match said(fields, "report") {
        "" => None,
        number => Some(number.parse::<ReportId>().map_err(|_| "The number of a report has digits only.")?),
    };
    let kind = said(fields, "kind").parse().map_err(|_| "Choose what you need.")?;
    Ok(NewRequest {
        kind,
        report,
        subject: said(fields, "subject").to_owned(),
        words: said(fields, "text").to_owned(),
    })
}

/// `GET …/requests/{request}`.
pub(super) async fn thread(
    State(portal): State<Portal>,
    who: Admitted,
    Path(number): Path<String>,
) -> Response {
    let Ok(number) = number.parse::<RequestId>() else { return portal.not_found(&who).await };
    drawn(&portal, &who, StatusCode::OK, (number, None)).await
}

async fn drawn(
    portal: &Portal,
    who: &Admitted,
    status: StatusCode,
    (number, refused): (RequestId, Option<(&str, &str)>),
) -> Response {
    let viewer = portal.viewer(who);
    match requests::read(portal.house(), &viewer, number).await {
        Ok(thread) => {
            let title = format!("Request {number}");
            let main = main(portal, who, (&thread, viewer.agency.is_some()), refused);
            let href = portal.room.path("/requests");
            portal.below(status, who, &[Link { href: &href, label: TITLE }], (&title, &main)).await
        }
        Err(trouble) => portal.away(who, &trouble).await,
    }
}

fn main(
    portal: &Portal,
    who: &Admitted,
    (thread, asks): (&Thread, bool),
    refused: Option<(&str, &str)>,
) -> Markup {
    let one = &thread.request;
    let report = one.report.map(|number| (portal.room.report(number), number.to_string()));
    let analyst = one.analyst.as_ref().map(|id| thread.names.get(id).map_or("an analyst", String::as_str));
    html! {
        h1 { (ui::text(&one.subject)) }
        @if let Some((says, wrote)) = refused { (not_done(says, wrote)) }
        (ui::definitions(&[
            ("Request", html! { (one.number) }.into()),
            ("Kind", Value::words(Some(one.kind.title()))),
            ("Agency", Value::words(Some(&one.agency_name))),
            ("Report", match &report {
                Some((href, label)) => html! { (Link { href, label }) }.into(),
                None => html! { "none" }.into(),
            }),
            ("State", state(one, asks).into()),
            ("Analyst", html! { (ui::text(analyst.unwrap_or("nobody yet"))) }.into()),
        ]))
        h2 { "What was written" }
        ol { @for message in &thread.messages { (said_by(thread, message)) } }
        h2 #answer { @if asks { "Write again" } @else { "Answer" } }
        @if !asks {
            p { "Write nothing of a report that this agency does not have. What it may have is made available to it by delivery, with a basis, and not by a message." }
        }
        (step_form(portal, who, one, "write", &html! {
            (Field::new("text", "Message").kind(Kind::Lines(6)).required().value(refused.map_or("", |(_, wrote)| wrote)))
            (button("Send", Button::Primary))
        }))
        @if one.state == RequestState::Closed {
            p { "This request is closed. A message opens it again." }
        } @else {
            div .house-actions {
                @if !asks && one.analyst.as_ref() != Some(&who.somebody.person.id) {
                    (step_form(portal, who, one, "take", &button("I take it", Button::Secondary)))
                }
                (step_form(portal, who, one, "close", &button("Close it", Button::Secondary)))
            }
        }
    }
}

fn said_by(thread: &Thread, message: &Message) -> Markup {
    html! {
        li {
            p { strong { (ui::text(&thread.name(message))) } ", " (moment(message.written_at)) }
            p .house-words { (ui::text(&message.words)) }
        }
    }
}

fn step_form(portal: &Portal, who: &Admitted, one: &Request, step: &str, body: &Markup) -> Markup {
    let action = portal.room.path(&format!("/requests/{}", one.number));
    ui::post(
        &action,
        &who.visit.token(&form_of(one.number)),
        &html! {
            input type="hidden" name="step" value=(step);
            input type="hidden" name="version" value=(one.version);
            (body)
        },
    )
}

fn form_of(number: RequestId) -> String {
    format!("request-{number}")
}

/// `POST …/requests/{request}`.
pub(super) async fn step(
    State(portal): State<Portal>,
    who: Admitted,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let Ok(number) = number.parse::<RequestId>() else { return portal.not_found(&who).await };
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &form_of(number)) {
        return portal.stale(&who).await;
    }
    let wrote = said(&fields, "text");
    let step = match said(&fields, "step") {
        "close" => Step::Close,
        "take" => Step::Take,
        _ => Step::Write(wrote.to_owned()),
    };
    match requests::step(portal.house(), &portal.viewer(&who), (number, version(&fields)), step).await {
        Ok(()) => redirect(&portal.room.path(&format!("/requests/{number}"))),
        Err(trouble) => failed(&portal, &who, (number, wrote), &trouble).await,
    }
}

async fn failed(
    portal: &Portal,
    who: &Admitted,
    (number, wrote): (RequestId, &str),
    trouble: &Trouble,
) -> Response {
    let (status, says) = match trouble.refusal().map(|refused| refused.code()) {
        Some("conflict") => (
            StatusCode::CONFLICT,
            "Somebody wrote or changed something meanwhile. It stands below; what you wrote is in the form still.",
        ),
        Some("unfit") => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "A message has words, at most 20,000 letters, and a request at most 500 messages.",
        ),
        Some("closed") => (StatusCode::CONFLICT, "This request is closed already."),
        _ => return portal.away(who, trouble).await,
    };
    drawn(portal, who, status, (number, Some((says, wrote)))).await
}
