//! What the tests share: the fixtures and a fixed moment.

use std::fs;
use std::path::PathBuf;

use cybertip::{Profile, Read, Rejection, read_file_details, read_report};
use jiff::Timestamp;

/// Long after every fixture's incident.
pub(crate) fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// A folder of fixtures.
pub(crate) fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A good document.
pub(crate) fn good(name: &str) -> String {
    fs::read_to_string(folder("good").join(name)).unwrap()
}

/// Every document of a folder, by name, in order.
pub(crate) fn documents(name: &str) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let stem = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (stem(path), fs::read(path).unwrap())).collect()
}

/// Reads a report that is expected to be good in `profile`.
pub(crate) fn accepted(xml: &str, profile: Profile) -> Read<domain::Submission> {
    read_report(xml.as_bytes(), None, profile, now())
        .unwrap_or_else(|rejection| panic!("{}", rejection.description()))
}

/// Reads a file statement that is expected to be good in `profile`.
pub(crate) fn accepted_file(xml: &str, profile: Profile) -> Read<domain::FileStatement> {
    let read = read_file_details(xml.as_bytes(), None, profile, now());
    read.unwrap_or_else(|rejection| panic!("{}", rejection.description()))
}

/// Reads a report that is expected to be refused by `current`.
pub(crate) fn refused(xml: impl AsRef<[u8]>) -> Rejection {
    read_report(xml.as_ref(), None, Profile::Current, now())
        .expect_err("the document is expected to be refused")
}

/// Reads a file statement that is expected to be refused by `current`.
pub(crate) fn refused_file(xml: impl AsRef<[u8]>) -> Rejection {
    read_file_details(xml.as_ref(), None, Profile::Current, now()).expect_err("it is expected to be refused")
}
