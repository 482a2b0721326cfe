//! Takes out of a report, field by field, what names a child, and looks again whether anything of it is left.

use std::collections::{BTreeMap, HashSet};

use domain::IncidentType;
use serde_json::Value;

use super::Fault;
use super::fields::{self, Class};
use super::values::{self, Values};

/// Whose a value is when nothing says more.
pub(super) const SOME_CHILD: &str = "a child";
/// A stranger's word, in a copy that holds none.
const SILENCE: &str = "\u{b7}";

const INCIDENT_TYPE: &str = "submission.incident.incident_type";

/// What was taken out of each field, by its path.
pub(super) type Counts = BTreeMap<String, u32>;

/// One report's.
pub(super) struct Redaction<'a> {
    values: &'a Values,
    titles: &'a [Option<String>],
    /// What stands where something was taken out, in its very words.
    labels: HashSet<String>,
    withheld: Counts,
    searched: Counts,
}

impl<'a> Redaction<'a> {
    pub(super) fn new(values: &'a Values, titles: &'a [Option<String>]) -> Self {
        let labels = values.labels().cloned().collect();
        Self { values, titles, labels, withheld: Counts::new(), searched: Counts::new() }
    }

    /// How often something was withheld in a field, and taken out of other words.
    pub(super) const fn counts(&self) -> (&Counts, &Counts) {
        (&self.withheld, &self.searched)
    }

    /// A part of the report without what names a child.
    pub(super) fn redacted(&mut self, part: Value, path: &str, who: Option<&str>) -> Value {
        match part {
            Value::Object(members) => {
                let member = |(name, member): (String, Value)| {
                    let member = self.redacted(member, &fields::step(path, &name), who);
                    (name, member)
                };
                Value::Object(members.into_iter().map(member).collect())
            }
            Value::Array(items) => {
                let item = |(at, item): (usize, Value)| {
                    let own = self.whose(path, at, &item);
                    let (who, was_null) = (who.or(own.as_deref()), item.is_null());
                    let item = self.redacted(item, path, who);
                    (was_null || !item.is_null()).then_some(item)
                };
                Value::Array(items.into_iter().enumerate().filter_map(item).collect())
            }
            plain => self.plain(plain, path, who),
        }
    }

    /// Of which child one of many is.
    fn whose(&self, path: &str, at: usize, item: &Value) -> Option<String> {
        let text = |member: &str| item[member].as_str().unwrap_or_default();
        match path {
            "somebody" => self.titles.get(at)?.clone(),
            "findings" => self.values.whose(text("subject")).map(str::to_owned),
            "selectors" if is_childs(text("role")) => {
                Some(self.values.whose(text("given")).unwrap_or(SOME_CHILD).to_owned())
            }
            _ => None,
        }
    }

    fn plain(&mut self, value: Value, path: &str, who: Option<&str>) -> Value {
        if value.as_str().is_some_and(|text| is_ours(path, text)) {
            return value;
        }
        let field = fields::find(path);
        match (field.class(who.is_some()), value) {
            (Class::Names | Class::Concerns, Value::String(text)) if !text.trim().is_empty() => {
                *self.withheld.entry(path.to_owned()).or_default() += 1;
                let label = values::label(&field.word, who);
                self.labels.insert(label.clone());
                Value::String(label)
            }
            (Class::Names | Class::Concerns, Value::Number(_) | Value::Bool(_)) => {
                *self.withheld.entry(path.to_owned()).or_default() += 1;
                Value::Null
            }
            (Class::Searched, Value::String(text)) => match self.values.taken_out(&text) {
                Some((text, count)) => {
                    *self.searched.entry(path.to_owned()).or_default() += count;
                    Value::String(text)
                }
                None => Value::String(text),
            },
            (_, value) => value,
        }
    }

    /// Looks for every value in every word that is not ours.
    ///
    /// # Errors
    /// [`Fault::Stands`], with the field.
    pub(super) fn check(&self, part: &Value, path: &str) -> Result<(), Fault> {
        match part {
            Value::Object(members) => {
                members.iter().try_for_each(|(name, member)| self.check(member, &fields::step(path, name)))
            }
            Value::Array(items) => items.iter().try_for_each(|item| self.check(item, path)),
            Value::String(text) if !is_ours(path, text) && self.holds(text) => {
                Err(Fault::Stands { place: format!("the field {path}") })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
        }
    }

    /// Looks for every value in what was drawn: `drawn` run by run, where those of `ours` would be there whatever anybody said.
    ///
    /// # Errors
    /// [`Fault::Stands`], with the label before it.
    pub(super) fn check_drawn(&self, drawn: &[String], ours: &HashSet<String>) -> Result<(), Fault> {
        let between = between(ours);
        let mut last = "the head of the pages";
        for run in drawn {
            if ours.contains(run) {
                last = run;
                continue;
            }
            let mut parts = vec![run.as_str()];
            for words in &between {
                parts = parts.into_iter().flat_map(|part| part.split(words)).collect();
            }
            if parts.into_iter().any(|part| self.holds(part)) {
                return Err(Fault::Stands { place: format!("the pages, behind \u{201c}{last}\u{201d}") });
            }
        }
        Ok(())
    }

    fn holds(&self, text: &str) -> bool {
        values::around(text, &self.labels).into_iter().any(|part| self.values.stand_in(part))
    }
}

/// Words of ours that stand in one run with somebody else's, the longest first.
fn between(ours: &HashSet<String>) -> Vec<&str> {
    let mixed = ours.iter().filter(|run| run.contains(SILENCE));
    let words = mixed.flat_map(|run| run.split(SILENCE));
    let words: HashSet<&str> = words.filter(|words| words.chars().any(char::is_alphabetic)).collect();
    let mut words: Vec<&str> = words.into_iter().collect();
    words.sort_unstable_by_key(|words| (std::cmp::Reverse(words.len()), *words));
    words
}

/// A part of the report in which nobody but us says anything: what is drawn of it is ours.
pub(super) fn silent(part: Value, path: &str) -> Value {
    match part {
        Value::Object(members) => {
            let member = |(name, member): (String, Value)| {
                let member = silent(member, &fields::step(path, &name));
                (name, member)
            };
            Value::Object(members.into_iter().map(member).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| silent(item, path)).collect()),
        Value::String(text) if !is_ours(path, &text) => Value::String(SILENCE.to_owned()),
        plain => plain,
    }
}

/// Never in anybody's words, of whomever it is. A type of incident that we know is drawn in ours.
fn is_ours(path: &str, text: &str) -> bool {
    let field = fields::find(path);
    let is_known = path == INCIDENT_TYPE && IncidentType::find(text).is_some();
    is_known || (field.class(true) == Class::Ours && field.class(false) == Class::Ours)
}

/// Whether a selector was said of somebody who is or may be a child.
pub(super) fn is_childs(role: &str) -> bool {
    [domain::Role::Victim, domain::Role::Recipient].iter().any(|child| child.as_str() == role)
}
