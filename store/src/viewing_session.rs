//! Viewing appointments: who looks at which files, where, when, under whose eyes. Nothing is copied by one:
//! it is a record, not a door. One for a victim holds only files that carry the mark of that victim.

use database::{FromRow, FromValue, Mismatch, Row, ValueRef, bind};
use domain::{AgencyId, FileId, Id, PersonId, ReportId};
use jiff::Timestamp;
use policy::permit::HoldViewing;
use policy::{Permit, Scope};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::sealed::{self, Cell};
use crate::{Act, Content, Event, EventKind, Refusal, Result, View, column, ground, reach};

const INSERT: &str = "-- viewing_session::insert
    INSERT INTO viewing_session (id, report_id, agency_id, kind, starts_at, ends_at, supervised_by, recorded_by,
        recorded_at, sealed_words)
    VALUES (:id, :report, :agency, :kind, :starts_at, :ends_at, :supervisor, :person, :now, :sealed_words)";

const INSERT_ITEM: &str = "-- viewing_session::insert_item
    INSERT INTO viewing_item (session_id, report_id, file_id) VALUES (:id, :report, :file)";

const OF_REPORT: &str = "-- viewing_session::of_report
    SELECT id, kind, starts_at, ends_at, supervised_by, recorded_by, recorded_at, sealed_words FROM viewing_session
    WHERE report_id = :report AND agency_id = :agency ORDER BY starts_at, id LIMIT :most";

const ITEMS: &str = "-- viewing_session::items
    SELECT file_id FROM viewing_item WHERE session_id = :id ORDER BY file_id";

const HAS_FILE: &str = "-- viewing_session::has_file
    SELECT 1 FROM evidence WHERE report_id = :report AND file_id = :file";

const MARK: &str = "-- viewing_session::mark
    INSERT INTO victim_mark (report_id, file_id, agency_id, mark, marked_by, marked_at)
    VALUES (:report, :file, :agency, :mark, :person, :now)
    ON CONFLICT (report_id, file_id, agency_id, mark) DO NOTHING";

const MARKED: &str = "-- viewing_session::marked
    SELECT file_id, mark FROM victim_mark WHERE report_id = :report AND agency_id = :agency ORDER BY mark, file_id";

/// Appointments of a report that are listed.
const MOST_LISTED: u32 = 1_000;
/// People at one appointment, and letters of each answer.
const MOST_PEOPLE: usize = 50;
const MOST_LETTERS: usize = 500;

/// For whom an appointment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The defence: ample opportunity to inspect at a government place (18 USC 3509(m)(2)).
    Defence,
    /// A victim, their lawyer or expert: depictions of that victim only (18 USC 3509(m)(3)).
    Victim,
}

impl Kind {
    /// The word, as rows and pages have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Defence => "DEFENCE",
            Self::Victim => "VICTIM",
        }
    }
}

impl FromValue for Kind {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        match value {
            ValueRef::Text("DEFENCE") => Ok(Self::Defence),
            ValueRef::Text("VICTIM") => Ok(Self::Victim),
            _ => Err(Mismatch::new("kind of viewing", value)),
        }
    }
}

/// What is said of an appointment in words; sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The government place or court.
    pub place: String,
    /// Everybody who is there, each with the part they have.
    pub people: Vec<String>,
    /// The mark of the victim, for a victim's appointment.
    pub victim: Option<String>,
}

/// An appointment that is to be recorded.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The report of its files.
    pub report: ReportId,
    /// For whom.
    pub kind: Kind,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who of the agency is there all the time.
    pub supervised_by: PersonId,
    /// Place, people, victim.
    pub words: Words,
    /// The files, each by name.
    pub items: Vec<FileId>,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewingSession {
    /// Its id.
    pub id: String,
    /// For whom.
    pub kind: Kind,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who is there all the time.
    pub supervised_by: PersonId,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: Timestamp,
    /// Place, people, victim.
    pub words: Words,
    /// The files.
    pub items: Vec<FileId>,
}

/// Records an appointment.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach, [`Refusal::FileNotFound`] for a file of another report,
/// [`Refusal::Unfit`] for what is incomplete, and for a file without the mark of the victim whose appointment it is.
pub fn record(act: &Act<'_>, permit: &Permit<HoldViewing>, new: &NewSession) -> Result<String> {
    reach::submitted(act, permit, new.report)?;
    let (agency, person) = (agency(permit)?, ground::person(permit.actor())?);
    check(new)?;
    if new.kind == Kind::Victim {
        only_of_the_victim(act, agency, new)?;
    }
    let id = seal::hex(&act.chance::<16>()?);
    let row = bind! {
        id: &id, report: new.report.get(), agency: agency.as_str(), kind: new.kind.as_str(),
        starts_at: column::micros(new.starts_at), ends_at: column::micros(new.ends_at),
        supervisor: new.supervised_by.as_str(), person: person.as_str(), now: column::micros(act.now()),
        sealed_words: sealed::json(act, cell(new.report, &id), &new.words)?,
    };
    act.tx().execute(INSERT, &row)?;
    for file in &new.items {
        there(act, new.report, file)?;
        let item = bind! { id: &id, report: new.report.get(), file: file.as_str() };
        act.tx().execute(INSERT_ITEM, &item)?;
    }
    let details = json!({
        "agency": agency, "ends_at": new.ends_at, "files": new.items, "kind": new.kind.as_str(),
        "people": new.words.people.len(), "session": id, "starts_at": new.starts_at,
        "supervised_by": new.supervised_by,
    });
    act.note(Event::of_report(EventKind::ViewingRecorded, new.report).with(details))?;
    Ok(id)
}

