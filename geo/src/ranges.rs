//! Our own text table of networks: what operators know about their country's networks, and what synthetic data uses.
//!
//! ```text
//! # clearinghouse ip-place table, as_of=2026-01-31, source=Example, licence=CC0-1.0
//! cidr,country,region,county_fips,county,city,latitude,longitude,asn,operator,network_kind
//! 2001:db8:1::/48,US,CA,06037,Los Angeles County,Los Angeles,34.05,-118.24,64500,Example Fibre,access
//! ```
//!
//! Every field but the first may be empty. Networks may lie inside each other: the longest prefix answers, whole,
//! and what it leaves empty stays empty. `network_kind` is `access`, `hosting`, `relay` or `unknown`.

use std::collections::HashSet;
use std::net::IpAddr;

use crate::found::{Network, NetworkKind, Place};
use crate::header::{self, Facts};
use crate::refusal::{Cause, Refusal};
use crate::segments::{Range, Segments};
use crate::{states, text};

/// The second line of the file, exactly.
const COLUMNS: &str =
    "cidr,country,region,county_fips,county,city,latitude,longitude,asn,operator,network_kind";
/// Each row is kept whole, so that the bound is lower than that of lines.
const MAX_ROWS: usize = 1_000_000;

#[derive(Debug)]
pub(crate) struct RangeTable {
    v4: Segments<u32>,
    v6: Segments<u128>,
    rows: Vec<(Place, Network)>,
}

impl RangeTable {
    /// Reads the whole file; answers the table, its number of networks and what its header says.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Self, usize, Facts), Refusal> {
        let mut lines = text::lines(bytes);
        let (_, first) = lines.next().transpose()?.unwrap_or((1, ""));
        let facts = header::read(first)?;
        let (line, columns) = lines.next().transpose()?.unwrap_or((2, ""));
        if columns != COLUMNS {
            return Err(Refusal::Line { line, cause: Cause::Header("the columns of this kind") });
        }
        let mut reading = Reading::default();
        for line in lines {
            let (line, text) = line?;
            if !text.starts_with('#') {
                reading.take(text).map_err(|cause| Refusal::Line { line, cause })?;
            }
        }
        let count = reading.rows.len();
        let (v4, v6) = (Segments::flatten(reading.v4), Segments::flatten(reading.v6));
        Ok((Self { v4, v6, rows: reading.rows }, count, facts))
    }

    pub(crate) fn place(&self, ip: IpAddr) -> Option<Place> {
        self.row(ip).map(|(place, _)| place.clone())
    }

    pub(crate) fn network(&self, ip: IpAddr) -> Option<Network> {
        self.row(ip).map(|(_, network)| network.clone())
    }

    fn row(&self, ip: IpAddr) -> Option<&(Place, Network)> {
        let row = match ip {
            IpAddr::V4(ip) => self.v4.row(ip.into()),
            IpAddr::V6(ip) => self.v6.row(ip.into()),
        }?;
        self.rows.get(row as usize)
    }
}

#[derive(Default)]
struct Reading {
    v4: Vec<Range<u32>>,
    v6: Vec<Range<u128>>,
    rows: Vec<(Place, Network)>,
    seen: HashSet<(IpAddr, IpAddr)>,
}

impl Reading {
    fn take(&mut self, line: &str) -> Result<(), Cause> {
        if self.rows.len() >= MAX_ROWS {
            return Err(Cause::TooManyLines(MAX_ROWS));
        }
        let fields = text::exactly::<11>(text::comma_fields(line)?)?;
        let (first, last) = network_ends(&fields[0]).ok_or(Cause::Field("cidr"))?;
        if !self.seen.insert((first, last)) {
            return Err(Cause::Twice("cidr"));
        }
        let row = u32::try_from(self.rows.len()).map_err(|_| Cause::TooManyLines(MAX_ROWS))?;
        let field = |at: usize| text::filled(&fields[at]);
        self.rows.push((place(&field)?, network(&field)?));
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                self.v4.push(Range { first: first.into(), last: last.into(), row });
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => {
                self.v6.push(Range { first: first.into(), last: last.into(), row });
            }
            _ => return Err(Cause::Backwards),
        }
        Ok(())
    }
}

fn place(field: &dyn Fn(usize) -> Option<String>) -> Result<Place, Cause> {
    let country = field(1);
    if country
        .as_deref()
        .is_some_and(|code| code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        return Err(Cause::Field("country"));
    }
    let is_us = country.as_deref() == Some("US");
    let mut region = field(2);
    if is_us && region.as_deref().is_some_and(|code| !states::is_code(code)) {
        return Err(Cause::Field("region"));
    }
    let county_fips = field(3);
    if let Some(fips) = &county_fips {
        let state = states::code_of_county(fips).filter(|_| is_us).ok_or(Cause::Field("county_fips"))?;
        if *region.get_or_insert_with(|| state.to_owned()) != state {
            return Err(Cause::Field("county_fips"));
        }
    }
    let degrees = |at: usize, limit: f64, name| match field(at).map(|text| text.parse::<f64>()) {
        None => Ok(None),
        Some(Ok(value)) if value.abs() <= limit => Ok(Some(value)),
        Some(_) => Err(Cause::Field(name)),
    };
    Ok(Place {
        approximate: county_fips.is_none(),
        latitude: degrees(6, 90.0, "latitude")?,
        longitude: degrees(7, 180.0, "longitude")?,
        county: field(4),
        city: field(5),
        country,
        region,
        county_fips,
    })
}

