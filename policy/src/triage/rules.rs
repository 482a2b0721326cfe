//! Triage rule files: one rule a file, with the examples that hold it to its word.

use domain::{Priority, Reason};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::TriageFacts;
use crate::rules::{Cause, Condition, Effective, RuleFault, parse};

/// One rule of priority.
#[derive(Debug, Clone, PartialEq)]
pub struct TriageRule {
    /// Its name, the same as its file's.
    pub name: String,
    /// When it counts.
    pub effective: Effective,
    /// Which legal rule or fact it rests on.
    pub source: String,
    /// What it asks for.
    pub priority: Priority,
    /// The sentence that the reader sees.
    pub says: String,
    /// The field of the report that it looks at, as the provider knows it.
    pub field: String,
    /// When it speaks.
    pub when: Condition,
    examples: Vec<Example>,
}

impl TriageRule {
    /// The rule as a reader sees it beside a report.
    #[must_use]
    pub fn reason(&self) -> Reason {
        Reason { rule: self.name.clone(), field: self.field.clone(), says: self.says.clone() }
    }

    /// Runs the rule's own examples.
    ///
    /// # Errors
    /// The first example that comes out otherwise.
    pub(crate) fn check(&self) -> Result<usize, RuleFault> {
        for example in &self.examples {
            let fires = self.when.holds(&example.facts);
            if fires != example.fires {
                let found = if fires { "it fires" } else { "it does not fire" }.to_owned();
                let cause = Cause::ExampleFails { example: example.name.clone(), found };
                return Err(RuleFault::new(&file_of(&self.name), cause));
            }
        }
        Ok(self.examples.len())
    }
}

/// All triage rules, in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct TriageRules(Vec<TriageRule>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Written,
    #[serde(default)]
    example: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    effective_from: Date,
    effective_to: Option<Date>,
    source: String,
    priority: Priority,
    says: String,
    field: String,
    when: Condition,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    name: String,
    fires: bool,
    facts: TriageFacts,
}

impl TriageRules {
    pub(crate) fn load(files: &[(&str, &str)]) -> Result<Self, RuleFault> {
        let mut rules = files.iter().map(|(name, text)| read(name, text)).collect::<Result<Vec<_>, _>>()?;
        rules.sort_by(|a, b| a.name.cmp(&b.name).then(a.effective.from.cmp(&b.effective.from)));
        for (at, rule) in rules.iter().enumerate() {
            let same =
                |other: &&TriageRule| other.name == rule.name && other.effective.overlaps(&rule.effective);
            if rules[..at].iter().any(|other| same(&other)) {
                return Err(RuleFault::new(&file_of(&rule.name), Cause::Twice));
            }
        }
        Ok(Self(rules))
    }

    /// The rules that count at that instant.
    pub fn in_force(&self, at: Timestamp) -> impl Iterator<Item = &TriageRule> {
        self.0.iter().filter(move |rule| rule.effective.holds(at))
    }

    /// Every rule, whenever it counts.
    pub fn all(&self) -> impl Iterator<Item = &TriageRule> {
        self.0.iter()
    }
}

/// Reads one file. A second version of a rule stands in `name.2027-01-01.toml`.
fn read(file: &str, text: &str) -> Result<TriageRule, RuleFault> {
    let fault = |cause| RuleFault::new(file, cause);
    let File { rule: written, example: mut examples } = parse(file, text)?;
    if crate::rules::stem(file) != written.name {
        return Err(fault(Cause::NamedDifferently(written.name)));
    }
    let effective = Effective { from: Some(written.effective_from), to: written.effective_to };
    if !effective.is_ordered() {
        return Err(fault(Cause::EndsBeforeStart));
    }
    written.when.check::<TriageFacts>().map_err(fault)?;
    if !(examples.iter().any(|e| e.fires) && examples.iter().any(|e| !e.fires)) {
        return Err(fault(Cause::NoExamples));
    }
    // An example that names no instant means the rule's first day.
    let first_day = written
        .effective_from
        .to_zoned_datetime(TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
    for example in examples.iter_mut().filter(|e| e.facts.at == Timestamp::UNIX_EPOCH) {
        example.facts.at = first_day;
    }
    Ok(TriageRule {
        name: written.name,
        effective,
        source: written.source,
        priority: written.priority,
        says: written.says,
        field: written.field,
        when: written.when,
        examples,
    })
}

fn file_of(name: &str) -> String {
    format!("triage/{name}.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [rule]
        name = "loud"
        effective_from = "2026-01-01"
        source = "R-05"
        priority = "urgent"
        says = "Loud."
        field = "report"
        when = { is_set = "escalated" }
        [[example]]
        name = "yes"
        fires = true
        facts = { escalated = true }
        [[example]]
        name = "no"
        fires = false
        facts = {}
    "#;

    fn cause(name: &str, text: &str) -> Cause {
        TriageRules::load(&[(name, text)]).unwrap_err().cause
    }

    #[test]
    fn a_rule_is_called_like_its_file() {
        assert!(TriageRules::load(&[("triage/loud.toml", GOOD)]).is_ok());
        assert_eq!(cause("triage/quiet.toml", GOOD), Cause::NamedDifferently("loud".to_owned()));
    }

    // PROVES: R-85
    #[test]
    fn two_versions_of_a_rule_stand_side_by_side_when_their_days_do_not_meet() {
        let old = GOOD.replace("source", "effective_to = \"2027-01-01\"\n source");
        let new = GOOD.replace("2026-01-01", "2027-01-01");
        let files = [("triage/loud.toml", old.as_str()), ("triage/loud.2027-01-01.toml", new.as_str())];
        assert_eq!(TriageRules::load(&files).unwrap().all().count(), 2);
        let files = [("triage/loud.toml", GOOD), ("triage/loud.2027-01-01.toml", new.as_str())];
        assert_eq!(TriageRules::load(&files).unwrap_err().cause, Cause::Twice);
    }

    #[test]
    fn a_rule_without_both_kinds_of_example_is_refused() {
        assert_eq!(
            cause("triage/loud.toml", &GOOD.replace("fires = false", "fires = true")),
            Cause::NoExamples
        );
    }

    #[test]
    fn an_example_that_comes_out_otherwise_is_named() {
        let wrong = GOOD.replace("facts = {}", "facts = { escalated = true }");
        let rules = TriageRules::load(&[("triage/loud.toml", &wrong)]).unwrap();
        let fault = rules.all().next().unwrap().check().unwrap_err();
        assert_eq!(fault.to_string(), "triage/loud.toml: example \"no\": it fires");
    }

    #[test]
    fn a_key_that_no_rule_has_is_refused() {
        assert!(matches!(
            cause("triage/loud.toml", &GOOD.replace("field =", "feild =")),
            Cause::NotUnderstood(_)
        ));
    }
}
