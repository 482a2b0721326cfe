//! What stands in a case: notes, tasks, subjects, exhibits with their chain of custody.

use database::{FromRow, Row, bind};
use domain::{CaseId, CustodyKind, EntryKind, FileId, Id, MemberLevel, PersonId, ReportId};
use house::sealed::{self, Cell};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::casefile::{MOST_LETTERS, MOST_TITLE_LETTERS, note};
use crate::keeper::Keeper;
use crate::{Act, EventKind, Refusal, Result, View, cji, column, text};

const INSERT: &str = "-- entry::insert
    INSERT INTO case_entry (number, id, kind, version, written_by, written_at, changed_by, changed_at, person_id, due_at,
        report_id, file_id)
    VALUES (:number, :id, :kind, 1, :by, :now, :by, :now, :person, :due_at, :report, :file)";

const OF_CASE: &str = "-- entry::of_case
    SELECT id, kind, version, written_by, written_at, changed_by, changed_at, person_id, due_at, done_at, report_id, file_id,
        labelled_at
    FROM case_entry LEFT JOIN case_cji AS label ON label.number = case_entry.number AND label.entry_id = case_entry.id
    WHERE case_entry.number = :number ORDER BY written_at, id LIMIT :most";

const GET: &str = "-- entry::get
    SELECT id, kind, version, written_by, written_at, changed_by, changed_at, person_id, due_at, done_at, report_id, file_id,
        labelled_at
    FROM case_entry LEFT JOIN case_cji AS label ON label.number = case_entry.number AND label.entry_id = case_entry.id
    WHERE case_entry.number = :number AND id = :id";

const COUNT: &str = "-- entry::count
    SELECT COUNT(*) FROM case_entry WHERE number = :number";

const UPDATE: &str = "-- entry::update
    UPDATE case_entry SET version = :version, changed_by = :by, changed_at = :now, person_id = :person, due_at = :due_at,
        done_at = :done_at
    WHERE number = :number AND id = :id AND version = :version - 1";

const HAS_FILE: &str = "-- entry::has_file
    SELECT 1 FROM evidence JOIN case_report ON case_report.report_id = evidence.report_id
    WHERE case_report.number = :number AND evidence.report_id = :report AND file_id = :file";

const NEXT_EVENT: &str = "-- entry::next_event
    SELECT COUNT(*) + 1 FROM case_custody WHERE number = :number AND entry_id = :id";

const INSERT_EVENT: &str = "-- entry::insert_event
    INSERT INTO case_custody (number, entry_id, position, kind, happened_at, recorded_by, recorded_at, sealed_words)
    VALUES (:number, :id, :position, :kind, :happened_at, :by, :now, :sealed_words)";

const CUSTODY: &str = "-- entry::custody
    SELECT entry_id, position, kind, happened_at, recorded_by, recorded_at, sealed_words FROM case_custody
    WHERE number = :number ORDER BY entry_id, position LIMIT :most";

/// Entries of one case.
pub const MOST_ENTRIES: u32 = 5_000;

/// The words of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EntryWords {
    /// What it is called: a task, a name, a label on an exhibit. A note may have none.
    pub title: String,
    /// What is to be said of it.
    pub text: String,
}

/// What is set on an entry beside its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Whose task it is.
    pub person: Option<PersonId>,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// That it is done.
    pub done: bool,
    /// That it holds criminal justice information. A label that is there stays, whatever this says.
    pub cji: bool,
}

/// An entry that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Which kind.
    pub kind: EntryKind,
    /// Its words.
    pub words: EntryWords,
    /// Of a task: whose, until when.
    pub terms: Terms,
    /// Of an exhibit: the file of a report of the case.
    pub file: Option<(ReportId, FileId)>,
}

/// What stands in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name within the case.
    pub id: String,
    /// Which kind.
    pub kind: EntryKind,
    /// Its words.
    pub words: EntryWords,
    /// Counts its versions.
    pub version: u32,
    /// Who wrote it first, as the ledger writes them.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
    /// Whose task it is.
    pub person: Option<PersonId>,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// The file that it is.
    pub file: Option<(ReportId, FileId)>,
    /// Since when it is labelled as criminal justice information.
    pub cji_at: Option<Timestamp>,
}

