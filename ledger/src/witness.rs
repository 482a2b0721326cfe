//! What passes between a log and its witnesses (C2SP tlog-witness), and the judgement of a witness: pure, so that whoever
//! keeps the state can make the judgement and the keeping one step.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::{self, Checkpoint, VerifierKey, parse_hash};
use crate::proof::verify_consistency;
use crate::tile::canonical;
use crate::{Hash, Refusal, empty_root};

/// The most hashes that a request may carry.
pub const MOST_PROOF_LINES: usize = 63;
/// The largest request that is read: a checkpoint with every signature that it may carry, and the proof.
pub const MOST_REQUEST_BYTES: usize = 300 * 1024;

/// A request to cosign a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the checkpoint that the witness cosigned last, 0 for none.
    pub old: u64,
    /// Proof that the old tree is the beginning of the new one.
    pub proof: Vec<Hash>,
    /// The new checkpoint note.
    pub note: String,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwitnessed {
    /// The request is not of the published form, or says that the old tree was the larger one.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// No log of this name is witnessed here.
    #[error("no log of this name is witnessed here")]
    UnknownLog,
    /// The log's own key did not sign it.
    #[error("the log did not sign this checkpoint")]
    NotSigned,
    /// The old size is not that of the checkpoint that was cosigned last.
    #[error("the checkpoint cosigned last has size {size}")]
    Stale {
        /// The size of that checkpoint.
        size: u64,
    },
    /// The new tree does not have the old one as its beginning.
    #[error("the new tree does not begin with the one that was cosigned")]
    Inconsistent,
}

impl AddCheckpoint {
    /// The body of the request.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            text.push_str(&STANDARD.encode(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.note);
        text
    }

    /// Reads the body of a request; refuses every other form.
    pub fn parse(text: &str) -> Result<Self, Unwitnessed> {
        const MALFORMED: Unwitnessed =
            Unwitnessed::Malformed("old size, proof, empty line and checkpoint are expected");
        let (head, note) = text.split_once("\n\n").ok_or(MALFORMED)?;
        let mut lines = head.split('\n');
        let old =
            lines.next().and_then(|line| line.strip_prefix("old ")).and_then(canonical).ok_or(MALFORMED)?;
        let mut proof = Vec::new();
        for line in lines {
            if proof.len() == MOST_PROOF_LINES {
                return Err(Unwitnessed::Malformed("a proof has at most 63 hashes"));
            }
            proof.push(parse_hash(line).ok_or(MALFORMED)?);
        }
        Ok(Self { old, proof, note: note.to_owned() })
    }

    /// The name of the log that it is about, before anything of it is believed.
    pub fn origin(&self) -> Result<&str, Unwitnessed> {
        let line = self.note.split('\n').next().filter(|line| !line.is_empty());
        line.ok_or(Unwitnessed::Malformed("the checkpoint has no origin"))
    }

    /// Judges the request: `logs` are the keys of the logs that are witnessed, `latest` the checkpoint of this log that was
    /// cosigned last. What is answered may be cosigned once it is kept as the latest, and not before.
    pub fn judged(
        &self,
        logs: &[VerifierKey],
        latest: Option<&Checkpoint>,
    ) -> Result<Checkpoint, Unwitnessed> {
        let origin = self.origin()?;
        let keys: Vec<VerifierKey> = logs.iter().filter(|key| key.name() == origin).cloned().collect();
        if keys.is_empty() {
            return Err(Unwitnessed::UnknownLog);
        }
        let checkpoint = note::open(&self.note, &keys).map_err(|refusal| match refusal {
            Refusal::Malformed { what } => Unwitnessed::Malformed(what),
            _ => Unwitnessed::NotSigned,
        })?;
        if self.old > checkpoint.size {
            return Err(Unwitnessed::Malformed("the old size is the larger one"));
        }
        let (size, root) = latest.map_or((0, empty_root()), |latest| (latest.size, latest.root));
        if self.old != size {
            return Err(Unwitnessed::Stale { size });
        }
        verify_consistency(size, &root, checkpoint.size, &checkpoint.root, &self.proof)
            .map_err(|_| Unwitnessed::Inconsistent)?;
        Ok(checkpoint)
    }
}

#[cfg(test)]
mod tests;
