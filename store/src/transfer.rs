//! Files that arrive in several requests. What was acknowledged of one lies in the vault as sealed segments, so that a
//! provider resumes where it stopped, whatever became of the connection or of us. When the last byte is there, the
//! segments become one file and their keys are destroyed.

use database::{FromRow, Row, bind};
use domain::{FileId, Id, Private, ProviderId, ReportId};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::evidence::{self, NewFile};
use crate::sealed::{self, Cell};
use crate::{
    Act, BlobKind, BlobRef, Event, EventKind, Kept, Location, Refusal, Result, Stored, View, column, report,
};

mod sweep;

pub use sweep::{is_due, sweep};

/// Unfinished files that one report may have at a time.
pub const MOST_UNFINISHED: u32 = 64;
/// How long the sweep leaves a transfer alone after a look.
const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_hours(1);

const UNFINISHED: &str = "-- transfer::unfinished
    SELECT COUNT(*) FROM transfer WHERE report_id = :report AND completed_at IS NULL";

const INSERT: &str = "-- transfer::insert
    INSERT INTO transfer (file_id, report_id, size_bytes, received_bytes, segments, sealed_claims, look_at)
    VALUES (:file, :report, :size_bytes, 0, 0, :sealed_claims, :look_at)";

const FIND: &str = "-- transfer::find
    SELECT transfer.file_id, transfer.report_id, transfer.size_bytes, received_bytes, sealed_claims, completed_at,
        report.expires_at, evidence.md5, evidence.sha256
    FROM transfer JOIN report ON report.id = transfer.report_id
    LEFT JOIN evidence ON evidence.report_id = transfer.report_id AND evidence.file_id = transfer.file_id
    WHERE transfer.file_id = :file AND provider_id = :provider";

const GROW: &str = "-- transfer::grow
    UPDATE transfer SET received_bytes = :received, segments = segments + :segments
    WHERE file_id = :file AND received_bytes = :offset AND size_bytes >= :received AND completed_at IS NULL
    RETURNING segments";

const INSERT_SEGMENT: &str = "-- transfer::insert_segment
    INSERT INTO transfer_segment (file_id, position, segment_id, size_bytes, location)
    VALUES (:file, :position, :segment, :size_bytes, :location)";

const SEGMENTS: &str = "-- transfer::segments
    SELECT segment_id, size_bytes, location FROM transfer_segment WHERE file_id = :file ORDER BY position";

const COMPLETE: &str = "-- transfer::complete
    UPDATE transfer SET completed_at = :now, received_bytes = size_bytes
    WHERE file_id = :file AND completed_at IS NULL";

const ERASE_SEGMENTS: &str = "-- transfer::erase_segments
    DELETE FROM transfer_segment WHERE file_id = :file";

const ERASE: &str = "-- transfer::erase
    DELETE FROM transfer WHERE file_id = :file";

/// What a provider says of a file before it sends it: a stranger's words, so sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Its name.
    pub name: Option<Private<String>>,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its MD5.
    pub md5: Option<[u8; 16]>,
    /// Its SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// Its SHA-256.
    pub sha256: Option<[u8; 32]>,
}

/// A file that is about to arrive.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    /// The report that it is of.
    pub report: ReportId,
    /// The id that it has from now on.
    pub file: FileId,
    /// Its whole length.
    pub size_bytes: u64,
    /// What its sender says of it.
    pub claims: Claims,
}

/// A file on its way, or just arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The report that it is of.
    pub report: ReportId,
    /// Its id.
    pub file: FileId,
    /// Its whole length.
    pub size_bytes: u64,
    /// How much of it is durable.
    pub received_bytes: u64,
    /// When its report expires; `None` when the report is closed.
    pub expires_at: Option<jiff::Timestamp>,
    /// MD5 and SHA-256 of a file that has become part of its report.
    pub digests: Option<([u8; 16], [u8; 32])>,
    /// Whether all of it has arrived.
    pub is_complete: bool,
    sealed_claims: Vec<u8>,
}

/// Begins a file of an open report.
///
/// # Errors
/// As [`report::check_open`]; [`Refusal::Unfit`] when [`MOST_UNFINISHED`] are on their way already.
pub fn begin(act: &Act<'_>, provider: &ProviderId, new: &NewTransfer) -> Result<()> {
    let NewTransfer { report, file, size_bytes, claims } = new;
    report::touch(act, provider, *report)?;
    if act.tx().get::<u32>(UNFINISHED, &bind! { report: report.get() })? >= MOST_UNFINISHED {
        return Err(Refusal::Unfit { what: "number of unfinished uploads" }.into());
    }
    let row = bind! {
        file: file.as_str(), report: report.get(), size_bytes: *size_bytes,
        sealed_claims: sealed::json(act, cell(*report, file), claims)?,
        look_at: column::micros(act.now().checked_add(BETWEEN_LOOKS).unwrap_or(act.now())),
    };
    act.tx().execute(INSERT, &row)?;
    let details = json!({ "file": file, "size_bytes": size_bytes });
    act.note(Event::of_report(EventKind::TransferBegun, *report).to(file.as_str()).with(details))?;
    Ok(())
}

/// A file on its way, or one that arrived not long ago.
///
/// # Errors
/// [`Refusal::FileNotFound`], also for another provider's.
pub fn get(view: &View<'_>, provider: &ProviderId, file: &FileId) -> Result<Transfer> {
    let asked = bind! { file: file.as_str(), provider: provider.as_str() };
    Ok(view.tx().find(FIND, &asked)?.ok_or(Refusal::FileNotFound)?)
}

