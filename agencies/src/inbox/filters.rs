//! The form of filters, order and columns. Its answer is an address that can be kept. It stays folded: what is set stands in
//! the line above the list, where it is taken away, so that the list begins on the first screen.

use domain::{BasisCode, Id as _, IncidentType, Priority, Status, StatusReason, incident_types};
use maud::{Markup, html};
use ui::{Button, Choice, Choices, Field, Kind, button};
use workspace::inbox::Inbox;

use dossierpage::asked::{Asked, SORTS, Shown};

use super::filtered::{self, label};

const ANY: Choice<'static> = Choice { value: "", label: "Any" };
const FILES: [Choice<'static>; 3] =
    [ANY, Choice { value: "yes", label: "With files" }, Choice { value: "no", label: "Without files" }];
const DUE: [Choice<'static>; 3] = [
    ANY,
    Choice { value: "late", label: "Late" },
    Choice { value: "soon", label: "Late, or due within 24 hours" },
];

pub(super) fn section(asked: &Asked, found: &Inbox) -> Markup {
    let body = html! {
        (order_and_work(asked, found))
        (of_the_report(asked, found))
        (days(asked))
        (columns(asked))
        @if asked.only_new { input type="hidden" name="new" value="yes"; }
        (button("Show", Button::Secondary))
    };
    html! {
        details .house-details {
            summary #filters { "Filters, order and columns" }
            (ui::get(filtered::THERE, &body))
        }
    }
}

fn order_and_work(asked: &Asked, found: &Inbox) -> Markup {
    let sorts = SORTS.map(|(value, label, _)| Choice { value, label });
    let open = Choice { value: "", label: "Everything that is open" };
    let status = |one: &Status| Choice { value: one.as_str(), label: one.title() };
    let any = Choice { value: "any", label: "Open or closed, in the order in which it came or changed" };
    let statuses: Vec<Choice<'_>> =
        [open].into_iter().chain(Status::ALL.iter().map(status)).chain([any]).collect();
    let priority = |one: &Priority| Choice { value: one.as_str(), label: one.as_str() };
    let priorities: Vec<Choice<'_>> = [ANY].into_iter().chain(Priority::ALL.iter().map(priority)).collect();
    let reason = |one: &StatusReason| Choice { value: one.as_str(), label: one.title() };
    let reasons: Vec<Choice<'_>> = [ANY].into_iter().chain(StatusReason::ALL.iter().map(reason)).collect();
    let special = [ANY, Choice { value: "me", label: "Me" }, Choice { value: "nobody", label: "Nobody" }];
    let people = found.people.iter().map(|(id, name)| Choice { value: id.as_str(), label: name });
    let holders: Vec<Choice<'_>> = special.into_iter().chain(people).collect();
    let choice = |id, choices| Field::new(id, label(id)).kind(Kind::Choice(choices));
    html! {
        (choice("sort", &sorts).value(asked.sort_word()))
        (choice("status", &statuses).value(asked.status_word()))
        (choice("reason", &reasons).value(asked.reason.map_or("", StatusReason::as_str)).hint("Why it waits or was closed; it decides the status"))
        (choice("holder", &holders).value(asked.holder_word()))
        (Field::new("unit", label("unit")).value(&asked.unit))
        (choice("priority", &priorities).value(asked.priority.map_or("", Priority::as_str)))
        (choice("advised", &priorities).value(asked.advised.map_or("", Priority::as_str)).hint("The clearinghouse's, whatever your agency made of it"))
        (choice("due", &DUE).value(asked.due_word()))
    }
}

fn of_the_report(asked: &Asked, found: &Inbox) -> Markup {
    let kind = |kind: &'static IncidentType| Choice { value: &kind.key, label: &kind.title };
    let kinds: Vec<Choice<'_>> = [ANY].into_iter().chain(incident_types().iter().map(kind)).collect();
    let provider = |one: &(domain::ProviderId, String)| (one.0.to_string(), one.1.clone());
    let providers: Vec<(String, String)> = found.providers.iter().map(provider).collect();
    let senders = providers.iter().map(|(value, label)| Choice { value, label });
    let senders: Vec<Choice<'_>> = [ANY].into_iter().chain(senders).collect();
    let sender = asked.provider.as_ref().map_or("", |provider| provider.as_str());
    let choice = |id, choices| Field::new(id, label(id)).kind(Kind::Choice(choices));
    let offered = BasisCode::ALL.iter().filter(|basis| basis.is_of_delivery());
    let titles: Vec<(&str, String)> =
        offered.map(|one| (one.as_str(), format!("{one}: {}", in_words(*one)))).collect();
    let bases = titles.iter().map(|(value, label)| Choice { value, label });
    let bases: Vec<Choice<'_>> = [ANY].into_iter().chain(bases).collect();
    html! {
        (choice("type", &kinds).value(asked.incident_type.as_deref().unwrap_or_default()))
        (choice("provider", &senders).value(sender))
        (Field::new("place", label("place")).value(&asked.place).hint("As the list writes it, such as Cook County, IL"))
        (choice("files", &FILES).value(asked.files_word()))
        (choice("basis", &bases).value(asked.basis.map_or("", BasisCode::as_str)))
    }
}

/// To whom the law lets a report go on it, and where it says so (legal-rules, section 3).
const fn in_words(basis: BasisCode) -> &'static str {
    match basis {
        BasisCode::C1Fed => "a Federal agency, 18 USC 2258A(c)(1)",
        BasisCode::C2State => "a State agency, 18 USC 2258A(c)(2)",
        BasisCode::C2Local => "a local agency, 18 USC 2258A(c)(2)",
        BasisCode::C3ForDesig => "a foreign agency that the Attorney General designated, 18 USC 2258A(c)(3)",
        BasisCode::C3ForFbi => "a foreign agency that works with the FBI, 18 USC 2258A(c)(3)",
        BasisCode::C3ForIce => "a foreign agency that works with ICE, 18 USC 2258A(c)(3)",
        BasisCode::C3ForInterpol => "a foreign agency that works with INTERPOL, 18 USC 2258A(c)(3)",
        BasisCode::G3aDesig => "a designated Federal agency, 18 USC 2258A(g)(3)(A)",
        BasisCode::G3aInvolved => "a Federal agency that investigates such crimes, 18 USC 2258A(g)(3)(A)",
        BasisCode::G3bState => "a State agency, 18 USC 2258A(g)(3)(B)",
        BasisCode::G3bLocal => "a local agency, 18 USC 2258A(g)(3)(B)",
        BasisCode::G3bTribal => "a tribal agency, 18 USC 2258A(g)(3)(B)",
        BasisCode::G3eProcess => "to answer legal process, 18 USC 2258A(g)(3)(E)",
        BasisCode::G3cForDesig
        | BasisCode::G3cForFbi
        | BasisCode::G3cForIce
        | BasisCode::G3cForInterpol
        | BasisCode::G3d2258c
        | BasisCode::D5Notice
        | BasisCode::D5Inability
        | BasisCode::C2258dLe => "no report is made available on it",
    }
}

