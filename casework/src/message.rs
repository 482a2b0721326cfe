//! Messages that wait for a mail server. A message says that there is something and never what: neither a number, nor a
//! name, nor how many. What was sent is remembered for a month, for whoever asks whether somebody was told.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, PersonId, Private, ReportId};
use house::pause;
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::Assign;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency_of, column, home, mailbox, word};

/// What arrived for an agency: whoever wants to be told will be, once. Whoever was told after it was there already heard
/// of it.
const ARRIVED: &str = "-- message::arrived
    UPDATE message_wish SET new_since = :now
    WHERE wants_new = 1 AND new_since IS NULL
        AND agency_id IN (SELECT agency_id FROM delivery WHERE report_id = :report)
        AND (told_at IS NULL OR EXISTS (SELECT 1 FROM delivery WHERE report_id = :report
            AND delivery.agency_id = message_wish.agency_id AND available_at >= message_wish.told_at))";

/// Something waits for one agency that may have been told of the same thing before.
const NEW_FOR: &str = "-- message::new_for
    UPDATE message_wish SET new_since = :now WHERE wants_new = 1 AND new_since IS NULL AND agency_id = :agency";

const WAITING: &str = "-- message::waiting
    SELECT person_id, agency_id FROM message_wish
    WHERE new_since IS NOT NULL AND confirmed_at IS NOT NULL AND (told_at IS NULL OR told_at <= :before)
        AND EXISTS (SELECT 1 FROM person WHERE person.id = message_wish.person_id AND person.disabled_at IS NULL
            AND (message_wish.agency_id <> '' OR person.role IN ('analyst', 'supervisor')))
    ORDER BY new_since LIMIT :most";

const TOLD: &str = "-- message::told
    UPDATE message_wish SET new_since = NULL, told_at = :now WHERE person_id = :person AND new_since IS NOT NULL";

/// What its reader asked for.
const ASKED: &str = "-- message::asked
    SELECT COUNT(*) FROM message
    WHERE agency_id = :agency AND made_at > :since AND person_id = :person AND kind IN ('test', 'confirm')";

/// When somebody was called last because something of the highest priority waits, or will be.
const CALLED: &str = "-- message::called
    SELECT COALESCE(MAX(CASE WHEN attempts = 0 THEN due_at ELSE COALESCE(sent_at, made_at) END), 0) FROM message
    WHERE agency_id = :agency AND made_at > :since AND person_id = :person AND kind = 'immediate'";

const INSERT: &str = "-- message::insert
    INSERT INTO message (id, agency_id, person_id, kind, made_at, due_at, attempts)
    VALUES (:id, :agency, :person, :kind, :now, :due_at, 0)";

const DUE: &str = "-- message::due
    SELECT message.id, message.agency_id, message.person_id, message.kind, message.made_at, message.due_at, message.attempts
    FROM message JOIN person ON person.id = message.person_id LEFT JOIN agency ON agency.id = message.agency_id
    WHERE message.due_at IS NOT NULL AND message.due_at <= :now AND person.disabled_at IS NULL
        AND ((message.agency_id = '' AND person.role IN ('analyst', 'supervisor')) OR (agency.disabled_at IS NULL AND agency.qualifying_fact IS NOT NULL
            AND (agency.qualified_until IS NULL OR agency.qualified_until > :now)))
    ORDER BY CASE message.kind WHEN 'immediate' THEN 0 ELSE 1 END, message.due_at LIMIT :most";

/// Whoever takes it first has it, until its time is over.
const TAKE: &str = "-- message::take
    UPDATE message SET due_at = :until, attempts = attempts + 1 WHERE id = :id AND due_at = :due_at";

const SENT: &str = "-- message::sent
    UPDATE message SET due_at = NULL, sent_at = :now, last_error = NULL WHERE id = :id";

const FAILED: &str = "-- message::failed
    UPDATE message SET due_at = :due_at, given_up_at = :given_up_at, last_error = :error WHERE id = :id";

const IS_OVER: &str = "-- message::is_over
    SELECT 1 FROM message WHERE due_at IS NULL AND made_at < :before LIMIT 1";

const FORGET: &str = "-- message::forget
    DELETE FROM message WHERE id IN (
        SELECT id FROM message WHERE due_at IS NULL AND made_at < :before ORDER BY made_at LIMIT :most)";

