//! An extract: what was found, taken out so that somebody else can check it. As JSON each event stands with its salt and its
//! proof in the ledger, and `clearinghouse-verify` needs nothing else; as a sheet it is for reading.

use formats::ledger_extract::{self, Entry};
use policy::Viewer;
use serde_json::Value;
use store::{House, View};

use crate::search::{Question, Seen, asked, look, note};
use crate::{Trouble, may};

/// Leaves of one extract; whoever needs more narrows the question, or goes on behind the last one.
pub const MOST_EXTRACTED: usize = 1_000;

/// Why there is no extract.
#[derive(Debug, thiserror::Error)]
pub enum NoExtract {
    /// The viewer may not have it, or the house failed.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// It could not be made as promised.
    #[error(transparent)]
    Broken(#[from] ledger_extract::Fault),
}

impl From<store::Error> for NoExtract {
    fn from(error: store::Error) -> Self {
        Self::Trouble(error.into())
    }
}

/// An extract, oldest leaf first.
#[derive(Debug, Clone)]
pub struct Extract {
    entries: Vec<Entry>,
    /// Signed, canonical JSON: for the checker.
    pub json: Vec<u8>,
}

/// In which form an extract leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Signed JSON, for the checker.
    Json,
    /// A sheet, for people.
    Sheet,
}

impl Extract {
    /// A sheet of the same leaves: for people.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        ledger_extract::csv(&self.entries)
    }
}

/// Takes out what the question finds, up to the bound. That it was taken is in the ledger before it is handed out, with its
/// bytes in the form in which it leaves.
///
/// # Errors
/// [`NoExtract`].
pub async fn extract(
    house: &House,
    viewer: &Viewer,
    question: &Question,
    form: Form,
) -> Result<Extract, NoExtract> {
    may(viewer)?;
    let mut page = look(house, question, MOST_EXTRACTED).await?;
    page.seen.reverse();
    let own = house.clone();
    let seen = page.seen;
    let entries = house.read("audit::extract", move |view| {
        seen.iter().map(|one| proved(&own, view, one)).collect::<store::Result<Vec<Entry>>>()
    });
    let mut entries = entries.await?;
    // The order of the tree, which is not to the letter that of the moments.
    entries.sort_by_key(|entry| entry.index);
    let told = told(question, page.further.is_none());
    let json = ledger_extract::sign(&entries, &told, house.now(), house.packager())?;
    let extract = Extract { entries, json };
    let bytes = match form {
        Form::Json => extract.json.len(),
        Form::Sheet => extract.csv().len(),
    };
    note(house, viewer, question, ("extract", Some(bytes as u64))).await?;
    Ok(extract)
}

fn told(question: &Question, is_all: bool) -> Value {
    let mut told = asked(question);
    told["complete"] = is_all.into();
    told
}

fn proved(house: &House, view: &View<'_>, seen: &Seen) -> store::Result<Entry> {
    let book = house.book();
    let proof = formats::package::ledger_proof(&book.prove(view, seen.leaf)?, &book.entry(view, seen.leaf)?);
    Ok(Entry {
        index: seen.index,
        code: seen.kind.code(),
        kind: seen.kind.as_str(),
        at: seen.at,
        salted: seen.salted.clone(),
        proof: proof.map_err(|_| store::Fault::Row { what: "proof" })?,
    })
}
