//! MaxMind DB files, in the three shapes that are in use: flat records (`country_code`, `state1`, `city`, ...),
//! MaxMind's nested records (`country.iso_code`, ...), and autonomous systems (`autonomous_system_number`, ...).

use std::collections::HashSet;
use std::net::IpAddr;

use maxminddb::{LookupResult, MaxMindDbError, PathElement, Reader, WithinOptions, geoip2, path};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

use crate::found::{Network, NetworkKind, Place};
use crate::header::Facts;
use crate::refusal::Refusal;
use crate::table::Kind;
use crate::{day, states, text};

/// Stands before the metadata at the end of every file of this format.
const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";
/// The format allows the metadata to begin at most this far from the end.
const MARKER_REACH: usize = 128 << 10;
/// Networks that a walk may meet for each node of the tree. Honest trees have two, several times over when parts of
/// the IPv6 space are aliases of the IPv4 space; a tree whose branches meet again could have more than atoms exist.
const MAX_NETWORKS_PER_NODE: usize = 16;
/// Records that may be looked at before one shows its shape.
const MAX_SHAPELESS: usize = 10_000;
/// Longer names than this are not names.
const MAX_NAME_BYTES: usize = 200;

#[derive(Debug)]
pub(crate) struct MmdbTable {
    reader: Reader<Vec<u8>>,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Flat,
    Nested,
    Asn,
}

#[derive(Deserialize)]
struct FlatRecord<'a> {
    country_code: Option<&'a str>,
    state1: Option<&'a str>,
    city: Option<&'a str>,
    latitude: Option<Degrees>,
    longitude: Option<Degrees>,
}

/// A coordinate: MaxMind writes doubles, others single-precision floats, and the reader keeps them apart.
#[derive(Clone, Copy)]
struct Degrees(f64);

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Degrees;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a float or a double")
            }
            fn visit_f32<E: de::Error>(self, value: f32) -> Result<Degrees, E> {
                // Four places are ten metres: more would be noise of the conversion.
                Ok(Degrees((f64::from(value) * 1e4).round() / 1e4))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Degrees, E> {
                Ok(Degrees(value))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl MmdbTable {
    /// Whether the bytes end like this format.
    pub(crate) fn speaks(bytes: &[u8]) -> bool {
        let tail = &bytes[bytes.len().saturating_sub(MARKER_REACH)..];
        tail.windows(MARKER.len()).any(|window| window == MARKER)
    }

    /// Opens a file that was checked when it was let in. Damage shows as addresses that are not found.
    pub(crate) fn open(bytes: Vec<u8>, kind: Kind) -> Result<(Self, Facts), Refusal> {
        let reader = Reader::from_source(bytes).map_err(damaged)?;
        let shape = shape_of(&reader)?;
        if (kind == Kind::IpNetwork) != (shape == Shape::Asn) {
            return Err(Refusal::UnknownFormat { kind: kind.as_str() });
        }
        let as_of = day::of_unix_seconds(reader.metadata().build_epoch);
        Ok((Self { reader, shape }, Facts { as_of, ..Facts::default() }))
    }

    /// Walks the whole tree and decodes every record once; answers the number of networks with a record.
    ///
    /// The reader's own `verify` is not used: it refuses files without a description, which published ones are.
    pub(crate) fn check(&self) -> Result<usize, Refusal> {
        let mut seen = HashSet::new();
        let mut count = 0;
        for found in every_network(&self.reader)? {
            let found = found?;
            let Some(offset) = found.offset() else {
                continue;
            };
            count += 1;
            if seen.insert(offset) {
                match self.shape {
                    Shape::Asn => network_of(&found).map(|_| ()),
                    Shape::Flat | Shape::Nested => place_of(self.shape, &found).map(|_| ()),
                }
                .map_err(damaged)?;
            }
        }
        Ok(count)
    }

    pub(crate) fn place(&self, ip: IpAddr) -> Option<Place> {
        match self.shape {
            Shape::Asn => None,
            shape => place_of(shape, &self.reader.lookup(ip).ok()?).ok()?,
        }
    }

    pub(crate) fn network(&self, ip: IpAddr) -> Option<Network> {
        match self.shape {
            Shape::Asn => network_of(&self.reader.lookup(ip).ok()?).ok()?,
            Shape::Flat | Shape::Nested => None,
        }
    }
}

type Record<'a> = LookupResult<'a, Vec<u8>>;

/// Every leaf of the tree, with and without a record, so that the bound counts all that is walked.
fn every_network(
    reader: &Reader<Vec<u8>>,
) -> Result<impl Iterator<Item = Result<Record<'_>, Refusal>>, Refusal> {
    let everything = WithinOptions::default().include_networks_without_data().include_aliased_networks();
    let limit =
        (reader.metadata().node_count as usize).saturating_mul(MAX_NETWORKS_PER_NODE).saturating_add(1000);
    let networks = reader.networks(everything).map_err(damaged)?;
    Ok(networks.enumerate().map(move |(index, found)| {
        if index >= limit {
            return Err(Refusal::Database { cause: "search tree meets itself".to_owned() });
        }
        found.map_err(damaged)
    }))
}

/// The shape that the first telling record shows.
fn shape_of(reader: &Reader<Vec<u8>>) -> Result<Shape, Refusal> {
    let mut looked_at = 0;
    for found in every_network(reader)? {
        let found = found?;
        if !found.has_data() {
            continue;
        }
        if let Some(shape) = shape_of_record(&found) {
            return Ok(shape);
        }
        looked_at += 1;
        if looked_at == MAX_SHAPELESS {
            break;
        }
    }
    Err(Refusal::Database { cause: "no record names a country or a network number".to_owned() })
}

fn shape_of_record(record: &Record<'_>) -> Option<Shape> {
    if matches!(record.decode_path::<&str>(&path!["country_code"]), Ok(Some(_))) {
        return Some(Shape::Flat);
    }
    if matches!(record.decode_path::<&str>(&path!["country", "iso_code"]), Ok(Some(_))) {
        return Some(Shape::Nested);
    }
    let asn = record.decode_path::<u32>(&path!["autonomous_system_number"]);
    matches!(asn, Ok(Some(_))).then_some(Shape::Asn)
}

fn place_of(shape: Shape, record: &Record<'_>) -> Result<Option<Place>, MaxMindDbError> {
    let place = match shape {
        Shape::Nested => record.has_data().then(|| nested(record)).transpose()?,
        Shape::Flat | Shape::Asn => record.decode::<FlatRecord<'_>>()?.map(|flat| Place {
            country: flat.country_code.and_then(country),
            region: flat.state1.and_then(name),
            city: flat.city.and_then(name),
            latitude: flat.latitude.map(|degrees| degrees.0),
            longitude: flat.longitude.map(|degrees| degrees.0),
            ..Place::default()
        }),
    };
    Ok(place.map(finished).filter(|place| place.country.is_some()))
}

