//! How a report stops being open: finished by its provider, retracted by it, or expired.

use database::{FromRow, Row, bind};
use domain::{DestructionCode, FileId, ProviderId, ReportId, preserve_until};
use jiff::Timestamp;
use serde_json::json;

use super::{OpenReport, lock_open};
use crate::document::Readings;
use crate::evidence::{self, FileDigest};
use crate::{Act, Event, EventKind, Result, View, column, document, work};

const FINISH: &str = "-- report::finish
    UPDATE report SET stage = 'finished', expires_at = NULL, finished_at = :now, undelivered_since = :now,
        preserve_until = :preserve_until, submission_sha256 = :sha256,
        sender_profile = (SELECT version FROM sender_profile WHERE sender_profile.provider_id = report.provider_id
            AND approved_at IS NOT NULL AND superseded_at IS NULL)
    WHERE id = :report AND stage = 'open'";

const CLOSE: &str = "-- report::close
    UPDATE report SET stage = :stage, expires_at = NULL, closed_at = :now WHERE id = :report AND stage = 'open'";

const EXPIRABLE: &str = "-- report::expirable
    SELECT id FROM report WHERE expires_at IS NOT NULL AND expires_at <= :now ORDER BY expires_at LIMIT :most";

const LOCK_EXPIRABLE: &str = "-- report::lock_expirable
    SELECT id FROM report WHERE expires_at IS NOT NULL AND expires_at <= :now ORDER BY expires_at LIMIT :most
    {for_update_skip_locked}";

/// Rank of the work on a report whose sender asks for haste, and of any other.
const URGENT_RANK: u8 = 0;
const ORDINARY_RANK: u8 = 5;

/// What a provider is told when its report is finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The report.
    pub report: ReportId,
    /// Its files, in the order in which they came.
    pub files: Vec<FileId>,
    /// When it was finished.
    pub finished_at: Timestamp,
    /// Until when the provider must preserve it.
    pub preserve_until: Timestamp,
    /// Digest over everything submitted.
    pub submission_sha256: [u8; 32],
}

/// Finishes a report: from now on nothing of it changes, and the pipeline owes it its first step.
///
/// # Errors
/// As [`super::check_open`].
pub fn finish(act: &Act<'_>, provider: &ProviderId, report: ReportId) -> Result<Finished> {
    finish_and_read(act, provider, report).map(|(finished, _)| finished)
}

/// As [`finish`], and takes along what an ordinary report says, at no further question: `None` for one with many files
/// or a large document.
///
/// # Errors
/// As [`super::check_open`].
pub fn finish_and_read(
    act: &Act<'_>,
    provider: &ProviderId,
    report: ReportId,
) -> Result<(Finished, Option<Readings>)> {
    document::foresee_finishing(act, report)?;
    evidence::foresee_digests(act, report)?;
    act.foresee_key(report)?;
    let open = lock_open(act, provider, report)?;
    let (documents, readings) = document::finishing(act, provider, report)?;
    Ok((ended(act, &open, &documents)?, readings))
}

fn ended(act: &Act<'_>, open: &OpenReport, documents: &[(u32, [u8; 32])]) -> Result<Finished> {
    let report = open.report;
    let files = evidence::digests(act, report)?;
    let submission_sha256 = submission_digest(report, documents, &files);
    let (finished_at, preserve_until) = (act.now(), preserve_until(act.now()));
    let row = bind! {
        report: report.get(), now: column::micros(finished_at),
        preserve_until: column::micros(preserve_until), sha256: submission_sha256,
    };
    act.tx().put(FINISH, &row)?;
    let rank = if open.urgent { URGENT_RANK } else { ORDINARY_RANK };
    work::enqueue(act, report, rank, finished_at)?;
    let details = json!({ "files": files.len(), "submission_sha256": seal::hex(&submission_sha256) });
    act.note(Event::of_report(EventKind::ReportFinished, report).with(details))?;
    let files = files.into_iter().map(|file| file.file).collect();
    Ok(Finished { report, files, finished_at, preserve_until, submission_sha256 })
}

/// Takes a report back before it is finished. Its keys are destroyed with it.
///
/// # Errors
/// As [`super::check_open`].
pub fn retract(act: &Act<'_>, provider: &ProviderId, report: ReportId) -> Result<()> {
    lock_open(act, provider, report)?;
    close(act, report, "retracted", EventKind::ReportRetracted)
}

/// Open reports whose time is over, the oldest first: ask before [`expire_due`], because an act with nothing to do is
/// refused.
///
/// # Errors
/// A fault of the database.
pub fn expirable(view: &View<'_>, most: u32) -> Result<Vec<ReportId>> {
    due(view, EXPIRABLE, most)
}

/// Expires open reports whose time is over: content and keys are destroyed, the row and a ledger line stay. Answers
/// which.
///
/// # Errors
/// A fault of the database.
pub fn expire_due(act: &Act<'_>, most: u32) -> Result<Vec<ReportId>> {
    let due = due(act, LOCK_EXPIRABLE, most)?;
    for report in &due {
        close(act, *report, "expired", EventKind::ReportExpired)?;
    }
    Ok(due)
}

/// Expires one open report of a provider before its time, as [`expire_due`] would later. A sandbox does this when it
/// is asked; a real house waits.
///
/// # Errors
/// As [`super::check_open`].
pub fn expire(act: &Act<'_>, provider: &ProviderId, report: ReportId) -> Result<()> {
    lock_open(act, provider, report)?;
    close(act, report, "expired", EventKind::ReportExpired)
}

fn due(view: &View<'_>, sql: &'static str, most: u32) -> Result<Vec<ReportId>> {
    let rows: Vec<Number> = view.tx().rows(sql, &bind! { now: column::micros(view.now()), most })?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// INVARIANT: what was never handed in leaves no content behind, only that it was there.
fn close(act: &Act<'_>, report: ReportId, stage: &'static str, kind: EventKind) -> Result<()> {
    let now = column::micros(act.now());
    act.tx().execute(CLOSE, &bind! { report: report.get(), stage, now })?;
    document::erase(act, report)?;
    evidence::erase(act, report)?;
    let keys = act.destroy_keys(report)?;
    let mut told = json!({ "keys_destroyed": keys });
    if kind == EventKind::ReportExpired {
        told["basis"] = DestructionCode::ExpiredDraft.as_str().into();
    }
    act.note(Event::of_report(kind, report).with(told))?;
    Ok(())
}

/// SHA-256 over the list of everything submitted: a first line `clearinghouse/submission/v1`, then one line each,
/// ending in LF, for the report (`report NUMBER`), its documents by position (`document POSITION SHA256`) and its files
/// by position (`file POSITION FILE SIZE SHA256`).
#[must_use]
pub fn submission_digest(report: ReportId, documents: &[(u32, [u8; 32])], files: &[FileDigest]) -> [u8; 32] {
    let mut list = format!("clearinghouse/submission/v1\nreport {report}\n");
    for (position, sha256) in documents {
        list.push_str(&format!("document {position} {}\n", seal::hex(sha256)));
    }
    for FileDigest { position, file, size_bytes, sha256 } in files {
        list.push_str(&format!("file {position} {file} {size_bytes} {}\n", seal::hex(sha256)));
    }
    seal::sha256(list.as_bytes())
}

struct Number(ReportId);

impl FromRow for Number {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::report(row, "id").map(Self)
    }
}
