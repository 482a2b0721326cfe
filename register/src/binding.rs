//! What people are known by when another one vouches for them: a card of an authority, or a name at an issuer of OIDC.
//! The name is kept sealed and found by its keyed digest. Nobody is known by a common name or by a mail address.

use database::{FromRow, Row, bind};
use domain::{ApprovalId, ApprovalKind, Id, Means, PersonId, Private};
use jiff::{SignedDuration, Timestamp};
use seal::Place;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::approval::Approved;
use crate::{Act, Event, EventKind, Refusal, Result, View, column, person};

/// Bindings of one person.
pub const MOST: usize = 10;
/// For so long nobody else gets a name that was somebody's (IA-4).
pub const NOT_AGAIN: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Letters of an issuer, and of a name there.
const MOST_LETTERS: usize = 500;

const INSERT: &str = "-- binding::insert
    INSERT INTO binding (id, person_id, means, issuer, subject_digest, sealed_subject, approval_id, added_at)
    VALUES (:id, :person, :means, :issuer, :subject_digest, :sealed_subject, :approval, :now)
    ON CONFLICT DO NOTHING";

const FIND: &str = "-- binding::find
    SELECT id, person_id, means, issuer, sealed_subject, added_at, used_at FROM binding
    WHERE means = :means AND issuer = :issuer AND subject_digest = :subject_digest AND removed_at IS NULL";

const OTHERS_PAST: &str = "-- binding::others_past
    SELECT COUNT(*) FROM binding
    WHERE subject_digest = :subject_digest AND removed_at > :since AND means = :means AND issuer = :issuer
    AND person_id <> :person";

const OF_PERSON: &str = "-- binding::of_person
    SELECT id, person_id, means, issuer, sealed_subject, added_at, used_at FROM binding
    WHERE person_id = :person AND removed_at IS NULL ORDER BY added_at, id";

const USE: &str = "-- binding::mark_used
    UPDATE binding SET used_at = :now WHERE id = :id AND removed_at IS NULL";

const REMOVE: &str = "-- binding::remove
    UPDATE binding SET removed_at = :now WHERE id = :id AND person_id = :person AND removed_at IS NULL";

const REMOVE_ALL: &str = "-- binding::remove_all_of
    UPDATE binding SET removed_at = :now WHERE person_id = :person AND removed_at IS NULL";

const END_SESSIONS: &str = "-- binding::end_sessions
    UPDATE session SET ended_at = :now WHERE binding_id = :id AND ended_at IS NULL";

const END_ONE: &str = "-- binding::end_one
    UPDATE session SET ended_at = :now
    WHERE binding_id = :id AND outside_digest = :outside AND ended_at IS NULL";

const STAND_ON: &str = "-- binding::stand_on
    UPDATE session SET binding_id = :id, outside_digest = :outside WHERE digest = :digest";

/// By what somebody is known to another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// A card, or another organisation's word.
    pub means: Means,
    /// SHA-256 of the root certificate that vouches for a card; the issuer of OIDC.
    pub issuer: String,
    /// `uuid:…` or `fasc-n:…` of a card; the subject at an issuer.
    pub subject: String,
}

impl Identity {
    /// Keyed digest of the whole of it.
    fn digest(&self, view: &View<'_>) -> [u8; 32] {
        view.secret_digest(format!("binding\n{}\n{}\n{}", self.means, self.issuer, self.subject).as_bytes())
    }

    fn is_sound(&self) -> bool {
        let short = |text: &str| !text.trim().is_empty() && text.chars().count() <= MOST_LETTERS;
        matches!(self.means, Means::Card | Means::Federation) && short(&self.issuer) && short(&self.subject)
    }
}

/// A binding that opens.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Its name on its person's own page.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// A card, or another organisation's word.
    pub means: Means,
    /// Who vouches.
    pub issuer: String,
    /// When it was recorded.
    pub added_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
    sealed_subject: Vec<u8>,
}

impl Binding {
    /// The name that its issuer has for its person.
    ///
    /// # Errors
    /// A fault when the column cannot be opened.
    pub fn subject(&self, view: &View<'_>) -> Result<Private<String>> {
        view.open_text(view.house_key(), &place(&self.id), &self.sealed_subject)
    }
}

/// Records by what a person is known, as part of the act that spends their ticket.
///
/// # Errors
/// [`Refusal::NotFound`] for a person who is unknown or switched off, [`Refusal::Conflict`] when it is somebody's, or was
/// somebody else's within the year, [`Refusal::Unfit`] for what is no identity and for one too many.
pub fn add(act: &Act<'_>, person: &PersonId, identity: &Identity) -> Result<String> {
    record(act, person, identity, None)
}

/// The same on the word of two people, who read exactly this.
///
/// # Errors
/// As [`add`]; [`Refusal::NotFound`] when they agreed to something else.
pub fn add_approved(act: &Act<'_>, approved: &Approved) -> Result<String> {
    if approved.kind() != ApprovalKind::BindIdentity {
        return Err(Refusal::NotFound.into());
    }
    let person = PersonId::parse(approved.subject()).map_err(|_| Refusal::NotFound)?;
    let said = approved.details().reveal();
    let identity: Identity =
        serde_json::from_value(said.clone()).map_err(|_| Refusal::Unfit { what: "identity" })?;
    record(act, &person, &identity, Some(approved.id()))
}

