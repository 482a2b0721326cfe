//! The door and the look-ups, from outside.
#![expect(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]

mod mmdb_writer;

use std::net::IpAddr;

use geo::{Atlas, Cause, Hints, Imported, Kind, NetworkKind, Refusal, import, table_name};
use mmdb_writer::Value::{Double, Float, List, Map, Number, Text};
use mmdb_writer::{Branch, Value, database, file};

/// 2026-01-31, noon.
const BUILT_AT: u64 = 1_769_860_800;
const DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn hints(name: &'static str) -> Hints<'static> {
    Hints { name, sha256: DIGEST, source: Some("Test"), licence: Some("CC0-1.0"), ..Hints::default() }
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn flat(country: &'static str, state: &'static str, city: &'static str) -> Value {
    Map(vec![
        ("country_code", Text(country)),
        ("state1", Text(state)),
        ("city", Text(city)),
        ("latitude", Float(34.0522)),
        ("longitude", Float(-118.25)),
    ])
}

fn names(english: &'static str) -> Value {
    Map(vec![("names", Map(vec![("en", Text(english))]))])
}

fn nested() -> Value {
    Map(vec![
        ("country", Map(vec![("iso_code", Text("US"))])),
        ("subdivisions", List(vec![Map(vec![("iso_code", Text("TX"))])])),
        ("city", names("Example City")),
        ("location", Map(vec![("latitude", Double(31.0)), ("longitude", Double(-97.0))])),
    ])
}

fn own(kind: Kind, as_of: &str, rows: &str) -> Vec<u8> {
    format!(
        "# clearinghouse {} table, as_of={as_of}, source=Test, licence=CC0-1.0\n\
         cidr,country,region,county_fips,county,city,latitude,longitude,asn,operator,network_kind\n{rows}\n",
        kind.as_str()
    )
    .into_bytes()
}

fn place_table(name: &'static str, as_of: &str, rows: &str) -> Imported {
    import(Kind::IpPlace, own(Kind::IpPlace, as_of, rows), &hints(name)).unwrap()
}

#[test]
fn flat_records_name_country_state_and_city() {
    let bytes = database(
        &[
            ("192.0.2.0/24", flat("US", "California", "Los Angeles")),
            ("2001:db8::/32", flat("DE", "Bavaria", "Example")),
        ],
        BUILT_AT,
    );
    let imported = import(Kind::IpPlace, bytes.clone(), &hints("city")).unwrap();
    assert_eq!((imported.rows, imported.info.as_of.as_str()), (2, "2026-01-31"));
    let atlas = Atlas::load(vec![(imported.info, bytes)]).unwrap();

    let found = atlas.place(ip("192.0.2.9")).unwrap();
    assert_eq!((found.table.as_str(), found.as_of.as_str()), ("city", "2026-01-31"));
    assert_eq!(found.value.region.as_deref(), Some("CA"), "states are said by their code");
    assert_eq!((found.value.latitude, found.value.longitude), (Some(34.0522), Some(-118.25)));
    assert!(found.value.approximate);
    assert_eq!(atlas.place(ip("::ffff:192.0.2.9")), Some(found), "a mapped address is its IPv4 address");
    assert_eq!(atlas.place(ip("2001:db8::1")).unwrap().value.region.as_deref(), Some("Bavaria"));
    assert_eq!(atlas.place(ip("198.51.100.1")), None);
    assert_eq!(atlas.network(ip("192.0.2.9")), None);
}

#[test]
fn nested_records_and_records_of_a_country_only_are_read_too() {
    let bytes = database(&[("192.0.2.0/24", nested())], BUILT_AT);
    let atlas = Atlas::from_imported(vec![import(Kind::IpPlace, bytes, &hints("nested")).unwrap()]);
    let place = atlas.place(ip("192.0.2.1")).unwrap().value;
    let said = (place.country.as_deref(), place.region.as_deref(), place.city.as_deref(), place.latitude);
    assert_eq!(said, (Some("US"), Some("TX"), Some("Example City"), Some(31.0)));

    let bytes = database(&[("192.0.2.0/24", Map(vec![("country_code", Text("FR"))]))], BUILT_AT);
    let atlas = Atlas::from_imported(vec![import(Kind::IpPlace, bytes, &hints("country")).unwrap()]);
    let place = atlas.place(ip("192.0.2.1")).unwrap().value;
    assert_eq!((place.country.as_deref(), place.region), (Some("FR"), None));
}

#[test]
fn a_database_of_networks_answers_networks_and_is_refused_as_places() {
    let record = Map(vec![
        ("autonomous_system_number", Number(64500)),
        ("autonomous_system_organization", Text("Example Hosting")),
    ]);
    let bytes = database(&[("203.0.113.0/24", record)], BUILT_AT);
    let refused = import(Kind::IpPlace, bytes.clone(), &hints("asn")).unwrap_err();
    assert_eq!(refused, Refusal::UnknownFormat { kind: "ip-place" });
    let atlas = Atlas::from_imported(vec![import(Kind::IpNetwork, bytes, &hints("asn")).unwrap()]);
    let network = atlas.network(ip("203.0.113.5")).unwrap().value;
    assert_eq!((network.asn, network.kind, network.kind_is_guess), (Some(64500), NetworkKind::Hosting, true));
}

#[test]
fn names_that_would_spoil_a_page_are_left_out() {
    let record = flat("US", "Texas", "Exam\u{202e}ple\u{1b}[2J");
    let bytes = database(&[("192.0.2.0/24", record)], BUILT_AT);
    let atlas = Atlas::from_imported(vec![import(Kind::IpPlace, bytes, &hints("city")).unwrap()]);
    let place = atlas.place(ip("192.0.2.1")).unwrap().value;
    assert_eq!((place.region.as_deref(), place.city), (Some("TX"), None));
}

#[test]
fn a_tree_whose_branches_meet_again_is_refused_in_time() {
    // 2^100 ways lead through a hundred nodes.
    let mut nodes: Vec<[Branch; 2]> = (1..100).map(|next| [Branch::Node(next); 2]).collect();
    nodes.push([Branch::Record(0), Branch::Nothing]);
    let bytes = file(&nodes, &[flat("US", "Texas", "Example")], BUILT_AT);
    let refused = import(Kind::IpPlace, bytes, &hints("maze")).unwrap_err();
    assert_eq!(refused, Refusal::Database { cause: "search tree meets itself".to_owned() });
}

#[test]
fn damage_anywhere_in_a_database_is_refused_or_harmless() {
    let good = database(&[("192.0.2.0/24", nested()), ("2001:db8::/32", nested())], BUILT_AT);
    for at in 0..good.len() {
        for damage in [0x00, 0x20, 0xff] {
            let mut bytes = good.clone();
            bytes[at] = damage;
            if let Ok(imported) = import(Kind::IpPlace, bytes, &hints("damaged")) {
                Atlas::from_imported(vec![imported]).place(ip("192.0.2.1"));
            }
        }
        assert!(import(Kind::IpPlace, good[..at].to_vec(), &hints("cut")).is_err(), "cut at {at}");
    }
}

#[test]
fn every_kind_refuses_noise() {
    let noise: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"\n\n".to_vec(),
        b"PK\x03\x04".to_vec(),
        b"<html></html>".to_vec(),
        b"\xab\xcd\xefMaxMind.com".to_vec(),
        (0..=255).collect(),
        b"# clearinghouse ip-place table".to_vec(),
    ];
    for kind in Kind::ALL {
        for bytes in &noise {
            assert!(import(kind, bytes.clone(), &hints("noise")).is_err(), "{kind:?} {bytes:?}");
        }
    }
}

#[test]
fn the_newest_table_of_a_name_is_in_force_and_the_past_can_be_asked() {
    let atlas = Atlas::from_imported(vec![
        place_table("own", "2026-03-01", "192.0.2.0/24,FR,,,,,,,,,"),
        place_table("own", "2026-01-01", "192.0.2.0/24,DE,,,,,,,,,\n198.51.100.0/24,DE,,,,,,,,,"),
    ]);
    let country = |atlas: &Atlas| atlas.place(ip("192.0.2.1")).map(|found| found.value.country.unwrap());
    assert_eq!(country(&atlas).as_deref(), Some("FR"));
    assert_eq!(atlas.place(ip("198.51.100.1")), None, "a replaced table does not shine through");
    assert_eq!(country(&atlas.as_of("2026-02-28")).as_deref(), Some("DE"));
    assert_eq!(country(&atlas.as_of("2025-12-31")), None);
    assert_eq!(country(&atlas.as_of("2025-12-31").as_of("2026-03-01")).as_deref(), Some("FR"));
}

#[test]
fn the_two_address_families_of_one_day_are_in_force_together() {
    let atlas = Atlas::from_imported(vec![
        place_table("city", "2026-01-01", "192.0.2.0/24,FR,,,,,,,,,"),
        place_table("city", "2026-01-01", "2001:db8::/32,DE,,,,,,,,,"),
    ]);
    assert!(atlas.place(ip("192.0.2.1")).is_some() && atlas.place(ip("2001:db8::1")).is_some());
}

#[test]
fn a_table_that_says_more_outweighs_a_newer_one_that_says_less() {
    let atlas = Atlas::from_imported(vec![
        place_table("country", "2026-06-01", "192.0.2.0/24,FR,,,,,,,,,\n198.51.100.0/24,FR,,,,,,,,,"),
        place_table("county", "2026-01-01", "192.0.2.0/24,US,,06037,Los Angeles County,,,,,,"),
    ]);
    assert_eq!(atlas.place(ip("192.0.2.1")).unwrap().table, "county");
    assert_eq!(atlas.place(ip("198.51.100.1")).unwrap().table, "country");
}

#[test]
fn a_stated_network_kind_outweighs_a_guess_from_a_name() {
    let asn = b"192.0.2.0,192.0.2.255,64500,Example Cloud\n198.51.100.0,198.51.100.255,64501,Example Fibre\n"
        .to_vec();
    let asn_hints = Hints { as_of: Some("2026-06-01"), ..hints("asn") };
    let stated = own(Kind::IpNetwork, "2026-01-01", "192.0.2.0/25,,,,,,,,64500,Example Cloud,access");
    let atlas = Atlas::from_imported(vec![
        import(Kind::IpNetwork, asn, &asn_hints).unwrap(),
        import(Kind::IpNetwork, stated, &hints("stated")).unwrap(),
        place_table("own", "2026-06-02", "192.0.2.0/24,US,,,,,,,,,"),
    ]);
    let kind = |address: &str| atlas.network(ip(address)).unwrap().value.kind;
    assert_eq!(kind("192.0.2.1"), NetworkKind::Access);
    assert_eq!(kind("192.0.2.200"), NetworkKind::Hosting);
    assert_eq!(atlas.network(ip("198.51.100.1")).unwrap().value.operator.as_deref(), Some("Example Fibre"));
}

#[test]
fn a_file_is_not_let_in_without_name_digest_day_source_and_licence() {
    let asn = || b"192.0.2.0,192.0.2.255,64500,Example\n".to_vec();
    let good = Hints { as_of: Some("2026-06-01"), ..hints("list") };
    let refusals = [
        (Hints { name: "List 1", ..good }, "table-name-invalid"),
        (Hints { name: "", ..good }, "table-name-invalid"),
        (Hints { sha256: "ABC", ..good }, "table-digest-invalid"),
        (Hints { as_of: None, ..good }, "table-date-missing"),
        (Hints { as_of: Some("2026-06-31"), ..good }, "table-date-invalid"),
        (Hints { source: None, ..good }, "table-provenance-missing"),
        (Hints { licence: Some(" "), ..good }, "table-provenance-missing"),
    ];
    for (hints, code) in refusals {
        assert_eq!(import(Kind::IpNetwork, asn(), &hints).unwrap_err().code(), code, "{hints:?}");
    }
    assert!(import(Kind::IpNetwork, asn(), &good).is_ok());
}

#[test]
fn a_file_and_a_caller_may_not_name_different_days() {
    let table = own(Kind::IpPlace, "2026-01-01", "192.0.2.0/24,FR,,,,,,,,,");
    let other_day = Hints { as_of: Some("2026-01-02"), ..hints("own") };
    assert_eq!(import(Kind::IpPlace, table, &other_day).unwrap_err().code(), "table-date-conflict");
}

#[test]
fn published_files_bring_the_words_that_their_licence_wants() {
    let asn = b"192.0.2.0,192.0.2.255,64500,Example\n".to_vec();
    let name = table_name("asn-ipv4.csv");
    let hints = Hints { name: &name, sha256: DIGEST, as_of: Some("2026-06-17"), ..Hints::default() };
    let info = import(Kind::IpNetwork, asn, &hints).unwrap().info;
    assert_eq!((info.name.as_str(), info.licence.as_str()), ("asn-ipv4", "CC-BY-4.0"));
    assert!(info.attribution.contains("DB-IP") && info.attribution_link.is_some());
    assert_eq!(table_name("US Postcodes (new).txt"), "us-postcodes--new-");
}

#[test]
fn a_file_over_the_bound_is_refused_before_it_is_read() {
    let refused = import(Kind::IpPlace, vec![0; geo::MAX_FILE_BYTES + 1], &hints("huge")).unwrap_err();
    assert_eq!(refused, Refusal::TooLarge { limit_bytes: geo::MAX_FILE_BYTES });
}

#[test]
fn a_refusal_names_line_and_cause_but_not_the_content() {
    let table = own(Kind::IpPlace, "2026-01-01", "192.0.2.0/24,FR,,,,,,,,,\nsecret,FR,,,,,,,,,");
    let refused = import(Kind::IpPlace, table, &hints("own")).unwrap_err();
    assert_eq!(refused, Refusal::Line { line: 4, cause: Cause::Field("cidr") });
    assert_eq!(refused.to_string(), "line 4: cidr is not valid");
}

#[test]
fn table_facts_and_answers_survive_storage_as_json() {
    let imported = place_table("own", "2026-01-01", "192.0.2.0/24,US,,06037,Los Angeles County,,,,,,hosting");
    let stored = serde_json::to_string(&imported.info).unwrap();
    assert!(stored.contains(r#""kind":"ip-place""#), "{stored}");
    assert_eq!(serde_json::from_str::<geo::TableInfo>(&stored).unwrap(), imported.info);
    let found = Atlas::from_imported(vec![imported]).place(ip("192.0.2.1")).unwrap();
    let stored = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<geo::Found<geo::Place>>(&stored).unwrap(), found);
}
