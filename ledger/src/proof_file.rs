//! The offline proof (C2SP tlog-proof): one text that shows a leaf to be in a log, with the log's signed
//! checkpoint.

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
    /// Checks the checkpoint's signatures and that `leaf`, a [`crate::leaf_hash`], is in its tree at this
    /// index.
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

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
    use proptest::prelude::*;

    use super::*;
    use crate::{Fault, NoteSigner, leaf_hash, sign};

    struct Log(VerifierKey, Ed25519KeyPair);

    impl NoteSigner for Log {
        fn key(&self) -> &VerifierKey {
            &self.0
        }

        fn sign(&self, message: &[u8]) -> Result<[u8; 64], Fault> {
            Ok(self.1.sign(message).as_ref().try_into().unwrap())
        }
    }

    fn log() -> Log {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        Log(VerifierKey::new("log.example", public).unwrap(), pair)
    }

    /// Proof that the first of two leaves is in their tree.
    fn two_leaves() -> (Hash, String) {
        let (one, two) = (leaf_hash(b"one"), leaf_hash(b"two"));
        let root = crate::Edge::empty().append(&[one, two]).root;
        let checkpoint = Checkpoint { origin: "log.example".to_owned(), size: 2, root };
        (one, proof_file(0, &[two], &sign(&checkpoint, &log()).unwrap()))
    }

    // PROVES: R-75
    #[test]
    fn a_proof_convinces_someone_who_has_only_the_key() {
        let (leaf, text) = two_leaves();
        let proof = parse_proof_file(&text).unwrap();
        let checkpoint = proof.verify(&leaf, &[log().0]).unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("log.example", 2));
        assert_eq!(proof.verify(&leaf_hash(b"three"), &[log().0]), Err(Refusal::WrongProof));
        assert_eq!(proof.verify(&leaf, &[]), Err(Refusal::Unsigned));
    }

    #[test]
    fn extra_bytes_are_read_and_vouch_for_nothing() {
        let (leaf, text) = two_leaves();
        let text = text.replace("\nindex", "\nextra ZHVsbA==\nindex");
        let proof = parse_proof_file(&text).unwrap();
        assert_eq!(proof.extra.as_deref(), Some(b"dull".as_slice()));
        assert!(proof.verify(&leaf, &[log().0]).is_ok());
    }

    #[test]
    fn a_file_of_any_other_form_is_refused() {
        let (_, text) = two_leaves();
        let hash = text.lines().nth(2).unwrap();
        for bad in [
            String::new(),
            text.replace("@v1", "@v2"),
            text.replace("index 0", "index 00"),
            text.replace("index 0", "index -1"),
            text.replace("index 0\n", ""),
            text.replace("\nindex 0", "\nextra !\nindex 0"),
            text.replace("\nindex 0", "\nextra AAAA\nextra AAAA\nindex 0"),
            text.replace(hash, &hash[1..]),
            text.replace("\n\n", "\n"),
            text.replace(hash, &[hash; 66].join("\n")),
        ] {
            assert!(parse_proof_file(&bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_proof_comes_back(index: u64, proof in prop::collection::vec(any::<Hash>(), 0..=64)) {
            let (_, text) = two_leaves();
            let note = parse_proof_file(&text).unwrap().checkpoint;
            let parsed = parse_proof_file(&proof_file(index, &proof, &note)).unwrap();
            prop_assert_eq!(parsed, ProofFile { index, extra: None, proof, checkpoint: note });
        }

        #[test]
        fn no_changed_byte_proves_another_leaf(at: prop::sample::Index, byte: u8) {
            let (_, text) = two_leaves();
            let mut bytes = text.into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let text = String::from_utf8(bytes).unwrap_or_default();
            if let Ok(proof) = parse_proof_file(&text) {
                prop_assert!(proof.verify(&leaf_hash(b"three"), &[log().0]).is_err());
            }
        }
    }
}
