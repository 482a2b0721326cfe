//! Keys that people sign in with. What is kept of a key is its public half; its name is its person's words and sealed.

use database::{FromRow, Row, bind};
use domain::{Id, PersonId, Private};
use jiff::Timestamp;
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

/// Keys of one person.
pub const MOST: usize = 10;
/// Characters of a name.
pub const MOST_NAME_CHARS: usize = 60;

const INSERT: &str = "-- passkey::insert
    INSERT INTO passkey (id, person_id, site, credential, sealed_name, stored, algorithm, aaguid, attested, syncable,
        backed_up, counter, added_at)
    VALUES (:id, :person, :site, :credential, :sealed_name, :stored, :algorithm, :aaguid, :attested, :syncable,
        :backed_up, :counter, :now)
    ON CONFLICT (site, credential) DO NOTHING";

const FIND: &str = "-- passkey::find
    SELECT id, person_id, site, credential, sealed_name, stored, algorithm, aaguid, attested, syncable, backed_up,
        counter, added_at, used_at
    FROM passkey WHERE site = :site AND credential = :credential AND removed_at IS NULL";

const OF_PERSON: &str = "-- passkey::of_person
    SELECT id, person_id, site, credential, sealed_name, stored, algorithm, aaguid, attested, syncable, backed_up,
        counter, added_at, used_at
    FROM passkey WHERE person_id = :person AND removed_at IS NULL ORDER BY added_at, id";

const USE: &str = "-- passkey::mark_used
    UPDATE passkey SET stored = :stored, counter = :counter, backed_up = :backed_up, used_at = :now
    WHERE id = :id AND removed_at IS NULL AND (counter < :counter OR counter = 0 AND :counter = 0)";

const REMOVE: &str = "-- passkey::remove
    UPDATE passkey SET removed_at = :now WHERE id = :id AND person_id = :person AND removed_at IS NULL";

const REMOVE_ALL: &str = "-- passkey::remove_all_of
    UPDATE passkey SET removed_at = :now WHERE person_id = :person AND removed_at IS NULL";

/// A key as it is enrolled.
#[derive(Debug, Clone)]
pub struct New {
    /// Whose it is.
    pub person: PersonId,
    /// The host name that it was made for.
    pub site: String,
    /// What its person calls it.
    pub name: Private<String>,
    /// The name that it gave itself.
    pub credential: Vec<u8>,
    /// Its public half.
    pub stored: String,
    /// How it signs.
    pub algorithm: &'static str,
    /// Its model, where its makers state one.
    pub aaguid: Option<String>,
    /// How well that is known: `no`, `stated` or `proved`.
    pub attested: &'static str,
    /// It can be copied to other devices.
    pub syncable: bool,
    /// It was copied already.
    pub backed_up: bool,
    /// How often it was used.
    pub counter: u32,
}

/// A key that opens.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Its name on its person's own page.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// The host name that it was made for.
    pub site: String,
    /// The name that it gave itself.
    pub credential: Vec<u8>,
    /// Its public half.
    pub stored: String,
    /// How it signs.
    pub algorithm: String,
    /// Its model, where its makers state one.
    pub aaguid: Option<String>,
    /// How well that is known: `no`, `stated` or `proved`.
    pub attested: String,
    /// It can be copied to other devices.
    pub syncable: bool,
    /// It was copied when it was used last.
    pub backed_up: bool,
    /// How often it says that it was used.
    pub counter: u32,
    /// When it was enrolled.
    pub added_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
    sealed_name: Vec<u8>,
}

impl Passkey {
    /// What its person calls it.
    ///
    /// # Errors
    /// A fault when the column cannot be opened.
    pub fn name(&self, view: &View<'_>) -> Result<Private<String>> {
        view.open_text(view.house_key(), &place(&self.id), &self.sealed_name)
    }
}

