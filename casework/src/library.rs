//! Documents and training material that the clearinghouse offers to agencies. Every version stays; what is withdrawn is not
//! given out any more. Bytes lie in pieces, each sealed and bound to its place.

use database::{FromRow, Row, bind};
use domain::portal::Shelf;
use jiff::Timestamp;
use policy::Permit;
use policy::access::Action;
use policy::permit::{Right, UsePortal};
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- library::insert
    INSERT INTO library_document (id, shelf, version, changed_at) VALUES (:id, :shelf, 1, :now)";

const UPDATE: &str = "-- library::update
    UPDATE library_document SET shelf = :shelf, version = version + 1, changed_at = :now
    WHERE id = :id AND version = :version AND withdrawn_at IS NULL";

const KNOWN: &str = "-- library::known
    SELECT version FROM library_document WHERE id = :id AND withdrawn_at IS NULL";

const INSERT_VERSION: &str = "-- library::insert_version
    INSERT INTO library_version (document_id, version, title, summary, file_name, media_type, size_bytes, sha256,
        added_by, added_at)
    VALUES (:id, :version, :title, :summary, :file_name, :media_type, :size_bytes, :sha256, :by, :now)";

const INSERT_PIECE: &str = "-- library::insert_piece
    INSERT INTO library_piece (document_id, version, position, sealed_bytes)
    VALUES (:id, :version, :position, :sealed_bytes)";

const LIST: &str = "-- library::list
    SELECT document_id, shelf, library_version.version, title, summary, file_name, media_type, size_bytes, sha256, added_at
    FROM library_document JOIN library_version
        ON document_id = id AND library_version.version = library_document.version
    WHERE withdrawn_at IS NULL ORDER BY changed_at DESC, id DESC LIMIT :most";

const VERSIONS: &str = "-- library::versions
    SELECT document_id, shelf, library_version.version, title, summary, file_name, media_type, size_bytes, sha256, added_at
    FROM library_document JOIN library_version ON document_id = id
    WHERE id = :id AND withdrawn_at IS NULL ORDER BY library_version.version DESC LIMIT :most";

const PIECES: &str = "-- library::pieces
    SELECT sealed_bytes FROM library_piece WHERE document_id = :id AND version = :version ORDER BY position";

const WITHDRAW: &str = "-- library::withdraw
    UPDATE library_document SET withdrawn_by = :by, withdrawn_at = :now WHERE id = :id AND withdrawn_at IS NULL";

/// The longest file: a manual or a set of slides, no film.
pub const MOST_BYTES: usize = 16 << 20;
/// Bytes of one piece.
const PIECE_BYTES: usize = 256 << 10;
/// Documents, or versions of one, that are listed.
pub const MOST_LISTED: u32 = 1_000;
/// Letters of a title, and of what a document is for.
pub const MOST_TITLE_LETTERS: usize = 200;
const MOST_SUMMARY_LETTERS: usize = 2_000;

/// A version that is to be put in.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The document and the version that it follows; `None` begins a document.
    pub follows: Option<(String, u32)>,
    /// Where it stands.
    pub shelf: Shelf,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// What its file is called.
    pub file_name: String,
    /// What kind of file it is, judged by whoever took it in.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// The document.
    pub document: String,
    /// Where it stands.
    pub shelf: Shelf,
    /// Counts the versions.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// What its file is called.
    pub file_name: String,
    /// What kind of file it is.
    pub media_type: String,
    /// Its length.
    pub size_bytes: u64,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
    /// When it came.
    pub added_at: Timestamp,
}

/// Puts a version in, and answers the document's name. The right is asked for in the house.
///
/// # Errors
/// [`Refusal::Unfit`] for a title, summary or file that is none or too long; [`Refusal::NotFound`] for a document that is not
/// there; [`Refusal::Conflict`] when somebody else put a version in since.
pub fn add(act: &Act<'_>, right: &Right, new: &NewVersion) -> Result<String> {
    keeps(right)?;
    check(new)?;
    let now = column::micros(act.now());
    let (id, version) = match &new.follows {
        None => {
            let id = seal::hex(&act.chance::<16>()?);
            act.tx().execute(INSERT, &bind! { id: &id, shelf: new.shelf.as_str(), now })?;
            (id, 1)
        }
        Some((id, version)) => {
            act.tx().find::<u32>(KNOWN, &bind! { id })?.ok_or(Refusal::NotFound)?;
            let row = bind! { id, version, shelf: new.shelf.as_str(), now };
            if act.tx().execute(UPDATE, &row)? == 0 {
                return Err(Refusal::Conflict.into());
            }
            (id.clone(), version + 1)
        }
    };
    let size_bytes = new.bytes.len() as u64;
    let row = bind! {
        id: &id, version, title: new.title.trim(), summary: new.summary.trim(), file_name: &new.file_name,
        media_type: new.media_type, size_bytes, sha256: new.sha256, by: act.actor().text(), now,
    };
    act.tx().execute(INSERT_VERSION, &row)?;
    for (position, piece) in (0_u32..).zip(new.bytes.chunks(PIECE_BYTES)) {
        let at = row_of(&id, version, position);
        let sealed_bytes = act.seal(act.house_key(), &place(&at), piece)?;
        act.tx().execute(INSERT_PIECE, &bind! { id: &id, version, position, sealed_bytes })?;
    }
    let details = json!({ "sha256": seal::hex(&new.sha256), "version": version });
    act.note(Event::of_house(EventKind::LibraryGrew).to(object(&id)).bringing(size_bytes).with(details))?;
    Ok(id)
}

