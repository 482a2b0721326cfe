//! Reports: opened, grown while open, and then finished, retracted or expired. A finished report only moves on.

use database::{Args, FromRow, Row, Soon, bind};
use domain::{CredentialId, Id, Priority, ProviderId, ReportId, Stage, Submission};
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use serde_json::json;

use crate::document::{self, NewDocument, Received};
use crate::{Act, Content, Event, EventKind, Refusal, Result, View, column, evidence, reach};

mod ending;

pub use ending::{
    Finished, expirable, expire, expire_due, finish, finish_and_read, retract, submission_digest,
};

/// How long a report stays open after it was opened.
pub const OPEN_AFTER_OPENING: SignedDuration = SignedDuration::from_hours(24);
/// How long it stays open after its last file or file details, when that is later.
pub const OPEN_AFTER_CHANGE: SignedDuration = SignedDuration::from_hours(1);

const INSERT: &str = "-- report::insert
    INSERT INTO report (id, provider_id, credential_id, stage, incident_type, urgent, documents, files, opened_at,
        expires_at, contact_version)
    VALUES (:report, :provider, :credential, 'open', :incident_type, :urgent, 1, 0, :opened_at, :expires_at,
        (SELECT MAX(version) FROM provider_contact WHERE provider_id = :provider))";

const FIND_OPEN: &str = "-- report::find_open
    SELECT id, stage, opened_at, expires_at, urgent, files FROM report
    WHERE id = :report AND provider_id = :provider";

const LOCK_OPEN: &str = "-- report::lock_open
    SELECT id, stage, opened_at, expires_at, urgent, files FROM report
    WHERE id = :report AND provider_id = :provider {for_update}";

const ADD_FILE: &str = "-- report::add_file
    UPDATE report SET files = files + 1,
        expires_at = CASE WHEN expires_at < :again THEN :again ELSE expires_at END
    WHERE id = :report AND provider_id = :provider AND stage = 'open' AND expires_at > :now
    RETURNING files";

const ADD_DOCUMENT: &str = "-- report::add_document
    UPDATE report SET documents = documents + 1,
        expires_at = CASE WHEN expires_at < :again THEN :again ELSE expires_at END
    WHERE id = :report AND provider_id = :provider AND stage = 'open' AND expires_at > :now
    RETURNING documents";

const TOUCH: &str = "-- report::touch
    UPDATE report SET expires_at = CASE WHEN expires_at < :again THEN :again ELSE expires_at END
    WHERE id = :report AND provider_id = :provider AND stage = 'open' AND expires_at > :now
    RETURNING files";

const MOVE: &str = "-- report::move_on
    UPDATE report SET stage = :to WHERE id = :report AND stage = :from";

const MOVE_AND_RANK: &str = "-- report::move_and_rank
    UPDATE report SET stage = :to, priority = :priority WHERE id = :report AND stage = :from";

/// No report passes `available` without a delivery.
const MAKE_AVAILABLE: &str = "-- report::make_available
    UPDATE report SET stage = :to, undelivered_since = NULL
    WHERE id = :report AND stage = :from
    AND EXISTS (SELECT 1 FROM delivery WHERE delivery.report_id = report.id)";

const STAGE: &str = "-- report::stage
    SELECT stage FROM report WHERE id = :report";

const GET: &str = "-- report::get
    SELECT report.id, report.provider_id, provider.name AS provider_name, stage, incident_type, urgent, priority,
        files, opened_at, finished_at, preserve_until, submission_sha256
    FROM report JOIN provider ON provider.id = report.provider_id
    WHERE report.id = :report";

/// A report that a provider opens.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// Its number, from [`crate::number::next`].
    pub report: ReportId,
    /// Who sends it.
    pub provider: ProviderId,
    /// With which credential.
    pub credential: CredentialId,
    /// Whether its sender asks for haste: the pipeline takes it first.
    pub urgent: bool,
    /// The document as it came.
    pub received: Received,
    /// How it was read.
    pub submission: Submission,
}

/// A report that still takes files and details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// Its number.
    pub report: ReportId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it expires unless it is finished or grows.
    pub expires_at: Timestamp,
    /// Whether its sender asked for haste.
    pub urgent: bool,
    /// Files received so far.
    pub files: u32,
}

/// What a list or a page says of a report before anything is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its number.
    pub report: ReportId,
    /// Who sent it.
    pub provider: ProviderId,
    /// The sender's name.
    pub provider_name: String,
    /// Where it stands.
    pub stage: Stage,
    /// Key of its incident type.
    pub incident_type: String,
    /// Whether its sender asked for haste.
    pub urgent: bool,
    /// Our advisory priority, once there is one.
    pub priority: Option<Priority>,
    /// Files received.
    pub files: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// Until when its sender must preserve it.
    pub preserve_until: Option<Timestamp>,
    /// Digest over everything submitted, by [`submission_digest`].
    pub submission_sha256: Option<[u8; 32]>,
}

