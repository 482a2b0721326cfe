//! Searching: by report, person, agency, kind, time and outcome. What the rows say narrows the search in the database; who
//! acted and how it ended stands in the sealed events only, and is looked at here, a bounded number at a time.

use domain::{AgencyId, Id as _, PersonId, Purpose, ReportId};
use jiff::Timestamp;
use policy::Viewer;
use serde_json::{Value, json};
use store::{Event, EventKind, Found, House, LeafId, Looked, Sought};

use crate::{Trouble, may};

/// Leaves of one page.
const MOST_SHOWN: usize = 50;
/// Leaves that are read at a time.
const BITE: u32 = 500;
/// Leaves that are opened for one page; further back one asks again.
const MOST_OPENED: usize = 10_000;
/// Words of an event that are looked through, so deep.
const MOST_DEPTH: u32 = 8;

/// What is looked for. Everything that is said must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Events of this report.
    pub report: Option<ReportId>,
    /// Events of or about this person.
    pub person: Option<PersonId>,
    /// Events of or about this agency.
    pub agency: Option<AgencyId>,
    /// Events of this kind.
    pub kind: Option<EventKind>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Refused, or done.
    pub refused: Option<bool>,
    /// Further back than this leaf.
    pub before: Option<LeafId>,
}

/// One leaf with its event.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The leaf.
    pub leaf: LeafId,
    /// Its place in the tree.
    pub index: u64,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// To which report.
    pub report: Option<ReportId>,
    /// The event; `None` once it was destroyed with its report.
    pub event: Option<Value>,
    /// What the leaf commits to.
    pub(crate) salted: Option<Vec<u8>>,
}

/// What one look found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The leaves, newest first.
    pub seen: Vec<Seen>,
    /// Where to go on looking, when there may be more.
    pub further: Option<LeafId>,
    /// How far back it was looked.
    pub back_to: Option<Timestamp>,
}

/// Searches. That somebody looked, and for what, is in the ledger before anything is read.
///
/// # Errors
/// A denial, or a fault.
pub async fn search(house: &House, viewer: &Viewer, question: &Question) -> Result<Page, Trouble> {
    may(viewer)?;
    note(house, viewer, question, ("search", None)).await?;
    look(house, question, MOST_SHOWN).await
}

/// The look is an event of its own (R-76a): what was looked for, by ids and words of closed lists.
pub(crate) async fn note(
    house: &House,
    viewer: &Viewer,
    question: &Question,
    (what, bytes_out): (&'static str, Option<u64>),
) -> Result<(), Trouble> {
    let asked = asked(question);
    let noted = house.act(viewer.actor.clone(), Purpose::Administration, "audit::read", move |act| {
        let event = Event::of_house(EventKind::LedgerRead).to(what).with(asked.clone());
        act.note(Event { bytes_out, ..event })
    });
    noted.await?;
    Ok(())
}

/// The question as it is told.
pub(crate) fn asked(question: &Question) -> Value {
    let Question { report, person, agency, kind, from, until, refused, before } = question;
    json!({
        "report": report, "person": person, "agency": agency, "kind": kind.map(EventKind::as_str),
        "from": from, "until": until, "refused": refused, "before": before.map(|leaf| leaf.to_string()),
    })
}

/// Looks for so many, newest first.
pub(crate) async fn look(house: &House, question: &Question, most: usize) -> Result<Page, Trouble> {
    let Question { report, kind, from, until, before, .. } = question.clone();
    let mut sought = Sought { report, kind, from, until, before };
    let (mut page, mut opened) = (Page::default(), 0);
    loop {
        let (reader, asked) = (house.clone(), sought.clone());
        let looked = house.read("audit::look", move |view| reader.book().search(view, &asked, BITE)).await?;
        let Looked { found, further } = looked;
        opened += found.len();
        for one in found {
            let last = (one.leaf, one.at);
            page.back_to = Some(one.at);
            if let Some(seen) = matching(question, one) {
                page.seen.push(seen);
            }
            if page.seen.len() == most {
                page.further = Some(last.0);
                return Ok(page);
            }
        }
        sought.before = further;
        if further.is_none() || opened >= MOST_OPENED || opened == 0 {
            page.further = further;
            return Ok(page);
        }
    }
}

/// The leaf with its event, when it is what was asked for. Of an event that was destroyed only the header can be asked.
fn matching(question: &Question, found: Found) -> Option<Seen> {
    let event = found.event();
    let speaks = |id: &str| event.as_ref().is_some_and(|event| speaks_of(event, id, MOST_DEPTH));
    let was_refused = event.as_ref().map(|event| event["outcome"] == "refused");
    let holds = question.person.as_ref().is_none_or(|person| speaks(person.as_str()))
        && question.agency.as_ref().is_none_or(|agency| speaks(agency.as_str()))
        && question.refused.is_none_or(|refused| was_refused == Some(refused));
    let Found { leaf, index, kind, at, report, salted } = found;
    holds.then_some(Seen { leaf, index, kind, at, report, event, salted })
}

/// Whether an id stands anywhere in an event: as a word of its own, or as a part of the actor's.
fn speaks_of(value: &Value, id: &str, depth: u32) -> bool {
    match value {
        Value::String(words) => words == id || words.split(':').any(|part| part == id),
        Value::Array(all) if depth > 0 => all.iter().any(|one| speaks_of(one, id, depth - 1)),
        Value::Object(members) if depth > 0 => members.values().any(|one| speaks_of(one, id, depth - 1)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_speaks_of_who_acted_and_of_whom_it_was_done_to() {
        let event =
            json!({ "actor": "person:p-1:icac-us-mn", "details": { "person": "p-2", "all": ["p-3"] } });
        for id in ["p-1", "p-2", "p-3", "icac-us-mn"] {
            assert!(speaks_of(&event, id, MOST_DEPTH), "{id}");
        }
        for id in ["p", "p-12", "icac-us", "", "person:p-1"] {
            assert!(!speaks_of(&event, id, MOST_DEPTH), "{id}");
        }
    }
}
