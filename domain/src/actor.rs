//! Who did it, and what for: the two questions every act answers.

use crate::id::{AgencyId, CredentialId, Id, PersonId, ProviderId};
use crate::named::words;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The house itself: a worker, a clock that rang.
    House,
    /// A provider's credential.
    Provider {
        /// The provider.
        provider: ProviderId,
        /// The credential that was used.
        credential: CredentialId,
    },
    /// A person who signed in.
    Person {
        /// The person.
        person: PersonId,
        /// The agency the person belongs to, `None` for staff of the clearinghouse.
        agency: Option<AgencyId>,
    },
    /// An agency's own system.
    AgencyClient {
        /// The agency.
        agency: AgencyId,
        /// The credential that was used.
        credential: CredentialId,
    },
    /// The operator at the command line.
    Operator,
    /// Somebody of whom nothing is known, and who was refused.
    Stranger,
}

impl Actor {
    /// The agency for which somebody acts, if for one.
    #[must_use]
    pub const fn agency(&self) -> Option<&AgencyId> {
        match self {
            Self::Person { agency, .. } => agency.as_ref(),
            Self::AgencyClient { agency, .. } => Some(agency),
            Self::House | Self::Provider { .. } | Self::Operator | Self::Stranger => None,
        }
    }

    /// The actor as the ledger writes it: a kind and ids, never a name.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::House => "house".to_owned(),
            Self::Operator => "operator".to_owned(),
            Self::Stranger => "stranger".to_owned(),
            Self::Provider { provider, credential } => format!("provider:{provider}:{credential}"),
            Self::Person { person, agency } => {
                let agency = agency.as_ref().map_or("", |a| a.as_str());
                format!("person:{person}:{agency}")
            }
            Self::AgencyClient { agency, credential } => format!("agency:{agency}:{credential}"),
        }
    }
}

words! {
    /// What an act is for; part of its ledger leaf.
    Purpose ("purpose") {
        /// Receiving what a provider submits.
        Intake = "intake",
        /// Moving a report along its journey.
        Pipeline = "pipeline",
        /// Making a report available to an agency.
        Disclosure = "disclosure",
        /// An agency reading what was made available to it.
        Investigation = "investigation",
        /// Signing in and out.
        Access = "access",
        /// Keeping, expiring and destroying by rule.
        Retention = "retention",
        /// Setting up and running the house.
        Administration = "administration",
    }
}
