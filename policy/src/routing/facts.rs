//! What routing knows of one report. All of it is stored with the decision. Places down to a county, words of closed
//! lists and the name of a public agency: nothing about a person.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use domain::Priority;

/// The facts of one decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoutingFacts {
    /// The report's instant, which decides which rules and which rows of the lists count.
    pub at: Timestamp,
    /// Our advisory priority.
    pub priority: Option<Priority>,
    /// Key of the incident type.
    pub incident_type: Option<String>,
    /// Its statutory area.
    pub statutory_area: Option<String>,
    /// The incident type says that a child is approached directly.
    pub approaches_a_child: bool,
    /// Report annotations by their wire names.
    pub report_annotations: Vec<String>,
    /// What the matter is like, in the closed words of the federal list; set by enrichment or people.
    pub natures: Vec<String>,
    /// The agency to which the provider says it already turned.
    pub named_agency: Option<String>,
    /// The country whose legal process the provider was served.
    pub process_country: Option<String>,
    /// Everything that speaks for a place.
    pub evidence: Vec<PlaceEvidence>,
}

impl Default for RoutingFacts {
    fn default() -> Self {
        Self {
            at: Timestamp::UNIX_EPOCH,
            priority: None,
            incident_type: None,
            statutory_area: None,
            approaches_a_child: false,
            report_annotations: Vec::new(),
            natures: Vec::new(),
            named_agency: None,
            process_country: None,
            evidence: Vec::new(),
        }
    }
}

/// One thing that speaks for a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceEvidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Whose place it speaks for.
    #[serde(default)]
    pub party: Party,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Postal code of a US state or territory.
    pub state: Option<String>,
    /// Five-digit county code.
    pub county_fips: Option<String>,
    /// The county's name, for the reader.
    pub county: Option<String>,
    /// What the network is used for, of an internet address.
    pub network: Option<Network>,
    /// The provider thinks the address is a proxy.
    #[serde(default)]
    pub possible_proxy: bool,
    /// When it was seen.
    pub seen_at: Option<Timestamp>,
    /// The dated table that gave the place; `None` where the report states it.
    pub table: Option<String>,
    /// The table's day.
    pub as_of: Option<String>,
}

impl PlaceEvidence {
    /// Evidence of a kind that says nothing yet.
    #[must_use]
    pub const fn new(kind: EvidenceKind, party: Party) -> Self {
        Self {
            kind,
            party,
            country: None,
            state: None,
            county_fips: None,
            county: None,
            network: None,
            possible_proxy: false,
            seen_at: None,
            table: None,
            as_of: None,
        }
    }

    /// True when people are likely elsewhere than the address: it must not decide a country alone.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.possible_proxy || matches!(self.network, Some(Network::Hosting | Network::Relay))
    }
}

macro_rules! kebab_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every word of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

kebab_words! {
    /// What speaks for a place. Which speaks louder is a setting of the rules.
    EvidenceKind {
        /// A postal address of the person.
        PostalAddress = "postal-address",
        /// A place off the internet that the incident names.
        IncidentPlace = "incident-place",
        /// The provider's estimate, verified by it.
        EstimateVerified = "estimate-verified",
        /// The internet address of an upload.
        UploadAddress = "upload-address",
        /// The internet address of a registration.
        RegistrationAddress = "registration-address",
        /// The internet address of a purchase.
        PurchaseAddress = "purchase-address",
        /// The internet address of a log-in.
        LoginAddress = "login-address",
        /// An internet address of another or unknown event.
        OtherAddress = "other-address",
        /// The provider's estimate, not verified.
        Estimate = "estimate",
        /// The country of a telephone number.
        PhoneCountry = "phone-country",
    }
}

kebab_words! {
    /// What a network is used for.
    Network {
        /// People are behind it.
        Access = "access",
        /// Machines are behind it.
        Hosting = "hosting",
        /// People are elsewhere on purpose.
        Relay = "relay",
        /// The tables do not say.
        Unknown = "unknown",
    }
}

/// Whose place the evidence speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The reported person, or the incident itself.
    #[default]
    Suspect,
    /// The child, or the recipient who may be one.
    Child,
}
