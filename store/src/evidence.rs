//! Files of a report and what its provider says about each. Their bytes are in the vault, behind the view gate.

use std::collections::BTreeSet;

use database::{Args, FromRow, Row, Where, bind};
use domain::{FileId, FileStatement, Private, ProviderId, ReportId, TriState};
use jiff::Timestamp;
use policy::relaxation::Which;
use policy::{FileFacts, Permit, RuleSet, Scope};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::document::{self, NewDocument, Received};
use crate::sealed::{self, Cell};
use crate::{
    Act, BlobKind, BlobRef, Content, Error, Event, EventKind, Fault, Location, Refusal, Result, Stored, View,
    column, ground, reach, report, tombstone,
};

const INSERT: &str = "-- evidence::insert
    INSERT INTO evidence (report_id, file_id, position, received_at, size_bytes, md5, sha1, sha256, location, viewed,
        exif_viewed, publicly_available, sealed_upload)
    VALUES (:report, :file, :position, :received_at, :size_bytes, :md5, :sha1, :sha256, :location, 'Unknown',
        'Unknown', 'Unknown', :sealed_upload)";

const STATEMENT: &str = "-- evidence::statement
    SELECT statement FROM evidence WHERE report_id = :report AND file_id = :file";

const DESCRIBE: &str = "-- evidence::describe
    UPDATE evidence SET statement = :statement, viewed = :viewed, exif_viewed = :exif_viewed,
        publicly_available = :publicly_available
    WHERE report_id = :report AND file_id = :file";

const FILES: &str = "-- evidence::files
    SELECT evidence.file_id, evidence.position, evidence.received_at, evidence.size_bytes, md5, sha1,
        evidence.sha256, location, statement, sealed_upload, sealed_reading
    FROM evidence LEFT JOIN document
        ON document.report_id = evidence.report_id AND document.position = evidence.statement
    WHERE evidence.report_id = :report AND evidence.position > :after /*where*/
    ORDER BY evidence.position LIMIT :most";

const ONE: &str = "evidence.file_id = :file";

const DIGESTS: &str = "-- evidence::digests
    SELECT position, file_id, size_bytes, sha256 FROM evidence
    WHERE report_id = :report AND position > :after ORDER BY position LIMIT :most";

const FACTS: &str = "-- evidence::facts
    SELECT report_id, file_id, viewed, publicly_available, location,
        (SELECT COUNT(*) FROM tombstone WHERE tombstone.file_id = evidence.file_id) AS stones FROM evidence
    WHERE report_id = :report AND position > :after ORDER BY position LIMIT :most";

const KEPT: &str = "-- evidence::kept
    SELECT file_id, location, size_bytes, sha256 FROM evidence WHERE report_id = :report AND file_id = :file";

const SEEN_BEFORE: &str = "-- evidence::seen_before
    SELECT COUNT(*) FROM (
        SELECT DISTINCT report_id FROM evidence WHERE sha256 = :sha256 AND report_id < :report LIMIT :most
    ) AS earlier";

const ERASE: &str = "-- evidence::erase
    DELETE FROM evidence WHERE report_id = :report";

/// Beyond this many earlier reports a file counts as seen this often.
pub const MOST_SEEN: u32 = 1_000;

/// Files that are asked about together.
const MOST_TOGETHER: usize = 256;

/// Files whose rows may be read ahead. Such rows are kept beside what is made of them, sealed statements and all, and nobody
/// may need them; most reports have fewer files, and those that have more are asked about twice.
pub const MOST_FORESEEN: u32 = 32;

const FORESEEN: Stretch = Stretch { after: 0, most: MOST_FORESEEN };

/// Some of a report's files: those behind a position, in the order in which they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Behind this position.
    pub after: u32,
    /// At most so many.
    pub most: u32,
}

impl Stretch {
    /// All of them.
    pub const WHOLE: Self = Self { after: 0, most: i32::MAX as u32 };
}

