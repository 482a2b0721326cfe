//! How much of what an investigator needs a report holds: a score from 0 to 100 with every reason. Advice only:
//! nothing in the house refuses, delays or ranks a report by it.
//!
//! Each rule counts cases: so many of so many. What a report lacks is weighed by the rule and by the share of cases;
//! the score is what is left of the weight of all rules that have a case in this report. So a report without files
//! loses nothing for files.

mod facts;
mod mailbox;
mod rules;

use domain::Lack;
use serde::Serialize;

pub use facts::QualityFacts;
pub use mailbox::is_of_a_role;
pub use rules::{QualityRule, QualityRules, sentence};

/// A score with everything that speaks against full marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// 100 when nothing that the rules ask for is missing.
    pub score: u8,
    /// What is missing, the gravest first.
    pub lacks: Vec<Lack>,
}

/// Judges a report. The same facts under the same rules always give the same answer.
#[must_use]
pub fn judge(facts: &QualityFacts, rules: &QualityRules) -> Assessment {
    let (mut possible, mut lost, mut lacks) = (0, 0, Vec::new());
    for rule in rules.in_force(facts.at) {
        let Some(cases) = rule.cases(facts) else { continue };
        possible += u64::from(rule.weight) * POINTS;
        let missed = cases.points(rule.weight);
        if missed > 0 {
            lost += missed;
            lacks.push((missed, rule.lack(cases)));
        }
    }
    // Rules come in the order of their names, and the sort keeps it among equals.
    lacks.sort_by_key(|(missed, _)| std::cmp::Reverse(*missed));
    Assessment { score: score(possible, lost), lacks: lacks.into_iter().map(|(_, lack)| lack).collect() }
}

/// Parts of one unit of weight, so that shares are whole numbers.
const POINTS: u64 = 1_000;

/// In so many of so many cases something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cases {
    /// Cases in which it is missing.
    pub count: u32,
    /// All cases; never 0.
    pub of: u32,
}

impl Cases {
    fn points(self, weight: u32) -> u64 {
        u64::from(weight) * POINTS * u64::from(self.count.min(self.of)) / u64::from(self.of.max(1))
    }
}

/// Rounded down, so that only a report without any lack has 100.
fn score(possible: u64, lost: u64) -> u8 {
    let kept = 100 * possible.saturating_sub(lost);
    u8::try_from(kept.checked_div(possible).unwrap_or(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    fn facts() -> QualityFacts {
        QualityFacts { at: "2026-11-24T12:00:00Z".parse().unwrap(), ..QualityFacts::default() }
    }

    fn judged(facts: &QualityFacts) -> Assessment {
        judge(facts, RuleSet::embedded().quality())
    }

    #[test]
    fn a_report_that_lacks_nothing_has_a_hundred_and_no_reason() {
        let judged = judged(&QualityFacts { reported_people: 1, files: 3, reported_files: 2, ..facts() });
        assert_eq!((judged.score, judged.lacks), (100, Vec::new()));
    }

    #[test]
    fn a_lack_in_some_files_costs_its_share_and_says_in_how_many() {
        let whole = QualityFacts { reported_people: 1, files: 4, reported_files: 4, ..facts() };
        let some = judged(&QualityFacts { files_without_upload_address: 3, ..whole.clone() });
        let all = judged(&QualityFacts { files_without_upload_address: 4, ..whole });
        assert!(all.score < some.score && some.score < 100);
        assert_eq!((some.lacks[0].count, some.lacks[0].of), (3, 4));
        assert!(some.lacks[0].says.contains("3 of 4"), "{}", some.lacks[0].says);
    }

    #[test]
    fn the_gravest_lack_comes_first_and_every_one_says_why_and_how() {
        let facts = QualityFacts {
            reported_people: 1,
            people_without_contact: 1,
            incident_time_unexplained: 1,
            without_place: 1,
            ..facts()
        };
        let judged = judged(&facts);
        assert_eq!(judged.lacks.len(), 3);
        assert!(judged.lacks.windows(2).all(|pair| pair[0].weight >= pair[1].weight));
        assert!(judged.lacks.iter().all(|lack| !lack.why.is_empty() && !lack.fix.is_empty()));
    }

    // PROVES: R-07
    #[test]
    fn the_least_that_is_accepted_scores_low_and_is_judged_all_the_same() {
        let facts = QualityFacts {
            incident_time_unexplained: 1,
            without_place: 1,
            without_description: 1,
            without_contact_mailbox: 1,
            without_reported_person: 1,
            ..facts()
        };
        assert!(judged(&facts).score < 40, "{:?}", judged(&facts));
    }

    #[test]
    fn the_book_names_every_shipped_rule_with_its_weight() {
        let page = include_str!("../../docs/providers/quality.md");
        for rule in RuleSet::embedded().quality().all() {
            let row = format!("| {} | `{}` |", rule.weight, rule.name);
            assert!(page.contains(&row), "{row}");
        }
    }

    #[test]
    fn a_reason_reads_alike_for_its_sender_and_for_an_officer() {
        for rule in RuleSet::embedded().quality().all() {
            let words = format!("{} {}", rule.says, rule.why).to_lowercase();
            let mut words = words.split(|letter: char| !letter.is_alphabetic());
            assert!(!words.any(|word| matches!(word, "you" | "your" | "yours")), "{}", rule.name);
        }
    }

    #[test]
    fn without_a_rule_there_is_nothing_to_lack() {
        assert_eq!(judge(&facts(), &QualityRules::default()).score, 100);
    }
}
