//! Who keeps cases: a person of an agency, and whether they oversee all of them; or the agency's own system, which works in
//! those that the whole agency may read.

use domain::{Actor, AgencyId, CaseId, Id, MemberLevel, PersonId};
use jiff::Timestamp;
use policy::permit::{Assign, KeepCases};
use policy::{Permit, Scope};

use database::{FromRow, Row, bind};

use crate::{Act, Refusal, Result, View, column};

const REACH: &str = "-- keeper::reach
    SELECT shared_at, closed_at, version,
        (SELECT level FROM case_member WHERE case_member.number = casefile.number AND person_id = :person
            AND removed_at IS NULL) AS level
    FROM casefile WHERE number = :number AND agency_id = :agency";

const LOCK: &str = "-- keeper::lock
    SELECT version FROM casefile WHERE number = :number AND agency_id = :agency {for_update}";

const TOUCH: &str = "-- keeper::touch
    UPDATE casefile SET changed_at = :now WHERE number = :number";

/// Whoever of an agency may keep cases.
#[derive(Debug, Clone)]
pub struct Keeper {
    keeps: Permit<KeepCases>,
    oversees: bool,
}

/// A case as far as it was reached.
pub(crate) struct Reached {
    pub version: u32,
    pub closed: bool,
    pub level: MemberLevel,
}

impl Keeper {
    /// Whoever may assign work to others oversees every case of the agency (R-36: the administrator can list all holders).
    #[must_use]
    pub fn new(keeps: Permit<KeepCases>, oversees: Option<&Permit<Assign>>) -> Self {
        let oversees = oversees.is_some_and(|leave| leave.scope() == keeps.scope());
        Self { keeps, oversees }
    }

    /// The agency.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for whoever is of no agency.
    pub fn agency(&self) -> Result<&AgencyId> {
        match self.keeps.scope() {
            Scope::Agency(agency) => Ok(agency),
            Scope::House | Scope::Provider(_) => Err(Refusal::NotFound.into()),
        }
    }

    /// The person, who answers for it.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a system.
    pub fn person(&self) -> Result<&PersonId> {
        match self.keeps.actor() {
            Actor::Person { person, .. } => Ok(person),
            _ => Err(Refusal::NotFound.into()),
        }
    }

    /// Whether it is the agency's own system, which is a member of no case.
    fn is_system(&self) -> bool {
        matches!(self.keeps.actor(), Actor::AgencyClient { .. })
    }

    /// Whether all cases of the agency are within reach.
    #[must_use]
    pub const fn oversees(&self) -> bool {
        self.oversees
    }

    /// Answers when the case is within reach at this level. What may not be read does not exist.
    pub(crate) fn reach(&self, view: &View<'_>, number: CaseId, least: MemberLevel) -> Result<Reached> {
        let (person, by_sharing) = match self.is_system() {
            true => ("", MemberLevel::Works),
            false => (self.person()?.as_str(), MemberLevel::Reads),
        };
        let asked = bind! { number: number.get(), agency: self.agency()?.as_str(), person };
        let found: Found = view.tx().find(REACH, &asked)?.ok_or(Refusal::NotFound)?;
        let shared = found.shared_at.map(|_| by_sharing);
        let leads = self.oversees.then_some(MemberLevel::Leads);
        let level = found.level.max(shared).max(leads).ok_or(Refusal::NotFound)?;
        if level < least {
            return Err(Refusal::NotAllowed.into());
        }
        Ok(Reached { version: found.version, closed: found.closed_at.is_some(), level })
    }

    /// The same to write in it: nobody else writes at the same moment, and nothing is written in a closed case.
    pub(crate) fn write(&self, act: &Act<'_>, number: CaseId, least: MemberLevel) -> Result<Reached> {
        let asked = bind! { number: number.get(), agency: self.agency()?.as_str() };
        act.tx().find::<u32>(LOCK, &asked)?.ok_or(Refusal::NotFound)?;
        let reached = self.reach(act, number, least)?;
        if reached.closed {
            return Err(Refusal::Closed.into());
        }
        act.tx().execute(TOUCH, &bind! { number: number.get(), now: column::micros(act.now()) })?;
        Ok(reached)
    }
}

struct Found {
    version: u32,
    shared_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    level: Option<MemberLevel>,
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            version: row.get("version")?,
            shared_at: column::moment_option(row, "shared_at")?,
            closed_at: column::moment_option(row, "closed_at")?,
            level: column::parsed_option(row, "level")?,
        })
    }
}