fn nested(record: &Record<'_>) -> Result<Place, MaxMindDbError> {
    let word = |path: &[PathElement<'_>]| record.decode_path::<&str>(path);
    let degrees = |path: &[PathElement<'_>]| record.decode_path::<Degrees>(path);
    let country = word(&path!["country", "iso_code"])?.and_then(country);
    let code = word(&path!["subdivisions", 0, "iso_code"])?.and_then(name);
    let english = word(&path!["subdivisions", 0, "names", "en"])?.and_then(name);
    let is_us = country.as_deref() == Some("US");
    Ok(Place {
        country,
        region: if is_us { code.or(english) } else { english.or(code) },
        city: word(&path!["city", "names", "en"])?.and_then(name),
        latitude: degrees(&path!["location", "latitude"])?.map(|degrees| degrees.0),
        longitude: degrees(&path!["location", "longitude"])?.map(|degrees| degrees.0),
        ..Place::default()
    })
}

/// What holds for every place from such a file: estimates, states by their code, coordinates on the globe.
fn finished(mut place: Place) -> Place {
    place.approximate = true;
    if place.country.as_deref() == Some("US") {
        place.region = place.region.as_deref().and_then(states::code_of).map(str::to_owned);
    }
    let on_globe = |value: Option<f64>, limit: f64| value.filter(|degrees| degrees.abs() <= limit);
    place.latitude = on_globe(place.latitude, 90.0);
    place.longitude = on_globe(place.longitude, 180.0);
    place
}

fn network_of(record: &Record<'_>) -> Result<Option<Network>, MaxMindDbError> {
    Ok(record.decode::<geoip2::Asn<'_>>()?.map(|asn| {
        let operator = asn.autonomous_system_organization.and_then(name);
        let kind = operator.as_deref().map_or(NetworkKind::Unknown, NetworkKind::guess);
        let kind_is_guess = kind != NetworkKind::Unknown;
        Network { asn: asn.autonomous_system_number, operator, kind, kind_is_guess }
    }))
}

fn country(code: &str) -> Option<String> {
    let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| code.to_ascii_uppercase())
}

fn name(text: &str) -> Option<String> {
    (text.len() <= MAX_NAME_BYTES && text::is_clean(text)).then(|| text::filled(text))?
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn damaged(error: MaxMindDbError) -> Refusal {
    Refusal::Database { cause: error.to_string() }
}
