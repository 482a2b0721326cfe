//! The files that the package does not hold, as a hash set: whether every tool takes a record without its file is not known.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "vics-withheld";
pub(super) const CONTENT_TYPE: &str = "application/json";
pub(super) const MEMBER: Member = Member::One("vics-withheld.json");
pub(super) const ABOUT: &str = "digests of the others, as a VICS hash set";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    formats::vics::withheld(source.dossier, out)
}
