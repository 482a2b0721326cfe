//! An extract of the ledger for whoever checks it: leaves in the order of the tree, each with its event, its salt and its
//! proof. The signature says that the house took it out and for which question; what the leaves say they prove themselves.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::NoteSigner;
use serde_json::{Value, json};

use crate::csv;
use crate::package::canonical;
use crate::signed;

/// The name of this form.
const SCHEMA: &str = "urn:clearinghouse:schema:ledger-extract:1.0";
/// First line of the signed text. Nothing else that the house signs begins so.
const FIRST_LINE: &str = "clearinghouse ledger extract v1";
const SALT_BYTES: usize = 32;

/// One leaf of an extract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the tree.
    pub index: u64,
    /// The number of its kind, as the leaf has it.
    pub code: u16,
    /// Its kind in a word.
    pub kind: &'static str,
    /// When.
    pub at: Timestamp,
    /// Salt and event; `None` once the event was destroyed.
    pub salted: Option<Vec<u8>>,
    /// The proof of its leaf, with the leaf's own bytes.
    pub proof: String,
}

/// An extract that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// An event that was read is none.
    #[error("an event of the ledger cannot be read")]
    Event,
    /// The signer failed.
    #[error("the extract could not be signed")]
    Signing(#[from] ledger::Fault),
}

impl Entry {
    fn opened(&self) -> Result<Option<(String, Value)>, Fault> {
        let Some(salted) = &self.salted else { return Ok(None) };
        let (salt, event) = salted.split_at_checked(SALT_BYTES).ok_or(Fault::Event)?;
        let event = serde_json::from_slice(event).map_err(|_| Fault::Event)?;
        Ok(Some((seal::hex(salt), event)))
    }

    fn told(&self) -> Result<Value, Fault> {
        let (salt, event) = self.opened()?.unzip();
        Ok(json!({
            "at": moment(self.at), "code": self.code, "kind": self.kind, "index": self.index, "event": event,
            "salt": salt, "proof": self.proof,
        }))
    }
}

/// Signs an extract of these leaves; answers its canonical JSON. `asked` is the question that they answer.
///
/// # Errors
/// [`Fault`].
pub fn sign(
    entries: &[Entry],
    asked: &Value,
    made_at: Timestamp,
    signer: &dyn NoteSigner,
) -> Result<Vec<u8>, Fault> {
    let leaves = entries.iter().map(Entry::told).collect::<Result<Vec<_>, _>>()?;
    let mut whole = json!({ "schema": SCHEMA, "madeAt": moment(made_at), "asked": asked, "leaves": leaves });
    let text = format!("{FIRST_LINE}\nsha256 {}\n", seal::hex(&seal::sha256(&canonical(&whole))));
    whole["signature"] = signed::note(&text, signer)?.into();
    Ok(canonical(&whole))
}

/// The same leaves as a sheet.
#[must_use]
pub fn csv(entries: &[Entry]) -> Vec<u8> {
    csv::ledger(entries.iter().map(|entry| {
        let event = entry.opened().ok().flatten().map(|(_, event)| event).unwrap_or_default();
        (entry.index, moment(entry.at), entry.kind, event)
    }))
}

/// A moment to the microsecond, as the leaf has it.
fn moment(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