const LIST: &str = "-- message::list
    SELECT person_id, kind, made_at, sent_at, given_up_at, attempts FROM message
    WHERE agency_id = :agency ORDER BY made_at DESC, id LIMIT :most";

/// What lies between two messages that there is something new, however much comes.
pub const GAP: SignedDuration = SignedDuration::from_hours(1);
/// After this long a message is given up: what it says is not new any more.
const LASTS: SignedDuration = SignedDuration::from_hours(24);
/// What lies between two messages that one person asks for.
const ASKED_GAP: SignedDuration = SignedDuration::from_mins(1);
/// What lies between the last call of a person and the next one because something of the highest priority is offered.
const OFFERED_GAP: SignedDuration = SignedDuration::from_mins(10);
/// How long the mail server may take.
const TURN: SignedDuration = SignedDuration::from_secs(120);
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(30);
const MOST_ERROR_LETTERS: usize = 200;
const MOST_LISTED: u32 = 50;
/// How long a message that came to its end is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Messages that are forgotten in one act.
const MOST_FORGOTTEN: u32 = 500;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something of the highest priority waits.
    Immediate,
    /// Something new waits.
    New,
    /// Somebody wanted to see whether messages arrive.
    Test,
    /// A code shows that a mailbox is its person's.
    Confirm,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Immediate, Self::New, Self::Test, Self::Confirm];

    /// The word, as rows have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::New => "new",
            Self::Test => "test",
            Self::Confirm => "confirm",
        }
    }

    fn of(word: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == word);
        Ok(known.ok_or(house::Fault::Row { what: "kind of a message" })?)
    }
}

/// A message as the agency sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// To whom.
    pub person: PersonId,
    /// About what.
    pub kind: Kind,
    /// When it was made.
    pub made_at: Timestamp,
    /// When a mail server took it.
    pub sent_at: Option<Timestamp>,
    /// When it was given up.
    pub given_up_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: u32,
}

/// A message that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its name.
    pub id: String,
    /// Whose person is written to; `None` is the clearinghouse.
    pub agency: Option<AgencyId>,
    /// To whom.
    pub person: PersonId,
    /// About what.
    pub kind: Kind,
    made_at: Timestamp,
    due_at: i64,
    attempts: u32,
}

/// Where a message goes, and the code that it carries.
#[derive(Debug)]
pub struct Addressed {
    /// The mailbox.
    pub to: Private<String>,
    /// What shows that the mailbox is its person's.
    pub code: Option<Private<String>>,
}

/// Something was made available to agencies: whoever wants to hear of it will, in a while.
pub(crate) fn arrived(act: &Act<'_>, report: ReportId) -> Result<()> {
    act.tx().put(ARRIVED, &bind! { report: report.get(), now: column::micros(act.now()) })?;
    Ok(())
}

/// Something is new for one agency, or at the desk: whoever of it wants to hear of it will, in a while.
///
/// # Errors
/// A fault of the database.
pub fn is_new_for(act: &Act<'_>, of: Option<&AgencyId>) -> Result<()> {
    act.tx().put(NEW_FOR, &bind! { agency: word(of), now: column::micros(act.now()) })?;
    Ok(())
}

/// Whom to tell now that there is something new, and whose people they are; `None` is the clearinghouse.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &View<'_>, most: u32) -> Result<Vec<(PersonId, Option<AgencyId>)>> {
    let before = view.now().checked_sub(GAP).unwrap_or(Timestamp::MIN);
    let rows: Vec<Both> = view.tx().rows(WAITING, &bind! { before: column::micros(before), most })?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// Makes the message that tells them.
