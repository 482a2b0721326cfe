//! What was checked, one line each.

use std::fmt;

/// One thing that was checked, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub what: &'static str,
    /// What was found to hold, or why it does not.
    pub outcome: Result<String, String>,
}

/// All checks of one file, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    checks: Vec<Check>,
}

impl Findings {
    /// Whether everything that can be checked was, and held.
    #[must_use]
    pub fn hold(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.outcome.is_ok())
    }

    /// The checks, in order.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// Notes one check; answers what it found, so that later checks can build on it.
    pub(crate) fn note<T>(&mut self, what: &'static str, found: Result<(T, String), String>) -> Option<T> {
        let (value, outcome) = match found {
            Ok((value, says)) => (Some(value), Ok(says)),
            Err(says) => (None, Err(says)),
        };
        self.checks.push(Check { what, outcome });
        value
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Ok(says) => write!(f, "ok      {}: {says}", self.what),
            Err(says) => write!(f, "FAILED  {}: {says}", self.what),
        }
    }
}
