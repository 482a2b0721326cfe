//! The inbox of an agency: what it has, sorted and filtered by every field of a row, page by page.
//!
//! Every page is read from ranges of indices. The most telling filter chooses the index; the others pass over rows that do
//! not fit, and a page passes over no more than [`MOST_LOOKED`]: it then says how far it came, and goes on from there. So a
//! page costs the same however many reports there are, whatever is asked.

mod looked;
mod query;
mod range;
mod saved;

use std::collections::{BTreeMap, BTreeSet};

use database::{FromRow, Row, bind};
use domain::{AgencyId, BasisCode, Id, Priority, ProviderId, ReportId, SelectorKind};
use jiff::Timestamp;
use policy::{List, Permit};
use serde_json::json;

use crate::standing::Standing;
use crate::{Act, Event, EventKind, Result, View, agency, column};
use range::Range;

pub use looked::{MOST_COUNTED, count_since, look, looked};
pub use query::{Holder, InboxQuery, Key, Sort, Which};
pub use range::Asked;
pub use saved::{MOST_VIEWS, NewView, SavedView, remove_view, save_view, views};

const NAME: &str = "-- inbox::name
    SELECT name FROM provider WHERE id = :provider";

const ONE: &str = "-- inbox::one
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version,
        received_at, available_at, provider_id, incident_type, files, place, basis
    FROM standing WHERE agency_id = :agency AND report_id = :report";

const NAMING: &str = "-- inbox::naming
    SELECT standing.report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version,
        received_at, available_at, provider_id, incident_type, files, place, basis
    FROM (
        SELECT report_id FROM selector WHERE digest = :digest ORDER BY digest DESC, report_id DESC LIMIT :most
    ) AS naming JOIN standing ON standing.agency_id = :agency AND standing.report_id = naming.report_id
    ORDER BY standing.report_id DESC";

/// Rows of one page.
pub const MOST_ROWS: u32 = 500;
/// Rows that one page passes over.
pub const MOST_LOOKED: usize = 5_000;
/// Rows that are fetched at a time while a page passes over them.
const STEP: usize = 1_000;
/// Reports, of whatever agency, that one selector leads to, the newest first.
const MOST_NAMING: u32 = 1_000;
/// Normal forms that one search asks for.
const MOST_FORMS: usize = 1_000;

/// One row of an inbox. Nothing private stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// How the agency stands to it.
    pub standing: Standing,
    /// When it was made available.
    pub available_at: Timestamp,
    /// When its sender finished it.
    pub received_at: Timestamp,
    /// Who sent it.
    pub provider: ProviderId,
    /// The sender's name.
    pub provider_name: String,
    /// Key of its incident type.
    pub incident_type: String,
    /// Files in it.
    pub files: u32,
    /// The place that decided its route, in words.
    pub place: Option<String>,
    /// On which basis it was made available.
    pub basis: Option<BasisCode>,
}

impl InboxRow {
    /// Which report it is.
    #[must_use]
    pub const fn report(&self) -> ReportId {
        self.standing.report
    }
}

/// One page of an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxPage {
    /// Its rows, in order.
    pub rows: Vec<InboxRow>,
    /// What to ask for the next page with; `None` when there is none.
    pub next: Option<Key>,
    /// The page is not full and there is more: so many rows were passed over that it stopped.
    pub stopped: bool,
}

/// One page of what the agency of the permit has.
///
/// # Errors
/// [`crate::Refusal::NotFound`] for a permit that is not an agency's.
pub fn page(view: &View<'_>, permit: &Permit<List>, query: &InboxQuery) -> Result<InboxPage> {
    let agency = agency(permit)?;
    let limit = query.limit.clamp(1, MOST_ROWS) as usize;
    // One row more than is shown tells whether there is another page.
    let mut looking = Looking { view, agency, query, left: MOST_LOOKED, last: None };
    let (mut rows, end) = match query.order() {
        Sort::Newest | Sort::Oldest => looking.merged(limit + 1)?,
        Sort::MostUrgent => looking.in_turn(Priority::ALL.iter().copied().map(Some), limit + 1)?,
        Sort::Deadline | Sort::Arrived | Sort::Changed => looking.in_turn([None].into_iter(), limit + 1)?,
    };
    let full = rows.len() > limit;
    rows.truncate(limit);
    let next = if full { rows.last().map(|row| query.key(row)) } else { end };
    name(view, &mut rows)?;
    Ok(InboxPage { rows, next, stopped: !full && next.is_some() })
}

/// The reports of the agency that name exactly one of these, and the one of this number, as far as they fit the other
/// filters: the newest first, on one page.
///
/// # Errors
/// As [`page`].
pub fn search(
    view: &View<'_>,
    permit: &Permit<List>,
    query: &InboxQuery,
    (number, forms): (Option<ReportId>, &[(SelectorKind, String)]),
) -> Result<InboxPage> {
    let own = agency(permit)?;
    let mut rows = Vec::new();
    if let Some(number) = number {
        let asked = bind! { agency: own.as_str(), report: number.get() };
        rows.extend(view.tx().find::<InboxRow>(ONE, &asked)?);
    }
    let ask = |(kind, normal): &(SelectorKind, String)| {
        let digest = store::selector::digest_of(view, *kind, normal);
        (NAMING, bind! { digest, agency: own.as_str(), most: MOST_NAMING })
    };
    let asked: Vec<_> = forms.iter().take(MOST_FORMS).map(ask).collect();
    rows.extend(view.tx().rows_all::<InboxRow>(&asked)?.into_iter().flatten());
    rows.retain(|row| query.fits(row));
    rows.sort_by_key(|row| std::cmp::Reverse(row.report()));
    rows.dedup_by_key(|row| row.report());
    let stopped = rows.len() > MOST_ROWS as usize;
    rows.truncate(MOST_ROWS as usize);
    name(view, &mut rows)?;
    Ok(InboxPage { rows, next: None, stopped })
}

