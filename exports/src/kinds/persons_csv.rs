//! Everybody named, each with a role.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "persons-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("persons.csv");
pub(super) const ABOUT: &str = "everybody named, with the part they have";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&formats::csv::persons(source.dossier))
}
