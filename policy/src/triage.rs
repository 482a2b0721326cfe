//! How soon somebody must look at a report, and why. Advisory (R-20a): every rule that speaks is shown, the most
//! urgent of them sets the priority, and the agency keeps its own.

mod facts;
mod rules;

use domain::{Priority, Reason};
use serde::{Deserialize, Serialize};

pub use facts::TriageFacts;
pub use rules::{TriageRule, TriageRules};

/// A priority with everything that speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The most urgent priority that a rule asks for.
    pub priority: Priority,
    /// Every rule that spoke, the most urgent first; never empty.
    pub reasons: Vec<Reason>,
}

/// The name under which an ordinary report's priority is explained, when no rule spoke.
pub const NO_RULE_SPOKE: &str = "ordinary-report";

/// Judges a report. The same facts under the same rules always give the same verdict.
#[must_use]
pub fn decide(facts: &TriageFacts, rules: &TriageRules) -> Verdict {
    let mut spoke: Vec<&TriageRule> =
        rules.in_force(facts.at).filter(|rule| rule.when.holds(facts)).collect();
    // The words are in the order of urgency; the rules already are in the order of their names.
    spoke.sort_by_key(|rule| rule.priority);
    let Some(first) = spoke.first() else {
        let says = "Nothing in the report asks for more or less than the ordinary.".to_owned();
        let reason = Reason { rule: NO_RULE_SPOKE.to_owned(), field: "report".to_owned(), says };
        return Verdict { priority: Priority::Routine, reasons: vec![reason] };
    };
    Verdict { priority: first.priority, reasons: spoke.iter().map(|rule| rule.reason()).collect() }
}

/// Every rule in force with whether it speaks, for `policy explain`.
#[must_use]
pub fn explain(facts: &TriageFacts, rules: &TriageRules) -> Vec<(Reason, Priority, bool)> {
    let judged = |rule: &TriageRule| (rule.reason(), rule.priority, rule.when.holds(facts));
    rules.in_force(facts.at).map(judged).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    fn facts() -> TriageFacts {
        let at = "2026-11-24T12:00:00Z".parse().unwrap();
        TriageFacts { at, incident_type: Some("csam".to_owned()), selectors: 2, ..TriageFacts::default() }
    }

    fn verdict(facts: &TriageFacts) -> Verdict {
        decide(facts, RuleSet::embedded().triage())
    }

    #[test]
    fn an_ordinary_report_is_routine_and_says_so() {
        let verdict = verdict(&facts());
        assert_eq!(verdict.priority, Priority::Routine);
        assert_eq!(verdict.reasons[0].rule, NO_RULE_SPOKE);
    }

    // PROVES: R-20a R-27
    #[test]
    fn the_most_urgent_rule_sets_the_priority_and_the_others_are_still_shown() {
        let mut facts = facts();
        facts.report_annotations = vec!["spam".to_owned()];
        facts.file_annotations = vec!["infant".to_owned()];
        facts.escalated = true;
        let verdict = verdict(&facts);
        assert_eq!(verdict.priority, Priority::Urgent);
        let rules: Vec<&str> = verdict.reasons.iter().map(|r| r.rule.as_str()).collect();
        assert_eq!(rules[0], "escalated-by-provider");
        assert!(rules.contains(&"infant-in-file") && rules.contains(&"marked-as-spam"), "{rules:?}");
    }

    #[test]
    fn informational_only_when_nothing_higher_speaks() {
        let mut facts = facts();
        facts.report_annotations = vec!["informational".to_owned()];
        assert_eq!(verdict(&facts).priority, Priority::Informational);
        facts.report_annotations.push("sextortion".to_owned());
        assert_eq!(verdict(&facts).priority, Priority::Urgent);
    }

    // PROVES: R-85
    #[test]
    fn a_rule_that_is_not_yet_in_force_is_silent() {
        let mut facts = facts();
        facts.escalated = true;
        facts.at = "2020-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(verdict(&facts).reasons[0].rule, NO_RULE_SPOKE);
    }
}
