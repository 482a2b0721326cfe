//! The list itself: a row a report, with the columns that were chosen.

use domain::{IncidentType, Status};
use jiff::Timestamp;
use maud::{Markup, html};
use ui::{Column, Link, Order, Pager, Row, Table, Tone};
use workspace::inbox::{Inbox, InboxRow, Sort};
use workspace::standing::Standing;

use super::change::{People, name};
use crate::session::SignedIn;
use crate::show;
use dossierpage::asked::{Asked, Shown};

/// The table, with a box to choose each row.
pub(super) fn rows(who: &SignedIn, asked: &Asked, found: &Inbox) -> Markup {
    let now = who.agencies.house.now();
    let chosen: Vec<_> = Shown::ALL.iter().filter(|(one, ..)| asked.columns.contains(one)).collect();
    let addresses: Vec<Option<(bool, String)>> = chosen.iter().map(|(one, ..)| order(asked, *one)).collect();
    let head = Column { label: "Report", order: Order::Fixed };
    let labelled = chosen.iter().zip(&addresses).map(|((shown, _, label), address)| Column {
        label,
        order: match address {
            None => Order::Fixed,
            Some((false, href)) => Order::Off(href),
            Some((true, href)) if is_upward(asked.sort, *shown) => Order::Ascending(href),
            Some((true, href)) => Order::Descending(href),
        },
    });
    let columns: Vec<Column<'_>> = [head].into_iter().chain(labelled).collect();
    let row = |row: &InboxRow| {
        let cells = chosen.iter().map(|(shown, ..)| cell(asked, row, *shown, (&found.people, now)));
        Row { head: named(row), cells: cells.collect() }
    };
    let rows: Vec<Row> = found.page.rows.iter().map(row).collect();
    let caption = "Reports made available to your agency";
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

/// The way to the other pages.
pub(super) fn pager(asked: &Asked, found: &Inbox) -> Markup {
    let next = found.page.next.map(|key| asked.address_after(key));
    let first = asked.after.map(|_| Asked { after: None, ..asked.clone() }.address());
    let shown = match found.page.rows.len() {
        1 => "1 report on this page".to_owned(),
        many => format!("{many} reports on this page"),
    };
    ui::pager(&Pager {
        first: first.as_deref(),
        previous: None,
        next: next.as_deref(),
        shown: &shown,
        swap: None,
    })
}

/// The number, with the box that chooses the report as it was seen.
fn named(row: &InboxRow) -> Markup {
    let (number, version) = (row.report().to_string(), row.standing.version);
    let href = format!("/agency/reports/{number}");
    let label = format!("Choose report {number}");
    html! {
        span .house-chosen {
            input type="checkbox" name="seen" value={ (number) "." (version) } aria-label=(label);
            " " (Link { href: &href, label: &number })
        }
    }
}

fn cell(asked: &Asked, row: &InboxRow, shown: Shown, (people, now): (&People, Timestamp)) -> Markup {
    let said = &row.standing.said;
    match shown {
        Shown::Status => status(&row.standing),
        Shown::Priority => priority(&row.standing),
        Shown::Advised => show::priority(row.standing.advised),
        Shown::Incident => {
            let kind = IncidentType::find(&row.incident_type);
            let title = kind.map_or(row.incident_type.as_str(), |kind| kind.title.as_str());
            let only = Asked { incident_type: Some(row.incident_type.clone()), after: None, ..asked.clone() };
            narrowing(&only.address(), title)
        }
        Shown::Received => show::moment(row.received_at),
        Shown::Arrived => show::moment(row.available_at),
        Shown::Due => due(&row.standing, now),
        Shown::Holder => {
            said.person.as_ref().map_or_else(|| absent("Nobody"), |person| ui::text(&name(person, people)))
        }
        Shown::Unit => said.unit.as_deref().map_or_else(
            || absent("None"),
            |unit| narrowing(&Asked { unit: unit.to_owned(), after: None, ..asked.clone() }.address(), unit),
        ),
        Shown::Sender => {
            let only = Asked { provider: Some(row.provider.clone()), after: None, ..asked.clone() };
            narrowing(&only.address(), &row.provider_name)
        }
        Shown::Place => row.place.as_deref().map_or_else(
            || absent("Not known"),
            |place| {
                narrowing(&Asked { place: place.to_owned(), after: None, ..asked.clone() }.address(), place)
            },
        ),
        Shown::Files => html! { (row.files) },
        Shown::Basis => row.basis.map_or_else(
            || absent("Not known"),
            |basis| {
                let only = Asked { basis: Some(basis), after: None, ..asked.clone() };
                narrowing(&only.address(), basis.as_str())
            },
        ),
        Shown::Changed => show::moment(row.standing.changed_at),
    }
}

/// A value that leads to all reports that have it.
fn narrowing(href: &str, label: &str) -> Markup {
    html! { (Link { href, label }) }
}

/// What stands where nothing is: of what somebody would have said, that nobody did; of what is looked up, that it is not known.
fn absent(word: &str) -> Markup {
    html! { span .house-unknown { (word) } }
}

fn status(standing: &Standing) -> Markup {
    let tone = match standing.said.status {
        Status::New => Tone::Notice,
        Status::Closed => Tone::Muted,
        _ => Tone::Plain,
    };
    let reason = standing.said.reason.map(|reason| format!(": {}", reason.title())).unwrap_or_default();
    ui::chip(&format!("{}{reason}", standing.said.status.title()), tone)
}

/// The priority that counts; where it is the agency's own, ours stands beside it (R-20a).
fn priority(standing: &Standing) -> Markup {
    html! {
        (show::priority(standing.priority()))
        @if standing.said.own_priority.is_some() { " own; advised " (standing.advised) }
    }
}

pub(super) fn due(standing: &Standing, now: Timestamp) -> Markup {
    let Some(due) = standing.due_at else { return html! { "Closed" } };
    html! {
        @if standing.is_late(now) { (ui::chip("late", Tone::Critical)) " " }
        (show::moment(due))
    }
}

/// Whether the list is in the order of a column, and the address that makes it so or turns it round.
fn order(asked: &Asked, shown: Shown) -> Option<(bool, String)> {
    let (sorts, is) = match shown {
        Shown::Priority => (Sort::MostUrgent, asked.sort == Sort::MostUrgent),
        Shown::Received if asked.sort == Sort::Newest => (Sort::Oldest, true),
        Shown::Received => (Sort::Newest, asked.sort == Sort::Oldest),
        Shown::Arrived => (Sort::Arrived, asked.sort == Sort::Arrived),
        Shown::Due => (Sort::Deadline, asked.sort == Sort::Deadline),
        Shown::Changed => (Sort::Changed, asked.sort == Sort::Changed),
        _ => return None,
    };
    Some((is, asked.sorted(sorts)))
}

fn is_upward(sort: Sort, shown: Shown) -> bool {
    shown == Shown::Due || shown == Shown::Received && sort == Sort::Oldest
}
