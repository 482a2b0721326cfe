//! One asking to see one file. The gate is asked when somebody asks and once more when the capability is used, each time
//! from the snapshot of the same act; a refusal is an act as well.

use database::{FromRow, FromValue, Mismatch, Row, ValueRef, bind};
use domain::{AgencyId, FileId, Id, PersonId, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::permit::{GrantMedia, ViewMedia};
use policy::processor::RENDITION;
use policy::{OpenFile, Permit, Withheld};
use serde_json::json;

use super::{notice, permission};
use crate::evidence::KeptFile;
use crate::{
    Act, BlobRef, Event, EventKind, Refusal, Result, View as Snapshot, column, evidence, ground, reach,
};

const CLOSE: &str = "-- view::close
    UPDATE media_view SET ended_at = :now WHERE person_id = :person AND ended_at IS NULL";

const SERVED_AT: &str = "-- view::served_at
    SELECT served_at FROM media_view WHERE person_id = :person AND ended_at IS NULL";

const INSERT: &str = "-- view::insert
    INSERT INTO media_view (id, digest, session_digest, person_id, agency_id, report_id, file_id, sha256, manner,
        ground, ground_id, relaxation, asked_at, expires_at)
    VALUES (:id, :digest, :session, :person, :agency, :report, :file, :sha256, :manner, :ground, :record, :relaxation,
        :now, :expires_at)";

const FIND: &str = "-- view::find
    SELECT id, session_digest, person_id, agency_id, report_id, file_id, manner, asked_at, expires_at, served_at
    FROM media_view WHERE digest = :digest AND ended_at IS NULL";

const SERVE: &str = "-- view::serve
    UPDATE media_view SET served_at = :now WHERE id = :id AND served_at IS NULL AND ended_at IS NULL";

const SEEN_GREY: &str = "-- view::seen_grey
    SELECT 1 FROM media_view WHERE person_id = :person AND report_id = :report AND file_id = :file
    AND session_digest = :session AND manner = 'grey' AND served_at > :since LIMIT 1";

const SEEN_CLEAR: &str = "-- view::seen_clear
    SELECT MIN(served_at) FROM media_view
    WHERE agency_id = :agency AND sha256 = :sha256 AND manner = 'clear' AND served_at IS NOT NULL";

const SERVED: &str = "-- view::served
    SELECT person_id, manner, COUNT(*) AS times FROM media_view
    WHERE agency_id = :agency AND served_at >= :from_at AND served_at < :to_at
    GROUP BY person_id, manner ORDER BY person_id, manner LIMIT :most";

/// An address serves for this long.
pub const CAPABILITY_LASTS: SignedDuration = SignedDuration::from_secs(60);
/// What was asked for stays on the screen for this long (AC-11).
pub const VIEW_LASTS: SignedDuration = SignedDuration::from_mins(2);
/// A grey look opens the way to a clear one for this long.
const GREY_COUNTS: SignedDuration = SignedDuration::from_mins(15);
/// Lines of a count.
const MOST_LISTED: u32 = 10_000;

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Grey and blurred: always first.
    Grey,
    /// As it is, on a second asking.
    Clear,
}

impl Manner {
    /// The word, as rows and addresses have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Clear => "clear",
        }
    }
}

impl FromValue for Manner {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        match value {
            ValueRef::Text("grey") => Ok(Self::Grey),
            ValueRef::Text("clear") => Ok(Self::Clear),
            _ => Err(Mismatch::new("manner", value)),
        }
    }
}

/// Why something that was seen before must be seen again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// To identify a person or a place.
    Identification,
    /// For a court or a prosecutor.
    Court,
    /// To check what somebody else wrote.
    Review,
}

impl Again {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Identification, Self::Court, Self::Review];

    /// The code, as forms and the ledger have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identification => "identification",
            Self::Court => "court",
            Self::Review => "review",
        }
    }
}

/// What somebody asks to see.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The report.
    pub report: ReportId,
    /// One file of it.
    pub file: FileId,
    /// How.
    pub manner: Manner,
    /// Why again, where it was seen before.
    pub again: Option<Again>,
    /// Keyed digest of the session of whoever asks.
    pub session: [u8; 32],
    /// Keyed digest of the secret that will be in the address.
    pub secret: [u8; 32],
}

/// Why nothing is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// The gate says no.
    #[error(transparent)]
    Gate(#[from] Withheld),
    /// No media permission, or no longer.
    #[error(
        "you have no media permission; the commander of your agency, or a supervisor of the clearinghouse, grants it"
    )]
    NoPermission,
    /// Clear comes after grey.
    #[error("look at the grey and blurred picture first")]
    GreyFirst,
    /// Somebody of the agency has seen the same bytes.
    #[error("your agency has seen the same bytes before; say why they must be seen again")]
    SeenBefore {
        /// When first.
        at: Timestamp,
    },
    /// Somebody who saw the same bytes said of which class they are.
    #[error("the same bytes are known; their class is shown and they are not")]
    Known,
    /// The person chose not to be shown files of this kind.
    #[error("you chose not to be shown files of this kind; you can change that, and nobody asks why")]
    Spared,
    /// A soft limit was reached, and the person did not say that they go on.
    #[error("a soft limit was reached; you can go on by saying so")]
    Limit,
}

