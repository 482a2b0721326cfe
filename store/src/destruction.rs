//! Destructions: which files must go, on which ground, who agreed, and how far that has come. Every step is one act, so a
//! job that is killed anywhere goes on from its rows.
//!
//! `asked → (conflict) → accepted → dropped → dead → proved → certified`, or `refused` instead of accepted. From the
//! asking on nobody reads the files; another agency that held one before still does, until two people have agreed. A job
//! that is proved waits for every vendor that held something of it.

use database::{FromRow, Row, bind};
use domain::{
    AgencyId, ApprovalKind, DestructionCode, DestructionId, FileId, Id, Month, PersonId, Private, ReportId,
};
use house::words as words_of_acts;
use jiff::{SignedDuration, Timestamp};
use register::approval::Approved;
use seal::Place;
use serde_json::json;

use crate::{
    Act, BlobKind, BlobRef, Event, EventKind, Fault, Location, Refusal, Result, View, column, hold,
    tombstone::{self, Tombstone},
};

mod gone;
mod job;
pub mod vendors;
mod whole;
mod words;

pub use gone::{of_files, report_gone};
pub use job::{Step, Witness, certified, control, dead, drop_some, next, proved, witnesses};
pub use whole::{DueReport, Whole, due as due_reports, wholes};
pub use words::{DueWords, Words, due as due_words, keys_left, of as words_of};

const FIND_FILE: &str = "-- destruction::find_file
    SELECT report_id, file_id, sha256, size_bytes, location FROM evidence
    WHERE report_id = :report AND file_id = :file AND (:agency = '' OR EXISTS (
        SELECT 1 FROM delivery WHERE delivery.report_id = evidence.report_id AND delivery.agency_id = :agency))";

const COPIES: &str = "-- destruction::copies
    SELECT report_id, file_id, sha256, size_bytes, location FROM evidence
    WHERE sha256 = :sha256 AND location IS NOT NULL ORDER BY report_id, file_id LIMIT :most";

const INSERT: &str = "-- destruction::insert
    INSERT INTO destruction (id, basis, agency_id, asked_by, asked_at, sealed_reason)
    VALUES (:id, :basis, :agency, :asked_by, :now, :sealed_reason) ON CONFLICT (id) DO NOTHING";

const INSERT_ITEM: &str = "-- destruction::insert_item
    INSERT INTO destruction_item (destruction_id, report_id, file_id, origin, sha256, size_bytes, location)
    VALUES (:id, :report, :file, :origin, :sha256, :size_bytes, :location)
    ON CONFLICT (destruction_id, report_id, file_id) DO NOTHING";

const ITEMS: &str = "-- destruction::items
    SELECT report_id, file_id, origin, sha256, size_bytes, location, dropped_at, keys FROM destruction_item
    WHERE destruction_id = :id ORDER BY report_id, file_id";

const FIND: &str = "-- destruction::find
    SELECT id, basis, agency_id, asked_by, asked_at, sealed_reason, conflict_at, refused_at, accepted_at, approval_id,
        accepted_by, seconded_by, due_at, dropped_at, epoch, dead_at, proved_at, proof, certified_at, certificate
    FROM destruction WHERE id = :id";

const WAITING: &str = "-- destruction::waiting
    SELECT id, basis, agency_id, asked_by, asked_at, sealed_reason, conflict_at, refused_at, accepted_at, approval_id,
        accepted_by, seconded_by, due_at, dropped_at, epoch, dead_at, proved_at, proof, certified_at, certificate
    FROM destruction WHERE accepted_at IS NULL AND refused_at IS NULL ORDER BY asked_at, id LIMIT :most";

const RECENT: &str = "-- destruction::recent
    SELECT id, basis, agency_id, asked_by, asked_at, sealed_reason, conflict_at, refused_at, accepted_at, approval_id,
        accepted_by, seconded_by, due_at, dropped_at, epoch, dead_at, proved_at, proof, certified_at, certificate
    FROM destruction ORDER BY asked_at DESC, id LIMIT :most";

const OF_REPORT: &str = "-- destruction::of_report
    SELECT DISTINCT destruction_id FROM destruction_item WHERE report_id = :report ORDER BY destruction_id LIMIT :most";

const LOCK: &str = "-- destruction::lock
    SELECT id FROM destruction WHERE id = :id AND accepted_at IS NULL AND refused_at IS NULL {for_update}";

const ACCEPT: &str = "-- destruction::accept
    UPDATE destruction SET accepted_at = :now, due_at = :due_at, approval_id = :approval, accepted_by = :first,
        seconded_by = :second, conflict_at = NULL
    WHERE id = :id";

