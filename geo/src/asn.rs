//! The table of autonomous systems: `first,last,number,name`, one line a range, IPv4 or IPv6.
//!
//! Half a million lines become sorted numbers and one list of operators, so that a look-up is a binary search.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::found::{Network, NetworkKind};
use crate::refusal::{Cause, Refusal};
use crate::segments::{Range, Segments};
use crate::text;

#[derive(Debug)]
pub(crate) struct AsnTable {
    v4: Segments<u32>,
    v6: Segments<u128>,
    operators: Vec<(u32, Box<str>)>,
}

impl AsnTable {
    /// Whether the first line looks like this format.
    pub(crate) fn speaks(first_line: &str) -> bool {
        parse_line(first_line).is_ok()
    }

    /// Reads the whole file; answers the table and its number of ranges.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Self, usize), Refusal> {
        let mut reading = Reading::default();
        for line in text::lines(bytes) {
            let (line, text) = line?;
            reading.take(text).map_err(|cause| Refusal::Line { line, cause })?;
        }
        let rows = reading.v4.len() + reading.v6.len();
        let mut operators = vec![(0, Box::from("")); reading.operators.len()];
        for (operator, row) in reading.operators {
            operators[row as usize] = operator;
        }
        let table = Self { v4: Segments::flatten(reading.v4), v6: Segments::flatten(reading.v6), operators };
        Ok((table, rows))
    }

    pub(crate) fn network(&self, ip: IpAddr) -> Option<Network> {
        let row = match ip {
            IpAddr::V4(ip) => self.v4.row(ip.into()),
            IpAddr::V6(ip) => self.v6.row(ip.into()),
        }?;
        let (asn, operator) = self.operators.get(row as usize)?;
        let kind = NetworkKind::guess(operator);
        Some(Network {
            // Number 0 is reserved: tables use it for space that nobody announces.
            asn: (*asn != 0).then_some(*asn),
            operator: text::filled(operator),
            kind,
            kind_is_guess: kind != NetworkKind::Unknown,
        })
    }
}

#[derive(Default)]
struct Reading {
    v4: Vec<Range<u32>>,
    v6: Vec<Range<u128>>,
    operators: HashMap<(u32, Box<str>), u32>,
}

impl Reading {
    fn take(&mut self, line: &str) -> Result<(), Cause> {
        let (first, last, operator) = parse_line(line)?;
        let next = u32::try_from(self.operators.len()).map_err(|_| Cause::TooManyLines(text::MAX_LINES))?;
        let row = *self.operators.entry(operator).or_insert(next);
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
                self.v4.push(Range { first: first.into(), last: last.into(), row });
            }
            (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
                self.v6.push(Range { first: first.into(), last: last.into(), row });
            }
            _ => return Err(Cause::Backwards),
        }
        Ok(())
    }
}

type Line = (IpAddr, IpAddr, (u32, Box<str>));

fn parse_line(line: &str) -> Result<Line, Cause> {
    let [first, last, asn, name] = text::exactly(text::comma_fields(line)?)?;
    let first = first.parse().map_err(|_| Cause::Field("first address"))?;
    let last = last.parse().map_err(|_| Cause::Field("last address"))?;
    let asn = asn.parse().map_err(|_| Cause::Field("network number"))?;
    Ok((first, last, (asn, name.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "192.0.2.0,192.0.2.127,64500,\"Example Cloud, Inc.\"\n\
        192.0.2.128,192.0.2.255,64501,Example Fibre\n\
        2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,64501,Example Fibre\n\
        198.51.100.0,198.51.100.255,64502,Example VPN\n";

    fn network(ip: &str) -> Option<Network> {
        AsnTable::read(TABLE.as_bytes()).unwrap().0.network(ip.parse().unwrap())
    }

    #[test]
    fn an_address_finds_its_operator_in_both_families() {
        assert_eq!(network("192.0.2.200").unwrap().operator.as_deref(), Some("Example Fibre"));
        assert_eq!(network("2001:db8::5").unwrap().asn, Some(64501));
        assert_eq!(network("203.0.113.1"), None);
        assert_eq!(network("2001:db8:1::"), None);
    }

    #[test]
    fn hosting_and_relay_names_are_marked_as_guesses() {
        let cloud = network("192.0.2.1").unwrap();
        assert_eq!((cloud.kind, cloud.kind_is_guess), (NetworkKind::Hosting, true));
        assert_eq!(network("198.51.100.9").unwrap().kind, NetworkKind::Relay);
        let fibre = network("192.0.2.200").unwrap();
        assert_eq!((fibre.kind, fibre.kind_is_guess), (NetworkKind::Unknown, false));
    }

    #[test]
    fn crossing_ranges_of_the_real_table_part_at_the_later_start() {
        let crossing = "192.0.2.0,192.0.2.99,64500,One\n192.0.2.50,192.0.2.255,64501,Two\n";
        let (table, rows) = AsnTable::read(crossing.as_bytes()).unwrap();
        let asn = |ip: &str| table.network(ip.parse().unwrap()).unwrap().asn;
        assert_eq!((rows, asn("192.0.2.49"), asn("192.0.2.60")), (2, Some(64500), Some(64501)));
    }

    #[test]
    fn a_wrong_line_is_refused_with_its_number_and_cause() {
        let cases = [
            ("192.0.2.9,192.0.2.1,64500,X", Cause::Backwards),
            ("192.0.2.1,2001:db8::1,64500,X", Cause::Backwards),
            ("192.0.2.1,192.0.2.2,AS64500,X", Cause::Field("network number")),
            ("192.0.2.1,192.0.2,64500,X", Cause::Field("last address")),
            ("192.0.2.1,192.0.2.2,64500", Cause::FieldCount { found: 3, expected: 4 }),
        ];
        for (line, cause) in cases {
            let file = format!("{TABLE}{line}\n");
            assert_eq!(AsnTable::read(file.as_bytes()).unwrap_err(), Refusal::Line { line: 5, cause });
        }
    }
}
