//! Holds: what must stay, whatever else is asked. An agency's own or counsel's, on a report or on one file of it, with a
//! reason and a day on which its owner decides anew. Only its owner releases it.

use database::{FromRow, Row, bind};
use domain::{AgencyId, FileId, HoldId, Id, Private, ReportId};
use house::words;
use jiff::Timestamp;
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const REACHED: &str = "-- hold::reached
    SELECT COUNT(*) FROM report WHERE report.id = :report AND (:agency = '' OR EXISTS (
        SELECT 1 FROM delivery WHERE delivery.report_id = report.id AND delivery.agency_id = :agency))";

const HAS_FILE: &str = "-- hold::has_file
    SELECT COUNT(*) FROM evidence WHERE report_id = :report AND file_id = :file";

const DOOMED: &str = "-- hold::doomed
    SELECT COUNT(*) FROM tombstone WHERE report_id = :report AND (file_id = :file OR (:file = '' AND EXISTS (
        SELECT 1 FROM destruction WHERE destruction.id = tombstone.destruction_id AND certified_at IS NULL)))";

/// Held on to until the hold stands: two people who agree at the same moment find it, or it finds that they did.
const PURGED: &str = "-- hold::purged
    SELECT COALESCE(destruction.accepted_at, 0) FROM destruction
    JOIN destruction_report ON destruction_report.destruction_id = destruction.id
    WHERE destruction_report.report_id = :report AND destruction.refused_at IS NULL {for_update}";

const INSERT: &str = "-- hold::insert
    INSERT INTO hold (id, report_id, file_id, agency_id, placed_by, placed_at, review_at, sealed_reason)
    VALUES (:id, :report, :file, :agency, :placed_by, :now, :review_at, :sealed_reason)
    ON CONFLICT (id) DO NOTHING";

const RELEASE: &str = "-- hold::release
    UPDATE hold SET released_by = :released_by, released_at = :now
    WHERE id = :id AND released_at IS NULL AND COALESCE(agency_id, '') = :agency";

const FIND: &str = "-- hold::find
    SELECT id, report_id, file_id, agency_id, placed_by, placed_at, review_at, sealed_reason, released_at
    FROM hold WHERE id = :id";

const OF_REPORT: &str = "-- hold::of_report
    SELECT id, report_id, file_id, agency_id, placed_by, placed_at, review_at, sealed_reason, released_at
    FROM hold WHERE report_id = :report AND released_at IS NULL ORDER BY placed_at, id";

const OPEN: &str = "-- hold::open
    SELECT id, report_id, file_id, agency_id, placed_by, placed_at, review_at, sealed_reason, released_at
    FROM hold WHERE released_at IS NULL ORDER BY review_at, id LIMIT :most";

const DUE: &str = "-- hold::due
    SELECT id, report_id, file_id, agency_id, placed_by, placed_at, review_at, sealed_reason, released_at
    FROM hold WHERE released_at IS NULL AND review_at <= :now AND COALESCE(agency_id, '') = :agency
    ORDER BY review_at, id LIMIT :most";

/// Letters of a reason.
const MOST_LETTERS: usize = 2_000;

/// Whose a hold is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// An agency that received the report.
    Agency(AgencyId),
    /// Counsel of the clearinghouse.
    Counsel,
}

impl Owner {
    fn agency(&self) -> Option<&str> {
        match self {
            Self::Agency(agency) => Some(agency.as_str()),
            Self::Counsel => None,
        }
    }
}

/// A hold that is about to be placed.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// Its id.
    pub id: HoldId,
    /// What must stay.
    pub report: ReportId,
    /// Only this file of it.
    pub file: Option<FileId>,
    /// Whose it is.
    pub owner: Owner,
    /// Why.
    pub reason: Private<String>,
    /// When its owner decides anew.
    pub review_at: Timestamp,
}

/// A hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// What must stay.
    pub report: ReportId,
    /// Only this file of it.
    pub file: Option<FileId>,
    /// Whose it is.
    pub owner: Owner,
    /// Who placed it, as the ledger writes it.
    pub placed_by: String,
    /// When.
    pub placed_at: Timestamp,
    /// When its owner decides anew.
    pub review_at: Timestamp,
    /// Why. Only its owner and the house's own people are shown it.
    pub reason: Private<String>,
    /// When it was released.
    pub released_at: Option<Timestamp>,
}

impl Hold {
    /// Whether the hold keeps this file.
    #[must_use]
    pub fn keeps(&self, report: ReportId, file: &FileId) -> bool {
        self.released_at.is_none()
            && self.report == report
            && self.file.as_ref().is_none_or(|own| own == file)
    }
}

