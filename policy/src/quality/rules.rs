//! Quality rule files: one rule a file, with the examples that hold it to its word.

use domain::Lack;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Cases, QualityFacts};
use crate::rules::{Cause, Condition, Effective, Facts, RuleFault, Shape, Value, parse, stem};

/// The heaviest rule.
const MOST_WEIGHT: u32 = 100;
/// Where the counts stand in a rule's sentence.
const COUNT: &str = "{count}";
const OF: &str = "{of}";

/// One rule of quality.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityRule {
    /// Its name, the same as its file's.
    pub name: String,
    /// When it counts.
    pub effective: Effective,
    /// Which legal rule or fact it rests on.
    pub source: String,
    /// How much it counts beside the others, 1 to 100.
    pub weight: u32,
    /// The field of the report that it looks at, as the sender knows it.
    pub field: String,
    /// The sentence that the reader sees, with places for its counts.
    pub says: String,
    /// Why an investigator needs it.
    pub why: String,
    /// What the sender can do about it.
    pub fix: String,
    /// Of which reports it asks at all.
    pub when: Condition,
    count: String,
    of: Option<String>,
    examples: Vec<Example>,
}

impl QualityRule {
    /// In how many cases of this report it speaks; `None` when the report has no case for it.
    #[must_use]
    pub fn cases(&self, facts: &QualityFacts) -> Option<Cases> {
        if !self.when.holds(facts) {
            return None;
        }
        let of = self.of.as_deref().map_or(1, |of| number(facts, of));
        let count = number(facts, &self.count).min(of);
        (of > 0).then_some(Cases { count, of })
    }

    /// What it says of those cases.
    #[must_use]
    pub fn lack(&self, cases: Cases) -> Lack {
        Lack {
            rule: self.name.clone(),
            field: self.field.clone(),
            says: self.sentence(cases),
            why: self.why.clone(),
            fix: self.fix.clone(),
            weight: self.weight,
            count: cases.count,
            of: cases.of,
        }
    }

    fn sentence(&self, cases: Cases) -> String {
        sentence(&self.says, cases)
    }

    /// Runs the rule's own examples.
    ///
    /// # Errors
    /// The first example that comes out otherwise.
    pub(crate) fn check(&self) -> Result<usize, RuleFault> {
        for example in &self.examples {
            let says = self.cases(&example.facts).filter(|cases| cases.count > 0).map(|c| self.sentence(c));
            if says != example.says {
                let found =
                    says.map_or_else(|| "it is silent".to_owned(), |says| format!("it says {says:?}"));
                let cause = Cause::ExampleFails { example: example.name.clone(), found };
                return Err(RuleFault::new(&file_of(&self.name), cause));
            }
        }
        Ok(self.examples.len())
    }
}

/// A rule's sentence with its counts.
#[must_use]
pub fn sentence(says: &str, cases: Cases) -> String {
    says.replace(COUNT, &cases.count.to_string()).replace(OF, &cases.of.to_string())
}

/// All quality rules, in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct QualityRules(Vec<QualityRule>);

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
    weight: u32,
    field: String,
    count: String,
    of: Option<String>,
    says: String,
    why: String,
    fix: String,
    #[serde(default = "always")]
    when: Condition,
}

const fn always() -> Condition {
    Condition::All(Vec::new())
}

/// What the rule says of these facts; no `says` where it must be silent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    name: String,
    says: Option<String>,
    facts: QualityFacts,
}

impl QualityRules {
    pub(crate) fn load(files: &[(&str, &str)]) -> Result<Self, RuleFault> {
        let mut rules = files.iter().map(|(name, text)| read(name, text)).collect::<Result<Vec<_>, _>>()?;
        rules.sort_by(|a, b| a.name.cmp(&b.name).then(a.effective.from.cmp(&b.effective.from)));
        for (at, rule) in rules.iter().enumerate() {
            let same =
                |other: &&QualityRule| other.name == rule.name && other.effective.overlaps(&rule.effective);
            if rules[..at].iter().any(|other| same(&other)) {
                return Err(RuleFault::new(&file_of(&rule.name), Cause::Twice));
            }
        }
        Ok(Self(rules))
    }

    /// The rules that count at that instant.
    pub fn in_force(&self, at: Timestamp) -> impl Iterator<Item = &QualityRule> {
        self.0.iter().filter(move |rule| rule.effective.holds(at))
    }

    /// Every rule, whenever it counts.
    pub fn all(&self) -> impl Iterator<Item = &QualityRule> {
        self.0.iter()
    }
}

