//! One page for someone who has never seen such a package.

use std::io::{self, Write};

use crate::source::{Member, Source};

pub(super) const NAME: &str = "readme";
pub(super) const CONTENT_TYPE: &str = "text/plain; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("README.txt");
pub(super) const ABOUT: &str = "this page";

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lines = super::lines(source.dossier.report);
    out.write_all(&formats::package::readme(source.dossier, source.delivery, &lines, source.withheld))
}