/// What the first page of a question asks the database, range by range: for who wants to see the plans. What we advised is
/// read from two kinds of ranges, of which one of each is told.
#[must_use]
pub fn statements(agency: &AgencyId, query: &InboxQuery) -> Vec<Asked> {
    let of = |band| Range::of(agency, query, band).asked(None, query.limit as usize + 1);
    if !matches!(query.order(), Sort::MostUrgent | Sort::Newest | Sort::Oldest) {
        return vec![of(None)];
    }
    let first = query.priority.or(query.advised).unwrap_or(Priority::Immediate);
    let other =
        Priority::ALL.iter().copied().find(|one| query.advised.is_some_and(|advised| advised != *one));
    let other = other.filter(|other| query.has_band(Some(*other)) && *other != first);
    [Some(first), other].into_iter().flatten().map(|band| of(Some(band))).collect()
}

/// Notes that a list of what an agency has leaves, and how many bytes that are.
///
/// # Errors
/// A fault of the ledger.
pub fn note(act: &Act<'_>, list: &'static str, bytes: u64) -> Result<()> {
    act.note(Event::of_house(EventKind::ListRead).taking(bytes).with(json!({ "list": list })))?;
    Ok(())
}

/// What only the rows that are shown need.
fn name(view: &View<'_>, rows: &mut [InboxRow]) -> Result<()> {
    let senders: BTreeSet<ProviderId> = rows.iter().map(|row| row.provider.clone()).collect();
    let asked: Vec<_> = senders.iter().map(|sender| (NAME, bind! { provider: sender.as_str() })).collect();
    let found = view.tx().rows_all::<String>(&asked)?;
    let names: BTreeMap<_, _> = senders
        .iter()
        .zip(found)
        .filter_map(|(sender, name)| Some((sender, name.into_iter().next()?)))
        .collect();
    for row in rows {
        if let Some(name) = names.get(&row.provider) {
            row.provider_name.clone_from(name);
        }
    }
    Ok(())
}

/// The looking for one page.
struct Looking<'a, 'v> {
    view: &'a View<'v>,
    agency: &'a AgencyId,
    query: &'a InboxQuery,
    /// Rows that may still be passed over.
    left: usize,
    /// The last row that was looked at.
    last: Option<Key>,
}

/// What was found, and behind which row the looking stopped; `None` at the end of everything.
type Found = (Vec<InboxRow>, Option<Key>);

impl Looking<'_, '_> {
    /// One range after the other, until there are enough.
    fn in_turn(&mut self, bands: impl Iterator<Item = Option<Priority>>, most: usize) -> Result<Found> {
        let (mut rows, query) = (Vec::new(), self.query);
        for band in bands.filter(|band| query.has_band(*band)) {
            let after = match (query.after, band) {
                (Some(key), Some(priority)) if priority.rank() > key.rank => continue,
                (Some(key), Some(priority)) if priority.rank() < key.rank => None,
                (after, _) => after,
            };
            let (found, end) = self.through(band, after, most - rows.len())?;
            rows.extend(found);
            if end.is_some() {
                return Ok((rows, end));
            }
        }
        Ok((rows, None))
    }

    /// The first rows of every range, merged. Behind the nearest row at which one of them stopped, nothing is certain.
    fn merged(&mut self, most: usize) -> Result<Found> {
        let (mut rows, mut horizon) = (Vec::new(), None::<Key>);
        let bands: Vec<Priority> =
            Priority::ALL.iter().copied().filter(|one| self.query.has_band(Some(*one))).collect();
        let share = MOST_LOOKED / bands.len().max(1);
        for priority in bands {
            self.left = share;
            let (found, end) = self.through(Some(priority), self.query.after, most)?;
            rows.extend(found);
            horizon =
                [horizon, end].into_iter().flatten().min_by(|one, other| self.query.compare(*one, *other));
        }
        rows.sort_by(|one, other| self.query.compare(self.query.key(one), self.query.key(other)));
        if let Some(horizon) = horizon {
            rows.retain(|row| self.query.compare(self.query.key(row), horizon).is_le());
        }
        rows.truncate(most);
        Ok((rows, horizon))
    }

    /// Through one range, passing over what does not fit.
    fn through(&mut self, band: Option<Priority>, mut after: Option<Key>, most: usize) -> Result<Found> {
        let (range, mut rows) = (Range::of(self.agency, self.query, band), Vec::new());
        let mut step = most.max(1);
        while self.left > 0 {
            let wanted = step.min(self.left);
            let fetched = range.rows(self.view, after, wanted)?;
            let last = fetched.len() < wanted;
            self.left -= fetched.len();
            for row in fetched {
                self.last = Some(self.query.key(&row));
                if self.query.fits(&row) {
                    rows.push(row);
                }
                if rows.len() == most {
                    return Ok((rows, self.last));
                }
            }
            if last {
                return Ok((rows, None));
            }
            (after, step) = (self.last, STEP);
        }
        Ok((rows, self.last))
    }
}

impl FromRow for InboxRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let provider: ProviderId = column::parsed(row, "provider_id")?;
        Ok(Self {
            standing: Standing::from_row(row)?,
            available_at: column::moment(row, "available_at")?,
            received_at: column::moment(row, "received_at")?,
            provider_name: provider.as_str().to_owned(),
            provider,
            incident_type: row.get("incident_type")?,
            files: row.get("files")?,
            place: row.get("place")?,
            basis: column::parsed_option(row, "basis")?,
        })
    }
}