///
/// # Errors
/// [`Refusal::LeaseLost`] when another process just did.
pub fn tell(act: &Act<'_>, person: &PersonId, of: Option<&AgencyId>) -> Result<()> {
    let row = bind! { person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(TOLD, &row)? == 0 {
        return Err(Refusal::LeaseLost.into());
    }
    make(act, of, person, Kind::New)
}

/// Makes the message that a person asks for: the code for a mailbox that is not known to be theirs, otherwise a test.
///
/// # Errors
/// [`Refusal::NotFound`] for whoever names no mailbox; [`Refusal::Conflict`] when they asked within the last minute: the
/// address is whatever they typed, and nobody's mailbox is to be flooded.
pub fn test(act: &Act<'_>, of: Option<&AgencyId>, person: &PersonId) -> Result<()> {
    let wish = mailbox::find(act, person)?.ok_or(Refusal::NotFound)?;
    if is_hasty(act, of, person)? {
        return Err(Refusal::Conflict.into());
    }
    make(act, of, person, if wish.confirmed_at.is_some() { Kind::Test } else { Kind::Confirm })
}

/// Whether a person asked for a message within the last minute.
pub(crate) fn is_hasty(view: &View<'_>, of: Option<&AgencyId>, person: &PersonId) -> Result<bool> {
    let since = view.now().checked_sub(ASKED_GAP).unwrap_or(Timestamp::MIN);
    let asked = bind! { agency: word(of), person: person.as_str(), since: column::micros(since) };
    Ok(view.tx().get::<u64>(ASKED, &asked)? > 0)
}

/// Calls a person: at once, or a while after their last call. Whoever will be called then anyhow is not called twice.
pub(crate) fn make_apart(act: &Act<'_>, of: Option<&AgencyId>, person: &PersonId) -> Result<()> {
    let since = act.now().checked_sub(OFFERED_GAP * 2).unwrap_or(Timestamp::MIN);
    let asked = bind! { agency: word(of), person: person.as_str(), since: column::micros(since) };
    let (now, gap) = (column::micros(act.now()), OFFERED_GAP.as_secs() * 1_000_000);
    match act.tx().get::<i64>(CALLED, &asked)? {
        called if called > now => Ok(()),
        called => put(act, (of, person, Kind::Immediate), now.max(called + gap)),
    }
}

/// Makes a message, which is sent as soon as a mail server takes it.
///
/// # Errors
/// A fault of the database.
pub fn make(act: &Act<'_>, of: Option<&AgencyId>, person: &PersonId, kind: Kind) -> Result<()> {
    put(act, (of, person, kind), column::micros(act.now()))
}

fn put(act: &Act<'_>, (of, person, kind): (Option<&AgencyId>, &PersonId, Kind), due_at: i64) -> Result<()> {
    let id = format!("m-{}", seal::hex(&act.chance::<8>()?));
    let row = bind! {
        id: &id, agency: word(of), person: person.as_str(), kind: kind.as_str(), now: column::micros(act.now()),
        due_at,
    };
    act.tx().execute(INSERT, &row)?;
    let details = json!({ "agency": of, "kind": kind.as_str(), "message": id, "person": person });
    act.note(Event::of_house(EventKind::MessageMade).with(details))?;
    Ok(())
}

/// Messages that are to be sent now, to people who are still let in.
///
/// # Errors
/// A fault of the database.
pub fn due(view: &View<'_>, most: u32) -> Result<Vec<Due>> {
    let rows: Vec<Row0> = view.tx().rows(DUE, &bind! { now: column::micros(view.now()), most })?;
    rows.into_iter().map(|row| Ok(Due { kind: Kind::of(&row.1)?, ..row.0 })).collect()
}

/// Takes a message, so that nobody else sends it meanwhile, and answers where it goes; nowhere but with a code where that
/// is not known to be its person's. That it leaves is in the ledger before it does.
///
/// # Errors
/// [`Refusal::LeaseLost`] when somebody else has it.
pub fn take(act: &Act<'_>, due: &Due) -> Result<Option<Addressed>> {
    let until = act.now().checked_add(TURN).unwrap_or(Timestamp::MAX);
    let row = bind! { id: &due.id, due_at: due.due_at, until: column::micros(until) };
    if act.tx().execute(TAKE, &row)? == 0 {
        return Err(Refusal::LeaseLost.into());
    }
    let sending = match mailbox::find(act, &due.person)? {
        None => Err("nobody says where they are written to"),
        Some(wish) => match (due.kind, wish.confirmed_at) {
            (Kind::Confirm, None) => {
                Ok(Addressed { to: wish.address, code: Some(mailbox::code(act, &due.person)?) })
            }
            (Kind::Confirm, Some(_)) => Err("the mailbox is confirmed already"),
            (_, Some(_)) => Ok(Addressed { to: wish.address, code: None }),
            (_, None) => Err("the mailbox is not confirmed"),
        },
    };
    if let Err(says) = &sending {
        give_up(act, &due.id, says)?;
    }
    let details = json!({ "attempt": due.attempts + 1, "kind": due.kind.as_str(), "message": due.id, "person": due.person });
    act.note(Event::of_house(EventKind::MessageTried).with(details))?;
    Ok(sending.ok())
}

/// Records what the mail server said.
///
/// # Errors
/// A fault of the database.
pub fn answered(act: &Act<'_>, due: &Due, taken: &std::result::Result<(), String>) -> Result<()> {
    match taken {
        Ok(()) => {
            act.tx().execute(SENT, &bind! { id: &due.id, now: column::micros(act.now()) })?;
        }
        Err(error) if due.made_at.checked_add(LASTS).is_ok_and(|end| end <= act.now()) => {
            give_up(act, &due.id, error)?;
        }
        Err(error) => {
            let wait = pause::doubling(due.attempts + 1, FIRST_PAUSE, LONGEST_PAUSE);
            let again = act.now().checked_add(wait).unwrap_or(Timestamp::MAX);
            let none: Option<i64> = None;
            let row =
                bind! { id: &due.id, due_at: column::micros(again), given_up_at: none, error: short(error) };
            act.tx().execute(FAILED, &row)?;
        }
    }
    let details = json!({ "message": due.id, "person": due.person, "taken": taken.is_ok() });
    act.note(Event::of_house(EventKind::MessageAnswered).with(details))?;
    Ok(())
}

fn give_up(act: &Act<'_>, id: &str, error: &str) -> Result<()> {
    let none: Option<i64> = None;
    let row = bind! { id, due_at: none, given_up_at: column::micros(act.now()), error: short(error) };
    act.tx().execute(FAILED, &row)?;
    Ok(())
}

fn short(error: &str) -> String {
    error.chars().take(MOST_ERROR_LETTERS).collect()
}

/// Whether there are messages that came to their end a month ago: ask before [`forget`], because an act with nothing to do
/// is refused.
///
/// # Errors
/// A fault of the database.
pub fn is_over(view: &View<'_>) -> Result<bool> {
    let asked = bind! { before: column::micros(remembered_from(view)) };
    Ok(view.tx().find::<i64>(IS_OVER, &asked)?.is_some())
}

/// Forgets some of them, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn forget(act: &Act<'_>) -> Result<u64> {
    let row = bind! { before: column::micros(remembered_from(act)), most: MOST_FORGOTTEN };
    let forgotten = act.tx().execute(FORGET, &row)?;
    act.note(Event::of_house(EventKind::MessagesForgotten).with(json!({ "messages": forgotten })))?;
    Ok(forgotten)
}