/// Something that happened to an exhibit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custody {
    /// The exhibit.
    pub entry: String,
    /// Counts from 1.
    pub position: u32,
    /// What.
    pub kind: CustodyKind,
    /// When it happened.
    pub happened_at: Timestamp,
    /// Who recorded it, as the ledger writes them.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Timestamp,
    /// By whom, to whom, where, why.
    pub words: String,
}

/// Writes an entry.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach, [`Refusal::NotAllowed`] for whoever may only read, [`Refusal::Closed`],
/// [`Refusal::Unfit`] for words that are missing or too long, [`Refusal::FileNotFound`] for a file of no report of the case.
pub fn write(act: &Act<'_>, keeper: &Keeper, number: CaseId, new: &NewEntry) -> Result<String> {
    keeper.write(act, number, MemberLevel::Works)?;
    check(new.kind, &new.words)?;
    if act.tx().get::<u32>(COUNT, &bind! { number: number.get() })? >= MOST_ENTRIES {
        return Err(Refusal::Unfit { what: "number of entries" }.into());
    }
    if let Some((report, file)) = &new.file {
        let asked = bind! { number: number.get(), report: report.get(), file: file.as_str() };
        act.tx().find::<i64>(HAS_FILE, &asked)?.ok_or(Refusal::FileNotFound)?;
    }
    let id = seal::hex(&act.chance::<8>()?);
    let file = new.file.as_ref().filter(|_| new.kind == EntryKind::Exhibit);
    let row = bind! {
        number: number.get(), id: &id, kind: new.kind.as_str(), by: act.actor().text(),
        now: column::micros(act.now()), person: new.terms.person.as_ref().map(Id::as_str),
        due_at: new.terms.due_at.map(column::micros), report: file.map(|(report, _)| report.get()),
        file: file.map(|(_, file)| file.as_str()),
    };
    act.tx().execute(INSERT, &row)?;
    if new.terms.cji {
        cji::label(act, number, &id)?;
    }
    let details = json!({ "entry": id, "kind": new.kind, "version": 1 });
    let details = text::put(act, (number, &id), 1, &new.words, details)?;
    note(act, EventKind::CaseEntryWritten, number, details)?;
    Ok(id)
}

/// Writes an entry anew, as somebody saw it. The earlier words stay.
///
/// # Errors
/// As [`write()`]; [`Refusal::Conflict`] when somebody else wrote it since.
pub fn rewrite(
    act: &Act<'_>,
    keeper: &Keeper,
    (number, id, version): (CaseId, &str, u32),
    words: &EntryWords,
    terms: &Terms,
) -> Result<()> {
    keeper.write(act, number, MemberLevel::Works)?;
    let found = bare(act, number, id)?;
    check(found.kind, words)?;
    let done_at = terms.done.then(|| found.done_at.unwrap_or(act.now()));
    let row = bind! {
        number: number.get(), id, version: version + 1, by: act.actor().text(), now: column::micros(act.now()),
        person: terms.person.as_ref().map(Id::as_str), due_at: terms.due_at.map(column::micros),
        done_at: done_at.map(column::micros),
    };
    if act.tx().execute(UPDATE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    if terms.cji {
        cji::label(act, number, id)?;
    }
    let details = json!({ "entry": id, "kind": found.kind, "version": version + 1, "done": terms.done });
    let details = text::put(act, (number, id), version + 1, words, details)?;
    note(act, EventKind::CaseEntryWritten, number, details)
}

/// One entry as it is now.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach and for no such entry.
pub fn get(view: &View<'_>, keeper: &Keeper, number: CaseId, id: &str) -> Result<Entry> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let found = opened(view, number, vec![bare(view, number, id)?])?;
    Ok(found.into_iter().next().ok_or(Refusal::NotFound)?)
}

/// The words of an entry as they were in an earlier version.
///
/// # Errors
/// As [`get`].
pub fn earlier(
    view: &View<'_>,
    keeper: &Keeper,
    (number, id, version): (CaseId, &str, u32),
) -> Result<EntryWords> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    text::get(view, (number, id), version)
}

/// Everything that stands in a case, in the order in which it was written.
///
/// # Errors
/// As [`get`].
pub fn of_case(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<Vec<Entry>> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let rows: Vec<Entry> = view.tx().rows(OF_CASE, &bind! { number: number.get(), most: MOST_ENTRIES })?;
    opened(view, number, rows)
}

