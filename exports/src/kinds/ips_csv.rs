//! Every address with its moment, place and network.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "ips-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("ips.csv");
pub(super) const ABOUT: &str = "addresses with time, port, place and network";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::csv::ips(source.dossier, out)
}
