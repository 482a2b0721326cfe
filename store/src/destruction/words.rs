//! Words about the house's own acts, by the month in which they were written: what a purge lets go when their day is there
//! . Rows, leaves and the certificate still say what was done, by whom and when.

use database::{FromRow, Row, bind};
use domain::{DestructionCode, DestructionId, Id, Month};
use house::words;
use jiff::Timestamp;
use serde_json::json;

use super::whole;
use crate::{Act, Event, EventKind, Fault, Refusal, Result, View, column};

const MONTHS: &str = "-- words::months
    SELECT name FROM keystore WHERE report_id = 0 AND name LIKE 'words/%' ORDER BY name";

const DESTROY: &str = "-- words::destroy
    DELETE FROM keystore WHERE report_id = 0 AND name = :name RETURNING epoch, wrapped";

const INSERT: &str = "-- words::insert
    INSERT INTO destruction_words (destruction_id, month) VALUES (:id, :month)
    ON CONFLICT (destruction_id, month) DO NOTHING";

const OF: &str = "-- words::of
    SELECT month, erased_at, keys FROM destruction_words WHERE destruction_id = :id ORDER BY month";

const ERASED: &str = "-- words::erased
    UPDATE destruction_words SET erased_at = :now, keys = :keys, witness_epoch = :epoch, wrapped = :wrapped
    WHERE destruction_id = :id AND month = :month AND erased_at IS NULL";

const FORGET: &str = "-- words::forget
    UPDATE destruction_words SET witness_epoch = NULL, wrapped = NULL WHERE destruction_id = :id";

const NAMED: &str = "-- words::named
    SELECT COUNT(*) FROM destruction_words JOIN destruction ON destruction.id = destruction_words.destruction_id
    WHERE destruction_words.month = :month AND destruction.refused_at IS NULL";

const KEYS_LEFT: &str = "-- words::keys_left
    SELECT COUNT(*) FROM keystore JOIN destruction_words ON keystore.name = 'words/' || destruction_words.month
    WHERE keystore.report_id = 0 AND destruction_words.destruction_id = :id";

/// What was written in a month and is not over: whoever answers for it may still have to read why.
const OPEN: &str = "-- words::open
    SELECT (SELECT COUNT(*) FROM hold WHERE placed_at >= :from AND placed_at < :to AND released_at IS NULL)
        + (SELECT COUNT(*) FROM destruction WHERE asked_at >= :from AND asked_at < :to
            AND refused_at IS NULL AND certified_at IS NULL)
        + (SELECT COUNT(*) FROM approval WHERE asked_at >= :from AND asked_at < :to AND ends_at > :now)
        + (SELECT COUNT(*) FROM media_permission WHERE granted_at >= :from AND granted_at < :to
            AND until_at > :now AND revoked_at IS NULL)
        + (SELECT COUNT(*) FROM preservation_letter WHERE sent_at >= :from AND sent_at < :to AND until_at > :now)
        + (SELECT COUNT(*) FROM agency_key WHERE confirmed_at >= :from AND confirmed_at < :to
            AND ends_at > :now AND revoked_at IS NULL)
        + (SELECT COUNT(*) FROM sender_profile WHERE returned_at >= :from AND returned_at < :to
            AND superseded_at IS NULL AND EXISTS (SELECT 1 FROM provider
                WHERE provider.id = sender_profile.provider_id AND provider.disabled_at IS NULL)) AS still_open";

/// The words of a month, in a purge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The month.
    pub month: Month,
    /// When its key went.
    pub erased_at: Option<Timestamp>,
    /// How many keys that were.
    pub keys: Option<u64>,
}

/// A month whose words are due, and how much of what was written in it is not over yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueWords {
    /// The month.
    pub month: Month,
    /// Holds, agreements, permissions, letters, keys and profiles sent back of it that are still in force, and keep it.
    pub open: u64,
}

