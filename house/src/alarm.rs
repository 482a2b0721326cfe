//! Alarms: what must not wait for somebody to look. Each is said once when it is raised, and stands in metrics and health
//! until it is settled (R-76c).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// Nothing can be put into the ledger, so nothing is done (fail closed).
    AppendFailing,
    /// The rows of the ledger are not those that were signed: severity 1.
    LedgerBroken,
    /// No quorum of witnesses has cosigned for too long.
    QuorumOld,
    /// A witness knows another tree than we have: severity 1.
    WitnessDisagrees,
    /// A vendor has not shown in time that what had to be destroyed is gone there, too.
    VendorOverdue,
    /// What cannot wait waits at the desk, and nobody of the desk can be called.
    DeskUnreached,
}

impl Alarm {
    /// Every alarm.
    pub const ALL: [Self; 6] = [
        Self::AppendFailing,
        Self::LedgerBroken,
        Self::QuorumOld,
        Self::WitnessDisagrees,
        Self::VendorOverdue,
        Self::DeskUnreached,
    ];

    /// Its name in metrics and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppendFailing => "append-failing",
            Self::LedgerBroken => "ledger-broken",
            Self::QuorumOld => "quorum-old",
            Self::WitnessDisagrees => "witness-disagrees",
            Self::VendorOverdue => "vendor-overdue",
            Self::DeskUnreached => "desk-unreached",
        }
    }
}

/// An alarm that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// Which.
    pub alarm: Alarm,
    /// Since when.
    pub since: Timestamp,
    /// What is wrong; nothing private.
    pub says: String,
}

/// The alarms of one process.
#[derive(Default)]
pub(crate) struct Alarms {
    standing: Mutex<BTreeMap<Alarm, Raised>>,
    /// So that an act that succeeds costs no lock.
    append_fails: AtomicBool,
    append_failures: AtomicU64,
}

impl Alarms {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Alarm, Raised>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Raises an alarm, or says its newest words. Answers whether it is new.
    pub(crate) fn raise(&self, alarm: Alarm, since: Timestamp, says: String) -> bool {
        let mut standing = self.lock();
        let known = standing.get_mut(&alarm);
        if let Some(known) = known {
            known.says = says;
            return false;
        }
        tracing::error!(alarm = alarm.as_str(), says, "ALARM");
        standing.insert(alarm, Raised { alarm, since, says });
        true
    }

    pub(crate) fn settle(&self, alarm: Alarm) {
        if self.lock().remove(&alarm).is_some() {
            tracing::info!(alarm = alarm.as_str(), "the alarm is settled");
        }
    }

    pub(crate) fn append_failed(&self, now: Timestamp, says: String) {
        self.append_failures.fetch_add(1, Ordering::Relaxed);
        self.append_fails.store(true, Ordering::Relaxed);
        self.raise(Alarm::AppendFailing, now, says);
    }

    pub(crate) fn appended(&self) {
        if self.append_fails.swap(false, Ordering::Relaxed) {
            self.settle(Alarm::AppendFailing);
        }
    }

    pub(crate) fn standing(&self) -> Vec<Raised> {
        self.lock().values().cloned().collect()
    }

    pub(crate) fn append_failures(&self) -> u64 {
        self.append_failures.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_stands_from_the_first_moment_until_it_is_settled() {
        let (alarms, noon) = (Alarms::default(), Timestamp::UNIX_EPOCH);
        let later = Timestamp::from_second(60).unwrap();
        alarms.append_failed(noon, "disk full".to_owned());
        alarms.append_failed(later, "disk still full".to_owned());
        let standing = alarms.standing();
        assert_eq!((standing.len(), standing[0].since), (1, noon));
        assert_eq!((standing[0].says.as_str(), alarms.append_failures()), ("disk still full", 2));
        alarms.appended();
        assert_eq!((alarms.standing(), alarms.append_failures()), (Vec::new(), 2));
    }
}
