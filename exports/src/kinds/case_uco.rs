//! The report as a CASE/UCO bundle.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "case-uco";
pub(super) const CONTENT_TYPE: &str = "application/ld+json";
pub(super) const MEMBER: Member = Member::One("case.jsonld");
pub(super) const ABOUT: &str = "the report as CASE/UCO, for tools that reason";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::case_uco::to_jsonld(source.dossier, source.delivery, out)
}
