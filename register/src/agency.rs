//! Agencies, what qualifies each to receive, and the tokens of their own systems.

use database::{FromRow, Row, bind};
use domain::{Actor, AgencyClass, AgencyId, ApprovalKind, BasisCode, CredentialId, Id, Relationship};
use jiff::Timestamp;
use policy::Recipient;
use serde::Deserialize;
use serde_json::json;

use crate::approval::Approved;
use crate::{Act, Event, EventKind, Refusal, Result, View, column, founding, standing};

const PUT: &str = "-- agency::put
    INSERT INTO agency (id, name, class, relationship, state, qualifying_fact, verified_by, evidence,
        qualified_until, changed_at, disabled_at)
    VALUES (:agency, :name, :class, :relationship, :state, :qualifying_fact, :verified_by, :evidence,
        :qualified_until, :now, :disabled_at)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, class = excluded.class,
        relationship = excluded.relationship, state = excluded.state, qualifying_fact = excluded.qualifying_fact,
        verified_by = excluded.verified_by, evidence = excluded.evidence,
        qualified_until = excluded.qualified_until, changed_at = excluded.changed_at,
        disabled_at = excluded.disabled_at";

const GET: &str = "-- agency::get
    SELECT id, name, class, relationship, state, qualifying_fact, verified_by, evidence, qualified_until,
        disabled_at
    FROM agency WHERE id = :agency";

const LIST: &str = "-- agency::list
    SELECT id, name, class, relationship, state, qualifying_fact, verified_by, evidence, qualified_until,
        disabled_at
    FROM agency ORDER BY id LIMIT :most";

const INSERT_CLIENT: &str = "-- agency::insert_client
    INSERT INTO agency_client (id, agency_id, token_digest, added_at)
    VALUES (:credential, :agency, :token_digest, :now)
    ON CONFLICT DO NOTHING";

const DISABLE_CLIENT: &str = "-- agency::disable_client
    UPDATE agency_client SET disabled_at = :now WHERE id = :credential AND disabled_at IS NULL";

const FIND_CLIENT: &str = "-- agency::find_client
    SELECT agency_id, id FROM agency_client WHERE token_digest = :token_digest AND disabled_at IS NULL";

const GET_CLIENT: &str = "-- agency::get_client
    SELECT agency_id, id FROM agency_client WHERE id = :credential AND disabled_at IS NULL";

const BIND_CLIENT: &str = "-- agency::bind_client
    INSERT INTO agency_client_certificate (client_id, sha256, bound_at, bound_by)
    VALUES (:credential, :sha256, :now, :by)";

const CERTIFICATE: &str = "-- agency::certificate
    SELECT sha256 FROM agency_client_certificate WHERE client_id = :credential";

/// Agencies that are listed.
const MOST_LISTED: u32 = 10_000;

/// An agency as the house knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
    /// What it is in the eyes of the law.
    pub class: AgencyClass,
    /// What qualifies it, when it is foreign.
    pub relationship: Option<Relationship>,
    /// The state that it belongs to.
    pub state: Option<String>,
    /// What qualifies it to receive; without it, it receives nothing.
    pub qualification: Option<Qualification>,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
}

impl Agency {
    /// One of the lists, as it is first put on the register.
    #[must_use]
    pub fn listed(recipient: &Recipient, qualification: Option<Qualification>) -> Self {
        Self {
            id: recipient.id.clone(),
            name: recipient.name.clone(),
            class: recipient.class,
            relationship: recipient.relationship,
            state: recipient.state.clone(),
            qualification,
            disabled_at: None,
        }
    }
}

/// What qualifies an agency, and on whose word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualification {
    /// The fact.
    pub fact: String,
    /// Who verified it.
    pub verified_by: String,
    /// The document that shows it.
    pub evidence: String,
    /// When it must be verified again; `None` for a fact that does not age.
    pub until: Option<Timestamp>,
}

impl Agency {
    /// Whether a qualifying fact holds at a moment. A foreign agency needs its relationship too.
    #[must_use]
    pub fn is_qualified(&self, at: Timestamp) -> bool {
        let known = self.qualification.as_ref();
        let fact = known.is_some_and(|known| known.until.is_none_or(|until| at < until));
        fact && (self.class != AgencyClass::Foreign || self.relationship.is_some())
    }

