//! Grounds on record: a warrant, a consent, exigent circumstances, a memorandum of counsel. Each speaks
//! for one agency and for exactly the files that it names. A ground is taken back by a mark, never by deletion.

use database::{FromRow, Row, bind};
use domain::{Actor, AgencyId, ApprovalKind, FileId, GroundId, Id, PersonId, ReportId, ViewGround};
use jiff::Timestamp;
use policy::ground::{Dates, State, Words, needs_second, state};
use policy::permit::{ConfirmGround, RecordGround};
use policy::{Permit, RecordedGround, Scope};
use register::approval::Approved;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::sealed::{self, Cell};
use crate::{Act, Content, Event, EventKind, Refusal, Result, View, column, reach};

const INSERT: &str = "-- ground::insert
    INSERT INTO ground (id, report_id, agency_id, kind, recorded_by, recorded_at, from_at, until_at,
        document_sha256, sealed_words)
    VALUES (:id, :report, :agency, :kind, :person, :now, :from_at, :until_at, :document, :sealed_words)";

const INSERT_FILE: &str = "-- ground::insert_file
    INSERT INTO ground_file (ground_id, report_id, file_id) VALUES (:id, :report, :file)";

const HAS_FILE: &str = "-- ground::has_file
    SELECT 1 FROM evidence WHERE report_id = :report AND file_id = :file";

const HELD: &str = "-- ground::held
    SELECT 1 FROM delivery WHERE report_id = :report AND agency_id = :agency";

const FINISHED: &str = "-- ground::finished
    SELECT 1 FROM report WHERE id = :report AND finished_at IS NOT NULL";

const RECORDED: &str = "-- ground::recorded
    SELECT id, kind, agency_id, ground.report_id, file_id, from_at, until_at, seconded_at, revoked_at
    FROM ground JOIN ground_file ON ground_file.ground_id = ground.id
    WHERE ground.report_id = :report AND agency_id = :agency ORDER BY recorded_at, id, file_id";

const OF_REPORT: &str = "-- ground::of_report
    SELECT id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, seconded_by, seconded_at, revoked_by,
        revoked_at, document_sha256, sealed_words
    FROM ground WHERE report_id = :report AND agency_id = :agency ORDER BY recorded_at, id";

const OF_COUNSEL: &str = "-- ground::of_counsel
    SELECT id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, seconded_by, seconded_at, revoked_by,
        revoked_at, document_sha256, sealed_words
    FROM ground WHERE report_id = :report AND kind = 'COUNSEL' ORDER BY recorded_at, id";

const FILES: &str = "-- ground::files
    SELECT file_id FROM ground_file WHERE ground_id = :id ORDER BY file_id";

const LOCK: &str = "-- ground::lock
    SELECT id, report_id, kind, recorded_by, from_at, until_at, seconded_at, revoked_at FROM ground
    WHERE id = :id AND agency_id = :agency {for_update}";

const SECOND: &str = "-- ground::second
    UPDATE ground SET seconded_by = :person, seconded_at = :now WHERE id = :id AND seconded_at IS NULL";

const REVOKE: &str = "-- ground::revoke
    UPDATE ground SET revoked_by = :person, revoked_at = :now WHERE id = :id AND revoked_at IS NULL";

/// A ground that is to be recorded.
#[derive(Debug, Clone)]
pub struct NewGround {
    /// The report of its files.
    pub report: ReportId,
    /// The files, each by name.
    pub files: Vec<FileId>,
    /// What it is.
    pub words: Words,
    /// When it begins.
    pub from: Timestamp,
    /// When its time is over.
    pub until: Option<Timestamp>,
    /// Digest of the document that shows it.
    pub document_sha256: Option<[u8; 32]>,
}

/// A memorandum of counsel as two people of the clearinghouse agree on it: the details of an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounselGround {
    /// The report of its files.
    pub report: ReportId,
    /// For which agency it opens them; for the clearinghouse's own people where none is named.
    #[serde(default)]
    pub agency: Option<AgencyId>,
    /// The files, each by name.
    pub files: Vec<FileId>,
    /// Which memorandum.
    pub memo: String,
    /// When its time is over.
    pub until: Option<Timestamp>,
}

