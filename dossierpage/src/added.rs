//! Section B: what was added automatically, each with the table it comes from and that table's date.

use domain::{Dossier, Finding, Selector};
use maud::{Markup, html};
use ui::{Column, Order, Row, Table, table};

use crate::show;

pub(crate) fn section(dossier: &Dossier) -> Markup {
    html! {
        section aria-labelledby="section-b" {
            h2 #section-b { "Section B: added automatically" }
            (findings(&dossier.findings))
            (selectors(&dossier.selectors))
        }
    }
}

fn findings(findings: &[Finding]) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = ["Looked up", "Place", "Network", "Table", "As of"].map(column);
    let rows: Vec<Row> = findings.iter().map(finding).collect();
    let caption = "Places and networks of addresses, approximate, never proof of where a person was";
    html! {
        @if rows.is_empty() { (ui::empty("Nothing in this report could be looked up.", None)) }
        @else { (table(&Table { caption, columns: &columns, rows: &rows, swap: None })) }
    }
}

fn finding(finding: &Finding) -> Row {
    let words = |keys: &[&str]| {
        let parts: Vec<String> = keys
            .iter()
            .filter_map(|key| finding.value.get(*key))
            .filter_map(|value| {
                value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|n| n.to_string()))
            })
            .collect();
        if parts.is_empty() { "Unknown".to_owned() } else { parts.join(", ") }
    };
    Row {
        head: ui::text(finding.subject.reveal()),
        cells: vec![
            ui::text(&words(&["city", "county", "region", "country"])),
            ui::text(&words(&["operator", "network_kind", "asn"])),
            ui::text(&finding.table),
            ui::text(&finding.as_of),
        ],
    }
}

fn selectors(selectors: &[Selector]) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = ["Value, in its normal form", "Kind", "Said of", "Where it stood"].map(column);
    let rows: Vec<Row> = selectors
        .iter()
        .map(|s| Row {
            head: ui::text(s.normal.reveal()),
            cells: vec![
                ui::text(s.kind.as_str()),
                ui::text(s.role.map_or("the report or a file", show::role)),
                ui::text(&s.path),
            ],
        })
        .collect();
    let body = table(&Table {
        caption: "Identifiers found in this report",
        columns: &columns,
        rows: &rows,
        swap: None,
    });
    html! { @if !rows.is_empty() { (ui::details("Identifiers found in this report", &body)) } }
}
