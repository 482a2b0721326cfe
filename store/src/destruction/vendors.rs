//! Vendors that hold something of what must go: one sub-job for each, open until people recorded what shows that it is gone
//! there, too. No certificate is signed before.

use database::{FromRow, Row, bind};
use domain::{DestructionId, Id as _, VendorId};
use jiff::Timestamp;
use policy::access::Action;
use policy::permit::Right;
use serde_json::json;

use super::find;
use crate::{Act, Event, EventKind, Refusal, Result, View, column};

// Bytes that the house itself never kept it gave to nobody; what came after the last day was not given.
const UNASKED: &str = "-- vendors::unasked
    SELECT vendor_id, CAST(SUM(files) AS BIGINT) AS files, CAST(SUM(reports) AS BIGINT) AS reports FROM (
        SELECT vendor_holding.vendor_id AS vendor_id, COUNT(DISTINCT evidence.file_id) AS files, 0 AS reports
        FROM destruction_item
        JOIN evidence ON evidence.report_id = destruction_item.report_id AND evidence.file_id = destruction_item.file_id
        JOIN vendor_holding ON (vendor_holding.report_id IS NULL OR vendor_holding.report_id = evidence.report_id)
            AND (vendor_holding.file_id IS NULL OR vendor_holding.file_id = evidence.file_id)
            AND (vendor_holding.until_at IS NULL OR evidence.received_at <= vendor_holding.until_at)
        WHERE destruction_item.destruction_id = :id AND destruction_item.location IS NOT NULL
            AND vendor_holding.emptied_at IS NULL
        GROUP BY vendor_holding.vendor_id
        UNION ALL
        SELECT vendor_holding.vendor_id AS vendor_id, 0 AS files, COUNT(DISTINCT report.id) AS reports
        FROM destruction_report JOIN report ON report.id = destruction_report.report_id
        JOIN vendor_holding ON (vendor_holding.report_id IS NULL OR vendor_holding.report_id = report.id)
            AND vendor_holding.file_id IS NULL
            AND (vendor_holding.until_at IS NULL OR report.opened_at <= vendor_holding.until_at)
        WHERE destruction_report.destruction_id = :id AND vendor_holding.emptied_at IS NULL
        GROUP BY vendor_holding.vendor_id) AS held
    WHERE NOT EXISTS (SELECT 1 FROM vendor_destruction
        WHERE vendor_destruction.destruction_id = :id AND vendor_destruction.vendor_id = held.vendor_id)
    GROUP BY vendor_id ORDER BY vendor_id";

const INSERT: &str = "-- vendors::insert
    INSERT INTO vendor_destruction (destruction_id, vendor_id, files, reports, asked_at, due_at)
    VALUES (:id, :vendor, :files, :reports, :now, :due_at)";

const OF: &str = "-- vendors::of
    SELECT destruction_id, vendor_id, files, reports, asked_at, due_at, confirmed_by, confirmed_at, document, sha256
    FROM vendor_destruction WHERE destruction_id = :id ORDER BY vendor_id";

const OWED: &str = "-- vendors::owed
    SELECT destruction_id, vendor_id, files, reports, asked_at, due_at, confirmed_by, confirmed_at, document, sha256
    FROM vendor_destruction WHERE vendor_id = :vendor ORDER BY asked_at DESC, destruction_id LIMIT :most";

const LATE: &str = "-- vendors::late
    SELECT destruction_id, vendor_id, files, reports, asked_at, due_at, confirmed_by, confirmed_at, document, sha256
    FROM vendor_destruction WHERE confirmed_at IS NULL AND asked_at <= :before
    ORDER BY asked_at, destruction_id, vendor_id LIMIT :most";

const CONFIRM: &str = "-- vendors::confirm
    UPDATE vendor_destruction SET confirmed_by = :by, confirmed_at = :now, document = :document, sha256 = :sha256
    WHERE destruction_id = :id AND vendor_id = :vendor AND confirmed_at IS NULL";

/// Letters of where a document is.
const MOST_LETTERS: usize = 500;

/// What a vendor must destroy, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copies {
    /// Of which destruction.
    pub destruction: DestructionId,
    /// Which vendor.
    pub vendor: VendorId,
    /// How many files.
    pub files: u64,
    /// How many whole reports.
    pub reports: u64,
    /// Since when it must.
    pub asked_at: Timestamp,
    /// By when.
    pub due_at: Timestamp,
    /// What shows that it did.
    pub confirmed: Option<Confirmed>,
}

/// What shows that a vendor destroyed what it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Who recorded it, as the ledger writes them.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Where the document is.
    pub document: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// Whether somebody holds something of a destruction and was not asked yet.