/// A ground as its agency sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// Its id.
    pub id: GroundId,
    /// For which agency; `None` for the clearinghouse's own people.
    pub agency: Option<AgencyId>,
    /// Which kind.
    pub kind: ViewGround,
    /// The files that it names.
    pub files: Vec<FileId>,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: Timestamp,
    /// Its moments.
    pub dates: Dates,
    /// Its second person.
    pub seconded_by: Option<PersonId>,
    /// Who took it back.
    pub revoked_by: Option<PersonId>,
    /// Digest of the document that shows it.
    pub document_sha256: Option<[u8; 32]>,
    /// What it is.
    pub words: Words,
}

impl Ground {
    /// What has become of it at a moment.
    #[must_use]
    pub fn state(&self, at: Timestamp) -> State {
        state(&self.dates, needs_second(self.kind), at)
    }
}

/// Records a ground of the permit's agency. Exigent circumstances open nothing yet: [`second`] does.
///
/// # Errors
/// [`Refusal::NotFound`] when the agency does not have the report, [`Refusal::FileNotFound`] for a file of another
/// report, [`Refusal::Unfit`] for what is incomplete and for a memorandum of counsel, which is none of an agency's.
pub fn record(act: &Act<'_>, permit: &Permit<RecordGround>, new: &NewGround) -> Result<GroundId> {
    let (agency, person) = (agency(permit)?, person(permit.actor())?);
    if new.words.kind() == ViewGround::Counsel {
        return Err(Refusal::Unfit { what: "kind of ground" }.into());
    }
    keep(act, Some(agency), person, new)
}

/// Writes a ground and the files that it names.
fn keep(act: &Act<'_>, agency: Option<&AgencyId>, person: &PersonId, new: &NewGround) -> Result<GroundId> {
    let report = new.report.get();
    let held: Option<i64> = match agency {
        Some(agency) => act.tx().find(HELD, &bind! { report, agency: agency.as_str() })?,
        None => act.tx().find(FINISHED, &bind! { report })?,
    };
    held.ok_or(Refusal::NotFound)?;
    let checked = new.words.check(new.files.len(), new.from, new.until, act.now());
    checked.map_err(|_| Refusal::Unfit { what: "ground" })?;
    let id = fresh(act)?;
    let row = bind! {
        id: id.as_str(), report, agency: agency.map_or(reach::HOUSE, Id::as_str), kind: new.words.kind().as_str(), person: person.as_str(),
        now: column::micros(act.now()), from_at: column::micros(new.from),
        until_at: new.until.map(column::micros), document: new.document_sha256,
        sealed_words: sealed::json(act, cell(new.report, &id), &new.words)?,
    };
    act.tx().execute(INSERT, &row)?;
    for file in &new.files {
        let named: Option<i64> = act.tx().find(HAS_FILE, &bind! { report, file: file.as_str() })?;
        named.ok_or(Refusal::FileNotFound)?;
        act.tx().execute(INSERT_FILE, &bind! { id: id.as_str(), report, file: file.as_str() })?;
    }
    let details = json!({
        "agency": agency, "document_sha256": new.document_sha256.map(|digest| seal::hex(&digest)),
        "files": new.files, "from": new.from, "ground": id, "kind": new.words.kind(), "until": new.until,
    });
    act.note(Event::of_report(EventKind::GroundRecorded, new.report).with(details))?;
    Ok(id)
}

