//! The files of the package, for tools of the Project VIC family.

use crate::source::{Member, Source, Written};

pub(super) const NAME: &str = "vics";
pub(super) const CONTENT_TYPE: &str = "application/json";
pub(super) const MEMBER: Member = Member::One("vics.json");
pub(super) const ABOUT: &str = "files in here, for VICS 2.0-compatible tools";

pub(super) fn write(source: &Source<'_>) -> Written {
    Ok(formats::vics::case(source.dossier))
}
