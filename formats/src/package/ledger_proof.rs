//! `ledger-proof.txt`: that the making-available stands in the ledger, for a reader who has only the log's key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::fault::Fault;

/// Length of the first line of a C2SP tlog-proof, with its line feed.
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1\n";

/// A proof with the leaf's own bytes in its `extra` line: hashed as a leaf, they are what the proof leads from, so
/// one file is enough to check offline.
///
/// # Errors
/// [`Fault::Proof`] when `proof` is not the text of a proof.
pub fn ledger_proof(proof: &str, entry: &[u8]) -> Result<String, Fault> {
    let parsed = ledger::parse_proof_file(proof).map_err(Fault::Proof)?;
    let rest = proof.strip_prefix(FIRST_LINE).filter(|_| parsed.extra.is_none());
    let rest = rest.ok_or(Fault::Proof(ledger::Refusal::Malformed { what: "proof file" }))?;
    Ok(format!("{FIRST_LINE}extra {}\n{rest}", STANDARD.encode(entry)))
}