const REFUSE: &str = "-- destruction::refuse
    UPDATE destruction SET refused_at = :now WHERE id = :id";

const DISPUTE: &str = "-- destruction::dispute
    UPDATE destruction SET conflict_at = :conflict_at WHERE id = :id";

const LATE: &str = "-- destruction::late
    SELECT COUNT(*) AS open, COALESCE(MIN(accepted_at), 0) AS oldest FROM destruction
    WHERE accepted_at IS NOT NULL AND certified_at IS NULL";

/// Files that one notification names.
pub const MOST_ITEMS: usize = 10_000;
/// Other copies of the same bytes that go with one file.
const MOST_COPIES: u32 = 1_000;
/// Letters of a reason.
const MOST_LETTERS: usize = 2_000;

/// A destruction that is about to be asked for.
#[derive(Debug, Clone)]
pub struct NewDestruction {
    /// Its id.
    pub id: DestructionId,
    /// On which ground.
    pub basis: DestructionCode,
    /// The agency that notifies us; it names only what was made available to it.
    pub agency: Option<AgencyId>,
    /// Why, in words.
    pub reason: Private<String>,
    /// The files, one by one.
    pub files: Vec<(ReportId, FileId)>,
}

/// How a destruction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Asked for: reads are blocked, and two people have to agree.
    Asked,
    /// Another agency or counsel holds what was named: people must settle it first.
    Conflict,
    /// It does not happen.
    Refused,
    /// Two people agreed; keys are being dropped.
    Accepted,
    /// Every key is dropped in the live store; the epoch must end, so that backups die too.
    Dropped,
    /// The epoch is dead; what is left is to try in vain.
    Dead,
    /// Every attempt to open failed, and the control opened; vendors that held something may still owe their word.
    Proved,
    /// The certificate is signed.
    Certified,
}

impl State {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Dropped => "dropped",
            Self::Dead => "dead",
            Self::Proved => "proved",
            Self::Certified => "certified",
        }
    }
}

/// Who agreed, when, and by when it must be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// When.
    pub at: Timestamp,
    /// Their agreement.
    pub approval: String,
    /// The one who asked for it.
    pub first: PersonId,
    /// The one who agreed.
    pub second: PersonId,
    /// By when every step must be done.
    pub due_at: Timestamp,
}

/// A destruction.
#[derive(Debug, Clone, PartialEq)]
pub struct Destruction {
    /// Its id.
    pub id: DestructionId,
    /// On which ground.
    pub basis: DestructionCode,
    /// The agency that notified us.
    pub agency: Option<AgencyId>,
    /// Who asked, as the ledger writes it.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// Why, in words.
    pub reason: Private<String>,
    /// Since when somebody else's hold is in its way.
    pub conflict_at: Option<Timestamp>,
    /// When it was refused.
    pub refused_at: Option<Timestamp>,
    /// Who agreed.
    pub accepted: Option<Accepted>,
    /// When the last key was dropped.
    pub dropped_at: Option<Timestamp>,
    /// The newest epoch at that moment.
    pub epoch: Option<u32>,
    /// When that epoch was found dead.
    pub dead_at: Option<Timestamp>,
    /// When every attempt had failed.
    pub proved_at: Option<Timestamp>,
    /// What was tried, as JSON.
    pub proof: Option<String>,
    /// When the certificate was signed.
    pub certified_at: Option<Timestamp>,
    /// The signed certificate.
    pub certificate: Option<String>,
}

impl Destruction {
    /// How it stands.
    #[must_use]
    pub const fn state(&self) -> State {
        if self.certified_at.is_some() {
            State::Certified
        } else if self.proved_at.is_some() {
            State::Proved
        } else if self.dead_at.is_some() {
            State::Dead
        } else if self.dropped_at.is_some() {
            State::Dropped
        } else if self.accepted.is_some() {
            State::Accepted
        } else if self.refused_at.is_some() {
            State::Refused
        } else if self.conflict_at.is_some() {
            State::Conflict
        } else {
            State::Asked
        }
    }
}

/// One file of a destruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its report.
    pub report: ReportId,
    /// The file.
    pub file: FileId,
    /// Named by whoever asked; otherwise another copy of the same bytes.
    pub named: bool,
    /// What it is known by, before and after.
    pub sha256: [u8; 32],
    /// Its length.
    pub size_bytes: u64,
    /// Where its sealed bytes lay; `None` when they were never kept.
    pub location: Option<Location>,
    /// When its keys were dropped.
    pub dropped_at: Option<Timestamp>,
    /// How many keys that were.
    pub keys: Option<u64>,
}

