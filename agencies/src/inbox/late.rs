//! What is late: reports whose time is over, with who has them and in which unit, for whoever answers for that.

use std::collections::BTreeMap;

use axum::response::Response;
use domain::Priority;
use http::StatusCode;
use maud::{Markup, html};
use ui::{Column, Link, Order, Row, Table, breadcrumb};
use workspace::inbox::{self, Inbox, InboxQuery, MOST_ROWS, Question, Sort};

use super::change;
use super::table;
use crate::session::SignedIn;
use crate::shell::INBOX;
use crate::{report_page, shell, show};
use dossierpage::asked::{Asked, Due, Held};

pub(super) const PATH: &str = "/agency/inbox/late";
const TITLE: &str = "Late";
/// Late reports that are listed.
const MOST_LISTED: usize = 100;

/// Whoever has late reports: a person, or a unit where nobody has them.
type Counts = BTreeMap<(String, String), BTreeMap<Priority, u32>>;

/// `GET /agency/inbox/late`.
pub(super) async fn page(who: SignedIn) -> Response {
    let now = who.agencies.house.now();
    let query =
        InboxQuery { sort: Sort::Deadline, due_until: Some(now), limit: MOST_ROWS, ..InboxQuery::default() };
    let question = Question { query, ..Question::default() };
    match inbox::open(&who.agencies.house, &who.session.viewer, question).await {
        Ok(found) => {
            let main = main(&who, &found);
            let page = shell::page(StatusCode::OK, &who, TITLE, Some(breadcrumb(&[INBOX], TITLE)), &main);
            super::left(&who, page).await
        }
        Err(trouble) => report_page::refusal(&who, &trouble),
    }
}

fn main(who: &SignedIn, found: &Inbox) -> Markup {
    let late = Asked { sort: Sort::Deadline, due: Due::Late, ..Asked::parse("") };
    let (all, mine) = (late.address(), Asked { held: Held::ByMe, ..late }.address());
    html! {
        h1 { "Late" }
        p {
            "A report is late when nobody of the agency has said anything new of it within the time of its priority: an immediate one "
            "within an hour until somebody takes it on, a routine one within a week. The times are ours to begin with; no law sets them."
        }
        @if found.page.rows.is_empty() { (ui::empty("Nothing is late.", None)) } @else {
            p { (Link { href: &all, label: "All late reports in the inbox" }) ". " (Link { href: &mine, label: "Mine" }) "." }
            @if found.page.next.is_some() { p { "Only the " (found.page.rows.len()) " that are late longest are counted here." } }
            (counts(found))
            (rows(who, found))
            @if found.page.rows.len() > MOST_LISTED { p { "The first " (MOST_LISTED) " are listed; the inbox has all." } }
        }
    }
}

fn counts(found: &Inbox) -> Markup {
    let mut counts = Counts::new();
    for row in &found.page.rows {
        let said = &row.standing.said;
        let holder =
            said.person.as_ref().map_or_else(|| "Nobody".to_owned(), |one| change::name(one, &found.people));
        let unit = said.unit.clone().unwrap_or_default();
        *counts.entry((holder, unit)).or_default().entry(row.standing.priority()).or_default() += 1;
    }
    let labels = ["Assigned to", "Unit"].into_iter().chain(Priority::ALL.iter().map(|one| one.as_str()));
    let columns: Vec<Column<'_>> = labels.map(|label| Column { label, order: Order::Fixed }).collect();
    let row = |((holder, unit), by): (&(String, String), &BTreeMap<Priority, u32>)| {
        let number = |one: &Priority| html! { (by.get(one).copied().unwrap_or_default()) };
        let cells = [ui::text(unit)].into_iter().chain(Priority::ALL.iter().map(number)).collect();
        Row { head: ui::text(holder), cells }
    };
    let rows: Vec<Row> = counts.iter().map(row).collect();
    ui::table(&Table { caption: "Who has what is late", columns: &columns, rows: &rows, swap: None })
}

fn rows(who: &SignedIn, found: &Inbox) -> Markup {
    let now = who.agencies.house.now();
    let columns = ["Report", "Priority", "Status", "Due", "Assigned to", "Unit"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |row: &inbox::InboxRow| {
        let (href, number) = (format!("/agency/reports/{}", row.report()), row.report().to_string());
        let said = &row.standing.said;
        let holder = said.person.as_ref().map(|one| change::name(one, &found.people));
        Row {
            head: html! { (Link { href: &href, label: &number }) },
            cells: vec![
                show::priority(row.standing.priority()),
                ui::text(said.status.title()),
                table::due(&row.standing, now),
                ui::text(holder.as_deref().unwrap_or("Nobody")),
                ui::text(said.unit.as_deref().unwrap_or_default()),
            ],
        }
    };
    let rows: Vec<Row> = found.page.rows.iter().take(MOST_LISTED).map(row).collect();
    ui::table(&Table { caption: "Late longest on top", columns: &columns, rows: &rows, swap: None })
}
