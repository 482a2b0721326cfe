//! Sessions of people who signed in. All limits run by the server's clock; of the cookie's secret only a keyed digest
//! is kept.

use database::{FromRow, Row, bind};
use domain::{Actor, AgencyId, Assurance, Id, Means, PersonId, Private, ProviderId};
use jiff::{SignedDuration, Timestamp};
use policy::ViewerRole;
use seal::Place;
use serde_json::json;

use crate::person::{Home, Role};
use crate::{Act, Event, EventKind, House, Refusal, Result, View, account, column};

mod fresh;

pub use fresh::{FRESH, Fresh};

/// A session ends when nothing was asked in it for this long (SC-10).
pub const IDLE: SignedDuration = SignedDuration::from_mins(15);
/// It hides its screen when nothing was asked in it for this long, until its person verifies themself again (AC-11).
pub const LOCK: SignedDuration = SignedDuration::from_mins(10);
/// It ends this long after it began, whatever was asked (IA-11).
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(8);
/// How old the last mark of use may grow before it is written again: not every request is a write.
const MARK_AGAIN: SignedDuration = SignedDuration::from_secs(60);
/// Characters of what a browser calls itself that are kept.
const MOST_CLIENT_CHARS: usize = 200;
/// Sessions of one person that are listed.
const MOST_LISTED: u32 = 100;

const INSERT: &str = "-- session::insert
    INSERT INTO session (digest, id, person_id, means, assurance, verified_at, sealed_client, started_at, seen_at,
        banner_acknowledged_at, binding_id, outside_digest)
    VALUES (:digest, :id, :person, :means, :assurance, :verified_at, :sealed_client, :now, :now, :now, :binding, :outside)
    ON CONFLICT (digest) DO NOTHING";

const FIND: &str = "-- session::find
    SELECT session.id, person_id, agency_id, provider_id, role, means, assurance, verified_at, locked_at, started_at,
        seen_at, banner_acknowledged_at, sealed_client
    FROM session JOIN person ON person.id = session.person_id
    WHERE digest = :digest AND ended_at IS NULL AND seen_at > :idle AND started_at > :oldest
    AND disabled_at IS NULL AND (temporary_until IS NULL OR temporary_until > :now)
    AND (trained_until IS NULL OR trained_until > :now)
    AND (agency_id IS NULL OR COALESCE(attested_until, added_at + :attested) > :now)";

const OF_PERSON: &str = "-- session::of_person
    SELECT session.id, person_id, agency_id, provider_id, role, means, assurance, verified_at, locked_at, started_at,
        seen_at, banner_acknowledged_at, sealed_client
    FROM session JOIN person ON person.id = session.person_id
    WHERE person_id = :person AND ended_at IS NULL AND seen_at > :idle AND started_at > :oldest
    AND disabled_at IS NULL
    ORDER BY started_at DESC LIMIT :most";

const TOUCH: &str = "-- session::touch
    UPDATE session SET seen_at = :now
    WHERE digest = :digest AND ended_at IS NULL AND locked_at IS NULL AND seen_at > :lock AND started_at > :oldest
    AND seen_at < :now";

const RENEW: &str = "-- session::renew
    UPDATE session SET digest = :next, verified_at = :now, seen_at = :now, locked_at = NULL
    WHERE digest = :digest AND ended_at IS NULL AND seen_at > :idle AND started_at > :oldest
    RETURNING person_id";

const ROTATE: &str = "-- session::rotate
    UPDATE session SET digest = :next
    WHERE digest = :digest AND person_id = :person AND ended_at IS NULL AND locked_at IS NULL";

const LOCK_ALL: &str = "-- session::lock_all_of
    UPDATE session SET locked_at = :now WHERE person_id = :person AND ended_at IS NULL AND locked_at IS NULL";

const SET_LOCK: &str = "-- session::lock
    UPDATE session SET locked_at = :now WHERE digest = :digest AND ended_at IS NULL AND locked_at IS NULL
    RETURNING person_id";

const END: &str = "-- session::end
    UPDATE session SET ended_at = :now WHERE digest = :digest AND ended_at IS NULL RETURNING person_id, started_at";