impl Shut {
    /// Stable code for the ledger and for pages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gate(reason) => reason.code(),
            Self::NoPermission => "no-media-permission",
            Self::GreyFirst => "grey-first",
            Self::SeenBefore { .. } => "seen-before",
            Self::Known => "known",
            Self::Spared => "own-choice",
            Self::Limit => "soft-limit",
        }
    }
}

/// A capability as it was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub id: String,
    /// Keyed digest of the session that it is bound to.
    pub session: [u8; 32],
    /// Who asked.
    pub person: PersonId,
    /// In whose name: an agency's, or the clearinghouse's.
    pub agency: Option<AgencyId>,
    /// The report.
    pub report: ReportId,
    /// The file.
    pub file: FileId,
    /// How it is to be shown.
    pub manner: Manner,
    /// When it was asked for.
    pub asked_at: Timestamp,
    expires_at: Timestamp,
    served_at: Option<Timestamp>,
}

/// What may be opened now, once.
#[derive(Debug)]
pub struct Served {
    /// The one file, on its ground.
    pub open: OpenFile,
    /// Where its bytes lie.
    pub blob: BlobRef,
    /// How it is to be shown.
    pub manner: Manner,
}

/// Asks to see a file. Any other viewer of the same person closes. A refusal is kept in the ledger like a yes.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach, [`Refusal::FileNotFound`] for a file of another report.
pub fn ask(
    act: &Act<'_>,
    permit: &Permit<ViewMedia>,
    asked: &Asked,
) -> Result<std::result::Result<(), Shut>> {
    let person = ground::person(permit.actor())?;
    let (open, kept) = match judge(act, permit, asked.report, &asked.file)? {
        Ok(judged) => judged,
        Err(shut) => return refused(act, asked.report, &asked.file, asked.manner, shut).map(Err),
    };
    if let Some(shut) = not_yet(act, permit, person, asked, &kept)? {
        return refused(act, asked.report, &asked.file, asked.manner, shut).map(Err);
    }
    let id = seal::hex(&act.chance::<16>()?);
    let now = column::micros(act.now());
    act.tx().execute(CLOSE, &bind! { person: person.as_str(), now })?;
    let row = bind! {
        id: &id, digest: asked.secret, session: asked.session, person: person.as_str(),
        agency: reach::home(permit)?, report: asked.report.get(), file: asked.file.as_str(),
        sha256: kept.sha256, manner: asked.manner.as_str(), ground: open.ground().as_str(),
        record: open.record().map(Id::as_str), relaxation: open.relaxation(), now,
        expires_at: now.saturating_add(micros_of(CAPABILITY_LASTS)),
    };
    act.tx().execute(INSERT, &row)?;
    let details = json!({
        "again": asked.again.map(Again::as_str), "file": asked.file, "ground": open.ground(),
        "manner": asked.manner.as_str(), "record": open.record(), "relaxation": open.relaxation(), "view": id,
    });
    act.note(Event::of_report(EventKind::ViewAsked, asked.report).with(details))?;
    Ok(Ok(()))
}

/// Shows nothing for a reason that a room above found. It is kept in the ledger like those of the gate.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn refuse(act: &Act<'_>, permit: &Permit<ViewMedia>, asked: &Asked, shut: Shut) -> Result<Shut> {
    reach::submitted(act, permit, asked.report)?;
    refused(act, asked.report, &asked.file, asked.manner, shut)
}

/// The capability of a secret, while its viewer is open.
///
/// # Errors
/// A fault of the database.
pub fn find(snapshot: &Snapshot<'_>, secret: [u8; 32]) -> Result<Option<View>> {
    Ok(snapshot.tx().find(FIND, &bind! { digest: secret })?)
}

/// Uses a capability: once, within its minute. The leaf that says who opened the file on which ground is in the ledger
/// before its bytes are read.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is used up, over, or somebody else's.
pub fn serve(
    act: &Act<'_>,
    permit: &Permit<ViewMedia>,
    secret: [u8; 32],
) -> Result<std::result::Result<Served, Shut>> {
    let view = find(act, secret)?.ok_or(Refusal::NotFound)?;
    let is_own =
        ground::person(permit.actor())? == &view.person && permit.scope().agency() == view.agency.as_ref();
    if !is_own || view.served_at.is_some() || act.now() >= view.expires_at {
        return Err(Refusal::NotFound.into());
    }
    let now = column::micros(act.now());
    if act.tx().execute(SERVE, &bind! { id: &view.id, now })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let (open, kept) = match judge(act, permit, view.report, &view.file)? {
        Ok(judged) => judged,
        Err(shut) => {
            act.tx().execute(CLOSE, &bind! { person: view.person.as_str(), now })?;
            return refused(act, view.report, &view.file, view.manner, shut).map(Err);
        }
    };
    let blob = kept.blob.ok_or(Refusal::NotRetained)?;
    let details = json!({
        "file": view.file, "ground": open.ground(), "manner": view.manner.as_str(), "record": open.record(),
        "relaxation": open.relaxation(), "sha256": seal::hex(&kept.sha256), "view": view.id,
    });
    act.note(Event::of_report(EventKind::FileOpened, view.report).taking(blob.size_bytes).with(details))?;
    notice::tell(act, &view, &open)?;
    Ok(Ok(Served { open, blob, manner: view.manner }))
}

