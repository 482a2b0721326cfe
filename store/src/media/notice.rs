//! What managers must be told in writing: that a file was seen on exigent circumstances. It stands on their page
//! until one of them, who is not the one who looked, says that they have read it.

use database::{FromRow, Row, bind};
use domain::{FileId, GroundId, Id, PersonId, ReportId, ViewGround};
use jiff::Timestamp;
use policy::permit::ConfirmGround;
use policy::{OpenFile, Permit};
use serde_json::json;

use super::FileView;
use crate::{Act, Event, EventKind, Refusal, Result, View, column, ground, reach};

const TELL: &str = "-- notice::tell
    INSERT INTO notice (id, agency_id, report_id, file_id, ground_id, person_id, told_at)
    VALUES (:id, :agency, :report, :file, :ground, :person, :now)";

const OF_HOME: &str = "-- notice::of_home
    SELECT id, report_id, file_id, ground_id, person_id, told_at, acknowledged_by, acknowledged_at FROM notice
    WHERE agency_id = :agency ORDER BY acknowledged_at IS NOT NULL, told_at DESC, id LIMIT :most";

const FIND: &str = "-- notice::find
    SELECT id, report_id, file_id, ground_id, person_id, told_at, acknowledged_by, acknowledged_at FROM notice
    WHERE id = :id AND agency_id = :agency";

const ACKNOWLEDGE: &str = "-- notice::acknowledge
    UPDATE notice SET acknowledged_by = :person, acknowledged_at = :now
    WHERE id = :id AND agency_id = :agency AND acknowledged_at IS NULL";

/// Notices that are listed.
const MOST_LISTED: u32 = 500;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its name.
    pub id: String,
    /// The report of the file.
    pub report: ReportId,
    /// The file that was seen.
    pub file: FileId,
    /// On which ground.
    pub ground: GroundId,
    /// By whom.
    pub person: PersonId,
    /// When.
    pub told_at: Timestamp,
    /// Who has read it, and when.
    pub acknowledged: Option<(PersonId, Timestamp)>,
}

/// Tells the managers of whoever looked, where it was on exigent circumstances: in the act of the look.
pub(super) fn tell(act: &Act<'_>, seen: &FileView, open: &OpenFile) -> Result<()> {
    let (ViewGround::Exigent, Some(ground)) = (open.ground(), open.record()) else { return Ok(()) };
    let row = bind! {
        id: seal::hex(&act.chance::<16>()?), agency: seen.agency.as_ref().map_or(reach::HOUSE, Id::as_str),
        report: seen.report.get(), file: seen.file.as_str(), ground: ground.as_str(), person: seen.person.as_str(),
        now: column::micros(act.now()),
    };
    act.tx().execute(TELL, &row)?;
    Ok(())
}

/// What the managers of the permit's agency were told, what nobody has read yet first.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, permit: &Permit<ConfirmGround>) -> Result<Vec<Notice>> {
    Ok(view.tx().rows(OF_HOME, &bind! { agency: reach::home(permit)?, most: MOST_LISTED })?)
}

/// Says, in the name of the manager who acts, that they have read it.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach, [`Refusal::SamePerson`] for the one who looked, [`Refusal::Conflict`] once somebody
/// had.
pub fn acknowledge(act: &Act<'_>, permit: &Permit<ConfirmGround>, id: &str) -> Result<()> {
    let (agency, person) = (reach::home(permit)?, ground::person(permit.actor())?);
    let found: Option<Notice> = act.tx().find(FIND, &bind! { id, agency })?;
    let found = found.ok_or(Refusal::NotFound)?;
    if found.person == *person {
        return Err(Refusal::SamePerson.into());
    }
    let row = bind! { id, agency, person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(ACKNOWLEDGE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details =
        json!({ "file": found.file, "ground": found.ground, "notice": id, "seen_by": found.person });
    act.note(Event::of_report(EventKind::NoticeAcknowledged, found.report).with(details))?;
    Ok(())
}

impl FromRow for Notice {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let by: Option<PersonId> = column::parsed_option(row, "acknowledged_by")?;
        Ok(Self {
            id: row.get("id")?,
            report: column::report(row, "report_id")?,
            file: column::parsed(row, "file_id")?,
            ground: column::parsed(row, "ground_id")?,
            person: column::parsed(row, "person_id")?,
            told_at: column::moment(row, "told_at")?,
            acknowledged: by.zip(column::moment_option(row, "acknowledged_at")?),
        })
    }
}
