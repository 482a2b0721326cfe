//! Media permission: apart from report permission, per person, for a time, with a reason.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, PersonId, Private};
use house::words;
use jiff::{SignedDuration, Timestamp};
use policy::permit::GrantMedia;
use policy::{Permit, Scope};
use register::person::{self, Home};
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column, ground, reach};

const INSERT: &str = "-- permission::insert
    INSERT INTO media_permission (id, person_id, agency_id, granted_by, granted_at, until_at, sealed_reason)
    VALUES (:id, :person, :agency, :by, :now, :until, :sealed_reason)";

const REVOKE: &str = "-- permission::revoke
    UPDATE media_permission SET revoked_by = :by, revoked_at = :now
    WHERE person_id = :person AND agency_id = :agency AND revoked_at IS NULL AND until_at > :now";

const LIVE: &str = "-- permission::live
    SELECT id, person_id, granted_by, granted_at, until_at, revoked_at, sealed_reason FROM media_permission
    WHERE person_id = :person AND agency_id = :agency AND revoked_at IS NULL AND until_at > :now
    ORDER BY until_at DESC LIMIT 1";

const OF_AGENCY: &str = "-- permission::of_agency
    SELECT id, person_id, granted_by, granted_at, until_at, revoked_at, sealed_reason FROM media_permission
    WHERE agency_id = :agency AND revoked_at IS NULL AND until_at > :now
    ORDER BY person_id, until_at LIMIT :most";

const BETWEEN: &str = "-- permission::between
    SELECT id, person_id, granted_by, granted_at, until_at, revoked_at, sealed_reason FROM media_permission
    WHERE agency_id = :agency AND granted_at < :to_at AND until_at > :from_at
    AND (revoked_at IS NULL OR revoked_at > :from_at)
    ORDER BY granted_at, id LIMIT :most";

/// A permission lasts 90 days where nobody says otherwise, and no longer whatever anybody says.
pub const LASTS: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Permissions that are listed.
const MOST_LISTED: u32 = 1_000;
/// Letters of a reason.
const MOST_LETTERS: usize = 2_000;

/// A media permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Who may see media.
    pub person: PersonId,
    /// Who granted it.
    pub granted_by: PersonId,
    /// When.
    pub granted_at: Timestamp,
    /// When its time is over.
    pub until: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// Why it was granted.
    pub reason: Private<String>,
}

/// Lets a person of the permit's agency, or of the clearinghouse, see media until a moment, at most 90 days from now.
///
/// # Errors
/// [`Refusal::NotFound`] for a person of another home, [`Refusal::Unfit`] for oneself, without a reason and for a
/// moment that is past or too far.
pub fn grant(
    act: &Act<'_>,
    permit: &Permit<GrantMedia>,
    person: &PersonId,
    until: Timestamp,
    reason: &Private<String>,
) -> Result<()> {
    let (home, by) = (reach::home(permit)?, ground::person(permit.actor())?);
    if person == by {
        return Err(Refusal::Unfit { what: "person: nobody grants it to themselves" }.into());
    }
    let known = person::find(act, person)?.ok_or(Refusal::NotFound)?;
    let is_own = match permit.scope() {
        Scope::Agency(agency) => known.home.agency() == Some(agency),
        _ => known.home == Home::House,
    };
    if !is_own {
        return Err(Refusal::NotFound.into());
    }
    let letters = reason.reveal().trim().chars().count();
    if !(1..=MOST_LETTERS).contains(&letters) {
        return Err(Refusal::Unfit { what: "reason" }.into());
    }
    if until <= act.now() || until.duration_since(act.now()) > LASTS {
        return Err(Refusal::Unfit { what: "end: within 90 days from now" }.into());
    }
    let id = seal::hex(&act.chance::<16>()?);
    let sealed_reason = words::seal(act, &place(&id), reason.reveal().as_bytes())?;
    let row = bind! {
        id: &id, person: person.as_str(), agency: home, by: by.as_str(), now: column::micros(act.now()),
        until: column::micros(until), sealed_reason,
    };
    act.tx().execute(INSERT, &row)?;
    let details =
        json!({ "agency": permit.scope().agency(), "permission": id, "person": person, "until": until });
    act.note(Event::of_house(EventKind::MediaGranted).with(details))?;
    Ok(())
}

/// Takes back whatever media permission a person has in the permit's agency.
///
/// # Errors
/// [`Refusal::NotFound`] when there is none.
pub fn revoke(act: &Act<'_>, permit: &Permit<GrantMedia>, person: &PersonId) -> Result<()> {
    let (home, by) = (reach::home(permit)?, ground::person(permit.actor())?);
    let row = bind! {
        person: person.as_str(), agency: home, by: by.as_str(), now: column::micros(act.now()),
    };
    if act.tx().execute(REVOKE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "agency": permit.scope().agency(), "person": person });
    act.note(Event::of_house(EventKind::MediaRevoked).with(details))?;
    Ok(())
}

/// The permission by which a person may see media now.
///
/// # Errors
/// A fault of the database.
pub fn live(view: &View<'_>, home: Option<&AgencyId>, person: &PersonId) -> Result<Option<Permission>> {
    let asked = bind! {
        person: person.as_str(), agency: home.map_or(reach::HOUSE, Id::as_str), now: column::micros(view.now()),
    };
    let found: Option<Sealed> = view.tx().find(LIVE, &asked)?;
    found.map(|found| found.opened(view)).transpose()
}

/// Everybody of the permit's agency who may see media now.
///
/// # Errors
/// A fault of the database.
pub fn permissions(view: &View<'_>, permit: &Permit<GrantMedia>) -> Result<Vec<Permission>> {
    let asked = bind! {
        agency: reach::home(permit)?, now: column::micros(view.now()), most: MOST_LISTED,
    };
    let rows: Vec<Sealed> = view.tx().rows(OF_AGENCY, &asked)?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// Every permission that held at some moment of a span.
///
/// # Errors
/// A fault of the database.
pub fn history(
    view: &View<'_>,
    permit: &Permit<GrantMedia>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Permission>> {
    let asked = bind! {
        agency: reach::home(permit)?, from_at: column::micros(from), to_at: column::micros(to),
        most: MOST_LISTED,
    };
    let rows: Vec<Sealed> = view.tx().rows(BETWEEN, &asked)?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

fn place(id: &str) -> Place<'_> {
    Place { table: "media_permission", row: id.as_bytes(), column: "sealed_reason" }
}

struct Sealed {
    id: String,
    permission: Permission,
    sealed_reason: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Permission> {
        let Self { id, mut permission, sealed_reason } = self;
        permission.reason = words::open_text(view, &place(&id), &sealed_reason)?;
        Ok(permission)
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let permission = Permission {
            person: column::parsed(row, "person_id")?,
            granted_by: column::parsed(row, "granted_by")?,
            granted_at: column::moment(row, "granted_at")?,
            until: column::moment(row, "until_at")?,
            revoked_at: column::moment_option(row, "revoked_at")?,
            reason: Private::new(String::new()),
        };
        Ok(Self { id: row.get("id")?, permission, sealed_reason: row.get("sealed_reason")? })
    }
}
