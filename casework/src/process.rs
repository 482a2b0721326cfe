//! Legal process of a case. A warrant, a consent and exigent circumstances open exactly the files that they name, through
//! the grounds of `store`, which are recorded in the same act; a subpoena opens none.

use std::collections::BTreeMap;

use database::{FromRow, Row, bind};
use domain::{CaseId, FileId, GroundId, Id, MemberLevel, ProcessKind, ReportId};
use house::sealed::{self, Cell};
use jiff::Timestamp;
use policy::Permit;
use policy::ground::{Dates, State, Words, state};
use policy::permit::{ConfirmGround, RecordGround};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::ground::{self, NewGround};

use crate::casefile::{MOST_LETTERS, note};
use crate::keeper::Keeper;
use crate::{Act, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- process::insert
    INSERT INTO case_process (number, id, kind, recorded_by, recorded_at, from_at, until_at, sealed_words)
    VALUES (:number, :id, :kind, :by, :now, :from_at, :until_at, :sealed_words)";

const INSERT_GROUND: &str = "-- process::insert_ground
    INSERT INTO case_process_ground (number, process_id, ground_id) VALUES (:number, :id, :ground)";

const IN_CASE: &str = "-- process::in_case
    SELECT 1 FROM case_report WHERE number = :number AND report_id = :report";

const OF_CASE: &str = "-- process::of_case
    SELECT id, kind, recorded_by, recorded_at, from_at, until_at, revoked_at, sealed_words,
        (SELECT MAX(ground.seconded_at) FROM ground
            JOIN case_process_ground AS named ON named.ground_id = ground.id
            WHERE named.number = case_process.number AND named.process_id = case_process.id) AS seconded_at,
        (SELECT CASE WHEN COUNT(*) = COUNT(ground.revoked_at) THEN MAX(ground.revoked_at) ELSE NULL END FROM ground
            JOIN case_process_ground AS named ON named.ground_id = ground.id
            WHERE named.number = case_process.number AND named.process_id = case_process.id) AS all_revoked_at
    FROM case_process WHERE number = :number ORDER BY recorded_at, id LIMIT :most";

const GROUNDS: &str = "-- process::grounds
    SELECT ground_id, revoked_at, seconded_at FROM case_process_ground JOIN ground ON ground.id = ground_id
    WHERE number = :number AND process_id = :id ORDER BY ground_id";

const FILES: &str = "-- process::files
    SELECT ground_file.report_id, ground_file.file_id, position FROM case_process_ground
    JOIN ground_file ON ground_file.ground_id = case_process_ground.ground_id
    JOIN evidence ON evidence.report_id = ground_file.report_id AND evidence.file_id = ground_file.file_id
    WHERE number = :number AND process_id = :id ORDER BY ground_file.report_id, position LIMIT :most";

const FILES_AT: &str = "-- process::files_at
    SELECT file_id FROM evidence WHERE report_id = :report AND position BETWEEN :first AND :last
    ORDER BY position LIMIT :most";

const REVOKE: &str = "-- process::revoke
    UPDATE case_process SET revoked_by = :by, revoked_at = :now
    WHERE number = :number AND id = :id AND revoked_at IS NULL";

/// Processes of one case.
const MOST_PROCESSES: u32 = 1_000;
/// Files that one process names.
const MOST_FILES: usize = policy::ground::MOST_FILES;

/// What a process is, in the words of whoever recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "process", rename_all = "lowercase")]
pub enum ProcessWords {
    /// It opens files.
    Opens {
        /// As the ground says it.
        ground: Words,
    },
    /// It demands records.
    Subpoena {
        /// Who issued it.
        issuer: String,
        /// Its number there.
        number: String,
        /// To whom, for what.
        scope: String,
    },
}

/// A process that is to be recorded.
#[derive(Debug, Clone)]
pub struct NewProcess {
    /// What it is.
    pub words: ProcessWords,
    /// When it begins.
    pub from: Timestamp,
    /// When its time is over.
    pub until: Option<Timestamp>,
    /// Digest of the document that shows it.
    pub document_sha256: Option<[u8; 32]>,
    /// The files that it names, each in its report.
    pub files: Vec<(ReportId, FileId)>,
}

/// A process of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// Its name within the case.
    pub id: String,
    /// Which kind.
    pub kind: ProcessKind,
    /// What it is.
    pub words: ProcessWords,
    /// Who recorded it, as the ledger writes them.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Timestamp,
    /// Its moments.
    pub dates: Dates,
    /// The files that it names, each in its report, with its position there.
    pub files: Vec<(ReportId, FileId, u32)>,
}

