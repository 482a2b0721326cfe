//! The rows of the table, built once from the lists of places.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use super::counties::{COUNTIES, LARGE, STATES};
use super::countries::COUNTRIES;
use super::{Network, Spot, Usage, county_of};

/// Third group of an IPv6 row, where each kind of place starts. A place that is added goes behind its like, so that
/// no address ever changes its place.
const UNITED_STATES: u16 = 0x0001;
const STATE: u16 = 0x0100;
const COUNTRY: u16 = 0x0200;
const COUNTY: u16 = 0x1000;

/// The only network that the table does not list.
pub(super) const NOWHERE: Network = Network {
    first: IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 0)),
    prefix: 48,
    spot: Spot::Nowhere,
    city: None,
    at: None,
    asn: 64_511,
    operator: "",
    usage: Usage::Access,
};

/// Made-up operators of access networks with numbers from the range for documentation (64496 to 64511).
const OPERATORS: [(u32, &str); 6] = [
    (64_496, "Example Fibre"),
    (64_497, "Sample Valley Broadband"),
    (64_498, "Placeholder Cable"),
    (64_499, "Invented Telephone Cooperative"),
    (64_500, "Fictional Wireless"),
    (64_501, "Made-up Municipal Net"),
];

/// First address, prefix length, place, autonomous system, operator, usage.
type Shared = ([u8; 4], u8, Spot, u32, &'static str, Usage);

/// What many people share: carriers, machines in data centres, exits of relays.
const SHARED: [Shared; 10] = [
    ([192, 0, 2, 0], 25, Spot::UnitedStates, 64_502, "Example Mobile Carrier", Usage::Access),
    ([192, 0, 2, 128], 25, Spot::UnitedStates, 64_503, "Sample Mobile Carrier", Usage::Access),
    ([198, 51, 100, 0], 26, Spot::Country("IN"), 64_504, "Placeholder Mobile India", Usage::Access),
    ([198, 51, 100, 64], 26, Spot::Country("PH"), 64_505, "Placeholder Mobile Philippines", Usage::Access),
    ([198, 51, 100, 128], 26, Spot::UnitedStates, 64_506, "Example Hosting West", Usage::Hosting),
    ([198, 51, 100, 192], 26, Spot::Country("DE"), 64_507, "Example Hosting Europe", Usage::Hosting),
    ([203, 0, 113, 0], 26, Spot::Country("NL"), 64_508, "Example VPN North", Usage::Relay),
    ([203, 0, 113, 64], 26, Spot::Country("SE"), 64_508, "Example VPN North", Usage::Relay),
    ([203, 0, 113, 128], 26, Spot::Country("NO"), 64_509, "Sample VPN Fjord", Usage::Relay),
    ([203, 0, 113, 192], 26, Spot::Country("DE"), 64_510, "Fictional Relay Exit", Usage::Relay),
];

pub(super) static ROWS: LazyLock<Vec<Network>> = LazyLock::new(|| {
    let mut rows: Vec<Network> = SHARED.iter().map(shared_row).collect();
    rows.push(home_row(UNITED_STATES, 0, Spot::UnitedStates));
    let numbered = |start: u16| (start..).zip(0_usize..);
    rows.extend(
        numbered(STATE).zip(STATES).map(|((group, n), (_, code))| home_row(group, n, Spot::State(code))),
    );
    rows.extend(
        numbered(COUNTRY)
            .zip(COUNTRIES)
            .map(|((group, n), (_, code))| home_row(group, n, Spot::Country(code))),
    );
    let counties = numbered(COUNTY).zip(COUNTIES.iter());
    rows.extend(counties.map(|((group, n), county)| home_row(group, n, Spot::County(county.fips))));
    rows
});

/// Row number of the homes in each place.
static HOMES: LazyLock<HashMap<Spot, usize>> = LazyLock::new(|| {
    let homes = ROWS.iter().enumerate().filter(|(_, row)| row.first.is_ipv6());
    homes.map(|(number, row)| (row.spot, number)).collect()
});

/// The network of homes in a place.
pub(super) fn home(spot: Spot) -> Option<&'static Network> {
    HOMES.get(&spot).and_then(|number| ROWS.get(*number))
}

/// Address number `n` among the shared networks of that usage; carriers are those in the United States.
pub(super) fn shared(usage: Usage, n: u64) -> IpAddr {
    let fits =
        |row: &&Network| row.usage == usage && (usage != Usage::Access || row.spot == Spot::UnitedStates);
    let rows: Vec<&Network> = ROWS[..SHARED.len()].iter().filter(fits).collect();
    let count = rows.len() as u64;
    // INVARIANT: `SHARED` has a row of each usage; a test draws from each.
    rows[usize::try_from(n % count).unwrap_or_default()].address(n / count)
}

fn shared_row((first, prefix, spot, asn, operator, usage): &Shared) -> Network {
    let (prefix, spot, asn, usage) = (*prefix, *spot, *asn, *usage);
    Network { first: Ipv4Addr::from(*first).into(), prefix, spot, city: None, at: None, asn, operator, usage }
}

fn home_row(group: u16, number: usize, spot: Spot) -> Network {
    let (asn, operator) = OPERATORS[number % OPERATORS.len()];
    let large = LARGE.iter().find(|large| Spot::County(large.0) == spot);
    Network {
        first: IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, group, 0, 0, 0, 0, 0)),
        prefix: 48,
        spot,
        city: large.map(|large| large.2),
        at: large.map(|large| (large.3, large.4)),
        asn,
        operator,
        usage: Usage::Access,
    }
}

/// One line of the table.
pub(super) fn line(text: &mut String, row: &Network) {
    let county = match row.spot {
        Spot::County(fips) => county_of(fips),
        _ => None,
    };
    let (north, east) = row.at.unwrap_or_default();
    // INVARIANT: no name of the list or of ours holds a quote.
    writeln!(
        text,
        "{}/{},{},{},{},\"{}\",{},{north},{east},{},{},{}",
        row.first,
        row.prefix,
        row.spot.country().unwrap_or_default(),
        row.spot.state().unwrap_or_default(),
        county.map_or("", |county| county.fips),
        county.map_or("", |county| county.name),
        row.city.unwrap_or_default(),
        row.asn,
        row.operator,
        row.usage.as_str(),
    )
    .expect("a string takes every write");
}
