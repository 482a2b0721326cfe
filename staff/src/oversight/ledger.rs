//! The ledger: what the house has done, searched by report, person, agency, kind, time and outcome. Looking is itself an
//! event. No event holds a word of a report.

use audit::{Day, EventKind, NoExtract, Page, Question, Seen};
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Form, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::{AgencyId, Id as _, PersonId};
use http::{HeaderMap, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Bar, Button, Choice, Column, Field, Kind, Link, Order, Pager, Row, Table, button};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Auditor];
const LINK: Link<'static> = Link { href: "/oversight/ledger", label: "Ledger" };
const EXTRACT: &str = "/oversight/ledger/extract";
const FORM: &str = "ledger/extract";
const DAY: SignedDuration = SignedDuration::from_hours(24);
const OUTCOMES: [(&str, &str); 3] = [("", "Any"), ("success", "Done"), ("refused", "Refused")];

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Every act of this house, who did it and how it ended; what was refused, day by day.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new().route(LINK.href, get(page)).route(EXTRACT, post(extract))
}

/// What the address of the page, or the form below it, asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    report: String,
    person: String,
    agency: String,
    kind: String,
    from: String,
    until: String,
    outcome: String,
    before: String,
    csrf: String,
    #[serde(rename = "as")]
    form: String,
}

/// The fields that could not be understood, by name.
type Wrong = Vec<(&'static str, &'static str)>;

impl Asked {
    /// The question, or what is wrong with it.
    fn question(&self) -> Result<Question, Wrong> {
        let mut wrong = Wrong::new();
        let question = Question {
            report: read(&self.report, "report", "A report is a number.", &mut wrong, |text| {
                text.parse().ok()
            }),
            person: read(&self.person, "person", "A person is told by their id.", &mut wrong, |text| {
                PersonId::parse(text).ok()
            }),
            agency: read(&self.agency, "agency", "An agency is told by its id.", &mut wrong, |text| {
                AgencyId::parse(text).ok()
            }),
            kind: read(&self.kind, "kind", "There is no such kind of event.", &mut wrong, |text| {
                text.parse::<EventKind>().ok()
            }),
            from: read(&self.from, "from", "Write the day as 2026-01-31.", &mut wrong, office::day),
            until: read(&self.until, "until", "Write the day as 2026-01-31.", &mut wrong, after),
            refused: read(&self.outcome, "outcome", "Choose one of the list.", &mut wrong, |text| {
                OUTCOMES.iter().find(|(word, _)| *word == text).map(|(word, _)| *word == "refused")
            }),
            before: read(&self.before, "before", "That page is not there.", &mut wrong, |text| {
                text.parse().ok()
            }),
        };
        if wrong.is_empty() { Ok(question) } else { Err(wrong) }
    }

