//! The cases of an agency: the list, a case, what stands in it, and the steps that people take in it.

mod entries;
mod entry_page;
mod page;
mod passing;
mod process;
mod report_part;
mod steps;

use axum::Form;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use domain::{CaseId, Id as _, PersonId, ReportId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;
use ui::{Button, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, button};
use workspace::Trouble;
use workspace::cases::{self, Case, CaseWords};

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{Agencies, shell, show};

pub(crate) use dossierpage::asked::{Fields, said};
pub(crate) use report_part::{own, section};

/// The room in the navigation.
pub(crate) const LINK: Link<'static> = Link { href: "/agency/cases", label: "Cases" };

const OPEN_FORM: &str = "case-open";

/// Who is who in the agency.
pub(crate) type People = BTreeMap<PersonId, String>;

/// The routes of this room.
pub(crate) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route(LINK.href, get(list).post(open))
        .route("/agency/cases/{case}", get(page::shown))
        .route("/agency/cases/{case}/entries/{entry}", get(entry_page::page).post(entry_page::write))
        .route("/agency/cases/{case}/entries/{entry}/pass-on", post(passing::pass_on))
        .route("/agency/cases/{case}/process/{step}", post(steps::take_process))
        .route("/agency/cases/{case}/{step}", post(steps::take))
        .route("/agency/reports/{report}/outcome", post(report_part::outcome))
}

/// Which cases the list shows.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    closed: String,
    /// The report with which a new case begins.
    #[serde(default)]
    report: String,
}

/// `GET /agency/cases`.
async fn list(who: SignedIn, Query(asked): Query<Asked>) -> Response {
    drawn(&who, StatusCode::OK, &asked, &New::default(), None).await
}

/// The form that opens a case.
#[derive(Deserialize, Default)]
struct New {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    report: String,
}

/// `POST /agency/cases`.
async fn open(who: SignedIn, headers: HeaderMap, Form(form): Form<New>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, OPEN_FORM) {
        return shell::stale_form(&who);
    }
    let again = Asked { closed: String::new(), report: form.report.clone() };
    let report = match form.report.trim() {
        "" => None,
        number => match number.parse::<ReportId>() {
            Ok(report) => Some(report),
            Err(_) => {
                let says = "The number of a report has digits only.";
                return drawn(&who, StatusCode::UNPROCESSABLE_ENTITY, &again, &form, Some(says)).await;
            }
        },
    };
    let words = CaseWords { title: form.title.trim().to_owned(), summary: form.summary.trim().to_owned() };
    match cases::open(&who.agencies.house, &who.session.viewer, words, report).await {
        Ok(case) => web::redirect(&address(case)),
        Err(trouble) => match trouble.refusal().map(|refused| refused.code()) {
            Some("not-found") => {
                let says = "Your agency has no report of this number.";
                drawn(&who, StatusCode::UNPROCESSABLE_ENTITY, &again, &form, Some(says)).await
            }
            Some("unfit") => {
                let says = "A case has a title of at most 200 letters.";
                drawn(&who, StatusCode::UNPROCESSABLE_ENTITY, &again, &form, Some(says)).await
            }
            _ => refusal(&who, &trouble),
        },
    }
}

/// Where a case is.
pub(crate) fn address(case: CaseId) -> String {
    format!("{}/{case}", LINK.href)
}

async fn drawn(
    who: &SignedIn,
    status: StatusCode,
    asked: &Asked,
    given: &New,
    error: Option<&str>,
) -> Response {
    let closed = asked.closed == "yes";
    match cases::list(&who.agencies.house, &who.session.viewer, closed).await {
        Ok(found) => {
            let main = main(who, &found, asked, given, error);
            shell::in_room(status, who, (LINK, LINK.label), None, &main)
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

fn main(who: &SignedIn, found: &[Case], asked: &Asked, given: &New, error: Option<&str>) -> Markup {
    let closed = asked.closed == "yes";
    let report = if given.report.is_empty() { &asked.report } else { &given.report };
    let body = html! {
        (Field::new("title", "Title").value(&given.title).required().hint("Only your agency reads it"))
        (Field::new("summary", "What it is about").kind(Kind::Lines(3)).value(&given.summary))
        (Field::new("report", "Number of its first report").value(report).hint("May stay empty"))
        (button("Open the case", Button::Primary))
    };
    html! {
        h1 { "Cases" }
        @if let Some(says) = error { (ui::alert(Weight::Error, "The case was not opened", &html! { p { (says) } })) }
        p { "What stands in a case is your agency's own. The clearinghouse sees outcome codes and nothing else." }
        p {
            @if closed { a href=(LINK.href) { "Open cases" } } @else { a href={ (LINK.href) "?closed=yes" } { "Closed cases" } }
        }
        @if found.is_empty() {
            (ui::empty(if closed { "No case was closed." } else { "No case is open." }, None))
        } @else { (table(found, closed)) }
        @if found.len() == cases::MOST_LISTED as usize { p { "Only the " (found.len()) " that changed last are shown." } }
        h2 { "Open a case" }
        (ui::post(LINK.href, &who.visit.token(OPEN_FORM), &body))
    }
}

fn table(found: &[Case], closed: bool) -> Markup {
    let columns =
        ["Case", "Title", "Last changed", "State"].map(|label| Column { label, order: Order::Fixed });
    let row = |case: &Case| {
        let (href, number) = (address(case.number), case.number.to_string());
        Row {
            head: html! { (Link { href: &href, label: &number }) },
            cells: vec![ui::text(&case.words.title), show::moment(case.changed_at), state(case)],
        }
    };
    let rows: Vec<Row> = found.iter().map(row).collect();
    let caption = if closed { "Closed cases within your reach" } else { "Open cases within your reach" };
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn state(case: &Case) -> Markup {
    match (&case.closed, case.reopened_at) {
        (Some(closed), _) => ui::chip(&format!("closed: {}", closed.reason.title()), Tone::Muted),
        (None, Some(_)) => ui::chip("opened again", Tone::Strong),
        (None, None) => ui::chip("open", Tone::Plain),
    }
}

/// Who wrote something, by name where they are still one of the agency's people.
fn writer(text: &str, people: &People) -> String {
    let id = text.split(':').nth(1).unwrap_or(text);
    let known = people.iter().find(|(person, _)| person.to_string() == id);
    known.map_or_else(|| id.to_owned(), |(_, name)| name.clone())
}

/// A person of the agency by their name; by their number where they are not there any more.
pub(crate) fn named<'a>(person: &'a PersonId, people: &'a People) -> &'a str {
    people.get(person).map_or(person.as_str(), String::as_str)
}

/// Why a step was not taken, in words that say what to do; `None` for what the viewer may not know of and for our faults.
fn why(trouble: &Trouble) -> Option<(StatusCode, String)> {
    let refused = trouble.refusal()?;
    let says = match refused.code() {
        "conflict" => {
            let says = "Somebody else changed it since you opened the page, or it is so already. Nothing of theirs was \
                overwritten; what you wrote is below.";
            return Some((StatusCode::CONFLICT, says.to_owned()));
        }
        "closed" => "The case is closed. Open it again first.".to_owned(),
        "not-allowed" => "In this case you may not do that. Ask whoever leads it.".to_owned(),
        "same-person" => "Another person has to do that.".to_owned(),
        "file-not-found" => "There is no such file in the reports of this case.".to_owned(),
        "not-found" => {
            "Your agency has no such report, person or thing, or it is not in this case.".to_owned()
        }
        _ => format!("{refused}."),
    };
    Some((StatusCode::UNPROCESSABLE_ENTITY, says))
}
