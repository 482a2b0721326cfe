//! Ten seconds: danger, who, where, when and what that time means, what is new, until when.

use domain::{Dossier, IncidentType, Involved, IpEvent, Priority, Role, people};
use maud::{Markup, html};
use ui::{Tone, Value, Weight, definitions};

use super::{Page, addresses, clock};
use crate::show;

/// Reasons and people that stand on top; all of them stand below.
const MOST_ON_TOP: usize = 4;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let dossier = page.dossier;
    let incident = &dossier.submission.incident;
    let kind = IncidentType::find(&incident.incident_type);
    let kind = kind.map_or(incident.incident_type.as_str(), |k| k.title.as_str());
    let mut facts = vec![
        ("Priority (advisory)", priority(page)),
        ("Take it on until", deadline(page)),
        ("New to you", page.story.news().into()),
        ("Incident", Value::words(Some(kind))),
        ("Sender", Value::words(Some(&dossier.provider_name))),
        ("Who", who(dossier)),
        ("Where", place(page)),
        ("When", show::given(Some(&incident.occurred))),
        ("What that time means", meaning(dossier)),
        ("Received", show::moment(dossier.received_at).into()),
        ("Sender preserves until", preserved(page)),
    ];
    if let Some(reason) = &dossier.submission.batched {
        facts.push(("Bundled report", Value::words(Some(reason))));
    }
    html! {
        section aria-labelledby="at-a-glance" {
            h2 #at-a-glance { "At a glance" }
            (danger(dossier))
            (definitions(&facts))
        }
    }
}

/// Why somebody should hurry: our reasons, and the sender's own words when it asked for high priority.
fn danger(dossier: &Dossier) -> Markup {
    let heading = match dossier.priority {
        Priority::Immediate => Some("A child may be in danger now"),
        Priority::Urgent => Some("A child may come into danger"),
        Priority::Elevated | Priority::Routine | Priority::Informational => None,
    };
    let escalation = dossier.submission.incident.escalation.as_ref();
    html! {
        @if let Some(heading) = heading {
            (ui::alert(Weight::Warning, heading, &html! {
                ul { @for reason in dossier.reasons.iter().take(MOST_ON_TOP) { li { (ui::text(&reason.says)) } } }
            }))
        }
        @if let Some(words) = escalation {
            (ui::alert(Weight::Warning, "The sender asks for high priority", &html! { p { (ui::text(words.reveal())) } }))
        }
    }
}

fn priority(page: &Page<'_>) -> Value {
    let own = page.own.and_then(|own| own.standing.said.own_priority);
    html! {
        (show::priority(page.dossier.priority))
        @if let Some(own) = own { " Your agency's own: " (show::priority(own)) }
    }
    .into()
}

/// Until when somebody of the agency must take it on, by the agency's own clock.
fn deadline(page: &Page<'_>) -> Value {
    let Some(own) = page.own else { return Value::Unknown };
    let standing = &own.standing;
    html! {
        @match standing.due_at {
            Some(due) => {
                (show::moment(due))
                @if standing.is_late(page.now) { " " (ui::chip("late", Tone::Critical)) } @else { ", " (clock::ahead(due, page.now)) }
            }
            None => "nothing is due any more",
        }
        " (" (standing.said.status.title()) ")"
    }
    .into()
}

fn preserved(page: &Page<'_>) -> Value {
    let until = page.dossier.preserve_until;
    html! { (show::moment(until)) ": " (clock::left(until, page.now)) }.into()
}

/// Children first, and everybody with the part they have.
fn who(dossier: &Dossier) -> Value {
    let people = &dossier.submission.people;
    let of = |role: Role| people.iter().filter(move |person| person.role == role);
    let (children, reported, recipients) = (of(Role::Victim), of(Role::Reported), of(Role::Recipient));
    let all: Vec<&Involved> = children.clone().chain(reported.clone()).chain(recipients.clone()).collect();
    html! {
        ul { @for person in all.iter().take(MOST_ON_TOP) { li { (one(person)) } } }
        "Children named: " (children.count()) ". Reported: " (reported.count()) ". Intended recipients: " (recipients.count()) "."
    }
    .into()
}

fn one(person: &Involved) -> Markup {
    let handle = person.screen_name.as_ref().or(person.account_id.as_ref());
    html! {
        (show::role(person.role))
        @if let Some(handle) = handle { ": " (ui::text(handle.reveal())) }
        @if let Some(age) = person.person.age { ", " (age) " years by the account" @if person.person.age_doubted == Some(true) { " (doubted)" } }
    }
}

/// The newest place of a reported account that says something of a person, before what a relay or a data centre says.
fn place(page: &Page<'_>) -> Value {
    let statements = page.dossier.files.iter().filter_map(|file| file.statement.as_ref());
    let mut events: Vec<&IpEvent> = people::ip_events(&page.dossier.submission, statements)
        .into_iter()
        .filter_map(|(role, event)| (role == Role::Reported).then_some(event))
        .filter(|event| page.known.place(event.address.reveal()).is_some())
        .collect();
    let elsewhere = |event: &IpEvent| {
        matches!(page.known.network_kind(event.address.reveal()), Some("relay" | "hosting"))
    };
    let at = |event: &IpEvent| event.at.as_ref().and_then(|at| at.instant);
    events.sort_by_key(|event| (elsewhere(event), std::cmp::Reverse(at(event))));
    let Some(event) = events.first() else { return looked_up(page.dossier) };
    let address = event.address.reveal();
    html! {
        (ui::text(&page.known.place(address).unwrap_or_default())) " (approximate, by the address " (ui::text(address)) ", "
        (ui::text(event.event.as_deref().unwrap_or("seen")))
        @if let Some(at) = at(event) { " on " (show::moment(at)) } ")"
        @if elsewhere(event) { " " (ui::chip("a VPN, relay or data centre: the person is elsewhere", Tone::Strong)) }
    }
    .into()
}

/// Any place of the report, where no reported account has one.
fn looked_up(dossier: &Dossier) -> Value {
    let found = dossier.findings.iter().find(|f| f.value.get("country").is_some());
    let Some(found) = found else { return Value::Unknown };
    let words = addresses::place(&[found]).unwrap_or_default();
    html! { (ui::text(&words)) " (approximate, by " (ui::text(found.subject.reveal())) "; table of " (found.as_of) ")" }.into()
}

/// What the sender says of this time; else what it says of all its reports.
fn meaning(dossier: &Dossier) -> Value {
    let said = Value::words(dossier.submission.incident.occurred_means.as_deref());
    match (said, &dossier.sender_profile) {
        (Value::Unknown, Some(stamped)) => {
            html! { (ui::text(&stamped.profile.incident_time)) " (the sender, of all its reports)" }.into()
        }
        (said, _) => said,
    }
}
