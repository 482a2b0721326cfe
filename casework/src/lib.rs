//! The only SQL about an agency's own work: one file a noun, SQL on top, functions below.
//!
//! Like `store` below it: synchronous, inside a transaction that the house lends, every write an act with its leaf, every
//! read behind a permit whose agency becomes the `WHERE`. What an agency does is its own: of all this the clearinghouse
//! sees outcome codes. Deliberately absent: decisions, and reports themselves, which `store` keeps.

pub mod assignment;
pub mod casefile;
mod cji;
pub mod desk_contact;
pub mod directory;
pub mod entry;
pub mod exposure;
pub mod filing;
pub mod hash;
pub mod inbox;
mod keeper;
pub mod known_media;
pub mod library;
pub mod look_limit;
pub mod mailbox;
pub mod member;
pub mod message;
pub mod oncall;
pub mod outcome;
pub mod process;
pub mod reading;
pub mod related;
pub mod request;
pub mod standing;
mod text;
mod turn;
mod typed;
pub mod webhook;

use database::Row;
use domain::{Actor, AgencyId, Id as _, PersonId};
use policy::{Permit, Scope};

pub use keeper::Keeper;

pub(crate) use house::{Act, Event, EventKind, Refusal, Result, View, column};

/// The agency of a permit; whoever is at home elsewhere has nothing here.
///
/// # Errors
/// [`Refusal::NotFound`] for them.
pub fn agency<K>(permit: &Permit<K>) -> Result<&AgencyId> {
    match permit.scope() {
        Scope::Agency(agency) => Ok(agency),
        Scope::House | Scope::Provider(_) => Err(Refusal::NotFound.into()),
    }
}

/// Whose rows a permit finds, where an empty name is the clearinghouse.
pub(crate) fn home<K>(permit: &Permit<K>) -> Result<&str> {
    Ok(word(at_home(permit)?))
}

/// The agency of a permit; `None` is the clearinghouse.
pub(crate) fn at_home<K>(permit: &Permit<K>) -> Result<Option<&AgencyId>> {
    match permit.scope() {
        Scope::Agency(agency) => Ok(Some(agency)),
        Scope::House => Ok(None),
        Scope::Provider(_) => Err(Refusal::NotFound.into()),
    }
}

/// How a row names whose it is.
pub(crate) fn word(of: Option<&AgencyId>) -> &str {
    of.map_or("", |agency| agency.as_str())
}

/// Whose a row is; `None` is the clearinghouse.
pub(crate) fn agency_of(
    row: &Row<'_>,
    column: &str,
) -> std::result::Result<Option<AgencyId>, database::Fault> {
    if row.get::<String>(column)?.is_empty() { Ok(None) } else { column::parsed(row, column).map(Some) }
}

/// The person for whom a permit was made.
pub(crate) fn person<K>(permit: &Permit<K>) -> Result<&PersonId> {
    match permit.actor() {
        Actor::Person { person, .. } => Ok(person),
        _ => Err(Refusal::NotFound.into()),
    }
}

/// A report was made available: the rules of each of its agencies say who has it, every standing query is asked about it,
/// agencies that hold related material are told of each other, and people are called or written to. Asked twice it does
/// nothing twice.
///
/// # Errors
/// A fault of the database.
pub fn arrived(act: &Act<'_>, report: domain::ReportId) -> Result<()> {
    assignment::foresee(act, report)?;
    related::foresee(act, report)?;
    let digests = filing::foresee(act, report)?;
    related::foresee_sharing(act, report, &digests)?;
    turn::beside(act, &digests)?;
    assignment::arrived(act, report)?;
    filing::arrived(act, report)?;
    related::arrived(act, report)?;
    oncall::arrived(act, report)?;
    message::arrived(act, report)
}

/// As [`arrived`], in the act that makes the report available: another such act of the same person would not see it.
///
/// # Errors
/// A fault of the database.
pub fn given(act: &Act<'_>, report: domain::ReportId) -> Result<()> {
    turn::alone(act, &filing::telling(act, report)?)?;
    arrived(act, report)
}

/// A report that an agency had before is there again as new: its people are called or written to anew. The rules that say
/// who has it, and the standing queries, were asked when it came first.
///
/// # Errors
/// A fault of the database.
pub fn arrived_again(act: &Act<'_>, agency: &AgencyId, report: domain::ReportId) -> Result<()> {
    oncall::arrived_again(act, agency, report)?;
    message::is_new_for(act, Some(agency))
}

/// Another agency offers a report of a priority: whoever wants to hear of something new will; of the highest priority,
/// whoever's turn is first is written to at once.
///
/// # Errors
/// A fault of the database.
pub fn offered(act: &Act<'_>, agency: &AgencyId, priority: domain::Priority) -> Result<()> {
    if priority == domain::Priority::Immediate {
        oncall::tell_first(act, Some(agency))?;
    }
    message::is_new_for(act, Some(agency))
}
