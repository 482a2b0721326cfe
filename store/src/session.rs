//! Sessions (security-practice 5): the server's clock ends them, idle and absolute, and only a digest of the secret
//! is stored.

use database::{FromRow, Row, bind};
use domain::{Id, PersonId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

/// How long a session lives without a request.
pub const IDLE: SignedDuration = SignedDuration::from_mins(15);
/// How long it lives at all.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(8);

const INSERT: &str = "-- session::insert
    INSERT INTO session (digest, person_id, started_at, seen_at, banner_acknowledged_at)
    VALUES (:digest, :person, :now, :now, :acknowledged_at)";

const FIND: &str = "-- session::find
    SELECT person_id, started_at, seen_at, banner_acknowledged_at FROM session
    WHERE digest = :digest AND ended_at IS NULL AND seen_at > :idle_since AND started_at > :alive_since";

const TOUCH: &str = "-- session::touch
    UPDATE session SET seen_at = :now WHERE digest = :digest AND ended_at IS NULL AND seen_at < :now";

const END: &str = "-- session::end
    UPDATE session SET ended_at = :now WHERE digest = :digest AND ended_at IS NULL RETURNING person_id";

const END_ALL: &str = "-- session::end_all_of
    UPDATE session SET ended_at = :now WHERE person_id = :person AND ended_at IS NULL";

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub person: PersonId,
    /// When it began.
    pub started_at: Timestamp,
    /// The last request that was noted.
    pub seen_at: Timestamp,
    /// When the use banner was acknowledged.
    pub banner_acknowledged_at: Option<Timestamp>,
}

/// Starts a session with the banner acknowledged: the same click enters and consents.
///
/// # Errors
/// A fault of the database.
pub fn start(act: &Act<'_>, person: &PersonId, digest: [u8; 32]) -> Result<()> {
    let now = column::micros(act.now());
    act.tx().execute(INSERT, &bind! { digest, person: person.as_str(), now, acknowledged_at: now })?;
    act.note(Event::of_house(EventKind::SignedIn).with(json!({ "person": person })))?;
    act.note(Event::of_house(EventKind::BannerAcknowledged).with(json!({ "person": person })))?;
    Ok(())
}

/// The session of a secret's digest, unless it ended, was idle too long, or is too old.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> Result<Option<Session>> {
    let before = |span: SignedDuration| column::micros(now.checked_sub(span).unwrap_or(Timestamp::MIN));
    let asked = bind! { digest, idle_since: before(IDLE), alive_since: before(ABSOLUTE) };
    Ok(view.tx().find(FIND, &asked)?)
}

/// Notes that the session is in use. Part of an act that says what it is used for.
///
/// # Errors
/// A fault of the database.
pub fn touch(act: &Act<'_>, digest: [u8; 32]) -> Result<()> {
    act.tx().execute(TOUCH, &bind! { digest, now: column::micros(act.now()) })?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such live session.
pub fn end(act: &Act<'_>, digest: [u8; 32]) -> Result<()> {
    let person: Option<String> = act.tx().find(END, &bind! { digest, now: column::micros(act.now()) })?;
    let person = person.ok_or(Refusal::NotFound)?;
    act.note(Event::of_house(EventKind::SignedOut).with(json!({ "person": person })))?;
    Ok(())
}

/// Ends every session of a person, at once.
///
/// # Errors
/// A fault of the database.
pub fn end_all_of(act: &Act<'_>, person: &PersonId) -> Result<u64> {
    let ended = act.tx().execute(END_ALL, &bind! { person: person.as_str(), now: column::micros(act.now()) })?;
    act.note(Event::of_house(EventKind::SignedOut).with(json!({ "person": person, "sessions": ended })))?;
    Ok(ended)
}

impl FromRow for Session {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            person: column::parsed(row, "person_id")?,
            started_at: column::moment(row, "started_at")?,
            seen_at: column::moment(row, "seen_at")?,
            banner_acknowledged_at: column::moment_option(row, "banner_acknowledged_at")?,
        })
    }
}
