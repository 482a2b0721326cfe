//! What is asked of an inbox, and where a row stands in the answer.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use domain::{BasisCode, PersonId, Priority, ProviderId, ReportId, Status, StatusReason};
use jiff::{SignedDuration, Timestamp};

use super::InboxRow;
use crate::{Refusal, column};

/// In which order an inbox is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// The most urgent first, and among equals who waits longest.
    #[default]
    MostUrgent,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
    /// What is due first.
    Deadline,
    /// What was made available last.
    Arrived,
    /// What the agency changed last.
    Changed,
}

/// How far the agency is with what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Which {
    /// Whatever is not closed.
    #[default]
    Open,
    /// Only this status.
    Only(Status),
    /// Open or closed; answered in the order in which things came or changed.
    Any,
}

/// Who has what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// This person.
    Person(PersonId),
    /// Nobody yet.
    Nobody,
}

/// Which part of an inbox is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxQuery {
    /// In which order.
    pub sort: Sort,
    /// How far the agency is.
    pub which: Which,
    /// Why it waits or was closed.
    pub reason: Option<StatusReason>,
    /// Who has it.
    pub holder: Option<Holder>,
    /// Which unit has it.
    pub unit: Option<String>,
    /// Only this priority: the agency's own, or ours where it has none.
    pub priority: Option<Priority>,
    /// Only what we advised this priority for, whatever the agency made of it.
    pub advised: Option<Priority>,
    /// Only what was made available on this basis.
    pub basis: Option<BasisCode>,
    /// Only this incident type, by its key.
    pub incident_type: Option<String>,
    /// Only this provider.
    pub provider: Option<ProviderId>,
    /// Only this place, in the words of the rows.
    pub place: Option<String>,
    /// Only with files, or only without.
    pub has_files: Option<bool>,
    /// Only received at this moment or later.
    pub since: Option<Timestamp>,
    /// Only received before this moment.
    pub until: Option<Timestamp>,
    /// Only due at this moment or before.
    pub due_until: Option<Timestamp>,
    /// Only made available after this moment.
    pub new_after: Option<Timestamp>,
    /// Only made available before this moment.
    pub available_until: Option<Timestamp>,
    /// Only changed after this moment.
    pub changed_after: Option<Timestamp>,
    /// Only changed last before this moment.
    pub changed_until: Option<Timestamp>,
    /// The page after the row with this key, of the same question.
    pub after: Option<Key>,
    /// Rows of the page, at most [`super::MOST_ROWS`].
    pub limit: u32,
}

impl Default for InboxQuery {
    /// The first page of everything that is open.
    fn default() -> Self {
        Self {
            sort: Sort::default(),
            which: Which::default(),
            reason: None,
            holder: None,
            unit: None,
            priority: None,
            advised: None,
            basis: None,
            incident_type: None,
            provider: None,
            place: None,
            has_files: None,
            since: None,
            until: None,
            due_until: None,
            new_after: None,
            available_until: None,
            changed_after: None,
            changed_until: None,
            after: None,
            limit: 50,
        }
    }
}

/// Where a row stands in its order; its text goes into addresses of pages and says nothing that the row does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub(super) rank: u8,
    pub(super) at: i64,
    pub(super) report: u64,
}

impl InboxQuery {
    /// The order in which it is answered: what is closed has no deadline, and no index holds open and closed reports by
    /// their priority.
    #[must_use]
    pub const fn order(&self) -> Sort {
        match (self.sort, self.which) {
            (Sort::Deadline, Which::Only(Status::Closed)) => Sort::Changed,
            (Sort::MostUrgent | Sort::Newest | Sort::Oldest | Sort::Deadline, Which::Any) => Sort::Arrived,
            (sort, _) => sort,
        }
    }

    /// Before which moment everything was received that fits: nothing is made available or changed before it was received.
    /// The clocks of two processes are never a day apart.
    pub(super) fn received_until(&self) -> Option<Timestamp> {
        let day = SignedDuration::from_hours(24);
        let later = [self.available_until, self.changed_until].into_iter().flatten();
        later.filter_map(|until| until.checked_add(day).ok()).chain(self.until).min()
    }

