//! A witness against honest logs, stale ones, forgers and forks.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use proptest::prelude::*;

use super::*;
use crate::{
    Edge, Fault, NoteSigner, SignerKey, TileSource, consistency_proof, cosign, cosignatures, leaf_hash, sign,
};

struct Signer(VerifierKey, Ed25519KeyPair);

impl Signer {
    fn of(seed: u8, name: impl Fn([u8; 32]) -> VerifierKey) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        Self(name(pair.public_key().as_ref().try_into().unwrap()), pair)
    }

    fn log(seed: u8) -> Self {
        Self::of(seed, |public| VerifierKey::new("log.example", public).unwrap())
    }

    fn witness(seed: u8) -> Self {
        Self::of(seed, |public| VerifierKey::of_witness("witness.example/w", public).unwrap())
    }
}

impl NoteSigner for Signer {
    fn key(&self) -> &VerifierKey {
        &self.0
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Fault> {
        Ok(self.1.sign(message).as_ref().try_into().unwrap())
    }
}

/// A tree of fewer than 256 leaves, in one tile.
#[derive(Clone)]
struct Tree(Vec<u8>);

impl Tree {
    /// Leaves that are the same up to where the fork begins.
    fn forked(size: u64, fork: u8, at: u64) -> Self {
        let leaf = |index: u64| leaf_hash(&[index as u8, if index < at { 0 } else { fork }]);
        Self((0..size).flat_map(leaf).collect())
    }

    fn size(&self) -> u64 {
        (self.0.len() / 32) as u64
    }

    fn root(&self) -> Hash {
        let mut edge = Edge::empty();
        edge.append(self.0.as_chunks().0);
        edge.root()
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint { origin: "log.example".to_owned(), size: self.size(), root: self.root() }
    }

