//! The files of the package, for tools of the Project VIC family.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "vics";
pub(super) const CONTENT_TYPE: &str = "application/json";
pub(super) const MEMBER: Member = Member::One("vics.json");
pub(super) const ABOUT: &str = "files in here, for VICS 2.0-compatible tools";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::vics::case(source.dossier, out)
}
