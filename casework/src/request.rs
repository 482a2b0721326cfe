//! What agencies ask the clearinghouse's analysts, as threads with whose turn it is. Both sides read all of a thread and
//! nothing else; every thread has a key of its own.

use database::{FromRow, Row, Where, bind};
use domain::portal::{RequestId, RequestKind, RequestState};
use domain::{AgencyId, Id, PersonId, ReportId};
use house::sealed::{self, Cell};
use jiff::Timestamp;
use policy::permit::UsePortal;
use policy::{Permit, Scope};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column, person};

const HELD: &str = "-- request::held
    SELECT 1 FROM delivery WHERE report_id = :report AND agency_id = :agency";

const INSERT: &str = "-- request::insert
    INSERT INTO portal_request (number, agency_id, kind, report_id, state, opened_by, opened_at, changed_at, version,
        sealed_subject)
    VALUES (:number, :agency, :kind, :report, 'waits-for-clearinghouse', :by, :now, :now, 1, :sealed_subject)";

const INSERT_MESSAGE: &str = "-- request::insert_message
    INSERT INTO portal_message (number, position, side, written_by, written_at, sealed_words)
    VALUES (:number, :position, :side, :by, :now, :sealed_words)";

const NEXT: &str = "-- request::next
    SELECT COUNT(*) + 1 FROM portal_message WHERE number = :number";

const GET: &str = "-- request::get
    SELECT number, agency_id, agency.name AS agency_name, kind, report_id, portal_request.state, opened_by, opened_at,
        portal_request.changed_at, version, analyst_id, sealed_subject
    FROM portal_request JOIN agency ON agency.id = agency_id WHERE number = :number /*where*/";

const OPEN: &str = "-- request::open
    SELECT number, agency_id, agency.name AS agency_name, kind, report_id, portal_request.state, opened_by, opened_at,
        portal_request.changed_at, version, analyst_id, sealed_subject
    FROM portal_request JOIN agency ON agency.id = agency_id
    WHERE agency_id = :agency AND portal_request.state <> 'closed'
    ORDER BY portal_request.changed_at DESC, number DESC LIMIT :most";

const CLOSED: &str = "-- request::closed
    SELECT number, agency_id, agency.name AS agency_name, kind, report_id, portal_request.state, opened_by, opened_at,
        portal_request.changed_at, version, analyst_id, sealed_subject
    FROM portal_request JOIN agency ON agency.id = agency_id
    WHERE agency_id = :agency AND portal_request.state = 'closed'
    ORDER BY portal_request.changed_at DESC, number DESC LIMIT :most";

const OLDEST: &str = "-- request::oldest
    SELECT number, agency_id, agency.name AS agency_name, kind, report_id, portal_request.state, opened_by, opened_at,
        portal_request.changed_at, version, analyst_id, sealed_subject
    FROM portal_request JOIN agency ON agency.id = agency_id
    WHERE portal_request.state = :state ORDER BY portal_request.changed_at, number LIMIT :most";

const NEWEST: &str = "-- request::newest
    SELECT number, agency_id, agency.name AS agency_name, kind, report_id, portal_request.state, opened_by, opened_at,
        portal_request.changed_at, version, analyst_id, sealed_subject
    FROM portal_request JOIN agency ON agency.id = agency_id
    WHERE portal_request.state = :state ORDER BY portal_request.changed_at DESC, number DESC LIMIT :most";

const OF_AGENCY: &str = "portal_request.agency_id = :agency";

const MESSAGES: &str = "-- request::messages
    SELECT position, side, written_by, written_at, sealed_words FROM portal_message
    WHERE number = :number ORDER BY position LIMIT :most";

const MOVE: &str = "-- request::move
    UPDATE portal_request SET state = :state, analyst_id = :analyst, changed_at = :now, version = version + 1
    WHERE number = :number AND version = :version";

/// Threads that are listed of one state.
pub const MOST_LISTED: u32 = 200;
/// Messages of one thread.
pub const MOST_MESSAGES: u32 = 500;
/// Letters of what it is about.
pub const MOST_SUBJECT_LETTERS: usize = 200;
/// Letters of one message.
pub const MOST_LETTERS: usize = 20_000;

/// What an agency asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// What for.
    pub kind: RequestKind,
    /// About which report, where it is about one.
    pub report: Option<ReportId>,
    /// What it is about, in a line.
    pub subject: String,
    /// The first message.
    pub words: String,
}

/// A thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub number: RequestId,
    /// Who asks.
    pub agency: AgencyId,
    /// What that agency is called.
    pub agency_name: String,
    /// What for.
    pub kind: RequestKind,
    /// About which report.
    pub report: Option<ReportId>,
    /// Whose turn it is.
    pub state: RequestState,
    /// Who of the agency asked, as the ledger writes them.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
    /// Who of the clearinghouse has it.
    pub analyst: Option<PersonId>,
    /// What it is about.
    pub subject: String,
}

