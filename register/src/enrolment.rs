//! Tickets to enrol a key with: for one person, once, for a limited time. Whoever issues one has made sure who the person
//! is; only the ticket's keyed digest is kept.

use database::{FromRow, Row, bind};
use domain::{Id, PersonId, ProviderId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column, person};

/// The longest that a ticket may live: handed over in person (IA-12(3)).
pub const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

const VOID: &str = "-- enrolment::void
    UPDATE enrolment SET voided_at = :now WHERE person_id = :person AND spent_at IS NULL AND voided_at IS NULL";

const VOID_ALL_OF_PROVIDER: &str = "-- enrolment::void_all_of_provider
    UPDATE enrolment SET voided_at = :now WHERE spent_at IS NULL AND voided_at IS NULL
    AND person_id IN (SELECT id FROM person WHERE provider_id = :provider)";

const INSERT: &str = "-- enrolment::insert
    INSERT INTO enrolment (digest, person_id, cause, issued_at, expires_at)
    VALUES (:digest, :person, :cause, :now, :expires_at)
    ON CONFLICT (digest) DO NOTHING";

const FIND: &str = "-- enrolment::find
    SELECT person_id, cause, expires_at FROM enrolment
    WHERE digest = :digest AND spent_at IS NULL AND voided_at IS NULL AND expires_at > :now";

const SPEND: &str = "-- enrolment::spend
    UPDATE enrolment SET spent_at = :now
    WHERE digest = :digest AND person_id = :person AND spent_at IS NULL AND voided_at IS NULL AND expires_at > :now";

/// Why somebody gets a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// They were admitted and have no key yet.
    First,
    /// They lost all their keys, and two people agreed that they were proofed anew. The keys that they had go when the
    /// new one comes.
    Recovery,
}

impl Cause {
    /// The word in rows and leaves.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Recovery => "recovery",
        }
    }
}

/// A ticket that still opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Whose it is.
    pub person: PersonId,
    /// Why they have it.
    pub cause: Cause,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Issues a ticket and voids those that the person had.
///
/// # Errors
/// [`Refusal::NotFound`] for a person who is unknown or switched off, [`Refusal::Unfit`] for somebody of a provider
/// that is switched off and for a life of more than [`LONGEST`] or none, [`Refusal::Conflict`] when the ticket is taken.
pub fn issue(
    act: &Act<'_>,
    person: &PersonId,
    cause: Cause,
    digest: [u8; 32],
    life: SignedDuration,
) -> Result<Timestamp> {
    if life > LONGEST || !life.is_positive() {
        return Err(Refusal::Unfit { what: "life of the ticket" }.into());
    }
    person::find(act, person)?.ok_or(Refusal::NotFound)?.home.must_take_people(act)?;
    let now = column::micros(act.now());
    act.tx().execute(VOID, &bind! { person: person.as_str(), now })?;
    let expires_at =
        act.now().checked_add(life).map_err(|_| Refusal::Unfit { what: "life of the ticket" })?;
    let row = bind! {
        digest, person: person.as_str(), cause: cause.as_str(), now, expires_at: column::micros(expires_at),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "cause": cause.as_str(), "expires_at": expires_at, "person": person });
    act.note(Event::of_house(EventKind::EnrolmentIssued).with(details))?;
    Ok(expires_at)
}

/// The ticket with this digest, while it is good and its person and their home are let in.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, digest: [u8; 32], now: Timestamp) -> Result<Option<Ticket>> {
    let found: Option<Ticket> = view.tx().find(FIND, &bind! { digest, now: column::micros(now) })?;
    let Some(ticket) = found else { return Ok(None) };
    let live = match person::find(view, &ticket.person)? {
        Some(person) => person.home.is_live(view)?,
        None => false,
    };
    Ok(live.then_some(ticket))
}

/// Voids every ticket of a provider's people, as part of the act that switches it off.
pub(crate) fn void_all_of_provider(act: &Act<'_>, provider: &ProviderId) -> Result<u64> {
    let row = bind! { provider: provider.as_str(), now: column::micros(act.now()) };
    Ok(act.tx().execute(VOID_ALL_OF_PROVIDER, &row)?)
}

/// Uses a ticket up, as part of the act that enrols the key.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not this person's, over, or used.
pub fn spend(act: &Act<'_>, person: &PersonId, digest: [u8; 32]) -> Result<()> {
    let row = bind! { digest, person: person.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(SPEND, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    Ok(())
}

impl FromRow for Ticket {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let cause = if row.get::<String>("cause")? == Cause::Recovery.as_str() {
            Cause::Recovery
        } else {
            Cause::First
        };
        Ok(Self {
            person: column::parsed(row, "person_id")?,
            cause,
            expires_at: column::moment(row, "expires_at")?,
        })
    }
}