/// A file that arrived.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Its report.
    pub report: ReportId,
    /// Its id, under which the vault has it.
    pub file: FileId,
    /// The name in the upload's part headers.
    pub uploaded_name: Option<Private<String>>,
    /// The media type in the upload's part headers; a claim.
    pub media_type: Option<String>,
    /// What came of writing it.
    pub stored: Stored,
}

/// A file of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// 1 for the first file uploaded, and so on.
    pub position: u32,
    /// When it was received.
    pub received_at: Timestamp,
    /// Length in bytes.
    pub size_bytes: u64,
    /// MD5, a name that partners use.
    pub md5: [u8; 16],
    /// SHA-1, a name that partners use.
    pub sha1: [u8; 20],
    /// SHA-256, the proof of integrity.
    pub sha256: [u8; 32],
    /// Where its bytes are; `None` when they were hashed and not kept.
    pub blob: Option<BlobRef>,
    /// The name in the upload's part headers.
    pub uploaded_name: Option<Private<String>>,
    /// The media type in the upload's part headers; a claim.
    pub media_type: Option<String>,
    /// What its provider says of it; the latest statement.
    pub statement: Option<FileStatement>,
}

/// What the digest over a submission says of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDigest {
    /// 1 for the first file uploaded, and so on.
    pub position: u32,
    /// Its id.
    pub file: FileId,
    /// Length in bytes.
    pub size_bytes: u64,
    /// SHA-256.
    pub sha256: [u8; 32],
}

/// What the headers of an upload said: a stranger's words, so sealed.
#[derive(Serialize, Deserialize)]
struct Upload {
    name: Option<Private<String>>,
    media_type: Option<String>,
}

/// Adds a file to an open report and takes over its blob; answers its position.
///
/// # Errors
/// As [`report::check_open`]; a fault when the blob is another file's.
pub fn attach(act: &Act<'_>, provider: &ProviderId, new: &NewFile) -> Result<u32> {
    let NewFile { report, file, stored, .. } = new;
    act.foresee_key(*report)?;
    let position = report::add_file(act, provider, *report)?;
    // Before the blob's own key is written beside it, which would make it be asked for again.
    act.report_key(*report)?;
    if let Some(kept) = &stored.kept {
        if kept.blob.file != *file {
            return Err(Fault::Row { what: "blob of another file" }.into());
        }
        act.adopt(*report, kept)?;
    }
    let digests = &stored.digests;
    let upload = Upload { name: new.uploaded_name.clone(), media_type: new.media_type.clone() };
    let row = bind! {
        report: report.get(), file: file.as_str(), position, received_at: column::micros(act.now()),
        size_bytes: digests.size_bytes, md5: digests.md5, sha1: digests.sha1, sha256: digests.sha256,
        location: stored.kept.as_ref().map(|kept| &kept.blob.location),
        sealed_upload: sealed::json(act, cell(*report, file), &upload)?,
    };
    act.tx().put(INSERT, &row)?;
    let details = json!({
        "file": file, "retained": stored.kept.is_some(), "sha256": seal::hex(&digests.sha256),
        "size_bytes": digests.size_bytes,
    });
    let event =
        Event::of_report(EventKind::FileReceived, *report).to(file.as_str()).bringing(digests.size_bytes);
    act.note(event.with(details))?;
    Ok(position)
}

