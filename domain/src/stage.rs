//! The life of a report as a table of stages (design section 4).

use crate::named::words;

words! {
    /// Where a report stands. A finished report never goes back and is never changed; it only moves on.
    Stage ("stage") {
        /// Opened by `submit`; files and details may follow.
        Open = "open",
        /// Finished by its provider; nothing of it changes any more.
        Finished = "finished",
        /// Everything received is sealed in the vault and hashed.
        Sealed = "sealed",
        /// Addresses and numbers have been looked up in the dated tables.
        Enriched = "enriched",
        /// Selectors are known and earlier reports that share them are linked.
        Correlated = "correlated",
        /// A priority with its reasons stands.
        Triaged = "triaged",
        /// The agencies that must have it are known, with reasons.
        Routed = "routed",
        /// At least one agency can read it.
        Available = "available",
        /// Its clocks run; nothing more is to be done until one rings.
        Retained = "retained",
        /// Its keys are gone.
        Destroyed = "destroyed",
        /// Withdrawn by its provider before it was finished.
        Retracted = "retracted",
        /// Never finished; its keys were destroyed when its time ran out.
        Expired = "expired",
    }
}

/// How a stage ends a report's movement, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The report was never handed in: retracted or expired.
    NeverFiled,
    /// The report was delivered and later destroyed by rule.
    Destroyed,
}

impl Stage {
    /// The stages that may follow this one. The journey has exactly these edges.
    #[must_use]
    pub const fn next(self) -> &'static [Stage] {
        match self {
            Self::Open => &[Self::Finished, Self::Retracted, Self::Expired],
            Self::Finished => &[Self::Sealed],
            Self::Sealed => &[Self::Enriched],
            Self::Enriched => &[Self::Correlated],
            Self::Correlated => &[Self::Triaged],
            Self::Triaged => &[Self::Routed],
            Self::Routed => &[Self::Available],
            Self::Available => &[Self::Retained],
            Self::Retained => &[Self::Destroyed],
            Self::Destroyed | Self::Retracted | Self::Expired => &[],
        }
    }

    /// True when the report may move from here to `to`.
    #[must_use]
    pub fn may_become(self, to: Stage) -> bool {
        self.next().contains(&to)
    }

    /// The stage's way of ending a report, `None` while there is more to do.
    #[must_use]
    pub const fn ending(self) -> Option<Ending> {
        match self {
            Self::Retracted | Self::Expired => Some(Ending::NeverFiled),
            Self::Destroyed => Some(Ending::Destroyed),
            _ => None,
        }
    }

    /// True from the moment at which an agency must be able to read the report.
    #[must_use]
    pub const fn is_delivered(self) -> bool {
        matches!(self, Self::Available | Self::Retained | Self::Destroyed)
    }

    /// True while the pipeline still owes the report a step.
    #[must_use]
    pub const fn is_moving(self) -> bool {
        matches!(
            self,
            Self::Finished
                | Self::Sealed
                | Self::Enriched
                | Self::Correlated
                | Self::Triaged
                | Self::Routed
                | Self::Available
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths_from(stage: Stage, walked: &[Stage]) -> Vec<Vec<Stage>> {
        let here: Vec<Stage> = walked.iter().copied().chain([stage]).collect();
        if stage.next().is_empty() {
            return vec![here];
        }
        stage.next().iter().flat_map(|&next| paths_from(next, &here)).collect()
    }

    // PROVES: R-20
    #[test]
    fn no_finished_report_can_end_without_a_delivery() {
        let paths = paths_from(Stage::Open, &[]);
        assert!(paths.len() >= 3);
        for path in paths {
            let finished = path.contains(&Stage::Finished);
            let delivered = path.contains(&Stage::Available);
            assert_eq!(finished, delivered, "{path:?}");
            let last = path[path.len() - 1];
            assert!(last.ending().is_some(), "{path:?} ends nowhere");
        }
    }

    // PROVES: R-13
    #[test]
    fn nothing_leads_back_to_an_open_report() {
        assert!(Stage::ALL.iter().all(|s| !s.may_become(Stage::Open)));
    }

    #[test]
    fn every_stage_reads_back_from_its_word() {
        for &stage in Stage::ALL {
            assert_eq!(stage.as_str().parse(), Ok(stage));
        }
    }
}