/// One message of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Counts them.
    pub position: u32,
    /// Whether the agency wrote it; the clearinghouse otherwise.
    pub by_agency: bool,
    /// Who of that side, as the ledger writes them.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
    /// The words.
    pub words: String,
}

/// Opens a thread under a number that was taken for it.
///
/// # Errors
/// [`Refusal::NotFound`] for whoever is of no agency, and for a report that theirs does not have; [`Refusal::Unfit`] for words
/// that are none or too many.
pub fn open(act: &Act<'_>, permit: &Permit<UsePortal>, number: RequestId, new: &NewRequest) -> Result<()> {
    let agency = agency(permit)?;
    let subject = new.subject.trim();
    if !(1..=MOST_SUBJECT_LETTERS).contains(&subject.chars().count()) {
        return Err(Refusal::Unfit { what: "subject" }.into());
    }
    if let Some(report) = new.report {
        let held = bind! { report: report.get(), agency: agency.as_str() };
        act.tx().find::<i64>(HELD, &held)?.ok_or(Refusal::NotFound)?;
    }
    act.new_report_key(number.key())?;
    let row = bind! {
        number: number.get(), agency: agency.as_str(), kind: new.kind.as_str(),
        report: new.report.map(ReportId::get), by: act.actor().text(), now: column::micros(act.now()),
        sealed_subject: sealed::json(act, subject_cell(number), subject)?,
    };
    act.tx().execute(INSERT, &row)?;
    say(act, number, permit, &new.words)?;
    let details = json!({ "agency": agency, "kind": new.kind, "report": new.report });
    note(act, EventKind::RequestOpened, number, details)
}

/// Notes that somebody reads a thread, before they do.
///
/// # Errors
/// [`Refusal::NotFound`] for one of another agency.
pub fn read(act: &Act<'_>, permit: &Permit<UsePortal>, number: RequestId) -> Result<()> {
    let request = find(act, permit, number)?;
    note(act, EventKind::RequestRead, number, json!({ "agency": request.agency }))
}

/// A thread with its messages. Whoever reads it is noted by [`read`].
///
/// # Errors
/// As [`read`].
pub fn get(
    view: &View<'_>,
    permit: &Permit<UsePortal>,
    number: RequestId,
) -> Result<(Request, Vec<Message>)> {
    let request = find(view, permit, number)?;
    let rows: Vec<Sealed> = view.tx().rows(MESSAGES, &bind! { number: number.get(), most: MOST_MESSAGES })?;
    let opened = rows.into_iter().map(|Sealed(message, sealed)| {
        let row = message.position.to_string();
        Ok(Message { words: sealed::open_json(view, cell(number, &row), &sealed)?, ..message })
    });
    Ok((request, opened.collect::<Result<_>>()?))
}

