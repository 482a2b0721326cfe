//! The work queue: one row per report that the pipeline owes a step.

use domain::ReportId;
use jiff::{SignedDuration, Timestamp};

use crate::{Act, Fault, Result, View};

/// The name of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkId(pub(crate) ReportId);

/// A worker's hold on a piece of work, until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The work.
    pub work: WorkId,
    /// Its report.
    pub report: ReportId,
    /// How many times it has been tried, this one included.
    pub attempt: u32,
    /// When the hold ends.
    pub until: Timestamp,
}

/// Work that was given up and waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadWork {
    /// The work.
    pub work: WorkId,
    /// Its report.
    pub report: ReportId,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// What was said last.
    pub error: String,
}

/// Owes a report a step.
///
/// # Errors
/// A fault of the database.
pub fn enqueue(_act: &Act<'_>, _report: ReportId, _rank: u8, _due_at: Timestamp) -> Result<()> {
    Err(Fault::Stopped { what: "stub" }.into())
}

/// Ends a piece of work, in the act that did it.
///
/// # Errors
/// [`crate::Refusal::LeaseLost`].
pub fn done(_act: &Act<'_>, _lease: &Lease) -> Result<()> {
    Err(Fault::Stopped { what: "stub" }.into())
}

/// Holds on to a piece of work for longer, in the act that did a part of it.
///
/// # Errors
/// [`crate::Refusal::LeaseLost`].
pub fn renew(_act: &Act<'_>, _lease: &Lease, _for_another: SignedDuration) -> Result<Lease> {
    Err(Fault::Stopped { what: "stub" }.into())
}

/// Work that was given up.
///
/// # Errors
/// A fault of the database.
pub fn dead(_view: &View<'_>) -> Result<Vec<DeadWork>> {
    Err(Fault::Stopped { what: "stub" }.into())
}

/// Takes up dead work again.
///
/// # Errors
/// [`crate::Refusal::NotFound`].
pub fn revive(_act: &Act<'_>, _work: WorkId) -> Result<()> {
    Err(Fault::Stopped { what: "stub" }.into())
}