/// Opens a report with its document.
///
/// # Errors
/// A fault when the number is taken or the provider is not known.
pub fn open(act: &Act<'_>, new: &NewReport) -> Result<()> {
    let report = new.report;
    act.new_report_key(report)?;
    let incident_type = &new.submission.incident.incident_type;
    let row = bind! {
        report: report.get(), provider: new.provider.as_str(), credential: new.credential.as_str(),
        incident_type, urgent: new.urgent, opened_at: column::micros(act.now()),
        expires_at: column::micros(after(act.now(), OPEN_AFTER_OPENING)),
    };
    act.tx().put(INSERT, &row)?;
    let document = NewDocument {
        report,
        position: document::FIRST,
        file: None,
        received: &new.received,
        reading: &new.submission,
    };
    let sha256 = document::keep(act, &document)?;
    let details = json!({
        "document_sha256": seal::hex(&sha256), "provider": new.provider.as_str(), "urgent": new.urgent,
    });
    act.note(Event::of_report(EventKind::ReportOpened, report).with(details))?;
    Ok(())
}

/// The report, while its provider may still add to it.
///
/// # Errors
/// [`Refusal::NotFound`] also for another provider's, [`Refusal::Expired`], [`Refusal::AlreadyRetracted`],
/// [`Refusal::AlreadyFinished`].
pub fn check_open(view: &View<'_>, provider: &ProviderId, report: ReportId) -> Result<OpenReport> {
    standing(view, FIND_OPEN, provider, report)
}

/// As [`check_open`], and nobody else changes the report until the act ends.
fn lock_open(act: &Act<'_>, provider: &ProviderId, report: ReportId) -> Result<OpenReport> {
    standing(act, LOCK_OPEN, provider, report)
}

fn standing(
    view: &View<'_>,
    sql: &'static str,
    provider: &ProviderId,
    report: ReportId,
) -> Result<OpenReport> {
    let row: Option<Standing> = view.tx().find(sql, &own(provider, report))?;
    row.ok_or(Refusal::NotFound)?.judged(view.now())
}

/// Counts one more file, whose position is answered.
pub(crate) fn add_file(act: &Act<'_>, provider: &ProviderId, report: ReportId) -> Result<u32> {
    grow(act, ADD_FILE, provider, report)
}

/// Counts one more document, whose position is answered.
pub(crate) fn add_document(act: &Act<'_>, provider: &ProviderId, report: ReportId) -> Result<u32> {
    grow(act, ADD_DOCUMENT, provider, report)
}

/// Begins the hour after a change anew; the report itself stays as it is.
pub(crate) fn touch(act: &Act<'_>, provider: &ProviderId, report: ReportId) -> Result<()> {
    grow(act, TOUCH, provider, report).map(drop)
}

/// One statement while all is well; only who is refused is asked why.
fn grow(act: &Act<'_>, sql: &'static str, provider: &ProviderId, report: ReportId) -> Result<u32> {
    let again = column::micros(after(act.now(), OPEN_AFTER_CHANGE));
    let now = column::micros(act.now());
    match act.tx().find(sql, &own(provider, report).with("again", again).with("now", now))? {
        Some(count) => Ok(count),
        None => Err(check_open(act, provider, report).err().unwrap_or_else(|| Refusal::Conflict.into())),
    }
}

/// Moves a finished report one stage on, and says that it is sealed when it now is; the other stages are told by the
/// function that records what happened in them.
///
/// # Errors
/// [`Refusal::TooLate`] when it no longer stands at `from`, [`Refusal::Unfit`] for a move that the journey does not
/// have, or to `available` without a delivery, [`Refusal::NotFound`].
pub fn move_on(act: &Act<'_>, report: ReportId, from: Stage, to: Stage) -> Result<()> {
    move_along(act, report, from, &[to], None)
}

/// As [`move_on`], through several stages at once, each of which may follow the one before. The priority that is given on
/// the way, where one is, is written with it: its reasons are recorded by [`crate::triage::record`].
///
/// # Errors
/// As [`move_on`].
pub fn move_along(
    act: &Act<'_>,
    report: ReportId,
    from: Stage,
    way: &[Stage],
    priority: Option<Priority>,
) -> Result<()> {
    let moved = moved(act, report, from, way, priority)?;
    moved_on(act, report, from, &moved)
}

/// As [`move_along`]; whether the report stood at `from` is judged before the act is kept.
///
/// # Errors
/// As [`move_along`], or the act is refused with them.
pub fn move_at_last(act: &Act<'_>, report: ReportId, from: Stage, way: &[Stage]) -> Result<()> {
    let moved = moved(act, report, from, way, None)?;
    act.before_it_is_kept(move |act| moved_on(act, report, from, &moved));
    Ok(())
}

