//! The inbox: what was made available to the viewer's agency, most urgent first unless asked otherwise.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use domain::{IncidentType, Priority, incident_types};
use http::StatusCode;
use maud::{Markup, html};
use pipeline::{InboxPage, InboxQuery, InboxRow, Key, Sort};
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Pager, Row, Table};

use crate::session::SignedIn;
use crate::{reminders, report_page, shell, show};

const SORTS: [(&str, &str, Sort); 3] = [
    ("urgent", "Most urgent first", Sort::MostUrgent),
    ("newest", "Newest first", Sort::Newest),
    ("oldest", "Oldest first", Sort::Oldest),
];

/// What the address of the page asks for. Unknown words fall back to the first page of everything.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    sort: String,
    #[serde(default)]
    priority: String,
    #[serde(default, rename = "type")]
    incident_type: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn query(&self) -> InboxQuery {
        let sort =
            SORTS.iter().find(|(word, _, _)| *word == self.sort).map_or(Sort::MostUrgent, |(_, _, s)| *s);
        InboxQuery {
            sort,
            priority: self.priority.parse::<Priority>().ok(),
            incident_type: IncidentType::find(&self.incident_type).map(|kind| kind.key.clone()),
            after: self.after.parse::<Key>().ok(),
            ..InboxQuery::default()
        }
    }

    /// The address of the same question with another sorting or page. Values are words of closed lists.
    fn address(&self, sort: &str, after: Option<&str>) -> String {
        let query = self.query();
        let priority = query.priority.map_or("", Priority::as_str);
        let kind = query.incident_type.unwrap_or_default();
        let after = after.map(|key| format!("&after={key}")).unwrap_or_default();
        format!("/agency/inbox?sort={sort}&priority={priority}&type={kind}{after}")
    }

    fn sort_word(&self) -> &'static str {
        let sort = self.query().sort;
        SORTS.iter().find(|(_, _, one)| *one == sort).map_or("urgent", |(word, _, _)| word)
    }
}

/// `GET /agency` leads to the inbox.
pub(crate) async fn home(_: SignedIn) -> Response {
    web::redirect("/agency/inbox")
}

/// `GET /agency/inbox`.
pub(crate) async fn page(who: SignedIn, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    match pipeline::inbox(&who.agencies.house, &who.session.viewer, asked.query()).await {
        Ok(found) => shell::page(StatusCode::OK, &who, "Inbox", None, &main(&asked, &found)),
        Err(trouble) => report_page::refusal(&who, &trouble),
    }
}

fn main(asked: &Asked, found: &InboxPage) -> Markup {
    html! {
        h1 { "Inbox" }
        p { a href=(reminders::PATH) { "Reminders" } ": senders that may soon stop preserving, and holds to look at again" }
        (filters(asked))
        div {
            @if found.rows.is_empty() {
                (ui::empty("No report matches. Reports appear here as soon as they are made available.", None))
            } @else {
                (list(asked, found))
            }
        }
    }
}

fn filters(asked: &Asked) -> Markup {
    let any = Choice { value: "", label: "Any" };
    let words = |priority: &Priority| Choice { value: priority.as_str(), label: priority.as_str() };
    let priorities: Vec<Choice<'_>> = [any].into_iter().chain(Priority::ALL.iter().map(words)).collect();
    let kind = |kind: &'static IncidentType| Choice { value: &kind.key, label: &kind.title };
    let kinds: Vec<Choice<'_>> = [any].into_iter().chain(incident_types().iter().map(kind)).collect();
    let sorts = SORTS.map(|(value, label, _)| Choice { value, label });
    let body = html! {
        (Field::new("sort", "Order").kind(Kind::Choice(&sorts)).value(asked.sort_word()))
        (Field::new("priority", "Priority").kind(Kind::Choice(&priorities)).value(&asked.priority))
        (Field::new("type", "Incident type").kind(Kind::Choice(&kinds)).value(&asked.incident_type))
        (ui::button("Show", Button::Secondary))
    };
    ui::get("/agency/inbox", &body)
}

fn list(asked: &Asked, found: &InboxPage) -> Markup {
    let urgent = asked.address("urgent", None);
    let by_age = asked.address(if asked.sort_word() == "newest" { "oldest" } else { "newest" }, None);
    let age = match asked.sort_word() {
        "newest" => Order::Descending(&by_age),
        "oldest" => Order::Ascending(&by_age),
        _ => Order::Off(&by_age),
    };
    let priority =
        if asked.sort_word() == "urgent" { Order::Descending(&urgent) } else { Order::Off(&urgent) };
    let fixed = |label| Column { label, order: Order::Fixed };
    let columns = [
        fixed("Report"),
        Column { label: "Priority", order: priority },
        fixed("Incident"),
        Column { label: "Received", order: age },
        fixed("Sender"),
        fixed("Files"),
        fixed("Basis"),
    ];
    let rows: Vec<Row> = found.rows.iter().map(row).collect();
    let next = found.next.map(|key| asked.address(asked.sort_word(), Some(&key.to_string())));
    let first = (!asked.after.is_empty()).then(|| asked.address(asked.sort_word(), None));
    let shown = format!("{} reports on this page", rows.len());
    html! {
        (ui::table(&Table { caption: "Reports made available to your agency", columns: &columns, rows: &rows, swap: None }))
        (ui::pager(&Pager { first: first.as_deref(), previous: None, next: next.as_deref(), shown: &shown, swap: None }))
    }
}

fn row(row: &InboxRow) -> Row {
    let number = row.report.to_string();
    let href = format!("/agency/reports/{number}");
    let kind =
        IncidentType::find(&row.incident_type).map_or(row.incident_type.as_str(), |kind| kind.title.as_str());
    Row {
        head: html! { (Link { href: &href, label: &number }) },
        cells: vec![
            show::priority(row.priority),
            ui::text(kind),
            show::moment(row.received_at),
            ui::text(&row.provider_name),
            html! { (row.files) },
            ui::text(row.basis.as_str()),
        ],
    }
}
