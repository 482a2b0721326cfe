//! How to read this sender's report.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "sender-notes";
pub(super) const CONTENT_TYPE: &str = "text/markdown; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("sender-notes.md");
pub(super) const ABOUT: &str = "how to read a report of this sender";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&formats::sender_notes(source.dossier))
}