fn check(new: &NewSession) -> Result<()> {
    let unfit = |what| Err(Refusal::Unfit { what }.into());
    let fits = |text: &String| (1..=MOST_LETTERS).contains(&text.trim().chars().count());
    if !fits(&new.words.place) {
        return unfit("place");
    }
    if !(1..=MOST_PEOPLE).contains(&new.words.people.len()) || !new.words.people.iter().all(fits) {
        return unfit("list of people");
    }
    if new.items.is_empty() {
        return unfit("list of files");
    }
    if new.ends_at <= new.starts_at {
        return unfit("time: it ends before it begins");
    }
    if (new.kind == Kind::Victim) != new.words.victim.is_some() {
        return unfit("mark of the victim");
    }
    Ok(())
}

/// A victim sees depictions of themself, and of nobody else's.
fn only_of_the_victim(view: &View<'_>, agency: &AgencyId, new: &NewSession) -> Result<()> {
    let marked = marks_of(view, agency, new.report)?;
    let theirs = |file: &FileId| {
        marked.iter().any(|(known, mark)| known == file && Some(mark) == new.words.victim.as_ref())
    };
    if new.items.iter().all(theirs) {
        Ok(())
    } else {
        Err(Refusal::Unfit { what: "file: it has no mark of this victim" }.into())
    }
}

/// Marks a file as a depiction of one victim, under a mark that the prosecutor chose and that is no name.
///
/// # Errors
/// As [`record`].
pub fn mark(
    act: &Act<'_>,
    permit: &Permit<HoldViewing>,
    report: ReportId,
    file: &FileId,
    mark: &str,
) -> Result<()> {
    reach::submitted(act, permit, report)?;
    let (agency, person) = (agency(permit)?, ground::person(permit.actor())?);
    there(act, report, file)?;
    // A pseudonym of a few letters and digits: a name does not fit.
    let sound =
        (1..=16).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !sound {
        return Err(Refusal::Unfit { what: "mark: letters, digits and hyphens, 16 at most, no name" }.into());
    }
    let row = bind! {
        report: report.get(), file: file.as_str(), agency: agency.as_str(), mark, person: person.as_str(),
        now: column::micros(act.now()),
    };
    act.tx().execute(MARK, &row)?;
    act.note(
        Event::of_report(EventKind::VictimMarked, report).with(json!({ "agency": agency, "file": file })),
    )?;
    Ok(())
}

/// The marks that the permit's agency gave to files of a report.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn marks<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Vec<(FileId, String)>> {
    reach::submitted(view, permit, report)?;
    marks_of(view, agency(permit)?, report)
}

fn marks_of(view: &View<'_>, agency: &AgencyId, report: ReportId) -> Result<Vec<(FileId, String)>> {
    let rows: Vec<Marked> =
        view.tx().rows(MARKED, &bind! { report: report.get(), agency: agency.as_str() })?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// The appointments of the permit's agency for a report.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach, [`Refusal::Destroyed`] without the report's key.
pub fn of_report<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Vec<ViewingSession>> {
    reach::submitted(view, permit, report)?;
    let asked = bind! { report: report.get(), agency: agency(permit)?.as_str(), most: MOST_LISTED };
    let rows: Vec<Sealed> = view.tx().rows(OF_REPORT, &asked)?;
    rows.into_iter().map(|row| row.opened(view, report)).collect()
}

fn there(view: &View<'_>, report: ReportId, file: &FileId) -> Result<()> {
    let found: Option<i64> =
        view.tx().find(HAS_FILE, &bind! { report: report.get(), file: file.as_str() })?;
    found.map(drop).ok_or_else(|| Refusal::FileNotFound.into())
}

fn agency<K>(permit: &Permit<K>) -> Result<&AgencyId> {
    match permit.scope() {
        Scope::Agency(agency) => Ok(agency),
        Scope::House | Scope::Provider(_) => Err(Refusal::NotFound.into()),
    }
}

fn cell(report: ReportId, id: &str) -> Cell<'_> {
    Cell { report, table: "viewing_session", row: id, column: "sealed_words" }
}

struct Marked(FileId, String);

impl FromRow for Marked {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "file_id")?, row.get("mark")?))
    }
}

struct Item(FileId);

impl FromRow for Item {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "file_id").map(Self)
    }
}

struct Sealed {
    id: String,
    kind: Kind,
    starts_at: Timestamp,
    ends_at: Timestamp,
    supervised_by: PersonId,
    recorded_by: PersonId,
    recorded_at: Timestamp,
    sealed_words: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>, report: ReportId) -> Result<ViewingSession> {
        let words = sealed::open_json(view, cell(report, &self.id), &self.sealed_words)?;
        let items: Vec<Item> = view.tx().rows(ITEMS, &bind! { id: &self.id })?;
        let Self { id, kind, starts_at, ends_at, supervised_by, recorded_by, recorded_at, .. } = self;
        let items = items.into_iter().map(|item| item.0).collect();
        Ok(ViewingSession {
            id,
            kind,
            starts_at,
            ends_at,
            supervised_by,
            recorded_by,
            recorded_at,
            words,
            items,
        })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            starts_at: column::moment(row, "starts_at")?,
            ends_at: column::moment(row, "ends_at")?,
            supervised_by: column::parsed(row, "supervised_by")?,
            recorded_by: column::parsed(row, "recorded_by")?,
            recorded_at: column::moment(row, "recorded_at")?,
            sealed_words: row.get("sealed_words")?,
        })
    }
}
