//! People who sign in, where they belong, and the links that let them in. A name is private: it is sealed under the
//! house's own key.

use database::{FromRow, FromValue, Mismatch, Row, ValueRef, bind};
use domain::{AgencyId, Gone, Id, PersonId, Private, ProviderId};
use jiff::Timestamp;
use policy::ViewerRole;
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, account, agency, column, provider, session};

const INSERT: &str = "-- person::insert
    INSERT INTO person (id, agency_id, provider_id, role, sealed_name, added_at, attested_until)
    VALUES (:person, :agency, :provider, :role, :sealed_name, :now, :attested_until)
    ON CONFLICT (id) DO NOTHING";

const FIND: &str = "-- person::find
    SELECT id, agency_id, provider_id, role, sealed_name FROM person WHERE id = :person AND disabled_at IS NULL";

const OF_AGENCY: &str = "-- person::of_agency
    SELECT id, agency_id, provider_id, role, sealed_name FROM person
    WHERE agency_id = :agency AND disabled_at IS NULL ORDER BY id LIMIT :most";

const OF_HOUSE: &str = "-- person::of_house
    SELECT id, agency_id, provider_id, role, sealed_name FROM person
    WHERE agency_id IS NULL AND provider_id IS NULL AND disabled_at IS NULL ORDER BY id LIMIT :most";

const DISABLE: &str = "-- person::disable
    UPDATE person SET disabled_at = :now, disabled_because = :because WHERE id = :person AND disabled_at IS NULL";

const INSERT_LINK: &str = "-- person::insert_link
    INSERT INTO sign_in_link (digest, person_id, issued_at, expires_at)
    VALUES (:digest, :person, :now, :expires_at)
    ON CONFLICT (digest) DO NOTHING";

const FIND_BY_LINK: &str = "-- person::find_by_link
    SELECT id, agency_id, provider_id, role, sealed_name FROM sign_in_link
    JOIN person ON person.id = sign_in_link.person_id
    WHERE digest = :digest AND expires_at > :now AND disabled_at IS NULL";

/// People of one agency that are listed.
const MOST_LISTED: u32 = 10_000;

/// Where a person belongs. Nobody belongs to two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// The clearinghouse itself.
    House,
    /// An agency.
    Agency(AgencyId),
    /// A provider.
    Provider(ProviderId),
}

impl Home {
    /// The agency, where it is one.
    #[must_use]
    pub const fn agency(&self) -> Option<&AgencyId> {
        match self {
            Self::Agency(agency) => Some(agency),
            Self::House | Self::Provider(_) => None,
        }
    }