/// Records what a provider says about a file of an open report. A second statement takes the place of the first, which
/// stays as it came.
///
/// # Errors
/// As [`report::check_open`]; [`Refusal::FileNotFound`] when the report has no such file.
pub fn describe(
    act: &Act<'_>,
    provider: &ProviderId,
    statement: &FileStatement,
    received: &Received,
) -> Result<()> {
    let (report, file) = (statement.report, &statement.file);
    let asked = bind! { report: report.get(), file: file.as_str() };
    act.tx().ahead(&[(STATEMENT, asked.clone())])?;
    act.foresee_key(report)?;
    let position = report::add_document(act, provider, report)?;
    let earlier = act.tx().find(STATEMENT, &asked)?;
    let earlier: Option<u32> = earlier.ok_or(Refusal::FileNotFound)?;
    if let Some(earlier) = earlier {
        document::supersede(act, report, earlier)?;
    }
    let document = NewDocument { report, position, file: Some(file), received, reading: statement };
    let sha256 = document::keep(act, &document)?;
    let row = bind! {
        report: report.get(), file: file.as_str(), statement: position, viewed: statement.viewed.as_str(),
        exif_viewed: statement.exif_viewed.as_str(), publicly_available: statement.public.as_str(),
    };
    act.tx().put(DESCRIBE, &row)?;
    let details = json!({
        "document_sha256": seal::hex(&sha256), "file": file, "viewed": statement.viewed.as_str(),
        "exif_viewed": statement.exif_viewed.as_str(), "publicly_available": statement.public.as_str(),
    });
    act.note(Event::of_report(EventKind::FileDescribed, report).with(details))?;
    Ok(())
}

/// The files of a report, in the order in which they came.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach, [`Refusal::Destroyed`] without a key.
pub fn files<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<File>> {
    let mut files = files_of(view, permit, report, FORESEEN)?;
    if files.len() == FORESEEN.most as usize {
        let after = files.last().map_or(0, |file| file.position);
        files.extend(files_of(view, permit, report, Stretch { after, ..Stretch::WHOLE })?);
    }
    Ok(files)
}

/// Some of them.
///
/// # Errors
/// As [`files`].
pub fn files_of<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
    Stretch { after, most }: Stretch,
) -> Result<Vec<File>> {
    reach::submitted(view, permit, report)?;
    let rows: Vec<Sealed> = view.tx().rows(FILES, &bind! { report: report.get(), after, most })?;
    rows.into_iter().map(|row| row.opened(view, report)).collect()
}

/// One file of a report.
///
/// # Errors
/// As [`files`]; [`Refusal::FileNotFound`] for a file of another report.
pub fn file<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId, id: &FileId) -> Result<File> {
    reach::submitted(view, permit, report)?;
    let filter = Where::new().and(ONE, "file", id.as_str());
    let found: Vec<Sealed> = view.tx().rows_where(FILES, &filter, &whole(report))?;
    found.into_iter().next().ok_or(Refusal::FileNotFound)?.opened(view, report)
}

/// What the view gate asks about each file of a report, with the grounds that the permit's agency has on record. Opens
/// nothing; the moment of the snapshot is the moment at which grounds are judged.
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn facts<K: Content>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Vec<FileFacts>> {
    facts_of(view, permit, report, Stretch::WHOLE)
}

/// The same about some of them.
///
/// # Errors
/// As [`facts`].
pub fn facts_of<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
    stretch: Stretch,
) -> Result<Vec<FileFacts>> {
    reach::submitted(view, permit, report)?;
    let Stretch { after, most } = stretch;
    let rows: Vec<Facts> = view.tx().rows(FACTS, &bind! { report: report.get(), after, most })?;
    let asker = match permit.scope() {
        Scope::Agency(agency) => Some(agency),
        Scope::House | Scope::Provider(_) => None,
    };
    // Neither a ground nor a relaxation speaks for a provider.
    let is_ours = !matches!(permit.scope(), Scope::Provider(_));
    let recorded = if is_ours { ground::recorded(view, report, asker)? } else { Vec::new() };
    let relaxations =
        if is_ours { RuleSet::in_force().relaxations().live(asker, view.now()) } else { Vec::new() };
    let asks = relaxations.iter().any(|one| one.files == Which::HashMatched);
    let matched = if asks { matched(view, permit, report, stretch)? } else { BTreeSet::new() };
    let whole = |Facts(mut facts, stones): Facts| {
        // What waits for its destruction is as good as gone, but for another agency that holds it.
        facts.retained &= stones == 0 || !tombstone::blocks(view, &facts.file, asker)?;
        facts.at = view.now();
        facts.asker = asker.cloned();
        facts.grounds = recorded.iter().filter(|one| one.file == facts.file).cloned().collect();
        facts.matched = matched.contains(&facts.file);
        facts.relaxations.clone_from(&relaxations);
        Ok(facts)
    };
    rows.into_iter().map(whole).collect()
}

