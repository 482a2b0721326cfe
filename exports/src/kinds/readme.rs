//! One page for someone who has never seen such a package.

use crate::source::{Member, Source, Written};

pub(super) const NAME: &str = "readme";
pub(super) const CONTENT_TYPE: &str = "text/plain; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("README.txt");
pub(super) const ABOUT: &str = "this page";

pub(super) fn write(source: &Source<'_>) -> Written {
    Ok(formats::package::readme(source.dossier, source.delivery, &super::lines(source.dossier.report), source.withheld))
}
