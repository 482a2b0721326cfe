//! One report on its way between two agencies, as one of them sees it: the answer, or the taking back.

use domain::{DeclineReason, IncidentType, TransferKind, TransferState};
use jiff::Timestamp;
use maud::{Markup, html};
use ui::{Button, Choice, Choices, Field, Kind, Link, Value, Weight, button, definitions};
use workspace::transfers::{OnRecord, Seen};

use super::{address, code_in_words, state};
use crate::{clock, show};

/// For whom it is drawn.
pub struct Reader<'a> {
    /// Their agency.
    pub agency_name: &'a str,
    /// The token of the forms.
    pub token: &'a str,
    /// When.
    pub now: Timestamp,
}

/// What somebody had written already.
#[derive(Default)]
pub struct Said<'a> {
    /// Why it is declined.
    pub reason: &'a str,
    /// Words to the other agency.
    pub words: &'a str,
}

/// The page's title.
#[must_use]
pub fn title(seen: &Seen) -> String {
    let how = if seen.outgoing { "handed on" } else { "offered" };
    format!("Report {} {how}", seen.transfer.report)
}

/// The page; `refused` says why nothing was changed.
pub fn main(reader: &Reader<'_>, seen: &Seen, said: &Said, refused: Option<&str>) -> Markup {
    let one = &seen.transfer;
    let open = one.state(reader.now) == TransferState::Offered;
    let href = format!("/agency/reports/{}", one.report);
    html! {
        h1 { (title(seen)) }
        @if let Some(says) = refused {
            (ui::alert(Weight::Error, "Nothing was changed", &html! {
                p { (says) }
                @if !open && !said.words.is_empty() { p { "You had written: " (ui::text(said.words)) } }
            }))
        }
        p { (state(seen, reader.now)) }
        (definitions(&facts(reader, seen)))
        @if seen.outgoing || (!open && one.state(reader.now) == TransferState::Accepted) {
            p { (Link { href: &href, label: "Open the report" }) }
        }
        @if open && seen.outgoing { (withdraw_form(reader, seen)) }
        @if open && !seen.outgoing { (answer_forms(reader, seen, said)) }
    }
}

/// What stands instead of words whose key is no more.
const GONE: &str = "destroyed with the report";

fn facts(reader: &Reader<'_>, seen: &Seen) -> Vec<(&'static str, Value)> {
    let one = &seen.transfer;
    let (from, to) = (reader.agency_name, seen.other_name.as_str());
    let incident = IncidentType::find(&one.incident_type).map_or(&one.incident_type, |kind| &kind.title);
    let (from, to) = if seen.outgoing { (from, to) } else { (to, from) };
    let mut facts = vec![
        ("From", Value::words(Some(from))),
        ("To", Value::words(Some(to))),
        ("Kind", Value::words(Some(kind(seen)))),
        (if seen.outgoing { "Why" } else { "Why, they say" }, Value::words(Some(one.reason.title()))),
        ("Allowed by", Value::words(Some(code_in_words(one.code)))),
    ];
    match &one.words {
        Some(words) => {
            facts.extend(on_record(&words.on));
            let label = if seen.outgoing { "Words to the other agency" } else { "Their words to you" };
            facts.push((label, or_none(Some(&words.note))));
        }
        None => facts.push(("Words", Value::words(Some(GONE)))),
    }
    facts.extend([
        ("Priority", show::priority(one.priority).into()),
        ("Incident type", Value::words(Some(incident))),
        ("Reported", show::moment(one.received_at).into()),
        ("Files", Value::words(Some(&one.files.to_string()))),
        ("Offered", show::moment(one.offered_at).into()),
        ("Answer until", answer_until(seen, reader.now)),
    ]);
    if let Some((by, at)) = &one.decided {
        facts.push(("Decided", show::moment(*at).into()));
        if !by.is_empty() {
            facts.push(("Decided by", Value::words(Some(by))));
        }
    }
    if let Some(delivery) = &one.delivery {
        facts.push(("Receipt: made available by the delivery", html! { code { (delivery) } }.into()));
    }
    if let Some(decline) = one.decline {
        facts.push(("Declined because", Value::words(Some(decline.title()))));
        let label = if seen.outgoing { "Their words" } else { "Your words" };
        let words = if one.words.is_some() { one.answer.as_deref() } else { Some(GONE) };
        facts.push((label, or_none(words)));
    }
    facts
}

fn answer_until(seen: &Seen, now: Timestamp) -> Value {
    let one = &seen.transfer;
    let open = one.state(now) == TransferState::Offered;
    html! { (show::moment(one.due_at)) @if open { ", " (clock::ahead(one.due_at, now)) } }.into()
}

/// The kind, as the reader's side says it.
const fn kind(seen: &Seen) -> &'static str {
    match (seen.transfer.kind, seen.outgoing) {
        (kind, true) => kind.title(),
        (TransferKind::Transfer, false) => "Transfer: you have it instead of them",
        (TransferKind::Referral, false) => "Referral: you have it too",
    }
}

/// Words that somebody may have left out: that is known, and no gap.
fn or_none(words: Option<&str>) -> Value {
    Value::words(Some(words.filter(|words| !words.is_empty()).unwrap_or("none")))
}

/// What is on record for the exception. What a court wants kept is shown to everybody who looks later.
fn on_record(on: &OnRecord) -> Vec<(&'static str, Value)> {
    match on {
        OnRecord::StateOffence { state, offence } => {
            vec![("State", Value::words(Some(state))), ("Offence", Value::words(Some(offence)))]
        }
        OnRecord::FoundNecessary { attorney, at } => {
            vec![("Found necessary by", Value::words(Some(attorney))), ("Found on", show::moment(*at).into())]
        }
        OnRecord::CourtOrder { order, conditions } => {
            let kept = conditions.join("; ");
            vec![
                ("Order", Value::words(Some(order))),
                (
                    "What the court wants kept",
                    Value::words(Some(kept.as_str()).filter(|kept| !kept.is_empty())),
                ),
            ]
        }
    }
}

fn withdraw_form(reader: &Reader<'_>, seen: &Seen) -> Markup {
    let one = &seen.transfer;
    let action = format!("{}/withdraw", address(&one.id));
    html! {
        h2 { "Take it back" }
        p { "Until they have taken it, the report is yours, and so is whatever you record of it." }
        (ui::post(&action, reader.token, &html! {
            input type="hidden" name="version" value=(one.version);
            (button("Take the offer back", Button::Secondary))
        }))
    }
}

fn answer_forms(reader: &Reader<'_>, seen: &Seen, said: &Said) -> Markup {
    let one = &seen.transfer;
    let to = address(&one.id);
    let choices: Vec<Choice<'_>> =
        DeclineReason::ALL.iter().map(|why| Choice { value: why.as_str(), label: why.title() }).collect();
    let version = html! { input type="hidden" name="version" value=(one.version); };
    html! {
        h2 { "Your answer" }
        p { "With your yes the report is made available to your agency, and it is yours from then on. Until then you see what stands above and nothing else of it." }
        (ui::post(&format!("{to}/accept"), reader.token, &html! { (version) (button("Take the report", Button::Primary)) }))
        (ui::post(&format!("{to}/decline"), reader.token, &html! {
            (version)
            (Choices::one("reason", "Why you do not take it", &choices).chosen(&[said.reason]))
            (Field::new("words", "Words to the other agency").kind(Kind::Lines(3)).value(said.words).hint("Optional; at most 2,000 letters"))
            (button("Decline", Button::Secondary))
        }))
    }
}