    /// Where a row stands in this order.
    #[must_use]
    pub fn key(&self, row: &InboxRow) -> Key {
        let at = match self.order() {
            Sort::MostUrgent | Sort::Newest | Sort::Oldest => Some(row.received_at),
            Sort::Deadline => row.standing.due_at,
            Sort::Arrived => Some(row.available_at),
            Sort::Changed => Some(row.standing.changed_at),
        };
        let at = at.map_or(i64::MAX, column::micros);
        Key { rank: row.standing.priority().rank(), at, report: row.report().get() }
    }

    /// Which of two rows comes first, in orders by one moment.
    pub(super) fn compare(&self, one: Key, other: Key) -> Ordering {
        let up = (one.at, one.report).cmp(&(other.at, other.report));
        if self.is_downward() { up.reverse() } else { up }
    }

    /// Whether later moments come first.
    pub(super) fn is_downward(&self) -> bool {
        matches!(self.order(), Sort::Newest | Sort::Arrived | Sort::Changed)
    }

    pub(super) fn has_band(&self, band: Option<Priority>) -> bool {
        self.priority.is_none() || band.is_none() || self.priority == band
    }

    /// Whether a row fits every filter.
    #[must_use]
    pub fn fits(&self, row: &InboxRow) -> bool {
        self.fits_work(row) && self.fits_report(row)
    }

    fn fits_work(&self, row: &InboxRow) -> bool {
        let said = &row.standing.said;
        let held = match &self.holder {
            None => true,
            Some(Holder::Nobody) => said.person.is_none(),
            Some(Holder::Person(person)) => said.person.as_ref() == Some(person),
        };
        let far = match self.which {
            Which::Open => said.status.is_open(),
            Which::Only(status) => said.status == status,
            Which::Any => true,
        };
        held && far
            && fits(self.unit.as_ref(), said.unit.as_ref())
            && fits(self.priority.as_ref(), Some(&row.standing.priority()))
            && self.due_until.is_none_or(|until| row.standing.is_late(until))
            && fits(self.reason.as_ref(), said.reason.as_ref())
            && self.changed_after.is_none_or(|after| row.standing.changed_at > after)
            && self.changed_until.is_none_or(|until| row.standing.changed_at < until)
    }

    fn fits_report(&self, row: &InboxRow) -> bool {
        fits(self.incident_type.as_ref(), Some(&row.incident_type))
            && fits(self.provider.as_ref(), Some(&row.provider))
            && fits(self.place.as_ref(), row.place.as_ref())
            && fits(self.has_files.as_ref(), Some(&(row.files > 0)))
            && self.since.is_none_or(|since| row.received_at >= since)
            && self.until.is_none_or(|until| row.received_at < until)
            && fits(self.advised.as_ref(), Some(&row.standing.advised))
            && fits(self.basis.as_ref(), row.basis.as_ref())
            && self.new_after.is_none_or(|after| row.available_at > after)
            && self.available_until.is_none_or(|until| row.available_at < until)
    }
}

fn fits<T: PartialEq>(wanted: Option<&T>, is: Option<&T>) -> bool {
    wanted.is_none() || wanted == is
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.rank, self.at, self.report)
    }
}

impl FromStr for Key {
    type Err = Refusal;
    /// Reads a key back from the address of a page.
    fn from_str(text: &str) -> std::result::Result<Self, Refusal> {
        const UNFIT: Refusal = Refusal::Unfit { what: "place in the list" };
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(UNFIT);
        let rank = part()?.parse().map_err(|_| UNFIT)?;
        let at = part()?.parse().map_err(|_| UNFIT)?;
        let report = part()?.parse::<ReportId>().map_err(|_| UNFIT)?;
        Ok(Self { rank, at, report: report.get() })
    }
}
