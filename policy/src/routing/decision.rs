//! What routing decided, in a form that is stored and shown.

use domain::{AgencyClass, AgencyId, BasisCode};
use serde::{Deserialize, Serialize};

use super::place::DecidedPlace;

/// Who must have the report, and why. Never without a recipient that counts for R-20.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteDecision {
    /// The place that decided, when there is one.
    pub place: Option<DecidedPlace>,
    /// The recipients, in the order in which rules named them; each agency once.
    pub recipients: Vec<RouteRecipient>,
    /// Every rule that spoke, also where its agency was named before.
    pub rules: Vec<String>,
    /// What an analyst should look at.
    pub flags: Vec<Flag>,
}

/// One recipient with its one basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteRecipient {
    /// The agency.
    pub agency: AgencyId,
    /// Its class, from which the basis follows.
    pub class: AgencyClass,
    /// The one basis code.
    pub basis: BasisCode,
    /// The rule that named it.
    pub rule: String,
    /// One sentence for the reader.
    pub says: String,
    /// True when the report counts as made available once this agency has it (R-20, R-21a).
    pub counts: bool,
}

/// Something about a route that a person should know. Flags stop nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// The state has several task forces and the county is not known: the named default has it.
    CountyUnknown,
    /// Only addresses of hosting, VPN or relay networks speak for a country.
    OnlyHostingOrRelay,
    /// Nothing speaks for a place.
    NoPlace,
    /// A rule asked for an agency that the lists do not have.
    NobodyListed,
    /// Only a tribal agency was named, so a federal one was added (R-21a).
    TribalAlone,
}

impl Flag {
    /// One sentence for the reader.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::CountyUnknown => "The county is not known; the state's default task force has the report.",
            Self::OnlyHostingOrRelay => {
                "Only addresses of hosting, VPN or relay networks speak for a country."
            }
            Self::NoPlace => "Nothing in the report speaks for a place.",
            Self::NobodyListed => "A rule asked for an agency that the lists do not have.",
            Self::TribalAlone => {
                "A tribal agency alone does not count, so a federal agency has the report too."
            }
        }
    }
}

impl RouteDecision {
    /// True when at least one recipient counts for R-20.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.recipients.iter().any(|recipient| recipient.counts)
    }
}
