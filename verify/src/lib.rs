//! Checks what a clearinghouse hands out, offline, for people who need not trust it: receipts and agency packages. It
//! shares no line with the rest of this repository: every format is read here a second time, from its description in
//! `docs/`. All that it believes are the verifier keys that it is given.
//!
//! It is strict: a byte that nothing vouches for is an error, not a detail. Deliberately absent: the network, writing
//! files, and opening sealed media.

mod archive;
mod base64;
mod calendar;
mod digest;
mod findings;
mod inflate;
mod json;
mod keys;
mod leaf;
mod note;
mod package;
mod proof;
mod receipt;
mod tree;
mod xml;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

pub use findings::{Check, Findings};
pub use keys::{Key, KeyFault, Keys};
pub use package::package;
pub use receipt::receipt;

/// The longest receipt that is read: one with 100,000 files is shorter.
pub const MOST_RECEIPT_BYTES: u64 = 64 << 20;

/// What a file says it is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A receipt as JSON or XML.
    Receipt,
    /// A receipt as pages: for people, with the JSON inside.
    Pages,
    /// A package.
    Package,
}

/// What cannot be looked at in the first place.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is none of our forms.
    #[error("this is neither a receipt nor a package")]
    Unknown,
    /// It is far longer than a receipt can be.
    #[error("this is too long for a receipt")]
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
    file.by_ref().take(5).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    match head.as_slice() {
        [b'P', b'K', ..] => Ok(Kind::Package),
        b"%PDF-" => Ok(Kind::Pages),
        [b'{', ..] | [b'<', ..] => Ok(Kind::Receipt),
        _ => Err(Unreadable::Unknown),
    }
}

/// Checks a receipt or a package. Pages are only told apart: nothing vouches for what is printed.
///
/// # Errors
/// [`Unreadable`]; whatever is wrong with what could be read is in the findings.
pub fn file(mut file: File, keys: &Keys) -> Result<(Kind, Findings), Unreadable> {
    let kind = kind(&mut file)?;
    let findings = match kind {
        Kind::Package => package(&mut file, keys),
        Kind::Pages => Findings::default(),
        Kind::Receipt => {
            let mut bytes = Vec::new();
            file.take(MOST_RECEIPT_BYTES + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > MOST_RECEIPT_BYTES {
                return Err(Unreadable::TooLong);
            }
            receipt(&bytes, keys)
        }
    };
    Ok((kind, findings))
}
