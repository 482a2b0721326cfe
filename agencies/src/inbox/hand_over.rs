//! The hand-over of a shift: what came, what was done, what is late and what falls due, on one page that prints well.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use domain::Status;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, breadcrumb, button};
use workspace::Trouble;
use workspace::inbox::{self, Inbox, InboxPage, InboxQuery, InboxRow, MOST_ROWS, Question, Sort, Which};

use super::change::{self, People};
use super::table;
use crate::cases::{Fields, said};
use crate::session::SignedIn;
use crate::shell::INBOX;
use crate::{report_page, shell, show};

pub(super) const PATH: &str = "/agency/inbox/hand-over";
const TITLE: &str = "Hand-over";
const SHIFTS: [(&str, i64); 4] = [("8", 8), ("12", 12), ("24", 24), ("72", 72)];

/// What one shift tells the next.
struct Shift {
    hours: i64,
    from: Timestamp,
    until: Timestamp,
    came: InboxPage,
    changed: InboxPage,
    due: InboxPage,
    people: People,
}

/// `GET /agency/inbox/hand-over`.
pub(super) async fn page(who: SignedIn, fields: Result<Query<Fields>, QueryRejection>) -> Response {
    let Query(fields) = fields.unwrap_or_default();
    let asked = said(&fields, "hours");
    let hours = SHIFTS.iter().find(|(word, _)| *word == asked).map_or(8, |(_, hours)| *hours);
    match shift(&who, hours).await {
        Ok(shift) => {
            let trail = breadcrumb(&[INBOX], TITLE);
            let page = shell::page(StatusCode::OK, &who, TITLE, Some(trail), &main(&shift, &who));
            super::left(&who, page).await
        }
        Err(trouble) => report_page::refusal(&who, &trouble),
    }
}

async fn shift(who: &SignedIn, hours: i64) -> Result<Shift, Trouble> {
    let now = who.agencies.house.now();
    let span = SignedDuration::from_hours(hours);
    let from = now.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH);
    let whole = InboxQuery { limit: MOST_ROWS, which: Which::Any, ..InboxQuery::default() };
    let came = InboxQuery { sort: Sort::Arrived, new_after: Some(from), ..whole.clone() };
    let changed = InboxQuery { sort: Sort::Changed, changed_after: Some(from), ..whole };
    let due = InboxQuery {
        sort: Sort::Deadline,
        due_until: now.checked_add(span).ok(),
        limit: MOST_ROWS,
        ..InboxQuery::default()
    };
    let came = asked(who, came).await?;
    let (changed, due) = (asked(who, changed).await?.page, asked(who, due).await?.page);
    Ok(Shift { hours, from, until: now, came: came.page, changed, due, people: came.people })
}

async fn asked(who: &SignedIn, query: InboxQuery) -> Result<Inbox, Trouble> {
    let question = Question { query, ..Question::default() };
    inbox::open(&who.agencies.house, &who.session.viewer, question).await
}

fn main(shift: &Shift, who: &SignedIn) -> Markup {
    let shifts = SHIFTS.map(|(value, _)| Choice { value, label: value });
    let hours = shift.hours.to_string();
    let body = html! {
        (Field::new("hours", "Hours that are handed over").kind(Kind::Choice(&shifts)).value(&hours))
        (button("Show", Button::Secondary))
    };
    let now = who.agencies.house.now();
    let worked: Vec<&InboxRow> = shift.changed.rows.iter().filter(|row| row.standing.version > 1).collect();
    let (late, soon): (Vec<&InboxRow>, Vec<&InboxRow>) =
        shift.due.rows.iter().partition(|row| row.standing.is_late(now));
    html! {
        h1 { "Hand-over of a shift" }
        p { "From " (show::moment(shift.from)) " to " (show::moment(shift.until)) ", made for " (who.session.agency_name) "." }
        (ui::get(PATH, &body))
        h2 { "In short" }
        (summary(shift, &worked, late.len()))
        (part(shift, "What is late", "Nothing is late.", &late, shift.due.next.is_some()))
        (part(shift, "What falls due in the next shift", "Nothing falls due.", &soon, shift.due.next.is_some()))
        (part(shift, "What came", "Nothing came.", &shift.came.rows.iter().collect::<Vec<_>>(), shift.came.next.is_some()))
        (part(shift, "What was done", "Nothing was changed.", &worked, shift.changed.next.is_some()))
        p { "Each report stands with how it is now, not with every step on the way; its own page has those." }
    }
}

fn summary(shift: &Shift, worked: &[&InboxRow], late: usize) -> Markup {
    let closed = worked.iter().filter(|row| row.standing.said.status == Status::Closed).count();
    let untouched = shift.came.rows.iter().filter(|row| row.standing.said.status == Status::New).count();
    let (came, done) = (shift.came.rows.len(), worked.len());
    html! {
        ul {
            li { "Came: " (least(shift.came.next.is_some())) (came) ". Nobody has taken notice of: " (untouched) }
            li { "Changed: " (least(shift.changed.next.is_some())) (done) ". Closed by now: " (closed) }
            li { "Late: " (least(shift.due.next.is_some())) (late) }
        }
    }
}

/// What stands before a number when there are more.
const fn least(more: bool) -> &'static str {
    if more { "at least " } else { "" }
}

fn part(shift: &Shift, title: &str, empty: &str, rows: &[&InboxRow], more: bool) -> Markup {
    let columns = ["Report", "Priority", "How it stands", "Due", "Received"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |row: &&InboxRow| {
        let (href, number) = (format!("/agency/reports/{}", row.report()), row.report().to_string());
        Row {
            head: html! { (Link { href: &href, label: &number }) },
            cells: vec![
                show::priority(row.standing.priority()),
                ui::text(&change::words(&row.standing.said, &shift.people)),
                table::due(&row.standing, shift.until),
                show::moment(row.received_at),
            ],
        }
    };
    let drawn: Vec<Row> = rows.iter().map(row).collect();
    html! {
        h2 { (title) }
        @if drawn.is_empty() { p { (empty) } }
        @else { (ui::table(&Table { caption: title, columns: &columns, rows: &drawn, swap: None })) }
        @if more { p { "There is more than one page holds: the inbox has all of it." } }
    }
}
