//! Look-ups in dated tables: one file each. Every finding carries the name and the day of the table that gave it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use domain::{Finding, Private, Submission};
use geo::{Atlas, Found};
use serde_json::Value;

use crate::selectors;
use domain::people;

/// Look-ups of one report at most; a report with more is still delivered, only not all of it is looked up.
const MAX_SUBJECTS: usize = 2_000;

macro_rules! registry {
    ($($name:ident,)+) => {
        $(mod $name;)+

        /// Every look-up, in the order in which findings are shown.
        pub(crate) const ALL: &[fn(&Subjects, &Atlas) -> Vec<Finding>] = &[$($name::look_up,)+];

        /// The file of each, and its name in findings.
        #[cfg(test)]
        pub(crate) const LISTED: &[(&str, &str)] = &[$((stringify!($name), $name::NAME),)+];
    };
}

registry! {
    ip_place,
    ip_network,
    postcode,
    city_county,
}

pub(crate) use city_county::subject as city_subject;

/// What a report offers to look up, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Subjects {
    /// Internet addresses, canonical.
    pub addresses: BTreeSet<IpAddr>,
    /// United States postcodes.
    pub postcodes: BTreeSet<String>,
    /// State and city of United States places.
    pub cities: BTreeSet<(String, String)>,
}

/// Every finding of a report. Pure: the same report and tables give the same findings.
pub(crate) fn look_up(subjects: &Subjects, atlas: &Atlas) -> Vec<Finding> {
    ALL.iter().flat_map(|look_up| look_up(subjects, atlas)).collect()
}

impl Subjects {
    /// What the report says, of whoever it says it; its reporter aside.
    pub(crate) fn of<'a>(
        submission: &'a Submission,
        statements: impl Iterator<Item = &'a domain::FileStatement>,
    ) -> Self {
        let mut subjects = Self::default();
        for (_, event) in people::ip_events(submission, statements) {
            subjects.address(event.address.reveal());
        }
        for (_, address) in people::postal_addresses(submission) {
            let country = address.country.as_deref().unwrap_or("US");
            let postcode = address.postcode.as_ref().map(|p| p.reveal().trim().to_owned());
            if country == "US" && subjects.postcodes.len() < MAX_SUBJECTS {
                subjects.postcodes.extend(postcode.filter(|p| p.starts_with(|c: char| c.is_ascii_digit())));
            }
            subjects.city(country, address.state.as_deref(), address.city.as_ref());
        }
        for (_, estimate) in people::estimates(submission) {
            let country = estimate.country.as_deref().unwrap_or_default();
            subjects.city(country, estimate.region.as_deref(), estimate.city.as_ref());
        }
        subjects
    }

    fn address(&mut self, given: &str) {
        if self.addresses.len() < MAX_SUBJECTS {
            self.addresses.extend(selectors::ip(given));
        }
    }

    fn city(&mut self, country: &str, state: Option<&str>, city: Option<&Private<String>>) {
        let (Some(state), Some(city)) = (state, city) else { return };
        let city = city.reveal().trim();
        if country == "US" && !state.is_empty() && !city.is_empty() && self.cities.len() < MAX_SUBJECTS {
            self.cities.insert((state.to_owned(), city.to_owned()));
        }
    }
}

/// A finding of a table's answer; keys without a value are left out.
fn finding<T>(enricher: &str, subject: String, found: Found<T>, value: impl Fn(T) -> Value) -> Finding {
    let mut value = value(found.value);
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, field| !field.is_null());
    }
    let subject = Private::new(subject);
    Finding { enricher: enricher.to_owned(), subject, table: found.table, as_of: found.as_of, value }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sample;

    const PLACES: &str = "# clearinghouse ip-place table, as_of=2026-01-31, source=Example, licence=CC0-1.0\n\
        cidr,country,region,county_fips,county,city,latitude,longitude,asn,operator,network_kind\n\
        2001:db8::/48,US,CA,06037,Los Angeles County,Los Angeles,34.05,-118.24,64500,Example Fibre,access\n\
        198.51.100.0/24,US,MN,,,Saint Paul,,,64501,Example Net,access\n\
        203.0.113.0/24,DE,,,,,,,64502,Example VPN,relay\n\
        192.0.2.0/24,PH,,,,,,,64503,Example Mobile,access\n";
    const POSTCODES: &str = "# clearinghouse postcode-county table, as_of=2026-01-31, source=Example, licence=CC0-1.0\n\
        postcode,county_fips,county,city\n\
        90001,06037,Los Angeles County,Los Angeles\n\
        55101,27123,Ramsey County,Saint Paul\n";

    /// A small atlas over documentation addresses.
    pub(crate) fn atlas() -> Atlas {
        let import = |kind: geo::Kind, name: &str, text: &str| {
            let sha256 = seal::hex(&seal::sha256(text.as_bytes()));
            let hints = geo::Hints { name, sha256: &sha256, ..geo::Hints::default() };
            geo::import(kind, text.as_bytes().to_vec(), &hints).unwrap()
        };
        Atlas::from_imported(vec![
            import(geo::Kind::IpPlace, "example-places", PLACES),
            import(geo::Kind::PostcodeCounty, "example-postcodes", POSTCODES),
        ])
    }

    fn findings() -> Vec<Finding> {
        let submission = sample::submission();
        look_up(&Subjects::of(&submission, std::iter::empty()), &atlas())
    }

    #[test]
    fn the_registry_lists_the_folder() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/enrichers");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let mut listed: Vec<String> = LISTED.iter().map(|(file, _)| (*file).to_owned()).collect();
        files.sort();
        listed.sort();
        assert_eq!(files, listed);
    }

    #[test]
    fn every_finding_names_its_enricher_its_table_and_its_day() {
        let findings = findings();
        assert!(findings.len() >= 3, "{findings:?}");
        for finding in findings {
            assert!(LISTED.iter().any(|(_, name)| *name == finding.enricher));
            assert!(finding.table.starts_with("example-") && finding.as_of == "2026-01-31");
            assert!(finding.value.as_object().unwrap().values().all(|v| !v.is_null()));
        }
    }

    #[test]
    fn an_address_is_found_with_place_and_network() {
        let findings = findings();
        let of = |enricher: &str| findings.iter().find(|f| f.enricher == enricher).unwrap();
        let place = of("ip-place");
        assert_eq!(place.subject.reveal(), "2001:db8::7");
        assert_eq!(place.value["county_fips"], "06037");
        assert_eq!(of("ip-network").value["network_kind"], "access");
        assert_eq!(of("postcode").value["county_fips"], "06037");
    }

    #[test]
    fn without_tables_there_are_no_findings() {
        let submission = sample::submission();
        assert_eq!(look_up(&Subjects::of(&submission, std::iter::empty()), &Atlas::default()), []);
    }
}
