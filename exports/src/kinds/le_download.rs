//! The report JSON that law enforcement's own tools read.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "le-download";
pub(super) const CONTENT_TYPE: &str = "application/json";
pub(super) const MEMBER: Member = Member::One("{report}.json");
pub(super) const ABOUT: &str = "the report, for the tools you already have";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::le_download::to_json(source.dossier, out)
}
