//! How values read on a page: times, sizes, answers, roles. One place, so that no two pages write them differently.

use domain::{GivenTime, Priority, Private, Role, TriState};
use maud::{Markup, html};
use ui::{Tone, Tri, Value};
pub use web::{moment, size, time};

/// A time as a sender gave it. What has no zone says so.
pub fn given(at: Option<&GivenTime>) -> Value {
    let Some(at) = at else { return Value::Unknown };
    match at.instant {
        Some(instant) => moment(instant).into(),
        None => html! { (ui::text(&at.text)) " " (ui::chip("time zone not given", Tone::Notice)) }.into(),
    }
}

/// A stranger's words, or their absence.
pub fn said(words: Option<&Private<String>>) -> Value {
    Value::words(words.map(|w| w.reveal().as_str()))
}

/// A yes, a no, or nothing said.
pub fn answer(answer: Option<bool>) -> Value {
    html! { (Tri::from(answer)) }.into()
}

/// The three answers about a file, never guessed.
pub fn tri(answer: TriState) -> Markup {
    html! { (Tri::from(Option::<bool>::from(answer))) }
}

/// Our advisory priority as a word that stands out as much as it should.
pub fn priority(priority: Priority) -> Markup {
    let tone = match priority {
        Priority::Immediate => Tone::Critical,
        Priority::Urgent => Tone::Strong,
        Priority::Elevated => Tone::Notice,
        Priority::Routine => Tone::Plain,
        Priority::Informational => Tone::Muted,
    };
    ui::chip(priority.as_str(), tone)
}

/// The part a person has. A child never stands under a suspect heading, so the word is always printed.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Reported => "Reported person",
        Role::Recipient => "Intended recipient (may be a child)",
        Role::Victim => "Child",
        Role::Reporter => "Reporter",
        Role::Contact => "Contact at the sender",
        Role::Officer => "Officer already informed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // PROVES: R-08
    #[test]
    fn a_time_without_a_zone_is_never_shown_as_utc() {
        let unzoned = GivenTime { text: "2026-02-03T14:05:00".into(), instant: None, zone_unknown: true };
        let Value::Known(markup) = given(Some(&unzoned)) else { panic!("a given time is known") };
        let text = markup.into_string();
        assert!(text.contains("time zone not given") && !text.contains("UTC"), "{text}");
    }
}
