//! The list of a provider's own reports, the newest first.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use domain::IncidentType;
use maud::{Markup, html};
use pipeline::provider::{self, OwnKey, OwnRow, OwnState, ReportPage, ReportQuery};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Pager, Row, Table, Tone};

use super::session::SignedIn;
use super::shell::{self, NEW_REPORT, REPORTS};

/// What the address of the page asks for. Unknown words fall back to the first page of everything.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn query(&self) -> ReportQuery {
        let (state, after) = (self.state.parse().ok(), self.after.parse::<OwnKey>().ok());
        ReportQuery { state, after, ..ReportQuery::default() }
    }

    /// The address of another page of the same question. Its state is a word of a closed list.
    fn address(&self, after: Option<OwnKey>) -> String {
        let state = self.query().state.map_or("", OwnState::as_str);
        let after = after.map(|key| format!("&after={key}")).unwrap_or_default();
        format!("{}?state={state}{after}", REPORTS.href)
    }
}

/// `GET /provider/reports`.
pub(super) async fn page(who: SignedIn, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    match provider::reports(&who.portal.house, &who.viewer, asked.query()).await {
        Ok(found) => shell::page(&who, REPORTS, "Reports", &main(&asked, &found)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn main(asked: &Asked, found: &ReportPage) -> Markup {
    let next = found.next.map(|key| asked.address(Some(key)));
    let first = (!asked.after.is_empty()).then(|| asked.address(None));
    let shown = format!("{} reports on this page, the newest first", found.rows.len());
    html! {
        h1 { "Reports" }
        p { a href="/provider/requests" { "Requests to destroy" } ": what law enforcement asks you to destroy of your own" }
        (filter(asked))
        @if found.rows.is_empty() && next.is_none() {
            (ui::empty("No report fits.", Some(Link { href: NEW_REPORT.href, label: "File one by hand" })))
        } @else {
            (table("Reports of your company", &found.rows))
        }
        (ui::pager(&Pager { first: first.as_deref(), next: next.as_deref(), shown: &shown, ..Pager::default() }))
    }
}

fn filter(asked: &Asked) -> Markup {
    let any = Choice { value: "", label: "Any" };
    let word = |state: &OwnState| Choice { value: state.as_str(), label: label(*state) };
    let states: Vec<Choice<'_>> = std::iter::once(any).chain(OwnState::ALL.iter().map(word)).collect();
    let body = html! {
        (Field::new("state", "State").kind(Kind::Choice(&states)).value(&asked.state))
        (ui::button("Show", Button::Secondary))
    };
    ui::get(REPORTS.href, &body)
}

/// The rows of a list, on whatever page it stands.
pub(super) fn table(caption: &str, rows: &[OwnRow]) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = ["Report", "State", "Incident", "Opened", "Finished", "Expires", "Files"].map(fixed);
    let rows: Vec<Row> = rows.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn row(row: &OwnRow) -> Row {
    let number = row.report.to_string();
    let href = format!("{}/{number}", REPORTS.href);
    let moment = |at: Option<jiff::Timestamp>| html! { @if let Some(at) = at { (web::moment(at)) } };
    Row {
        head: html! { (Link { href: &href, label: &number }) },
        cells: vec![
            chip(row.state),
            ui::text(incident(&row.incident_type)),
            web::moment(row.opened_at),
            moment(row.finished_at),
            moment(row.expires_at),
            html! { (row.files) },
        ],
    }
}

/// The title of an incident type, or its key when it is none of today's.
pub(super) fn incident(key: &str) -> &str {
    IncidentType::find(key).map_or(key, |kind| kind.title.as_str())
}

/// A state as a word that stands out as much as it should.
pub(super) fn chip(state: OwnState) -> Markup {
    let tone = match state {
        OwnState::Open => Tone::Notice,
        OwnState::Received | OwnState::Available => Tone::Plain,
        OwnState::Expired => Tone::Strong,
        OwnState::Retracted | OwnState::Destroyed => Tone::Muted,
    };
    ui::chip(label(state), tone)
}

const fn label(state: OwnState) -> &'static str {
    match state {
        OwnState::Open => "Open",
        OwnState::Received => "Received",
        OwnState::Available => "Made available",
        OwnState::Retracted => "Retracted",
        OwnState::Expired => "Expired",
        OwnState::Destroyed => "Destroyed",
    }
}
