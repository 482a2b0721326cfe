//! Everybody the report speaks of, each with the part they have. Children come under their own heading.

use domain::{AccountDisabled, AssociatedAccount, Involved, Private};
use maud::{Markup, html};
use ui::{Column, Order, Row, Table, Value, definitions, table};

use super::{places, supplied};
use crate::show;

pub(super) fn section(people: &[Involved]) -> Markup {
    html! {
        section aria-labelledby="people" {
            h2 #people { "People and accounts" }
            @if people.is_empty() { (ui::empty("The sender named nobody.", None)) }
            @for (at, person) in people.iter().enumerate() { (involved(at + 1, person)) }
        }
    }
}

fn involved(number: usize, person: &Involved) -> Markup {
    html! {
        article .house-involved {
            h3 { (show::role(person.role)) " (" (number) ")" }
            (account(person))
            (supplied::person("Person behind the account", &person.person))
            (places::ip_events("Internet addresses of this account", &person.ip_events))
            (devices(person))
            @for linked in &person.associated { (associated(linked)) }
            @for note in &person.additional { p .house-words { (ui::text(note.reveal())) } }
        }
    }
}

fn account(person: &Involved) -> Markup {
    let location = person.estimated_location.as_ref().map(|l| {
        let city = l.city.as_ref().map(|c| c.reveal().as_str());
        [city, l.region.as_deref(), l.country.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let prior: Vec<String> = person.prior_reports.iter().map(ToString::to_string).collect();
    definitions(&[
        ("Screen name", show::said(person.screen_name.as_ref())),
        ("Display names", many(&person.display_names)),
        ("Account id at the sender", show::said(person.account_id.as_ref())),
        ("Service", Value::words(person.service.as_deref())),
        ("Profile addresses (not links)", many(&person.profile_urls)),
        ("Profile text", show::said(person.profile_text.as_ref())),
        ("Account may be compromised", show::answer(person.compromised)),
        ("Account of another company", show::answer(person.third_party_user)),
        ("Vehicle", show::said(person.vehicle.as_ref())),
        ("School", show::said(person.school.as_ref())),
        ("Group", show::said(person.group.as_ref())),
        ("Sender's estimate of the location", Value::words(location.as_deref())),
        ("Earlier reports named by the sender", Value::words(Some(&prior.join(", ")))),
        ("Temporarily disabled", disabled(person.temporarily_disabled.as_ref())),
        ("Permanently disabled", disabled(person.permanently_disabled.as_ref())),
    ])
}

fn many(words: &[Private<String>]) -> Value {
    if words.is_empty() {
        return Value::Unknown;
    }
    html! { ul { @for word in words { li { (ui::text(word.reveal())) } } } }.into()
}

fn disabled(state: Option<&AccountDisabled>) -> Value {
    let Some(state) = state else { return Value::Unknown };
    html! {
        (ui::Tri::from(state.disabled))
        @if let Some(at) = &state.disabled_at { ", since " (ui::text(&at.text)) }
        ", user notified: " (ui::Tri::from(state.user_notified))
    }
    .into()
}

fn devices(person: &Involved) -> Markup {
    let column = |label| Column { label, order: Order::Fixed };
    let columns = ["Device", "Kind", "Event"].map(column);
    let rows: Vec<Row> = person
        .devices
        .iter()
        .map(|d| Row {
            head: ui::text(d.value.reveal()),
            cells: vec![ui::text(&d.kind), ui::text(d.event.as_deref().unwrap_or("Unknown"))],
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            (table(&Table { caption: "Devices of this account", columns: &columns, rows: &rows, swap: None }))
        }
    }
}

fn associated(linked: &AssociatedAccount) -> Markup {
    let body = html! {
        (definitions(&[
            ("Kind of link", Value::words(Some(&linked.kind))),
            ("Platform", Value::words(linked.platform.as_deref())),
        ]))
        (account(&linked.account))
        (supplied::person("Person behind the linked account", &linked.account.person))
        (places::ip_events("Internet addresses of the linked account", &linked.account.ip_events))
    };
    ui::details("Linked account", &body)
}
