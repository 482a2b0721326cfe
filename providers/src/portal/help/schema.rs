//! The reporting language as a page, derived from the same description that validates and that the schema is made of.

use axum::extract::State;
use axum::response::Response;
use cybertip::DocEntry;
use maud::{Markup, html};
use ui::{Column, Link, Order, Row, Table};

use super::{Reader, SCHEMAS, show};
use crate::portal::Portal;

/// `GET /provider/help/schema`.
pub(super) async fn page(State(portal): State<Portal>, reader: Reader) -> Response {
    let entries = cybertip::reference();
    let sections: Vec<&[DocEntry]> = entries.chunk_by(|one, next| one.section == next.section).collect();
    let main = html! {
        h1 { "The reporting language" }
        p { "Every element and attribute, in the order in which they stand. What begins with @ is an attribute." }
        p { "Schemas: " @for (name, _, _) in SCHEMAS {
            @let href = format!("/provider/downloads/{name}");
            (Link { href: &href, label: name }) " "
        } }
        (contents(&sections))
        @for section in &sections { (table(section)) }
    };
    show(reader, &portal, "The reporting language", &main)
}

fn contents(sections: &[&[DocEntry]]) -> Markup {
    html! {
        nav aria-label="Sections" {
            ul .house-index { @for section in sections {
                @let name = section[0].section;
                @let href = format!("#{name}");
                li { (Link { href: &href, label: name }) }
            } }
        }
    }
}

fn table(section: &[DocEntry]) -> Markup {
    let name = section[0].section;
    let columns =
        ["Name", "Holds", "How often", "What it is for"].map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = section.iter().map(row).collect();
    html! {
        h2 #(name) { (name) }
        (ui::table(&Table { caption: &format!("Parts of {name}"), columns: &columns, rows: &rows, swap: None }))
    }
}

fn row(entry: &DocEntry) -> Row {
    Row {
        head: html! { code { (entry.name) } @if entry.since_2026 { " " (ui::chip("2026", ui::Tone::Muted)) } },
        cells: vec![
            html! { (entry.kind.replace('`', "")) },
            html! { (entry.occurs) },
            html! {
                (entry.says)
                @if !entry.documented.is_empty() { " Documentation: " (entry.documented.replace('`', "")) "." }
            },
        ],
    }
}
