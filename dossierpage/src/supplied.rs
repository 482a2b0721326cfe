//! Section A: what the sender supplied, in its words.

use domain::{Dossier, IncidentType, LawEnforcement, Person, Reporter, Submission, Unmodelled};
use maud::{Markup, html};
use ui::{Value, definitions};

use super::addresses::Known;
use super::{places, sender};
use crate::show;

pub(crate) fn section(dossier: &Dossier, known: &Known<'_>) -> Markup {
    let submission = &dossier.submission;
    html! {
        section aria-labelledby="section-a" {
            h2 #section-a { "Section A: supplied by the sender" }
            (incident(submission))
            @for (at, detail) in submission.details.iter().enumerate() { (places::detail(at + 1, detail, known)) }
            @if let Some(le) = &submission.law_enforcement { (law_enforcement(le)) }
            (reporter(&submission.reporter))
            (sender::how(dossier))
            (notes(submission))
            (unmodelled(&submission.unmodelled))
        }
    }
}

fn incident(submission: &Submission) -> Markup {
    let incident = &submission.incident;
    let annotations = incident.annotations.join(", ");
    let kind =
        IncidentType::find(&incident.incident_type).map_or(&incident.incident_type, |kind| &kind.title);
    html! {
        h3 { "Incident" }
        (definitions(&[
            ("Incident type", Value::words(Some(kind))),
            ("Platform", Value::words(incident.platform.as_deref())),
            ("Annotations", Value::words(Some(&annotations))),
            ("Incident time", show::given(Some(&incident.occurred))),
            ("What that time means", Value::words(incident.occurred_means.as_deref())),
            ("Escalation", show::said(incident.escalation.as_ref())),
        ]))
    }
}

fn law_enforcement(le: &LawEnforcement) -> Markup {
    html! {
        h3 { "Law enforcement already involved" }
        (definitions(&[
            ("Agency", Value::words(Some(&le.agency))),
            ("Case number", Value::words(le.case_number.as_deref())),
            ("Reported by the sender", show::answer(le.reported)),
            ("Domestic legal process served", show::answer(le.domestic_process)),
            ("Foreign legal process served", show::answer(le.foreign_process)),
            ("Country of that process", Value::words(le.foreign_country.as_deref())),
        ]))
        @if let Some(officer) = &le.officer { (person("Officer", officer)) }
    }
}

fn reporter(reporter: &Reporter) -> Markup {
    html! {
        h3 { "Reporter" }
        (person("Reporting person", &reporter.person))
        @if let Some(contact) = &reporter.contact { (person("Contact for law enforcement", contact)) }
        (definitions(&[
            ("Company information", Value::words(reporter.company_template.as_deref())),
            ("Terms of service", Value::words(reporter.terms_of_service.as_deref())),
            ("Legal process explained at", Value::words(reporter.legal_url.as_deref())),
        ]))
    }
}

/// Name and ways to reach a person, under a heading that says the part this person has.
pub(crate) fn person(heading: &str, person: &Person) -> Markup {
    let name: Vec<&str> = [&person.first_name, &person.middle_name, &person.last_name]
        .into_iter()
        .flatten()
        .map(|part| part.reveal().as_str())
        .collect();
    let name = name.join(" ");
    html! {
        h4 { (heading) }
        (definitions(&[
            ("Name", Value::words(Some(&name))),
            ("Age", Value::words(person.age.map(|a| a.to_string()).as_deref())),
            ("Date of birth", show::said(person.date_of_birth.as_ref())),
            ("E-mail", list(person.emails.iter().map(|e| (e.address.reveal().as_str(), e.kind.as_deref(), e.verified)))),
            ("Telephone", list(person.phones.iter().map(|p| (p.number.reveal().as_str(), p.kind.as_deref(), p.verified)))),
        ]))
        @for address in &person.addresses { (places::address(address)) }
    }
}

fn list<'a>(ways: impl Iterator<Item = (&'a str, Option<&'a str>, Option<bool>)>) -> Value {
    let ways: Vec<_> = ways.collect();
    if ways.is_empty() {
        return Value::Unknown;
    }
    html! {
        ul {
            @for (words, kind, verified) in ways {
                li {
                    (ui::text(words))
                    @if let Some(kind) = kind { " (" (ui::text(kind)) ")" }
                    ", verified: " (ui::Tri::from(verified))
                }
            }
        }
    }
    .into()
}

fn notes(submission: &Submission) -> Markup {
    html! {
        @if !submission.additional.is_empty() {
            h3 { "Additional information" }
            @for note in &submission.additional { p .house-words { (ui::text(note.reveal())) } }
        }
    }
}

/// What came in and has no field here: shown, never dropped.
fn unmodelled(rest: &[Unmodelled]) -> Markup {
    let body = html! {
        (definitions(&rest.iter().map(|u| (u.path.as_str(), show::said(Some(&u.text)))).collect::<Vec<_>>()))
    };
    html! { @if !rest.is_empty() { (ui::details("Received elements that this version does not know", &body)) } }
}
