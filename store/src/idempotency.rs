//! Keys under which a provider may repeat a request (`Idempotency-Key`): the answer is given again, nothing is made
//! again. A key lives as long as its report is open and a day longer.

use database::{FromRow, Row, bind};
use domain::{FileId, Id, ProviderId, ReportId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{Act, Event, EventKind, House, Refusal, Result, View, column};

/// How long a key outlives the open state of its report.
pub const AFTER_CLOSING: SignedDuration = SignedDuration::from_hours(24);
/// How long the sweep leaves a key alone after a look.
const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_hours(1);

const FIND: &str = "-- idempotency::find
    SELECT sent_digest, idempotency.report_id, idempotency.file_id, evidence.md5 FROM idempotency
    LEFT JOIN evidence ON evidence.report_id = idempotency.report_id AND evidence.file_id = idempotency.file_id
    WHERE provider_id = :provider AND key_digest = :key";

const CLAIM: &str = "-- idempotency::claim
    INSERT INTO idempotency (provider_id, key_digest, sent_digest, report_id, file_id, look_at)
    VALUES (:provider, :key, :sent, :report, :file, :look_at)
    ON CONFLICT (provider_id, key_digest) DO NOTHING";

const IS_DUE: &str = "-- idempotency::is_due
    SELECT COUNT(*) FROM (SELECT 1 FROM idempotency WHERE look_at <= :now LIMIT 1) AS one";

const LOOK_LATER: &str = "-- idempotency::look_later
    UPDATE idempotency SET look_at = :later
    WHERE (provider_id, key_digest) IN (
        SELECT provider_id, key_digest FROM idempotency WHERE look_at <= :now ORDER BY look_at LIMIT :most)
    AND EXISTS (SELECT 1 FROM report WHERE report.id = idempotency.report_id
        AND (stage = 'open' OR COALESCE(finished_at, closed_at) > :closed_before))";

const FORGET: &str = "-- idempotency::forget
    DELETE FROM idempotency
    WHERE (provider_id, key_digest) IN (
        SELECT provider_id, key_digest FROM idempotency WHERE look_at <= :now ORDER BY look_at LIMIT :most)
    AND NOT EXISTS (SELECT 1 FROM report WHERE report.id = idempotency.report_id
        AND (stage = 'open' OR COALESCE(finished_at, closed_at) > :closed_before))";

/// What a provider may repeat under a key. A key says nothing across operations or providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Opening a report.
    Submit,
    /// Adding a file.
    Upload,
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    provider: ProviderId,
    digest: [u8; 32],
}

impl Key {
    /// The key that a provider sent for an operation.
    #[must_use]
    pub fn new(house: &House, provider: &ProviderId, operation: Operation, text: &str) -> Self {
        let label: &[u8] = match operation {
            Operation::Submit => b"idempotency/submit/v1\0",
            Operation::Upload => b"idempotency/upload/v1\0",
        };
        Self { provider: provider.clone(), digest: house.secret_digest(&[label, text.as_bytes()].concat()) }
    }
}

/// What came of the first request under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Keyed digest of what was sent.
    pub sent_digest: [u8; 32],
    /// The report that was opened, or to which the file was added.
    pub report: ReportId,
    /// The file that was added, when one was.
    pub file: Option<FileId>,
    /// Its MD5, as long as the report has it.
    pub md5: Option<[u8; 16]>,
}

/// The first request under a key, if there was one.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, key: &Key) -> Result<Option<Known>> {
    Ok(view.tx().find(FIND, &bind! { provider: key.provider.as_str(), key: key.digest })?)
}

/// Takes a key for what this act is about to make. Of twins that run at once one gets it, and the other one's act is
/// refused as a whole.
///
/// # Errors
/// [`Refusal::Conflict`] when the key is taken.
pub fn claim(
    act: &Act<'_>,
    key: &Key,
    sent_digest: &[u8; 32],
    report: ReportId,
    file: Option<&FileId>,
) -> Result<()> {
    let row = bind! {
        provider: key.provider.as_str(), key: key.digest, sent: sent_digest, report: report.get(),
        file: file.map(FileId::as_str), look_at: column::micros(after(act.now(), AFTER_CLOSING)),
    };
    if act.tx().execute(CLAIM, &row)? == 0 { Err(Refusal::Conflict.into()) } else { Ok(()) }
}

/// Whether the sweep has something to look at: ask before [`sweep`], because an act with nothing to do is refused.
///
/// # Errors
/// A fault of the database.
pub fn is_due(view: &View<'_>) -> Result<bool> {
    Ok(view.tx().get::<u32>(IS_DUE, &bind! { now: column::micros(view.now()) })? > 0)
}

/// Looks at so many keys whose time may be over, and forgets those whose report closed more than a day ago. Answers how
/// many were looked at.
///
/// # Errors
/// A fault of the database.
pub fn sweep(act: &Act<'_>, most: u32) -> Result<u64> {
    let now = act.now();
    let asked = bind! {
        now: column::micros(now), most, closed_before: column::micros(after(now, -AFTER_CLOSING)),
    };
    let later = column::micros(after(now, BETWEEN_LOOKS));
    let kept = act.tx().execute(LOOK_LATER, &asked.clone().with("later", later))?;
    let forgotten = act.tx().execute(FORGET, &asked)?;
    act.note(Event::of_house(EventKind::RequestsForgotten).with(json!({ "forgotten": forgotten })))?;
    Ok(kept + forgotten)
}

/// A moment some time later; the end of time when there is none.
fn after(moment: Timestamp, span: SignedDuration) -> Timestamp {
    moment.checked_add(span).unwrap_or(Timestamp::MAX)
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            sent_digest: row.get("sent_digest")?,
            report: column::report(row, "report_id")?,
            file: column::parsed_option(row, "file_id")?,
            md5: row.get("md5")?,
        })
    }
}
