//! What a set answers: on facts of somebody's own, with every rule that spoke; and to one question of who may do what.

use std::fmt;

use policy::access::{self, Answer};
use policy::quality::{self, Assessment, QualityFacts};
use policy::routing::RouteDecision;
use policy::triage::{self, TriageFacts};
use policy::{RoutingFacts, RuleSet, Verdict};
use serde::{Deserialize, Serialize};

/// Why nothing is explained.
#[derive(Debug, thiserror::Error)]
pub enum NotExplained {
    /// The facts are not understood.
    #[error("it is not understood: {0}")]
    Unread(String),
    /// There are none.
    #[error("it has no table `triage`, `routing` or `quality`")]
    Nothing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    triage: Option<TriageFacts>,
    routing: Option<RoutingFacts>,
    quality: Option<QualityFacts>,
}

/// What was decided on somebody's facts.
#[derive(Debug, Serialize)]
pub struct Explained {
    rule_set: String,
    triage: Option<Verdict>,
    routing: Option<RouteDecision>,
    quality: Option<Assessment>,
}

/// Decides on facts: TOML with a table `triage`, `routing` or `quality`, or several.
///
/// # Errors
/// [`NotExplained`].
pub fn explain(facts: &str, rules: &RuleSet) -> Result<Explained, NotExplained> {
    let read = toml::from_str(facts).map_err(|fault| NotExplained::Unread(fault.message().to_owned()));
    let Facts { triage, routing, quality } = read?;
    if triage.is_none() && routing.is_none() && quality.is_none() {
        return Err(NotExplained::Nothing);
    }
    Ok(Explained {
        rule_set: rules.id().to_string(),
        triage: triage.map(|facts| triage::decide(&facts, rules.triage())),
        routing: routing.map(|facts| policy::route(&facts, rules.routing())),
        quality: quality.map(|facts| quality::judge(&facts, rules.quality())),
    })
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule set {}", self.rule_set)?;
        if let Some(verdict) = &self.triage {
            write!(f, "\npriority {}", verdict.priority)?;
            verdict.reasons.iter().try_for_each(|one| write!(f, "\n  {}: {}", one.rule, one.says))?;
        }
        if let Some(decision) = &self.routing {
            for one in &decision.recipients {
                write!(f, "\nto {} on basis {}\n  {}: {}", one.agency, one.basis, one.rule, one.says)?;
            }
            decision.flags.iter().try_for_each(|flag| write!(f, "\nnote: {}", flag.says()))?;
        }
        if let Some(judged) = &self.quality {
            write!(f, "\nquality {} of 100", judged.score)?;
            judged.lacks.iter().try_for_each(|lack| write!(f, "\n  {}: {}", lack.rule, lack.says))?;
        }
        Ok(())
    }
}

/// Whether somebody may, and by which policy.
#[derive(Debug, Serialize)]
pub struct May {
    yes: bool,
    by: Option<By>,
    rule_set: String,
}

#[derive(Debug, Serialize)]
struct By {
    policy: String,
    rule: String,
    source: String,
    says: String,
}

/// One cell of the authority table by its names; `None` when the table has no such row, action or column.
#[must_use]
pub fn may(rules: &RuleSet, who: &str, action: &str, place: &str) -> Option<May> {
    let (yes, why) = match access::cell_of(rules.access(), who, action, place)? {
        Answer::Yes(why) => (true, Some(why)),
        Answer::No(why) => (false, why),
    };
    let by = why.map(|why| By {
        policy: why.policy.clone(),
        rule: why.rule.clone(),
        source: why.source.clone(),
        says: why.says.clone(),
    });
    Some(May { yes, by, rule_set: rules.id().to_string() })
}

impl fmt::Display for May {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = if self.yes { "yes" } else { "no" };
        match &self.by {
            Some(by) => write!(f, "{answer}: {} ({}, {}): {}", by.policy, by.rule, by.source, by.says),
            None => f.write_str("no: no policy allows it"),
        }
    }
}
