//! Who asks, after sign-in.

use domain::{Actor, AgencyId, CredentialId, PersonId, ProviderId};

use super::question::{Asker, Person, Space};
use super::{Denial, ViewerRole};

/// Who asks, after sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The signed-in person or system, as the ledger writes it.
    pub actor: Actor,
    /// The agency whose deliveries may be seen.
    pub agency: Option<AgencyId>,
    /// The provider whose people and reports may be seen.
    pub provider: Option<ProviderId>,
    /// The role.
    pub role: ViewerRole,
    /// The use banner was acknowledged in this session; always true for systems.
    pub banner_acknowledged: bool,
    /// The person proved anew, within the last minutes, that it is still them (step-up); always true for systems.
    pub fresh: bool,
}

impl Viewer {
    /// A person of an agency.
    #[must_use]
    pub fn person(person: PersonId, agency: AgencyId, role: ViewerRole, banner_acknowledged: bool) -> Self {
        let actor = Actor::Person { person, agency: Some(agency.clone()) };
        Self { actor, agency: Some(agency), provider: None, role, banner_acknowledged, fresh: false }
    }

    /// A person of a provider.
    #[must_use]
    pub fn of_provider(
        person: PersonId,
        provider: ProviderId,
        role: ViewerRole,
        banner_acknowledged: bool,
    ) -> Self {
        let actor = Actor::Person { person, agency: None };
        Self { actor, agency: None, provider: Some(provider), role, banner_acknowledged, fresh: false }
    }

    /// A person of the clearinghouse itself.
    #[must_use]
    pub const fn staff(person: PersonId, role: ViewerRole, banner_acknowledged: bool) -> Self {
        let actor = Actor::Person { person, agency: None };
        Self { actor, agency: None, provider: None, role, banner_acknowledged, fresh: false }
    }

    /// An agency's own system.
    #[must_use]
    pub fn system(agency: AgencyId, credential: CredentialId) -> Self {
        let actor = Actor::AgencyClient { agency: agency.clone(), credential };
        let role = ViewerRole::AgencySystem;
        Self { actor, agency: Some(agency), provider: None, role, banner_acknowledged: true, fresh: true }
    }

    /// The operator, at home in the house.
    pub const OPERATOR: Self = Self {
        actor: Actor::Operator,
        agency: None,
        provider: None,
        role: ViewerRole::AgencySystem,
        banner_acknowledged: true,
        fresh: true,
    };

    /// The operator, who takes something out for an agency and reaches no further than that agency does.
    #[must_use]
    pub const fn operator_for(agency: AgencyId) -> Self {
        let role = ViewerRole::AgencySystem;
        let actor = Actor::Operator;
        Self { actor, agency: Some(agency), provider: None, role, banner_acknowledged: true, fresh: true }
    }

    /// The same viewer, who proved a moment ago that it is still them.
    #[must_use]
    pub fn proved_anew(self, fresh: bool) -> Self {
        Self { fresh, ..self }
    }

    /// The viewer as policies see it.
    pub(super) fn asker(&self) -> Result<Asker<'_>, Denial> {
        match (&self.actor, &self.agency) {
            (Actor::Person { person, .. }, agency) => Ok(Asker::Person(Person {
                person,
                role: self.role,
                agency: agency.as_ref(),
                provider: self.provider.as_ref(),
                banner: self.banner_acknowledged,
                fresh: self.fresh,
            })),
            (Actor::AgencyClient { credential, .. }, Some(agency)) => {
                Ok(Asker::System { client: credential, agency })
            }
            (Actor::Operator, _) => Ok(Asker::Operator),
            _ => Err(Denial::Role),
        }
    }

    /// Where the viewer is at home: what their agency was given, what their provider sent, or, for the clearinghouse's own
    /// people, the house.
    pub(super) fn home(&self) -> Result<Space<'_>, Denial> {
        match (&self.agency, &self.provider) {
            (Some(agency), _) => Ok(Space::Agency(agency)),
            (None, Some(provider)) => Ok(Space::Provider(provider)),
            (None, None) if self.role.is_of_house() => Ok(Space::House),
            (None, None) => Err(Denial::Role),
        }
    }
}