const END_ONE: &str = "-- session::end_one_of
    UPDATE session SET ended_at = :now WHERE id = :id AND person_id = :person AND ended_at IS NULL";

const END_ALL: &str = "-- session::end_all_of
    UPDATE session SET ended_at = :now WHERE person_id = :person AND ended_at IS NULL";

const END_ALL_OF_AGENCY: &str = "-- session::close_all_of_agency
    UPDATE session SET ended_at = :now
    WHERE ended_at IS NULL AND person_id IN (SELECT id FROM person WHERE agency_id = :agency)";

const END_ALL_OF_PROVIDER: &str = "-- session::close_all_of_provider
    UPDATE session SET ended_at = :now
    WHERE ended_at IS NULL AND person_id IN (SELECT id FROM person WHERE provider_id = :provider)";

const END_OTHERS: &str = "-- session::close_others_of
    UPDATE session SET ended_at = :now
    WHERE person_id = :person AND ended_at IS NULL AND (id IS NULL OR id <> :keep)";

/// How somebody comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub person: PersonId,
    /// By what means.
    pub means: Means,
    /// How much that means is worth.
    pub assurance: Assurance,
    /// When they were seen to be themself.
    pub verified_at: Timestamp,
    /// What their browser calls itself.
    pub client: Private<String>,
    /// The card or the other organisation's word that opens it, where one does.
    pub binding: Option<String>,
    /// What that organisation calls its own session, digested.
    pub outside: Option<[u8; 32]>,
}

impl Entry {
    /// Somebody who follows a one-click link of the synthetic demo.
    #[must_use]
    pub const fn by_link(person: PersonId, at: Timestamp) -> Self {
        let (means, assurance) = (Means::Link, Assurance::Aal1);
        let client = Private::new(String::new());
        Self { person, means, assurance, verified_at: at, client, binding: None, outside: None }
    }
}

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name, which stays the same when its secret is replaced. Not a secret.
    pub id: String,
    /// Who signed in.
    pub person: PersonId,
    /// Where they belong.
    pub home: Home,
    /// What they are there for.
    pub role: ViewerRole,
    /// By what means they signed in.
    pub means: Means,
    /// How much that means is worth.
    pub assurance: Assurance,
    /// When they were last seen to be themself.
    pub verified_at: Option<Timestamp>,
    /// When they locked it by hand.
    pub locked_at: Option<Timestamp>,
    /// When they signed in.
    pub started_at: Timestamp,
    /// When something was last asked in it, to the minute.
    pub seen_at: Timestamp,
    /// When the use banner was acknowledged in it.
    pub banner_acknowledged_at: Option<Timestamp>,
    sealed_client: Option<Vec<u8>>,
}

impl Session {
    /// Whether it is time to mark that it is in use, with [`touch`].
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        before(now, MARK_AGAIN) >= self.seen_at
    }

    /// Whether nothing of it is shown until its person verifies themself again.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_at.is_some() || before(now, LOCK) >= self.seen_at
    }

    /// What its browser called itself.
    ///
    /// # Errors
    /// A fault when the column cannot be opened.
    pub fn client(&self, view: &View<'_>) -> Result<Private<String>> {
        match &self.sealed_client {
            Some(sealed) => view.open_text(view.house_key(), &place(&self.id), sealed),
            None => Ok(Private::new(String::new())),
        }
    }
}

