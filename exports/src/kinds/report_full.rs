//! The whole report, in our own published schema.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "report-full";
pub(super) const CONTENT_TYPE: &str = "application/json";
pub(super) const MEMBER: Member = Member::One("report-full.json");
pub(super) const ABOUT: &str = "the whole report, with its published schema";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::report_full::to_json(source.dossier, out)
}
