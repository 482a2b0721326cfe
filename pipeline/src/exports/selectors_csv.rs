//! What identifies people, accounts and files, in normal form.

use super::Source;

pub(super) const NAME: &str = "selectors-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: &str = "selectors.csv";
pub(super) const ABOUT: &str = "what identifies people, accounts and files";

pub(super) fn write(source: &Source<'_>) -> Vec<u8> {
    formats::csv::selectors(source.dossier)
}
