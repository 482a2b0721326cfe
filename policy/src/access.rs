//! Who may reach what. Default deny: what no policy of `policies/access` allows does not exist for the one who asks.
//! The functions here put the questions and hand out the permits; the policies, which are reviewed text, decide.

use domain::{Actor, AgencyId, CredentialId, PersonId, ProviderId};

use crate::RuleSet;
use crate::permit::{Export, List, Permit, Read, Scope};

mod authority;
mod question;
mod rules;

pub use authority::authority_table;
pub use question::{Action, Asker, Space};
pub use rules::{AccessRules, Answer, Why};

/// Nobody said yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// The role has no right of this kind at all.
    #[error("this role may not do that")]
    Role,
    /// The use banner was not acknowledged in this session.
    #[error("the use banner has not been acknowledged")]
    Banner,
}

/// What a viewer is, as far as access depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewerRole {
    /// Runs an agency's accounts (`AGENCY_ADMIN`) and sees all of its reports.
    Commander,
    /// Works reports of an agency.
    Investigator,
    /// Works cases of an agency.
    Prosecutor,
    /// Works reports at the clearinghouse.
    Analyst,
    /// Answers for analysts: grants media permission, is the second pair of eyes.
    Supervisor,
    /// Counsel of the clearinghouse (`LEGAL`): qualifies agencies, records grounds, sets the rules.
    Counsel,
    /// Keeps the lists of hashes that are shared.
    Hashkeeper,
    /// Reads the ledger and the rows about it, and nothing else.
    Auditor,
    /// Runs accounts and keys of the clearinghouse (`SECADMIN`); never an auditor too (AC-5).
    SecurityAdmin,
    /// An agency's own system, by its API token.
    AgencySystem,
    /// Files and follows reports of a provider.
    ProviderReporter,
    /// Does so too, and keeps the provider's credentials, contacts and profile.
    ProviderAdmin,
}

impl ViewerRole {
    /// Every role that a person can have; an agency's system is nobody.
    pub const OF_PEOPLE: [Self; 11] = [
        Self::Commander,
        Self::Investigator,
        Self::Prosecutor,
        Self::Analyst,
        Self::Supervisor,
        Self::Counsel,
        Self::Hashkeeper,
        Self::Auditor,
        Self::SecurityAdmin,
        Self::ProviderReporter,
        Self::ProviderAdmin,
    ];

    /// The role's name in policies and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commander => "commander",
            Self::Investigator => "investigator",
            Self::Prosecutor => "prosecutor",
            Self::Analyst => "analyst",
            Self::Supervisor => "supervisor",
            Self::Counsel => "counsel",
            Self::Hashkeeper => "hashkeeper",
            Self::Auditor => "auditor",
            Self::SecurityAdmin => "security-admin",
            Self::AgencySystem => "agency-system",
            Self::ProviderReporter => "provider-reporter",
            Self::ProviderAdmin => "provider-admin",
        }
    }

    /// Whether it is a role of an agency's person, who sees what was made available to that agency.
    #[must_use]
    pub const fn is_of_agency(self) -> bool {
        matches!(self, Self::Commander | Self::Investigator | Self::Prosecutor)
    }

    /// Whether it is a role of the clearinghouse's own people.
    #[must_use]
    pub const fn is_of_house(self) -> bool {
        matches!(
            self,
            Self::Analyst
                | Self::Supervisor
                | Self::Counsel
                | Self::Hashkeeper
                | Self::Auditor
                | Self::SecurityAdmin
        )
    }

    /// Whether it is a role of a provider's person, who sees nothing but what that provider sent.
    #[must_use]
    pub const fn is_of_provider(self) -> bool {
        matches!(self, Self::ProviderReporter | Self::ProviderAdmin)
    }
}

/// Who asks, after sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The signed-in person or system, as the ledger writes it.
    pub actor: Actor,
    /// The agency whose deliveries may be seen.
    pub agency: Option<AgencyId>,
    /// The role.
    pub role: ViewerRole,
    /// The use banner was acknowledged in this session; always true for systems.
    pub banner_acknowledged: bool,
}

impl Viewer {
    /// A person of an agency.
    #[must_use]
    pub fn person(person: PersonId, agency: AgencyId, role: ViewerRole, banner_acknowledged: bool) -> Self {
        let actor = Actor::Person { person, agency: Some(agency.clone()) };
        Self { actor, agency: Some(agency), role, banner_acknowledged }
    }

    /// An agency's own system.
    #[must_use]
    pub fn system(agency: AgencyId, credential: CredentialId) -> Self {
        let actor = Actor::AgencyClient { agency: agency.clone(), credential };
        Self { actor, agency: Some(agency), role: ViewerRole::AgencySystem, banner_acknowledged: true }
    }

    fn agency_permit<Kind>(&self, action: Action) -> Result<Permit<Kind>, Denial> {
        let agency = self.agency.as_ref().ok_or(Denial::Role)?;
        let asker = match &self.actor {
            Actor::Person { person, .. } => Asker::Person {
                person,
                role: self.role,
                agency: Some(agency),
                provider: None,
                banner: self.banner_acknowledged,
            },
            Actor::AgencyClient { credential, .. } => Asker::System { client: credential, agency },
            Actor::Operator => Asker::Operator,
            _ => return Err(Denial::Role),
        };
        let why = asked(&asker, action, &Space::Agency(agency))?;
        Ok(Permit::new(Scope::Agency(agency.clone()), self.actor.clone(), why))
    }
}