/// Asks for the destruction of files and of every other copy of their bytes, and blocks every read of them at once.
/// Answers how many files that are, and whether others hold one of them.
///
/// # Errors
/// [`Refusal::FileNotFound`] for a file that the agency does not have, [`Refusal::Unfit`] without a reason, without files or
/// with too many.
pub fn ask(act: &Act<'_>, new: &NewDestruction) -> Result<(u64, State)> {
    ask_with(act, new, (&[], &[]))
}

/// Asks for a purge: files, whole reports of which no byte is left, and months of words about the house's own acts.
///
/// # Errors
/// As [`ask`]; [`Refusal::Unfit`] for a report that is still on its way, for a month without words or one that is not over,
/// and on any other ground than the schedule; [`Refusal::Conflict`] for a month of which something is still in force.
pub fn ask_purge(
    act: &Act<'_>,
    new: &NewDestruction,
    (reports, months): (&[ReportId], &[Month]),
) -> Result<(u64, State)> {
    match new.basis == DestructionCode::Retention {
        true => ask_with(act, new, (reports, months)),
        false => Err(Refusal::Unfit { what: "ground" }.into()),
    }
}

fn ask_with(
    act: &Act<'_>,
    new: &NewDestruction,
    (reports, months): (&[ReportId], &[Month]),
) -> Result<(u64, State)> {
    let NewDestruction { id, basis, agency, reason, files } = new;
    let letters = reason.reveal().trim().chars().count();
    if letters == 0 || letters > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "reason" }.into());
    }
    let named = files.len() + reports.len() + months.len();
    if named == 0 || named > MOST_ITEMS {
        return Err(Refusal::Unfit { what: "number of files" }.into());
    }
    let sealed_reason = words_of_acts::seal(act, &at(id), reason.reveal().trim().as_bytes())?;
    let agency_id = agency.as_ref().map(AgencyId::as_str);
    let row = bind! {
        id: id.as_str(), basis: basis.as_str(), agency: agency_id, asked_by: act.actor().text(),
        now: column::micros(act.now()), sealed_reason,
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    for (report, file) in files {
        name(act, new, *report, file)?;
    }
    whole::name(act, id, reports)?;
    words::name(act, id, months)?;
    let items = items(act, id)?;
    for item in &items {
        let (report, file, destruction) = (item.report, &item.file, id.as_str());
        tombstone::put(act, Tombstone { report, file, destruction, agency: agency.as_ref() })?;
    }
    let files: Vec<_> = items.iter().map(|item| json!([item.report, item.file])).collect();
    let told = json!({
        "destruction": id, "basis": basis.as_str(), "agency": agency_id, "files": files, "reports": reports, "months": months,
    });
    act.note(Event::of_house(EventKind::DestructionAsked).with(told))?;
    let state = settle(act, id)?;
    Ok((items.len() as u64, state))
}

/// One named file, and every other copy of its bytes.
fn name(act: &Act<'_>, new: &NewDestruction, report: ReportId, file: &FileId) -> Result<()> {
    let agency = new.agency.as_ref().map_or("", AgencyId::as_str);
    let asked = bind! { report: report.get(), file: file.as_str(), agency };
    let named: Found = act.tx().find(FIND_FILE, &asked)?.ok_or(Refusal::FileNotFound)?;
    insert(act, &new.id, &named.0, "named")?;
    // By the schedule each file goes in its own time, whatever other copies there are.
    if new.basis == DestructionCode::Retention {
        return Ok(());
    }
    let copies = act.tx().rows::<Found>(COPIES, &bind! { sha256: named.0.sha256, most: MOST_COPIES + 1 })?;
    if copies.len() > MOST_COPIES as usize {
        return Err(Refusal::Unfit { what: "number of copies" }.into());
    }
    // The first row of a file counts, so that one that was named stays named.
    let is_named =
        |copy: &Item| new.files.iter().any(|(report, file)| *report == copy.report && *file == copy.file);
    copies.iter().filter(|copy| !is_named(&copy.0)).try_for_each(|copy| insert(act, &new.id, &copy.0, "copy"))
}

fn insert(act: &Act<'_>, id: &DestructionId, item: &Item, origin: &str) -> Result<()> {
    let row = bind! {
        id: id.as_str(), report: item.report.get(), file: item.file.as_str(), origin, sha256: item.sha256,
        size_bytes: item.size_bytes, location: item.location.as_ref(),
    };
    act.tx().execute(INSERT_ITEM, &row)?;
    Ok(())
}