/// Records what happened to an exhibit.
///
/// # Errors
/// As [`write()`]; [`Refusal::Unfit`] for an entry that is no exhibit and for what is yet to happen.
pub fn record(
    act: &Act<'_>,
    keeper: &Keeper,
    (number, id): (CaseId, &str),
    (kind, happened_at): (CustodyKind, Timestamp),
    words: &str,
) -> Result<()> {
    keeper.write(act, number, MemberLevel::Works)?;
    let letters = words.trim().chars().count();
    let fits = bare(act, number, id)?.kind == EntryKind::Exhibit
        && happened_at <= act.now()
        && (1..=MOST_LETTERS).contains(&letters);
    fits.then_some(()).ok_or(Refusal::Unfit { what: "custody event" })?;
    let asked = bind! { number: number.get(), id };
    let position: u32 = act.tx().get(NEXT_EVENT, &asked)?;
    let cell_row = format!("{id}/{position}");
    let row = asked
        .with("position", position)
        .with("kind", kind.as_str())
        .with("happened_at", column::micros(happened_at))
        .with("by", act.actor().text())
        .with("now", column::micros(act.now()))
        .with("sealed_words", sealed::json(act, cell(number, &cell_row), words.trim())?);
    act.tx().execute(INSERT_EVENT, &row)?;
    let details = json!({ "entry": id, "kind": kind, "position": position });
    note(act, EventKind::CustodyRecorded, number, details)
}

/// What happened to the exhibits of a case, exhibit by exhibit.
///
/// # Errors
/// As [`get`].
pub fn custody(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<Vec<Custody>> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let rows: Vec<Sealed> = view.tx().rows(CUSTODY, &bind! { number: number.get(), most: MOST_ENTRIES })?;
    let opened = rows.into_iter().map(|Sealed(event, sealed)| {
        let row = format!("{}/{}", event.entry, event.position);
        Ok(Custody { words: sealed::open_json(view, cell(number, &row), &sealed)?, ..event })
    });
    opened.collect()
}

fn check(kind: EntryKind, words: &EntryWords) -> Result<()> {
    let (title, text) = (words.title.trim().chars().count(), words.text.trim().chars().count());
    let said = if kind == EntryKind::Note { text } else { title };
    let fits = said > 0 && title <= MOST_TITLE_LETTERS && text <= MOST_LETTERS;
    if fits { Ok(()) } else { Err(Refusal::Unfit { what: "text" }.into()) }
}

fn bare(view: &View<'_>, number: CaseId, id: &str) -> Result<Entry> {
    Ok(view.tx().find(GET, &bind! { number: number.get(), id })?.ok_or(Refusal::NotFound)?)
}

fn opened(view: &View<'_>, number: CaseId, bare: Vec<Entry>) -> Result<Vec<Entry>> {
    let asked: Vec<_> = bare.iter().map(|entry| ((number, entry.id.as_str()), entry.version)).collect();
    let words = text::get_all(view, &asked)?;
    Ok(bare.into_iter().zip(words).map(|(entry, words)| Entry { words, ..entry }).collect())
}

fn cell(number: CaseId, row: &str) -> Cell<'_> {
    Cell { report: number.key(), table: "case_custody", row, column: "sealed_words" }
}

impl FromRow for Entry {
    /// Without its words.
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let report: Option<u64> = row.get("report_id")?;
        let report = report.and_then(|number| number.try_into().ok());
        Ok(Self {
            id: row.get("id")?,
            kind: column::parsed(row, "kind")?,
            words: EntryWords::default(),
            version: row.get("version")?,
            written_by: row.get("written_by")?,
            written_at: column::moment(row, "written_at")?,
            changed_by: row.get("changed_by")?,
            changed_at: column::moment(row, "changed_at")?,
            person: column::parsed_option(row, "person_id")?,
            due_at: column::moment_option(row, "due_at")?,
            done_at: column::moment_option(row, "done_at")?,
            file: report.zip(column::parsed_option(row, "file_id")?),
            cji_at: column::moment_option(row, "labelled_at")?,
        })
    }
}

struct Sealed(Custody, Vec<u8>);

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let event = Custody {
            entry: row.get("entry_id")?,
            position: row.get("position")?,
            kind: column::parsed(row, "kind")?,
            happened_at: column::moment(row, "happened_at")?,
            recorded_by: row.get("recorded_by")?,
            recorded_at: column::moment(row, "recorded_at")?,
            words: String::new(),
        };
        Ok(Self(event, row.get("sealed_words")?))
    }
}
