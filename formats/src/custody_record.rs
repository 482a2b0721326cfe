//! The record of a package that left on something that is carried by hand: what was written, onto what, by whom
//! and for whom, and lines on which every later holder signs. Canonical JSON with a signature within; the pages carry
//! the JSON and are for ink.

use jiff::Timestamp;
use ledger::NoteSigner;
use print::{Attachment, Column, Cover, Document, Fit, Level, Table};
use serde_json::{Value, json};

use crate::receipt::page_moment;
use crate::signed;

/// First line of the signed text. Nothing else that the house signs begins so.
pub const FIRST_LINE: &str = "clearinghouse offline custody record v1";
/// Name of the JSON within the pages.
const ATTACHED: &str = "custody-record.json";
/// Lines for later holders.
const LINES: usize = 8;

/// A record that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The signer failed, or the contents have no canonical form.
    #[error("the custody record could not be signed")]
    Signing(#[from] ledger::Fault),
    /// A record is none.
    #[error("the custody record cannot be read")]
    Form,
    /// The pages could not be written.
    #[error("the pages of a custody record could not be written")]
    Pages(#[from] print::Fault),
}

/// Signs a record with these contents; answers its JSON.
///
/// # Errors
/// [`Fault::Signing`].
pub fn sign(contents: &Value, signer: &dyn NoteSigner) -> Result<String, Fault> {
    let mut whole = contents.clone();
    whole["record"] = json!(FIRST_LINE);
    let note = signed::note(&text(&whole)?, signer)?;
    whole["signature"] = json!(note.lines().next_back().unwrap_or_default());
    canonical(&whole)
}

/// The text that a record's signature is over: a first line, then the canonical JSON without the signature.
///
/// # Errors
/// [`Fault::Signing`] for contents without a canonical form.
pub fn text(record: &Value) -> Result<String, Fault> {
    let mut bare = record.clone();
    if let Some(members) = bare.as_object_mut() {
        members.remove("signature");
    }
    Ok(format!("{FIRST_LINE}\n{}\n", canonical(&bare)?))
}

fn canonical(value: &Value) -> Result<String, Fault> {
    String::from_utf8(ledger::canonical(value)?).map_err(|_| Fault::Form)
}

/// The same record as pages for people.
///
/// # Errors
/// [`Fault`] when it is no record or the pages cannot be written.
pub fn pdf(record: &str) -> Result<Vec<u8>, Fault> {
    let whole: Value = serde_json::from_str(record).map_err(|_| Fault::Form)?;
    let word = |name: &str| match &whole[name] {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    };
    let at: Timestamp = word("written_at").parse().map_err(|_| Fault::Form)?;
    let title = format!("Custody record of report {}, carried offline", word("report"));
    let mut pages = Document::new(cover(&title, at, &word("sha256")));
    pages.heading(Level::One, &title)?;
    pages.paragraph(
        "Keep this with the medium. Whoever hands it on signs, and whoever takes it compares the digest.",
    )?;
    for (label, name, fit) in [
        ("Report", "report", Fit::Wrap),
        ("For", "agency_name", Fit::Wrap),
        ("Basis", "basis", Fit::Wrap),
        ("Delivery", "delivery", Fit::Wrap),
        ("File on the medium", "file", Fit::OneLine),
        ("Size in bytes", "size", Fit::Wrap),
        ("SHA-256 of the file", "sha256", Fit::Code),
        ("Sealed to the agency", "sealed", Fit::Wrap),
        ("Medium", "medium", Fit::Wrap),
        ("Carried by", "carrier", Fit::Wrap),
        ("Written at", "written_at", Fit::Wrap),
        ("Written by", "written_by", Fit::Wrap),
    ] {
        pages.field(label, &word(name), fit)?;
    }
    pages.heading(Level::Two, "Hand-overs")?;
    pages.table(&hand_overs())?;
    pages.heading(Level::Two, "How to check it")?;
    pages.paragraph(&format!(
        "Compute SHA-256 of the file with any tool and compare it with the line above. The file {ATTACHED} within this \
         document is signed with the clearinghouse's key for packages; the ledger has the same digest."
    ))?;
    pages.field("Signature", &word("signature"), Fit::Code)?;
    pages.attach(Attachment {
        name: ATTACHED.to_owned(),
        media_type: "application/json",
        says: "The signed record for programs".to_owned(),
        bytes: record.as_bytes().to_vec(),
    });
    Ok(pages.finish()?)
}

fn cover(title: &str, at: Timestamp, sha256: &str) -> Cover {
    Cover {
        header: title.to_owned(),
        title: title.to_owned(),
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment: page_moment(at),
        id: format!("custody-record/{sha256}"),
        footer: format!("Written {at}"),
    }
}

/// Empty lines for ink.
fn hand_overs() -> Table {
    let column = |title: &str, share| Column { title: title.to_owned(), share, fit: Fit::Wrap };
    let row = |at: usize| {
        let blank = || "_".repeat(18);
        vec![at.to_string(), blank(), blank(), blank(), blank()]
    };
    Table {
        caption: "Each line: who gives, who takes, when, and whether the digest was compared".to_owned(),
        columns: vec![
            column("No.", 26),
            column("Given by", 120),
            column("Taken by", 120),
            column("Date and time", 120),
            column("Digest compared", 118),
        ],
        rows: (1..=LINES).map(row).collect(),
    }
}
