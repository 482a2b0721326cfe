//! A provider's own reports, as far as it may see them: the list, what it sent, and the moments that it is told. What
//! the house added is never here.

use std::fmt;
use std::str::FromStr;

use database::{FromRow, Row, bind};
use domain::{FileId, Id, ReportId, Stage};
use jiff::Timestamp;
use policy::{List, Permit, Scope};

use crate::{Content, EventKind, Refusal, Result, View, column, reach};

const NEWEST: &str = "-- own::newest
    SELECT id, stage, incident_type, files, opened_at, expires_at, finished_at, preserve_until FROM report
    WHERE provider_id = :provider AND (opened_at, id) < (:from_at, :from_report) AND opened_at >= :since
    ORDER BY opened_at DESC, id DESC LIMIT :most";

const GET: &str = "-- own::get
    SELECT id, stage, incident_type, files, opened_at, expires_at, finished_at, preserve_until FROM report
    WHERE id = :report";

const DOCUMENTS: &str = "-- own::documents
    SELECT position, file_id, received_at, superseded_at, size_bytes, sha256 FROM document
    WHERE report_id = :report ORDER BY position";

const MOMENTS: &str = "-- own::moments
    SELECT kind, MIN(occurred_at) AS occurred_at FROM ledger_leaf
    WHERE report_id = :report
    AND kind IN ('report-retracted', 'report-expired', 'report-sealed', 'report-delivered', 'report-destroyed')
    GROUP BY kind ORDER BY MIN(occurred_at)";

/// Rows of one page.
pub const MOST_ROWS: u32 = 200;
/// Rows that are looked through for one page, so that a filter that fits little costs no more than one that fits all.
const MOST_LOOKED_AT: u32 = 10_000;
/// Rows of one question.
const WINDOW: u32 = 1_000;

/// Which part of the list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// Only opened at this moment or later.
    pub since: Option<Timestamp>,
    /// Only opened before this moment.
    pub until: Option<Timestamp>,
    /// The page after the row with this key, of the same question.
    pub after: Option<Key>,
    /// Rows of the page, at most [`MOST_ROWS`].
    pub limit: u32,
}

/// Where a row stands in the list; its text goes into addresses of pages and says nothing that the row does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    opened_at: i64,
    report: u64,
}

/// One report of the list. Nothing private stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Its number.
    pub report: ReportId,
    /// Where it stands.
    pub stage: Stage,
    /// Key of its incident type.
    pub incident_type: String,
    /// Files received.
    pub files: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it expires, while it is open.
    pub expires_at: Option<Timestamp>,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// Until when its sender must preserve it.
    pub preserve_until: Option<Timestamp>,
}

impl Submitted {
    fn key(&self) -> Key {
        Key { opened_at: self.opened_at.as_microsecond(), report: self.report.get() }
    }
}

/// A document of a report without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// 1 for the document that opened the report, and so on.
    pub position: u32,
    /// The file that it speaks of; `None` for the report itself.
    pub file: Option<FileId>,
    /// When it came.
    pub received_at: Timestamp,
    /// When a later statement about the same file took its place.
    pub superseded_at: Option<Timestamp>,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Digest of its exact bytes.
    pub sha256: [u8; 32],
}

impl Listed {
    /// The digest as people and systems write it.
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        seal::hex(&self.sha256)
    }
}

/// One page of the provider's own reports, the newest first: those that `keep` keeps, and the key to go on with, `None`
/// at the end. A page may be short, even empty, and yet not be the last.
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not a provider's.
pub fn page(
    view: &View<'_>,
    permit: &Permit<List>,
    range: &Range,
    keep: impl Fn(&Submitted) -> bool,
) -> Result<(Vec<Submitted>, Option<Key>)> {
    let Scope::Provider(provider) = permit.scope() else { return Err(Refusal::NotFound.into()) };
    let limit = range.limit.clamp(1, MOST_ROWS) as usize;
    let since = range.since.map_or(i64::MIN, column::micros);
    // No report has the number 0, so a bound with it lies just before its moment.
    let until = (range.until.map_or(i64::MAX, column::micros), 0);
    let mut from = range.after.map_or(until, |key| (key.opened_at, key.report).min(until));
    let mut kept = Vec::new();
    for _ in 0..MOST_LOOKED_AT / WINDOW {
        let asked = bind! {
            provider: provider.as_str(), from_at: from.0, from_report: from.1, since, most: WINDOW,
        };
        let rows: Vec<Submitted> = view.tx().rows(NEWEST, &asked)?;
        let is_last = rows.len() < WINDOW as usize;
        for row in rows {
            let key = row.key();
            if keep(&row) {
                // One row more than is shown tells whether there is another page.
                if kept.len() == limit {
                    let next = kept.last().map(Submitted::key);
                    return Ok((kept, next));
                }
                kept.push(row);
            }
            from = (key.opened_at, key.report);
        }
        if is_last {
            return Ok((kept, None));
        }
    }
    Ok((kept, Some(Key { opened_at: from.0, report: from.1 })))
}

/// One report as the list has it.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn get<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Submitted> {
    reach::submitted(view, permit, report)?;
    Ok(view.tx().get(GET, &bind! { report: report.get() })?)
}

/// The documents of a report, the superseded ones among them. Opens nothing.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn documents<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Listed>> {
    reach::submitted(view, permit, report)?;
    Ok(view.tx().rows(DOCUMENTS, &bind! { report: report.get() })?)
}

/// What became of a report, each thing once, as far as its provider is told: never to whom.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn moments<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Vec<(EventKind, Timestamp)>> {
    reach::submitted(view, permit, report)?;
    let rows: Vec<Moment> = view.tx().rows(MOMENTS, &bind! { report: report.get() })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.opened_at, self.report)
    }
}

impl FromStr for Key {
    type Err = Refusal;
    /// Reads a key back from the address of a page.
    fn from_str(text: &str) -> std::result::Result<Self, Refusal> {
        const UNFIT: Refusal = Refusal::Unfit { what: "place in the list" };
        let (at, report) = text.split_once('.').ok_or(UNFIT)?;
        let report = report.parse::<ReportId>().map_err(|_| UNFIT)?.get();
        Ok(Self { opened_at: at.parse().map_err(|_| UNFIT)?, report })
    }
}

struct Moment((EventKind, Timestamp));

impl FromRow for Moment {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self((column::parsed(row, "kind")?, column::moment(row, "occurred_at")?)))
    }
}

impl FromRow for Submitted {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "id")?,
            stage: column::parsed(row, "stage")?,
            incident_type: row.get("incident_type")?,
            files: row.get("files")?,
            opened_at: column::moment(row, "opened_at")?,
            expires_at: column::moment_option(row, "expires_at")?,
            finished_at: column::moment_option(row, "finished_at")?,
            preserve_until: column::moment_option(row, "preserve_until")?,
        })
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            position: row.get("position")?,
            file: column::parsed_option(row, "file_id")?,
            received_at: column::moment(row, "received_at")?,
            superseded_at: column::moment_option(row, "superseded_at")?,
            size_bytes: row.get("size_bytes")?,
            sha256: row.get("sha256")?,
        })
    }
}
