//! The receipt of a finished report (R-15), for its sender: as JSON, as XML and as PDF, all from the same facts.
//!
//! The JSON is canonical (RFC 8785) and signed; whoever has the verifier keys can check it offline with any tool that
//! reads signed notes and tlog proofs. The XML says the same in the same order, so that the JSON can be made from it
//! again. The PDF is for people and carries the JSON within. Same report, same bytes, always: nothing in a receipt
//! depends on when it is asked for, or on the software that made it.

pub(crate) use json::{document, file};
pub use pdf::page_moment;
pub(crate) use pdf::tables;

mod json;
mod pdf;
mod xml;

use domain::{FileId, ProviderId, ReportId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::NoteSigner;
use serde_json::Value;

use crate::signed;

/// The published schema of the JSON.
pub const SCHEMA: &str = include_str!("../schemas/receipt-1.0.schema.json");
/// First line of the signed text. Nothing else that the house signs begins so.
const FIRST_LINE: &str = "clearinghouse receipt v1";

/// What the sender must do (R-46 to R-48), in the words of every receipt of version 1.
const DUTY: &str = "Completing this report counts as a request to preserve its contents for one year (18 U.S.C. \
    2258A(h)(1)). Preserve what you submitted until the moment named here. You may keep it longer only to reduce or \
    prevent the online sexual exploitation of children (2258A(h)(5)). Keep it in line with the current NIST \
    Cybersecurity Framework (2258A(h)(6)).";

/// Everything that a receipt says. Equal contents make equal receipts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The report.
    pub report: ReportId,
    /// Who sent it.
    pub provider: ProviderId,
    /// The sender's name.
    pub provider_name: String,
    /// When it was finished: the moment of the leaf.
    pub completed_at: Timestamp,
    /// Until when the sender must preserve it (R-46).
    pub preserve_until: Timestamp,
    /// Digest over the list of everything submitted.
    pub submission_sha256: [u8; 32],
    /// The documents, in order.
    pub documents: Vec<ReceiptDocument>,
    /// The files, in order.
    pub files: Vec<ReceiptFile>,
    /// What the leaf of the finish commits to: 32 bytes of salt, and the event in its canonical form.
    pub salted_event: Vec<u8>,
    /// The ledger's proof of that leaf, with the leaf's own bytes.
    pub proof: String,
}

/// A document that was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptDocument {
    /// 1 for the document that opened the report, and so on.
    pub position: u32,
    /// The file that it speaks of; `None` for the report itself.
    pub file: Option<FileId>,
    /// Length in bytes.
    pub size_bytes: u64,
    /// SHA-256 of its exact bytes.
    pub sha256: [u8; 32],
}

/// A file that was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFile {
    /// 1 for the first file, and so on.
    pub position: u32,
    /// Its id.
    pub file: FileId,
    /// Length in bytes.
    pub size_bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// A receipt that cannot be made. All of it is ours to mend.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The signer failed.
    #[error("the receipt could not be signed")]
    Signing(#[source] ledger::Fault),
    /// The event or the proof is not what the ledger writes.
    #[error("the ledger's part of a receipt cannot be read")]
    Ledger,
    /// The pages could not be written.
    #[error("the pages of a receipt could not be written")]
    Pages(#[from] print::Fault),
}

/// A receipt with its signature, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReceipt {
    receipt: Receipt,
    ledger: LedgerPart,
    note: String,
}

/// The ledger's part in the spelling of the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LedgerPart {
    salt: String,
    event: Value,
}

impl Receipt {
    /// Settles the receipt and signs it.
    ///
    /// # Errors
    /// [`Fault`] when the event cannot be read or the signer fails.
    pub fn sign(mut self, signer: &dyn NoteSigner) -> Result<SignedReceipt, Fault> {
        const SALT_BYTES: usize = 32;
        self.provider_name = crate::package::words::on_one_line(&self.provider_name);
        let (salt, event) = self.salted_event.split_at_checked(SALT_BYTES).ok_or(Fault::Ledger)?;
        let event = serde_json::from_slice(event).map_err(|_| Fault::Ledger)?;
        let ledger = LedgerPart { salt: seal::hex(salt), event };
        let body = json::body(&self, &ledger);
        let text = text(self.report, &body);
        let note = signed::note(&text, signer).map_err(Fault::Signing)?;
        Ok(SignedReceipt { receipt: self, ledger, note })
    }
}

impl SignedReceipt {
    /// What it says.
    #[must_use]
    pub const fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// The canonical JSON, with the signature as its last member but for sorting.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        json::write(self)
    }

    /// The same as XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        xml::write(self)
    }

    /// Pages for people, with the JSON within.
    ///
    /// # Errors
    /// [`Fault::Pages`].
    pub fn to_pdf(&self) -> Result<Vec<u8>, Fault> {
        pdf::write(self)
    }

    /// The name under which it is saved, without its ending.
    #[must_use]
    pub fn name(&self) -> String {
        format!("receipt-{}", self.receipt.report)
    }
}

/// The text that is signed:
///
/// ```text
/// clearinghouse receipt v1
/// report <number>
/// sha256 <hex digest of the JSON without its signature>
/// ```
fn text(report: ReportId, body: &[u8]) -> String {
    format!("{FIRST_LINE}\nreport {report}\nsha256 {}\n", seal::hex(&seal::sha256(body)))
}

/// A moment to the microsecond: the leaf has no other, and there is one spelling.
fn moment(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

#[cfg(test)]
mod tests;
