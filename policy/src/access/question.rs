//! What access is asked: who, and in which space. Roles and words are those of `policies/access/schema`.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use domain::{AgencyId, CredentialId, Id as _, PersonId, ProviderId};

use super::ViewerRole;
use super::action::Oversight;
use super::approvals::Matter;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker<'a> {
    /// Somebody who is signed in.
    Person(Person<'a>),
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

/// Somebody who is signed in, as far as access depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    /// Who.
    pub person: &'a PersonId,
    /// As what.
    pub role: ViewerRole,
    /// Whose officer or employee.
    pub agency: Option<&'a AgencyId>,
    /// Whose member of staff.
    pub provider: Option<&'a ProviderId>,
    /// The use banner was acknowledged in this session.
    pub banner: bool,
    /// They proved anew, within the last minutes, that it is still them.
    pub fresh: bool,
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
    /// One of the records by which others watch the house.
    Oversight(Oversight),
    /// What two people must agree on.
    Approval(Matter<'a>),
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
            Self::Person(Person { person, role, agency, provider, banner, fresh }) => {
                let mut facts = vec![
                    ("role", is("Role", role.as_str())),
                    ("banner", RestrictedExpression::new_bool(banner)),
                    ("fresh", RestrictedExpression::new_bool(fresh)),
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
            Self::Oversight(record) => uid("Oversight", record.as_str()),
            Self::Approval(matter) => uid("Approval", matter.kind.as_str()),
        }
    }

    /// The facts of a place that has some.
    pub(super) fn entity(&self) -> Option<Entity> {
        match self {
            Self::Approval(matter) => Some(matter.entity()),
            _ => None,
        }
    }
}

pub(super) fn is(kind: &'static str, id: &str) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid(kind, id))
}
