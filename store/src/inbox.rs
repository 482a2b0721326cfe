//! The inbox of an agency: what was made available to it, sorted and filtered, page by page.
//!
//! Every question is at most one range of one index for each priority. That is why the rows of `delivery` hold copies
//! of what is asked for: a page costs the same however many reports there are.

use std::fmt;
use std::str::FromStr;

use database::{FromRow, Row, Where, bind};
use domain::{AgencyId, BasisCode, DeliveryId, Id, Priority, ProviderId, ReportId};
use jiff::Timestamp;
use policy::{List, Permit, Scope};

use crate::delivery::{Urgency, named};
use crate::{Refusal, Result, View, column};

const OLDEST: &str = "-- inbox::oldest
    SELECT leaf_id, report_id, basis, available_at, urgency, received_at, provider_id,
        (SELECT name FROM provider WHERE provider.id = delivery.provider_id) AS provider_name, incident_type, files
    FROM delivery
    WHERE agency_id = :agency AND urgency = :urgency
    AND (received_at, report_id) > (:from_at, :from_report) AND received_at < :until /*where*/
    ORDER BY received_at, report_id LIMIT :most";

const NEWEST: &str = "-- inbox::newest
    SELECT leaf_id, report_id, basis, available_at, urgency, received_at, provider_id,
        (SELECT name FROM provider WHERE provider.id = delivery.provider_id) AS provider_name, incident_type, files
    FROM delivery
    WHERE agency_id = :agency AND urgency = :urgency
    AND (received_at, report_id) < (:from_at, :from_report) AND received_at >= :since /*where*/
    ORDER BY received_at DESC, report_id DESC LIMIT :most";

const OF_PROVIDER: &str = "provider_id = :provider";
const OF_INCIDENT: &str = "incident_type = :incident_type";

/// Rows of one page.
pub const MOST_ROWS: u32 = 500;

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
}

/// Which part of an inbox is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxQuery {
    /// In which order.
    pub sort: Sort,
    /// Only this priority.
    pub priority: Option<Priority>,
    /// Only this incident type, by its key.
    pub incident_type: Option<String>,
    /// Only this provider.
    pub provider: Option<ProviderId>,
    /// Only received at this moment or later.
    pub since: Option<Timestamp>,
    /// Only received before this moment.
    pub until: Option<Timestamp>,
    /// The page after the row with this key, of the same question.
    pub after: Option<Key>,
    /// Rows of the page, at most [`MOST_ROWS`].
    pub limit: u32,
}

impl Default for InboxQuery {
    /// The first page of everything.
    fn default() -> Self {
        Self {
            sort: Sort::default(),
            priority: None,
            incident_type: None,
            provider: None,
            since: None,
            until: None,
            after: None,
            limit: 50,
        }
    }
}

/// Where a row stands in any order; its text goes into addresses of pages and says nothing that the row does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    urgency: u8,
    received_at: i64,
    report: u64,
}

/// One row of an inbox. Nothing private stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The report.
    pub report: ReportId,
    /// On which basis it was made available.
    pub basis: BasisCode,
    /// When it was made available.
    pub available_at: Timestamp,
    /// Our advisory priority.
    pub priority: Priority,
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
}

impl InboxRow {
    /// Where the row stands.
    #[must_use]
    pub fn key(&self) -> Key {
        let received_at = self.received_at.as_microsecond();
        Key { urgency: self.priority.rank(), received_at, report: self.report.get() }
    }
}

/// One page of an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxPage {
    /// Its rows, in order.
    pub rows: Vec<InboxRow>,
    /// What to ask for the next page with; `None` when there is none.
    pub next: Option<Key>,
}

/// One page of what was made available to the agency of the permit.
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not an agency's.
pub fn page(view: &View<'_>, permit: &Permit<List>, query: &InboxQuery) -> Result<InboxPage> {
    let Scope::Agency(agency) = permit.scope() else { return Err(Refusal::NotFound.into()) };
    let limit = query.limit.clamp(1, MOST_ROWS) as usize;
    // One row more than is shown tells whether there is another page.
    let mut rows = match query.sort {
        Sort::MostUrgent => by_urgency(view, agency, query, limit + 1)?,
        Sort::Newest | Sort::Oldest => by_arrival(view, agency, query, limit + 1)?,
    };
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(InboxRow::key);
    Ok(InboxPage { rows, next })
}

