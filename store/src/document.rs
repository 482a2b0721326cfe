//! What came, to the byte: each received document sealed beside the way we read it. Nothing is overwritten.

mod readings;

use database::{FromRow, Row, bind};
use domain::{FileId, ReportId};
use jiff::Timestamp;
use policy::Permit;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sealed::{self, Cell};
use crate::{Act, Content, Fault, Result, View, column, reach};

pub use readings::Readings;
pub(crate) use readings::{finishing, foresee_finishing};

const INSERT: &str = "-- document::insert
    INSERT INTO document (report_id, position, kind, file_id, received_at, size_bytes, sha256, sealed_content_type,
        sealed_body, sealed_reading)
    VALUES (:report, :position, :kind, :file, :received_at, :size_bytes, :sha256, :sealed_content_type,
        :sealed_body, :sealed_reading)";

const SUPERSEDE: &str = "-- document::supersede
    UPDATE document SET superseded_at = :now WHERE report_id = :report AND position = :position";

const OF_REPORT: &str = "-- document::of_report
    SELECT position, file_id, received_at, superseded_at, sha256, sealed_content_type, sealed_body FROM document
    WHERE report_id = :report ORDER BY position";

const READING: &str = "-- document::reading
    SELECT sealed_reading FROM document WHERE report_id = :report AND position = :position";

const ERASE: &str = "-- document::erase
    DELETE FROM document WHERE report_id = :report";

const TABLE: &str = "document";
/// The document that opens a report is always its first.
pub(crate) const FIRST: u32 = 1;

/// A document as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// Its exact bytes.
    pub body: Vec<u8>,
    /// What its sender said it is.
    pub content_type: String,
}

impl std::fmt::Debug for Received {
    /// Without the words of its sender.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Received({} bytes)", self.body.len())
    }
}

/// A document of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// 1 for the document that opened the report, and so on.
    pub position: u32,
    /// The file that it speaks of; `None` for the report itself.
    pub file: Option<FileId>,
    /// When it came.
    pub received_at: Timestamp,
    /// When a later statement about the same file took its place.
    pub superseded_at: Option<Timestamp>,
    /// Digest of its exact bytes.
    pub sha256: [u8; 32],
    /// What came.
    pub received: Received,
}

/// One document to keep.
pub(crate) struct NewDocument<'a, T: Serialize> {
    pub report: ReportId,
    pub position: u32,
    pub file: Option<&'a FileId>,
    pub received: &'a Received,
    pub reading: &'a T,
}

/// Keeps a document and how it was read, and answers the digest of its bytes.
pub(crate) fn keep<T: Serialize>(act: &Act<'_>, new: &NewDocument<'_, T>) -> Result<[u8; 32]> {
    let &NewDocument { report, position, file, received, reading } = new;
    let row = position.to_string();
    let sha256 = seal::sha256(&received.body);
    let row = bind! {
        report: report.get(), position, sha256,
        kind: if file.is_some() { "file-details" } else { "report" },
        file: file.map(FileId::as_str),
        received_at: column::micros(act.now()),
        size_bytes: received.body.len(),
        sealed_content_type: sealed::bytes(
            act, cell(report, &row, "sealed_content_type"), received.content_type.as_bytes(),
        )?,
        sealed_body: sealed::bytes(act, cell(report, &row, "sealed_body"), &received.body)?,
        sealed_reading: sealed::json(act, cell(report, &row, "sealed_reading"), reading)?,
    };
    act.tx().put(INSERT, &row)?;
    Ok(sha256)
}

/// Marks a document as replaced by a later one. It stays.
pub(crate) fn supersede(act: &Act<'_>, report: ReportId, position: u32) -> Result<()> {
    let now = column::micros(act.now());
    act.tx().put(SUPERSEDE, &bind! { report: report.get(), position, now })?;
    Ok(())
}

/// Says that [`reading`] will be asked.
pub(crate) fn foresee_reading(view: &View<'_>, report: ReportId, position: u32) -> Result<()> {
    Ok(view.tx().ahead(&[(READING, bind! { report: report.get(), position })])?)
}

/// How a document was read.
pub(crate) fn reading<T: DeserializeOwned>(view: &View<'_>, report: ReportId, position: u32) -> Result<T> {
    let sealed: Vec<u8> = view.tx().get(READING, &bind! { report: report.get(), position })?;
    read(view, report, position, &sealed)
}

/// Opens how a document was read.
pub(crate) fn read<T: DeserializeOwned>(
    view: &View<'_>,
    report: ReportId,
    position: u32,
    sealed: &[u8],
) -> Result<T> {
    sealed::open_json(view, cell(report, &position.to_string(), "sealed_reading"), sealed)
}

/// Removes every document of a report that was never handed in.
pub(crate) fn erase(act: &Act<'_>, report: ReportId) -> Result<()> {
    act.tx().execute(ERASE, &bind! { report: report.get() })?;
    Ok(())
}

/// Every document of a report as it came, the superseded ones among them.
///
/// # Errors
/// [`crate::Refusal::NotFound`] out of the permit's reach, [`crate::Refusal::Destroyed`] without a key.
pub fn of_report<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Document>> {
    reach::submitted(view, permit, report)?;
    let rows: Vec<Stored> = view.tx().rows(OF_REPORT, &bind! { report: report.get() })?;
    rows.into_iter().map(|row| row.opened(view, report)).collect()
}

struct Stored {
    document: Document,
    sealed_content_type: Vec<u8>,
    sealed_body: Vec<u8>,
}

impl Stored {
    fn opened(self, view: &View<'_>, report: ReportId) -> Result<Document> {
        let Self { mut document, sealed_content_type, sealed_body } = self;
        let row = document.position.to_string();
        let kind = sealed::open_bytes(view, cell(report, &row, "sealed_content_type"), &sealed_content_type)?;
        let content_type = String::from_utf8(kind).map_err(|_| Fault::Row { what: "content type" })?;
        let body = sealed::open_bytes(view, cell(report, &row, "sealed_body"), &sealed_body)?;
        document.received = Received { body, content_type };
        Ok(document)
    }
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let document = Document {
            position: row.get("position")?,
            file: column::parsed_option(row, "file_id")?,
            received_at: column::moment(row, "received_at")?,
            superseded_at: column::moment_option(row, "superseded_at")?,
            sha256: row.get("sha256")?,
            received: Received { body: Vec::new(), content_type: String::new() },
        };
        let sealed_content_type = row.get("sealed_content_type")?;
        Ok(Self { document, sealed_content_type, sealed_body: row.get("sealed_body")? })
    }
}

fn cell<'a>(report: ReportId, row: &'a str, column: &'static str) -> Cell<'a> {
    Cell { report, table: TABLE, row, column }
}
