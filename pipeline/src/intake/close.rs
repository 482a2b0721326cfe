//! The two ends of an open report.

use cybertip::response::ResponseCode;
use domain::{FileId, Purpose, Quality, ReportId};
use policy::{RuleSet, access};
use store::document::Readings;
use store::{House, report};

use super::{Login, Refused};
use crate::quality;

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

/// A report that was filed, and what can be said of it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Its files, in the order in which they came.
    pub files: Vec<FileId>,
    /// What it lacks; `None` for one that is too large to be judged while its sender waits.
    pub quality: Option<Quality>,
}

/// As [`finish`], and judges an ordinary report from what the same act read: nothing more is asked of the database, and
/// the judging is done when the act is over.
///
/// # Errors
/// As [`finish`].
pub async fn finish_and_judge(
    house: &House,
    login: &Login,
    number: ReportId,
    rules: &RuleSet,
) -> Result<Filed, Refused> {
    login.must_update()?;
    let provider = login.provider.clone();
    let finished = house.act(login.actor(), Purpose::Intake, "finish", move |act| {
        report::finish_and_read(act, &provider, number)
    });
    let failed = |error| Refused::stored(house, error, ResponseCode::UpdateFailed, Some(number));
    let (finished, readings) = finished.await.map_err(failed)?;
    let quality = readings.and_then(|readings| judged(&finished, &readings, login, rules));
    Ok(Filed { files: finished.files, quality })
}

/// The report is filed whatever comes of this: what cannot be judged now, a worker judges.
fn judged(
    finished: &report::Finished,
    readings: &Readings,
    login: &Login,
    rules: &RuleSet,
) -> Option<Quality> {
    let permit = access::provider_read(login.provider.clone(), login.credential.clone());
    let opened = readings.open(&permit);
    let (submission, statements) = opened
        .inspect_err(
            |error| tracing::warn!(report.id = finished.report.get(), %error, "not judged at finish"),
        )
        .ok()?;
    let said: Vec<_> =
        finished.files.iter().map(|file| statements.iter().find(|said| said.file == *file)).collect();
    Some(quality::of(finished.finished_at, &submission, &said, rules))
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
