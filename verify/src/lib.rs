//! Checks what a clearinghouse hands out, offline, for people who need not trust it: receipts, packages, certificates,
//! proofs and checkpoints of its log. It shares no line with the rest of this repository: every format is read here a
//! second time, from its description in `docs/`. All that it believes are the verifier keys that it is given, and the
//! witnesses of a policy. It also makes an agency's key pair and opens what was sealed to it.
//!
//! It is strict: a byte that nothing vouches for is an error, not a detail. Deliberately absent: the network.

mod archive;
mod base64;
mod calendar;
mod certificate;
mod chunked;
mod destruction;
mod digest;
mod extract;
mod findings;
mod hpke;
mod inflate;
mod json;
mod keys;
mod leaf;
mod log;
mod note;
mod package;
mod policy;
mod proof;
mod receipt;
mod sealed;
mod secret;
#[cfg(test)]
mod testing;
mod tree;
mod xml;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

pub use certificate::certificate;
pub use destruction::destruction;
pub use extract::extract;
pub use findings::{Check, Findings};
pub use keys::{Key, KeyFault, Keys};
pub use log::{checkpoint, growth, proof};
pub use package::{package, unpack};
pub use policy::PolicyFault;
pub use receipt::receipt;
pub use sealed::{open, sealed};
pub use secret::{Curve, MOST_KEY_BYTES, Secret};

/// The longest document that is read: a receipt with 100,000 files is shorter.
pub const MOST_DOCUMENT_BYTES: u64 = 64 << 20;
/// Bytes that tell what a file is.
const HEAD_BYTES: u64 = 64;

/// What a file says it is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A receipt, as JSON or XML, or a certificate or an extract of the ledger, as JSON.
    Document,
    /// Pages, for people, with the JSON inside.
    Pages,
    /// A package.
    Package,
    /// A package that is sealed to an agency.
    Sealed,
    /// A proof that one leaf is in a log.
    Proof,
    /// A proof that a log only grew.
    Growth,
    /// A checkpoint of a log.
    Checkpoint,
}

/// What cannot be looked at in the first place.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is none of our forms.
    #[error("this is none of the files that can be checked here (see --help)")]
    Unknown,
    /// It is far longer than a document can be.
    #[error("this is too long for a document")]
    TooLong,
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Tells what a file is, and stands at its beginning again.
///
/// # Errors
/// [`Unreadable::Unknown`] and [`Unreadable::Io`].
pub fn kind(file: &mut (impl Read + Seek)) -> Result<Kind, Unreadable> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    let starts = |text: &str| head.starts_with(text.as_bytes());
    match head.as_slice() {
        [b'P', b'K', ..] => Ok(Kind::Package),
        [b'{', ..] | [b'<', ..] => Ok(Kind::Document),
        _ if starts("%PDF-") => Ok(Kind::Pages),
        _ if starts(sealed::FIRST_LINE) => Ok(Kind::Sealed),
        _ if starts(proof::FIRST_LINE) => Ok(Kind::Proof),
        _ if starts(log::GROWTH_START) => Ok(Kind::Growth),
        head if is_checkpoint(head) => Ok(Kind::Checkpoint),
        _ => Err(Unreadable::Unknown),
    }
}

/// An origin, and a number on the next line.
fn is_checkpoint(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n');
    let origin = lines.next().is_some_and(|line| !line.is_empty() && !line.contains(&b' '));
    origin && lines.next().is_some_and(|line| !line.is_empty() && line.iter().all(u8::is_ascii_digit))
}

/// Checks a file of any kind; `kept` is a checkpoint that was kept from before. Pages are only told apart: nothing
/// vouches for what is printed. Of a sealed package only the envelope is checked: the rest takes [`open`].
///
/// # Errors
/// [`Unreadable`]; whatever is wrong with what could be read is in the findings.
pub fn file(mut file: File, kept: Option<&[u8]>, keys: &Keys) -> Result<(Kind, Findings), Unreadable> {
    let kind = kind(&mut file)?;
    let findings = match kind {
        Kind::Package => package(&mut file, keys),
        Kind::Sealed => sealed(&mut file, keys),
        Kind::Pages => Findings::default(),
        Kind::Document => {
            let bytes = document(file)?;
            match told_apart(&bytes) {
                Told::Certificate => certificate(&bytes, keys),
                Told::Destruction => destruction(&bytes, keys),
                Told::Extract => extract(&bytes, keys),
                Told::Receipt => receipt(&bytes, keys),
            }
        }
        Kind::Proof => proof(&document(file)?, keys),
        Kind::Growth => growth(&document(file)?, kept, keys),
        Kind::Checkpoint => checkpoint(&document(file)?, kept, keys),
    };
    Ok((kind, findings))
}

/// What a document says it is; whatever says nothing is checked as a receipt, and found to be none.
enum Told {
    Receipt,
    Certificate,
    Destruction,
    Extract,
}

fn told_apart(bytes: &[u8]) -> Told {
    let Ok(members) = json::object(bytes) else { return Told::Receipt };
    match json::text(&members, "schema") {
        Ok(certificate::SCHEMA) => return Told::Certificate,
        Ok(extract::SCHEMA) => return Told::Extract,
        _ => {}
    }
    match json::text(&members, "certificate") == Ok(destruction::FIRST_LINE) {
        true => Told::Destruction,
        false => Told::Receipt,
    }
}

fn document(file: File) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    file.take(MOST_DOCUMENT_BYTES + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MOST_DOCUMENT_BYTES {
        true => Err(Unreadable::TooLong),
        false => Ok(bytes),
    }
}