/// Puts a question to the policies in force.
fn asked(who: &Asker<'_>, action: Action, space: &Space<'_>) -> Result<&'static Why, Denial> {
    match RuleSet::embedded().access().decide(who, action, space) {
        Answer::Yes(why) => Ok(why),
        Answer::No(Some(why)) if why.rule == BANNER => Err(Denial::Banner),
        Answer::No(_) => Err(Denial::Role),
    }
}

/// The rule of the use banner.
const BANNER: &str = "R-72";

/// An agency's people and systems may list what was made available to that agency.
///
/// # Errors
/// [`Denial`] when the viewer belongs to no agency or has not acknowledged the banner.
pub fn agency_list(viewer: &Viewer) -> Result<Permit<List>, Denial> {
    viewer.agency_permit(Action::List)
}

/// They may read a report that was made available to their agency.
///
/// # Errors
/// As [`agency_list`].
pub fn agency_read(viewer: &Viewer) -> Result<Permit<Read>, Denial> {
    viewer.agency_permit(Action::Read)
}

/// They may take it away as a package.
///
/// # Errors
/// As [`agency_list`].
pub fn agency_export(viewer: &Viewer) -> Result<Permit<Export>, Denial> {
    viewer.agency_permit(Action::Take)
}

/// A provider may see its own reports and no other.
#[must_use]
pub fn provider_read(provider: ProviderId, credential: CredentialId) -> Permit<Read> {
    let asker = Asker::Credential { credential: &credential, provider: &provider };
    // INVARIANT: the shipped policies let every credential read what its provider sent; the authority table shows it.
    let why = asked(&asker, Action::Read, &Space::Provider(&provider)).expect("a provider may read its own");
    let actor = Actor::Provider { provider: provider.clone(), credential };
    Permit::new(Scope::Provider(provider), actor, why)
}

/// So may its people, once they have acknowledged the banner, which tells them where content may go.
///
/// # Errors
/// [`Denial`] for a role of somebody else and before the banner.
pub fn provider_person_read(
    provider: ProviderId,
    person: PersonId,
    role: ViewerRole,
    banner_acknowledged: bool,
) -> Result<Permit<Read>, Denial> {
    if !role.is_of_provider() {
        return Err(Denial::Role);
    }
    let asker = Asker::Person {
        person: &person,
        role,
        agency: None,
        provider: Some(&provider),
        banner: banner_acknowledged,
    };
    let why = asked(&asker, Action::Read, &Space::Provider(&provider))?;
    Ok(Permit::new(Scope::Provider(provider), Actor::Person { person, agency: None }, why))
}

/// Whoever may read a provider's own reports may list them: the reach stays what it was.
#[must_use]
pub fn provider_list(read: &Permit<Read>) -> Permit<List> {
    Permit::new(read.scope().clone(), read.actor().clone(), read.why())
}

/// The house's workers may read a report's statements to move it on; file bytes stay behind the gate (R-19a).
#[must_use]
pub fn pipeline_read() -> Permit<Read> {
    // INVARIANT: as above; without it no report would move on.
    let why =
        asked(&Asker::Worker, Action::Read, &Space::House).expect("workers may read to move reports on");
    Permit::new(Scope::House, Actor::House, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Id;

    fn viewer(role: ViewerRole, banner: bool) -> Viewer {
        let person = PersonId::parse("p-1").unwrap();
        Viewer::person(person, AgencyId::parse("icac-us-mn").unwrap(), role, banner)
    }

    #[test]
    fn an_officer_reaches_only_the_own_agency() {
        let permit = agency_read(&viewer(ViewerRole::Investigator, true)).unwrap();
        assert_eq!(permit.scope(), &Scope::Agency(AgencyId::parse("icac-us-mn").unwrap()));
    }

    #[test]
    fn a_providers_person_reaches_only_what_that_provider_sent() {
        let (provider, person) = (ProviderId::parse("examplechat").unwrap(), PersonId::parse("p-1").unwrap());
        let ask = |role, banner| provider_person_read(provider.clone(), person.clone(), role, banner);
        let permit = ask(ViewerRole::ProviderReporter, true).unwrap();
        assert_eq!(permit.scope(), &Scope::Provider(provider.clone()));
        assert_eq!(ask(ViewerRole::ProviderAdmin, false).unwrap_err(), Denial::Banner);
        assert_eq!(ask(ViewerRole::Investigator, true).unwrap_err(), Denial::Role);
        assert_eq!(agency_list(&viewer(ViewerRole::ProviderAdmin, true)).unwrap_err(), Denial::Role);
    }

    #[test]
    fn nothing_is_shown_before_the_banner_is_acknowledged() {
        assert_eq!(agency_list(&viewer(ViewerRole::Commander, false)).unwrap_err(), Denial::Banner);
        assert_eq!(agency_export(&viewer(ViewerRole::Investigator, false)).unwrap_err(), Denial::Banner);
    }

    #[test]
    fn staff_of_the_clearinghouse_hold_no_agency_permit() {
        assert_eq!(agency_list(&viewer(ViewerRole::Analyst, true)).unwrap_err(), Denial::Role);
    }
}