/// Who else holds what a destruction names: whose hold, on which report and file. A pointer, without the reason.
///
/// # Errors
/// A fault of the database.
pub fn holders(view: &View<'_>, id: &DestructionId) -> Result<Vec<(hold::Owner, ReportId, Option<FileId>)>> {
    let own = find(view, id)?.ok_or(Refusal::NotFound)?.agency.map(hold::Owner::Agency);
    let mut found = Vec::new();
    let items = items(view, id)?;
    for of_report in items.chunk_by(|one, next| one.report == next.report) {
        let holds = hold::of_report(view, of_report[0].report)?;
        for item in of_report {
            let others = holds
                .iter()
                .filter(|hold| hold.keeps(item.report, &item.file) && Some(&hold.owner) != own.as_ref());
            found.extend(others.map(|hold| (hold.owner.clone(), item.report, Some(item.file.clone()))));
        }
    }
    for whole in wholes(view, id)? {
        // Whatever is held of a report holds all of it.
        let holds = hold::of_report(view, whole.report)?;
        found.extend(holds.into_iter().map(|hold| (hold.owner, hold.report, hold.file)));
    }
    Ok(found)
}

/// Sees anew whether somebody else's hold is in the way of a destruction that nobody decided yet.
///
/// # Errors
/// [`Refusal::Conflict`] when it was decided.
pub fn settle(act: &Act<'_>, id: &DestructionId) -> Result<State> {
    let known = undecided(act, id)?;
    let conflict = !holders(act, id)?.is_empty();
    if conflict != known.conflict_at.is_some() {
        let conflict_at = conflict.then(|| column::micros(act.now()));
        act.tx().execute(DISPUTE, &bind! { id: id.as_str(), conflict_at })?;
        let kind = if conflict { EventKind::DestructionDisputed } else { EventKind::DestructionSettled };
        act.note(Event::of_house(kind).with(json!({ "destruction": id })))?;
    }
    Ok(if conflict { State::Conflict } else { State::Asked })
}

/// Two people agreed: from now on nobody reads the files at all, and the job begins.
///
/// # Errors
/// [`Refusal::NotFound`] when they agreed to something else, [`Refusal::Conflict`] while somebody else holds one of the
/// files, or when it was decided before.
pub fn accept(act: &Act<'_>, two: &Approved, within: SignedDuration) -> Result<()> {
    let id = &DestructionId::parse(two.subject()).map_err(|_| Refusal::NotFound)?;
    let job = undecided(act, id)?;
    if two.kind() != agreed_by(job.basis) {
        return Err(Refusal::NotFound.into());
    }
    if !holders(act, id)?.is_empty() {
        return Err(Refusal::Conflict.into());
    }
    let due_at = act.now().checked_add(within).map_err(|_| Refusal::Unfit { what: "deadline" })?;
    let (approval, (first, _), (second, _)) = (two.id(), two.asked(), two.approved());
    let row = bind! {
        id: id.as_str(), now: column::micros(act.now()), due_at: column::micros(due_at), approval: approval.as_str(),
        first: first.as_str(), second: second.as_str(),
    };
    act.tx().execute(ACCEPT, &row)?;
    tombstone::close(act, id.as_str())?;
    let told = json!({
        "destruction": id, "approval": approval, "approvers": [first, second], "due_at": column::micros(due_at),
    });
    act.note(Event::of_house(EventKind::DestructionAccepted).with(told))?;
    vendors::ask(act, id)?;
    act.wake_workers();
    Ok(())
}

/// Two people decided that it does not happen: the files may be read again.
///
/// # Errors
/// [`Refusal::Conflict`] when it was decided before.
pub fn refuse(act: &Act<'_>, id: &DestructionId) -> Result<()> {
    undecided(act, id)?;
    act.tx().execute(REFUSE, &bind! { id: id.as_str(), now: column::micros(act.now()) })?;
    tombstone::lift(act, id.as_str())?;
    act.note(Event::of_house(EventKind::DestructionRefused).with(json!({ "destruction": id })))?;
    Ok(())
}

fn undecided(act: &Act<'_>, id: &DestructionId) -> Result<Destruction> {
    if act.tx().find::<String>(LOCK, &bind! { id: id.as_str() })?.is_none() {
        return Err(Refusal::Conflict.into());
    }
    Ok(find(act, id)?.ok_or(Refusal::NotFound)?)
}

/// A destruction by its id.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, id: &DestructionId) -> Result<Option<Destruction>> {
    let row: Option<Sealed> = view.tx().find(FIND, &bind! { id: id.as_str() })?;
    row.map(|row| row.opened(view)).transpose()
}

/// Its files.
///
/// # Errors
/// A fault of the database.
pub fn items(view: &View<'_>, id: &DestructionId) -> Result<Vec<Item>> {
    Ok(view.tx().rows(ITEMS, &bind! { id: id.as_str() })?)
}

