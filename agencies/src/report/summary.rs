//! Ten seconds: who, where, when and what that time means, danger, deadline.

use domain::{Dossier, IncidentType, Role};
use maud::{Markup, html};
use ui::{Value, Weight, definitions};

use crate::show;

pub(super) fn section(dossier: &Dossier) -> Markup {
    let incident = &dossier.submission.incident;
    let kind = IncidentType::find(&incident.incident_type);
    let kind = kind.map_or(incident.incident_type.as_str(), |k| k.title.as_str());
    let mut facts = vec![
        ("Priority (advisory)", show::priority(dossier.priority).into()),
        ("Incident", Value::words(Some(kind))),
        ("Sender", Value::words(Some(&dossier.provider_name))),
        ("Who", who(dossier)),
        ("Where", place(dossier)),
        ("When", show::given(Some(&incident.occurred))),
        ("What that time means", Value::words(incident.occurred_means.as_deref())),
        ("Received", show::moment(dossier.received_at).into()),
        ("Sender preserves until", show::moment(dossier.preserve_until).into()),
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

/// The sender's own words when it asked for high priority.
fn danger(dossier: &Dossier) -> Markup {
    let escalation = dossier.submission.incident.escalation.as_ref();
    html! {
        @if let Some(words) = escalation {
            (ui::alert(Weight::Warning, "The sender asks for high priority", &html! { p { (ui::text(words.reveal())) } }))
        }
    }
}

fn who(dossier: &Dossier) -> Value {
    let people = &dossier.submission.people;
    let reported = people.iter().filter(|p| p.role == Role::Reported).count();
    let children = people.iter().filter(|p| p.role == Role::Victim).count();
    let recipients = people.iter().filter(|p| p.role == Role::Recipient).count();
    let first = people.iter().find(|p| p.role == Role::Reported);
    let name = first.and_then(|p| p.screen_name.as_ref().or(p.account_id.as_ref()));
    html! {
        @if let Some(name) = name { (ui::text(name.reveal())) ". " }
        "Reported: " (reported) ". Intended recipients: " (recipients) ". Children named: " (children) "."
    }
    .into()
}

fn place(dossier: &Dossier) -> Value {
    let found = dossier.findings.iter().find(|f| f.value.get("country").is_some());
    let Some(found) = found else { return Value::Unknown };
    let part = |key: &str| found.value.get(key).and_then(|v| v.as_str());
    let words: Vec<&str> = ["city", "county", "region", "country"].into_iter().filter_map(part).collect();
    html! { (ui::text(&words.join(", "))) " (approximate, by address; table of " (found.as_of) ")" }.into()
}
