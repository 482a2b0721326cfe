//! Who may see media: the count and the list, for the commander, who grants and takes back.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use domain::{Id as _, PersonId, Private};
use http::{HeaderMap, StatusCode, header};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Weight, alert, button, table};
use viewing::permission::{self, NoStatement, Permission, Permitted, Person};

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{shell, show};

/// Where the page is.
pub(crate) const LINK: Link<'static> = Link { href: "/agency/media", label: "Media permission" };
const GRANT: &str = "media-grant";
/// How long a permission may last, the usual span first.
const DAYS: [(&str, i64); 3] = [("90", 90), ("30", 30), ("7", 7)];

/// `GET /agency/media`.
pub(crate) async fn page(who: SignedIn) -> Response {
    drawn(&who, StatusCode::OK, None).await
}

async fn drawn(who: &SignedIn, status: StatusCode, wrong: Option<&str>) -> Response {
    match permission::list(&who.agencies.house, &who.session.viewer).await {
        Ok(permitted) => shell::in_room(status, who, (LINK, LINK.label), None, &main(who, &permitted, wrong)),
        Err(trouble) => refusal(who, &trouble),
    }
}

fn main(who: &SignedIn, permitted: &Permitted, wrong: Option<&str>) -> Markup {
    let mut persons: Vec<&PersonId> = permitted.permissions.iter().map(|one| &one.person).collect();
    persons.dedup();
    let count = persons.len();
    html! {
        h1 { (LINK.label) }
        @if let Some(wrong) = wrong { (alert(Weight::Error, "It was not done", &html! { p { (wrong) } })) }
        p {
            strong { (count) " of " (permitted.people.len()) } " people of your agency may see media today. "
            "The law asks for as few as possible (18 U.S.C. 2258D(d)(1)). Reports can be worked with all media hidden."
        }
        @if permitted.permissions.is_empty() { (ui::empty("Nobody may see media.", None)) }
        @else { (list(who, permitted)) }
        (form(who, permitted))
        (statements(who))
    }
}

/// The statements of this month and the last one.
fn statements(who: &SignedIn) -> Markup {
    let today = who.agencies.house.now().to_zoned_datetime(TimeZone::UTC).date().first_of_month();
    let last = today.checked_sub(Span::new().months(1)).unwrap_or(today);
    let months = [(today, "This month, so far"), (last, "Last month")];
    html! {
        section aria-labelledby="statements" {
            h2 #statements { "Signed monthly statements" }
            ul {
                @for (month, label) in months {
                    @let name = month.strftime("%Y-%m").to_string();
                    @let (pdf, json) = (format!("{}/statements/{name}.pdf", LINK.href), format!("{}/statements/{name}.json", LINK.href));
                    li {
                        (label) ": "
                        (Link { href: &pdf, label: &format!("{name} as PDF") }) ", "
                        (Link { href: &json, label: &format!("{name} as JSON") })
                    }
                }
            }
        }
    }
}

/// `GET /agency/media/statements/2026-05.pdf`, or `.json`.
pub(crate) async fn statement(who: SignedIn, Path(file): Path<String>) -> Response {
    let asked =
        file.split_once('.').and_then(|(month, kind)| Some((format!("{month}-01").parse().ok()?, kind)));
    let Some((month, kind)) = asked else { return shell::not_found(&who) };
    let signed = match permission::statement(&who.agencies.house, &who.session.viewer, month).await {
        Ok(signed) => signed,
        Err(NoStatement::Trouble(trouble)) => return refusal(&who, &trouble),
        Err(fault) => return shell::broken(&who, &crate::incident(&who.agencies.house, &fault)),
    };
    let (bytes, content_type) = match kind {
        "json" => (Ok(signed.to_json()), "application/json"),
        "pdf" => (signed.to_pdf(), "application/pdf"),
        _ => return shell::not_found(&who),
    };
    match bytes {
        Ok(bytes) => {
            let (house, viewer) = (&who.agencies.house, &who.session.viewer);
            if let Err(trouble) = permission::leave(house, viewer, bytes.len() as u64).await {
                return refusal(&who, &trouble);
            }
            let named = format!("attachment; filename=\"{}.{kind}\"", signed.name());
            ([(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_DISPOSITION, named)], bytes)
                .into_response()
        }
        Err(fault) => shell::broken(&who, &crate::incident(&who.agencies.house, &fault)),
    }
}

