//! What a look-up answers.

use serde::{Deserialize, Serialize};

/// An answer together with the table that gave it, so that it can be shown, stored and questioned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found<T> {
    /// The answer itself.
    pub value: T,
    /// Name of the table, as in [`crate::TableInfo::name`].
    pub table: String,
    /// Day of the table, `YYYY-MM-DD`: what was true then may not be true today.
    pub as_of: String,
}

/// Where an address is said to be. Every part may be missing; none of it is proof.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
    /// In the United States the postal code of the state ("CA"); elsewhere whatever the table calls the region.
    pub region: Option<String>,
    /// Name of the city as the table writes it.
    pub city: Option<String>,
    /// Five digits, only from tables that say it: see [`crate::Atlas::county_by_city`] for the others.
    pub county_fips: Option<String>,
    /// Name of the county as the table writes it.
    pub county: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// True when the table estimates: show it as an estimate. False only where its maker states the county.
    pub approximate: bool,
}

impl Place {
    /// How much this place says, for choosing between tables: county over city over region over country.
    pub(crate) fn detail(&self) -> u8 {
        let said =
            [self.country.is_some(), self.region.is_some(), self.city.is_some(), self.county_fips.is_some()];
        said.iter().rposition(|part| *part).map_or(0, |last| u8::try_from(last).unwrap_or(u8::MAX) + 1)
    }
}

/// Who announces an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Autonomous system number.
    pub asn: Option<u32>,
    /// The operator's name as the table writes it.
    pub operator: Option<String>,
    /// What the network is used for.
    pub kind: NetworkKind,
    /// True when `kind` was guessed from words in the operator's name; false when the table says it.
    pub kind_is_guess: bool,
}

impl Network {
    /// How much this network says: a stated kind over a guessed one over none.
    pub(crate) fn detail(&self) -> u8 {
        match (self.kind, self.kind_is_guess) {
            (NetworkKind::Unknown, _) => u8::from(self.asn.is_some() || self.operator.is_some()),
            (_, true) => 2,
            (_, false) => 3,
        }
    }
}

/// What a network is used for. It decides whether the place of an address says anything about a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NetworkKind {
    /// Homes, offices, mobile phones: people are behind it.
    Access,
    /// Machines in data centres: people are elsewhere.
    Hosting,
    /// A VPN, proxy or anonymity relay: people are elsewhere on purpose.
    Relay,
    /// The tables do not say.
    #[default]
    Unknown,
}

impl NetworkKind {
    /// Every kind, for forms and tests.
    pub const ALL: [Self; 4] = [Self::Access, Self::Hosting, Self::Relay, Self::Unknown];

    /// The word used in tables and stored records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Hosting => "hosting",
            Self::Relay => "relay",
            Self::Unknown => "unknown",
        }
    }

    /// Reads [`as_str`](Self::as_str) back; any other word is `None`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether the country of such an address may decide alone where a matter goes.
    pub fn may_decide_country(self) -> bool {
        matches!(self, Self::Access | Self::Unknown)
    }

    /// A careful guess from an operator's name. A wrong guess only makes the address count for less, so it never
    /// answers [`Access`](Self::Access).
    pub(crate) fn guess(operator: &str) -> Self {
        const RELAY: [&str; 5] = ["vpn", "proxy", "proxies", "anonymizer", "tor"];
        const HOSTING: [&str; 9] = [
            "hosting",
            "hoster",
            "datacenter",
            "datacenters",
            "datacentre",
            "vps",
            "cloud",
            "colocation",
            "servers",
        ];
        let folded = operator.to_ascii_lowercase();
        let mut seen = Self::Unknown;
        for word in folded.split(|c: char| !c.is_ascii_alphanumeric()) {
            if RELAY.contains(&word) {
                return Self::Relay;
            }
            if HOSTING.contains(&word) {
                seen = Self::Hosting;
            }
        }
        seen
    }
}

/// A county or its equivalent (parish, borough, independent city).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct County {
    /// Five digits: two of the state, three of the county.
    pub fips: String,
    /// Name as the table writes it.
    pub name: String,
    /// Postal code of the state, "CA".
    pub state: String,
    /// True when the question does not settle the county: a postcode or a city may lie in several.
    pub approximate: bool,
}