/// The threads of an agency, those that changed last first; for the clearinghouse all of them: what waits for it comes
/// first, the oldest on top.
///
/// # Errors
/// A fault of the database, or of a key.
pub fn list(view: &View<'_>, permit: &Permit<UsePortal>, closed: bool) -> Result<Vec<Request>> {
    let rows: Vec<Bare> = match permit.scope() {
        Scope::Agency(agency) => {
            let asked = bind! { agency: agency.as_str(), most: MOST_LISTED };
            view.tx().rows(if closed { CLOSED } else { OPEN }, &asked)?
        }
        Scope::House if closed => view.tx().rows(NEWEST, &in_state(RequestState::Closed))?,
        Scope::House => {
            let mut all: Vec<Bare> = view.tx().rows(OLDEST, &in_state(RequestState::WaitsForHouse))?;
            all.extend(view.tx().rows::<Bare>(OLDEST, &in_state(RequestState::WaitsForAgency))?);
            all
        }
        Scope::Provider(_) => return Err(Refusal::NotFound.into()),
    };
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// Writes a message into a thread, as somebody saw it. Then it is the other side's turn, whatever it was before.
///
/// # Errors
/// As [`read`]; [`Refusal::Conflict`] when somebody wrote since, [`Refusal::Unfit`] for words that are none or too many, and
/// in a thread that is full.
pub fn write(
    act: &Act<'_>,
    permit: &Permit<UsePortal>,
    (number, version): (RequestId, u32),
    words: &str,
) -> Result<()> {
    let request = find(act, permit, number)?;
    let (state, analyst) = match permit.scope() {
        Scope::Agency(_) => (RequestState::WaitsForHouse, request.analyst),
        _ => (RequestState::WaitsForAgency, Some(person(permit)?.clone())),
    };
    moved(act, (number, version), state, analyst.as_ref())?;
    say(act, number, permit, words)
}

/// Closes a thread. Whoever writes into it opens it again.
///
/// # Errors
/// As [`write()`]; [`Refusal::Closed`] for one that is closed.
pub fn close(act: &Act<'_>, permit: &Permit<UsePortal>, seen: (RequestId, u32)) -> Result<()> {
    let request = find(act, permit, seen.0)?;
    if request.state == RequestState::Closed {
        return Err(Refusal::Closed.into());
    }
    moved(act, seen, RequestState::Closed, request.analyst.as_ref())
}

/// Somebody of the clearinghouse takes a thread up.
///
/// # Errors
/// As [`write()`]; [`Refusal::NotAllowed`] for whoever is of an agency.
pub fn take(act: &Act<'_>, permit: &Permit<UsePortal>, seen: (RequestId, u32)) -> Result<()> {
    let request = find(act, permit, seen.0)?;
    if *permit.scope() != Scope::House {
        return Err(Refusal::NotAllowed.into());
    }
    moved(act, seen, request.state, Some(person(permit)?))
}

fn find(view: &View<'_>, permit: &Permit<UsePortal>, number: RequestId) -> Result<Request> {
    let filter = match permit.scope() {
        Scope::Agency(agency) => Where::new().and(OF_AGENCY, "agency", agency.as_str()),
        Scope::House => Where::new(),
        Scope::Provider(_) => return Err(Refusal::NotFound.into()),
    };
    let found: Vec<Bare> = view.tx().rows_where(GET, &filter, &bind! { number: number.get() })?;
    found.into_iter().next().ok_or(Refusal::NotFound)?.opened(view)
}

fn in_state(state: RequestState) -> database::Args {
    bind! { state: state.as_str(), most: MOST_LISTED }
}

fn moved(
    act: &Act<'_>,
    (number, version): (RequestId, u32),
    state: RequestState,
    analyst: Option<&PersonId>,
) -> Result<()> {
    let row = bind! {
        number: number.get(), version, state: state.as_str(), analyst: analyst.map(Id::as_str),
        now: column::micros(act.now()),
    };
    if act.tx().execute(MOVE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    note(act, EventKind::RequestWorked, number, json!({ "state": state, "version": version + 1 }))
}

fn say(act: &Act<'_>, number: RequestId, permit: &Permit<UsePortal>, words: &str) -> Result<()> {
    let words = words.trim();
    let position: u32 = act.tx().get(NEXT, &bind! { number: number.get() })?;
    let fits = (1..=MOST_LETTERS).contains(&words.chars().count()) && position <= MOST_MESSAGES;
    fits.then_some(()).ok_or(Refusal::Unfit { what: "message" })?;
    let side = if matches!(permit.scope(), Scope::Agency(_)) { "agency" } else { "clearinghouse" };
    let row = bind! {
        number: number.get(), position, side, by: act.actor().text(), now: column::micros(act.now()),
        sealed_words: sealed::json(act, cell(number, &position.to_string()), words)?,
    };
    act.tx().execute(INSERT_MESSAGE, &row)?;
    Ok(())
}

fn note(act: &Act<'_>, kind: EventKind, number: RequestId, details: serde_json::Value) -> Result<()> {
    act.note(Event::of_house(kind).to(format!("request-{number}")).with(details))?;
    Ok(())
}

const fn subject_cell(number: RequestId) -> Cell<'static> {
    Cell { report: number.key(), table: "portal_request", row: "", column: "sealed_subject" }
}

const fn cell(number: RequestId, row: &str) -> Cell<'_> {
    Cell { report: number.key(), table: "portal_message", row, column: "sealed_words" }
}

/// A thread whose subject is sealed.
struct Bare(Request, Vec<u8>);

impl Bare {
    fn opened(self, view: &View<'_>) -> Result<Request> {
        let Self(request, sealed) = self;
        let subject = sealed::open_json(view, subject_cell(request.number), &sealed)?;
        Ok(Request { subject, ..request })
    }
}

impl FromRow for Bare {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let request = Request {
            number: column::report(row, "number")?.into(),
            agency: column::parsed(row, "agency_id")?,
            agency_name: row.get("agency_name")?,
            kind: column::parsed(row, "kind")?,
            report: column::report_option(row, "report_id")?,
            state: column::parsed(row, "state")?,
            opened_by: row.get("opened_by")?,
            opened_at: column::moment(row, "opened_at")?,
            changed_at: column::moment(row, "changed_at")?,
            version: row.get("version")?,
            analyst: column::parsed_option(row, "analyst_id")?,
            subject: String::new(),
        };
        Ok(Self(request, row.get("sealed_subject")?))
    }
}

struct Sealed(Message, Vec<u8>);

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let message = Message {
            position: row.get("position")?,
            by_agency: row.get::<String>("side")? == "agency",
            written_by: row.get("written_by")?,
            written_at: column::moment(row, "written_at")?,
            words: String::new(),
        };
        Ok(Self(message, row.get("sealed_words")?))
    }
}
