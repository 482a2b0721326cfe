//! What the public record reads from strangers: names of tiles, requests to a witness, keys, proofs.

use ledger::witness::AddCheckpoint;
use ledger::{ProofFile, TileName, VerifierKey, parse_proof_file, proof_file};

/// Texts to begin mutations from.
pub const SEEDS: &[&str] = &[
    "tile/0/x001/x234/067.p/17",
    "tile/entries/000",
    "old 2\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nlog.example/one\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u{2014} log.example/one AAAAAAAA\n",
    "log.example/one+e3b0c442+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB",
    "c2sp.org/tlog-proof@v1\nindex 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nlog.example/one\n3\nAAAA\n",
];

/// Reads `bytes` as everything that they might be.
///
/// # Panics
/// When a promise is broken: that is what a fuzzing engine looks for.
pub fn any(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(name) = text.parse::<TileName>() {
        assert_eq!(name.to_string(), text, "a tile has one name");
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text, "a key has one spelling");
    }
    if let Ok(request) = AddCheckpoint::parse(text) {
        assert_eq!(request.text(), text, "a request has one form");
        assert!(request.judged(&[], None).is_err(), "nobody's log is cosigned");
    }
    if let Ok(file) = parse_proof_file(text) {
        let again = proof_file(file.index, &file.proof, &file.checkpoint);
        // What a proof file says besides is nobody's word, and is not written.
        let said = ProofFile { extra: None, ..file };
        assert!(parse_proof_file(&again).is_ok_and(|same| same == said), "what was read can be written");
    }
}
