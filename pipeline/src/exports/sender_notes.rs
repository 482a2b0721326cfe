//! How to read this sender's report.

use super::Source;

pub(super) const NAME: &str = "sender-notes";
pub(super) const CONTENT_TYPE: &str = "text/markdown; charset=utf-8";
pub(super) const MEMBER: &str = "sender-notes.md";
pub(super) const ABOUT: &str = "how to read a report of this sender";

pub(super) fn write(source: &Source<'_>) -> Vec<u8> {
    formats::sender_notes(source.dossier)
}