/// Enrols a key, and answers its name on its person's page.
///
/// # Errors
/// [`Refusal::Unfit`] for a name that is empty or too long and for one key too many, [`Refusal::Conflict`] when the key
/// is enrolled already, by whomever.
pub fn add(act: &Act<'_>, new: &New) -> Result<String> {
    let name = new.name.reveal().trim();
    if name.is_empty() || name.chars().count() > MOST_NAME_CHARS {
        return Err(Refusal::Unfit { what: "name of the key" }.into());
    }
    if of_person(act, &new.person)?.len() >= MOST {
        return Err(Refusal::Unfit { what: "number of keys" }.into());
    }
    let id = seal::hex(&act.chance::<16>()?);
    let sealed_name = act.seal(act.house_key(), &place(&id), name.as_bytes())?;
    let row = bind! {
        id: id.as_str(), person: new.person.as_str(), site: new.site.as_str(), credential: new.credential.clone(),
        sealed_name, stored: new.stored.as_str(), algorithm: new.algorithm, aaguid: new.aaguid.as_deref(),
        attested: new.attested, syncable: u32::from(new.syncable), backed_up: u32::from(new.backed_up),
        counter: new.counter, now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({
        "aaguid": new.aaguid, "algorithm": new.algorithm, "attested": new.attested, "passkey": id,
        "person": new.person, "site": new.site, "syncable": new.syncable,
    });
    act.note(Event::of_house(EventKind::PasskeyAdded).with(details))?;
    Ok(id)
}

/// The key of a site that gave itself this name.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, site: &str, credential: &[u8]) -> Result<Option<Passkey>> {
    Ok(view.tx().find(FIND, &bind! { site, credential: credential.to_vec() })?)
}

/// The keys of a person, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn of_person(view: &View<'_>, person: &PersonId) -> Result<Vec<Passkey>> {
    Ok(view.tx().rows(OF_PERSON, &bind! { person: person.as_str() })?)
}

/// Writes down that a key was used, as part of the act that it was used for.
///
/// # Errors
/// [`Refusal::Conflict`] when it was removed, or used meanwhile with a higher counter.
pub fn mark_used(act: &Act<'_>, id: &str, stored: &str, counter: u32, backed_up: bool) -> Result<()> {
    let row = bind! { id, stored, counter, backed_up: u32::from(backed_up), now: column::micros(act.now()) };
    if act.tx().execute(USE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    Ok(())
}

/// Removes a key of a person, never their last one.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not theirs, [`Refusal::LastKey`] when there is no other.
pub fn remove(act: &Act<'_>, person: &PersonId, id: &str) -> Result<()> {
    let keys = of_person(act, person)?;
    if keys.iter().all(|key| key.id != id) {
        return Err(Refusal::NotFound.into());
    }
    if keys.len() == 1 {
        return Err(Refusal::LastKey.into());
    }
    act.tx().execute(REMOVE, &bind! { id, person: person.as_str(), now: column::micros(act.now()) })?;
    let details = json!({ "passkey": id, "person": person });
    act.note(Event::of_house(EventKind::PasskeyRemoved).with(details))?;
    Ok(())
}

/// Removes every key of a person whose proofing was renewed, as part of the act that enrols the next one.
///
/// # Errors
/// A fault of the database.
pub fn remove_all_of(act: &Act<'_>, person: &PersonId) -> Result<u64> {
    let row = bind! { person: person.as_str(), now: column::micros(act.now()) };
    let removed = act.tx().execute(REMOVE_ALL, &row)?;
    let details = json!({ "passkeys": removed, "person": person });
    act.note(Event::of_house(EventKind::PasskeyRemoved).with(details))?;
    Ok(removed)
}

fn place(id: &str) -> Place<'_> {
    Place { table: "passkey", row: id.as_bytes(), column: "sealed_name" }
}

impl FromRow for Passkey {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            person: column::parsed(row, "person_id")?,
            site: row.get("site")?,
            credential: row.get("credential")?,
            stored: row.get("stored")?,
            algorithm: row.get("algorithm")?,
            aaguid: row.get("aaguid")?,
            attested: row.get("attested")?,
            syncable: row.get::<i64>("syncable")? != 0,
            backed_up: row.get::<i64>("backed_up")? != 0,
            counter: row.get("counter")?,
            added_at: column::moment(row, "added_at")?,
            used_at: column::moment_option(row, "used_at")?,
            sealed_name: row.get("sealed_name")?,
        })
    }
}