fn list(who: &SignedIn, permitted: &Permitted) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = ["Person", "Until", "Granted", "By", "Reason", "Take back"].map(column);
    let rows: Vec<Row> = permitted.permissions.iter().map(|one| row(who, permitted, one)).collect();
    table(&Table { caption: "Who may see media", columns: &columns, rows: &rows, swap: None })
}

fn row(who: &SignedIn, permitted: &Permitted, one: &Permission) -> Row {
    let form = take_back(&one.person);
    let body = html! {
        input type="hidden" name="person" value=(one.person);
        (button(&format!("Take back from {}", name(&permitted.people, &one.person)), Button::Grave))
    };
    Row {
        head: ui::text(name(&permitted.people, &one.person)),
        cells: vec![
            show::moment(one.until),
            show::moment(one.granted_at),
            ui::text(name(&permitted.people, &one.granted_by)),
            ui::text(one.reason.reveal()),
            ui::post("/agency/media/revoke", &who.visit.token(&form), &body),
        ],
    }
}

fn take_back(person: &PersonId) -> String {
    format!("media-revoke-{person}")
}

fn name<'a>(people: &'a [Person], id: &'a PersonId) -> &'a str {
    people.iter().find(|one| one.id == *id).map_or(id.as_str(), |one| one.name.reveal())
}

fn form(who: &SignedIn, permitted: &Permitted) -> Markup {
    let own = &who.session.person;
    let others = permitted.people.iter().filter(|one| one.id != *own);
    let people: Vec<Choice<'_>> =
        others.map(|one| Choice { value: one.id.as_str(), label: one.name.reveal() }).collect();
    let days: Vec<String> = DAYS.iter().map(|(_, days)| format!("{days} days")).collect();
    let days: Vec<Choice<'_>> =
        DAYS.iter().zip(&days).map(|((value, _), label)| Choice { value, label }).collect();
    let body = html! {
        (Field::new("person", "Person").kind(Kind::Choice(&people)).hint("Nobody grants it to themselves"))
        (Field::new("reason", "Why this person must see media").kind(Kind::Lines(2)).required())
        (Field::new("days", "For how long").kind(Kind::Choice(&days)).value(DAYS[0].0))
        (button("Grant media permission", Button::Primary))
    };
    html! {
        section aria-labelledby="grant" .house-wide {
            h2 #grant { "Grant it" }
            @if people.is_empty() { p { "There is nobody else in your agency." } }
            @else { (ui::post("/agency/media/grant", &who.visit.token(GRANT), &body)) }
        }
    }
}

/// What the form says.
#[derive(Debug, Deserialize)]
pub(crate) struct Granting {
    csrf: String,
    person: String,
    reason: String,
    days: String,
}

/// `POST /agency/media/grant`.
pub(crate) async fn grant(who: SignedIn, headers: HeaderMap, Form(asked): Form<Granting>) -> Response {
    if !who.visit.may_post(&headers, &asked.csrf, GRANT) {
        return shell::stale_form(&who);
    }
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let Ok(person) = PersonId::parse(&asked.person) else { return shell::not_found(&who) };
    let days = DAYS.iter().find(|(value, _)| *value == asked.days).map_or(DAYS[0].1, |(_, days)| *days);
    let until = house.now().checked_add(SignedDuration::from_hours(24 * days));
    let Ok(until) = until else { return shell::not_found(&who) };
    let granted = permission::grant(house, viewer, person, until, Private::new(asked.reason)).await;
    answer(&who, granted).await
}

/// What the form in a line says.
#[derive(Debug, Deserialize)]
pub(crate) struct TakingBack {
    csrf: String,
    person: String,
}

/// `POST /agency/media/revoke`.
pub(crate) async fn revoke(who: SignedIn, headers: HeaderMap, Form(asked): Form<TakingBack>) -> Response {
    let Ok(person) = PersonId::parse(&asked.person) else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &asked.csrf, &take_back(&person)) {
        return shell::stale_form(&who);
    }
    answer(&who, permission::revoke(&who.agencies.house, &who.session.viewer, person).await).await
}

async fn answer(who: &SignedIn, done: Result<(), viewing::Trouble>) -> Response {
    let Err(trouble) = done else { return web::redirect(LINK.href) };
    match trouble.refusal() {
        Some(refused) if !trouble.is_not_found() => {
            drawn(who, StatusCode::UNPROCESSABLE_ENTITY, Some(&format!("The house says no: {refused}.")))
                .await
        }
        _ => refusal(who, &trouble),
    }
}
