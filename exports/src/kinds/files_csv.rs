//! Every file, in the package or not.

use crate::source::{Member, Source, Written};

pub(super) const NAME: &str = "files-csv";
pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8";
pub(super) const MEMBER: Member = Member::One("files.csv");
pub(super) const ABOUT: &str = "all files, in the package or not";

pub(super) fn write(source: &Source<'_>) -> Written {
    Ok(formats::csv::files(source.dossier))
}
