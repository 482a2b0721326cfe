//! What agencies said came of a report: codes, and nothing else of their work.

use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use domain::ReportId;
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Column, Field, Link, Order, Row, Table, button};
use web::moment;
use workspace::outcomes::{self, Recorded};

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const LINK: Link<'static> = Link { href: "/desk/outcomes", label: "Outcomes of a report" };

pub(super) const ENTRY: Entry =
    Entry { link: LINK, says: "What agencies said came of a report, by code.", roles: super::files::ROLES };

pub(super) fn routes() -> Router<Staff> {
    Router::new().route(LINK.href, get(page))
}

/// Of which report.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    report: String,
}

/// `GET /desk/outcomes`.
async fn page(who: SignedIn, Query(asked): Query<Asked>) -> Response {
    let text = asked.report.trim();
    let found = match text.parse::<ReportId>() {
        Ok(report) => outcomes::of_report(&who.staff.house, &who.viewer(), report).await.map(Some),
        Err(_) => Ok(None),
    };
    match found {
        Ok(found) => {
            let wrong =
                (found.is_none() && !text.is_empty()).then_some("The number of a report has digits only.");
            let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shell::below(status, &who, &[shell::DESK], LINK.label, &main(text, wrong, found.as_deref()))
        }
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn main(text: &str, wrong: Option<&str>, found: Option<&[Recorded]>) -> Markup {
    html! {
        h1 { (LINK.label) }
        p { "Agencies tell by a code what came of a report. Their cases and notes are their own, and not within your reach." }
        (ui::get(LINK.href, &html! {
            (Field::new("report", "Number of the report").value(text).error(wrong).required())
            (button("Show", Button::Primary))
        }))
        @match found {
            None => {}
            Some([]) => (ui::empty("No agency has said what came of this report.", None)),
            Some(found) => (table(found)),
        }
    }
}

fn table(found: &[Recorded]) -> Markup {
    let columns =
        ["Agency", "Outcome", "Recorded", "State"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Recorded| Row {
        head: ui::text(&one.agency_name),
        cells: vec![
            html! { (one.outcome.title()) },
            moment(one.recorded_at),
            html! { @match one.superseded_at { Some(at) => { "replaced " (moment(at)) }, None => "counts" } },
        ],
    };
    let rows: Vec<Row> = found.iter().map(row).collect();
    ui::table(&Table { caption: "What agencies said", columns: &columns, rows: &rows, swap: None })
}
