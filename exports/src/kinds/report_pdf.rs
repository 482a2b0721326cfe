//! The report as pages, for people and for the programs that read pages.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "report-pdf";
pub(super) const CONTENT_TYPE: &str = "application/pdf";
pub(super) const MEMBER: Member = Member::One("{report}.pdf");
pub(super) const ABOUT: &str = "the report to read, print and file";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::report_pdf::to_pdf(source.dossier, source.delivery, source.withheld, out)
}
