//! The two doors of the language: bytes in, a domain value or a rejection out.

use domain::{FileStatement, Submission};
use jiff::Timestamp;

use super::document::{self, Document, Malformed};
use super::language::{Element, FILE_DETAILS, REPORT};
use super::outcome::{Complaint, Read, Rejection};
use super::profile::{Limits, Profile};
use super::validate::{Findings, validate};
use super::{build, encoding, rules};

/// Reads a `report` document. `charset` is the parameter of the Content-Type header, `now` the house's clock.
///
/// # Errors
/// A [`Rejection`] in the words of the API: malformed (4110) or invalid (4100).
pub fn read_report(
    bytes: &[u8],
    charset: Option<&str>,
    profile: Profile,
    now: Timestamp,
) -> Result<Read<Submission>, Rejection> {
    with_document(bytes, charset, |document| {
        let findings = examine(document, &REPORT, profile, |findings| {
            rules::report(document, profile, now, findings);
        })?;
        Ok(Read { value: build::submission(document, &findings.strays), warnings: findings.warnings })
    })
}

/// Reads a `fileDetails` document. `charset` is the parameter of the Content-Type header. No rule about a file looks at
/// the clock; `now` is there so that both doors open alike.
///
/// # Errors
/// A [`Rejection`] in the words of the API: malformed (4110), invalid (4100), or an id that nothing of ours can have.
pub fn read_file_details(
    bytes: &[u8],
    charset: Option<&str>,
    profile: Profile,
    _now: Timestamp,
) -> Result<Read<FileStatement>, Rejection> {
    with_document(bytes, charset, |document| {
        let findings =
            examine(document, &FILE_DETAILS, profile, |findings| rules::file_details(document, findings))?;
        let ids = rules::ids(document)?;
        Ok(Read { value: build::statement(document, ids, &findings.strays), warnings: findings.warnings })
    })
}

/// Decodes and parses; the document lives only while `make` looks at it.
fn with_document<T>(
    bytes: &[u8],
    charset: Option<&str>,
    make: impl FnOnce(&Document) -> Result<T, Rejection>,
) -> Result<T, Rejection> {
    let limits = Limits::STANDARD;
    if bytes.len() > limits.xml_bytes {
        let says = format!("The document is larger than {} bytes.", limits.xml_bytes);
        return Err(malformed_at((1, 1), says, None));
    }
    let source = encoding::decode(bytes, charset).map_err(|error| {
        let readable = String::from_utf8_lossy(&bytes[..error.offset]);
        malformed_at(document::position(&readable, readable.len()), error.says, None)
    })?;
    let document = document::parse(&source, &limits).map_err(|error| {
        let Malformed { offset, says, help } = error;
        malformed_at(document::position(&source, offset), says, help)
    })?;
    make(&document)
}

fn malformed_at((line, column): (u32, u32), text: String, help: Option<&'static str>) -> Rejection {
    Rejection::Malformed(Complaint { line, column, text, help: help.map(str::to_owned) })
}

/// Structure first; the documented rules only when the structure is right.
fn examine(
    document: &Document,
    root: &'static Element,
    profile: Profile,
    rules: impl FnOnce(&mut Findings),
) -> Result<Findings, Rejection> {
    let mut findings = validate(document, root, profile);
    if findings.complaints.is_empty() {
        rules(&mut findings);
    }
    if findings.complaints.is_empty() { Ok(findings) } else { Err(Rejection::Invalid(findings.complaints)) }
}
