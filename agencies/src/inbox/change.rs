//! What people say of reports: the fields of the form, for one report and for many, and what they mean.

use std::collections::BTreeMap;

use domain::{Id as _, PersonId, Priority, Status, StatusReason};
use maud::{Markup, html};
use ui::{Choice, Field, Kind};
use workspace::standing::{Change, Said};

use crate::cases::{Fields, said};

/// Who is who in the agency.
pub(crate) type People = BTreeMap<PersonId, String>;

/// A status, with its coded reason where it has one, as one answer: `closed.unfounded`.
pub(super) fn statuses() -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for &status in Status::ALL {
        let reasons: Vec<_> = StatusReason::ALL.iter().filter(|reason| reason.is_of(status)).collect();
        if reasons.is_empty() {
            answers.push((status.as_str().to_owned(), status.title().to_owned()));
        }
        for reason in reasons {
            let label = format!("{}: {}", status.title(), reason.title());
            answers.push((format!("{status}.{reason}"), label));
        }
    }
    answers
}

/// The fields. `stays` is what an answer that changes nothing is called; `chosen` is what stands in them already.
pub(super) fn fields(stays: &str, people: &People, may_assign: bool, chosen: &Fields) -> Markup {
    let given = statuses();
    let as_is = Choice { value: "", label: stays };
    let pair = |(value, label): &'static (&'static str, &'static str)| Choice { value, label };
    let status: Vec<Choice<'_>> =
        [as_is].into_iter().chain(given.iter().map(|(value, label)| Choice { value, label })).collect();
    let mut holders: Vec<Choice<'_>> = [as_is].into_iter().chain(HOLDERS.iter().map(pair)).collect();
    if may_assign {
        holders.extend(people.iter().map(|(id, name)| Choice { value: id.as_str(), label: name }));
    }
    let ours = Choice { value: "ours", label: "The clearinghouse's advice counts" };
    let own = |one: &Priority| Choice { value: one.as_str(), label: one.as_str() };
    let priorities: Vec<Choice<'_>> =
        [as_is, ours].into_iter().chain(Priority::ALL.iter().map(own)).collect();
    let field =
        |id, label, choices| Field::new(id, label).kind(Kind::Choice(choices)).value(said(chosen, id));
    html! {
        (field("set-status", "Status", &status))
        (field("set-holder", "Assigned to", &holders))
        (field("set-priority", "Your agency's own priority", &priorities))
        @if may_assign {
            (Field::new("set-unit", "Unit").value(said(chosen, "set-unit")).hint("Empty: stays. A single hyphen: no unit."))
        }
    }
}

const HOLDERS: [(&str, &str); 2] = [("me", "Me"), ("nobody", "Nobody")];

/// What the fields ask for, or what is wrong with them.
pub(super) fn read(fields: &Fields, me: &PersonId) -> Result<Change, &'static str> {
    let status = match said(fields, "set-status") {
        "" => None,
        answer => Some(status(answer).ok_or("Choose one of the statuses.")?),
    };
    let person = match said(fields, "set-holder") {
        "" => None,
        "me" => Some(Some(me.clone())),
        "nobody" => Some(None),
        id => Some(Some(PersonId::parse(id).map_err(|_| "Choose one of the people.")?)),
    };
    let own_priority = match said(fields, "set-priority") {
        "" => None,
        "ours" => Some(None),
        word => Some(Some(word.parse().map_err(|_| "Choose one of the priorities.")?)),
    };
    let unit = match said(fields, "set-unit") {
        "" => None,
        "-" => Some(None),
        name => Some(Some(name.to_owned())),
    };
    let change = Change { status, own_priority, person, unit };
    if change == Change::default() { Err("Choose what is to be changed.") } else { Ok(change) }
}

fn status(answer: &str) -> Option<(Status, Option<StatusReason>)> {
    match answer.split_once('.') {
        None => Some((answer.parse().ok()?, None)),
        Some((status, reason)) => Some((status.parse().ok()?, Some(reason.parse().ok()?))),
    }
}

/// The fields as they came, for the form that carries them on.
pub(super) fn carried(fields: &Fields) -> Markup {
    html! {
        @for (name, value) in fields.iter().filter(|(name, _)| name.starts_with("set-")) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// What an agency says of a report, in a line.
pub(super) fn words(said: &Said, people: &People) -> String {
    let reason = said.reason.map(|reason| reason.title().to_owned());
    let holder = said.person.as_ref().map(|person| name(person, people));
    let parts = [Some(said.status.title().to_owned()), reason, holder, said.unit.clone()];
    let mut words = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if let Some(own) = said.own_priority {
        words.push_str(", own priority ");
        words.push_str(own.as_str());
    }
    words
}

/// Who somebody is, also where they are not one of the agency's people any more.
pub(super) fn name(person: &PersonId, people: &People) -> String {
    people.get(person).map_or_else(|| "Somebody who left".to_owned(), Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn every_answer_about_the_status_is_read_as_it_was_offered() {
        let me = PersonId::parse("p-1").unwrap();
        for (answer, _) in statuses() {
            let (status, reason) = read(&filled(&[("set-status", &answer)]), &me).unwrap().status.unwrap();
            let again = reason.map_or_else(|| status.to_string(), |reason| format!("{status}.{reason}"));
            assert_eq!(again, answer);
            assert!(reason.is_none_or(|reason| reason.is_of(status)), "{answer}");
        }
    }

    #[test]
    fn a_form_that_changes_nothing_says_so() {
        let me = PersonId::parse("p-1").unwrap();
        assert!(read(&filled(&[]), &me).is_err());
        let taken = read(&filled(&[("set-holder", "me"), ("set-unit", "-")]), &me).unwrap();
        assert_eq!((taken.person, taken.unit), (Some(Some(me)), Some(None)));
    }
}
