//! The checks of what a log itself hands out: proofs of leaves, checkpoints, and proofs that it only grew.

use crate::base64;
use crate::calendar;
use crate::digest::{BYTES, Digest};
use crate::findings::Findings;
use crate::keys::Keys;
use crate::leaf::Leaf;
use crate::note::{self, Checkpoint};
use crate::proof::Proof;
use crate::receipt::stands;
use crate::tree;

/// A witness takes no more hashes, and no log needs them.
const MOST_HASHES: usize = 63;
/// How the proof begins that a log grew from a size.
pub(crate) const GROWTH_START: &str = "old ";

/// Checks a proof of one leaf (C2SP tlog-proof) that carries the leaf.
#[must_use]
pub fn proof(bytes: &[u8], keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    let read = text(bytes).and_then(|text| {
        let proof = Proof::parse(text)?;
        let leaf = Leaf::parse(&proof.entry)?;
        let says = format!("a leaf of kind {}, written {}", leaf.kind, calendar::written(leaf.at));
        Ok((proof, says))
    });
    let Some(proof) = findings.note("leaf", read) else { return findings };
    let origin = proof.origin().to_owned();
    stands(&mut findings, &proof, &origin, keys);
    findings
}

/// Checks a checkpoint, and against one that was kept before that the log did not say two things.
#[must_use]
pub fn checkpoint(bytes: &[u8], kept: Option<&[u8]>, keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    let Some(new) = findings.note("checkpoint", signed(bytes, keys)) else { return findings };
    if let Some(kept) = kept {
        grew(&mut findings, kept, &new, None, keys);
    }
    findings
}

/// Checks that a log only grew since a checkpoint that was kept. The proof has the form of the request to a witness
/// (C2SP tlog-witness): `old` and the size, hashes, an empty line, the newer checkpoint.
#[must_use]
pub fn growth(bytes: &[u8], kept: Option<&[u8]>, keys: &Keys) -> Findings {
    let mut findings = Findings::default();
    let read =
        text(bytes).and_then(|text| growth_parts(text).ok_or_else(|| "it is not in its form".to_owned()));
    let read = read.map(|parts| {
        let says = format!("from {} leaves on", parts.0);
        (parts, says)
    });
    let Some((size, hashes, note)) = findings.note("form", read) else { return findings };
    let Some(new) = findings.note("checkpoint", signed(note.as_bytes(), keys)) else { return findings };
    match kept {
        Some(kept) => grew(&mut findings, kept, &new, Some((size, &hashes)), keys),
        None => {
            let says = "the checkpoint that you kept is needed to check it against (--since FILE)".to_owned();
            findings.note::<()>("growth", Err(says));
        }
    }
    findings
}

fn signed(bytes: &[u8], keys: &Keys) -> Result<(Checkpoint, String), String> {
    let checkpoint = note::checkpoint(text(bytes)?, keys)?;
    let says = checkpoint.says();
    Ok((checkpoint, says))
}

/// The last two checks: the kept checkpoint, and that the newer one extends it.
fn grew(
    findings: &mut Findings,
    kept: &[u8],
    new: &Checkpoint,
    proof: Option<(u64, &[Digest])>,
    keys: &Keys,
) {
    // What was kept then may have had fewer witnesses than are asked for now; the log's own signature binds it.
    let Some(old) = findings.note("kept checkpoint", signed(kept, &keys.without_policy())) else { return };
    let (from, hashes) = proof.unwrap_or((old.size, &[]));
    let found = if old.origin != new.origin {
        Err(format!("it is of the log {}, and the one you kept is of {}", new.origin, old.origin))
    } else if new.size < old.size {
        Err(format!("it covers {} leaves, and the one you kept covers {}", new.size, old.size))
    } else if from != old.size {
        Err(format!("it proves growth from {from} leaves, and the one you kept covers {}", old.size))
    } else if new.size == old.size && new.root != old.root {
        Err("the log signed two different trees of this size: keep both files, they prove it".to_owned())
    } else if proof.is_none() && new.size != old.size {
        Err("there is no proof here that the log only grew; ask for one from the size that you kept"
            .to_owned())
    } else if !tree::extends((old.size, &old.root), (new.size, &new.root), hashes) {
        Err("the newer tree does not hold the older one".to_owned())
    } else {
        Ok(((), format!("the {} leaves of then are the first of the {} of now", old.size, new.size)))
    };
    findings.note("growth", found);
}