/// What its sender said of it.
///
/// # Errors
/// [`Refusal::Destroyed`] when the report has no key any more.
pub fn claims(view: &View<'_>, transfer: &Transfer) -> Result<Claims> {
    sealed::open_json(view, cell(transfer.report, &transfer.file), &transfer.sealed_claims)
}

/// Takes over segments that begin at `offset`; the report's time begins anew. Answers how much is durable now.
///
/// # Errors
/// As [`report::check_open`]; [`Refusal::Conflict`] when the file stands at another offset or they are too long.
pub fn keep(
    act: &Act<'_>,
    provider: &ProviderId,
    transfer: &Transfer,
    offset: u64,
    segments: &[Kept],
) -> Result<u64> {
    let Transfer { report, file, .. } = transfer;
    report::touch(act, provider, *report)?;
    let received = segments.iter().fold(offset, |sum, one| sum.saturating_add(one.blob.size_bytes));
    let added = u32::try_from(segments.len()).map_err(|_| Refusal::Conflict)?;
    let row = bind! { file: file.as_str(), offset, received, segments: added };
    let now_there: u32 = act.tx().find(GROW, &row)?.ok_or(Refusal::Conflict)?;
    for (place, kept) in (now_there - added + 1..).zip(segments) {
        let row = bind! {
            file: file.as_str(), position: place, segment: kept.blob.file.as_str(),
            size_bytes: kept.blob.size_bytes, location: &kept.blob.location,
        };
        act.tx().execute(INSERT_SEGMENT, &row)?;
        act.adopt(*report, kept)?;
    }
    let details = json!({ "file": file, "received_bytes": received });
    let event =
        Event::of_report(EventKind::TransferGrew, *report).to(file.as_str()).bringing(received - offset);
    act.note(event.with(details))?;
    Ok(received)
}

/// The segments of a file, in order.
///
/// # Errors
/// A fault of the database.
pub fn segments(view: &View<'_>, file: &FileId) -> Result<Vec<BlobRef>> {
    let rows: Vec<Segment> = view.tx().rows(SEGMENTS, &bind! { file: file.as_str() })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Makes the whole file part of its report and destroys the keys of its segments.
///
/// # Errors
/// As [`report::check_open`]; [`Refusal::Conflict`] when that was done already.
pub fn complete(act: &Act<'_>, provider: &ProviderId, transfer: &Transfer, stored: Stored) -> Result<()> {
    let Transfer { report, file, .. } = transfer;
    let row = bind! { file: file.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(COMPLETE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    forget_segments(act, *report, file)?;
    let Claims { name, media_type, .. } = claims(act, transfer)?;
    let new = NewFile { report: *report, file: file.clone(), uploaded_name: name, media_type, stored };
    evidence::attach(act, provider, &new)?;
    Ok(())
}

/// Drops an unfinished file; nothing of it can be opened any more.
///
/// # Errors
/// As [`report::check_open`]; [`Refusal::Conflict`] for one that is part of its report by now.
pub fn abandon(act: &Act<'_>, provider: &ProviderId, transfer: &Transfer) -> Result<()> {
    report::check_open(act, provider, transfer.report)?;
    if get(act, provider, &transfer.file)?.is_complete {
        return Err(Refusal::Conflict.into());
    }
    erase(act, transfer.report, &transfer.file)?;
    let details = json!({ "file": transfer.file });
    act.note(Event::of_report(EventKind::TransferDropped, transfer.report).with(details))?;
    Ok(())
}

fn erase(act: &Act<'_>, report: ReportId, file: &FileId) -> Result<()> {
    forget_segments(act, report, file)?;
    act.tx().execute(ERASE, &bind! { file: file.as_str() })?;
    Ok(())
}

/// INVARIANT: no segment outlives its transfer in a form that can be opened.
fn forget_segments(act: &Act<'_>, report: ReportId, file: &FileId) -> Result<()> {
    for segment in segments(act, file)? {
        act.destroy_blob_key(report, &segment)?;
    }
    act.tx().execute(ERASE_SEGMENTS, &bind! { file: file.as_str() })?;
    Ok(())
}

fn cell(report: ReportId, file: &FileId) -> Cell<'_> {
    Cell { report, table: "transfer", row: file.as_str(), column: "sealed_claims" }
}

struct Segment(BlobRef);

impl FromRow for Segment {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let location: Location = row.get("location")?;
        Ok(Self(BlobRef {
            kind: BlobKind::Segment,
            file: column::parsed(row, "segment_id")?,
            location,
            size_bytes: row.get("size_bytes")?,
        }))
    }
}

impl FromRow for Transfer {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (md5, sha256): (Option<[u8; 16]>, Option<[u8; 32]>) = (row.get("md5")?, row.get("sha256")?);
        Ok(Self {
            report: column::report(row, "report_id")?,
            file: column::parsed(row, "file_id")?,
            size_bytes: row.get("size_bytes")?,
            received_bytes: row.get("received_bytes")?,
            expires_at: column::moment_option(row, "expires_at")?,
            digests: md5.zip(sha256),
            is_complete: column::moment_option(row, "completed_at")?.is_some(),
            sealed_claims: row.get("sealed_claims")?,
        })
    }
}
