//! Cosignatures (C2SP tlog-cosignature, Ed25519): what a witness says of a checkpoint, and when it said so.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key::{Kind, VerifierKey};
use super::signed::{LINE_START, SignatureLine, split};
use crate::{Checkpoint, Fault, NoteSigner, Refusal};

const TIME_BYTES: usize = 8;
/// Seconds beyond this are no time.
const MOST_SECONDS: u64 = i64::MAX as u64;

/// That a witness saw this checkpoint, consistent with everything it had seen of the log before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// Name of the witness.
    pub witness: String,
    /// When it signed, in seconds since 1970 UTC.
    pub signed_at: u64,
    /// The signature line, with its newline, as it stands in a note.
    pub line: String,
}

/// The bytes that a witness signs.
fn message(checkpoint_body: &str, signed_at: u64) -> String {
    format!("cosignature/v1\ntime {signed_at}\n{checkpoint_body}")
}

/// The cosignature line of a witness over a checkpoint. The signer's key is of [`Kind::Cosignature`].
pub fn cosign(checkpoint: &Checkpoint, signed_at: u64, signer: &dyn NoteSigner) -> Result<String, Fault> {
    let signature = signer.sign(message(&checkpoint.body(), signed_at).as_bytes())?;
    let key = signer.key();
    let mut signed = key.id().to_be_bytes().to_vec();
    signed.extend_from_slice(&signed_at.to_be_bytes());
    signed.extend_from_slice(&signature);
    Ok(format!("{LINE_START}{} {}\n", key.name(), STANDARD.encode(signed)))
}

/// The cosignatures of known witnesses in a checkpoint note, one for each at most. A line by a known witness that does not
/// verify makes the whole note unbelievable; lines of strangers are passed over.
pub fn cosignatures(note: &str, witnesses: &[VerifierKey]) -> Result<Vec<Cosignature>, Refusal> {
    let (body, lines) = split(note)?;
    let mut found: Vec<Cosignature> = Vec::new();
    for text in lines {
        let line = SignatureLine::parse(text)?;
        let known = |key: &&VerifierKey| {
            key.kind() == Kind::Cosignature && key.id() == line.id && key.name() == line.name
        };
        let Some(key) = witnesses.iter().find(known) else { continue };
        let wrong = || Refusal::WrongSignature { name: key.name().to_owned() };
        let (time, signature) = line.signature.split_first_chunk::<TIME_BYTES>().ok_or_else(wrong)?;
        let signed_at = u64::from_be_bytes(*time);
        let verifies = key.verifies(message(body, signed_at).as_bytes(), signature);
        if signed_at > MOST_SECONDS || !verifies {
            return Err(wrong());
        }
        if found.iter().all(|known| known.witness != key.name()) {
            found.push(Cosignature { witness: key.name().to_owned(), signed_at, line: format!("{text}\n") });
        }
    }
    Ok(found)
}
