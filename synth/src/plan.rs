//! Report number `n` of a run, made alone: the same plan and number give the same bytes.

mod files;
mod incident;
mod mishap;
mod person;
mod write;

use domain::{FileId, FileStatement, ReportId, Submission};
use jiff::Timestamp;

use crate::fault::{Fault, Verdict};
use crate::places::Spot;
use crate::shares::Shares;

/// What is sent: seed and mix. Two equal plans make equal reports on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Where chance starts.
    pub seed: u64,
    /// Which mix.
    pub shares: Shares,
    /// How many providers send, 1 to 14; the shares of the others fall to the last.
    pub senders: usize,
    /// Whether one report in [`Fault::EVERY`] is faulty.
    pub faults: bool,
    /// Everything happened in the [`SPAN_DAYS`](Self::SPAN_DAYS) days before this moment. A demonstration sets it to
    /// the beginning of its day; the default is fixed, so that tests repeat.
    pub latest: Timestamp,
}

/// One report with everything a provider sends for it.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticReport {
    /// Its number in the plan.
    pub index: u64,
    /// Which of the plan's providers sends it, from 0; [`PROVIDERS`](crate::PROVIDERS) names it.
    pub sender: usize,
    /// What the report says. Where the fault is one of writing, `xml` says it otherwise.
    pub submission: Submission,
    /// The document to submit, faults included.
    pub xml: String,
    /// The files to upload, in order.
    pub files: Vec<SyntheticFile>,
    /// What is wrong with it on purpose.
    pub fault: Option<Fault>,
    /// What tests may rely on.
    pub expected: Expected,
}

/// One file of the corpus as a provider hands it over.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticFile {
    /// Number in the [`corpus`](crate::corpus).
    pub corpus: usize,
    /// The bytes.
    pub bytes: &'static [u8],
    /// The name it is uploaded under. It may be hostile: never make a path of it.
    pub name: String,
    /// What the provider says it is; for noise that stands for a video this is untrue on purpose.
    pub media_type: &'static str,
    /// What the provider says of it; its two ids are placeholders until the upload is answered.
    statement: FileStatement,
}

impl SyntheticFile {
    /// The statement to send once the API has named report and file.
    #[must_use]
    pub fn statement(&self, report: ReportId, file: FileId) -> FileStatement {
        FileStatement { report, file, ..self.statement.clone() }
    }
}

/// What a report was made to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Where the reported person's own addresses are, by the table of [`places`](crate::places).
    pub place: Spot,
    /// Number of the reported person: reports of one number share selectors.
    pub person: u64,
    /// It asks for high priority.
    pub urgent: bool,
    /// It was made to hold little or nothing to act on.
    pub informational: bool,
    /// What the API must answer to the submission.
    pub verdict: Verdict,
}

impl Plan {
    /// The days in which everything happened.
    pub const SPAN_DAYS: i64 = 150;

    /// A plan of three senders without faults, with everything before November 2026.
    #[must_use]
    pub fn new(seed: u64, shares: Shares) -> Self {
        // 2026-10-31T00:00:00Z.
        let latest = Timestamp::from_second(1_793_404_800).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { seed, shares, senders: 3, faults: false, latest }
    }

    /// The same plan with faults on or off.
    #[must_use]
    pub const fn with_faults(self, faults: bool) -> Self {
        Self { faults, ..self }
    }

    /// The same plan for so many senders.
    #[must_use]
    pub const fn with_senders(self, senders: usize) -> Self {
        Self { senders, ..self }
    }

    /// The same plan with everything before another moment.
    #[must_use]
    pub const fn before(self, latest: Timestamp) -> Self {
        Self { latest, ..self }
    }

    /// Report number `index`.
    #[must_use]
    pub fn report(&self, index: u64) -> SyntheticReport {
        let mut draft = incident::Draft::of(self, index);
        if let Some(fault) = draft.fault {
            mishap::inject(&mut draft, fault);
        }
        write::finish(draft)
    }
}
