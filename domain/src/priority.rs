//! How soon somebody must look, and why. Ours is advisory (R-20a): the agency keeps its own.

use serde::{Deserialize, Serialize};

use crate::named::words;

words! {
    /// Our advisory priority, most urgent first.
    Priority ("priority") {
        /// A child is in current or impending danger.
        Immediate = "immediate",
        /// A child may be in danger soon.
        Urgent = "urgent",
        /// More than the ordinary is at stake.
        Elevated = "elevated",
        /// An ordinary actionable report.
        Routine = "routine",
        /// For information; little or nothing to act on.
        Informational = "informational",
    }
}

impl Priority {
    /// 5 for the most urgent down to 1; the form in which queues sort it.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Immediate => 5,
            Self::Urgent => 4,
            Self::Elevated => 3,
            Self::Routine => 2,
            Self::Informational => 1,
        }
    }
}

/// One named rule that spoke, over which field, in words a tired person understands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule's name in its file, such as `escalated-by-provider`.
    pub rule: String,
    /// The field that the rule looked at, such as `incidentSummary.escalateToHighPriority`.
    pub field: String,
    /// One sentence for the reader. No private value stands in it.
    pub says: String,
}