/// Closes whatever viewer the permit's person has open.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn close(act: &Act<'_>, permit: &Permit<ViewMedia>, report: ReportId) -> Result<()> {
    reach::submitted(act, permit, report)?;
    let person = ground::person(permit.actor())?;
    let now = column::micros(act.now());
    let opened: Option<Option<i64>> = act.tx().find(SERVED_AT, &bind! { person: person.as_str() })?;
    act.tx().execute(CLOSE, &bind! { person: person.as_str(), now })?;
    let closed = Event::of_report(EventKind::ViewClosed, report);
    act.note(match opened.flatten() {
        Some(served_at) => closed.lasting(SignedDuration::from_micros(now.saturating_sub(served_at))),
        None => closed,
    })?;
    Ok(())
}

/// How often each person of the permit's agency was shown a file in a span, by manner.
///
/// # Errors
/// A fault of the database.
pub fn served_between(
    snapshot: &Snapshot<'_>,
    permit: &Permit<GrantMedia>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(PersonId, Manner, u64)>> {
    let asked = bind! {
        agency: reach::home(permit)?, from_at: column::micros(from), to_at: column::micros(to),
        most: MOST_LISTED,
    };
    let rows: Vec<Count> = snapshot.tx().rows(SERVED, &asked)?;
    Ok(rows.into_iter().map(|count| (count.person, count.manner, count.times)).collect())
}

type Judged = std::result::Result<(OpenFile, KeptFile), Shut>;

/// The gate and the person's own permission, in this order: the reason that is told first is the file's.
fn judge(act: &Act<'_>, permit: &Permit<ViewMedia>, report: ReportId, file: &FileId) -> Result<Judged> {
    let facts = evidence::facts(act, permit, report)?;
    let facts = facts.iter().find(|facts| facts.file == *file).ok_or(Refusal::FileNotFound)?;
    let open = match RENDITION.admit(facts, permit.actor()) {
        Ok(Some(open)) => open,
        // INVARIANT: a picture is drawn from contents, so it is admitted with an opened file or not at all.
        Ok(None) => return Err(crate::Fault::Row { what: "processor" }.into()),
        Err(reason) => return Ok(Err(reason.into())),
    };
    let person = ground::person(permit.actor())?;
    if permission::live(act, permit.scope().agency(), person)?.is_none() {
        return Ok(Err(Shut::NoPermission));
    }
    Ok(Ok((open, evidence::kept(act, report, file)?)))
}

/// What must come first, for somebody who may.
fn not_yet(
    act: &Act<'_>,
    permit: &Permit<ViewMedia>,
    person: &PersonId,
    asked: &Asked,
    kept: &KeptFile,
) -> Result<Option<Shut>> {
    let same = bind! { agency: reach::home(permit)?, sha256: kept.sha256 };
    let seen: Option<i64> = act.tx().get(SEEN_CLEAR, &same)?;
    if let Some(at) = seen.filter(|_| asked.again.is_none()) {
        let at = Timestamp::from_microsecond(at).map_err(|_| crate::Fault::Row { what: "moment" })?;
        return Ok(Some(Shut::SeenBefore { at }));
    }
    if asked.manner == Manner::Grey {
        return Ok(None);
    }
    let since = column::micros(act.now()).saturating_sub(micros_of(GREY_COUNTS));
    let grey = bind! {
        person: person.as_str(), report: asked.report.get(), file: asked.file.as_str(), session: asked.session,
        since,
    };
    let grey: Option<i64> = act.tx().find(SEEN_GREY, &grey)?;
    Ok(grey.is_none().then_some(Shut::GreyFirst))
}

fn refused(act: &Act<'_>, report: ReportId, file: &FileId, manner: Manner, shut: Shut) -> Result<Shut> {
    let details = json!({ "file": file, "manner": manner.as_str(), "reason": shut.code() });
    act.note(Event::of_report(EventKind::ViewRefused, report).with(details).refused(shut.code()))?;
    Ok(shut)
}

fn micros_of(span: SignedDuration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl FromRow for View {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            session: row.get("session_digest")?,
            person: column::parsed(row, "person_id")?,
            agency: reach::agency_of(row, "agency_id")?,
            report: column::report(row, "report_id")?,
            file: column::parsed(row, "file_id")?,
            manner: row.get("manner")?,
            asked_at: column::moment(row, "asked_at")?,
            expires_at: column::moment(row, "expires_at")?,
            served_at: column::moment_option(row, "served_at")?,
        })
    }
}

struct Count {
    person: PersonId,
    manner: Manner,
    times: u64,
}

impl FromRow for Count {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            person: column::parsed(row, "person_id")?,
            manner: row.get("manner")?,
            times: row.get("times")?,
        })
    }
}
