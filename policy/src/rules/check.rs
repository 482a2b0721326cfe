//! `policy check`: every example of every rule, run.

use super::{RuleFault, RuleSet, RuleSetId};

/// What was checked, when nothing was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The rule set.
    pub id: RuleSetId,
    /// Rules and schedules read.
    pub rules: usize,
    /// Examples that came out as written.
    pub examples: usize,
}

/// Runs all examples of a rule set.
///
/// # Errors
/// The first rule of which an example comes out otherwise.
pub fn check(rules: &RuleSet) -> Result<Checked, RuleFault> {
    let mut checked = Checked { id: rules.id().clone(), rules: rules.schedules.len(), examples: 0 };
    for rule in rules.triage().all() {
        checked.rules += 1;
        checked.examples += rule.check()?;
    }
    for rule in rules.quality().all() {
        checked.rules += 1;
        checked.examples += rule.check()?;
    }
    for rule in rules.routing().all() {
        checked.rules += 1;
        checked.examples += rules.routing().check(rule)?;
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    // PROVES: R-05 R-27
    #[test]
    fn every_example_of_the_shipped_rules_comes_out_as_written() {
        let checked = check(RuleSet::embedded()).unwrap_or_else(|fault| panic!("{fault}"));
        assert!(checked.examples >= 2 * (checked.rules - 1), "{checked:?}");
    }
}
