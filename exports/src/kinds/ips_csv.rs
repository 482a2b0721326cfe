//! Every address with its moment, place and network.

use crate::source::{Member, Source, Written};

pub(super) const NAME: &str = "ips-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("ips.csv");
pub(super) const ABOUT: &str = "addresses with time, port, place and network";

pub(super) fn write(source: &Source<'_>) -> Written {
    Ok(formats::csv::ips(source.dossier))
}
