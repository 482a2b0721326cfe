//! Persons who sign in, and the links with which they do in the synthetic demo.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, PersonId, Private};
use jiff::Timestamp;
use policy::ViewerRole;
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- person::insert
    INSERT INTO person (id, agency_id, role, sealed_name, added_at)
    VALUES (:person, :agency, :role, :sealed_name, :now) ON CONFLICT DO NOTHING";

const INSERT_LINK: &str = "-- person::insert_link
    INSERT INTO sign_in_link (digest, person_id, issued_at, expires_at)
    VALUES (:digest, :person, :now, :expires_at) ON CONFLICT DO NOTHING";

const FIND_BY_LINK: &str = "-- person::find_by_link
    SELECT person.id, agency_id, role, sealed_name FROM sign_in_link
    JOIN person ON person.id = sign_in_link.person_id
    WHERE digest = :digest AND expires_at > :now AND person.disabled_at IS NULL";

const FIND: &str = "-- person::find
    SELECT id, agency_id, role, sealed_name FROM person WHERE id = :person AND disabled_at IS NULL";

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// The agency they belong to; `None` for staff.
    pub agency: Option<AgencyId>,
    /// Their role.
    pub role: ViewerRole,
    /// Their name.
    pub name: Private<String>,
}

/// Adds a person.
///
/// # Errors
/// [`Refusal::Conflict`] when the id is taken, [`Refusal::Unfit`] for a role that no person has.
pub fn add(act: &Act<'_>, person: &Person) -> Result<()> {
    let role = word(person.role).ok_or(Refusal::Unfit { what: "role" })?;
    let row = bind! {
        person: person.id.as_str(), agency: person.agency.as_ref().map(|a| a.as_str().to_owned()), role,
        sealed_name: act.seal(act.house_key(), &place(&person.id), person.name.reveal().as_bytes())?,
        now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "person": person.id, "agency": person.agency, "role": role });
    act.note(Event::of_house(EventKind::PersonAdded).with(details))?;
    Ok(())
}

/// Gives a person a sign-in link; only its keyed digest is kept.
///
/// # Errors
/// [`Refusal::Conflict`] when there is one of this digest.
pub fn add_link(act: &Act<'_>, person: &PersonId, digest: [u8; 32], expires_at: Timestamp) -> Result<()> {
    let row = bind! {
        digest, person: person.as_str(), now: column::micros(act.now()), expires_at: column::micros(expires_at),
    };
    if act.tx().execute(INSERT_LINK, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    act.note(Event::of_house(EventKind::LinkIssued).with(json!({ "person": person })))?;
    Ok(())
}

/// The person behind a link that has not run out.
///
/// # Errors
/// A fault of the database or a key.
pub fn find_by_link(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> Result<Option<Person>> {
    let row: Option<Sealed> = view.tx().find(FIND_BY_LINK, &bind! { digest, now: column::micros(now) })?;
    row.map(|row| row.opened(view)).transpose()
}

/// A person who is not switched off.
///
/// # Errors
/// A fault of the database or a key.
pub fn find(view: &View<'_>, person: &PersonId) -> Result<Option<Person>> {
    let row: Option<Sealed> = view.tx().find(FIND, &bind! { person: person.as_str() })?;
    row.map(|row| row.opened(view)).transpose()
}

fn place(person: &PersonId) -> Place<'_> {
    Place { table: "person", row: person.as_str().as_bytes(), column: "sealed_name" }
}

/// A role as rows have it; systems are no persons.
const fn word(role: ViewerRole) -> Option<&'static str> {
    match role {
        ViewerRole::Commander => Some("commander"),
        ViewerRole::Investigator => Some("investigator"),
        ViewerRole::Prosecutor => Some("prosecutor"),
        ViewerRole::Analyst => Some("analyst"),
        ViewerRole::AgencySystem => None,
    }
}

struct Sealed {
    id: PersonId,
    agency: Option<AgencyId>,
    role: String,
    name: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Person> {
        let name = view.open_text(view.house_key(), &place(&self.id), &self.name)?;
        let role = match self.role.as_str() {
            "commander" => ViewerRole::Commander,
            "prosecutor" => ViewerRole::Prosecutor,
            "analyst" => ViewerRole::Analyst,
            _ => ViewerRole::Investigator,
        };
        Ok(Person { id: self.id, agency: self.agency, role, name })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: column::parsed(row, "id")?,
            agency: column::parsed_option(row, "agency_id")?,
            role: row.get("role")?,
            name: row.get("sealed_name")?,
        })
    }
}
