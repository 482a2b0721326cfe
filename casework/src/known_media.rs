//! Bytes of which somebody who saw them said of which class they are. Their home is not shown them again: the class is what
//! can be known of them, and it is there in words.

use database::{FromRow, Row, bind};
use domain::portal::MediaClass;
use domain::{FileId, Id, PersonId, ReportId};
use jiff::Timestamp;
use policy::Permit;
use policy::permit::ViewMedia;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column, home, person};

const SAW: &str = "-- known_media::saw
    SELECT 1 FROM media_view
    WHERE agency_id = :home AND sha256 = :sha256 AND person_id = :person AND manner = 'clear' AND served_at IS NOT NULL
    LIMIT 1";

const PUT: &str = "-- known_media::put
    INSERT INTO known_media (agency_id, sha256, class, said_by, said_at) VALUES (:home, :sha256, :class, :person, :now)
    ON CONFLICT (agency_id, sha256) DO NOTHING";

const FIND: &str = "-- known_media::find
    SELECT class, said_by, said_at FROM known_media WHERE agency_id = :home AND sha256 = :sha256";

const TAKE: &str = "-- known_media::take
    DELETE FROM known_media WHERE agency_id = :home AND sha256 = :sha256";

/// What a home knows of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Their class.
    pub class: MediaClass,
    /// Who said so.
    pub said_by: PersonId,
    /// When.
    pub said_at: Timestamp,
}

/// What the permit's home knows of these bytes.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, permit: &Permit<ViewMedia>, sha256: [u8; 32]) -> Result<Option<Known>> {
    Ok(view.tx().find(FIND, &bind! { home: home(permit)?, sha256 })?)
}

/// Whether the permit's person was shown these bytes clear, and can say of which class they are.
///
/// # Errors
/// A fault of the database.
pub fn saw(view: &View<'_>, permit: &Permit<ViewMedia>, sha256: [u8; 32]) -> Result<bool> {
    let asked = bind! { home: home(permit)?, sha256, person: person(permit)?.as_str() };
    Ok(view.tx().find::<i64>(SAW, &asked)?.is_some())
}

/// Somebody who was shown these bytes clear says of which class they are.
///
/// # Errors
/// [`Refusal::NotAllowed`] for whoever was not shown them, [`Refusal::Unfit`] for no class, [`Refusal::Conflict`] when somebody
/// said it before.
pub fn say(
    act: &Act<'_>,
    permit: &Permit<ViewMedia>,
    (report, file): (ReportId, &FileId),
    sha256: [u8; 32],
    class: MediaClass,
) -> Result<()> {
    if class == MediaClass::Unclassified {
        return Err(Refusal::Unfit { what: "class" }.into());
    }
    if !saw(act, permit, sha256)? {
        return Err(Refusal::NotAllowed.into());
    }
    let row = bind! {
        home: home(permit)?, sha256, class: class.as_str(), person: person(permit)?.as_str(),
        now: column::micros(act.now()),
    };
    if act.tx().execute(PUT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "class": class, "file": file, "of": home(permit)?, "sha256": seal::hex(&sha256) });
    act.note(Event::of_report(EventKind::MediaClassed, report).with(details))?;
    Ok(())
}

/// Takes that back: the class was wrong, or the file must be seen again. What was seen still asks for a reason.
///
/// # Errors
/// [`Refusal::NotFound`] for what is not known.
pub fn take_back(
    act: &Act<'_>,
    permit: &Permit<ViewMedia>,
    (report, file): (ReportId, &FileId),
    sha256: [u8; 32],
) -> Result<()> {
    if act.tx().execute(TAKE, &bind! { home: home(permit)?, sha256 })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "file": file, "of": home(permit)?, "sha256": seal::hex(&sha256) });
    act.note(Event::of_report(EventKind::MediaClassTaken, report).with(details))?;
    Ok(())
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            class: column::parsed(row, "class")?,
            said_by: column::parsed(row, "said_by")?,
            said_at: column::moment(row, "said_at")?,
        })
    }
}