    /// Whether a report can be made available to the agency on a basis: one of its class. Legal process names its own recipients.
    #[must_use]
    pub fn may_receive_on(&self, basis: BasisCode) -> bool {
        let foreign =
            |relationship| self.class == AgencyClass::Foreign && self.relationship == Some(relationship);
        match basis {
            BasisCode::C1Fed | BasisCode::G3aDesig | BasisCode::G3aInvolved => {
                self.class == AgencyClass::Federal
            }
            BasisCode::C2State | BasisCode::G3bState => self.class == AgencyClass::State,
            BasisCode::C2Local | BasisCode::G3bLocal => self.class == AgencyClass::Local,
            BasisCode::G3bTribal => self.class == AgencyClass::Tribal,
            BasisCode::C3ForDesig => foreign(Relationship::Designated),
            BasisCode::C3ForFbi => foreign(Relationship::Fbi),
            BasisCode::C3ForIce => foreign(Relationship::Ice),
            BasisCode::C3ForInterpol => foreign(Relationship::Interpol),
            BasisCode::G3eProcess => true,
            // Of elements, notices, and what is not the making available of a report.
            BasisCode::G3cForDesig
            | BasisCode::G3cForFbi
            | BasisCode::G3cForIce
            | BasisCode::G3cForInterpol
            | BasisCode::G3d2258c
            | BasisCode::D5Notice
            | BasisCode::D5Inability
            | BasisCode::C2258dLe => false,
        }
    }
}

/// Adds an agency, or records what is now known of it. What qualifies it changes so only before two people run the house
/// (`founding`); later it takes [`qualify`].
///
/// # Errors
/// [`Refusal::NotAllowed`] for another qualification once the house is founded.
pub fn put(act: &Act<'_>, agency: &Agency) -> Result<()> {
    let known = find(act, &agency.id)?;
    let before = known.as_ref().and_then(|known| known.qualification.as_ref());
    if agency.qualification.as_ref() != before && founding::is_founded(act)? {
        return Err(Refusal::NotAllowed.into());
    }
    let kind = if known.is_some() { EventKind::AgencyChanged } else { EventKind::AgencyAdded };
    act.tx().execute(PUT, &row(agency, act.now()))?;
    if agency.qualification.as_ref() != before && agency.qualification.is_some() {
        standing::begin(act, &agency.id)?;
    }
    let details = json!({
        "agency": agency.id, "class": agency.class, "qualified": agency.is_qualified(act.now()),
        "relationship": agency.relationship,
    });
    act.note(Event::of_house(kind).with(details))?;
    Ok(())
}

fn row(agency: &Agency, now: Timestamp) -> database::Args {
    let known = agency.qualification.as_ref();
    bind! {
        agency: agency.id.as_str(), name: &agency.name, class: agency.class.as_str(),
        relationship: agency.relationship.map(Relationship::as_str), state: agency.state.as_deref(),
        qualifying_fact: known.map(|known| &known.fact), verified_by: known.map(|known| &known.verified_by),
        evidence: known.map(|known| &known.evidence),
        qualified_until: known.and_then(|known| known.until).map(column::micros),
        now: column::micros(now), disabled_at: agency.disabled_at.map(column::micros),
    }
}

/// Records what qualifies an agency, on the word of two people.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown agency or an approval of something else, [`Refusal::Unfit`] for details that are
/// no qualification.
pub fn qualify(act: &Act<'_>, approved: &Approved) -> Result<()> {
    if approved.kind() != ApprovalKind::QualifyAgency {
        return Err(Refusal::NotFound.into());
    }
    let id = AgencyId::parse(approved.subject()).map_err(|_| Refusal::NotFound)?;
    let claim: Claim = serde_json::from_value(approved.details().reveal().clone())
        .map_err(|_| Refusal::Unfit { what: "qualification" })?;
    let (first, second) = (approved.asked().0, approved.approved().0);
    let known = get(act, &id)?;
    let qualification = Qualification {
        fact: claim.fact,
        verified_by: format!("{first} and {second}"),
        evidence: format!("{} (SHA-256 {})", claim.evidence, claim.evidence_sha256),
        until: Some(claim.until),
    };
    let row = row(&Agency { qualification: Some(qualification), ..known }, act.now());
    act.tx().execute(PUT, &row)?;
    standing::begin(act, &id)?;
    let told = json!({ "agency": id, "approval": approved.id(), "evidence_sha256": claim.evidence_sha256 });
    act.note(Event::of_house(EventKind::AgencyQualified).with(told))?;
    Ok(())
}

/// What two people agreed on about an agency.
#[derive(Deserialize)]
struct Claim {
    fact: String,
    evidence: String,
    evidence_sha256: String,
    until: Timestamp,
}

fn find(view: &View<'_>, id: &AgencyId) -> Result<Option<Agency>> {
    Ok(view.tx().find(GET, &bind! { agency: id.as_str() })?)
}

/// Says that an agency will be asked about in this transaction.
///
/// # Errors
/// A fault of the database.
pub fn foresee(view: &View<'_>, id: &AgencyId) -> Result<()> {
    Ok(view.tx().ahead(&[(GET, bind! { agency: id.as_str() })])?)
}