/// Records the ground on which counsel opens files, exactly as two people of the clearinghouse agreed on it.
///
/// # Errors
/// [`Refusal::NotFound`] for an approval of something else and where the agency does not have the report;
/// [`Refusal::FileNotFound`], [`Refusal::Unfit`] as [`record`].
pub fn record_agreed(act: &Act<'_>, approved: &Approved) -> Result<GroundId> {
    if approved.kind() != ApprovalKind::CounselGround {
        return Err(Refusal::NotFound.into());
    }
    let agreed = serde_json::from_value(approved.details().reveal().clone());
    let CounselGround { report, agency, files, memo, until } =
        agreed.map_err(|_| Refusal::Unfit { what: "ground" })?;
    let words = Words::Counsel { memo };
    let new = NewGround { report, files, words, from: act.now(), until, document_sha256: None };
    let id = keep(act, agency.as_ref(), approved.asked().0, &new)?;
    let (second, _) = approved.approved();
    act.tx().execute(
        SECOND,
        &bind! { id: id.as_str(), person: second.as_str(), now: column::micros(act.now()) },
    )?;
    let details =
        json!({ "agency": agency, "approval": approved.id(), "ground": id, "kind": ViewGround::Counsel });
    act.note(Event::of_report(EventKind::GroundSeconded, report).with(details))?;
    Ok(id)
}

/// A second person of the agency, its commander, says yes to exigent circumstances.
///
/// # Errors
/// [`Refusal::NotFound`] for a ground of another agency, [`Refusal::Unfit`] for one that waits for nobody, and for
/// whoever recorded it.
pub fn second(act: &Act<'_>, permit: &Permit<ConfirmGround>, id: &GroundId) -> Result<ReportId> {
    let (agency, person) = (agency(permit)?, person(permit.actor())?);
    let found = locked(act, agency, id)?;
    if found.recorded_by == *person {
        return Err(Refusal::Unfit { what: "second person" }.into());
    }
    let waits = found.kind == ViewGround::Exigent
        && state(&found.dates, needs_second(found.kind), act.now()) == State::Waiting;
    if !waits {
        return Err(Refusal::Unfit { what: "state of the ground" }.into());
    }
    let row = bind! { id: id.as_str(), person: person.as_str(), now: column::micros(act.now()) };
    act.tx().execute(SECOND, &row)?;
    let details = json!({ "agency": agency, "ground": id, "kind": found.kind });
    act.note(Event::of_report(EventKind::GroundSeconded, found.report).with(details))?;
    Ok(found.report)
}

/// Takes a ground back: from this moment it opens nothing.
///
/// # Errors
/// [`Refusal::NotFound`] for a ground of another agency, [`Refusal::Conflict`] for one that was taken back already.
pub fn revoke(act: &Act<'_>, permit: &Permit<RecordGround>, id: &GroundId) -> Result<ReportId> {
    let (agency, person) = (agency(permit)?, person(permit.actor())?);
    let found = locked(act, agency, id)?;
    let row = bind! { id: id.as_str(), person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(REVOKE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "agency": agency, "ground": id, "kind": found.kind });
    act.note(Event::of_report(EventKind::GroundRevoked, found.report).with(details))?;
    Ok(found.report)
}