/// Places a hold.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that its owner does not have, [`Refusal::FileNotFound`], [`Refusal::Unfit`] without a
/// reason or with a review in the past, [`Refusal::Blocked`] once a destruction was asked for, or two people agreed to the
/// end of the whole report.
pub fn place(act: &Act<'_>, new: &NewHold) -> Result<()> {
    let NewHold { id, report, file, owner, reason, review_at } = new;
    let letters = reason.reveal().trim().chars().count();
    if letters == 0 || letters > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "reason" }.into());
    }
    if *review_at <= act.now() {
        return Err(Refusal::Unfit { what: "review date" }.into());
    }
    let (agency, number) = (owner.agency(), report.get());
    if act.tx().get::<u64>(REACHED, &bind! { report: number, agency: agency.unwrap_or("") })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let name = file.as_ref().map(FileId::as_str);
    if let Some(file) = name
        && act.tx().get::<u64>(HAS_FILE, &bind! { report: number, file })? == 0
    {
        return Err(Refusal::FileNotFound.into());
    }
    let purged: Vec<i64> = act.tx().rows(PURGED, &bind! { report: number })?;
    let is_doomed = act.tx().get::<u64>(DOOMED, &bind! { report: number, file: name.unwrap_or("") })? > 0;
    if is_doomed || purged.iter().any(|accepted_at| *accepted_at > 0) {
        return Err(Refusal::Blocked.into());
    }
    let row = bind! {
        id: id.as_str(), report: number, file: name, agency, placed_by: act.actor().text(),
        now: column::micros(act.now()), review_at: column::micros(*review_at),
        sealed_reason: words::seal(act, &at(id), reason.reveal().trim().as_bytes())?,
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let told = json!({ "hold": id, "file": file, "agency": agency, "review_at": column::micros(*review_at) });
    act.note(Event::of_report(EventKind::HoldPlaced, *report).with(told))?;
    Ok(())
}

/// Releases a hold of this owner.
///
/// # Errors
/// [`Refusal::NotFound`] for another's hold or one that is released.
pub fn release(act: &Act<'_>, id: &HoldId, owner: &Owner) -> Result<()> {
    let agency = owner.agency().unwrap_or("");
    let released =
        bind! { id: id.as_str(), agency, released_by: act.actor().text(), now: column::micros(act.now()) };
    if act.tx().execute(RELEASE, &released)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let hold = get(act, id)?;
    act.note(Event::of_report(EventKind::HoldReleased, hold.report).with(json!({ "hold": id })))?;
    Ok(())
}

/// One hold.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &HoldId) -> Result<Hold> {
    let row: Option<Sealed> = view.tx().find(FIND, &bind! { id: id.as_str() })?;
    row.ok_or(Refusal::NotFound)?.opened(view)
}

/// The open holds on a report and its files, whoever placed them.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, report: ReportId) -> Result<Vec<Hold>> {
    opened(view, view.tx().rows(OF_REPORT, &bind! { report: report.get() })?)
}

/// Every open hold, the one whose review comes first at the top.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &View<'_>, most: u32) -> Result<Vec<Hold>> {
    opened(view, view.tx().rows(OPEN, &bind! { most })?)
}

/// The open holds of an owner whose review is due.
///
/// # Errors
/// A fault of the database.
pub fn due(view: &View<'_>, owner: &Owner, most: u32) -> Result<Vec<Hold>> {
    let asked = bind! { agency: owner.agency().unwrap_or(""), now: column::micros(view.now()), most };
    opened(view, view.tx().rows(DUE, &asked)?)
}

fn opened(view: &View<'_>, rows: Vec<Sealed>) -> Result<Vec<Hold>> {
    rows.into_iter().map(|row| row.opened(view)).collect()
}

fn at(id: &HoldId) -> Place<'_> {
    Place { table: "hold", row: id.as_str().as_bytes(), column: "sealed_reason" }
}

struct Sealed {
    hold: Hold,
    sealed_reason: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Hold> {
        let reason = words::open_text(view, &at(&self.hold.id), &self.sealed_reason)?;
        Ok(Hold { reason, ..self.hold })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let owner = column::parsed_option(row, "agency_id")?.map_or(Owner::Counsel, Owner::Agency);
        let hold = Hold {
            id: column::parsed(row, "id")?,
            report: column::report(row, "report_id")?,
            file: column::parsed_option(row, "file_id")?,
            owner,
            placed_by: row.get("placed_by")?,
            placed_at: column::moment(row, "placed_at")?,
            review_at: column::moment(row, "review_at")?,
            reason: Private::new(String::new()),
            released_at: column::moment_option(row, "released_at")?,
        };
        Ok(Self { hold, sealed_reason: row.get("sealed_reason")? })
    }
}
