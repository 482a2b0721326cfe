//! The steps of an accepted destruction, one act each.

use database::{FromRow, Row, bind};
use domain::{DestructionId, FileId, Id, ReportId};
use serde_json::json;

use super::{Destruction, Sealed, State, find, items, vendors, whole, words};
use crate::{
    Act, BlobKind, BlobRef, Event, EventKind, Fault, Location, Refusal, Result, View, column, rotation,
    tombstone,
};

const NEXT: &str = "-- job::next
    SELECT id, basis, agency_id, asked_by, asked_at, sealed_reason, conflict_at, refused_at, accepted_at, approval_id,
        accepted_by, seconded_by, due_at, dropped_at, epoch, dead_at, proved_at, proof, certified_at, certificate
    FROM destruction WHERE accepted_at IS NOT NULL AND certified_at IS NULL AND (proved_at IS NULL OR NOT EXISTS (
        SELECT 1 FROM vendor_destruction
        WHERE vendor_destruction.destruction_id = destruction.id AND vendor_destruction.confirmed_at IS NULL))
    ORDER BY accepted_at, id LIMIT 1";

const CONTROL: &str = "-- job::control
    SELECT report_id, file_id, size_bytes, location FROM evidence WHERE location IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.file_id = evidence.file_id)
    ORDER BY report_id, file_id LIMIT 1";

const TO_DROP: &str = "-- job::to_drop
    SELECT report_id, file_id, size_bytes, location FROM destruction_item
    WHERE destruction_id = :id AND dropped_at IS NULL ORDER BY report_id, file_id LIMIT :most";

const DROP: &str = "-- job::drop
    UPDATE destruction_item SET dropped_at = :now, keys = :keys, witness_epoch = :epoch, wrapped = :wrapped
    WHERE destruction_id = :id AND report_id = :report AND file_id = :file";

const UNSET: &str = "-- job::unset
    UPDATE evidence SET location = NULL WHERE report_id = :report AND file_id = :file";

const DROPPED: &str = "-- job::dropped
    UPDATE destruction SET dropped_at = :now, epoch = :epoch WHERE id = :id AND dropped_at IS NULL";

/// Of files, of whole reports and of months of words; months first, as the fewest.
const WITNESSES: &str = "-- job::witnesses
    SELECT report_id, 'evidence/' || file_id AS name, witness_epoch, wrapped FROM destruction_item
    WHERE destruction_id = :id AND wrapped IS NOT NULL
    UNION ALL SELECT report_id, 'report', witness_epoch, wrapped FROM destruction_report
    WHERE destruction_id = :id AND wrapped IS NOT NULL
    UNION ALL SELECT CAST(0 AS BIGINT), 'words/' || month, witness_epoch, wrapped FROM destruction_words
    WHERE destruction_id = :id AND wrapped IS NOT NULL ORDER BY report_id, name";

const DEAD: &str = "-- job::dead
    UPDATE destruction SET dead_at = :now WHERE id = :id AND dead_at IS NULL AND dropped_at IS NOT NULL";

const PROVED: &str = "-- job::proved
    UPDATE destruction SET proved_at = :now, proof = :proof
    WHERE id = :id AND proved_at IS NULL AND dead_at IS NOT NULL";

const FORGET: &str = "-- job::forget
    UPDATE destruction_item SET wrapped = NULL WHERE destruction_id = :id";

const CERTIFIED: &str = "-- job::certified
    UPDATE destruction SET certified_at = :now, certificate = :certificate
    WHERE id = :id AND certified_at IS NULL AND proved_at IS NOT NULL";

/// What dropping answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many files lost their keys; there may be more.
    Some(usize),
    /// No file has a key any more.
    All,
}

/// A key as every backup holds it, and what it would open.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The report; 0 for the words of a month, which are of none.
    pub report: u64,
    /// The name of the key.
    pub name: String,
    /// The epoch under which the key is wrapped.
    pub epoch: u32,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

/// The accepted destruction that waits longest, for a step of ours and for no vendor's word.
///
/// # Errors
/// A fault of the database.
pub fn next(view: &View<'_>) -> Result<Option<Destruction>> {
    let row: Option<Sealed> = view.tx().find(NEXT, &bind! {})?;
    row.map(|row| row.opened(view)).transpose()
}

/// Drops the keys of some files and of everything that was made from them; once none is left, says so.
///
/// # Errors
/// [`Refusal::Conflict`] when it is not accepted or no longer at this step.
pub fn drop_some(act: &Act<'_>, id: &DestructionId, most: u32) -> Result<Step> {
    let job = at(act, id, State::Accepted)?;
    let files: Vec<File> = act.tx().rows(TO_DROP, &bind! { id: id.as_str(), most })?;
    if files.is_empty() {
        // Whole reports go last: their files' keys are among theirs.
        let erased = words::erase(act, id)? + whole::erase_some(act, id, most)?;
        if erased > 0 {
            return Ok(Step::Some(erased));
        }
        let epoch = rotation::newest(act)?;
        act.tx().execute(DROPPED, &bind! { id: id.as_str(), now: column::micros(act.now()), epoch })?;
        let told = json!({ "destruction": id, "epoch": epoch });
        act.note(Event::of_house(EventKind::DestructionDropped).with(told))?;
        return Ok(Step::All);
    }
    for File { report, file, blob } in &files {
        let dropped = match blob {
            Some(blob) => act.destroy_line(*report, blob)?,
            None => crate::Dropped::default(),
        };
        let (epoch, wrapped) = dropped.own.unzip();
        let row = bind! {
            id: id.as_str(), report: report.get(), file: file.as_str(), now: column::micros(act.now()),
            keys: dropped.keys, epoch, wrapped,
        };
        act.tx().execute(DROP, &row)?;
        act.tx().execute(UNSET, &bind! { report: report.get(), file: file.as_str() })?;
        let told =
            json!({ "destruction": id, "file": file, "keys": dropped.keys, "basis": job.basis.as_str() });
        act.note(Event::of_report(EventKind::FileDestroyed, *report).with(told))?;
    }
    Ok(Step::Some(files.len()))
}

