//! Where people of an agency are written to, and the messages that wait for a mail server. A message says that there is
//! something and never what: neither a number, nor a name, nor how many.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, PersonId, Private, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::{Assign, Work};
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column};

const PUT: &str = "-- message::put
    INSERT INTO message_wish (person_id, agency_id, changed_at, version, wants_new, sealed_address)
    VALUES (:person, :agency, :now, 1, :wants_new, :sealed_address)
    ON CONFLICT (person_id) DO UPDATE SET changed_at = excluded.changed_at, version = message_wish.version + 1,
        wants_new = excluded.wants_new, new_since = NULL, sealed_address = excluded.sealed_address";

const REMOVE: &str = "-- message::remove
    DELETE FROM message_wish WHERE person_id = :person AND agency_id = :agency";

const FIND: &str = "-- message::find
    SELECT person_id, changed_at, version, wants_new, sealed_address FROM message_wish WHERE person_id = :person";

const KNOWN: &str = "-- message::known
    SELECT person_id FROM message_wish WHERE agency_id = :agency ORDER BY person_id LIMIT :most";

/// What arrived for an agency: whoever wants to be told will be, once.
const ARRIVED: &str = "-- message::arrived
    UPDATE message_wish SET new_since = :now
    WHERE wants_new = 1 AND new_since IS NULL
        AND agency_id IN (SELECT agency_id FROM delivery WHERE report_id = :report)";

const WAITING: &str = "-- message::waiting
    SELECT person_id, agency_id FROM message_wish
    WHERE new_since IS NOT NULL AND (told_at IS NULL OR told_at <= :before)
        AND EXISTS (SELECT 1 FROM person WHERE person.id = message_wish.person_id AND person.disabled_at IS NULL)
    ORDER BY new_since LIMIT :most";

const TOLD: &str = "-- message::told
    UPDATE message_wish SET new_since = NULL, told_at = :now WHERE person_id = :person AND new_since IS NOT NULL";

const TESTED: &str = "-- message::tested
    SELECT COUNT(*) FROM message
    WHERE agency_id = :agency AND made_at > :since AND person_id = :person AND kind = 'test'";

const INSERT: &str = "-- message::insert
    INSERT INTO message (id, agency_id, person_id, kind, made_at, due_at, attempts)
    VALUES (:id, :agency, :person, :kind, :now, :now, 0)";

const DUE: &str = "-- message::due
    SELECT message.id, message.agency_id, message.person_id, message.kind, message.made_at, message.due_at, message.attempts
    FROM message JOIN person ON person.id = message.person_id JOIN agency ON agency.id = message.agency_id
    WHERE message.due_at IS NOT NULL AND message.due_at <= :now AND person.disabled_at IS NULL
        AND agency.disabled_at IS NULL AND agency.qualifying_fact IS NOT NULL
        AND (agency.qualified_until IS NULL OR agency.qualified_until > :now)
    ORDER BY CASE message.kind WHEN 'immediate' THEN 0 ELSE 1 END, message.due_at LIMIT :most";

/// Whoever takes it first has it, until its time is over.
const TAKE: &str = "-- message::take
    UPDATE message SET due_at = :until, attempts = attempts + 1 WHERE id = :id AND due_at = :due_at";

const SENT: &str = "-- message::sent
    UPDATE message SET due_at = NULL, sent_at = :now, last_error = NULL WHERE id = :id";

const FAILED: &str = "-- message::failed
    UPDATE message SET due_at = :due_at, given_up_at = :given_up_at, last_error = :error WHERE id = :id";

const LIST: &str = "-- message::list
    SELECT person_id, kind, made_at, sent_at, given_up_at, attempts FROM message
    WHERE agency_id = :agency ORDER BY made_at DESC, id LIMIT :most";

/// Letters of an address.
pub const MOST_ADDRESS_LETTERS: usize = 254;
/// What lies between two messages that there is something new, however much comes.
pub const GAP: SignedDuration = SignedDuration::from_hours(1);
/// After this long a message is given up: what it says is not new any more.
const LASTS: SignedDuration = SignedDuration::from_hours(24);
/// What lies between two tests of one person.
const TEST_GAP: SignedDuration = SignedDuration::from_mins(1);
/// How long the mail server may take.
const TURN: SignedDuration = SignedDuration::from_secs(120);
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(30);
const MOST_ERROR_LETTERS: usize = 200;
const MOST_LISTED: u32 = 50;
const MOST_PEOPLE: u32 = 1_000;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something of the highest priority waits.
    Immediate,
    /// Something new waits.
    New,
    /// Somebody wanted to see whether messages arrive.
    Test,
}

