//! The offline proof (C2SP tlog-proof): one text that shows a leaf to be in a log, with the log's signed checkpoint.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::{self, Checkpoint, VerifierKey};
use crate::proof::{MAX_PROOF_HASHES, verify_inclusion};
use crate::tile::canonical;
use crate::{Hash, Refusal};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A proof as it was parsed: nothing in it is checked before [`ProofFile::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Which leaf it is about.
    pub index: u64,
    /// Bytes that the maker added. Nothing vouches for them.
    pub extra: Option<Vec<u8>>,
    /// The inclusion proof, sibling first.
    pub proof: Vec<Hash>,
    /// The checkpoint note.
    pub checkpoint: String,
}

impl ProofFile {
    /// Checks the checkpoint's signatures and that `leaf`, a [`crate::leaf_hash`], is in its tree at this index.
    pub fn verify(&self, leaf: &Hash, known: &[VerifierKey]) -> Result<Checkpoint, Refusal> {
        let checkpoint = note::open(&self.checkpoint, known)?;
        verify_inclusion(leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

/// The text of a proof: leaf `index`, its inclusion proof, and the signed checkpoint it leads to.
pub fn proof_file(index: u64, proof: &[Hash], checkpoint_note: &str) -> String {
    let mut text = format!("{FIRST_LINE}\nindex {index}\n");
    for hash in proof {
        text.push_str(&STANDARD.encode(hash));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(checkpoint_note);
    text
}

/// Reads a proof's text; refuses every other form, and more hashes than any proof has.
pub fn parse_proof_file(text: &str) -> Result<ProofFile, Refusal> {
    const MALFORMED: Refusal = Refusal::Malformed { what: "proof file" };
    let (head, checkpoint) = text.split_once("\n\n").ok_or(MALFORMED)?;
    let mut lines = head.split('\n').peekable();
    if lines.next() != Some(FIRST_LINE) {
        return Err(MALFORMED);
    }
    let extra = lines.next_if(|line| line.starts_with("extra "));
    let extra =
        extra.map(|line| STANDARD.decode(&line["extra ".len()..]).map_err(|_| MALFORMED)).transpose()?;
    let index =
        lines.next().and_then(|line| line.strip_prefix("index ")).and_then(canonical).ok_or(MALFORMED)?;
    let mut proof = Vec::new();
    for line in lines {
        if proof.len() == MAX_PROOF_HASHES {
            return Err(MALFORMED);
        }
        proof.push(note::parse_hash(line).ok_or(MALFORMED)?);
    }
    Ok(ProofFile { index, extra, proof, checkpoint: checkpoint.to_owned() })
}