fn moved(
    act: &Act<'_>,
    report: ReportId,
    from: Stage,
    way: &[Stage],
    priority: Option<Priority>,
) -> Result<Soon> {
    let mut at = from;
    for &next in way {
        if at == Stage::Open || !at.may_become(next) {
            return Err(Refusal::Unfit { what: "move" }.into());
        }
        at = next;
    }
    let step = bind! { report: report.get(), from: from.as_str(), to: at.as_str() };
    let moved = match priority {
        _ if way.contains(&Stage::Available) => act.tx().soon(MAKE_AVAILABLE, &step)?,
        Some(priority) => act.tx().soon(MOVE_AND_RANK, &step.with("priority", priority.as_str()))?,
        None => act.tx().soon(MOVE, &step)?,
    };
    if way.contains(&Stage::Sealed) {
        act.note(Event::of_report(EventKind::ReportSealed, report))?;
    }
    Ok(moved)
}

/// Refuses what did not move.
fn moved_on(act: &Act<'_>, report: ReportId, from: Stage, moved: &Soon) -> Result<()> {
    if moved.count(act.tx())? > 0 {
        return Ok(());
    }
    let stage = stage(act, report)?;
    let refusal = if stage == from { Refusal::Unfit { what: "move" } } else { Refusal::TooLate { stage } };
    Err(refusal.into())
}

/// Where a report stands.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn stage(view: &View<'_>, report: ReportId) -> Result<Stage> {
    let at: Option<At> = view.tx().find(STAGE, &bind! { report: report.get() })?;
    Ok(at.ok_or(Refusal::NotFound)?.0)
}

/// What is known of a report without opening anything.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn get<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Summary> {
    reach::submitted(view, permit, report)?;
    Ok(view.tx().get(GET, &bind! { report: report.get() })?)
}

/// Says that everything that was submitted will be read in this transaction: [`get`], [`submission`] and the files. The
/// database is asked for all of it at once.
///
/// # Errors
/// A fault of the database.
pub fn foresee(view: &View<'_>, report: ReportId) -> Result<()> {
    view.tx().ahead(&[(GET, bind! { report: report.get() })])?;
    view.foresee_key(report)?;
    document::foresee_reading(view, report, document::FIRST)?;
    evidence::foresee_files(view, report)
}

/// What its provider said, as it was read.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach, [`Refusal::Destroyed`] without a key.
pub fn submission<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Submission> {
    reach::submitted(view, permit, report)?;
    view.report_key(report)?;
    document::reading(view, report, document::FIRST)
}

fn own(provider: &ProviderId, report: ReportId) -> Args {
    bind! { provider: provider.as_str(), report: report.get() }
}

/// The end of a span; the end of time when there is none.
fn after(moment: Timestamp, span: SignedDuration) -> Timestamp {
    moment.checked_add(span).unwrap_or(Timestamp::MAX)
}

struct At(Stage);

impl FromRow for At {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "stage").map(Self)
    }
}

/// A report of the provider that asks, at whatever stage.
struct Standing {
    stage: Stage,
    open: OpenReport,
}

impl Standing {
    /// An open report whose time is over counts as expired, whether or not the sweep has come by.
    fn judged(self, now: Timestamp) -> Result<OpenReport> {
        let refusal = match self.stage {
            Stage::Open if now < self.open.expires_at => return Ok(self.open),
            Stage::Open | Stage::Expired => Refusal::Expired,
            Stage::Retracted => Refusal::AlreadyRetracted,
            _ => Refusal::AlreadyFinished,
        };
        Err(refusal.into())
    }
}

impl FromRow for Standing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let opened_at = column::moment(row, "opened_at")?;
        let open = OpenReport {
            report: column::report(row, "id")?,
            opened_at,
            expires_at: column::moment_option(row, "expires_at")?.unwrap_or(opened_at),
            urgent: row.get("urgent")?,
            files: row.get("files")?,
        };
        Ok(Self { stage: column::parsed(row, "stage")?, open })
    }
}

impl FromRow for Summary {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "id")?,
            provider: column::parsed(row, "provider_id")?,
            provider_name: row.get("provider_name")?,
            stage: column::parsed(row, "stage")?,
            incident_type: row.get("incident_type")?,
            urgent: row.get("urgent")?,
            priority: column::parsed_option(row, "priority")?,
            files: row.get("files")?,
            opened_at: column::moment(row, "opened_at")?,
            finished_at: column::moment_option(row, "finished_at")?,
            preserve_until: column::moment_option(row, "preserve_until")?,
            submission_sha256: row.get("submission_sha256")?,
        })
    }
}
