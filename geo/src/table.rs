//! One loaded table and what is known about it.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::asn::AsnTable;
use crate::counties::CountyTable;
use crate::found::{County, Network, Place};
use crate::mmdb::MmdbTable;
use crate::postcodes::PostcodeTable;
use crate::ranges::RangeTable;

/// The largest file that is read at all. The largest known table, city level for IPv6, has 71 MB.
pub const MAX_FILE_BYTES: usize = 512 << 20;

/// What a table answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Address to place.
    IpPlace,
    /// Address to network and operator.
    IpNetwork,
    /// Postcode to county.
    PostcodeCounty,
    /// County code to name and back.
    CountyNames,
}

impl Kind {
    /// Every kind, for help texts and tests.
    pub const ALL: [Self; 4] = [Self::IpPlace, Self::IpNetwork, Self::PostcodeCounty, Self::CountyNames];

    /// The word used on the command line and in stored records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IpPlace => "ip-place",
            Self::IpNetwork => "ip-network",
            Self::PostcodeCounty => "postcode-county",
            Self::CountyNames => "county-names",
        }
    }

    /// Reads [`as_str`](Self::as_str) back; any other word is `None`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Where a table comes from: shown on pages and stored beside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableInfo {
    /// What it answers.
    pub kind: Kind,
    /// Names a series: a newer table of the same kind and name replaces an older one. `[a-z0-9._-]`, at most 64.
    pub name: String,
    /// Day of the facts in it, `YYYY-MM-DD`.
    pub as_of: String,
    /// SHA-256 of the file as it was read, 64 lowercase hex digits. Computed by the caller.
    pub sha256: String,
    /// Who made it.
    pub source: String,
    /// Under which licence it may be used.
    pub licence: String,
    /// The words that the licence wants on pages with results; empty when it wants none.
    pub attribution: String,
    /// Where those words must link to, when they must.
    pub attribution_link: Option<String>,
}

/// The rows of one table, in the form that answers fastest.
#[derive(Debug)]
pub(crate) enum Table {
    Mmdb(MmdbTable),
    Ranges(RangeTable),
    Asn(AsnTable),
    Postcodes(PostcodeTable),
    Counties(CountyTable),
}

impl Table {
    pub(crate) fn place(&self, ip: IpAddr) -> Option<Place> {
        match self {
            Self::Mmdb(table) => table.place(ip),
            Self::Ranges(table) => table.place(ip),
            Self::Asn(_) | Self::Postcodes(_) | Self::Counties(_) => None,
        }
    }

    pub(crate) fn network(&self, ip: IpAddr) -> Option<Network> {
        match self {
            Self::Mmdb(table) => table.network(ip),
            Self::Ranges(table) => table.network(ip),
            Self::Asn(table) => table.network(ip),
            Self::Postcodes(_) | Self::Counties(_) => None,
        }
    }

    pub(crate) fn postcode(&self, postcode: &str) -> Option<County> {
        match self {
            Self::Postcodes(table) => table.postcode(postcode),
            _ => None,
        }
    }

    pub(crate) fn city(&self, state: &str, city: &str) -> Option<County> {
        match self {
            Self::Postcodes(table) => table.city(state, city),
            _ => None,
        }
    }

    pub(crate) fn county(&self, fips: &str) -> Option<County> {
        match self {
            Self::Counties(table) => table.county(fips),
            _ => None,
        }
    }

    pub(crate) fn county_by_name(&self, state: &str, name: &str) -> Option<County> {
        match self {
            Self::Counties(table) => table.by_name(state, name),
            _ => None,
        }
    }
}
