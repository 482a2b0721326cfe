//! Until when the sender keeps, and the draft of a letter that asks for more.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "preservation";
pub(super) const CONTENT_TYPE: &str = "text/markdown; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("preservation.md");
pub(super) const ABOUT: &str = "dates, contact, draft of a preservation letter";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&formats::package::preservation(source.dossier))
}