    fn request(&self, old: u64, log: &Signer) -> AddCheckpoint {
        let proof =
            if old <= self.size() { consistency_proof(old, self.size(), self).unwrap() } else { Vec::new() };
        AddCheckpoint { old, proof, note: sign(&self.checkpoint(), log).unwrap() }
    }
}

impl TileSource for Tree {
    fn tile(&self, _: u8, _: u64, _: u16) -> Result<Vec<u8>, Fault> {
        Ok(self.0.clone())
    }
}

#[test]
fn a_request_is_read_as_it_was_written_and_in_no_other_form() {
    let request = Tree::forked(20, 0, 20).request(7, &Signer::log(1));
    assert!(!request.proof.is_empty());
    assert_eq!(AddCheckpoint::parse(&request.text()), Ok(request.clone()));
    let text = request.text();
    for bad in [
        String::new(),
        text.replacen("old 7", "old 07", 1),
        text.replacen("old 7", "old -7", 1),
        text.replacen("old 7", "OLD 7", 1),
        text.replacen("old 7\n", "", 1),
        text.replacen("\n\n", "\n", 1),
        text.replacen("old 7\n", "old 7\nnot base64\n", 1),
    ] {
        assert!(
            AddCheckpoint::parse(&bad).and_then(|one| one.judged(&[Signer::log(1).0], None)).is_err(),
            "{bad}"
        );
    }
    let many = AddCheckpoint { proof: vec![[7; 32]; MOST_PROOF_LINES + 1], ..request };
    assert!(matches!(AddCheckpoint::parse(&many.text()), Err(Unwitnessed::Malformed(_))));
}

#[test]
fn every_refusal_of_the_protocol_has_its_own_reason() {
    let (log, stranger) = (Signer::log(1), Signer::log(2));
    let logs = std::slice::from_ref(&log.0);
    let (five, nine) = (Tree::forked(5, 0, 5), Tree::forked(9, 0, 9));
    let latest = five.checkpoint();
    assert_eq!(nine.request(5, &log).judged(logs, Some(&latest)), Ok(nine.checkpoint()));
    assert_eq!(five.request(0, &log).judged(logs, None), Ok(five.checkpoint()));
    // The same once more is fine: it says that nothing grew.
    assert_eq!(five.request(5, &log).judged(logs, Some(&latest)), Ok(five.checkpoint()));
    assert_eq!(five.request(0, &log).judged(&[], None), Err(Unwitnessed::UnknownLog));
    assert_eq!(five.request(0, &stranger).judged(logs, None), Err(Unwitnessed::NotSigned));
    assert_eq!(nine.request(0, &log).judged(logs, Some(&latest)), Err(Unwitnessed::Stale { size: 5 }));
    assert_eq!(nine.request(7, &log).judged(logs, Some(&latest)), Err(Unwitnessed::Stale { size: 5 }));
    assert!(matches!(five.request(7, &log).judged(logs, None), Err(Unwitnessed::Malformed(_))));
    let fork = Tree::forked(9, 1, 3);
    assert_eq!(fork.request(5, &log).judged(logs, Some(&latest)), Err(Unwitnessed::Inconsistent));
    let other = Tree::forked(5, 1, 3);
    assert_eq!(other.request(5, &log).judged(logs, Some(&latest)), Err(Unwitnessed::Inconsistent));
    // A proof has no place where nothing was cosigned.
    let padded = AddCheckpoint { proof: vec![[0; 32]], ..five.request(0, &log) };
    assert_eq!(padded.judged(logs, None), Err(Unwitnessed::Inconsistent));
}

#[test]
fn a_cosignature_is_believed_of_known_witnesses_only_and_never_when_changed() {
    let (log, witness, stranger) = (Signer::log(1), Signer::witness(3), Signer::witness(4));
    let checkpoint = Tree::forked(5, 0, 5).checkpoint();
    let note = sign(&checkpoint, &log).unwrap();
    let line = cosign(&checkpoint, 1_780_315_200, &witness).unwrap();
    let whole = format!("{note}{}{line}", cosign(&checkpoint, 7, &stranger).unwrap());
    let found = cosignatures(&whole, std::slice::from_ref(&witness.0)).unwrap();
    assert_eq!((found.len(), found[0].signed_at, &found[0].line), (1, 1_780_315_200, &line));
    // Whoever reads the note for the log's signature passes over the witnesses.
    assert_eq!(note::open(&whole, std::slice::from_ref(&log.0)), Ok(checkpoint.clone()));
    // Neither key can stand for the other, and a witness's is not the log's.
    assert!(cosignatures(&whole, std::slice::from_ref(&log.0)).unwrap().is_empty());
    assert!(note::open(&whole, std::slice::from_ref(&witness.0)).is_err());
    let other = cosign(&Tree::forked(6, 0, 6).checkpoint(), 1_780_315_200, &witness).unwrap();
    assert!(matches!(
        cosignatures(&format!("{note}{other}"), std::slice::from_ref(&witness.0)),
        Err(Refusal::WrongSignature { .. })
    ));
    // Another time is another statement.
    let bytes = STANDARD.decode(line.trim_end().rsplit(' ').next().unwrap()).unwrap();
    for at in 4..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let line = format!("\u{2014} witness.example/w {}\n", STANDARD.encode(changed));
        assert!(
            cosignatures(&format!("{note}{line}"), std::slice::from_ref(&witness.0)).is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn keys_of_witnesses_are_read_and_printed_with_their_own_kind() {
    let witness = Signer::witness(3);
    let text = witness.0.to_string();
    assert_eq!(text.parse(), Ok(witness.0.clone()));
    let as_log = VerifierKey::new(witness.0.name(), *witness.0.public()).unwrap();
    assert_ne!(as_log.id(), witness.0.id());
    let private =
        SignerKey { kind: crate::Kind::Cosignature, name: "witness.example/w".to_owned(), seed: [3; 32] };
    let read: SignerKey = private.text(&witness.0).parse().unwrap();
    assert_eq!((read.kind, read.name.as_str(), read.seed), (private.kind, "witness.example/w", [3; 32]));
    assert!(!format!("{read:?}").contains('3'));
    for bad in ["", "PRIVATE+KEY+", "PRIVATE+KEY+a+00000000+", "PRIVATE+KEY+a b+00000000+BAMD"] {
        assert!(bad.parse::<SignerKey>().is_err(), "{bad}");
    }
}

proptest! {
    /// Whatever is asked, in whatever order: no two checkpoints that were cosigned contradict each other.
    #[test]
    fn a_witness_never_cosigns_two_trees_of_which_neither_begins_the_other(
        asked in prop::collection::vec((0_u64..40, 0_u64..40, 0_u8..3, 0_u64..40), 1..60)
    ) {
        let log = Signer::log(1);
        let mut latest: Option<(Checkpoint, Tree)> = None;
        for (size, old, fork, at) in asked {
            let tree = Tree::forked(size, fork, at);
            // Half of the askers know what the witness saw last.
            let old = if at % 2 == 0 { latest.as_ref().map_or(0, |(seen, _)| seen.size) } else { old };
            let request = tree.request(old, &log);
            let known = latest.as_ref().map(|(checkpoint, _)| checkpoint);
            if let Ok(checkpoint) = request.judged(std::slice::from_ref(&log.0), known) {
                if let Some((_, before)) = &latest {
                    prop_assert!(tree.0.starts_with(&before.0), "a fork was cosigned");
                }
                latest = Some((checkpoint, tree));
            }
        }
    }
}
