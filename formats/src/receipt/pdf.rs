//! The receipt as pages for people, with the JSON within.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use print::{Attachment, Column, Cover, Document, Fit, Level, Moment, Table};

use super::{DUTY, Fault, Receipt, SignedReceipt, moment};

/// Name of the JSON within.
const ATTACHED: &str = "receipt.json";

pub(super) fn write(signed: &SignedReceipt) -> Result<Vec<u8>, Fault> {
    let receipt = &signed.receipt;
    let mut pages = Document::new(cover(receipt));
    pages.heading(Level::One, &format!("Receipt for report {}", receipt.report))?;
    pages.paragraph("This report is complete. Nothing in it can be changed any more.")?;
    summary(&mut pages, receipt)?;
    pages.heading(Level::Two, "What you must preserve")?;
    pages.field("Preserve until", &readable(receipt.preserve_until), Fit::Wrap)?;
    pages.paragraph(DUTY)?;
    pages.heading(Level::Two, "What was received")?;
    tables(&mut pages, receipt)?;
    proof(&mut pages, signed)?;
    pages.attach(Attachment {
        name: ATTACHED.to_owned(),
        media_type: "application/json",
        says: "The signed receipt for programs".to_owned(),
        bytes: signed.to_json(),
    });
    Ok(pages.finish()?)
}

/// What was received, with its digests.
pub(crate) fn tables(pages: &mut Document, receipt: &Receipt) -> Result<(), Fault> {
    pages.table(&documents(receipt))?;
    match receipt.files.is_empty() {
        true => pages.paragraph("There were no files.")?,
        false => pages.table(&files(receipt))?,
    }
    Ok(())
}

/// A moment as the facts of a document have it.
#[must_use]
pub fn page_moment(at: Timestamp) -> Moment {
    let at = at.to_zoned_datetime(TimeZone::UTC);
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    Moment {
        year: u16::try_from(at.year()).unwrap_or_default(),
        month: small(at.month()),
        day: small(at.day()),
        hour: small(at.hour()),
        minute: small(at.minute()),
        second: small(at.second()),
    }
}

fn cover(receipt: &Receipt) -> Cover {
    Cover {
        title: format!("Receipt for report {}", receipt.report),
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment: page_moment(receipt.completed_at),
        id: format!("receipt/{}/{}", receipt.report, seal::hex(&receipt.submission_sha256)),
        header: format!("Receipt for report {}", receipt.report),
        footer: format!("Completed {}", readable(receipt.completed_at)),
    }
}

fn summary(pages: &mut Document, receipt: &Receipt) -> Result<(), Fault> {
    pages.field("Report", &receipt.report.to_string(), Fit::Wrap)?;
    pages.field("Sent by", &receipt.provider_name, Fit::Wrap)?;
    pages.field("Completed", &moment(receipt.completed_at), Fit::Wrap)?;
    pages.field("Documents", &receipt.documents.len().to_string(), Fit::Wrap)?;
    pages.field("Files", &receipt.files.len().to_string(), Fit::Wrap)?;
    pages.field("SHA-256 of the submission", &seal::hex(&receipt.submission_sha256), Fit::Code)?;
    Ok(())
}

fn proof(pages: &mut Document, signed: &SignedReceipt) -> Result<(), Fault> {
    pages.heading(Level::Two, "How to check it")?;
    pages.paragraph(&format!(
        "This page is for people. The signed receipt is the file {ATTACHED} within this document; it can also be \
         fetched at /provider/v1/reports/{}/receipt.json. The program clearinghouse-verify checks it offline, with the \
         verifier keys that the clearinghouse publishes: the signature, the list of what was received, and that the \
         completion stands in the ledger.",
        signed.receipt.report
    ))?;
    for line in signed.note.lines().filter(|line| line.starts_with('\u{2014}')) {
        pages.field("Signature", line, Fit::Code)?;
    }
    Ok(())
}

fn documents(receipt: &Receipt) -> Table {
    let row = |one: &super::ReceiptDocument| {
        let what =
            one.file.as_ref().map_or("The report".to_owned(), |file| format!("Details of file {file}"));
        vec![one.position.to_string(), what, one.size_bytes.to_string(), seal::hex(&one.sha256)]
    };
    Table {
        caption: "Documents".to_owned(),
        columns: columns("What"),
        rows: receipt.documents.iter().map(row).collect(),
    }
}

fn files(receipt: &Receipt) -> Table {
    let row = |one: &super::ReceiptFile| {
        vec![
            one.position.to_string(),
            one.file.to_string(),
            one.size_bytes.to_string(),
            seal::hex(&one.sha256),
        ]
    };
    Table {
        caption: "Files".to_owned(),
        columns: columns("File"),
        rows: receipt.files.iter().map(row).collect(),
    }
}

/// In points: an id and a digest each fit on one line.
fn columns(what: &str) -> Vec<Column> {
    let column = |title: &str, share, fit| Column { title: title.to_owned(), share, fit };
    vec![
        column("No.", 30, Fit::Wrap),
        column(what, 141, Fit::Code),
        column("Bytes", 57, Fit::Wrap),
        column("SHA-256", 276, Fit::Code),
    ]
}

/// To the second, as a person reads it.
fn readable(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%-d %B %Y, %H:%M:%S UTC").to_string()
}