impl Process {
    /// What has become of it at a moment.
    #[must_use]
    pub fn state(&self, at: Timestamp) -> State {
        state(&self.dates, self.kind == ProcessKind::Exigent, at)
    }
}

impl ProcessWords {
    /// Which kind it is; `None` for a memorandum of counsel, which is none of an agency's.
    #[must_use]
    pub const fn kind(&self) -> Option<ProcessKind> {
        match self {
            Self::Subpoena { .. } => Some(ProcessKind::Subpoena),
            Self::Opens { ground } => match ground {
                Words::Warrant { .. } => Some(ProcessKind::Warrant),
                Words::Consent { .. } => Some(ProcessKind::Consent),
                Words::Exigent { .. } => Some(ProcessKind::Exigent),
                Words::Counsel { .. } => None,
            },
        }
    }

    /// Question and answer, for pages.
    #[must_use]
    pub fn answers(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Opens { ground } => ground.answers(),
            Self::Subpoena { issuer, number, scope } => {
                vec![("Issued by", issuer), ("Number", number), ("For what", scope)]
            }
        }
    }
}

/// Records legal process of a case, and with it the grounds that open the files that it names.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach and for a report that is not in the case, [`Refusal::FileNotFound`],
/// [`Refusal::NotAllowed`], [`Refusal::Closed`], [`Refusal::Unfit`] for what is incomplete.
pub fn record(
    act: &Act<'_>,
    keeper: &Keeper,
    grounds: &Permit<RecordGround>,
    number: CaseId,
    new: &NewProcess,
) -> Result<String> {
    keeper.write(act, number, MemberLevel::Works)?;
    let kind = new.words.kind().ok_or(Refusal::Unfit { what: "kind of process" })?;
    if new.files.len() > MOST_FILES || !fits(&new.words) || new.until.is_some_and(|until| until <= new.from) {
        return Err(Refusal::Unfit { what: "legal process" }.into());
    }
    if kind.opens_files() == new.files.is_empty() {
        return Err(Refusal::Unfit { what: "files that it names" }.into());
    }
    let id = seal::hex(&act.chance::<8>()?);
    let row = bind! {
        number: number.get(), id: &id, kind: kind.as_str(), by: act.actor().text(), now: column::micros(act.now()),
        from_at: column::micros(new.from), until_at: new.until.map(column::micros),
        sealed_words: sealed::json(act, cell(number, &id), &new.words)?,
    };
    act.tx().execute(INSERT, &row)?;
    let opened = open_files(act, grounds, (number, &id), new)?;
    let details = json!({
        "files": new.files.len(), "grounds": opened, "kind": kind, "process": id, "until": new.until,
    });
    note(act, EventKind::ProcessRecorded, number, details)?;
    Ok(id)
}

/// One ground for each report of which it names files.
fn open_files(
    act: &Act<'_>,
    grounds: &Permit<RecordGround>,
    (number, id): (CaseId, &str),
    new: &NewProcess,
) -> Result<Vec<GroundId>> {
    let ProcessWords::Opens { ground: words } = &new.words else { return Ok(Vec::new()) };
    let mut of: BTreeMap<ReportId, Vec<FileId>> = BTreeMap::new();
    for (report, file) in &new.files {
        of.entry(*report).or_default().push(file.clone());
    }
    let mut opened = Vec::new();
    for (report, files) in of {
        let asked = bind! { number: number.get(), report: report.get() };
        act.tx().find::<i64>(IN_CASE, &asked)?.ok_or(Refusal::NotFound)?;
        let ground = NewGround {
            report,
            files,
            words: words.clone(),
            from: new.from,
            until: new.until,
            document_sha256: new.document_sha256,
        };
        let ground = ground::record(act, grounds, &ground)?;
        act.tx().execute(INSERT_GROUND, &bind! { number: number.get(), id, ground: ground.as_str() })?;
        opened.push(ground);
    }
    Ok(opened)
}

/// The commander's yes to exigent circumstances of a case: to each ground of it.
///
/// # Errors
/// As [`record`]; [`Refusal::Unfit`] for whoever recorded it and for what waits for nobody.
pub fn confirm(
    act: &Act<'_>,
    keeper: &Keeper,
    confirms: &Permit<ConfirmGround>,
    (number, id): (CaseId, &str),
) -> Result<()> {
    keeper.write(act, number, MemberLevel::Reads)?;
    let waiting: Vec<Named> = act.tx().rows(GROUNDS, &bind! { number: number.get(), id })?;
    for named in waiting.iter().filter(|named| named.seconded_at.is_none() && named.revoked_at.is_none()) {
        ground::second(act, confirms, &named.ground)?;
    }
    if waiting.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    // The grounds' own events are of their reports.
    note(act, EventKind::CaseChanged, number, json!({ "confirmed": id }))
}

