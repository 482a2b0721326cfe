//! How much of what an investigator needs a report holds. Advice to its sender, never a reason to refuse it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was found of one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// 100 when nothing that the rules ask for is missing, 0 when everything is.
    pub score: u8,
    /// What is missing or weak, the gravest first.
    pub lacks: Vec<Lack>,
    /// The rule set that judged.
    pub rule_set: String,
    /// When it was judged.
    pub judged_at: Timestamp,
}

/// One thing that a report lacks. No private value stands in it: counts, and the words of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// The rule's name in its file, such as `upload-address-missing`.
    pub rule: String,
    /// The field that it looks at, as the sender knows it.
    pub field: String,
    /// One plain sentence with its counts.
    pub says: String,
    /// Why an investigator needs it.
    pub why: String,
    /// What the sender can do about it.
    pub fix: String,
    /// How much it counts beside the other rules, 1 to 100.
    pub weight: u32,
    /// In how many cases it is missing.
    pub count: u32,
    /// Of how many cases.
    pub of: u32,
}
