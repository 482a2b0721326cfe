//! How far a report is, in the words for its provider. The house's own steps between receipt and delivery are one.

use std::fmt;
use std::str::FromStr;

use domain::{Stage, UnknownWord};
use jiff::Timestamp;
use store::own::Submitted;

/// How far a report is, as its provider is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnState {
    /// It takes files and details.
    Open,
    /// It is finished, and being prepared.
    Received,
    /// Law enforcement can read it.
    Available,
    /// Its provider took it back.
    Retracted,
    /// Its time ran out.
    Expired,
    /// It was destroyed by rule.
    Destroyed,
}

impl OwnState {
    /// Every state, in the order of a report's life.
    pub const ALL: &'static [Self] =
        &[Self::Open, Self::Received, Self::Available, Self::Retracted, Self::Expired, Self::Destroyed];

    /// The state of a report at a moment. An open one whose time is over counts as expired, whether or not the sweep
    /// has come by.
    pub(super) fn of(report: &Submitted, now: Timestamp) -> Self {
        match report.stage {
            Stage::Open if report.expires_at.is_some_and(|end| end <= now) => Self::Expired,
            Stage::Open => Self::Open,
            Stage::Finished
            | Stage::Sealed
            | Stage::Enriched
            | Stage::Correlated
            | Stage::Triaged
            | Stage::Routed => Self::Received,
            Stage::Available | Stage::Retained => Self::Available,
            Stage::Retracted => Self::Retracted,
            Stage::Expired => Self::Expired,
            Stage::Destroyed => Self::Destroyed,
        }
    }

    /// Its stable word, for addresses and machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Received => "received",
            Self::Available => "available",
            Self::Retracted => "retracted",
            Self::Expired => "expired",
            Self::Destroyed => "destroyed",
        }
    }

    /// One or two sentences for a person.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::Open => "Open. It still takes files and details. It expires unless you finish it.",
            Self::Received => {
                "Received. It is complete and cannot be changed. We are preparing it for law enforcement."
            }
            Self::Available => "Made available to law enforcement.",
            Self::Retracted => "Retracted before it was finished. Nothing of it was kept.",
            Self::Expired => "Expired. It was not finished in time, so nothing of it is kept. Send it again.",
            Self::Destroyed => "Destroyed by rule. Only the record that it was here is left.",
        }
    }

    /// Whether its content is still there.
    #[must_use]
    pub const fn is_kept(self) -> bool {
        matches!(self, Self::Open | Self::Received | Self::Available)
    }

    /// Whether its provider was told that it is complete, and so has a receipt.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Received | Self::Available | Self::Destroyed)
    }
}

impl fmt::Display for OwnState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OwnState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.iter().find(|state| state.as_str() == word);
        found.copied().ok_or_else(|| UnknownWord { list: "report state", word: word.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_state_has_a_word_that_reads_back_and_a_sentence() {
        let words: BTreeSet<&str> = OwnState::ALL.iter().map(|state| state.as_str()).collect();
        assert_eq!(words.len(), OwnState::ALL.len());
        for state in OwnState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
            assert!(state.says().ends_with('.'));
        }
    }
}
