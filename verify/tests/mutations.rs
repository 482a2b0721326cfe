//! Nothing can be changed: every byte of a receipt and of a package is vouched for.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use std::io::{Cursor, Read as _};
use std::sync::LazyLock;
use std::thread;

use verify::{Findings, Keys, Secret};

const KEYS: &str = include_str!("../fixtures/keys.txt");
const JSON: &[u8] = include_bytes!("../fixtures/receipt.json");
const XML: &[u8] = include_bytes!("../fixtures/receipt.xml");
const SEALED: &[u8] = include_bytes!("../fixtures/sealed/package.sealed");
const AGENCY_KEY: &str = include_str!("../fixtures/sealed/agency-key.pem");
const PACKAGE: &[u8] = include_bytes!("../fixtures/package.zip");
const CERTIFICATE: &[u8] = include_bytes!("../fixtures/court/certificate.json");
const CERTIFICATE_KEYS: &str = include_str!("../fixtures/court/certificate-keys.txt");
const EXTRACT: &[u8] = include_bytes!("../fixtures/court/extract.json");
const EXTRACT_KEYS: &str = include_str!("../fixtures/court/extract-keys.txt");
/// Threads that share the work of one test.
const THREADS: usize = 4;

fn keys() -> Keys {
    Keys::parse(KEYS).unwrap()
}

fn receipt(bytes: &[u8]) -> Findings {
    verify::receipt(bytes, &keys())
}

fn package(bytes: &[u8]) -> Findings {
    verify::package(&mut Cursor::new(bytes), &keys())
}

fn certificate(bytes: &[u8]) -> Findings {
    verify::certificate(bytes, &Keys::parse(CERTIFICATE_KEYS).unwrap())
}

fn extract(bytes: &[u8]) -> Findings {
    verify::extract(bytes, &Keys::parse(EXTRACT_KEYS).unwrap())
}

/// Read once: reading it takes longer than checking what is wrong with most copies.
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::parse(AGENCY_KEY).unwrap());

fn sealed(bytes: &[u8]) -> Findings {
    verify::open(&mut Cursor::new(bytes), &SECRET, &keys(), &mut Cursor::new(Vec::new()))
}

/// Some or all single bits turned, and the byte replaced by a few others that mean something in texts.
fn replaced(original: &[u8], at: usize, bits: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let was = original[at];
    let bits = (0..bits).map(move |bit| was ^ 1 << ((at + bit) % 8));
    let others = [0, 0xff, b' ', b'0'].into_iter();
    bits.chain(others).filter(move |byte| *byte != was).map(move |byte| {
        let mut changed = original.to_vec();
        changed[at] = byte;
        changed
    })
}

/// One byte less, one more, and everything after it gone.
fn moved(original: &[u8], at: usize) -> [Vec<u8>; 4] {
    let (head, tail) = original.split_at(at);
    [
        [head, &tail[1..]].concat(),
        [head, b" ", tail].concat(),
        [head, &tail[..1], tail].concat(),
        head.to_vec(),
    ]
}

/// Counts the changed copies that were refused. One that was not must be allowed by `may_hold`.
fn all_refused(
    original: &'static [u8],
    bits: usize,
    check: fn(&[u8]) -> Findings,
    may_hold: fn(&[u8]) -> bool,
) -> usize {
    assert!(check(original).hold(), "{:#?}", check(original).checks());
    all_refused_at((0..original.len()).collect(), original, bits, check, may_hold)
}

