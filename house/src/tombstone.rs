//! Which files nobody may read any more. Put up before anything is destroyed, so that from then on no read begins.

use database::{Tx, bind};
use domain::{Actor, AgencyId, FileId, Id};

use crate::{Act, Result, View, column};

const PUT: &str = "-- tombstone::put
    INSERT INTO tombstone (file_id, destruction_id, except_agency, since)
    VALUES (:file, :destruction, :except_agency, :now) ON CONFLICT (file_id, destruction_id) DO NOTHING";

const BLOCKS: &str = "-- tombstone::blocks
    SELECT COUNT(*) FROM tombstone
    WHERE file_id = :file AND (except_agency IS NULL OR except_agency <> :agency)";

const LIFT: &str = "-- tombstone::lift
    DELETE FROM tombstone WHERE destruction_id = :destruction";

const CLOSE: &str = "-- tombstone::close
    UPDATE tombstone SET except_agency = NULL WHERE destruction_id = :destruction";

/// Blocks every read of a file, but for one agency that holds it.
///
/// # Errors
/// A fault of the database.
pub fn put(act: &Act<'_>, file: &FileId, destruction: &str, except: Option<&AgencyId>) -> Result<()> {
    let (except_agency, now) = (except.map(AgencyId::as_str), column::micros(act.now()));
    act.tx().execute(PUT, &bind! { file: file.as_str(), destruction, except_agency, now })?;
    Ok(())
}

/// Takes the exception away: nobody reads any more.
///
/// # Errors
/// A fault of the database.
pub fn close(act: &Act<'_>, destruction: &str) -> Result<()> {
    act.tx().execute(CLOSE, &bind! { destruction })?;
    Ok(())
}

/// Lifts the block again, for a destruction that was refused.
///
/// # Errors
/// A fault of the database.
pub fn lift(act: &Act<'_>, destruction: &str) -> Result<()> {
    act.tx().execute(LIFT, &bind! { destruction })?;
    Ok(())
}

/// Whether whoever this is may not read the file.
///
/// # Errors
/// A fault of the database.
pub fn blocks(view: &View<'_>, file: &FileId, agency: Option<&AgencyId>) -> Result<bool> {
    blocked(view.tx(), file, agency)
}

pub(crate) fn blocked(tx: &Tx<'_>, file: &FileId, agency: Option<&AgencyId>) -> Result<bool> {
    let agency = agency.map_or("", AgencyId::as_str);
    Ok(tx.get::<u64>(BLOCKS, &bind! { file: file.as_str(), agency })? > 0)
}

/// Whose officer or system reads.
pub(crate) fn agency_of(actor: &Actor) -> Option<&AgencyId> {
    match actor {
        Actor::Person { agency, .. } => agency.as_ref(),
        Actor::AgencyClient { agency, .. } => Some(agency),
        Actor::House | Actor::Operator | Actor::Provider { .. } => None,
    }
}
