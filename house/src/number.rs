//! Numbers for reports, from blocks that a process reserves ahead, so that submissions never wait for each other.
//!
//! A number that was reserved and not used is never used: reports are numbered upward, with gaps.

use std::ops::Range;

use database::bind;
use domain::ReportId;
use serde_json::json;
use tokio::sync::Mutex;

use crate::{Act, Error, Event, EventKind, Fault, House, Result};

/// Numbers of one block: a second of heavy traffic, and a gap that nobody minds.
const BLOCK: u64 = 256;

const RESERVE: &str = "-- number::reserve
    UPDATE report_number SET next = next + :block WHERE one = 1 RETURNING next";

const BEGIN_AT: &str = "-- number::begin_at
    UPDATE report_number SET next = :first WHERE one = 1 AND next < :first";

/// What is left of the block that this process reserved.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<Range<u64>>);

/// A number that no report has or will have.
///
/// # Errors
/// A fault of the database.
pub async fn next(house: &House) -> Result<ReportId> {
    // Held while a block is reserved, so that one process reserves one block however many wait.
    let mut left = house.inner().numbers.0.lock().await;
    if left.is_empty() {
        let reserved = house
            .inner()
            .database
            .write::<u64, Error, _>("number::next", |tx| Ok(tx.get(RESERVE, &bind! { block: BLOCK })?));
        let end = reserved.await?;
        *left = end - BLOCK..end;
    }
    let number = left.next().and_then(|number| ReportId::try_from(number).ok());
    Ok(number.ok_or(Fault::Row { what: "report number" })?)
}

/// Sees to it that every number from now on is `first` or above: for a house that stands beside or after another one
/// whose numbers must not be met again. Called before the first report.
///
/// # Errors
/// A fault of the database.
pub fn begin_at(act: &Act<'_>, first: ReportId) -> Result<()> {
    act.tx().execute(BEGIN_AT, &bind! { first: first.get() })?;
    act.note(Event::of_house(EventKind::SettingPut).with(json!({ "name": "first-report", "value": first })))?;
    Ok(())
}
