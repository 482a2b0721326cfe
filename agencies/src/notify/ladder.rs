//! The on-call ladder: who is called first, who after that, on which days; and what nobody has taken yet.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use domain::{Id as _, PersonId, ReportId};
use herald::ladder::{self, Ladder, MOST_MINUTES, MOST_PLACES, NewStep, Step};
use http::HeaderMap;
use jiff::SignedDuration;
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Order, Row, Table, Tone, Weight, button};
use web::door::Token;

use super::{Said, after, shown};
use crate::session::SignedIn;
use crate::{Agencies, shell, show};

const STEP_FORM: &str = "notify-step";

pub(super) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route("/agency/notify/steps", post(add))
        .route("/agency/notify/steps/{turn}/remove", post(remove))
        .route("/agency/notify/calls/{report}/answer", post(answer))
}

/// Reports for which somebody is being called, on top of everything else.
pub(super) fn calls(who: &SignedIn, ladder: &Ladder) -> Markup {
    html! {
        @for call in &ladder.open {
            @let title = if call.next_at.is_some() { "Somebody is being called" } else { "Nobody answered the calls" };
            (ui::alert(Weight::Error, title, &html! {
                p {
                    a href={ "/agency/reports/" (call.report) } { "Report " (call.report) }
                    " came " (show::moment(call.raised_at)) " and nobody has taken notice of it. "
                    @if let Some(next) = call.next_at { "The next one is called " (show::moment(next)) "." }
                    @else { "Nobody is called any more." }
                }
                (ui::post(&format!("/agency/notify/calls/{}/answer", call.report), &who.visit.token(&answering(&call.report.to_string())), &button("I have it", Button::Primary)))
            }))
        }
    }
}

/// The steps, and the form of another one.
pub(super) fn steps(who: &SignedIn, ladder: &Ladder) -> Markup {
    html! {
        h2 #ladder { "On-call ladder" }
        p {
            "When a report of the highest priority comes, the first place is called by mail, then the next, until somebody says that "
            "they have it or takes notice of the report. Then it begins anew. Where nobody's turn is written down, commanders are called."
        }
        @if ladder.steps.is_empty() { (ui::empty("Nobody's turn is written down.", None)) } @else { (table(ladder)) }
        @if ladder::keeps(&who.session.viewer) {
            @for step in &ladder.steps { (removing(who, ladder, step)) }
            h3 { "Write a turn down" }
            (ui::post("/agency/notify/steps", &who.visit.token(STEP_FORM), &form(ladder)))
        }
    }
}

fn table(ladder: &Ladder) -> Markup {
    let columns = ["Place", "Who", "Has", "From", "Until"].map(|label| Column { label, order: Order::Fixed });
    let row = |step: &Step| Row {
        head: html! { (step.place) },
        cells: vec![
            html! {
                (person(ladder, &step.person))
                @if !ladder.known.contains(&step.person) { " " (ui::chip("has no mailbox here", Tone::Critical)) }
            },
            html! { (step.minutes) " minutes" },
            show::moment(step.from_at),
            step.until_at.map_or_else(|| html! { "for good" }, show::moment),
        ],
    };
    let rows: Vec<Row> = ladder.steps.iter().map(row).collect();
    ui::table(&Table { caption: "Who is called, and when", columns: &columns, rows: &rows, swap: None })
}

/// A person by their name.
pub(super) fn person(ladder: &Ladder, id: &PersonId) -> Markup {
    let known = ladder.people.iter().find(|(one, _)| one == id);
    html! { (ui::text(known.map_or_else(|| id.as_str(), |(_, name)| name.reveal().as_str()))) }
}

fn removing(who: &SignedIn, ladder: &Ladder, step: &Step) -> Markup {
    let known = ladder.people.iter().find(|(one, _)| *one == step.person);
    let name = known.map_or_else(|| step.person.as_str(), |(_, name)| name.reveal().as_str());
    let label = format!("Take {name} off place {} from {}", step.place, step.from_at.strftime("%Y-%m-%d"));
    let action = format!("/agency/notify/steps/{}/remove", step.id);
    ui::post(&action, &who.visit.token(&removal(&step.id)), &button(&label, Button::Secondary))
}

fn form(ladder: &Ladder) -> Markup {
    let people: Vec<Choice<'_>> = ladder
        .people
        .iter()
        .map(|(id, name)| Choice { value: id.as_str(), label: name.reveal().as_str() })
        .collect();
    html! {
        (Field::new("place", "Place").value("1").required().hint("1 is called first"))
        (Field::new("person", "Who").kind(Kind::Choice(&people)).required())
        (Field::new("minutes", "Minutes before the next one is called").value("10").required())
        (Field::new("from", "From").kind(Kind::Date).hint("From now on where nothing is said. Days are UTC."))
        (Field::new("until", "Up to and including").kind(Kind::Date).hint("For good where nothing is said"))
        (button("Write it down", Button::Secondary))
    }
}

fn removal(id: &str) -> String {
    format!("notify-step-{id}")
}

fn answering(report: &str) -> String {
    format!("notify-call-{report}")
}

/// The form of a step.
#[derive(Deserialize)]
struct Given {
    csrf: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

/// `POST /agency/notify/steps`.
async fn add(who: SignedIn, headers: HeaderMap, Form(given): Form<Given>) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, STEP_FORM) {
        return shell::stale_form(&who);
    }
    let unfit = format!(
        "A place from 1 to {MOST_PLACES}, one of your people, 1 to {MOST_MINUTES} minutes, and days that are not over."
    );
    let Some(new) = read(&who, &given) else { return shown(&who, Said::wrong(&unfit)).await };
    let done = ladder::add(&who.agencies.house, &who.session.viewer, new).await;
    after(&who, done, &unfit).await
}

fn read(who: &SignedIn, given: &Given) -> Option<NewStep> {
    let day = |text: &str| if text.is_empty() { Some(None) } else { office::day(text).map(Some) };
    let end = day(&given.until)?.map(|day| day.checked_add(SignedDuration::from_hours(24)));
    Some(NewStep {
        place: given.place.trim().parse().ok()?,
        person: PersonId::parse(&given.person).ok()?,
        minutes: given.minutes.trim().parse().ok()?,
        from_at: day(&given.from)?.unwrap_or_else(|| who.agencies.house.now()),
        until_at: end.transpose().ok()?,
    })
}

/// `POST /agency/notify/steps/{turn}/remove`.
async fn remove(
    who: SignedIn,
    Path(step): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, &removal(&step)) {
        return shell::stale_form(&who);
    }
    let done = ladder::remove(&who.agencies.house, &who.session.viewer, step).await;
    after(&who, done, "").await
}

/// `POST /agency/notify/calls/{report}/answer`.
async fn answer(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, &answering(&number)) {
        return shell::stale_form(&who);
    }
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    let done = ladder::answer(&who.agencies.house, &who.session.viewer, report).await;
    after(&who, done, "").await
}