///
/// # Errors
/// A fault of the database.
pub fn unasked(view: &View<'_>, id: &DestructionId) -> Result<bool> {
    let held: Vec<Held> = view.tx().rows(UNASKED, &bind! { id: id.as_str() })?;
    Ok(!held.is_empty())
}

/// Makes a sub-job for every vendor that holds something of an accepted destruction and has none. Answers how many.
///
/// # Errors
/// [`Refusal::Conflict`] when it is not accepted, or certified already.
pub fn ask(act: &Act<'_>, id: &DestructionId) -> Result<usize> {
    let job = find(act, id)?.ok_or(Refusal::NotFound)?;
    let due_at = job.accepted.filter(|_| job.certified_at.is_none()).ok_or(Refusal::Conflict)?.due_at;
    let held: Vec<Held> = act.tx().rows(UNASKED, &bind! { id: id.as_str() })?;
    for Held { vendor, files, reports } in &held {
        let row = bind! {
            id: id.as_str(), vendor: vendor.as_str(), files: *files, reports: *reports, now: column::micros(act.now()),
            due_at: column::micros(due_at),
        };
        act.tx().execute(INSERT, &row)?;
        let told = json!({
            "destruction": id, "due_at": due_at, "files": files, "reports": reports, "vendor": vendor,
        });
        noted(act, EventKind::VendorDestructionAsked, vendor, told)?;
    }
    Ok(held.len())
}

/// Records what shows that a vendor destroyed what it held of a destruction.
///
/// # Errors
/// [`Refusal::NotFound`] without the right, and where nothing is open; [`Refusal::Unfit`] without a document.
pub fn confirm(
    act: &Act<'_>,
    right: &Right,
    (id, vendor): (&DestructionId, &VendorId),
    (document, sha256): (&str, [u8; 32]),
) -> Result<()> {
    if right.action() != Action::KeepVendors {
        return Err(Refusal::NotFound.into());
    }
    if !(1..=MOST_LETTERS).contains(&document.trim().chars().count()) {
        return Err(Refusal::Unfit { what: "document" }.into());
    }
    let row = bind! {
        id: id.as_str(), vendor: vendor.as_str(), by: right.actor().text(), now: column::micros(act.now()),
        document: document.trim(), sha256,
    };
    if act.tx().execute(CONFIRM, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.wake_workers();
    let told = json!({ "destruction": id, "document_sha256": seal::hex(&sha256), "vendor": vendor });
    noted(act, EventKind::VendorDestructionConfirmed, vendor, told)
}

/// The sub-jobs of a destruction.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, id: &DestructionId) -> Result<Vec<Copies>> {
    Ok(view.tx().rows(OF, &bind! { id: id.as_str() })?)
}

/// What a vendor was asked to destroy, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn owed(view: &View<'_>, vendor: &VendorId, most: u32) -> Result<Vec<Copies>> {
    Ok(view.tx().rows(OWED, &bind! { vendor: vendor.as_str(), most })?)
}

/// What vendors were asked to destroy before a moment and have not shown to be gone, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn late(view: &View<'_>, before: Timestamp, most: u32) -> Result<Vec<Copies>> {
    Ok(view.tx().rows(LATE, &bind! { before: column::micros(before), most })?)
}

/// Whether nobody owes anything of a destruction any more: everybody was asked, and everybody has shown that it is gone.
pub(super) fn are_settled(view: &View<'_>, id: &DestructionId) -> Result<bool> {
    Ok(of(view, id)?.iter().all(|copies| copies.confirmed.is_some()) && !unasked(view, id)?)
}

fn noted(act: &Act<'_>, kind: EventKind, vendor: &VendorId, told: serde_json::Value) -> Result<()> {
    act.note(Event { object: Some(vendor.as_str().to_owned()), ..Event::of_house(kind).with(told) })?;
    Ok(())
}

struct Held {
    vendor: VendorId,
    files: u64,
    reports: u64,
}

impl FromRow for Held {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let vendor = column::parsed(row, "vendor_id")?;
        Ok(Self { vendor, files: row.get("files")?, reports: row.get("reports")? })
    }
}

impl FromRow for Copies {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let confirmed = match column::moment_option(row, "confirmed_at")? {
            None => None,
            Some(at) => Some(Confirmed {
                by: row.get("confirmed_by")?,
                at,
                document: row.get("document")?,
                sha256: row.get("sha256")?,
            }),
        };
        Ok(Self {
            destruction: column::parsed(row, "destruction_id")?,
            vendor: column::parsed(row, "vendor_id")?,
            files: row.get("files")?,
            reports: row.get("reports")?,
            asked_at: column::moment(row, "asked_at")?,
            due_at: column::moment(row, "due_at")?,
            confirmed,
        })
    }
}
