//! Section A, how this sender reports: its approved words on what its "viewed", its times and its addresses mean.

use domain::{Dossier, SenderProfile, StampedProfile};
use maud::{Markup, html};
use ui::{Value, definitions};

use crate::show;

pub(crate) fn how(dossier: &Dossier) -> Markup {
    html! {
        h3 #how-this-sender-reports { "How this sender reports" }
        @match &dossier.sender_profile {
            Some(stamped) => (told(stamped)),
            None => p {
                "This sender has not described how it reports. Ask it what \"viewed\" means, and which moment the "
                "incident time is, before you rely on either."
            },
        }
    }
}

fn told(stamped: &StampedProfile) -> Markup {
    let StampedProfile { version, approved_at, profile } = stamped;
    html! {
        p {
            "The sender's own words about all of its reports, version " (version) ", approved by the clearinghouse on "
            (show::moment(*approved_at)) ". What stands in this report goes before them."
        }
        (definitions(&facts(profile)))
        @if !profile.known_gaps.is_empty() {
            h4 { "What the sender knows to be missing or wrong" }
            ul { @for gap in &profile.known_gaps { li .house-words { (ui::text(gap)) } } }
        }
    }
}

fn facts(profile: &SenderProfile) -> Vec<(&str, Value)> {
    let contact = &profile.legal_process;
    let mut facts = vec![
        ("What \"viewed\" means", Value::words(Some(&profile.viewed))),
        ("Which moment the incident time is", Value::words(Some(&profile.incident_time))),
        ("What each address event means", events(profile)),
        ("How long it keeps what", Value::words(Some(&profile.retention))),
        ("Team for legal process", Value::words(Some(&contact.team))),
        ("Its mailbox", Value::words(Some(&contact.email))),
        ("Its telephone number", Value::words(Some(&contact.phone))),
        ("Its guide (not a link)", Value::words(Some(&contact.url))),
    ];
    if let Some(extended) = &profile.extended_retention {
        let words = format!("until {}, to {}", extended.until, extended.purpose.as_str().replace('-', " "));
        facts.push(("Keeps reported contents longer", Value::words(Some(&words))));
    }
    if let Some(said) = &profile.cybersecurity {
        let words = format!("NIST Cybersecurity Framework {}, said on {}", said.version, said.attested_on);
        facts.push(("Preserves in line with", Value::words(Some(&words))));
    }
    facts
}

fn events(profile: &SenderProfile) -> Value {
    if profile.events.is_empty() {
        return Value::Unknown;
    }
    html! { ul { @for event in &profile.events { li { (ui::text(&event.event)) ": " (ui::text(&event.means)) } } } }
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dossier(name: &str) -> Dossier {
        let text = match name {
            "full" => include_str!("../../formats/fixtures/dossier/full.json"),
            _ => include_str!("../../formats/fixtures/dossier/bare.json"),
        };
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_approved_words_stand_with_their_version_and_day() {
        let page = how(&dossier("full")).into_string();
        for words in
            ["version 2", "2026-01-20", "A trained reviewer", "Login: ", "No ports before 2026.", "2.0"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("href"), "a sender's address is never a link");
    }

    #[test]
    fn a_sender_that_described_nothing_is_said_to_have() {
        assert!(how(&dossier("bare")).into_string().contains("has not described how it reports"));
    }
}
