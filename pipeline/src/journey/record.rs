//! What strides found, on its way into the rows: several strides in one act, with the leaves that each would have left
//! by itself.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Actor, Priority, Purpose, Stage};
use store::work::{self, Lease};
use store::{Act, Error, Refusal, report};

use super::{LEASE, StrideFault, Walk};

type Write = Box<dyn FnMut(&Act<'_>) -> store::Result<()> + Send>;

/// What one stride records beside the report's new stage.
pub(super) struct Record {
    pub to: Stage,
    purpose: Purpose,
    name: &'static str,
    /// Says what the others will ask, so that the database is asked for all of it at once.
    foresee: Option<Write>,
    write: Write,
    /// What other reports' acts write to as well: they wait for it from here to the commit, so it comes last.
    last: Option<Write>,
    /// The priority that the report has from here on.
    priority: Option<Priority>,
}

impl Record {
    pub(super) fn new(
        to: Stage,
        name: &'static str,
        write: impl FnMut(&Act<'_>) -> store::Result<()> + Send + 'static,
    ) -> Self {
        let (purpose, write) = (Purpose::Pipeline, Box::new(write));
        Self { to, purpose, name, foresee: None, write, last: None, priority: None }
    }

    pub(super) fn foreseeing(
        self,
        foresee: impl FnMut(&Act<'_>) -> store::Result<()> + Send + 'static,
    ) -> Self {
        Self { foresee: Some(Box::new(foresee)), ..self }
    }

    pub(super) fn for_purpose(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    pub(super) fn giving(self, priority: Priority) -> Self {
        Self { priority: Some(priority), ..self }
    }

    pub(super) fn and_last(self, last: impl FnMut(&Act<'_>) -> store::Result<()> + Send + 'static) -> Self {
        Self { last: Some(Box::new(last)), ..self }
    }

    /// Whether the report must have come to the stage before anything is written. It is available, and retained, only
    /// once its deliveries stand.
    const fn is_reached_first(&self) -> bool {
        !matches!(self.to, Stage::Available | Stage::Retained)
    }
}

impl Walk {
    /// Records what strides found, all in one act. If the act is refused, each is recorded in an act of its own as far
    /// as that goes, so that a report stands, in sight, where it can go no further.
    pub(super) async fn keep(&mut self, records: Vec<Record>) -> Result<(), StrideFault> {
        let to = records.last().map_or(self.at, |record| record.to);
        let several = records.len() > 1;
        let records = Arc::new(Mutex::new(records));
        match self.act(&records).await {
            Ok(()) => {
                self.at = to;
                Ok(())
            }
            Err(Error::Refusal(refusal)) if several && !is_anothers(refusal) => {
                let records = std::mem::take(&mut *records.lock().unwrap_or_else(PoisonError::into_inner));
                for record in records {
                    let to = record.to;
                    self.act(&Arc::new(Mutex::new(vec![record]))).await.map_err(judged)?;
                    self.at = to;
                }
                Ok(())
            }
            Err(error) => Err(judged(error)),
        }
    }

    async fn act(&self, records: &Arc<Mutex<Vec<Record>>>) -> store::Result<()> {
        let (lease, from, records) = (self.lease.clone(), self.at, Arc::clone(records));
        let (name, purpose) = match records.lock().unwrap_or_else(PoisonError::into_inner).as_slice() {
            [one] => (one.name, one.purpose),
            _ => ("walk", Purpose::Pipeline),
        };
        let recorded = self.house.act(Actor::House, purpose, name, move |act| {
            let mut records = records.lock().unwrap_or_else(PoisonError::into_inner);
            written(act, &lease, from, &mut records)
        });
        recorded.await
    }
}

/// INVARIANT: an act of a walk ends with the lease held on to or given back, and is kept only if it could be, so that a
/// worker whose lease ran out records nothing.
fn written(act: &Act<'_>, lease: &Lease, from: Stage, records: &mut [Record]) -> store::Result<()> {
    let (first, then): (Vec<Stage>, Vec<Stage>) = {
        let (first, then): (Vec<&Record>, Vec<&Record>) =
            records.iter().partition(|record| record.is_reached_first());
        (first.iter().map(|record| record.to).collect(), then.iter().map(|record| record.to).collect())
    };
    let told = |act: &Act<'_>, record: &Record| act.goes_on(record.purpose, record.name);
    act.foresee_key(lease.report)?;
    for foresee in records.iter_mut().filter_map(|record| record.foresee.as_mut()) {
        foresee(act)?;
    }
    if let Some(record) = records.first().filter(|_| !first.is_empty()) {
        told(act, record);
        let priority = records.iter().find_map(|record| record.priority);
        report::move_along(act, lease.report, from, &first, priority)?;
    }
    for record in &mut *records {
        told(act, record);
        (record.write)(act)?;
    }
    if !then.is_empty() {
        report::move_at_last(act, lease.report, first.last().copied().unwrap_or(from), &then)?;
    }
    for record in &mut *records {
        if let Some(last) = &mut record.last {
            last(act)?;
        }
    }
    match then.last() {
        Some(Stage::Retained) => work::done(act, lease),
        _ => work::renew(act, lease, LEASE).map(drop),
    }
}

/// True when another worker has gone on with the report.
pub(crate) const fn is_anothers(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::LeaseLost | Refusal::TooLate { .. })
}

/// Only disclosure asks whether anybody is qualified.
fn judged(error: Error) -> StrideFault {
    match error {
        Error::Refusal(Refusal::NotQualified) => StrideFault::NoRecipient,
        error => error.into(),
    }
}
