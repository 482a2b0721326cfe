//! Every file, in the package or not.

use super::Source;

pub(super) const NAME: &str = "files-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: &str = "files.csv";
pub(super) const ABOUT: &str = "all files, in the package or not";

pub(super) fn write(source: &Source<'_>) -> Vec<u8> {
    formats::csv::files(source.dossier)
}
