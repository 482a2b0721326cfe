//! What identifies people, accounts and files, in normal form.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "selectors-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("selectors.csv");
pub(super) const ABOUT: &str = "what identifies people, accounts and files";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::csv::selectors(source.dossier, out)
}
