//! Agencies: what qualifies each to receive, until when, and the tokens of their own systems.

use database::{FromRow, Row, bind};
use domain::{AgencyClass, AgencyId, BasisCode, CredentialId, Id, Relationship};
use jiff::Timestamp;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const PUT: &str = "-- agency::put
    INSERT INTO agency (id, name, class, relationship, state, qualifying_fact, verified_by, evidence, qualified_until,
        changed_at)
    VALUES (:agency, :name, :class, :relationship, :state, :fact, :verified_by, :evidence, :until, :now)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, class = excluded.class,
        relationship = excluded.relationship, state = excluded.state, qualifying_fact = excluded.qualifying_fact,
        verified_by = excluded.verified_by, evidence = excluded.evidence,
        qualified_until = excluded.qualified_until, changed_at = excluded.changed_at";

const GET: &str = "-- agency::get
    SELECT id, name, class, relationship, state, qualifying_fact, verified_by, evidence, qualified_until, disabled_at
    FROM agency WHERE id = :agency";

const LIST: &str = "-- agency::list
    SELECT id, name, class, relationship, state, qualifying_fact, verified_by, evidence, qualified_until, disabled_at
    FROM agency ORDER BY id";

const INSERT_CLIENT: &str = "-- agency::insert_client
    INSERT INTO agency_client (id, agency_id, token_digest, added_at)
    VALUES (:client, :agency, :token_digest, :now) ON CONFLICT DO NOTHING";

const FIND_CLIENT: &str = "-- agency::find_client
    SELECT agency_client.id, agency_id FROM agency_client JOIN agency ON agency.id = agency_client.agency_id
    WHERE token_digest = :token_digest AND agency_client.disabled_at IS NULL AND agency.disabled_at IS NULL";

/// The fact that qualifies an agency, known whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualification {
    /// The fact, such as `lead agency of an ICAC task force`.
    pub fact: String,
    /// Who verified it.
    pub verified_by: String,
    /// Where the evidence is.
    pub evidence: String,
    /// Until when it holds; without an end when `None`.
    pub until: Option<Timestamp>,
}

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: AgencyClass,
    /// A foreign agency's relationship.
    pub relationship: Option<Relationship>,
    /// The US state it belongs to.
    pub state: Option<String>,
    /// What qualifies it.
    pub qualification: Option<Qualification>,
    /// Since when it is switched off; set by its own act, not by [`put`].
    pub disabled_at: Option<Timestamp>,
}

impl Agency {
    /// True when a delivery on this basis fits the agency's class and relationship (legal-rules section 3).
    #[must_use]
    pub const fn may_receive_on(&self, basis: BasisCode) -> bool {
        use BasisCode as B;
        match (self.class, basis) {
            (AgencyClass::Federal, B::C1Fed | B::G3aDesig | B::G3aInvolved)
            | (AgencyClass::State, B::C2State | B::G3bState)
            | (AgencyClass::Local, B::C2Local | B::G3bLocal)
            | (AgencyClass::Tribal, B::G3bTribal)
            | (_, B::G3eProcess) => true,
            (AgencyClass::Foreign, basis) => matches!(
                (self.relationship, basis),
                (Some(Relationship::Designated), B::C3ForDesig)
                    | (Some(Relationship::Fbi), B::C3ForFbi)
                    | (Some(Relationship::Ice), B::C3ForIce)
                    | (Some(Relationship::Interpol), B::C3ForInterpol)
            ),
            _ => false,
        }
    }
}

/// Adds an agency, or writes anew what is known of it.
///
/// # Errors
/// A fault of the database.
pub fn put(act: &Act<'_>, agency: &Agency) -> Result<()> {
    let fact = agency.qualification.as_ref();
    let row = bind! {
        agency: agency.id.as_str(), name: &agency.name, class: agency.class.as_str(),
        relationship: agency.relationship.map(Relationship::as_str), state: agency.state.clone(),
        fact: fact.map(|q| q.fact.clone()), verified_by: fact.map(|q| q.verified_by.clone()),
        evidence: fact.map(|q| q.evidence.clone()), until: fact.and_then(|q| q.until).map(column::micros),
        now: column::micros(act.now()),
    };
    act.tx().execute(PUT, &row)?;
    let details = json!({ "agency": agency.id, "class": agency.class, "qualified": fact.is_some() });
    act.note(Event::of_house(EventKind::AgencyAdded).with(details))?;
    Ok(())
}

/// An agency.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, agency: &AgencyId) -> Result<Agency> {
    let found: Option<Agency> = view.tx().find(GET, &bind! { agency: agency.as_str() })?;
    Ok(found.ok_or(Refusal::NotFound)?)
}

/// An agency that may receive at this moment.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Disabled`], [`Refusal::NotQualified`] without a live qualifying fact.
pub fn live(view: &View<'_>, agency: &AgencyId, now: Timestamp) -> Result<Agency> {
    let found = get(view, agency)?;
    if found.disabled_at.is_some() {
        return Err(Refusal::Disabled.into());
    }
    let fact = found.qualification.as_ref().ok_or(Refusal::NotQualified)?;
    if fact.until.is_some_and(|until| until <= now) {
        return Err(Refusal::NotQualified.into());
    }
    Ok(found)
}

/// All agencies, by id.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>) -> Result<Vec<Agency>> {
    Ok(view.tx().rows(LIST, &bind! {})?)
}

/// Issues a token to an agency's own system; only its keyed digest is kept.
///
/// # Errors
/// [`Refusal::Conflict`] when id or token is taken.
pub fn add_client(act: &Act<'_>, agency: &AgencyId, client: &CredentialId, token_digest: [u8; 32]) -> Result<()> {
    let row = bind! {
        client: client.as_str(), agency: agency.as_str(), token_digest, now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT_CLIENT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "agency": agency, "credential": client });
    act.note(Event::of_house(EventKind::ClientAdded).with(details))?;
    Ok(())
}

/// The agency and credential behind a token's digest, unless either is switched off.
///
/// # Errors
/// A fault of the database.
pub fn find_client(view: &View<'_>, token_digest: [u8; 32]) -> Result<Option<(AgencyId, CredentialId)>> {
    let found: Option<Client> = view.tx().find(FIND_CLIENT, &bind! { token_digest })?;
    Ok(found.map(|client| (client.agency, client.credential)))
}

struct Client {
    agency: AgencyId,
    credential: CredentialId,
}

impl FromRow for Client {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { agency: column::parsed(row, "agency_id")?, credential: column::parsed(row, "id")? })
    }
}

impl FromRow for Agency {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let fact: Option<String> = row.get("qualifying_fact")?;
        let qualification = match fact {
            None => None,
            Some(fact) => Some(Qualification {
                fact,
                verified_by: row.get("verified_by")?,
                evidence: row.get("evidence")?,
                until: column::moment_option(row, "qualified_until")?,
            }),
        };
        Ok(Self {
            id: column::parsed(row, "id")?,
            name: row.get("name")?,
            class: column::parsed(row, "class")?,
            relationship: column::parsed_option(row, "relationship")?,
            state: row.get("state")?,
            qualification,
            disabled_at: column::moment_option(row, "disabled_at")?,
        })
    }
}