/// Takes a document out. Its versions stay, and nobody is given one.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is not there.
pub fn withdraw(act: &Act<'_>, right: &Right, id: &str) -> Result<()> {
    keeps(right)?;
    let row = bind! { id, by: act.actor().text(), now: column::micros(act.now()) };
    if act.tx().execute(WITHDRAW, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::LibraryWithdrawn).to(object(id)))?;
    Ok(())
}

/// Every document in its newest version, what came last first.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, _permit: &Permit<UsePortal>) -> Result<Vec<Volume>> {
    Ok(view.tx().rows(LIST, &bind! { most: MOST_LISTED })?)
}

/// The same for whoever keeps the library.
///
/// # Errors
/// A fault of the database.
pub fn kept(view: &View<'_>, right: &Right) -> Result<Vec<Volume>> {
    keeps(right)?;
    Ok(view.tx().rows(LIST, &bind! { most: MOST_LISTED })?)
}

/// All versions of a document, the newest first.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is not there.
pub fn versions(view: &View<'_>, _permit: &Permit<UsePortal>, id: &str) -> Result<Vec<Volume>> {
    let found: Vec<Volume> = view.tx().rows(VERSIONS, &bind! { id, most: MOST_LISTED })?;
    if found.is_empty() { Err(Refusal::NotFound.into()) } else { Ok(found) }
}

/// One version with its bytes. Who took it is in the ledger.
///
/// # Errors
/// As [`versions`]; a fault for bytes that were changed.
pub fn take(
    act: &Act<'_>,
    permit: &Permit<UsePortal>,
    (id, version): (&str, u32),
) -> Result<(Volume, Vec<u8>)> {
    let all = versions(act, permit, id)?;
    let volume = all.into_iter().find(|one| one.version == version).ok_or(Refusal::NotFound)?;
    let pieces: Vec<Vec<u8>> = act.tx().rows(PIECES, &bind! { id, version })?;
    let mut bytes = Vec::new();
    for (position, piece) in (0_u32..).zip(pieces) {
        let at = row_of(id, version, position);
        bytes.extend(act.open(act.house_key(), &place(&at), &piece)?.into_inner());
    }
    if bytes.len() as u64 != volume.size_bytes {
        return Err(house::Fault::Row { what: "library" }.into());
    }
    let details = json!({ "version": version });
    let read = Event::of_house(EventKind::LibraryRead).to(object(id)).taking(volume.size_bytes);
    act.note(read.with(details))?;
    Ok((volume, bytes))
}

fn keeps(right: &Right) -> Result<()> {
    if right.action() == Action::KeepPortal { Ok(()) } else { Err(Refusal::NotAllowed.into()) }
}

fn check(new: &NewVersion) -> Result<()> {
    let letters = |text: &str| text.trim().chars().count();
    let unfit = |what| Err(Refusal::Unfit { what }.into());
    // No database of ours keeps a zero in a text.
    if [&new.title, &new.summary, &new.file_name].iter().any(|text| text.contains('\0')) {
        return unfit("title, summary or file name");
    }
    if !(1..=MOST_TITLE_LETTERS).contains(&letters(&new.title)) {
        return unfit("title");
    }
    if letters(&new.summary) > MOST_SUMMARY_LETTERS {
        return unfit("summary");
    }
    if !(1..=MOST_TITLE_LETTERS).contains(&letters(&new.file_name)) {
        return unfit("file name");
    }
    if !(1..=MOST_BYTES).contains(&new.bytes.len()) {
        return unfit("file");
    }
    Ok(())
}

fn object(id: &str) -> String {
    format!("document-{id}")
}

fn row_of(id: &str, version: u32, position: u32) -> String {
    format!("{id}/{version}/{position}")
}

fn place(row: &str) -> Place<'_> {
    Place { table: "library_piece", row: row.as_bytes(), column: "sealed_bytes" }
}

impl FromRow for Volume {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            document: row.get("document_id")?,
            shelf: column::parsed(row, "shelf")?,
            version: row.get("version")?,
            title: row.get("title")?,
            summary: row.get("summary")?,
            file_name: row.get("file_name")?,
            media_type: row.get("media_type")?,
            size_bytes: row.get("size_bytes")?,
            sha256: row.get("sha256")?,
            added_at: column::moment(row, "added_at")?,
        })
    }
}
