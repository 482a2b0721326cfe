//! Until when the sender keeps, and the draft of a letter that asks for more.

use crate::source::{Member, Source, Written};

pub(super) const NAME: &str = "preservation";
pub(super) const CONTENT_TYPE: &str = "text/markdown; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("preservation.md");
pub(super) const ABOUT: &str = "dates, contact, draft of a preservation letter";

pub(super) fn write(source: &Source<'_>) -> Written {
    Ok(formats::package::preservation(source.dossier))
}