/// Reads one file. A second version of a rule stands in `name.2027-01-01.toml`.
fn read(file: &str, text: &str) -> Result<QualityRule, RuleFault> {
    let fault = |cause| RuleFault::new(file, cause);
    let File { rule: written, mut example } = parse(file, text)?;
    if stem(file) != written.name {
        return Err(fault(Cause::NamedDifferently(written.name)));
    }
    let effective = Effective { from: Some(written.effective_from), to: written.effective_to };
    if !effective.is_ordered() {
        return Err(fault(Cause::EndsBeforeStart));
    }
    checked(&written).map_err(fault)?;
    if !(example.iter().any(|e| e.says.is_some()) && example.iter().any(|e| e.says.is_none())) {
        return Err(fault(Cause::NoExamples));
    }
    // An example that names no instant means the rule's first day.
    let first_day = written.effective_from.to_zoned_datetime(TimeZone::UTC);
    let first_day = first_day.map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
    for example in example.iter_mut().filter(|e| e.facts.at == Timestamp::UNIX_EPOCH) {
        example.facts.at = first_day;
    }
    Ok(QualityRule {
        name: written.name,
        effective,
        source: written.source,
        weight: written.weight,
        field: written.field,
        says: written.says,
        why: written.why,
        fix: written.fix,
        when: written.when,
        count: written.count,
        of: written.of,
        examples: example,
    })
}

fn checked(written: &Written) -> Result<(), Cause> {
    written.when.check::<QualityFacts>()?;
    for fact in [Some(&written.count), written.of.as_ref()].into_iter().flatten() {
        let field = QualityFacts::field(fact).ok_or_else(|| Cause::UnknownFact(fact.clone()))?;
        if field.shape != Shape::Number {
            return Err(Cause::WrongQuestion { fact: fact.clone(), shape: field.shape.as_str() });
        }
    }
    if !(1..=MOST_WEIGHT).contains(&written.weight) {
        return Err(Cause::Weight(written.weight));
    }
    let counts = written.says.contains(COUNT) && written.says.contains(OF);
    if counts != written.of.is_some() {
        return Err(Cause::Counts);
    }
    Ok(())
}

fn number(facts: &QualityFacts, name: &str) -> u32 {
    let value = QualityFacts::field(name).map(|field| (field.read)(facts));
    match value {
        Some(Value::Number(Some(number))) => u32::try_from(number.max(0)).unwrap_or(u32::MAX),
        _ => 0,
    }
}

fn file_of(name: &str) -> String {
    format!("quality/{name}.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [rule]
        name = "quiet"
        effective_from = "2026-01-01"
        source = "R-07"
        weight = 5
        field = "report"
        count = "files_without_details"
        of = "files"
        says = "Files without details: {count} of {of}."
        why = "Why."
        fix = "Fix."
        [[example]]
        name = "yes"
        says = "Files without details: 1 of 2."
        facts = { files = 2, files_without_details = 1 }
        [[example]]
        name = "no"
        facts = { files = 2 }
    "#;

    fn cause(text: &str) -> Cause {
        QualityRules::load(&[("quality/quiet.toml", text)]).unwrap_err().cause
    }

    #[test]
    fn a_rule_speaks_only_of_reports_that_have_a_case_for_it() {
        let rules = QualityRules::load(&[("quality/quiet.toml", GOOD)]).unwrap();
        let rule = rules.all().next().unwrap();
        assert_eq!(rule.cases(&QualityFacts::default()), None);
        let facts = QualityFacts { files: 2, files_without_details: 9, ..QualityFacts::default() };
        assert_eq!(rule.cases(&facts), Some(Cases { count: 2, of: 2 }));
        assert_eq!(rule.check(), Ok(2));
    }

    #[test]
    fn a_sentence_shows_its_counts_exactly_when_it_has_cases_to_count() {
        assert_eq!(
            cause(&GOOD.replace("{count} of {of}.\"\n        why", "some.\"\n        why")),
            Cause::Counts
        );
        assert_eq!(cause(&GOOD.replace("of = \"files\"", "")), Cause::Counts);
    }

    #[test]
    fn a_count_of_something_unknown_and_a_weight_of_nothing_are_refused() {
        let unknown = GOOD.replace("of = \"files\"", "of = \"pages\"");
        assert_eq!(cause(&unknown), Cause::UnknownFact("pages".to_owned()));
        assert_eq!(cause(&GOOD.replace("weight = 5", "weight = 0")), Cause::Weight(0));
        assert_eq!(cause(&GOOD.replace("weight = 5", "weight = 101")), Cause::Weight(101));
    }

    #[test]
    fn an_example_that_comes_out_otherwise_is_named_with_what_was_said() {
        let wrong = GOOD.replace("details: 1 of 2", "details: 2 of 2");
        let rules = QualityRules::load(&[("quality/quiet.toml", &wrong)]).unwrap();
        let fault = rules.all().next().unwrap().check().unwrap_err();
        let said = "quality/quiet.toml: example \"yes\": it says \"Files without details: 1 of 2.\"";
        assert_eq!(fault.to_string(), said);
    }

    #[test]
    fn a_rule_without_both_kinds_of_example_is_refused() {
        assert_eq!(cause(&GOOD.replace("says = \"Files without details: 1 of 2.\"", "")), Cause::NoExamples);
    }
}
