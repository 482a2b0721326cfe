//! Until when the sender keeps, and the draft of a letter that asks for more.

use super::Source;

pub(super) const NAME: &str = "preservation";
pub(super) const CONTENT_TYPE: &str = "text/markdown; charset=utf-8";
pub(super) const MEMBER: &str = "preservation.md";
pub(super) const ABOUT: &str = "dates, contact, draft of a preservation letter";

pub(super) fn write(source: &Source<'_>) -> Vec<u8> {
    formats::package::preservation(source.dossier)
}