/// The keys that were dropped, as every backup holds them.
///
/// # Errors
/// A fault of the database.
pub fn witnesses(view: &View<'_>, id: &DestructionId) -> Result<Vec<Witness>> {
    Ok(view.tx().rows(WITNESSES, &bind! { id: id.as_str() })?)
}

/// A file that nobody asked to destroy: it must open while the others do not. `None` when there is no other in the house.
///
/// # Errors
/// A fault of the database.
pub fn control(view: &View<'_>) -> Result<Option<(ReportId, BlobRef)>> {
    let file: Option<File> = view.tx().find(CONTROL, &bind! {})?;
    Ok(file.and_then(|file| file.blob.map(|blob| (file.report, blob))))
}

/// The epoch of its keys is dead in custody, and every backup with it.
///
/// # Errors
/// [`Refusal::Conflict`] at another step, or while that epoch is not destroyed.
pub fn dead(act: &Act<'_>, id: &DestructionId) -> Result<()> {
    let job = at(act, id, State::Dropped)?;
    let epoch = job.epoch.ok_or(Fault::Row { what: "epoch of a destruction" })?;
    let past = rotation::past(act, epoch)?.and_then(|past| past.destroyed_at);
    past.ok_or(Refusal::Conflict)?;
    act.tx().execute(DEAD, &bind! { id: id.as_str(), now: column::micros(act.now()) })?;
    let told = json!({ "destruction": id, "epoch": epoch });
    act.note(Event::of_house(EventKind::DestructionDead).with(told))?;
    Ok(())
}

/// Every attempt to open failed. `proof` says what was tried; the copies of the keys that were tried are forgotten.
///
/// # Errors
/// [`Refusal::Conflict`] at another step.
pub fn proved(act: &Act<'_>, id: &DestructionId, proof: &serde_json::Value) -> Result<()> {
    at(act, id, State::Dead)?;
    let (now, proof_text) = (column::micros(act.now()), proof.to_string());
    act.tx().execute(PROVED, &bind! { id: id.as_str(), now, proof: proof_text })?;
    act.tx().execute(FORGET, &bind! { id: id.as_str() })?;
    words::forget(act, id)?;
    let told = json!({ "destruction": id, "proof": proof });
    act.note(Event::of_house(EventKind::DestructionProved).with(told))?;
    Ok(())
}

/// The certificate is signed, and the job is done. The block stays: there is nothing behind it any more.
///
/// # Errors
/// [`Refusal::Conflict`] at another step, and while a vendor that held something has not shown that it is gone there.
pub fn certified(act: &Act<'_>, id: &DestructionId, certificate: &str) -> Result<()> {
    at(act, id, State::Proved)?;
    if !vendors::are_settled(act, id)? {
        return Err(Refusal::Conflict.into());
    }
    act.tx().execute(CERTIFIED, &bind! { id: id.as_str(), now: column::micros(act.now()), certificate })?;
    tombstone::close(act, id.as_str())?;
    let sha256 = seal::hex(&seal::sha256(certificate.as_bytes()));
    let files = items(act, id)?.len() as u64;
    let told = json!({ "destruction": id, "certificate_sha256": sha256, "files": files });
    act.note(Event::of_house(EventKind::DestructionCertified).with(told))?;
    Ok(())
}

/// The destruction, if it stands there: of two workers that take the same step one is told that it came late.
fn at(act: &Act<'_>, id: &DestructionId, state: State) -> Result<Destruction> {
    let job = find(act, id)?.ok_or(Refusal::NotFound)?;
    if job.state() == state { Ok(job) } else { Err(Refusal::Conflict.into()) }
}

struct File {
    report: ReportId,
    file: FileId,
    blob: Option<BlobRef>,
}

impl FromRow for File {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let file: FileId = column::parsed(row, "file_id")?;
        let (location, size_bytes) = (row.get::<Option<Location>>("location")?, row.get("size_bytes")?);
        let blob = location.map(|location| BlobRef {
            kind: BlobKind::Evidence,
            file: file.clone(),
            location,
            size_bytes,
        });
        Ok(Self { report: column::report(row, "report_id")?, file, blob })
    }
}

impl FromRow for Witness {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: row.get("report_id")?,
            name: row.get("name")?,
            epoch: row.get("witness_epoch")?,
            wrapped: row.get("wrapped")?,
        })
    }
}
