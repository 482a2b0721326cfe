//! Sessions of people who signed in. Both limits run by the server's clock; of the cookie's secret only a keyed digest
//! is kept.

use database::{FromRow, Row, bind};
use domain::{Id, PersonId};
use jiff::{SignedDuration, Timestamp};
use policy::ViewerRole;
use serde_json::json;

use crate::person::{Home, Role};
use crate::{Act, Event, EventKind, House, Refusal, Result, View, column};

/// A session ends when nothing was asked in it for this long.
pub const IDLE: SignedDuration = SignedDuration::from_mins(15);
/// It ends this long after it began, whatever was asked.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(8);
/// How old the last mark of use may grow before it is written again: not every request is a write.
const MARK_AGAIN: SignedDuration = SignedDuration::from_secs(60);

const INSERT: &str = "-- session::insert
    INSERT INTO session (digest, person_id, started_at, seen_at, banner_acknowledged_at)
    VALUES (:digest, :person, :now, :now, :now)
    ON CONFLICT (digest) DO NOTHING";

const FIND: &str = "-- session::find
    SELECT person_id, agency_id, provider_id, role, started_at, seen_at, banner_acknowledged_at FROM session
    JOIN person ON person.id = session.person_id
    WHERE digest = :digest AND ended_at IS NULL AND seen_at > :idle AND started_at > :oldest
    AND disabled_at IS NULL";

const TOUCH: &str = "-- session::touch
    UPDATE session SET seen_at = :now
    WHERE digest = :digest AND ended_at IS NULL AND seen_at > :idle AND started_at > :oldest AND seen_at < :now";

const END: &str = "-- session::end
    UPDATE session SET ended_at = :now WHERE digest = :digest AND ended_at IS NULL RETURNING person_id";

const END_ALL: &str = "-- session::end_all_of
    UPDATE session SET ended_at = :now WHERE person_id = :person AND ended_at IS NULL";

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub person: PersonId,
    /// Where they belong.
    pub home: Home,
    /// What they are there for.
    pub role: ViewerRole,
    /// When they signed in.
    pub started_at: Timestamp,
    /// When something was last asked in it, to the minute.
    pub seen_at: Timestamp,
    /// When the use banner was acknowledged in it.
    pub banner_acknowledged_at: Option<Timestamp>,
}

impl Session {
    /// Whether it is time to mark that it is in use, with [`touch`].
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        before(now, MARK_AGAIN) >= self.seen_at
    }
}

/// Begins a session under the keyed digest of a secret that only its cookie holds. Whoever enters has acknowledged the
/// use banner by entering.
///
/// # Errors
/// [`Refusal::Conflict`] when the secret was used before; a fault for an unknown person.
pub fn start(act: &Act<'_>, person: &PersonId, digest: [u8; 32]) -> Result<()> {
    let row = bind! { digest, person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    act.note(Event::of_house(EventKind::SignedIn).with(json!({ "person": person })))?;
    act.note(Event::of_house(EventKind::BannerAcknowledged).with(json!({ "person": person })))?;
    Ok(())
}

/// The live session whose secret has this digest; `None` when it ended, sat idle or grew old, or when the person or
/// their agency or provider is no longer let in.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> Result<Option<Session>> {
    let asked = bind! {
        digest, idle: column::micros(before(now, IDLE)), oldest: column::micros(before(now, ABSOLUTE)),
    };
    let Some(session) = view.tx().find::<Session>(FIND, &asked)? else { return Ok(None) };
    Ok(session.home.is_live(view)?.then_some(session))
}

/// Marks that a live session is in use. Not an act: nothing is decided by it, and a page view must not fill the
/// ledger.
///
/// # Errors
/// A fault of the database.
pub async fn touch(house: &House, digest: [u8; 32]) -> Result<()> {
    let now = house.now();
    let touched = house.write("session::touch", move |tx| {
        let row = bind! {
            digest, now: column::micros(now), idle: column::micros(before(now, IDLE)),
            oldest: column::micros(before(now, ABSOLUTE)),
        };
        Ok(tx.execute(TOUCH, &row)?)
    });
    touched.await.map(drop)
}

/// Ends a session.
///
/// # Errors
/// [`Refusal::NotFound`] without such a session.
pub fn end(act: &Act<'_>, digest: [u8; 32]) -> Result<()> {
    let row = bind! { digest, now: column::micros(act.now()) };
    let person: String = act.tx().find(END, &row)?.ok_or(Refusal::NotFound)?;
    act.note(Event::of_house(EventKind::SignedOut).with(json!({ "person": person })))?;
    Ok(())
}

/// Ends every session of a person, wherever they are, and answers how many.
///
/// # Errors
/// A fault of the database.
pub fn end_all_of(act: &Act<'_>, person: &PersonId) -> Result<u64> {
    let ended = close_all_of(act, person)?;
    let details = json!({ "person": person, "sessions_ended": ended });
    act.note(Event::of_house(EventKind::SignedOut).with(details))?;
    Ok(ended)
}

/// Ends every session of a person, as part of another act.
pub fn close_all_of(act: &Act<'_>, person: &PersonId) -> Result<u64> {
    let row = bind! { person: person.as_str(), now: column::micros(act.now()) };
    Ok(act.tx().execute(END_ALL, &row)?)
}

/// The beginning of a span that ends now; the beginning of time when there is none.
fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

impl FromRow for Session {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            person: column::parsed(row, "person_id")?,
            home: Home::from_row(row)?,
            role: row.get::<Role>("role")?.0,
            started_at: column::moment(row, "started_at")?,
            seen_at: column::moment(row, "seen_at")?,
            banner_acknowledged_at: column::moment_option(row, "banner_acknowledged_at")?,
        })
    }
}
