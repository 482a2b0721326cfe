//! The two ends of an open report.

use cybertip::response::ResponseCode;
use domain::{FileId, Purpose, ReportId};
use store::{House, report};

use super::{Login, Refused};

/// Files a report: answered when report, files, ledger leaf and next work are durable.
///
/// # Errors
/// Codes 3300, 5001, 5101, 5102, and 1300 for a fault.
pub async fn finish(house: &House, login: &Login, number: ReportId) -> Result<Vec<FileId>, Refused> {
    login.must_update()?;
    let provider = login.provider.clone();
    let finished = house
        .act(login.actor(), Purpose::Intake, "finish", move |act| report::finish(act, &provider, number));
    let failed = |error| Refused::stored(house, error, ResponseCode::UpdateFailed, Some(number));
    Ok(finished.await.map_err(failed)?.files)
}

/// Takes a report back. Clients use it as an oracle after a crash: 0, 5102 and 5001 are exact.
///
/// # Errors
/// As [`finish`].
pub async fn retract(house: &House, login: &Login, number: ReportId) -> Result<(), Refused> {
    login.must_update()?;
    let provider = login.provider.clone();
    let retracted = house
        .act(login.actor(), Purpose::Intake, "retract", move |act| report::retract(act, &provider, number));
    let failed = |error| Refused::stored(house, error, ResponseCode::UpdateFailed, Some(number));
    retracted.await.map_err(failed)
}