/// The files that their sender matched by a hash, as it states: it classified them and gave a hash.
fn matched<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
    stretch: Stretch,
) -> Result<BTreeSet<FileId>> {
    let files = match files_of(view, permit, report, stretch) {
        Err(Error::Refusal(Refusal::Destroyed)) => Vec::new(),
        files => files?,
    };
    let is_matched = |statement: &FileStatement| {
        let has_hash = statement.details.iter().any(|group| group.kind.as_deref() == Some("HASH"));
        statement.classification.is_some() && (has_hash || !statement.original_hashes.is_empty())
    };
    let matched = files.into_iter().filter(|file| file.statement.as_ref().is_some_and(is_matched));
    Ok(matched.map(|file| file.id).collect())
}

/// Where a file's bytes lie, and the digest by which the same bytes are known again.
pub(crate) struct KeptFile {
    /// Its blob; `None` when the bytes were hashed and not kept.
    pub blob: Option<BlobRef>,
    /// SHA-256.
    pub sha256: [u8; 32],
}

/// Where one file lies.
///
/// # Errors
/// [`Refusal::FileNotFound`] when the report has no such file.
pub(crate) fn kept(view: &View<'_>, report: ReportId, file: &FileId) -> Result<KeptFile> {
    let found = view.tx().find(KEPT, &bind! { report: report.get(), file: file.as_str() })?;
    Ok(found.ok_or(Refusal::FileNotFound)?)
}

/// How many earlier reports had the same bytes, for each file, at most [`MOST_SEEN`].
///
/// # Errors
/// [`Refusal::NotFound`] out of the permit's reach.
pub fn seen_before<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
) -> Result<Vec<(FileId, u32)>> {
    seen_before_of(view, permit, report, Stretch::WHOLE)
}

/// The same for some of them.
///
/// # Errors
/// As [`seen_before`].
pub fn seen_before_of<K: Content>(
    view: &View<'_>,
    permit: &Permit<K>,
    report: ReportId,
    stretch: Stretch,
) -> Result<Vec<(FileId, u32)>> {
    reach::added(view, permit, report)?;
    let files = digests_of(view, report, stretch)?;
    let asked =
        |one: &FileDigest| (SEEN_BEFORE, bind! { sha256: one.sha256, report: report.get(), most: MOST_SEEN });
    let mut seen = vec![0; files.len()];
    for (files, seen) in files.chunks(MOST_TOGETHER).zip(seen.chunks_mut(MOST_TOGETHER)) {
        let asked: Vec<_> = files.iter().map(asked).collect();
        view.tx().each(&asked, &mut |place, row| {
            seen[place] = row.at(0)?;
            Ok(())
        })?;
    }
    Ok(files.into_iter().map(|one| one.file).zip(seen).collect())
}

/// Says that all [`files`] will be read. The first of them come ahead.
pub(crate) fn foresee_files(view: &View<'_>, report: ReportId) -> Result<()> {
    let Stretch { after, most } = FORESEEN;
    Ok(view.tx().ahead(&[(FILES, bind! { report: report.get(), after, most })])?)
}

/// Says that [`digests`] will be asked.
pub(crate) fn foresee_digests(view: &View<'_>, report: ReportId) -> Result<()> {
    Ok(view.tx().ahead(&[(DIGESTS, whole(report))])?)
}