fn remembered_from(view: &View<'_>) -> Timestamp {
    view.now().checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN)
}

/// The last messages to the people of the permit's agency, or of the clearinghouse.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, permit: &Permit<Assign>) -> Result<Vec<Sent>> {
    let asked = bind! { agency: home(permit)?, most: MOST_LISTED };
    let rows: Vec<Row1> = view.tx().rows(LIST, &asked)?;
    rows.into_iter().map(|row| Ok(Sent { kind: Kind::of(&row.1)?, ..row.0 })).collect()
}

struct Both(PersonId, Option<AgencyId>);
/// A message and the word of its kind.
struct Row0(Due, String);
struct Row1(Sent, String);

impl FromRow for Both {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "person_id")?, agency_of(row, "agency_id")?))
    }
}

impl FromRow for Row0 {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let due = Due {
            id: row.get("id")?,
            agency: agency_of(row, "agency_id")?,
            person: column::parsed(row, "person_id")?,
            kind: Kind::Test,
            made_at: column::moment(row, "made_at")?,
            due_at: row.get("due_at")?,
            attempts: row.get("attempts")?,
        };
        Ok(Self(due, row.get("kind")?))
    }
}

impl FromRow for Row1 {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let sent = Sent {
            person: column::parsed(row, "person_id")?,
            kind: Kind::Test,
            made_at: column::moment(row, "made_at")?,
            sent_at: column::moment_option(row, "sent_at")?,
            given_up_at: column::moment_option(row, "given_up_at")?,
            attempts: row.get("attempts")?,
        };
        Ok(Self(sent, row.get("kind")?))
    }
}
