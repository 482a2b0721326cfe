//! Dated reference tables: what was looked up in, and as of when. Their bytes are public and lie unsealed under their
//! digest, which is checked whenever they are read.

use database::{FromRow, Row, bind};
use jiff::Timestamp;
use serde_json::json;

use crate::{Act, Event, EventKind, House, Refusal, Result, View, column};

/// Tables that are listed.
const MOST: u32 = 1_000;

const INSERT: &str = "-- dataset::insert
    INSERT INTO dataset (sha256, kind, name, as_of, source, licence, attribution, format, size_bytes, added_at)
    VALUES (:sha256, :kind, :name, :as_of, :source, :licence, :attribution, :format, :size_bytes, :added_at)
    ON CONFLICT (kind, sha256) DO NOTHING";

const LIST: &str = "-- dataset::list
    SELECT sha256, kind, name, as_of, source, licence, attribution, format, size_bytes, added_at FROM dataset
    ORDER BY kind, as_of DESC, added_at DESC LIMIT :most";

/// A dated table that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDataset {
    /// What it answers, such as `ip-city`.
    pub kind: String,
    /// Its name, for people.
    pub name: String,
    /// The date it speaks of, `YYYY-MM-DD`.
    pub as_of: String,
    /// Digest of its bytes, as [`keep`] answered it.
    pub sha256: [u8; 32],
    /// Where it came from.
    pub source: String,
    /// Under which licence.
    pub licence: String,
    /// The words that its licence wants shown; may be empty.
    pub attribution: String,
    /// How its bytes are read, such as `mmdb`.
    pub format: String,
    /// Length of its bytes.
    pub size_bytes: u64,
}

/// A dated table of the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// What was recorded.
    pub what: NewDataset,
    /// When it was added.
    pub added_at: Timestamp,
}

impl FromRow for Dataset {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let what = NewDataset {
            kind: row.get("kind")?,
            name: row.get("name")?,
            as_of: row.get("as_of")?,
            sha256: row.get("sha256")?,
            source: row.get("source")?,
            licence: row.get("licence")?,
            attribution: row.get("attribution")?,
            format: row.get("format")?,
            size_bytes: row.get("size_bytes")?,
        };
        Ok(Self { what, added_at: column::moment(row, "added_at")? })
    }
}

/// Adds a table whose bytes are already kept, and notes it. The same bytes of the same kind are added once.
///
/// # Errors
/// [`Refusal::Conflict`] when it is there already.
pub fn add(act: &Act<'_>, new: &NewDataset) -> Result<()> {
    let NewDataset { kind, name, as_of, sha256, source, licence, attribution, format, size_bytes } = new;
    let added_at = act.now().as_microsecond();
    let row = bind! { kind, name, as_of, sha256, source, licence, attribution, format, size_bytes: *size_bytes, added_at };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let told = json!({ "kind": kind, "as_of": as_of, "sha256": seal::hex(sha256) });
    act.note(Event::of_house(EventKind::DatasetAdded).to(name.as_str()).bringing(*size_bytes).with(told))?;
    Ok(())
}

/// All tables, by kind, the newest of each first.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>) -> Result<Vec<Dataset>> {
    Ok(view.tx().rows(LIST, &bind! { most: MOST })?)
}

/// Keeps the bytes of a table in the house's vault, and answers their SHA-256.
///
/// # Errors
/// A fault of the vault.
pub async fn keep(house: &House, bytes: Vec<u8>) -> Result<[u8; 32]> {
    let sha256 = seal::sha256(&bytes);
    house.vault().keep_public(&seal::hex(&sha256), bytes).await?;
    Ok(sha256)
}

/// The bytes of a table.
///
/// # Errors
/// [`Refusal::NotFound`] when they are not kept; a fault when they are not what they were.
pub async fn bytes(house: &House, sha256: &[u8; 32]) -> Result<Vec<u8>> {
    let bytes = house.vault().public(&seal::hex(sha256)).await?.ok_or(Refusal::NotFound)?;
    if seal::sha256(&bytes) != *sha256 {
        return Err(seal::Fault::NotAuthentic { what: "dataset" }.into());
    }
    Ok(bytes)
}
