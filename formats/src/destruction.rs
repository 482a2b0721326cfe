//! The certificate of a destruction: what was destroyed, by which method, when, who agreed, and what was tried in
//! vain afterwards. Canonical JSON with a signature within; the PDF is for people and carries the JSON.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::NoteSigner;
use print::{Attachment, Column, Cover, Document, Fit, Level, Moment, Table};
use serde_json::{Value, json};

use crate::signed;

/// First line of the signed text. Nothing else that the house signs begins so.
pub const FIRST_LINE: &str = "clearinghouse certificate of destruction v1";
/// Name of the JSON within the PDF.
const ATTACHED: &str = "certificate.json";

/// How it was done, in the words of every certificate of version 1.
const METHOD: &str = "Cryptographic erase. Each file was sealed under a key of its own (AES-256-GCM). That key and the \
    keys of everything made from the file were removed from the live store. Then every other key was wrapped anew under \
    the next epoch key, and the old epoch key was destroyed in custody, where it had been held and from where it was \
    never copied. Sealed bytes and wrapped keys that lie in older backups cannot be opened by anybody any more. Hashes, \
    the text of the report and the record of custody remain.";

/// A certificate that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The signer failed, or the contents have no canonical form.
    #[error("the certificate could not be signed")]
    Signing(#[from] ledger::Fault),
    /// A stored certificate is none.
    #[error("the certificate cannot be read")]
    Form,
    /// The pages could not be written.
    #[error("the pages of a certificate could not be written")]
    Pages(#[from] print::Fault),
}

/// Signs a certificate with these contents; answers its JSON.
///
/// # Errors
/// [`Fault::Signing`].
pub fn sign(contents: &Value, signer: &dyn NoteSigner) -> Result<String, Fault> {
    let mut whole = contents.clone();
    whole["certificate"] = json!(FIRST_LINE);
    whole["method"] = json!(METHOD);
    let note = signed::note(&text(&whole)?, signer)?;
    whole["signature"] = json!(note.lines().next_back().unwrap_or_default());
    canonical(&whole)
}

/// The text that a certificate's signature is over: a first line, then the canonical JSON without the signature.
///
/// # Errors
/// [`Fault::Signing`] for contents without a canonical form.
pub fn text(certificate: &Value) -> Result<String, Fault> {
    let mut bare = certificate.clone();
    if let Some(members) = bare.as_object_mut() {
        members.remove("signature");
    }
    Ok(format!("{FIRST_LINE}\n{}\n", canonical(&bare)?))
}

fn canonical(value: &Value) -> Result<String, Fault> {
    String::from_utf8(ledger::canonical(value)?).map_err(|_| Fault::Form)
}

/// The same certificate as pages for people, with the JSON within.
///
/// # Errors
/// [`Fault`] when it is no certificate or the pages cannot be written.
pub fn pdf(certificate: &str) -> Result<Vec<u8>, Fault> {
    let whole: Value = serde_json::from_str(certificate).map_err(|_| Fault::Form)?;
    let word = |name: &str| whole[name].as_str().unwrap_or("none").to_owned();
    let at: Timestamp = word("certified_at").parse().map_err(|_| Fault::Form)?;
    let title = format!("Certificate of destruction {}", word("destruction"));
    let mut pages = Document::new(cover(&title, at));
    pages.heading(Level::One, &title)?;
    pages.field("Ground", &word("basis"), Fit::Wrap)?;
    pages.field(
        "Asked by",
        &whole["agency"].as_str().map_or_else(|| "the clearinghouse".to_owned(), str::to_owned),
        Fit::Wrap,
    )?;
    for (label, name) in [
        ("Asked", "asked_at"),
        ("Agreed", "accepted_at"),
        ("Due", "due_at"),
        ("Keys dropped", "dropped_at"),
        ("Backups dead", "dead_at"),
        ("Proved", "proved_at"),
        ("Certified", "certified_at"),
    ] {
        pages.field(label, &word(name), Fit::Wrap)?;
    }
    let people: Vec<&str> =
        whole["approvers"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    pages.field("Agreed by", &people.join(", "), Fit::Wrap)?;
    pages.heading(Level::Two, "Method")?;
    pages.paragraph(&word("method"))?;
    pages.heading(Level::Two, "What was tried")?;
    for (name, says) in whole["proof"].as_object().into_iter().flatten() {
        pages.field(&name.replace('_', " "), &says.to_string(), Fit::Wrap)?;
    }
    pages.heading(Level::Two, "What was destroyed")?;
    if let Some(reports) = whole["reports"].as_array() {
        let numbers: Vec<String> = reports.iter().map(|one| one["report"].to_string()).collect();
        pages.field("Whole reports", &numbers.join(", "), Fit::Wrap)?;
    }
    if let Some(months) = whole["words"].as_array() {
        let months: Vec<&str> = months.iter().filter_map(|one| one["month"].as_str()).collect();
        pages.field("Words about the house's own acts, of", &months.join(", "), Fit::Wrap)?;
    }
    pages.table(&files(&whole))?;
    if whole["vendors"].is_array() {
        pages.heading(Level::Two, "What vendors destroyed")?;
        pages.table(&vendors(&whole))?;
    }
    pages.field("Signature", &word("signature"), Fit::Code)?;
    pages.attach(Attachment {
        name: ATTACHED.to_owned(),
        media_type: "application/json",
        says: "The signed certificate for programs".to_owned(),
        bytes: certificate.as_bytes().to_vec(),
    });
    Ok(pages.finish()?)
}

fn column(title: &str, share: u16, fit: Fit) -> Column {
    Column { title: title.to_owned(), share, fit }
}

/// The values of these names, as text.
fn cells<const N: usize>(row: &Value, names: [&str; N]) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    names.map(|name| text(&row[name])).to_vec()
}

fn vendors(whole: &Value) -> Table {
    let row = |one: &Value| {
        cells(
            one,
            ["vendor", "files", "reports", "asked_at", "confirmed_at", "confirmed_by", "document_sha256"],
        )
    };
    Table {
        caption: "Vendors that held a copy, and the document that shows that it is gone".to_owned(),
        columns: vec![
            column("Vendor", 60, Fit::Wrap),
            column("Files", 34, Fit::Wrap),
            column("Reports", 44, Fit::Wrap),
            column("Asked", 80, Fit::Wrap),
            column("Confirmed", 80, Fit::Wrap),
            column("Recorded by", 70, Fit::Wrap),
            column("SHA-256", 136, Fit::Code),
        ],
        rows: whole["vendors"].as_array().into_iter().flatten().map(row).collect(),
    }
}

fn files(whole: &Value) -> Table {
    let row = |file: &Value| cells(file, ["report", "file", "origin", "keys", "sha256"]);
    Table {
        caption: "Files".to_owned(),
        columns: vec![
            column("Report", 55, Fit::Wrap),
            column("File", 100, Fit::Code),
            column("As", 45, Fit::Wrap),
            column("Keys", 34, Fit::Wrap),
            column("SHA-256", 270, Fit::Code),
        ],
        rows: whole["files"].as_array().into_iter().flatten().map(row).collect(),
    }
}

fn cover(title: &str, at: Timestamp) -> Cover {
    let at = at.to_zoned_datetime(TimeZone::UTC);
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let moment = Moment {
        year: u16::try_from(at.year()).unwrap_or_default(),
        month: small(at.month()),
        day: small(at.day()),
        hour: small(at.hour()),
        minute: small(at.minute()),
        second: small(at.second()),
    };
    Cover {
        title: title.to_owned(),
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment,
        id: title.to_lowercase().replace(' ', "-"),
        header: title.to_owned(),
        footer: "Signed by the clearinghouse; check it with its verifier keys".to_owned(),
    }
}
