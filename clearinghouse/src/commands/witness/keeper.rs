//! What a witness remembers. Judging, keeping and answering are one step under one lock: what is answered was on the disk
//! before, so that no crash and no race makes it contradict itself.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use console::clock::SystemClock;
use domain::Clock as _;
use ledger::{AddCheckpoint, Checkpoint, NoteSigner, Unwitnessed, VerifierKey, cosign};
use rustix::fs::{FlockOperation, flock};
use seal::SigningKey;

use crate::outcome::{Doing, Failure, Result};

/// The witness's key.
pub(super) struct Signer {
    pub(super) key: VerifierKey,
    pub(super) signing: SigningKey,
}

impl NoteSigner for Signer {
    fn key(&self) -> &VerifierKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> std::result::Result<[u8; 64], ledger::Fault> {
        self.signing.sign(message).map_err(|fault| ledger::Fault::Sign(Box::new(fault)))
    }
}

/// A judgement.
pub(super) enum Said {
    /// The cosignature line.
    Cosigned(String),
    /// Why not.
    Refused(Unwitnessed),
}

/// A checkpoint that was cosigned last.
struct Latest {
    checkpoint: Checkpoint,
    note: String,
}

/// A witness with its folder.
pub(super) struct Keeper {
    folder: PathBuf,
    signer: Signer,
    logs: Vec<VerifierKey>,
    /// By the name of the log's file.
    latest: Mutex<HashMap<String, Latest>>,
    /// Held as long as the process lives: two witnesses with one folder would contradict each other.
    _lock: File,
}

impl Keeper {
    /// Takes the folder, and reads what was cosigned last of each log.
    pub(super) fn open(folder: &Path, signer: Signer, logs: Vec<VerifierKey>) -> Result<Self> {
        fs::create_dir_all(folder).doing("make the folder of the witness")?;
        let lock = File::create(folder.join("lock")).doing("make the lock of the witness")?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)
            .map_err(|_| Failure::new(format!("another witness holds {}", folder.display())))?;
        let mut latest = HashMap::new();
        for log in &logs {
            let name = file_name(log.name());
            let file = folder.join(&name);
            if file.try_exists().doing("look for a checkpoint")? {
                let note = fs::read_to_string(&file).doing("read a checkpoint")?;
                // Whatever is there was cosigned; a file that cannot be read must not count as nothing.
                let body = note.split_once("\n\n").map_or("", |(body, _)| body);
                let checkpoint =
                    Checkpoint::parse(&format!("{body}\n")).doing(&format!("read {}", file.display()))?;
                latest.insert(name, Latest { checkpoint, note });
            }
        }
        Ok(Self { folder: folder.to_owned(), signer, logs, latest: Mutex::new(latest), _lock: lock })
    }

    /// The key that checks its cosignatures.
    pub(super) fn vkey(&self) -> &VerifierKey {
        &self.signer.key
    }

    /// What was cosigned last of the log with this file name.
    pub(super) fn latest(&self, name: &str) -> Option<String> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.get(name).map(|latest| latest.note.clone())
    }

    /// Judges a request and, when nothing is wrong with it, keeps the checkpoint and answers the cosignature.
    pub(super) fn add(&self, text: &str) -> Result<Said> {
        let request = match AddCheckpoint::parse(text) {
            Ok(request) => request,
            Err(why) => return Ok(Said::Refused(why)),
        };
        let name = match request.origin() {
            Ok(origin) => file_name(origin),
            Err(why) => return Ok(Said::Refused(why)),
        };
        let mut all = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(&name).map(|latest| &latest.checkpoint);
        let checkpoint = match request.judged(&self.logs, known) {
            Ok(checkpoint) => checkpoint,
            Err(why) => {
                if why == Unwitnessed::Inconsistent {
                    tracing::error!(
                        log = checkpoint_line(&request.note),
                        "a log contradicts itself: keep this"
                    );
                }
                return Ok(Said::Refused(why));
            }
        };
        let signed_at = u64::try_from(SystemClock.now().as_second()).unwrap_or(0);
        let line = cosign(&checkpoint, signed_at, &self.signer).doing("cosign")?;
        let log_note = own_note(&request.note, &checkpoint);
        let note = format!("{log_note}{line}");
        self.keep(&name, &note)?;
        all.insert(name, Latest { checkpoint, note });
        Ok(Said::Cosigned(line))
    }

    /// On the disk, whole and under its name, before anything is answered.
    fn keep(&self, name: &str, note: &str) -> Result<()> {
        let (file, fresh) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        let mut written = File::create(&fresh).doing("write a checkpoint")?;
        written.write_all(note.as_bytes()).and_then(|()| written.sync_all()).doing("write a checkpoint")?;
        fs::rename(&fresh, &file).doing("name a checkpoint")?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).doing("keep a checkpoint's name")
    }
}

/// The name under which a log's checkpoint is kept and served.
fn file_name(origin: &str) -> String {
    seal::hex(&seal::sha256(origin.as_bytes()))
}

/// The checkpoint with the signatures of its log only.
fn own_note(note: &str, checkpoint: &Checkpoint) -> String {
    let by_log = format!("\u{2014} {} ", checkpoint.origin);
    let lines = note.rsplit_once("\n\n").map_or("", |(_, lines)| lines);
    let lines: String = lines.split_inclusive('\n').filter(|line| line.starts_with(&by_log)).collect();
    format!("{}\n{lines}", checkpoint.body())
}

/// Size and root, for the record of a contradiction.
fn checkpoint_line(note: &str) -> String {
    note.lines().take(3).collect::<Vec<_>>().join(" ")
}
