//! What access is asked: who, what, and in which space. Roles and words are those of `policies/access/schema`.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use domain::{AgencyId, CredentialId, Id as _, PersonId, ProviderId};

use super::ViewerRole;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker<'a> {
    /// Somebody who is signed in.
    Person {
        /// Who.
        person: &'a PersonId,
        /// As what.
        role: ViewerRole,
        /// Whose officer or employee.
        agency: Option<&'a AgencyId>,
        /// Whose member of staff.
        provider: Option<&'a ProviderId>,
        /// The use banner was acknowledged in this session.
        banner: bool,
    },
    /// An agency's own system.
    System {
        /// Its token.
        client: &'a CredentialId,
        /// Whose.
        agency: &'a AgencyId,
    },
    /// A provider's own system.
    Credential {
        /// Its credential.
        credential: &'a CredentialId,
        /// Whose.
        provider: &'a ProviderId,
    },
    /// The house's own workers.
    Worker,
    /// Whoever runs the house from its command line.
    Operator,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Rows without private words.
    List,
    /// The words of a report, without the bytes of its files.
    Read,
    /// A copy that leaves the house.
    Take,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 3] = [Self::List, Self::Read, Self::Take];

    /// Its name in the policies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list-reports",
            Self::Read => "read-report",
            Self::Take => "take-package",
        }
    }
}

/// Where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space<'a> {
    /// What was made available to this agency.
    Agency(&'a AgencyId),
    /// What this provider sent.
    Provider(&'a ProviderId),
    /// Everything.
    House,
}

/// Names that policies and questions share. All are constants of this file.
pub(super) fn uid(kind: &'static str, id: &str) -> EntityUid {
    // INVARIANT: the kinds are words of the schema, each a name in Cedar's grammar.
    let kind: EntityTypeName = kind.parse().expect("a kind of the schema is a name");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

impl Asker<'_> {
    pub(super) fn entity(&self) -> Entity {
        let (uid, facts) = match *self {
            Self::Person { person, role, agency, provider, banner } => {
                let mut facts = vec![
                    ("role", is("Role", role.as_str())),
                    ("banner", RestrictedExpression::new_bool(banner)),
                ];
                facts.extend(agency.map(|agency| ("agency", is("Agency", agency.as_str()))));
                facts.extend(provider.map(|provider| ("provider", is("Provider", provider.as_str()))));
                (uid("Person", person.as_str()), facts)
            }
            Self::System { client, agency } => {
                (uid("System", client.as_str()), vec![("agency", is("Agency", agency.as_str()))])
            }
            Self::Credential { credential, provider } => (
                uid("Credential", credential.as_str()),
                vec![("provider", is("Provider", provider.as_str()))],
            ),
            Self::Worker => (uid("Worker", "house"), Vec::new()),
            Self::Operator => (uid("Operator", "house"), Vec::new()),
        };
        let facts: HashMap<_, _> = facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect();
        // INVARIANT: names and truth values are evaluated without calling anything that could fail.
        Entity::new(uid, facts, HashSet::new()).expect("plain facts make an entity")
    }
}

impl Space<'_> {
    pub(super) fn uid(&self) -> EntityUid {
        match self {
            Self::Agency(agency) => uid("Agency", agency.as_str()),
            Self::Provider(provider) => uid("Provider", provider.as_str()),
            Self::House => uid("House", "house"),
        }
    }
}

fn is(kind: &'static str, id: &str) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid(kind, id))
}
