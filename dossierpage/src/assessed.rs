//! Section C: priority with its reasons and related reports by pointer. Section D: to whom, on which basis, when, why.

use domain::Dossier;
use maud::{Markup, html};
use ui::{Column, Link, Order, Reason, Row, Table, table};

use super::lacks;
use crate::show;

pub(crate) fn section(dossier: &Dossier) -> Markup {
    let reasons: Vec<Reason<'_>> =
        dossier.reasons.iter().map(|r| Reason { because: &r.says, rule: &r.rule, facts: &[] }).collect();
    html! {
        section aria-labelledby="section-c" {
            h2 #section-c { "Section C: priority, route, related reports" }
            h3 { "Why this priority: " (show::priority(dossier.priority)) }
            p { "This priority is advice. Your agency decides its own." }
            (ui::reasons(&reasons))
            (routes(dossier))
            (related(dossier))
            (lacks::section(dossier))
            p { "Rules in force: " code { (ui::text(&dossier.rule_set)) } }
        }
    }
}

fn routes(dossier: &Dossier) -> Markup {
    let reasons: Vec<Reason<'_>> =
        dossier.deliveries.iter().map(|d| Reason { because: &d.says, rule: &d.rule, facts: &[] }).collect();
    html! { h3 { "Why it is here" } (ui::reasons(&reasons)) }
}

fn related(dossier: &Dossier) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = ["Report", "Shares", "How many", "Held by"].map(column);
    let rows: Vec<Row> = dossier.related.iter().map(pointer).collect();
    let caption = "Earlier reports that share an identifier with this one";
    html! {
        h3 { "Related reports" }
        @if rows.is_empty() { (ui::empty("No earlier report shares an identifier with this one.", None)) }
        @else { (table(&Table { caption, columns: &columns, rows: &rows, swap: None })) }
    }
}

/// A pointer only: nothing of the other report's content.
fn pointer(related: &domain::RelatedReport) -> Row {
    let number = related.report.to_string();
    let href = format!("/agency/reports/{number}");
    let kinds: Vec<&str> = related.kinds.iter().map(|k| k.as_str()).collect();
    let holders: Vec<String> = related.holders.iter().map(ToString::to_string).collect();
    Row {
        head: html! {
            @if related.held { (Link { href: &href, label: &number }) } @else { "held elsewhere" }
        },
        cells: vec![
            ui::text(&kinds.join(", ")),
            html! { (related.shared) },
            if related.held {
                html! { "your agency" }
            } else {
                ui::text(&holders.join(", "))
            },
        ],
    }
}

/// Section D.
pub(crate) fn made_available(dossier: &Dossier) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = ["Agency", "Basis", "When", "How"].map(column);
    let rows: Vec<Row> = dossier
        .deliveries
        .iter()
        .map(|d| Row {
            head: ui::text(&d.agency_name),
            cells: vec![ui::text(d.basis.as_str()), show::moment(d.available_at), ui::text(&d.channel)],
        })
        .collect();
    html! {
        section aria-labelledby="section-d" {
            h2 #section-d { "Section D: made available to" }
            (table(&Table { caption: "Deliveries of this report", columns: &columns, rows: &rows, swap: None }))
        }
    }
}