impl Kind {
    /// The word, as rows have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::New => "new",
            Self::Test => "test",
        }
    }

    fn of(word: &str) -> Result<Self> {
        let known = [Self::Immediate, Self::New, Self::Test].into_iter().find(|kind| kind.as_str() == word);
        Ok(known.ok_or(house::Fault::Row { what: "kind of a message" })?)
    }
}

/// Where somebody is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who.
    pub person: PersonId,
    /// Their mailbox at work.
    pub address: Private<String>,
    /// Whether they hear of everything new, not only of what they are called for.
    pub wants_new: bool,
    /// When they said so.
    pub changed_at: Timestamp,
    /// Counts the changes; 0 where nothing was said yet.
    pub version: u32,
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
    /// Whose person is written to.
    pub agency: AgencyId,
    /// To whom.
    pub person: PersonId,
    /// About what.
    pub kind: Kind,
    made_at: Timestamp,
    due_at: i64,
    attempts: u32,
}

/// Says where the acting person is written to. Nothing takes it back.
///
/// # Errors
/// [`Refusal::Unfit`] for what is no address, [`Refusal::Conflict`] when it was changed since, [`Refusal::NotFound`] for
/// whoever is no person.
pub fn put(
    act: &Act<'_>,
    permit: &Permit<Work>,
    version: u32,
    address: Option<&str>,
    wants_new: bool,
) -> Result<()> {
    let own = agency(permit)?;
    let domain::Actor::Person { person, .. } = permit.actor() else { return Err(Refusal::NotFound.into()) };
    if find(act, person)?.map_or(0, |wish| wish.version) != version {
        return Err(Refusal::Conflict.into());
    }
    match address {
        None => {
            act.tx().execute(REMOVE, &bind! { person: person.as_str(), agency: own.as_str() })?;
        }
        Some(address) => {
            is_address(address).then_some(()).ok_or(Refusal::Unfit { what: "address" })?;
            let row = bind! {
                person: person.as_str(), agency: own.as_str(), now: column::micros(act.now()),
                wants_new: i64::from(wants_new),
                sealed_address: act.seal(act.house_key(), &place(person), address.as_bytes())?,
            };
            act.tx().execute(PUT, &row)?;
        }
    }
    let details =
        json!({ "agency": own, "new": wants_new, "person": person, "written_to": address.is_some() });
    act.note(Event::of_house(EventKind::MessageWished).with(details))?;
    Ok(())
}