/// Months that ended before a moment, whose words nobody asked to let go, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn due(view: &View<'_>, before: Timestamp) -> Result<Vec<DueWords>> {
    let mut found = Vec::new();
    for month in all(view)?.into_iter().filter(|month| month.ends_at() <= before) {
        if !is_named(view, month)? {
            found.push(DueWords { month, open: open(view, month)? });
        }
    }
    Ok(found)
}

/// Months of which there are words, the oldest first.
fn all(view: &View<'_>) -> Result<Vec<Month>> {
    let names: Vec<String> = view.tx().rows(MONTHS, &bind! {})?;
    let read = |name: &String| name.strip_prefix(words::NAME).and_then(|month| month.parse().ok());
    names.iter().map(|name| Ok(read(name).ok_or(Fault::Row { what: "month of a key" })?)).collect()
}

fn is_named(view: &View<'_>, month: Month) -> Result<bool> {
    Ok(view.tx().get::<u64>(NAMED, &bind! { month: month.to_string() })? > 0)
}

fn open(view: &View<'_>, month: Month) -> Result<u64> {
    let (from, to) = (column::micros(month.begins_at()), column::micros(month.ends_at()));
    Ok(view.tx().get(OPEN, &bind! { from, to, now: column::micros(view.now()) })?)
}

/// Names the months of a purge. What was written in a month that is over never comes into force again: whoever finds nothing
/// here need not look once more when the key goes.
pub(super) fn name(act: &Act<'_>, id: &DestructionId, months: &[Month]) -> Result<()> {
    let there = if months.is_empty() { Vec::new() } else { all(act)? };
    for month in months {
        if !there.contains(month) || *month >= Month::of(act.now()) {
            return Err(Refusal::Unfit { what: "month" }.into());
        }
        if open(act, *month)? > 0 {
            return Err(Refusal::Conflict.into());
        }
        act.tx().execute(INSERT, &bind! { id: id.as_str(), month: month.to_string() })?;
    }
    Ok(())
}

/// The months of a destruction.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, id: &DestructionId) -> Result<Vec<Words>> {
    Ok(view.tx().rows(OF, &bind! { id: id.as_str() })?)
}

/// Keys of the reports and months of a destruction that are still there; none, once they are erased.
///
/// # Errors
/// A fault of the database.
pub fn keys_left(view: &View<'_>, id: &DestructionId) -> Result<u64> {
    let months: u64 = view.tx().get(KEYS_LEFT, &bind! { id: id.as_str() })?;
    Ok(months + whole::keys_left(view, id)?)
}

/// Destroys the keys of all of its months; answers how many months that were.
pub(super) fn erase(act: &Act<'_>, id: &DestructionId) -> Result<usize> {
    let months: Vec<Words> = of(act, id)?.into_iter().filter(|words| words.erased_at.is_none()).collect();
    for Words { month, .. } in &months {
        let own: Option<(u32, Vec<u8>)> = act.tx().find(DESTROY, &bind! { name: words::name(*month) })?;
        let keys = u64::from(own.is_some());
        let (epoch, wrapped) = own.unzip();
        let (month_text, now) = (month.to_string(), column::micros(act.now()));
        let row = bind! { id: id.as_str(), month: month_text, now, keys, epoch, wrapped };
        act.tx().execute(ERASED, &row)?;
        let basis = DestructionCode::Retention.as_str();
        let told = json!({ "destruction": id, "basis": basis, "month": month, "keys_destroyed": keys });
        act.note(Event::of_house(EventKind::WordsDestroyed).with(told))?;
    }
    Ok(months.len())
}

/// Lets go of the copies of keys that were tried.
pub(super) fn forget(act: &Act<'_>, id: &DestructionId) -> Result<()> {
    act.tx().execute(FORGET, &bind! { id: id.as_str() })?;
    whole::forget(act, id)
}

impl FromRow for Words {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            month: column::parsed(row, "month")?,
            erased_at: column::moment_option(row, "erased_at")?,
            keys: row.get("keys")?,
        })
    }
}