fn whole(report: ReportId) -> Args {
    let Stretch { after, most } = Stretch::WHOLE;
    bind! { report: report.get(), after, most }
}

/// Digests of all files, in order.
pub(crate) fn digests(view: &View<'_>, report: ReportId) -> Result<Vec<FileDigest>> {
    digests_of(view, report, Stretch::WHOLE)
}

fn digests_of(view: &View<'_>, report: ReportId, stretch: Stretch) -> Result<Vec<FileDigest>> {
    let Stretch { after, most } = stretch;
    Ok(view.tx().rows(DIGESTS, &bind! { report: report.get(), after, most })?)
}

/// Removes every file of a report that was never handed in.
pub(crate) fn erase(act: &Act<'_>, report: ReportId) -> Result<()> {
    act.tx().execute(ERASE, &bind! { report: report.get() })?;
    Ok(())
}

struct Sealed {
    file: File,
    statement: Option<u32>,
    sealed_upload: Vec<u8>,
    sealed_reading: Option<Vec<u8>>,
}

impl Sealed {
    fn opened(self, view: &View<'_>, report: ReportId) -> Result<File> {
        let Self { mut file, statement, sealed_upload, sealed_reading } = self;
        let upload: Upload = sealed::open_json(view, cell(report, &file.id), &sealed_upload)?;
        file.uploaded_name = upload.name;
        file.media_type = upload.media_type;
        if let Some((position, sealed)) = statement.zip(sealed_reading) {
            file.statement = Some(document::read(view, report, position, &sealed)?);
        }
        Ok(file)
    }
}

/// The blob of a row, where its bytes were kept.
fn blob(row: &Row<'_>) -> std::result::Result<Option<BlobRef>, database::Fault> {
    let (file, size_bytes) = (column::parsed(row, "file_id")?, row.get("size_bytes")?);
    let location: Option<Location> = row.get("location")?;
    Ok(location.map(|location| BlobRef { kind: BlobKind::Evidence, file, location, size_bytes }))
}

impl FromRow for KeptFile {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { blob: blob(row)?, sha256: row.get("sha256")? })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (id, size_bytes, blob) =
            (column::parsed::<FileId>(row, "file_id")?, row.get("size_bytes")?, blob(row)?);
        let file = File {
            id,
            position: row.get("position")?,
            received_at: column::moment(row, "received_at")?,
            size_bytes,
            md5: row.get("md5")?,
            sha1: row.get("sha1")?,
            sha256: row.get("sha256")?,
            blob,
            uploaded_name: None,
            media_type: None,
            statement: None,
        };
        let (statement, sealed_upload) = (row.get("statement")?, row.get("sealed_upload")?);
        Ok(Self { file, statement, sealed_upload, sealed_reading: row.get("sealed_reading")? })
    }
}

impl FromRow for FileDigest {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (position, file) = (row.get("position")?, column::parsed(row, "file_id")?);
        Ok(Self { position, file, size_bytes: row.get("size_bytes")?, sha256: row.get("sha256")? })
    }
}

/// Facts, and how many blocks there are on the file.
struct Facts(FileFacts, u64);

impl FromRow for Facts {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let facts = FileFacts {
            report: column::report(row, "report_id")?,
            file: column::parsed(row, "file_id")?,
            viewed: column::parsed::<TriState>(row, "viewed")?,
            public: column::parsed::<TriState>(row, "publicly_available")?,
            retained: row.get::<Option<String>>("location")?.is_some(),
            // These come from the snapshot and the permit.
            asker: None,
            at: Timestamp::MIN,
            grounds: Vec::new(),
            matched: false,
            relaxations: Vec::new(),
        };
        Ok(Self(facts, row.get("stones")?))
    }
}

fn cell(report: ReportId, file: &FileId) -> Cell<'_> {
    Cell { report, table: "evidence", row: file.as_str(), column: "sealed_upload" }
}
