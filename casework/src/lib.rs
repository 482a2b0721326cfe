//! The only SQL about an agency's own work: one file a noun, SQL on top, functions below.
//!
//! Like `store` below it: synchronous, inside a transaction that the house lends, every write an act with its leaf, every
//! read behind a permit whose agency becomes the `WHERE`. What an agency does is its own: of all this the clearinghouse
//! sees outcome codes. Deliberately absent: decisions, and reports themselves, which `store` keeps.

pub mod casefile;
pub mod desk_contact;
pub mod entry;
pub mod figures;
pub mod filing;
mod keeper;
pub mod member;
pub mod outcome;
pub mod preservation;
pub mod process;
pub mod reading;
pub mod related;
pub mod standing;
mod text;

use domain::AgencyId;
use policy::{Permit, Scope};

pub use keeper::Keeper;

pub(crate) use house::{Act, Event, EventKind, Refusal, Result, View, column};

/// The agency of a permit; whoever is at home elsewhere has nothing here.
pub(crate) fn agency<K>(permit: &Permit<K>) -> Result<&AgencyId> {
    match permit.scope() {
        Scope::Agency(agency) => Ok(agency),
        Scope::House | Scope::Provider(_) => Err(Refusal::NotFound.into()),
    }
}

/// A report was made available: every standing query is asked about it, and agencies that hold related material are
/// told of each other. Asked twice it does nothing twice.
///
/// # Errors
/// A fault of the database.
pub fn arrived(act: &Act<'_>, report: domain::ReportId) -> Result<()> {
    filing::arrived(act, report)?;
    related::arrived(act, report)
}