    /// What is asked, as fields of a form; all of it was understood.
    fn fields(&self) -> [(&'static str, &str); 8] {
        [
            ("report", self.report.trim()),
            ("person", self.person.trim()),
            ("agency", self.agency.trim()),
            ("kind", &self.kind),
            ("from", &self.from),
            ("until", &self.until),
            ("outcome", &self.outcome),
            ("before", &self.before),
        ]
    }

    /// The address of the same question, from another leaf back. Ids, days and words of closed lists need no escape.
    fn address(&self, before: Option<&str>) -> String {
        let said = self.fields().into_iter().filter(|(name, value)| *name != "before" && !value.is_empty());
        let mut words: Vec<String> = said.map(|(name, value)| format!("{name}={value}")).collect();
        words.extend(before.map(|leaf| format!("before={leaf}")));
        match words.is_empty() {
            true => LINK.href.to_owned(),
            false => format!("{}?{}", LINK.href, words.join("&")),
        }
    }
}

/// A field that may be left empty.
fn read<T>(
    text: &str,
    name: &'static str,
    says: &'static str,
    wrong: &mut Wrong,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let read = parse(text);
    if read.is_none() {
        wrong.push((name, says));
    }
    read
}

/// The moment after a day (UTC): both ends of a span of days belong to it.
fn after(text: &str) -> Option<Timestamp> {
    office::day(text)?.checked_add(DAY).ok()
}

/// `GET /oversight/ledger`.
async fn page(who: SignedIn, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Query(asked) = asked.unwrap_or_default();
    let (house, viewer) = (&who.staff.house, who.viewer());
    let question = match asked.question() {
        Ok(question) => question,
        Err(wrong) => {
            let main = html! { h1 { "Ledger" } (filters(&asked, &wrong)) };
            return shell::below(
                StatusCode::UNPROCESSABLE_ENTITY,
                &who,
                &[shell::OVERSIGHT],
                LINK.label,
                &main,
            );
        }
    };
    let found = match audit::search(house, &viewer, &question).await {
        Ok(found) => found,
        Err(trouble) => return shell::trouble(&who, &trouble),
    };
    // The chart stands on the first page alone: whoever turns pages has seen it.
    let days = match asked.address(None) == LINK.href && asked.before.is_empty() {
        false => Vec::new(),
        true => match audit::refusals(house, &viewer).await {
            Ok(days) => days,
            Err(trouble) => return shell::trouble(&who, &trouble),
        },
    };
    let main = main(&who, &asked, &found, &days);
    shell::below(StatusCode::OK, &who, &[shell::OVERSIGHT], LINK.label, &main)
}

fn main(who: &SignedIn, asked: &Asked, found: &Page, days: &[Day]) -> Markup {
    html! {
        h1 { "Ledger" }
        p { "Every act leaves a leaf here. That you look, and for what, is a leaf too. Moments are UTC." }
        @if !days.is_empty() { (chart(days)) }
        (filters(asked, &Wrong::new()))
        @if found.seen.is_empty() {
            (ui::empty(&nothing(found), None))
        } @else {
            (list(&found.seen))
        }
        (pager(asked, found))
        @if !found.seen.is_empty() { (take(who, asked)) }
    }
}

fn nothing(found: &Page) -> String {
    match (&found.further, found.back_to) {
        (Some(_), Some(at)) => format!("Nothing like that back to {}. Look further back.", web::time(at)),
        (Some(_), None) => "Nothing like that so far. Look further back.".to_owned(),
        _ => "Nothing in the ledger is like that.".to_owned(),
    }
}

fn chart(days: &[Day]) -> Markup {
    let labels: Vec<String> = days.iter().map(|day| day.day.to_string()).collect();
    let bars: Vec<Bar<'_>> =
        days.iter().zip(&labels).map(|(day, label)| Bar { label, count: day.refusals }).collect();
    ui::bars("refusals", "Refused by day: accesses, sign-ins, looks, keys and codes", "Refusals", &bars)
}

fn filters(asked: &Asked, wrong: &Wrong) -> Markup {
    let error = |name: &str| wrong.iter().find(|(field, _)| *field == name).map(|(_, says)| *says);
    let any = Choice { value: "", label: "Any" };
    let kind = |kind: &EventKind| Choice { value: kind.as_str(), label: kind.as_str() };
    let mut kinds: Vec<Choice<'_>> = EventKind::ALL.iter().map(kind).collect();
    kinds.sort_by_key(|choice| choice.label);
    kinds.insert(0, any);
    let outcomes = OUTCOMES.map(|(value, label)| Choice { value, label });
    let field = |id, label| Field::new(id, label).error(error(id));
    let body = html! {
        (field("report", "Report").value(&asked.report).hint("Its number."))
        (field("person", "Person").value(&asked.person).hint("The id of whoever acted, or of whom it was done to."))
        (field("agency", "Agency").value(&asked.agency).hint("Its id, such as icac-us-mn."))
        (field("kind", "Kind of event").kind(Kind::Choice(&kinds)).value(&asked.kind))
        (field("from", "From day").kind(Kind::Date).value(&asked.from))
        (field("until", "Up to and with day").kind(Kind::Date).value(&asked.until))
        (field("outcome", "Outcome").kind(Kind::Choice(&outcomes)).value(&asked.outcome))
        (button("Search", Button::Primary))
    };
    ui::get(LINK.href, &body)
}

fn list(seen: &[Seen]) -> Markup {
    let columns = ["Leaf", "When", "What", "Who", "About", "Outcome", "Where"]
        .map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = seen.iter().map(row).collect();
    ui::table(&Table { caption: "Leaves, the newest first", columns: &columns, rows: &rows, swap: None })
}

fn row(seen: &Seen) -> Row {
    let event = seen.event.as_ref();
    let word = |name: &str| event.and_then(|event| event[name].as_str()).unwrap_or_default();
    let gone = event.is_none();
    Row {
        head: html! { (seen.index) },
        cells: vec![
            moment(seen.at),
            html! { (seen.kind.as_str()) },
            html! {
                @if gone { "destroyed with its report" } @else {
                    (ui::text(&actor(word("actor"))))
                    @if !word("role").is_empty() { ", " (ui::text(word("role"))) }
                }
            },
            html! {
                @if let Some(report) = seen.report { "report " (report) " " }
                (ui::text(word("object")))
                @if let Some(details) = event.and_then(|event| event["details"].as_object()) {
                    @let all = format!("{}", serde_json::Value::Object(details.clone()));
                    (ui::details("Particulars", &html! { code { (ui::text(&all)) } }))
                }
            },
            html! {
                @if word("outcome") == "refused" { (ui::chip("refused", ui::Tone::Notice)) " " (ui::text(word("code"))) }
                @else if !gone { "done" }
            },
            html! { (ui::text(word("surface"))) " " (ui::text(word("address"))) },
        ],
    }
}

/// Who, in words: `person:p-1:icac-us-mn` reads as "person p-1 of icac-us-mn".
fn actor(text: &str) -> String {
    match text.split(':').collect::<Vec<_>>().as_slice() {
        ["person", person, ""] => format!("person {person}"),
        ["person", person, agency] => format!("person {person} of {agency}"),
        ["provider", provider, credential] => format!("credential {credential} of provider {provider}"),
        ["agency", agency, credential] => format!("system {credential} of agency {agency}"),
        _ => text.to_owned(),
    }
}

fn pager(asked: &Asked, found: &Page) -> Markup {
    let first = (!asked.before.is_empty()).then(|| asked.address(None));
    let next = found.further.map(|leaf| asked.address(Some(&leaf.to_string())));
    let shown = match found.back_to {
        Some(at) => format!("{} leaves; looked back to {}", found.seen.len(), web::time(at)),
        None => format!("{} leaves", found.seen.len()),
    };
    ui::pager(&Pager {
        first: first.as_deref(),
        previous: None,
        next: next.as_deref(),
        shown: &shown,
        swap: None,
    })
}

fn take(who: &SignedIn, asked: &Asked) -> Markup {
    let forms = [
        Choice { value: "json", label: "JSON with proofs, for clearinghouse-verify" },
        Choice { value: "csv", label: "Sheet (CSV), for reading" },
    ];
    let body = html! {
        @for (name, value) in asked.fields() { input type="hidden" name=(name) value=(value); }
        (Field::new("as", "Form").kind(Kind::Choice(&forms)).value("json"))
        (button("Take out", Button::Secondary))
    };
    html! {
        h2 { "Take these out" }
        p { "Up to " (audit::MOST_EXTRACTED) " leaves of this search, from here back. Taking them out is a leaf of its own." }
        (ui::post(EXTRACT, &who.visit.token(FORM), &body))
    }
}

/// `POST /oversight/ledger/extract`: what is taken away is taken by somebody who just showed who they are; the door asks.
async fn extract(who: SignedIn, headers: HeaderMap, Form(asked): Form<Asked>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES).and_then(|()| who.must_post(&headers, &asked.csrf, FORM)) {
        return *elsewhere;
    }
    let Ok(question) = asked.question() else { return shell::not_found(&who) };
    let viewer = who.viewer();
    let form = if asked.form == "csv" { audit::Form::Sheet } else { audit::Form::Json };
    match audit::extract(&who.staff.house, &viewer, &question, form).await {
        Ok(extract) if form == audit::Form::Sheet => {
            file(extract.csv(), "text/csv; charset=utf-8", "ledger-extract.csv")
        }
        Ok(extract) => file(extract.json, "application/json", "ledger-extract.json"),
        Err(NoExtract::Trouble(trouble)) => shell::trouble(&who, &trouble),
        Err(fault) => {
            crate::incident(&who.staff.house, &fault);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn file(bytes: Vec<u8>, kind: &'static str, name: &'static str) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(report: &str, from: &str, outcome: &str) -> Asked {
        Asked { report: report.into(), from: from.into(), outcome: outcome.into(), ..Asked::default() }
    }

    #[test]
    fn what_is_not_understood_is_said_and_not_searched_for() {
        let wrong = asked("a report", "yesterday", "perhaps").question().unwrap_err();
        assert_eq!(wrong.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["report", "from", "outcome"]);
        let question = asked(" 1000001 ", "2026-06-01", "refused").question().unwrap();
        assert_eq!(question.report.map(|report| report.get()), Some(1_000_001));
        assert_eq!(question.refused, Some(true));
        assert_eq!(asked("", "", "").question().unwrap(), Question::default());
    }

    #[test]
    fn a_span_of_days_holds_both_its_ends() {
        let days = Asked { from: "2026-06-01".into(), until: "2026-06-01".into(), ..Asked::default() };
        let question = days.question().unwrap();
        let length = question.until.unwrap().duration_since(question.from.unwrap());
        assert_eq!(length.as_hours(), 24);
    }

    #[test]
    fn the_next_page_asks_the_same_question() {
        let one = Asked { kind: "list-read".into(), person: "p-1".into(), ..Asked::default() };
        assert_eq!(one.address(Some("00")), "/oversight/ledger?person=p-1&kind=list-read&before=00");
        assert_eq!(Asked::default().address(None), "/oversight/ledger");
    }
}
