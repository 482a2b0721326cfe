//! What a vendor holds of the house: of everything, of one report, of one file. The program gives a vendor nothing by
//! itself, so people record it; it stands until they record what shows that nothing of it is left there.

use database::{Constraint, FromRow, Row, bind};
use domain::{FileId, Id as _, ReportId, VendorId};
use jiff::Timestamp;
use policy::disclosure::DataClass;
use policy::permit::Right;
use policy::vendor::may_have;
use serde_json::json;

use super::{MOST_LISTED, get, keeps, said};
use crate::{Act, Error, Event, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- holding::insert
    INSERT INTO vendor_holding (vendor_id, number, report_id, file_id, from_at, until_at, recorded_by, recorded_at)
    VALUES (:id, :number, :report, :file, :from_at, :until_at, :by, :now)";

const LAST: &str = "-- holding::last
    SELECT COALESCE(MAX(number), 0) FROM vendor_holding WHERE vendor_id = :id";

const ALL: &str = "-- holding::all
    SELECT number, report_id, file_id, from_at, until_at, recorded_at, emptied_at, document FROM vendor_holding
    WHERE vendor_id = :id ORDER BY number LIMIT :most";

const GIVEN_NO_MORE: &str = "-- holding::given_no_more
    UPDATE vendor_holding SET until_at = :now WHERE vendor_id = :id AND until_at IS NULL";

const EMPTY: &str = "-- holding::empty
    UPDATE vendor_holding SET emptied_by = :by, emptied_at = :now, document = :document, sha256 = :sha256,
        until_at = COALESCE(until_at, :now)
    WHERE vendor_id = :id AND number = :number AND emptied_at IS NULL";

/// Of what a vendor holds copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// Of everything that the house keeps, as one that stores its vault or its backups.
    Everything,
    /// Of one report.
    Report(ReportId),
    /// Of one file.
    File(ReportId, FileId),
}

impl Of {
    /// The report and the file, as far as it names them.
    #[must_use]
    pub const fn named(&self) -> (Option<ReportId>, Option<&FileId>) {
        match self {
            Self::Everything => (None, None),
            Self::Report(report) => (Some(*report), None),
            Self::File(report, file) => (Some(*report), Some(file)),
        }
    }
}

/// What a vendor holds, as it is recorded.
#[derive(Debug, Clone)]
pub struct NewHolding {
    /// Of what.
    pub of: Of,
    /// Since when.
    pub from: Timestamp,
}

/// What a vendor holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Which one.
    pub number: u64,
    /// Of what.
    pub of: Of,
    /// Since when.
    pub from: Timestamp,
    /// When nothing more was given to it.
    pub until: Option<Timestamp>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Since when nothing of it is left there, and where the document is that shows it.
    pub emptied: Option<(Timestamp, String)>,
}

/// Records that a vendor holds copies. What is so is recorded even of one that may not have them: then the answer, and
/// the leaf, say so. Every destruction from then on waits for its word.
///
/// # Errors
/// [`Refusal::NotFound`] without the right, for an unknown vendor, report or file; [`Refusal::Unfit`] for a day to come.
pub fn hold(act: &Act<'_>, right: &Right, id: &VendorId, new: &NewHolding) -> Result<(u64, bool)> {
    keeps(right)?;
    if new.from > act.now() {
        return Err(Refusal::Unfit { what: "day since when" }.into());
    }
    let vendor = get(act, id)?;
    let may = may_have(&vendor.facts(), DataClass::Depictions, act.now()).is_ok();
    let last: u64 = act.tx().get(LAST, &bind! { id: id.as_str() })?;
    let (number, (report, file)) = (last + 1, new.of.named());
    let row = bind! {
        id: id.as_str(), number, report: report.map(ReportId::get), file: file.map(FileId::as_str),
        from_at: column::micros(new.from), until_at: vendor.ended_at.map(column::micros),
        by: right.actor().text(), now: column::micros(act.now()),
    };
    act.tx().execute(INSERT, &row).map_err(|fault| match fault {
        // No such report, or no such file of it.
        database::Fault::Constraint { kind: Constraint::ForeignKey, .. } => Error::from(Refusal::NotFound),
        other => other.into(),
    })?;
    let told = json!({ "file": file, "from": new.from, "may": may, "number": number, "vendor": id });
    let kind = EventKind::VendorHolds;
    // It is a part of the report's chain of custody who got a copy of it.
    let event = report.map_or_else(|| Event::of_house(kind), |report| Event::of_report(kind, report));
    act.note(Event { object: Some(id.as_str().to_owned()), ..event.with(told) })?;
    Ok((number, may))
}

/// Records what shows that nothing of a holding is left with a vendor. What it was asked to destroy before stays open.
///
/// # Errors
/// [`Refusal::NotFound`] without the right, and for a holding that is unknown or was emptied; [`Refusal::Unfit`] without
/// a document.
pub fn empty(
    act: &Act<'_>,
    right: &Right,
    (id, number): (&VendorId, u64),
    (document, sha256): (&str, [u8; 32]),
) -> Result<()> {
    keeps(right)?;
    said("document", document)?;
    let row = bind! {
        id: id.as_str(), number, by: right.actor().text(), now: column::micros(act.now()), document: document.trim(),
        sha256,
    };
    if act.tx().execute(EMPTY, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let told = json!({ "document_sha256": seal::hex(&sha256), "number": number });
    super::noted(act, EventKind::VendorEmptied, id, told)
}

/// Everything that was recorded of what a vendor holds, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn holdings(view: &View<'_>, id: &VendorId) -> Result<Vec<Holding>> {
    Ok(view.tx().rows(ALL, &bind! { id: id.as_str(), most: MOST_LISTED })?)
}

/// Nothing more is given to a vendor that is ended; what it has, it still has.
pub(super) fn given_no_more(act: &Act<'_>, id: &VendorId) -> Result<()> {
    act.tx().execute(GIVEN_NO_MORE, &bind! { id: id.as_str(), now: column::micros(act.now()) })?;
    Ok(())
}

impl FromRow for Holding {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (report, file) =
            (column::report_option(row, "report_id")?, column::parsed_option(row, "file_id")?);
        let of = match (report, file) {
            (Some(report), Some(file)) => Of::File(report, file),
            (Some(report), None) => Of::Report(report),
            (None, _) => Of::Everything,
        };
        let emptied = column::moment_option(row, "emptied_at")?;
        Ok(Self {
            number: row.get("number")?,
            of,
            from: column::moment(row, "from_at")?,
            until: column::moment_option(row, "until_at")?,
            recorded_at: column::moment(row, "recorded_at")?,
            emptied: emptied.zip(row.get::<Option<String>>("document")?),
        })
    }
}
