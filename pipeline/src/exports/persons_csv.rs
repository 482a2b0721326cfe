//! Everybody named, each with a role.

use super::Source;

pub(super) const NAME: &str = "persons-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: &str = "persons.csv";
pub(super) const ABOUT: &str = "everybody named, with the part they have";

pub(super) fn write(source: &Source<'_>) -> Vec<u8> {
    formats::csv::persons(source.dossier)
}
