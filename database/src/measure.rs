//! How often each named transaction ran and how long its callers waited.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Names that are counted apart; names are constants of the code, so this is never reached.
const MOST_NAMES: usize = 4_096;

/// What is known of one named transaction since the database was opened.
///
/// The name `database::commit` stands for SQLite's shared commits: its `carried` counts the callers they carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The name given to `write` or `read`.
    pub name: &'static str,
    /// Answers given.
    pub count: u64,
    /// Answers that were refusals or faults.
    pub failures: u64,
    /// Runs beyond the first.
    pub retries: u64,
    /// How often the engine was waited for: on PostgreSQL trips to the server, on SQLite statements.
    pub trips: u64,
    /// From entering the queue to the answer, in microseconds, all added up.
    pub total_us: u64,
    /// The longest of them.
    pub worst_us: u64,
    /// Rows that went through `Tx::many`, or callers in shared commits.
    pub carried: u64,
}

/// One answer.
pub(crate) struct Sample {
    pub good: bool,
    pub retries: u64,
    pub trips: u64,
    pub carried: u64,
    pub micros: u64,
}

pub(crate) struct Measures {
    slow_us: u64,
    by_name: Mutex<BTreeMap<&'static str, Measure>>,
}

impl Measures {
    pub(crate) fn new(slow: Duration) -> Self {
        let slow_us = u64::try_from(slow.as_micros()).unwrap_or(u64::MAX);
        Self { slow_us, by_name: Mutex::default() }
    }

    pub(crate) fn record(&self, name: &'static str, sample: Sample) {
        if sample.micros > self.slow_us {
            tracing::warn!(transaction = name, duration_ms = sample.micros / 1_000, "slow transaction");
        }
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        if by_name.len() >= MOST_NAMES && !by_name.contains_key(name) {
            return;
        }
        let measure = by_name.entry(name).or_insert(Measure {
            name,
            count: 0,
            failures: 0,
            retries: 0,
            trips: 0,
            total_us: 0,
            worst_us: 0,
            carried: 0,
        });
        measure.count += 1;
        measure.failures += u64::from(!sample.good);
        measure.retries += sample.retries;
        measure.trips += sample.trips;
        measure.total_us = measure.total_us.saturating_add(sample.micros);
        measure.worst_us = measure.worst_us.max(sample.micros);
        measure.carried += sample.carried;
    }

    pub(crate) fn all(&self) -> Vec<Measure> {
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }
}
