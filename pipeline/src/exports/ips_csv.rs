//! Every address with its moment, place and network.

use super::Source;

pub(super) const NAME: &str = "ips-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: &str = "ips.csv";
pub(super) const ABOUT: &str = "addresses with time, port, place and network";

pub(super) fn write(source: &Source<'_>) -> Vec<u8> {
    formats::csv::ips(source.dossier)
}
