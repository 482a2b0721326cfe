//! The record as people search it: the newest leaves first, narrowed by what the rows say. What only the events say is for
//! whoever asks to look at; nothing of them stands in the rows, so that the ledger tells a thief of the database nothing.
//! Every question has a bound, and says where to go on.

use std::collections::BTreeMap;

use database::{FromRow, Row, bind};
use domain::ReportId;
use jiff::Timestamp;
use serde_json::Value;

use super::Book;
use super::records::{salted, told};
use crate::{EventKind, LeafId, Result, View, column};

/// The window of one question: so many leaves back from where it begins, and no further.
const MOST_LOOKED: u32 = 50_000;
/// Summaries of refusals that are opened for one chart: one a minute and process.
const MOST_COUNTED: u32 = 20_000;
const US_OF_DAY: i64 = 86_400_000_000;

const WINDOW: &str = "-- book::window
    SELECT id FROM ledger_leaf WHERE id < :before AND id >= :from ORDER BY id DESC LIMIT 1 OFFSET :looked";

const SEARCH: &str = "-- book::search
    SELECT id, leaf_index, kind, report_id, occurred_at, sealed_event FROM ledger_leaf
    WHERE id < :before AND id >= :from AND leaf_index IS NOT NULL AND (:kind = '' OR kind = :kind)
    ORDER BY id DESC LIMIT :most";

const OF_REPORT: &str = "-- book::search_report
    SELECT id, leaf_index, kind, report_id, occurred_at, sealed_event FROM ledger_leaf
    WHERE report_id = :report AND id < :before AND id >= :from AND leaf_index IS NOT NULL
    AND (:kind = '' OR kind = :kind) ORDER BY id DESC LIMIT :most";

/// The list of kinds is that of the index, to the letter.
const REFUSALS: &str = "-- book::refusals
    SELECT occurred_at / 86400000000 AS day, COUNT(*) AS refusals FROM ledger_leaf
    WHERE kind IN ('access-refused', 'sign-in-refused', 'view-refused', 'passkey-refused', 'code-refused', 'refusals-counted')
    AND id >= :from AND kind <> 'refusals-counted' GROUP BY 1 ORDER BY 1";

const COUNTED: &str = "-- book::refusals_counted
    SELECT id, leaf_index, kind, report_id, occurred_at, sealed_event FROM ledger_leaf
    WHERE kind IN ('access-refused', 'sign-in-refused', 'view-refused', 'passkey-refused', 'code-refused', 'refusals-counted')
    AND id >= :from AND kind = 'refusals-counted' ORDER BY id DESC LIMIT :most";

/// What is looked for, as far as the rows say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Leaves of this report.
    pub report: Option<ReportId>,
    /// Leaves of this kind.
    pub kind: Option<EventKind>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Further back than this leaf.
    pub before: Option<LeafId>,
}

/// One leaf that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The leaf.
    pub leaf: LeafId,
    /// Its place in the tree.
    pub index: u64,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// To which report.
    pub report: Option<ReportId>,
    /// What the leaf commits to, salt first; `None` once it was destroyed with its report.
    pub salted: Option<Vec<u8>>,
}

impl Found {
    /// The event, as `docs/event.schema.json` describes it.
    #[must_use]
    pub fn event(&self) -> Option<Value> {
        self.salted.as_deref().and_then(told)
    }
}

/// What one question found, and where the next one begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// The leaves, newest first.
    pub found: Vec<Found>,
    /// Further back there may be more, before this leaf.
    pub further: Option<LeafId>,
}

impl Book<'_> {
    /// Searches the leaves that have their place, newest first. Whoever asks on behalf of a person notes
    /// [`EventKind::LedgerRead`] first.
    ///
    /// # Errors
    /// A fault of the database, and for an event that was changed.
    pub fn search(&self, view: &View<'_>, sought: &Sought, most: u32) -> Result<Looked> {
        let bound = |at: Timestamp| LeafId::new(at, 0, [0; 9]);
        let end = sought.until.map_or(LeafId::LAST, bound);
        let before = sought.before.map_or(end, |before| before.min(end));
        let from = sought.from.map_or(LeafId::FIRST, bound);
        let kind = sought.kind.map_or("", EventKind::as_str);
        let (rows, window): (Vec<Kept>, _) = match sought.report {
            Some(report) => {
                let asked = bind! { report: report.get(), before, from, kind, most };
                (view.tx().rows(OF_REPORT, &asked)?, None)
            }
            None => {
                let looked = bind! { before, from, looked: MOST_LOOKED - 1 };
                let window: Option<LeafId> = view.tx().find(WINDOW, &looked)?;
                let asked = bind! { before, from: window.unwrap_or(from), kind, most };
                (view.tx().rows(SEARCH, &asked)?, window)
            }
        };
        let is_full = rows.len() == most as usize;
        let further = if is_full { rows.last().map(|row| row.leaf) } else { window };
        let found = rows.into_iter().map(|kept| kept.opened(view)).collect::<Result<Vec<_>>>()?;
        Ok(Looked { found, further })
    }

    /// How much was refused on each day since a moment, by the day's number since 1970, what was only counted included.
    ///
    /// # Errors
    /// A fault of the database, and for an event that was changed.
    pub fn refusals(&self, view: &View<'_>, since: Timestamp) -> Result<BTreeMap<i64, u64>> {
        let from = LeafId::new(since, 0, [0; 9]);
        let days: Vec<(i64, u64)> = view.tx().rows(REFUSALS, &bind! { from })?;
        let mut days: BTreeMap<i64, u64> = days.into_iter().collect();
        let counted: Vec<Kept> = view.tx().rows(COUNTED, &bind! { from, most: MOST_COUNTED })?;
        for kept in counted {
            let found = kept.opened(view)?;
            let event = found.event().unwrap_or_default();
            let counts = event["details"]["counts"].as_array().into_iter().flatten();
            let count: u64 = counts.filter_map(|one| one["count"].as_u64()).sum();
            *days.entry(found.at.as_microsecond().div_euclid(US_OF_DAY)).or_default() += count;
        }
        Ok(days)
    }
}

struct Kept {
    leaf: LeafId,
    index: u64,
    kind: EventKind,
    at: Timestamp,
    report: Option<ReportId>,
    sealed: Vec<u8>,
}

impl Kept {
    fn opened(self, view: &View<'_>) -> Result<Found> {
        let Self { leaf, index, kind, at, report, sealed } = self;
        let salted = salted(view, (leaf, kind, report), &sealed)?;
        Ok(Found { leaf, index, kind, at, report, salted })
    }
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            leaf: row.get("id")?,
            index: row.get("leaf_index")?,
            kind: column::parsed(row, "kind")?,
            at: column::moment(row, "occurred_at")?,
            report: column::report_option(row, "report_id")?,
            sealed: row.get("sealed_event")?,
        })
    }
}