/// Takes a process back with every ground of it: from this moment it opens nothing.
///
/// # Errors
/// As [`record`]; [`Refusal::Conflict`] for one that was taken back already.
pub fn revoke(
    act: &Act<'_>,
    keeper: &Keeper,
    grounds: &Permit<RecordGround>,
    (number, id): (CaseId, &str),
) -> Result<()> {
    // In a closed case too: what must not open files any more must not wait for the case to be opened again.
    keeper.reach(act, number, MemberLevel::Works)?;
    let row = bind! {
        number: number.get(), id, by: act.actor().text(), now: column::micros(act.now()),
    };
    if act.tx().execute(REVOKE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let named: Vec<Named> = act.tx().rows(GROUNDS, &bind! { number: number.get(), id })?;
    for named in named.iter().filter(|named| named.revoked_at.is_none()) {
        ground::revoke(act, grounds, &named.ground)?;
    }
    note(act, EventKind::ProcessRevoked, number, json!({ "process": id }))
}

/// The legal process of a case, whatever has become of it.
///
/// # Errors
/// As [`crate::casefile::get`].
pub fn of_case(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<Vec<Process>> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let rows: Vec<Sealed> = view.tx().rows(OF_CASE, &bind! { number: number.get(), most: MOST_PROCESSES })?;
    rows.into_iter().map(|row| row.opened(view, number)).collect()
}

/// The files of a report of the case at these positions.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach and for a report that is not in the case.
pub fn files_at(
    view: &View<'_>,
    keeper: &Keeper,
    number: CaseId,
    (report, first, last): (ReportId, u32, u32),
) -> Result<Vec<FileId>> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let asked = bind! { number: number.get(), report: report.get() };
    view.tx().find::<i64>(IN_CASE, &asked)?.ok_or(Refusal::NotFound)?;
    let asked = bind! { report: report.get(), first, last, most: MOST_FILES };
    let rows: Vec<File> = view.tx().rows(FILES_AT, &asked)?;
    Ok(rows.into_iter().map(|File(file)| file).collect())
}

fn fits(words: &ProcessWords) -> bool {
    match words {
        // The ground checks its own words.
        ProcessWords::Opens { .. } => true,
        ProcessWords::Subpoena { issuer, number, scope } => [issuer, number, scope]
            .into_iter()
            .all(|said| (1..=MOST_LETTERS).contains(&said.trim().chars().count())),
    }
}

fn cell(number: CaseId, id: &str) -> Cell<'_> {
    Cell { report: number.key(), table: "case_process", row: id, column: "sealed_words" }
}

struct Named {
    ground: GroundId,
    revoked_at: Option<Timestamp>,
    seconded_at: Option<Timestamp>,
}

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            ground: column::parsed(row, "ground_id")?,
            revoked_at: column::moment_option(row, "revoked_at")?,
            seconded_at: column::moment_option(row, "seconded_at")?,
        })
    }
}

struct File(FileId);

impl FromRow for File {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "file_id").map(Self)
    }
}

struct OfReport(ReportId, FileId, u32);

impl FromRow for OfReport {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::report(row, "report_id")?, column::parsed(row, "file_id")?, row.get("position")?))
    }
}

struct Sealed {
    id: String,
    kind: ProcessKind,
    recorded_by: String,
    recorded_at: Timestamp,
    dates: Dates,
    words: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>, number: CaseId) -> Result<Process> {
        let asked = bind! { number: number.get(), id: &self.id, most: MOST_FILES };
        let files: Vec<OfReport> = view.tx().rows(FILES, &asked)?;
        Ok(Process {
            words: sealed::open_json(view, cell(number, &self.id), &self.words)?,
            id: self.id,
            kind: self.kind,
            recorded_by: self.recorded_by,
            recorded_at: self.recorded_at,
            dates: self.dates,
            files: files
                .into_iter()
                .map(|OfReport(report, file, position)| (report, file, position))
                .collect(),
        })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            kind: column::parsed(row, "kind")?,
            recorded_by: row.get("recorded_by")?,
            recorded_at: column::moment(row, "recorded_at")?,
            dates: Dates {
                from: column::moment(row, "from_at")?,
                until: column::moment_option(row, "until_at")?,
                seconded_at: column::moment_option(row, "seconded_at")?,
                // Whoever takes every ground of it back on the pages of its files has taken it back.
                revoked_at: column::moment_option(row, "revoked_at")?
                    .or(column::moment_option(row, "all_revoked_at")?),
            },
            words: row.get("sealed_words")?,
        })
    }
}