/// The same at these places alone.
fn all_refused_at(
    places: Vec<usize>,
    original: &'static [u8],
    bits: usize,
    check: fn(&[u8]) -> Findings,
    may_hold: fn(&[u8]) -> bool,
) -> usize {
    let share = places.len().div_ceil(THREADS);
    thread::scope(|scope| {
        let threads: Vec<_> = places
            .chunks(share)
            .map(|places| {
                scope.spawn(move || {
                    let mut refused = 0;
                    for at in places {
                        for changed in replaced(original, *at, bits).chain(moved(original, *at)) {
                            // A byte that is doubled beside its like changes nothing.
                            if changed == original {
                                continue;
                            }
                            match check(&changed).hold() {
                                false => refused += 1,
                                true => assert!(may_hold(&changed), "a change at byte {at} was not seen"),
                            }
                        }
                    }
                    refused
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

/// Names and contents of an archive, as another program reads them.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = archive.len();
    let read = |at| {
        let mut entry = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (entry.name().unwrap().into_owned(), content)
    };
    (0..count).map(read).collect()
}

/// Deflate has more than one stream for a text: a copy may be taken from another place where the same words stand. What
/// comes out is vouched for, and must be the same.
fn is_only_packed_otherwise(changed: &[u8]) -> bool {
    unpacked(changed) == unpacked(PACKAGE)
}

// PROVES: R-15 R-75
#[test]
fn every_changed_byte_of_a_receipt_as_json_is_seen() {
    assert!(all_refused(JSON, 8, receipt, |_| false) > 30_000);
}

#[test]
fn every_changed_byte_of_a_receipt_as_xml_is_seen() {
    assert!(all_refused(XML, 8, receipt, |_| false) > 30_000);
}

// PROVES: R-75
#[test]
fn every_changed_byte_of_a_package_is_seen() {
    assert!(all_refused(PACKAGE, 2, package, is_only_packed_otherwise) > 90_000);
}

#[test]
fn every_changed_byte_of_a_sealed_package_is_seen() {
    // Everything in front of the archive, and every fifth byte of it: each takes an agreement of keys to refuse.
    let places = (0..SEALED.len()).filter(|at| *at < 2_000 || at % 5 == 0).collect();
    assert!(sealed(SEALED).hold());
    assert!(all_refused_at(places, SEALED, 1, sealed, |_| false) > 30_000);
}

// PROVES: R-75
#[test]
fn every_changed_byte_of_a_certificate_for_a_court_is_seen() {
    assert!(all_refused(CERTIFICATE, 2, certificate, |_| false) > 100_000);
}

// PROVES: R-75
#[test]
fn every_changed_byte_of_an_extract_of_the_ledger_is_seen() {
    assert!(all_refused(EXTRACT, 8, extract, |_| false) > 30_000);
}

/// A certificate without one of its events, and one with an event twice: what is signed is the whole of it.
#[test]
fn an_event_that_is_left_out_or_shown_twice_is_seen() {
    for (original, list, check) in
        [(CERTIFICATE, "custody", certificate as fn(&[u8]) -> Findings), (EXTRACT, "leaves", extract)]
    {
        let whole: serde_json::Value = serde_json::from_slice(original).unwrap();
        let events = whole[list].as_array().unwrap().len();
        assert!(events > 1);
        for at in 0..events {
            let (mut less, mut more, mut moved) = (whole.clone(), whole.clone(), whole.clone());
            less[list].as_array_mut().unwrap().remove(at);
            more[list].as_array_mut().unwrap().insert(at, whole[list][at].clone());
            moved[list].as_array_mut().unwrap().swap(at, (at + 1) % events);
            for changed in [less, more, moved] {
                assert!(!check(&serde_json::to_vec(&changed).unwrap()).hold(), "{list} {at}");
            }
        }
    }
}

#[test]
fn bytes_before_or_behind_are_seen() {
    for (original, check) in [
        (JSON, receipt as fn(&[u8]) -> Findings),
        (XML, receipt),
        (PACKAGE, package),
        (SEALED, sealed),
        (CERTIFICATE, certificate),
        (EXTRACT, extract),
    ] {
        for extra in [b"\n".as_slice(), b" ", b"\0", b"PK\x05\x06", original] {
            assert!(!check(&[original, extra].concat()).hold());
            assert!(!check(&[extra, original].concat()).hold());
        }
    }
}

#[test]
fn a_key_of_another_name_or_purpose_vouches_for_nothing() {
    for line in KEYS.lines() {
        let without: String =
            KEYS.lines().filter(|other| *other != line).map(|line| format!("{line}\n")).collect();
        let keys = Keys::parse(&without).unwrap();
        let needed = !line.contains("/packages");
        assert_eq!(!verify::receipt(JSON, &keys).hold(), needed, "{line}");
        let needed = !line.contains("/receipts");
        assert_eq!(!verify::package(&mut Cursor::new(PACKAGE), &keys).hold(), needed, "{line}");
    }
}

#[test]
fn what_is_no_receipt_and_no_package_holds_nothing() {
    for bytes in [b"".as_slice(), b"{}", b"<receipt/>", b"PK", b"PK\x05\x06", &[0; 22], &[0xff; 4_096]] {
        assert!(!receipt(bytes).hold());
        assert!(!package(bytes).hold());
    }
}