/// The ones that nobody decided yet, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &View<'_>, most: u32) -> Result<Vec<Destruction>> {
    opened(view, view.tx().rows(WAITING, &bind! { most })?)
}

/// All, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn recent(view: &View<'_>, most: u32) -> Result<Vec<Destruction>> {
    opened(view, view.tx().rows(RECENT, &bind! { most })?)
}

/// The ones that name a file of a report.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, report: ReportId, most: u32) -> Result<Vec<Destruction>> {
    let ids: Vec<String> = view.tx().rows(OF_REPORT, &bind! { report: report.get(), most })?;
    let one = |id: String| {
        let id = DestructionId::parse(&id).map_err(|_| Fault::Row { what: "destruction id" })?;
        Ok(find(view, &id)?.ok_or(Fault::Row { what: "destruction" })?)
    };
    ids.into_iter().map(one).collect()
}

/// How many are accepted and not done, and when the oldest of them was accepted: the alarm looks at that.
///
/// # Errors
/// A fault of the database.
pub fn backlog(view: &View<'_>) -> Result<(u64, Option<Timestamp>)> {
    let (open, oldest): (u64, i64) = view.tx().get(LATE, &bind! {})?;
    let oldest = Timestamp::from_microsecond(oldest).map_err(|_| Fault::Row { what: "moment" })?;
    Ok((open, (open > 0).then_some(oldest)))
}

/// What two people must agree on before something is destroyed on this ground.
#[must_use]
pub const fn agreed_by(basis: DestructionCode) -> ApprovalKind {
    match basis {
        DestructionCode::Retention => ApprovalKind::Purge,
        _ => ApprovalKind::Destroy,
    }
}

fn opened(view: &View<'_>, rows: Vec<Sealed>) -> Result<Vec<Destruction>> {
    rows.into_iter().map(|row| row.opened(view)).collect()
}

fn at(id: &DestructionId) -> Place<'_> {
    Place { table: "destruction", row: id.as_str().as_bytes(), column: "sealed_reason" }
}

struct Sealed {
    destruction: Destruction,
    sealed_reason: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Destruction> {
        let reason = words_of_acts::open_text(view, &at(&self.destruction.id), &self.sealed_reason)?;
        Ok(Destruction { reason, ..self.destruction })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let accepted = match column::moment_option(row, "accepted_at")? {
            None => None,
            Some(at) => Some(Accepted {
                at,
                approval: row.get("approval_id")?,
                first: column::parsed(row, "accepted_by")?,
                second: column::parsed(row, "seconded_by")?,
                due_at: column::moment(row, "due_at")?,
            }),
        };
        let destruction = Destruction {
            id: column::parsed(row, "id")?,
            basis: column::parsed(row, "basis")?,
            agency: column::parsed_option(row, "agency_id")?,
            asked_by: row.get("asked_by")?,
            asked_at: column::moment(row, "asked_at")?,
            reason: Private::new(String::new()),
            conflict_at: column::moment_option(row, "conflict_at")?,
            refused_at: column::moment_option(row, "refused_at")?,
            accepted,
            dropped_at: column::moment_option(row, "dropped_at")?,
            epoch: row.get("epoch")?,
            dead_at: column::moment_option(row, "dead_at")?,
            proved_at: column::moment_option(row, "proved_at")?,
            proof: row.get("proof")?,
            certified_at: column::moment_option(row, "certified_at")?,
            certificate: row.get("certificate")?,
        };
        Ok(Self { destruction, sealed_reason: row.get("sealed_reason")? })
    }
}

/// A file as evidence has it.
struct Found(Item);

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(Item {
            report: column::report(row, "report_id")?,
            file: column::parsed(row, "file_id")?,
            named: true,
            sha256: row.get("sha256")?,
            size_bytes: row.get("size_bytes")?,
            location: row.get("location")?,
            dropped_at: None,
            keys: None,
        }))
    }
}

impl Item {
    /// Where the file lay, when its bytes had been kept.
    #[must_use]
    pub fn blob(&self) -> Option<BlobRef> {
        let location = self.location.clone()?;
        let (file, size_bytes) = (self.file.clone(), self.size_bytes);
        Some(BlobRef { kind: BlobKind::Evidence, file, location, size_bytes })
    }
}

impl FromRow for Item {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let Found(item) = Found::from_row(row)?;
        Ok(Self {
            named: row.get::<String>("origin")? == "named",
            dropped_at: column::moment_option(row, "dropped_at")?,
            keys: row.get("keys")?,
            ..item
        })
    }
}