fn days(asked: &Asked) -> Markup {
    let day = |id, value| Field::new(id, label(id)).kind(Kind::Date).value(value);
    html! {
        (day("from", &asked.received.from))
        (day("to", &asked.received.to))
        (day("arrived-from", &asked.arrived.from).hint("Found at once in the order \"Arrived last first\"; in others the search may stop and go on"))
        (day("arrived-to", &asked.arrived.to))
        (day("changed-from", &asked.changed.from).hint("Found at once in the order \"Changed last first\"; in others the search may stop and go on"))
        (day("changed-to", &asked.changed.to))
    }
}

fn columns(asked: &Asked) -> Markup {
    let all: Vec<Choice<'_>> = Shown::ALL.iter().map(|(_, value, label)| Choice { value, label }).collect();
    let shown = Shown::ALL.iter().filter(|(one, ..)| asked.columns.contains(one));
    let chosen: Vec<&str> = shown.map(|(_, word, _)| *word).collect();
    html! { (Choices::any("column", "Columns", &all).chosen(&chosen)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_basis_that_can_be_chosen_says_to_whom_and_where_the_law_says_so() {
        for basis in BasisCode::ALL {
            assert_eq!(in_words(*basis).contains("18 USC 2258A("), basis.is_of_delivery(), "{basis}");
        }
    }
}
