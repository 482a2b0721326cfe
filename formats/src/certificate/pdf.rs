//! The certificate as pages, with a place for the signature and the JSON within.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use print::{Attachment, Column, Cover, Document, Fit, Level, Table};

use super::{Certificate, SignedCertificate, moment, words};
use crate::receipt::{self, Fault};

/// Name of the JSON within.
const ATTACHED: &str = "certificate.json";
const BLANK: &str = "________________________________________";

pub(super) fn write(signed: &SignedCertificate) -> Result<Vec<u8>, Fault> {
    let certificate = &signed.certificate;
    let mut pages = Document::new(cover(certificate));
    pages.heading(Level::One, &format!("Certificate of records: report {}", certificate.receipt.report))?;
    pages.paragraph("Fed. R. Evid. 902(11), 902(13) and 902(14)")?;
    summary(&mut pages, certificate)?;
    pages.heading(Level::Two, "The system")?;
    pages.paragraph(words::SYSTEM)?;
    pages.heading(Level::Two, "The process")?;
    pages.paragraph(words::PROCESS)?;
    pages.heading(Level::Two, "What was received")?;
    receipt::tables(&mut pages, &certificate.receipt)?;
    pages.heading(Level::Two, "What happened to it")?;
    pages.table(&custody(certificate))?;
    pages.heading(Level::Two, "What this certificate does not say")?;
    pages.paragraph(words::LIMITS)?;
    declaration(&mut pages, certificate)?;
    checking(&mut pages, signed)?;
    pages.attach(Attachment {
        name: ATTACHED.to_owned(),
        media_type: "application/json",
        says: "The certificate for programs, with every proof".to_owned(),
        bytes: signed.to_json(),
    });
    Ok(pages.finish()?)
}

fn cover(certificate: &Certificate) -> Cover {
    let report = certificate.receipt.report;
    let title = format!("Certificate of records: report {report}");
    Cover {
        header: title.clone(),
        title,
        language: "en-US".to_owned(),
        producer: "clearinghouse".to_owned(),
        moment: receipt::page_moment(certificate.issued_at),
        id: format!("certificate/{report}/{}", moment(certificate.issued_at)),
        footer: format!("Made {}", readable(certificate.issued_at)),
    }
}

fn summary(pages: &mut Document, certificate: &Certificate) -> Result<(), Fault> {
    let Certificate { receipt, delivery, build, .. } = certificate;
    let digest = build.sha256.map_or_else(|| "could not be read".to_owned(), |digest| seal::hex(&digest));
    pages.field("Report", &receipt.report.to_string(), Fit::Wrap)?;
    pages.field("Sent by", &receipt.provider_name, Fit::Wrap)?;
    pages.field("Completed", &moment(receipt.completed_at), Fit::Wrap)?;
    pages.field("Made available to", &delivery.agency_name, Fit::Wrap)?;
    pages.field("Basis", delivery.basis.as_str(), Fit::Wrap)?;
    pages.field("SHA-256 of the submission", &seal::hex(&receipt.submission_sha256), Fit::Code)?;
    pages.field("Software", &format!("clearinghouse {}", build.version), Fit::Wrap)?;
    pages.field("SHA-256 of its executable file", &digest, Fit::Code)?;
    Ok(())
}

/// Every event, by its leaf.
fn custody(certificate: &Certificate) -> Table {
    let column = |title: &str, share, fit| Column { title: title.to_owned(), share, fit };
    let row = |(at, one): (usize, &super::Event)| {
        let says = one.salted.as_ref().and_then(|salted| actor(salted));
        let says = says.unwrap_or_else(|| "another agency, not shown".to_owned());
        vec![(at + 1).to_string(), moment(one.at), one.kind.to_owned(), says]
    };
    Table {
        caption: "Chain of custody".to_owned(),
        columns: vec![
            column("No.", 30, Fit::Wrap),
            column("When (UTC)", 150, Fit::Code),
            column("What", 130, Fit::Wrap),
            column("Who", 194, Fit::Code),
        ],
        rows: certificate.custody.iter().enumerate().map(row).collect(),
    }
}

/// Who acted, as the ledger writes it: a kind and ids.
fn actor(salted: &[u8]) -> Option<String> {
    let event: serde_json::Value = serde_json::from_slice(salted.get(super::SALT_BYTES..)?).ok()?;
    Some(event.get("actor")?.as_str()?.to_owned())
}

fn declaration(pages: &mut Document, certificate: &Certificate) -> Result<(), Fault> {
    pages.heading(Level::Two, "Declaration")?;
    pages.paragraph(words::DECLARATION)?;
    pages.field("Name", &certificate.signer.name, Fit::Wrap)?;
    pages.field("Role", &certificate.signer.role, Fit::Wrap)?;
    pages.field("Executed on (date)", BLANK, Fit::Wrap)?;
    pages.field("Signature", BLANK, Fit::Wrap)?;
    Ok(())
}

fn checking(pages: &mut Document, signed: &SignedCertificate) -> Result<(), Fault> {
    pages.heading(Level::Two, "How to check it")?;
    pages.paragraph(&format!(
        "The file {ATTACHED} within this document has everything that is printed here, and for each event the proof that \
         it stands in the ledger. The program clearinghouse-verify, which shares no code with the system, checks it \
         offline with the verifier keys that the clearinghouse publishes, and comes to the same result every time. The \
         digest of any copy of a file can be computed with any tool and compared with the list above."
    ))?;
    for line in signed.note.lines().filter(|line| line.starts_with('\u{2014}')) {
        pages.field("Electronic signature of the system", line, Fit::Code)?;
    }
    Ok(())
}

fn readable(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%-d %B %Y, %H:%M:%S UTC").to_string()
}