fn network(field: &dyn Fn(usize) -> Option<String>) -> Result<Network, Cause> {
    let asn = field(8).map(|text| text.parse::<u32>()).transpose().map_err(|_| Cause::Field("asn"))?;
    let kind = match field(10) {
        Some(word) => NetworkKind::parse(&word).ok_or(Cause::Field("network_kind"))?,
        None => NetworkKind::Unknown,
    };
    Ok(Network { asn, operator: field(9), kind, kind_is_guess: false })
}

/// First and last address of `ADDRESS/LENGTH`; `None` too when bits behind the prefix are set, since such a line
/// was surely meant otherwise.
fn network_ends(cidr: &str) -> Option<(IpAddr, IpAddr)> {
    let (address, length) = cidr.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    match address.parse().ok()? {
        IpAddr::V4(first) => {
            let rest = u32::MAX.checked_shr(length).unwrap_or(0);
            let bits = u32::from(first);
            (length <= 32 && bits & rest == 0).then(|| (first.into(), IpAddr::V4((bits | rest).into())))
        }
        IpAddr::V6(first) => {
            let rest = u128::MAX.checked_shr(length).unwrap_or(0);
            let bits = u128::from(first);
            (length <= 128 && bits & rest == 0).then(|| (first.into(), IpAddr::V6((bits | rest).into())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# clearinghouse ip-place table, as_of=2026-01-31, source=Test, licence=CC0-1.0\n\
        cidr,country,region,county_fips,county,city,latitude,longitude,asn,operator,network_kind\n";

    fn read(rows: &str) -> Result<RangeTable, Refusal> {
        RangeTable::read(format!("{HEAD}{rows}").as_bytes()).map(|(table, _, _)| table)
    }

    #[test]
    fn the_longest_prefix_answers() {
        let table = read(
            "2001:db8::/32,DE,,,,,,,,,\n\
             2001:db8:1::/48,US,,06037,Los Angeles County,Los Angeles,34.05,-118.24,64500,Example Fibre,access\n\
             2001:db8:1:1::/64,US,TX,,,,,,64501,Example VPN,relay\n",
        )
        .unwrap();
        let place = |ip: &str| table.place(ip.parse().unwrap()).unwrap();
        assert_eq!(place("2001:db8::1").country.as_deref(), Some("DE"));
        assert_eq!(place("2001:db8:2::").country.as_deref(), Some("DE"));
        let county = place("2001:db8:1::9");
        assert_eq!((county.region.as_deref(), county.approximate), (Some("CA"), false));
        assert_eq!(county.county_fips.as_deref(), Some("06037"));
        let relay = table.network("2001:db8:1:1::9".parse().unwrap()).unwrap();
        assert!(!relay.kind.may_decide_country() && !relay.kind_is_guess);
        assert!(place("2001:db8:1:1::9").approximate);
    }

    #[test]
    fn a_wrong_row_is_refused_with_its_line_and_field() {
        let cases = [
            ("192.0.2.1/24,US,,,,,,,,,", Cause::Field("cidr")),
            ("192.0.2.0/33,US,,,,,,,,,", Cause::Field("cidr")),
            ("192.0.2.0/24,us,,,,,,,,,", Cause::Field("country")),
            ("192.0.2.0/24,US,XX,,,,,,,,", Cause::Field("region")),
            ("192.0.2.0/24,US,TX,06037,,,,,,,", Cause::Field("county_fips")),
            ("192.0.2.0/24,DE,,06037,,,,,,,", Cause::Field("county_fips")),
            ("192.0.2.0/24,US,,,,,91,0,,,", Cause::Field("latitude")),
            ("192.0.2.0/24,US,,,,,NaN,0,,,", Cause::Field("latitude")),
            ("192.0.2.0/24,US,,,,,,,-1,,", Cause::Field("asn")),
            ("192.0.2.0/24,US,,,,,,,,,home", Cause::Field("network_kind")),
            ("192.0.2.0/24,US", Cause::FieldCount { found: 2, expected: 11 }),
            ("203.0.113.0/24,DE,,,,,,,,,", Cause::Twice("cidr")),
        ];
        for (row, cause) in cases {
            let refused = read(&format!("203.0.113.0/24,US,,,,,,,,,\n{row}\n")).unwrap_err();
            assert_eq!(refused, Refusal::Line { line: 4, cause }, "{row}");
        }
    }

    #[test]
    fn a_whole_family_and_a_single_address_are_networks_too() {
        let table = read("0.0.0.0/0,US,,,,,,,,,\n192.0.2.7/32,DE,,,,,,,,,\n::/0,FR,,,,,,,,,\n").unwrap();
        let country = |ip: &str| table.place(ip.parse().unwrap()).unwrap().country.unwrap();
        assert_eq!([country("192.0.2.7"), country("192.0.2.8"), country("2001:db8::")], ["DE", "US", "FR"]);
    }
}
