//! The made-up geography of the documentation addresses: which of them lies in which county, state or country, and
//! whose network it is. [`table`] prints it as a dated table that `dataset add` takes; plans draw from the same rows,
//! so what a report was made to be is what the house must find.
//!
//! Counties, states and countries have one `/48` of 2001:db8::/32 each. The three IPv4 ranges are too small for that:
//! they hold what many people share, which is carriers and the exits of relays.

mod counties;
mod countries;
mod rows;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(crate) use counties::{SPLIT_STATES, county_in, county_of, demo_spot, state};
pub(crate) use countries::country;
use rows::ROWS;

/// A place that an address can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// In no table at all.
    Nowhere,
    /// A country outside the United States, ISO 3166-1 alpha-2.
    Country(&'static str),
    /// The United States, state not known.
    UnitedStates,
    /// A state or territory by postal code, county not known.
    State(&'static str),
    /// A county by its five digits.
    County(&'static str),
}

impl Spot {
    /// Postal code of the state, where the place tells it.
    #[must_use]
    pub fn state(self) -> Option<&'static str> {
        match self {
            Self::State(code) => Some(code),
            Self::County(fips) => county_of(fips).map(|county| county.state),
            Self::Nowhere | Self::Country(_) | Self::UnitedStates => None,
        }
    }

    /// Country code, where the place tells it.
    #[must_use]
    pub const fn country(self) -> Option<&'static str> {
        match self {
            Self::Nowhere => None,
            Self::Country(code) => Some(code),
            Self::UnitedStates | Self::State(_) | Self::County(_) => Some("US"),
        }
    }
}

/// What a network of the table is used for; the words of the column `network_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usage {
    /// Homes and mobile phones.
    Access,
    /// Data centres.
    Hosting,
    /// VPNs and relays.
    Relay,
}

impl Usage {
    /// The word in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Hosting => "hosting",
            Self::Relay => "relay",
        }
    }
}

/// One network: a row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// First address.
    pub first: IpAddr,
    /// Length of the prefix.
    pub prefix: u8,
    /// Where it is.
    pub spot: Spot,
    /// Name of the city, where a row says it.
    pub city: Option<&'static str>,
    /// Degrees north and east, as text.
    pub at: Option<(&'static str, &'static str)>,
    /// Autonomous system, from the range for documentation.
    pub asn: u32,
    /// Made-up name of its operator.
    pub operator: &'static str,
    /// What it is used for.
    pub usage: Usage,
}

impl Network {
    /// Address number `n` of the network; two numbers below 2^48 never share one in an IPv6 network.
    #[must_use]
    pub fn address(&self, n: u64) -> IpAddr {
        match self.first {
            IpAddr::V4(first) => {
                let hosts = (1_u64 << (32 - u32::from(self.prefix))) - 2;
                // Neither the first nor the last address of a network is anybody's.
                let host = u32::try_from(1 + n % hosts).unwrap_or(1);
                IpAddr::V4(Ipv4Addr::from(u32::from(first) + host))
            }
            IpAddr::V6(first) => {
                // A subnet and an interface, as access networks hand them out.
                let (subnet, interface) = ((n >> 32) & 0xffff, (n & 0xffff_ffff) + 0x10);
                let host = (u128::from(subnet) << 64) | u128::from(interface);
                IpAddr::V6(Ipv6Addr::from(u128::from(first) | host))
            }
        }
    }

    fn holds(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                (u32::from(first) ^ u32::from(address)).leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                (u128::from(first) ^ u128::from(address)).leading_zeros() >= u32::from(self.prefix)
            }
            _ => false,
        }
    }
}

/// Every network of the table, in the order of its lines. No two overlap.
#[must_use]
pub fn networks() -> &'static [Network] {
    &ROWS
}

/// The network that holds an address.
#[must_use]
pub fn network_of(address: IpAddr) -> Option<&'static Network> {
    ROWS.iter().find(|row| row.holds(address))
}

/// Address number `n` in a place; people with different numbers have different addresses. [`Spot::Nowhere`] gives a
/// documentation address that no row of the table holds.
#[must_use]
pub fn address_in(spot: Spot, n: u64) -> IpAddr {
    match rows::home(spot) {
        Some(row) => row.address(n),
        None => rows::NOWHERE.address(n),
    }
}

/// An address of a mobile carrier in the United States that many people share; the table does not know its state.
#[must_use]
pub fn carrier(n: u64) -> IpAddr {
    rows::shared(Usage::Access, n)
}

/// An exit of a VPN or relay outside the United States.
#[must_use]
pub fn relay(n: u64) -> IpAddr {
    rows::shared(Usage::Relay, n)
}

/// A machine in a data centre.
#[must_use]
pub fn hosting(n: u64) -> IpAddr {
    rows::shared(Usage::Hosting, n)
}

/// The table as a file of kind `ip-place`, dated `as_of` (`YYYY-MM-DD`). Operators are made up.
#[must_use]
pub fn table(as_of: &str) -> String {
    let mut text = format!(
        "# clearinghouse ip-place table, as_of={as_of}, source=clearinghouse synth (made up), licence=Apache-2.0\n\
         cidr,country,region,county_fips,county,city,latitude,longitude,asn,operator,network_kind\n"
    );
    ROWS.iter().for_each(|row| rows::line(&mut text, row));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_network_is_documentation_space_and_none_overlap() {
        let mut firsts = HashSet::new();
        for row in networks() {
            assert!(firsts.insert((row.first, row.prefix)), "{row:?}");
            match row.first {
                IpAddr::V6(first) => assert!(row.prefix == 48 && first.segments()[..2] == [0x2001, 0xdb8]),
                IpAddr::V4(first) => {
                    let [a, b, c, _] = first.octets();
                    assert!(
                        [(192, 0, 2), (198, 51, 100), (203, 0, 113)].contains(&(a, b, c)) && row.prefix >= 24
                    );
                }
            }
            let holders = networks().iter().filter(|other| other.holds(row.first)).count();
            assert_eq!(holders, 1, "{row:?}");
        }
    }

    #[test]
    fn addresses_of_a_place_lie_in_it_and_differ() {
        for spot in [Spot::County("06037"), Spot::State("TX"), Spot::UnitedStates, Spot::Country("IN")] {
            let drawn: HashSet<IpAddr> = (0..500).map(|n| address_in(spot, n * 7919)).collect();
            assert_eq!(drawn.len(), 500);
            assert!(drawn.iter().all(|one| network_of(*one).is_some_and(|row| row.spot == spot)));
        }
        assert_eq!(network_of(address_in(Spot::Nowhere, 5)), None);
        assert!(
            network_of(relay(3))
                .is_some_and(|row| row.usage == Usage::Relay && row.spot.country() != Some("US"))
        );
        assert!(network_of(carrier(3)).is_some_and(|row| row.spot == Spot::UnitedStates));
        assert!(network_of(hosting(3)).is_some_and(|row| row.usage == Usage::Hosting));
    }
}
