//! Signed notes (C2SP) over texts of ours that are no checkpoints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger::NoteSigner;

const LINE_START: &str = "\u{2014} ";

/// The note: the text, which ends in a line feed, an empty line, and one signature line.
pub(crate) fn note(text: &str, signer: &dyn NoteSigner) -> Result<String, ledger::Fault> {
    let signature = signer.sign(text.as_bytes())?;
    let key = signer.key();
    let signed = [&key.id().to_be_bytes()[..], &signature[..]].concat();
    Ok(format!("{text}\n{LINE_START}{} {}\n", key.name(), STANDARD.encode(signed)))
}
