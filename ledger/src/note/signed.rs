//! Signing a checkpoint, and opening a note.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::Checkpoint;
use super::key::{Kind, VerifierKey, is_name};
use crate::{Fault, Refusal};

/// Longest note that is read: far above a checkpoint with every signature it may carry.
const MAX_NOTE_BYTES: usize = 256 * 1024;
/// Most signature lines that are read; the format asks for at least 16, and post-quantum ones are long.
const MAX_SIGNATURES: usize = 64;
const ID_BYTES: usize = 4;
pub(super) const LINE_START: &str = "\u{2014} ";

/// The holder of a log's private key. The ledger hands it text and never sees the key.
pub trait NoteSigner: Send + Sync {
    /// The public half and the name under which it signs.
    fn key(&self) -> &VerifierKey;
    /// The Ed25519 signature of exactly these bytes.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Fault>;
}

/// The checkpoint as a note with one signature.
pub fn sign(checkpoint: &Checkpoint, signer: &dyn NoteSigner) -> Result<String, Fault> {
    let body = checkpoint.body();
    let signature = signer.sign(body.as_bytes())?;
    let key = signer.key();
    let mut signed = key.id().to_be_bytes().to_vec();
    signed.extend_from_slice(&signature);
    Ok(format!("{body}\n{LINE_START}{} {}\n", key.name(), STANDARD.encode(signed)))
}

/// Opens a checkpoint note. A known key that carries the log's name must have signed it, and every signature
/// by a known key must verify; signatures by unknown keys are passed over.
pub fn open(note: &str, known: &[VerifierKey]) -> Result<Checkpoint, Refusal> {
    let (body, lines) = split(note)?;
    let mut signed_by = Vec::new();
    for line in lines {
        let line = SignatureLine::parse(line)?;
        // A witness's key signs another message; see `cosignature`.
        let is_by =
            |key: &&VerifierKey| key.kind() == Kind::Note && key.id() == line.id && key.name() == line.name;
        let Some(key) = known.iter().find(is_by) else {
            continue;
        };
        if !key.verifies(body.as_bytes(), &line.signature) {
            return Err(Refusal::WrongSignature { name: key.name().to_owned() });
        }
        signed_by.push(key.name());
    }
    if signed_by.is_empty() {
        return Err(Refusal::Unsigned);
    }
    let checkpoint = Checkpoint::parse(body)?;
    // Else one log's key could speak for another log.
    match signed_by.contains(&checkpoint.origin.as_str()) {
        true => Ok(checkpoint),
        false => Err(Refusal::Unsigned),
    }
}

/// The signed text, with its last newline, and the signature lines.
pub(super) fn split(note: &str) -> Result<(&str, Vec<&str>), Refusal> {
    const MALFORMED: Refusal = Refusal::Malformed { what: "note" };
    let has_control = note.bytes().any(|byte| byte < b' ' && byte != b'\n');
    if note.len() > MAX_NOTE_BYTES || has_control {
        return Err(MALFORMED);
    }
    let (text, signatures) = note.rsplit_once("\n\n").ok_or(MALFORMED)?;
    let lines: Vec<&str> = signatures.strip_suffix('\n').ok_or(MALFORMED)?.split('\n').collect();
    if lines.len() > MAX_SIGNATURES {
        return Err(MALFORMED);
    }
    Ok((&note[..=text.len()], lines))
}

pub(super) struct SignatureLine<'a> {
    pub(super) name: &'a str,
    pub(super) id: u32,
    pub(super) signature: Vec<u8>,
}

impl<'a> SignatureLine<'a> {
    pub(super) fn parse(line: &'a str) -> Result<Self, Refusal> {
        const MALFORMED: Refusal = Refusal::Malformed { what: "signature line" };
        let (name, encoded) =
            line.strip_prefix(LINE_START).and_then(|rest| rest.split_once(' ')).ok_or(MALFORMED)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| MALFORMED)?;
        let (id, signature) = bytes.split_first_chunk::<ID_BYTES>().ok_or(MALFORMED)?;
        if !is_name(name) || signature.is_empty() {
            return Err(MALFORMED);
        }
        Ok(Self { name, id: u32::from_be_bytes(*id), signature: signature.to_vec() })
    }
}