/// One mailbox, of plain letters: nothing in it ends a line or begins a second address.
fn is_address(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
    let Some((mailbox, host)) = text.split_once('@') else { return false };
    text.len() <= MOST_ADDRESS_LETTERS
        && (1..=64).contains(&mailbox.len())
        && mailbox.bytes().all(plain)
        && !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

/// Where somebody is written to.
///
/// # Errors
/// A fault of the database, or of the key.
pub fn find(view: &View<'_>, person: &PersonId) -> Result<Option<Wish>> {
    let Some(Kept(wish, sealed)) = view.tx().find(FIND, &bind! { person: person.as_str() })? else {
        return Ok(None);
    };
    let address = view.open_text(view.house_key(), &place(person), &sealed)?;
    Ok(Some(Wish { address, ..wish }))
}

/// Who of the permit's agency can be written to; where, is theirs.
///
/// # Errors
/// A fault of the database.
pub fn known(view: &View<'_>, permit: &Permit<Work>) -> Result<Vec<PersonId>> {
    let asked = bind! { agency: agency(permit)?.as_str(), most: MOST_PEOPLE };
    let rows: Vec<Named> = view.tx().rows(KNOWN, &asked)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Something was made available to agencies: whoever wants to hear of it will, in a while.
pub(crate) fn arrived(act: &Act<'_>, report: ReportId) -> Result<()> {
    act.tx().put(ARRIVED, &bind! { report: report.get(), now: column::micros(act.now()) })?;
    Ok(())
}

/// Whom to tell now that there is something new.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &View<'_>, most: u32) -> Result<Vec<(PersonId, AgencyId)>> {
    let before = view.now().checked_sub(GAP).unwrap_or(Timestamp::MIN);
    let rows: Vec<Both> = view.tx().rows(WAITING, &bind! { before: column::micros(before), most })?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// Makes the message that tells them.
///
/// # Errors
/// [`Refusal::LeaseLost`] when another process just did.
pub fn tell(act: &Act<'_>, person: &PersonId, of: &AgencyId) -> Result<()> {
    let row = bind! { person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(TOLD, &row)? == 0 {
        return Err(Refusal::LeaseLost.into());
    }
    make(act, of, person, Kind::New)
}

/// Makes a message that a person asked for to see that messages arrive.
///
/// # Errors
/// [`Refusal::Conflict`] when they asked within the last minute: the address is whatever they typed, and nobody's mailbox
/// is to be flooded.
pub fn test(act: &Act<'_>, of: &AgencyId, person: &PersonId) -> Result<()> {
    let since = act.now().checked_sub(TEST_GAP).unwrap_or(Timestamp::MIN);
    let asked = bind! { agency: of.as_str(), person: person.as_str(), since: column::micros(since) };
    if act.tx().get::<u64>(TESTED, &asked)? > 0 {
        return Err(Refusal::Conflict.into());
    }
    make(act, of, person, Kind::Test)
}

/// Makes a message, which is sent as soon as a mail server takes it.
///
/// # Errors
/// A fault of the database.
pub fn make(act: &Act<'_>, of: &AgencyId, person: &PersonId, kind: Kind) -> Result<()> {
    let id = format!("m-{}", seal::hex(&act.chance::<8>()?));
    let row = bind! {
        id: &id, agency: of.as_str(), person: person.as_str(), kind: kind.as_str(), now: column::micros(act.now()),
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

/// Takes a message, so that nobody else sends it meanwhile, and answers where it goes. That it leaves is in the ledger
/// before it does.
///
/// # Errors
/// [`Refusal::LeaseLost`] when somebody else has it, [`Refusal::NotFound`] when its person is not written to any more.
pub fn take(act: &Act<'_>, due: &Due) -> Result<Option<Private<String>>> {
    let until = act.now().checked_add(TURN).unwrap_or(Timestamp::MAX);
    let row = bind! { id: &due.id, due_at: due.due_at, until: column::micros(until) };
    if act.tx().execute(TAKE, &row)? == 0 {
        return Err(Refusal::LeaseLost.into());
    }
    let wish = find(act, &due.person)?;
    if wish.is_none() {
        give_up(act, &due.id, "nobody says where they are written to")?;
    }
    let details = json!({ "attempt": due.attempts + 1, "kind": due.kind.as_str(), "message": due.id, "person": due.person });
    act.note(Event::of_house(EventKind::MessageTried).with(details))?;
    Ok(wish.map(|wish| wish.address))
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
            let again = act.now().checked_add(pause(due.attempts + 1)).unwrap_or(Timestamp::MAX);
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

fn pause(attempt: u32) -> SignedDuration {
    let doubled = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|factor| *factor > 0);
    let pause = doubled.and_then(|factor| FIRST_PAUSE.checked_mul(factor));
    pause.map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// The last messages to the people of the permit's agency.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, permit: &Permit<Assign>) -> Result<Vec<Sent>> {
    let asked = bind! { agency: agency(permit)?.as_str(), most: MOST_LISTED };
    let rows: Vec<Row1> = view.tx().rows(LIST, &asked)?;
    rows.into_iter().map(|row| Ok(Sent { kind: Kind::of(&row.1)?, ..row.0 })).collect()
}

fn place(person: &PersonId) -> Place<'_> {
    Place { table: "message_wish", row: person.as_str().as_bytes(), column: "sealed_address" }
}

struct Named(PersonId);
struct Both(PersonId, AgencyId);
struct Kept(Wish, Vec<u8>);
/// A message and the word of its kind.
struct Row0(Due, String);
struct Row1(Sent, String);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "person_id").map(Self)
    }
}

impl FromRow for Both {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "person_id")?, column::parsed(row, "agency_id")?))
    }
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let wish = Wish {
            person: column::parsed(row, "person_id")?,
            address: Private::default(),
            wants_new: row.get::<i64>("wants_new")? == 1,
            changed_at: column::moment(row, "changed_at")?,
            version: row.get("version")?,
        };
        Ok(Self(wish, row.get("sealed_address")?))
    }
}

impl FromRow for Row0 {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let due = Due {
            id: row.get("id")?,
            agency: column::parsed(row, "agency_id")?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_mailbox_and_nothing_that_a_mail_server_could_take_for_more() {
        assert!(is_address("night.desk+ch@agency.example"));
        for wrong in [
            "",
            "a",
            "a@",
            "@b",
            "a@b..c",
            "a@b\r\nBcc: c@d",
            "a b@c.d",
            "a@b,c@d",
            "<a@b>",
            "a@b c",
            "\"a\"@b",
        ] {
            assert!(!is_address(wrong), "{wrong:?}");
        }
    }
}