fn record(
    act: &Act<'_>,
    person: &PersonId,
    identity: &Identity,
    approval: Option<&ApprovalId>,
) -> Result<String> {
    if !identity.is_sound() {
        return Err(Refusal::Unfit { what: "identity" }.into());
    }
    person::find(act, person)?.ok_or(Refusal::NotFound)?;
    if of_person(act, person)?.len() >= MOST {
        return Err(Refusal::Unfit { what: "number of cards" }.into());
    }
    let (means, issuer, digest) =
        (identity.means.as_str(), identity.issuer.as_str(), identity.digest(act).to_vec());
    let since = act.now().checked_sub(NOT_AGAIN).unwrap_or(Timestamp::MIN);
    let asked = bind! {
        subject_digest: digest.clone(), means, issuer, person: person.as_str(), since: column::micros(since),
    };
    let past: i64 = act.tx().get(OTHERS_PAST, &asked)?;
    let id = seal::hex(&act.chance::<16>()?);
    let row = bind! {
        id: id.as_str(), person: person.as_str(), means, issuer, subject_digest: digest,
        sealed_subject: act.seal(act.house_key(), &place(&id), identity.subject.as_bytes())?,
        approval: approval.map(Id::as_str), now: column::micros(act.now()),
    };
    if past > 0 || act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details =
        json!({ "approval": approval, "binding": id, "issuer": issuer, "means": means, "person": person });
    act.note(Event::of_house(EventKind::BindingAdded).with(details))?;
    Ok(id)
}

/// Who is known by this.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, identity: &Identity) -> Result<Option<Binding>> {
    let asked = bind! {
        means: identity.means.as_str(), issuer: identity.issuer.as_str(),
        subject_digest: identity.digest(view).to_vec(),
    };
    Ok(view.tx().find(FIND, &asked)?)
}

/// By what a person is known, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn of_person(view: &View<'_>, person: &PersonId) -> Result<Vec<Binding>> {
    Ok(view.tx().rows(OF_PERSON, &bind! { person: person.as_str() })?)
}

/// Writes down that a binding was used, as part of the act that it was used for.
///
/// # Errors
/// [`Refusal::Conflict`] when it was removed meanwhile.
pub fn mark_used(act: &Act<'_>, id: &str) -> Result<()> {
    if act.tx().execute(USE, &bind! { id, now: column::micros(act.now()) })? == 0 {
        return Err(Refusal::Conflict.into());
    }
    Ok(())
}

/// From now on a session stands on this binding, and on the session that its issuer has now: whoever was seen anew is out
/// when that one ends.
///
/// # Errors
/// A fault of the database.
pub fn stand_on(act: &Act<'_>, session: [u8; 32], binding: &Binding, outside: Option<&str>) -> Result<()> {
    let outside = outside.map(|sid| outside_digest(act, &binding.issuer, sid).to_vec());
    act.tx().execute(STAND_ON, &bind! { digest: session, id: binding.id.as_str(), outside })?;
    Ok(())
}

/// Removes a binding, and ends the sessions that it opened.
///
/// # Errors
/// [`Refusal::NotFound`] when this person has no such binding.
pub fn remove(act: &Act<'_>, person: &PersonId, id: &str) -> Result<()> {
    let row = bind! { id, person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(REMOVE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let ended = act.tx().execute(END_SESSIONS, &bind! { id, now: column::micros(act.now()) })?;
    let details = json!({ "binding": id, "person": person, "sessions_ended": ended });
    act.note(Event::of_house(EventKind::BindingRemoved).with(details))?;
    Ok(())
}

/// Removes whatever a person was known by, as part of the act that lets them in again after proofing them anew.
///
/// # Errors
/// A fault of the database.
pub fn remove_all_of(act: &Act<'_>, person: &PersonId) -> Result<u64> {
    let row = bind! { person: person.as_str(), now: column::micros(act.now()) };
    let removed = act.tx().execute(REMOVE_ALL, &row)?;
    if removed > 0 {
        let details = json!({ "bindings": removed, "person": person });
        act.note(Event::of_house(EventKind::BindingRemoved).with(details))?;
    }
    Ok(removed)
}

/// The issuer says that its session is over: ends the one session that it opened here, or all of this binding where it
/// names none. Answers how many ended.
///
/// # Errors
/// A fault of the database.
pub fn signed_out(act: &Act<'_>, binding: &Binding, outside: Option<&str>) -> Result<u64> {
    let (id, now) = (binding.id.as_str(), column::micros(act.now()));
    let ended = match outside {
        Some(sid) => {
            let outside = outside_digest(act, &binding.issuer, sid).to_vec();
            act.tx().execute(END_ONE, &bind! { id, now, outside })?
        }
        None => act.tx().execute(END_SESSIONS, &bind! { id, now })?,
    };
    let details = json!({ "binding": id, "person": binding.person, "sessions_ended": ended });
    act.note(Event::of_house(EventKind::SignedOutOutside).with(details))?;
    Ok(ended)
}

/// Keyed digest of what an issuer calls a session.
#[must_use]
pub fn outside_digest(view: &View<'_>, issuer: &str, sid: &str) -> [u8; 32] {
    view.secret_digest(format!("outside session\n{issuer}\n{sid}").as_bytes())
}

/// Notes that a card or an issuer said who somebody is; what follows is up to them.
///
/// # Errors
/// A fault of the database.
pub fn vouched(act: &Act<'_>, identity: &Identity, told: &serde_json::Value) -> Result<()> {
    let details = json!({ "issuer": identity.issuer, "means": identity.means, "told": told });
    act.note(Event::of_house(EventKind::PersonVouchedFor).with(details))?;
    Ok(())
}

fn place(id: &str) -> Place<'_> {
    Place { table: "binding", row: id.as_bytes(), column: "sealed_subject" }
}

impl FromRow for Binding {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            person: column::parsed(row, "person_id")?,
            means: column::parsed(row, "means")?,
            issuer: row.get("issuer")?,
            added_at: column::moment(row, "added_at")?,
            used_at: column::moment_option(row, "used_at")?,
            sealed_subject: row.get("sealed_subject")?,
        })
    }
}
