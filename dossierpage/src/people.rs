//! Everybody the report speaks of, each with the part they have. Children come under their own heading.

use domain::{AccountDisabled, AssociatedAccount, Involved, Private, Role};
use formats::package::role_warning;
use maud::{Markup, html};
use ui::{Column, Order, Row, Table, Tone, Value, definitions, table};

use super::addresses::{self, Known};
use super::supplied;
use crate::show;

/// The parts that people have, each under a heading of its own: whoever is read under one of them is not of another.
const GROUPS: [(&str, &str, &[Role]); 3] = [
    ("children", "Children", &[Role::Victim]),
    ("people", "Reported persons and accounts", &[Role::Reported]),
    ("recipients", "Intended recipients, who may be children", &[Role::Recipient]),
];

pub(crate) fn section(people: &[Involved], known: &Known<'_>) -> Markup {
    let helpers: &[Role] = &[Role::Reporter, Role::Contact, Role::Officer];
    let groups = GROUPS.into_iter().chain([("helpers", "Others whom the report names", helpers)]);
    html! {
        div #everybody {
            @for (id, heading, roles) in groups {
                @let here: Vec<(usize, &Involved)> = people.iter().enumerate().filter(|(_, one)| roles.contains(&one.role)).collect();
                @if !here.is_empty() || id == "people" {
                    section aria-labelledby=(id) {
                        h2 #(id) { (heading) }
                        @if here.is_empty() { (ui::empty("The sender reported nobody by name or account.", None)) }
                        @for (at, person) in here { (involved(at + 1, person, people, known)) }
                    }
                }
            }
        }
    }
}

fn involved(number: usize, person: &Involved, people: &[Involved], known: &Known<'_>) -> Markup {
    html! {
        article .house-involved {
            h3 { (show::role(person.role)) " (" (number) ")" }
            @if let Some(warning) = role_warning(person, people) { p { (ui::chip("Mind", Tone::Notice)) " " (warning) } }
            (account(person))
            (supplied::person("Person behind the account", &person.person))
            (addresses::table_of("Internet addresses of this account", &person.ip_events, known))
            (devices(person))
            @for linked in &person.associated { (associated(linked, known)) }
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

fn associated(linked: &AssociatedAccount, known: &Known<'_>) -> Markup {
    let body = html! {
        (definitions(&[
            ("Kind of link", Value::words(Some(&linked.kind))),
            ("Platform", Value::words(linked.platform.as_deref())),
        ]))
        (account(&linked.account))
        (supplied::person("Person behind the linked account", &linked.account.person))
        (addresses::table_of("Internet addresses of the linked account", &linked.account.ip_events, known))
    };
    ui::details("Linked account", &body)
}

#[cfg(test)]
mod tests {
    use super::super::addresses::tests::dossier;
    use super::*;

    fn page(people: &[Involved]) -> String {
        section(people, &Known::of(&dossier(), None)).into_string()
    }

    #[test]
    fn a_child_never_stands_under_the_heading_of_a_reported_person() {
        let mut child = Involved::nobody(Role::Victim);
        child.screen_name = Some(Private::new("Example child".to_owned()));
        let mut recipient = Involved::nobody(Role::Recipient);
        recipient.screen_name = Some(Private::new("Example recipient".to_owned()));
        let page = page(&[recipient, Involved::nobody(Role::Reported), child]);
        let under = |words: &str| {
            let before = &page[..page.find(words).unwrap()];
            let heading = &before[before.rfind("<h2").unwrap()..];
            heading[heading.find('>').unwrap() + 1..heading.find("</h2>").unwrap()].to_owned()
        };
        assert_eq!(under("Example child"), "Children");
        assert_eq!(under("Example recipient"), "Intended recipients, who may be children");
        assert!(page.contains("The child. Not a suspect."), "{page}");
    }

    #[test]
    fn a_reported_account_of_a_minor_says_that_it_may_be_a_child() {
        let mut minor = Involved::nobody(Role::Reported);
        minor.person.age = Some(15);
        assert!(page(&[minor]).contains("Stated age 15: may be a child."));
        assert!(page(&[]).contains("reported nobody by name or account"));
    }
}