/// Begins a session under the keyed digest of a secret that only its cookie holds. Whoever enters has acknowledged the
/// use banner by entering.
///
/// # Errors
/// [`Refusal::Conflict`] when the secret was used before; a fault for an unknown person.
pub fn start(act: &Act<'_>, entry: &Entry, digest: [u8; 32]) -> Result<()> {
    let id = seal::hex(&act.chance::<16>()?);
    let client: String = entry.client.reveal().chars().take(MOST_CLIENT_CHARS).collect();
    let sealed_client = act.seal(act.house_key(), &place(&id), client.as_bytes())?;
    let (person, means, assurance) = (&entry.person, entry.means.as_str(), entry.assurance.as_str());
    let row = bind! {
        digest, id: id.as_str(), person: person.as_str(), means, assurance,
        verified_at: column::micros(entry.verified_at), sealed_client, now: column::micros(act.now()),
        binding: entry.binding.as_deref(), outside: entry.outside.map(|digest| digest.to_vec()),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    account::entered(act, person)?;
    let details = json!({
        "assurance": assurance, "binding": entry.binding, "means": means, "person": person, "session": id,
    });
    act.note(Event::of_house(EventKind::SignedIn).with(details))?;
    act.note(Event::of_house(EventKind::BannerAcknowledged).with(json!({ "person": person })))?;
    Ok(())
}

/// The session whose secret has this digest; `None` when it ended, sat idle or grew old, and when the person or their
/// agency or provider is no longer let in: attestation, training and a temporary account end it by the clock, and so does
/// the day until which the agency is qualified.
///
/// # Errors
/// [`Refusal::Locked`] when its person has to verify themself again before anything of it is shown.
pub fn find(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> Result<Option<Session>> {
    match find_even_locked(view, digest, now)? {
        Some(session) if session.is_locked(now) => Err(Refusal::Locked.into()),
        found => Ok(found),
    }
}

/// The same, also while it is locked: for the page that unlocks it and for the way out, and for nothing else.
///
/// # Errors
/// A fault of the database.
pub fn find_even_locked(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> Result<Option<Session>> {
    let (idle, oldest) = (column::micros(before(now, IDLE)), column::micros(before(now, ABSOLUTE)));
    let attested = i64::try_from(account::ATTESTED.as_micros()).unwrap_or(i64::MAX);
    let asked = bind! { digest, idle, oldest, now: column::micros(now), attested };
    let Some(session) = view.tx().find::<Session>(FIND, &asked)? else {
        return Ok(None);
    };
    if !session.home.is_live(view)? {
        return Ok(None);
    }
    let actor = Actor::Person { person: session.person.clone(), agency: session.home.agency().cloned() };
    view.origin().is_known(actor, session.role.as_str());
    Ok(Some(session))
}

/// The sessions of a person that have not ended, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn of_person(view: &View<'_>, person: &PersonId, now: Timestamp) -> Result<Vec<Session>> {
    let (idle, oldest) = (column::micros(before(now, IDLE)), column::micros(before(now, ABSOLUTE)));
    let asked = bind! { person: person.as_str(), idle, oldest, most: MOST_LISTED };
    Ok(view.tx().rows(OF_PERSON, &asked)?)
}

/// Marks that a session is in use. Not an act: nothing is decided by it, and a page view must not fill the ledger. A
/// session that is locked stays locked.
///
/// # Errors
/// A fault of the database.
pub async fn touch(house: &House, digest: [u8; 32]) -> Result<()> {
    let now = house.now();
    let touched = house.write("session::touch", move |tx| {
        let row = bind! {
            digest, now: column::micros(now), lock: column::micros(before(now, LOCK)),
            oldest: column::micros(before(now, ABSOLUTE)),
        };
        Ok(tx.execute(TOUCH, &row)?)
    });
    touched.await.map(drop)
}

/// Its person verified themself again: it is open, and known by a new secret only. How long it lasts stays as it was.
///
/// # Errors
/// [`Refusal::NotFound`] when it ended or is not this person's.
pub fn renew(act: &Act<'_>, person: &PersonId, digest: [u8; 32], next: [u8; 32]) -> Result<()> {
    let now = act.now();
    let row = bind! {
        digest, next, now: column::micros(now), idle: column::micros(before(now, IDLE)),
        oldest: column::micros(before(now, ABSOLUTE)),
    };
    let of: String = act.tx().find(RENEW, &row)?.ok_or(Refusal::NotFound)?;
    if of != person.as_str() {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::PersonVerified).with(json!({ "person": person })))?;
    Ok(())
}

/// Gives a session that is open another secret, because the keys of its person changed.
///
/// # Errors
/// [`Refusal::NotFound`] when it ended, is locked, or is not this person's.
pub fn rotate(act: &Act<'_>, person: &PersonId, digest: [u8; 32], next: [u8; 32]) -> Result<()> {
    if act.tx().execute(ROTATE, &bind! { digest, next, person: person.as_str() })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::SessionRotated).with(json!({ "person": person })))?;
    Ok(())
}