fn growth_parts(text: &str) -> Option<(u64, Vec<Digest>, &str)> {
    let (head, note) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let size = note::number(lines.next()?.strip_prefix(GROWTH_START)?)?;
    let hashes: Option<Vec<Digest>> =
        lines.map(|line| <[u8; BYTES]>::try_from(base64::decoded(line)?).ok()).collect();
    let hashes = hashes.filter(|hashes| hashes.len() <= MOST_HASHES)?;
    Some((size, hashes, note))
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "it is not a text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;
    use crate::testing::{Signer, encoded};
    use crate::tree::leaf_hash;

    fn log() -> Signer {
        Signer::log("log.example", 9)
    }

    fn keys() -> Keys {
        Keys::parse(&log().vkey()).unwrap()
    }

    fn signed(size: u64, root: &Digest) -> String {
        let body = format!("log.example\n{size}\n{}\n", encoded(root));
        format!("{body}\n{}", log().line(&body))
    }

    fn entry(nth: u8) -> Vec<u8> {
        [&[1, 0, 12][..], &1_780_315_200_000_000_i64.to_be_bytes(), &[nth; 16], &[nth; 32]].concat()
    }

    fn pair() -> (Digest, Digest, Digest) {
        let (one, two) = (leaf_hash(&entry(1)), leaf_hash(&entry(2)));
        (one, two, sha256(&[&[1], &one, &two]))
    }

    fn proof_text() -> String {
        let (one, _, both) = pair();
        let extra = encoded(&entry(2));
        format!("c2sp.org/tlog-proof@v1\nextra {extra}\nindex 1\n{}\n\n{}", encoded(&one), signed(2, &both))
    }

    fn growth_text() -> String {
        let (_, two, both) = pair();
        format!("old 1\n{}\n\n{}", encoded(&two), signed(2, &both))
    }

    fn failed(findings: &Findings) -> &str {
        findings.checks().iter().find_map(|check| check.outcome.as_ref().err()).unwrap()
    }

    #[test]
    fn every_changed_byte_of_a_proof_is_seen() {
        let text = proof_text();
        assert!(proof(text.as_bytes(), &keys()).hold());
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut changed = text.clone().into_bytes();
                changed[at] ^= 1 << bit;
                assert!(!proof(&changed, &keys()).hold(), "{at}");
            }
            assert!(!proof(&text.as_bytes()[..at], &keys()).hold());
        }
    }

    #[test]
    fn a_proof_without_its_leaf_proves_nothing() {
        let text = proof_text();
        let without: String = text
            .lines()
            .filter(|line| !line.starts_with("extra"))
            .fold(String::new(), |text, line| text + line + "\n");
        assert!(failed(&proof(without.as_bytes(), &keys())).contains("not a tlog-proof with a leaf"));
    }

    #[test]
    fn every_changed_byte_of_a_growth_is_seen() {
        let (one, _, _) = pair();
        let (text, kept) = (growth_text(), signed(1, &one));
        assert!(growth(text.as_bytes(), Some(kept.as_bytes()), &keys()).hold());
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut changed = text.clone().into_bytes();
                changed[at] ^= 1 << bit;
                assert!(!growth(&changed, Some(kept.as_bytes()), &keys()).hold(), "{at}");
            }
        }
        for at in 0..kept.len() {
            let mut changed = kept.clone().into_bytes();
            changed[at] ^= 1;
            assert!(!growth(text.as_bytes(), Some(&changed), &keys()).hold(), "{at}");
        }
    }

    #[test]
    fn a_log_that_said_two_things_is_found_out() {
        let (one, two, both) = pair();
        let says = |new: &str, kept: &str| {
            let found = checkpoint(new.as_bytes(), Some(kept.as_bytes()), &keys());
            failed(&found).to_owned()
        };
        assert!(says(&signed(2, &one), &signed(2, &both)).contains("two different trees"));
        assert!(says(&signed(1, &one), &signed(2, &both)).contains("covers 1 leaves"));
        assert!(says(&signed(2, &both), &signed(1, &one)).contains("no proof here"));
        assert!(checkpoint(signed(2, &both).as_bytes(), Some(signed(2, &both).as_bytes()), &keys()).hold());
        let found = growth(growth_text().as_bytes(), Some(signed(1, &two).as_bytes()), &keys());
        assert!(failed(&found).contains("does not hold the older one"));
        let found = growth(growth_text().as_bytes(), None, &keys());
        assert!(failed(&found).contains("--since"));
    }
}