/// What the gate asks: every ground that an agency, or the clearinghouse, has on record for a report, one row a file.
pub(crate) fn recorded(
    view: &View<'_>,
    report: ReportId,
    asker: Option<&AgencyId>,
) -> Result<Vec<RecordedGround>> {
    let agency = asker.map_or(reach::HOUSE, Id::as_str);
    let rows: Vec<Recorded> = view.tx().rows(RECORDED, &bind! { report: report.get(), agency })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The grounds that the permit's agency has on record for a report, whatever has become of them; for the clearinghouse's own
/// people every memorandum of its counsel, for whomever.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach, [`Refusal::Destroyed`] without the report's key.
pub fn of_report<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<Ground>> {
    reach::submitted(view, permit, report)?;
    let report_id = report.get();
    let rows: Vec<Sealed> = match permit.scope() {
        Scope::House => view.tx().rows(OF_COUNSEL, &bind! { report: report_id })?,
        _ => view.tx().rows(OF_REPORT, &bind! { report: report_id, agency: agency(permit)?.as_str() })?,
    };
    rows.into_iter().map(|row| row.opened(view, report)).collect()
}

fn agency<K>(permit: &Permit<K>) -> Result<&AgencyId> {
    match permit.scope() {
        Scope::Agency(agency) => Ok(agency),
        Scope::House | Scope::Provider(_) => Err(Refusal::NotFound.into()),
    }
}

/// A system records no ground: somebody answers for it.
pub(crate) fn person(actor: &Actor) -> Result<&PersonId> {
    match actor {
        Actor::Person { person, .. } => Ok(person),
        _ => Err(Refusal::NotFound.into()),
    }
}

fn fresh(act: &Act<'_>) -> Result<GroundId> {
    let text = seal::hex(&act.chance::<16>()?);
    Ok(GroundId::parse(&text).map_err(|_| crate::Fault::Row { what: "ground id" })?)
}

fn locked(act: &Act<'_>, agency: &AgencyId, id: &GroundId) -> Result<Found> {
    let asked = bind! { id: id.as_str(), agency: agency.as_str() };
    Ok(act.tx().find(LOCK, &asked)?.ok_or(Refusal::NotFound)?)
}

fn cell(report: ReportId, id: &GroundId) -> Cell<'_> {
    Cell { report, table: "ground", row: id.as_str(), column: "sealed_words" }
}

struct Recorded(RecordedGround);

impl FromRow for Recorded {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let Dates { from, until, seconded_at, revoked_at } = dates(row)?;
        Ok(Self(RecordedGround {
            id: column::parsed(row, "id")?,
            kind: column::parsed(row, "kind")?,
            agency: reach::agency_of(row, "agency_id")?,
            report: column::report(row, "report_id")?,
            file: column::parsed(row, "file_id")?,
            from,
            until,
            seconded_at,
            revoked_at,
        }))
    }
}

fn dates(row: &Row<'_>) -> std::result::Result<Dates, database::Fault> {
    Ok(Dates {
        from: column::moment(row, "from_at")?,
        until: column::moment_option(row, "until_at")?,
        seconded_at: column::moment_option(row, "seconded_at")?,
        revoked_at: column::moment_option(row, "revoked_at")?,
    })
}

struct Found {
    report: ReportId,
    kind: ViewGround,
    recorded_by: PersonId,
    dates: Dates,
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "report_id")?,
            kind: column::parsed(row, "kind")?,
            recorded_by: column::parsed(row, "recorded_by")?,
            dates: dates(row)?,
        })
    }
}

struct Named(FileId);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "file_id").map(Self)
    }
}

struct Sealed {
    id: GroundId,
    agency: Option<AgencyId>,
    kind: ViewGround,
    recorded_by: PersonId,
    recorded_at: Timestamp,
    dates: Dates,
    seconded_by: Option<PersonId>,
    revoked_by: Option<PersonId>,
    document_sha256: Option<[u8; 32]>,
    sealed_words: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>, report: ReportId) -> Result<Ground> {
        let words = sealed::open_json(view, cell(report, &self.id), &self.sealed_words)?;
        let files: Vec<Named> = view.tx().rows(FILES, &bind! { id: self.id.as_str() })?;
        Ok(Ground {
            id: self.id,
            agency: self.agency,
            kind: self.kind,
            files: files.into_iter().map(|named| named.0).collect(),
            recorded_by: self.recorded_by,
            recorded_at: self.recorded_at,
            dates: self.dates,
            seconded_by: self.seconded_by,
            revoked_by: self.revoked_by,
            document_sha256: self.document_sha256,
            words,
        })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: column::parsed(row, "id")?,
            agency: reach::agency_of(row, "agency_id")?,
            kind: column::parsed(row, "kind")?,
            recorded_by: column::parsed(row, "recorded_by")?,
            recorded_at: column::moment(row, "recorded_at")?,
            dates: dates(row)?,
            seconded_by: column::parsed_option(row, "seconded_by")?,
            revoked_by: column::parsed_option(row, "revoked_by")?,
            document_sha256: row.get("document_sha256")?,
            sealed_words: row.get("sealed_words")?,
        })
    }
}