/// Locks every session of a person, because what they may changed: each goes on, under a new secret, when they verified
/// themself.
///
/// # Errors
/// A fault of the database.
pub fn lock_all_of(act: &Act<'_>, person: &PersonId) -> Result<u64> {
    let locked =
        act.tx().execute(LOCK_ALL, &bind! { person: person.as_str(), now: column::micros(act.now()) })?;
    if locked > 0 {
        let details = json!({ "person": person, "sessions": locked });
        act.note(Event::of_house(EventKind::SessionsLocked).with(details))?;
    }
    Ok(locked)
}

/// Locks a session by hand.
///
/// # Errors
/// [`Refusal::NotFound`] when it ended or is locked already.
pub fn lock(act: &Act<'_>, digest: [u8; 32]) -> Result<()> {
    let row = bind! { digest, now: column::micros(act.now()) };
    let person: String = act.tx().find(SET_LOCK, &row)?.ok_or(Refusal::NotFound)?;
    act.note(Event::of_house(EventKind::SessionLocked).with(json!({ "person": person })))?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`Refusal::NotFound`] without such a session.
pub fn end(act: &Act<'_>, digest: [u8; 32]) -> Result<()> {
    let row = bind! { digest, now: column::micros(act.now()) };
    let ended: Option<(String, i64)> = act.tx().find(END, &row)?;
    let (person, started_at) = ended.ok_or(Refusal::NotFound)?;
    let lasted = SignedDuration::from_micros(column::micros(act.now()).saturating_sub(started_at));
    act.note(Event::of_house(EventKind::SignedOut).lasting(lasted).with(json!({ "person": person })))?;
    Ok(())
}

/// Ends one session of a person, by its name.
///
/// # Errors
/// [`Refusal::NotFound`] when this person has no such session.
pub fn end_one_of(act: &Act<'_>, person: &PersonId, id: &str) -> Result<()> {
    let row = bind! { id, person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(END_ONE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "person": person, "session": id });
    act.note(Event::of_house(EventKind::SignedOut).with(details))?;
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

/// Ends every session of an agency's people, as part of another act.
///
/// # Errors
/// A fault of the database.
pub fn close_all_of_agency(act: &Act<'_>, agency: &AgencyId) -> Result<u64> {
    let row = bind! { agency: agency.as_str(), now: column::micros(act.now()) };
    Ok(act.tx().execute(END_ALL_OF_AGENCY, &row)?)
}

/// Ends every session of a provider's people, as part of another act.
///
/// # Errors
/// A fault of the database.
pub fn close_all_of_provider(act: &Act<'_>, provider: &ProviderId) -> Result<u64> {
    let row = bind! { provider: provider.as_str(), now: column::micros(act.now()) };
    Ok(act.tx().execute(END_ALL_OF_PROVIDER, &row)?)
}

/// Ends every session of a person but one, as part of another act.
///
/// # Errors
/// A fault of the database.
pub fn close_others_of(act: &Act<'_>, person: &PersonId, keep: &str) -> Result<u64> {
    let row = bind! { person: person.as_str(), keep, now: column::micros(act.now()) };
    Ok(act.tx().execute(END_OTHERS, &row)?)
}

/// The beginning of a span that ends now; the beginning of time when there is none.
fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn place(id: &str) -> Place<'_> {
    Place { table: "session", row: id.as_bytes(), column: "sealed_client" }
}

impl FromRow for Session {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get::<Option<String>>("id")?.unwrap_or_default(),
            person: column::parsed(row, "person_id")?,
            home: Home::from_row(row)?,
            role: row.get::<Role>("role")?.0,
            means: column::parsed(row, "means")?,
            assurance: column::parsed(row, "assurance")?,
            verified_at: column::moment_option(row, "verified_at")?,
            locked_at: column::moment_option(row, "locked_at")?,
            started_at: column::moment(row, "started_at")?,
            seen_at: column::moment(row, "seen_at")?,
            banner_acknowledged_at: column::moment_option(row, "banner_acknowledged_at")?,
            sealed_client: row.get("sealed_client")?,
        })
    }
}
