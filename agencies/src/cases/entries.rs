//! Tasks, notes, subjects and exhibits of a case.

use domain::{CustodyKind, EntryKind, Id as _};
use dossierpage::passing;
use maud::{Markup, html};
use ui::{Button, Choice, Field, Kind, Link, Tone, button};
use workspace::cases::{Custody, Entry};

use super::address;
use super::page::Seen;
use crate::show;

/// One kind of entry.
pub(super) fn section(seen: &Seen<'_>, kind: EntryKind) -> Markup {
    let entries: Vec<&Entry> = seen.opened.entries.iter().filter(|entry| entry.kind == kind).collect();
    html! {
        h2 #{ (kind.as_str()) "s" } { (heading(kind)) }
        @if entries.is_empty() { (ui::empty("Nothing stands here yet.", None)) } @else {
            ul .house-cards { @for entry in &entries { li { (shown(seen, entry)) } } }
        }
        @if seen.writes() {
            (ui::details(add(kind), &seen.form(kind.as_str(), &html! {
                (fields(seen, kind, kind.as_str(), None))
                (button("Write it down", Button::Primary))
            })))
        }
    }
}

const fn heading(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Task => "Tasks",
        EntryKind::Note => "Notes",
        EntryKind::Subject => "Subjects",
        EntryKind::Exhibit => "Exhibits and custody",
    }
}

const fn add(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Task => "Add a task",
        EntryKind::Note => "Add a note",
        EntryKind::Subject => "Add a subject",
        EntryKind::Exhibit => "Add an exhibit",
    }
}

fn shown(seen: &Seen<'_>, entry: &Entry) -> Markup {
    let href = format!("{}/entries/{}", address(seen.case()), entry.id);
    let now = seen.who.agencies.house.now();
    let does = if entry.cji_at.is_some() { "Change or pass on" } else { "Change" };
    let label = match entry.kind {
        EntryKind::Note => format!("{does} the note of {}", web::time(entry.written_at)),
        _ => format!("{does} {}", entry.words.title),
    };
    html! {
        (passing::label(entry))
        div .house-screen-only[entry.cji_at.is_some()] {
            @if !entry.words.title.is_empty() { h3 { (ui::text(&entry.words.title)) } }
            @if !entry.words.text.is_empty() { p .house-words { (ui::text(&entry.words.text)) } }
            @if entry.kind == EntryKind::Task { p { (task(seen, entry, now)) } }
            @if let Some((report, file)) = &entry.file { p { "A file of report " (report) ": " code { (file) } } }
        }
        p .usa-hint {
            (ui::text(&seen.name(&entry.written_by))) ", " (show::moment(entry.written_at))
            @if entry.version > 1 {
                "; version " (entry.version) " by " (ui::text(&seen.name(&entry.changed_by))) ", " (show::moment(entry.changed_at))
            }
        }
        div .house-screen-only[entry.cji_at.is_some()] {
            @if seen.writes() || entry.cji_at.is_some() { p { (Link { href: &href, label: &label }) } }
            @if entry.kind == EntryKind::Exhibit { (chain(seen, entry)) }
        }
    }
}

fn task(seen: &Seen<'_>, entry: &Entry, now: jiff::Timestamp) -> Markup {
    let whose = entry.person.as_ref().map(|person| seen.name(&format!("person:{person}")));
    html! {
        @match (entry.done_at, entry.due_at) {
            (Some(done), _) => { (ui::chip("done", Tone::Muted)) " " (show::moment(done)) }
            (None, Some(due)) => {
                @if due <= now { (ui::chip("late", Tone::Strong)) } @else { (ui::chip("due", Tone::Notice)) }
                " " (show::moment(due))
            }
            (None, None) => (ui::chip("to do", Tone::Notice)),
        }
        @if let Some(whose) = whose { ", " (ui::text(&whose)) }
    }
}

fn chain(seen: &Seen<'_>, entry: &Entry) -> Markup {
    let events: Vec<&Custody> = seen.opened.custody.iter().filter(|event| event.entry == entry.id).collect();
    let kinds: Vec<Choice<'_>> =
        CustodyKind::ALL.iter().map(|kind| Choice { value: kind.as_str(), label: happened(*kind) }).collect();
    let id = |name: &str| format!("custody-{}-{name}", entry.id);
    html! {
        @if !events.is_empty() {
            ol {
                @for event in events {
                    li {
                        (show::moment(event.happened_at)) ": " (happened(event.kind)) ", " (ui::text(&event.words))
                        " (recorded by " (ui::text(&seen.name(&event.recorded_by))) ")"
                    }
                }
            }
        }
        @if seen.writes() {
            (ui::details(&format!("Record what happened to {}", entry.words.title), &seen.form("custody", &html! {
                input type="hidden" name="entry" value=(entry.id);
                (Field::new(&id("kind"), "What happened").named("kind").kind(Kind::Choice(&kinds)))
                (Field::new(&id("at"), "When, UTC").named("at").hint("As 2026-03-31T14:05; empty for now"))
                (Field::new(&id("text"), "By whom, to whom, where, why").named("text").kind(Kind::Lines(2)).required())
                (button("Record it", Button::Primary))
            })))
        }
    }
}

const fn happened(kind: CustodyKind) -> &'static str {
    match kind {
        CustodyKind::Received => "received",
        CustodyKind::Stored => "stored",
        CustodyKind::HandedOver => "handed over",
        CustodyKind::Examined => "examined",
        CustodyKind::Copied => "copied",
        CustodyKind::Returned => "returned",
        CustodyKind::Destroyed => "destroyed",
    }
}

/// The fields of an entry, new or as it stands.
pub(super) fn fields(seen: &Seen<'_>, kind: EntryKind, prefix: &str, entry: Option<&Entry>) -> Markup {
    let id = |name: &str| format!("{prefix}-{name}");
    let (title, text) =
        entry.map_or(("", ""), |entry| (entry.words.title.as_str(), entry.words.text.as_str()));
    let label = match kind {
        EntryKind::Task => "What is to be done",
        EntryKind::Subject => "Who",
        EntryKind::Exhibit => "Label",
        EntryKind::Note => "Heading",
    };
    let due =
        entry.and_then(|entry| entry.due_at).map(|due| due.to_string().get(..10).unwrap_or("").to_owned());
    let whose = entry.and_then(|entry| entry.person.as_ref()).map_or("", |person| person.as_str());
    let mut people = vec![Choice { value: "", label: "Nobody yet" }];
    people.extend(seen.people.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }));
    let field_id = id("title");
    let field = Field::new(&field_id, label).named("title").value(title);
    let title = if kind == EntryKind::Note { field } else { field.required() };
    html! {
        (title)
        @if kind == EntryKind::Task {
            (Field::new(&id("person"), "Whose task it is").named("person").kind(Kind::Choice(&people)).value(whose))
            (Field::new(&id("due"), "Last day").named("due").kind(Kind::Date).value(due.as_deref().unwrap_or("")))
        }
        (Field::new(&id("text"), "Text").named("text").kind(Kind::Lines(4)).value(text))
        (passing::question(&id("cji"), entry))
        @if kind == EntryKind::Exhibit && entry.is_none() {
            (Field::new(&id("file"), "File that it is, where it is one of a report").named("file").hint("Report and position, as 1234: 2; may stay empty"))
        }
    }
}
