//! The sheet of one labelled entry: the label on every page, who it goes to and why, then the words.

use std::collections::BTreeMap;

use casework::entry::{Custody, Entry};
use domain::EntryKind;
use formats::receipt::page_moment;
use jiff::Timestamp;
use print::{Cover, Document, Fault, Fit, Level};
use store::agency::Agency;

use super::NewPassing;

const LABEL: &str =
    "CJI: CRIMINAL JUSTICE INFORMATION. Pass on to validated requesters only, each time on record.";
const DUTY: &str = "This sheet holds data from an FBI CJIS system. Whoever has it keeps it as the CJIS Security Policy asks, \
    shows it to nobody without a right to it, and passes it on only to another validated requester, with a record of who asked, \
    who got it and why (CA-3).";

/// What stands on it.
pub(super) struct Parts {
    pub(super) entry: Entry,
    pub(super) custody: Vec<Custody>,
    pub(super) from: Agency,
    pub(super) receiver: Agency,
    /// The agency's people, by their ids.
    pub(super) people: BTreeMap<String, String>,
}

impl Parts {
    /// Somebody whom the ledger names, by name and id.
    fn named(&self, actor: &str) -> String {
        let id = actor.split(':').nth(1).unwrap_or(actor);
        self.people.get(id).map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
    }
}

pub(super) fn drawn(parts: &Parts, new: &NewPassing, by: &str, now: Timestamp) -> Result<Vec<u8>, Fault> {
    let Parts { entry, custody, from, receiver, people: _ } = parts;
    let title = format!("CJI: {} of case {}", called(entry.kind), new.case);
    let mut pages = Document::new(Cover {
        title: title.clone(),
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment: page_moment(now),
        id: format!("cji/{}/{}/{now}", new.case, entry.id),
        header: LABEL.to_owned(),
        footer: title.clone(),
    });
    pages.heading(Level::One, &title)?;
    pages.paragraph(DUTY)?;
    pages.heading(Level::Two, "Passed on")?;
    let to = format!("{} ({})", receiver.name, receiver.id);
    let facts = [
        ("From agency", format!("{} ({})", from.name, from.id)),
        ("By", parts.named(by)),
        ("At", now.to_string()),
        ("To agency", to),
        ("Asked for by", on_one_line(&new.words.requester)),
        ("Goes to", on_one_line(&new.words.recipient)),
        ("Because", on_one_line(&new.words.reason)),
    ];
    for (label, value) in facts {
        pages.field(label, &value, Fit::Wrap)?;
    }
    pages.heading(Level::Two, "What it says")?;
    let version = format!("{}, version {}", called(entry.kind), entry.version);
    pages.field("What it is", &version, Fit::Wrap)?;
    pages.field(
        "Last written",
        &format!("{} by {}", entry.changed_at, parts.named(&entry.changed_by)),
        Fit::Wrap,
    )?;
    if let Some((report, file)) = &entry.file {
        pages.field(
            "Its file",
            &format!("{file} of report {report}, which is not on this sheet"),
            Fit::Wrap,
        )?;
    }
    if !entry.words.title.trim().is_empty() {
        pages.heading(Level::Three, &on_one_line(&entry.words.title))?;
    }
    for line in entry.words.text.lines().filter(|line| !line.trim().is_empty()) {
        pages.paragraph(line.trim())?;
    }
    if !custody.is_empty() {
        pages.heading(Level::Two, "Chain of custody")?;
    }
    for event in custody {
        let what = format!("{}: {}", event.kind, on_one_line(&event.words));
        pages.field(&event.happened_at.to_string(), &what, Fit::Wrap)?;
    }
    pages.finish()
}

const fn called(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Note => "Note",
        EntryKind::Task => "Task",
        EntryKind::Subject => "Subject",
        EntryKind::Exhibit => "Exhibit",
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