/// One agency.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &AgencyId) -> Result<Agency> {
    Ok(find(view, id)?.ok_or(Refusal::NotFound)?)
}

/// All agencies, by id.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>) -> Result<Vec<Agency>> {
    Ok(view.tx().rows(LIST, &bind! { most: MOST_LISTED })?)
}

/// The agency, when it may receive at a moment.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Disabled`], [`Refusal::NotQualified`].
pub fn live(view: &View<'_>, id: &AgencyId, at: Timestamp) -> Result<Agency> {
    let agency = get(view, id)?;
    if agency.disabled_at.is_some() {
        return Err(Refusal::Disabled.into());
    }
    if !agency.is_qualified(at) {
        return Err(Refusal::NotQualified.into());
    }
    Ok(agency)
}

/// Gives an agency's own system a token, of which only the keyed digest is kept.
///
/// # Errors
/// [`Refusal::Conflict`] when the id or the token is taken; a fault for an unknown agency.
pub fn add_client(
    act: &Act<'_>,
    agency: &AgencyId,
    credential: &CredentialId,
    token_digest: [u8; 32],
) -> Result<()> {
    let row = bind! {
        credential: credential.as_str(), agency: agency.as_str(), token_digest, now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT_CLIENT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "agency": agency, "credential": credential });
    act.note(Event::of_house(EventKind::ClientAdded).with(details))?;
    Ok(())
}

/// Binds a token to the certificate of its system: without it the token opens nothing.
///
/// # Errors
/// A fault, also for a token that is bound already or not there.
pub fn bind_client(act: &Act<'_>, credential: &CredentialId, sha256: [u8; 32]) -> Result<()> {
    let row = bind! {
        credential: credential.as_str(), sha256, now: column::micros(act.now()), by: act.actor().text(),
    };
    act.tx().execute(BIND_CLIENT, &row)?;
    let details = json!({ "certificate": seal::hex(&sha256), "credential": credential });
    act.note(Event::of_house(EventKind::ClientBound).with(details))?;
    Ok(())
}

/// The certificate without which a token opens nothing.
///
/// # Errors
/// A fault of the database.
pub fn certificate(view: &View<'_>, credential: &CredentialId) -> Result<Option<[u8; 32]>> {
    Ok(view.tx().find(CERTIFICATE, &bind! { credential: credential.as_str() })?)
}

/// Switches a token off, for good.
///
/// # Errors
/// [`Refusal::NotFound`], also when it is off already.
pub fn disable_client(act: &Act<'_>, id: &CredentialId) -> Result<()> {
    let row = bind! { credential: id.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(DISABLE_CLIENT, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::CredentialDisabled).with(json!({ "credential": id })))?;
    Ok(())
}

/// Whose token has this digest, as long as its agency may receive: one that is no longer qualified has nothing more to read.
///
/// # Errors
/// A fault of the database.
pub fn find_client(view: &View<'_>, token_digest: [u8; 32]) -> Result<Option<(AgencyId, CredentialId)>> {
    let_in(view, view.tx().find(FIND_CLIENT, &bind! { token_digest })?)
}

/// The agency of a token's name, as long as the token and its agency are let in.
///
/// # Errors
/// A fault of the database.
pub fn client(view: &View<'_>, id: &CredentialId) -> Result<Option<AgencyId>> {
    let found = view.tx().find(GET_CLIENT, &bind! { credential: id.as_str() })?;
    Ok(let_in(view, found)?.map(|(agency, _)| agency))
}

fn let_in(view: &View<'_>, client: Option<Client>) -> Result<Option<(AgencyId, CredentialId)>> {
    let Some(Client(agency, credential)) = client else { return Ok(None) };
    if !is_live(view, &agency)? {
        return Ok(None);
    }
    let actor = Actor::AgencyClient { agency: agency.clone(), credential: credential.clone() };
    view.origin().is_known(actor, "agency-system");
    Ok(Some((agency, credential)))
}

/// Whether an agency's people and systems are let in at all.
pub fn is_live(view: &View<'_>, id: &AgencyId) -> Result<bool> {
    let known = find(view, id)?;
    Ok(known.is_some_and(|agency| agency.disabled_at.is_none() && agency.is_qualified(view.now())))
}

struct Client(AgencyId, CredentialId);

impl FromRow for Client {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(column::parsed(row, "agency_id")?, column::parsed(row, "id")?))
    }
}

impl FromRow for Agency {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let fact: Option<String> = row.get("qualifying_fact")?;
        let qualification = match (fact, row.get("verified_by")?, row.get("evidence")?) {
            (Some(fact), Some(verified_by), Some(evidence)) => {
                let until = column::moment_option(row, "qualified_until")?;
                Some(Qualification { fact, verified_by, evidence, until })
            }
            _ => None,
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
