//! Every file, in the package or not.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "files-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("files.csv");
pub(super) const ABOUT: &str = "all files, in the package or not";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::csv::files(source.dossier, out)
}
