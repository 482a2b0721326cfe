//! What a package does not hold, and what would release it.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "withheld-files-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("withheld-files.csv");
pub(super) const ABOUT: &str = "what is not here, why, what would release it";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::csv::withheld_files(source.dossier, source.withheld, out)
}
