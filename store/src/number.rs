//! Numbers for reports, from blocks that a process reserves ahead, so that submissions never wait for each other.
//!
//! A number that was reserved and not used is never used: reports are numbered upward, with gaps.

use std::ops::Range;

use database::bind;
use domain::ReportId;
use tokio::sync::Mutex;

use crate::{Error, Fault, House, Result};

/// Numbers of one block: a second of heavy traffic, and a gap that nobody minds.
const BLOCK: u64 = 256;

const RESERVE: &str = "-- number::reserve
    UPDATE report_number SET next = next + :block WHERE one = 1 RETURNING next";

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