    /// The provider, where it is one.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderId> {
        match self {
            Self::Provider(provider) => Some(provider),
            Self::House | Self::Agency(_) => None,
        }
    }

    /// Whether a role is one of this home.
    #[must_use]
    pub const fn has(&self, role: ViewerRole) -> bool {
        match self {
            Self::House => role.is_of_house(),
            Self::Agency(_) => role.is_of_agency(),
            Self::Provider(_) => role.is_of_provider(),
        }
    }

    /// Whether its people are let in at all.
    pub fn is_live(&self, view: &View<'_>) -> Result<bool> {
        match self {
            Self::House => Ok(true),
            Self::Agency(agency) => agency::is_live(view, agency),
            Self::Provider(provider) => provider::is_live(view, provider),
        }
    }

    /// Refuses a provider that is switched off, or was never put on the register: nobody is invited or added for it.
    pub(crate) fn must_take_people(&self, view: &View<'_>) -> Result<()> {
        match self {
            Self::Provider(provider) if !provider::stays_live(view, provider)? => {
                Err(Refusal::Unfit { what: "provider" }.into())
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let agency = column::parsed_option(row, "agency_id")?.map(Self::Agency);
        let provider = column::parsed_option(row, "provider_id")?.map(Self::Provider);
        Ok(agency.or(provider).unwrap_or(Self::House))
    }
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Where they belong.
    pub home: Home,
    /// What they are there for.
    pub role: ViewerRole,
    /// Their name.
    pub name: Private<String>,
}

/// Adds a person.
///
/// # Errors
/// [`Refusal::Conflict`] when the id is taken, [`Refusal::Unfit`] for the role of a system, for one that is not of their
/// home, and for a provider that is unknown or switched off; a fault for an unknown agency.
pub fn add(act: &Act<'_>, person: &Person) -> Result<()> {
    if !person.home.has(person.role) {
        return Err(Refusal::Unfit { what: "role" }.into());
    }
    person.home.must_take_people(act)?;
    let role = person.role.as_str();
    let sealed_name = act.seal(act.house_key(), &place(&person.id), person.name.reveal().as_bytes())?;
    let row = bind! {
        person: person.id.as_str(), agency: person.home.agency().map(Id::as_str),
        provider: person.home.provider().map(Id::as_str), role, sealed_name, now: column::micros(act.now()),
        attested_until: person.home.agency().map(|_| account::attested_from(act.now())),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({
        "agency": person.home.agency(), "person": person.id, "provider": person.home.provider(), "role": role,
    });
    act.note(Event::of_house(EventKind::PersonAdded).with(details))?;
    Ok(())
}

/// A person who is not switched off.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, id: &PersonId) -> Result<Option<Person>> {
    let row: Option<Sealed> = view.tx().find(FIND, &bind! { person: id.as_str() })?;
    row.map(|row| row.opened(view)).transpose()
}

/// The people of an agency who are not switched off.
///
/// # Errors
/// A fault of the database.
pub fn of_agency(view: &View<'_>, agency: &AgencyId) -> Result<Vec<Person>> {
    let rows: Vec<Sealed> =
        view.tx().rows(OF_AGENCY, &bind! { agency: agency.as_str(), most: MOST_LISTED })?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// The clearinghouse's own people who are not switched off.
///
/// # Errors
/// A fault of the database.
pub fn of_house(view: &View<'_>) -> Result<Vec<Person>> {
    let rows: Vec<Sealed> = view.tx().rows(OF_HOUSE, &bind! { most: MOST_LISTED })?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// Switches a person off by hand, for good: every session of theirs ends with it.
///
/// # Errors
/// [`Refusal::NotFound`], also when they are off already.
pub fn disable(act: &Act<'_>, id: &PersonId) -> Result<()> {
    disable_because(act, id, Gone::ByHand)
}

/// The same, with the reason. It holds everywhere at once: every process asks for the session at every request, and finds
/// none.
///
/// # Errors
/// [`Refusal::NotFound`], also when they are off already.
pub fn disable_because(act: &Act<'_>, id: &PersonId, because: Gone) -> Result<()> {
    let row = bind! { person: id.as_str(), now: column::micros(act.now()), because: because.as_str() };
    if act.tx().execute(DISABLE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let ended = session::close_all_of(act, id)?;
    let details = json!({ "because": because, "person": id, "sessions_ended": ended });
    act.note(Event::of_house(EventKind::PersonDisabled).with(details))?;
    Ok(())
}

/// Gives a person a link to sign in with, good until a moment; only its keyed digest is kept.
///
/// # Errors
/// [`Refusal::Conflict`] when the link is taken; a fault for an unknown person.
pub fn add_link(act: &Act<'_>, person: &PersonId, digest: [u8; 32], expires_at: Timestamp) -> Result<()> {
    let row = bind! {
        digest, person: person.as_str(), now: column::micros(act.now()),
        expires_at: column::micros(expires_at),
    };
    if act.tx().execute(INSERT_LINK, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    act.note(Event::of_house(EventKind::LinkIssued).with(json!({ "person": person })))?;
    Ok(())
}

/// Whose link has this digest, while it is good and the person and their home are let in.
///
/// # Errors
/// A fault of the database.
pub fn find_by_link(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> Result<Option<Person>> {
    let asked = bind! { digest, now: column::micros(now) };
    let Some(row) = view.tx().find::<Sealed>(FIND_BY_LINK, &asked)? else { return Ok(None) };
    let person = row.opened(view)?;
    Ok(person.home.is_live(view)?.then_some(person))
}

/// A role from its row.
pub(crate) struct Role(pub ViewerRole);

impl FromValue for Role {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        let ValueRef::Text(text) = value else { return Err(Mismatch::new("role", value)) };
        let found = ViewerRole::OF_PEOPLE.into_iter().find(|role| role.as_str() == text);
        found.map(Self).ok_or_else(|| Mismatch::new("role", value))
    }
}

fn place(id: &PersonId) -> Place<'_> {
    Place { table: "person", row: id.as_str().as_bytes(), column: "sealed_name" }
}

struct Sealed {
    id: PersonId,
    home: Home,
    role: ViewerRole,
    sealed_name: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Person> {
        let name = view.open_text(view.house_key(), &place(&self.id), &self.sealed_name)?;
        let Self { id, home, role, .. } = self;
        Ok(Person { id, home, role, name })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: column::parsed(row, "id")?,
            home: Home::from_row(row)?,
            role: row.get::<Role>("role")?.0,
            sealed_name: row.get("sealed_name")?,
        })
    }
}
