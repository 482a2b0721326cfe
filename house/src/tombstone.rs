//! Which files nobody may read any more. Put up before anything is destroyed, so that from then on no read begins.

use database::{Tx, bind};
use domain::{Actor, AgencyId, FileId, Id, ReportId};

use crate::{Act, Result, View, column};

const PUT: &str = "-- tombstone::put
    INSERT INTO tombstone (file_id, destruction_id, report_id, agency_id, holders_read, since)
    VALUES (:file, :destruction, :report, :agency, :holders_read, :now)
    ON CONFLICT (file_id, destruction_id) DO NOTHING";

const BLOCKS: &str = "-- tombstone::blocks
    SELECT COUNT(*) FROM tombstone WHERE tombstone.file_id = :file AND NOT (holders_read = 1 AND EXISTS (
        SELECT 1 FROM hold WHERE hold.report_id = tombstone.report_id AND hold.released_at IS NULL
            AND (hold.file_id IS NULL OR hold.file_id = tombstone.file_id)
            AND hold.agency_id = :agency AND hold.placed_at <= tombstone.since
            AND (tombstone.agency_id IS NULL OR tombstone.agency_id <> :agency)))";

const LIFT: &str = "-- tombstone::lift
    DELETE FROM tombstone WHERE destruction_id = :destruction";

const CLOSE: &str = "-- tombstone::close
    UPDATE tombstone SET holders_read = 0 WHERE destruction_id = :destruction";

/// A block of one file.
#[derive(Debug, Clone, Copy)]
pub struct Tombstone<'a> {
    /// The report of the file.
    pub report: ReportId,
    /// The file.
    pub file: &'a FileId,
    /// The destruction that it waits for.
    pub destruction: &'a str,
    /// The agency that asked for it.
    pub agency: Option<&'a AgencyId>,
}

/// Blocks every read of a file, but for other agencies that hold it already.
///
/// # Errors
/// A fault of the database.
pub fn put(act: &Act<'_>, tombstone: Tombstone<'_>) -> Result<()> {
    let Tombstone { report, file, destruction, agency } = tombstone;
    let row = bind! {
        file: file.as_str(), destruction, report: report.get(), agency: agency.map(AgencyId::as_str),
        holders_read: true, now: column::micros(act.now()),
    };
    act.tx().execute(PUT, &row)?;
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

/// Lifts the block again, for a destruction that does not happen.
///
/// # Errors
/// A fault of the database.
pub fn lift(act: &Act<'_>, destruction: &str) -> Result<()> {
    act.tx().execute(LIFT, &bind! { destruction })?;
    Ok(())
}

/// Whether an officer of this agency, or the house when there is none, may not read the file.
///
/// # Errors
/// A fault of the database.
pub fn blocks(view: &View<'_>, file: &FileId, agency: Option<&AgencyId>) -> Result<bool> {
    blocked(view.tx(), file, agency)
}

pub(crate) fn blocked(tx: &Tx<'_>, file: &FileId, agency: Option<&AgencyId>) -> Result<bool> {
    any_blocked(tx, std::iter::once(file), agency)
}

/// Whether any of these files may not be read.
pub(crate) fn any_blocked<'f>(
    tx: &Tx<'_>,
    files: impl Iterator<Item = &'f FileId>,
    agency: Option<&AgencyId>,
) -> Result<bool> {
    let agency = agency.map_or("", AgencyId::as_str);
    let asked: Vec<_> = files.map(|file| (BLOCKS, bind! { file: file.as_str(), agency })).collect();
    Ok(tx.rows_all::<u64>(&asked)?.into_iter().flatten().any(|blocks| blocks > 0))
}

/// Whose officer or system reads.
pub(crate) fn agency_of(actor: &Actor) -> Option<&AgencyId> {
    match actor {
        Actor::Person { agency, .. } => agency.as_ref(),
        Actor::AgencyClient { agency, .. } => Some(agency),
        Actor::House | Actor::Operator | Actor::Provider { .. } | Actor::Stranger => None,
    }
}