/// Priority after priority, until there are enough.
fn by_urgency(view: &View<'_>, agency: &AgencyId, query: &InboxQuery, most: usize) -> Result<Vec<InboxRow>> {
    let mut rows = Vec::new();
    for priority in priorities(query) {
        let after = match query.after {
            Some(key) if priority.rank() > key.urgency => continue,
            Some(key) if priority.rank() == key.urgency => Some(key),
            _ => None,
        };
        rows.extend(band(view, agency, query, &Band { priority, after, most: most - rows.len() })?);
        if rows.len() == most {
            break;
        }
    }
    Ok(rows)
}

/// The first rows of every priority, merged.
fn by_arrival(view: &View<'_>, agency: &AgencyId, query: &InboxQuery, most: usize) -> Result<Vec<InboxRow>> {
    let mut rows = Vec::new();
    for priority in priorities(query) {
        rows.extend(band(view, agency, query, &Band { priority, after: query.after, most })?);
    }
    rows.sort_by_key(|row: &InboxRow| (row.received_at, row.report));
    if query.sort == Sort::Newest {
        rows.reverse();
    }
    rows.truncate(most);
    Ok(rows)
}

fn priorities(query: &InboxQuery) -> impl Iterator<Item = Priority> + use<> {
    let only = query.priority;
    Priority::ALL.iter().copied().filter(move |priority| only.is_none_or(|only| only == *priority))
}

/// One range of one index.
struct Band {
    priority: Priority,
    after: Option<Key>,
    most: usize,
}

fn band(view: &View<'_>, agency: &AgencyId, query: &InboxQuery, band: &Band) -> Result<Vec<InboxRow>> {
    let since = query.since.map_or(i64::MIN, column::micros);
    let until = query.until.map_or(i64::MAX, column::micros);
    let after = band.after.map(|key| (key.received_at, key.report));
    let filter = Where::new()
        .and_some(OF_PROVIDER, "provider", query.provider.as_ref().map(Id::as_str))
        .and_some(OF_INCIDENT, "incident_type", query.incident_type.as_deref());
    let args = bind! { agency: agency.as_str(), urgency: band.priority.rank(), most: band.most };
    // No report has the number 0, so a bound with it lies just before its moment.
    let rows = if query.sort == Sort::Newest {
        let (from_at, from_report) = after.map_or((until, 0), |after| after.min((until, 0)));
        let args = args.with("from_at", from_at).with("from_report", from_report).with("since", since);
        view.tx().rows_where(NEWEST, &filter, &args)?
    } else {
        let (from_at, from_report) = after.map_or((since, 0), |after| after.max((since, 0)));
        let args = args.with("from_at", from_at).with("from_report", from_report).with("until", until);
        view.tx().rows_where(OLDEST, &filter, &args)?
    };
    Ok(rows)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.urgency, self.received_at, self.report)
    }
}

impl FromStr for Key {
    type Err = Refusal;
    /// Reads a key back from the address of a page.
    fn from_str(text: &str) -> std::result::Result<Self, Refusal> {
        const UNFIT: Refusal = Refusal::Unfit { what: "place in the list" };
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(UNFIT);
        let urgency = part()?.parse().map_err(|_| UNFIT)?;
        let received_at = part()?.parse().map_err(|_| UNFIT)?;
        let report = part()?.parse::<ReportId>().map_err(|_| UNFIT)?;
        Ok(Self { urgency, received_at, report: report.get() })
    }
}

impl FromRow for InboxRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            delivery: named(row.get("leaf_id")?),
            report: column::report(row, "report_id")?,
            basis: column::parsed(row, "basis")?,
            available_at: column::moment(row, "available_at")?,
            priority: row.get::<Urgency>("urgency")?.0,
            received_at: column::moment(row, "received_at")?,
            provider: column::parsed(row, "provider_id")?,
            provider_name: row.get("provider_name")?,
            incident_type: row.get("incident_type")?,
            files: row.get("files")?,
        })
    }
}
