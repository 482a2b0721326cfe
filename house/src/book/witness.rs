//! Witnesses: what is asked of them, and what becomes of their answers. Whoever speaks with them is above; here stands
//! what each saw last, what it said, and the checkpoint that a quorum vouches for. Nothing waits for a witness: its answer
//! is added to what was there before.

use database::{Row, Tx, bind};
use jiff::{SignedDuration, Timestamp};
use ledger::{AddCheckpoint, VerifierKey, cosignatures};
use serde_json::json;

use super::{Book, GET_TREE, Tiles};
use crate::{Error, Event, EventKind, Fault, House, Result, View, column};
use domain::{Actor, Purpose};

/// A quorum older than this is an alarm.
pub const QUORUM_MAY_AGE: SignedDuration = SignedDuration::from_mins(5);
/// A witness is asked again after this long although nothing grew: so a witness that fell silent is found out.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(60);
/// It is not asked more often than this, however fast the tree grows.
const BETWEEN: SignedDuration = SignedDuration::from_millis(900);
/// How long one process has a witness to itself. Above the longest that a call may take.
const TURN: SignedDuration = SignedDuration::from_secs(30);
/// A witness that failed is asked again after this long, twice as long each time, up to the bound.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(1);
const MOST_DOUBLINGS: u32 = 6;
/// A cosignature whose time is further off than this says nothing about now.
const CLOCKS_MAY_DIFFER: SignedDuration = SignedDuration::from_mins(5);
/// Characters of a trouble that are kept.
const LONGEST_TROUBLE: usize = 300;

const KNOW: &str = "-- book::know_witness
    INSERT INTO ledger_witness (witness, size, failures, due_at) VALUES (:witness, 0, 0, 0)
    ON CONFLICT (witness) DO NOTHING";

const CLAIM: &str = "-- book::claim_witness
    UPDATE ledger_witness SET due_at = :until WHERE witness = :witness AND due_at <= :now
    AND (size < :size OR cosigned_at IS NULL OR cosigned_at <= :long_ago)
    RETURNING size";

/// What stands in the tree and not in the history, is put there, so that it can be cosigned.
const KEEP_NEWEST: &str = "-- book::keep_newest
    INSERT INTO ledger_checkpoint (size, note) VALUES (:size, :note) ON CONFLICT (size) DO NOTHING";

const GET_CHECKPOINT: &str = "-- book::get_checkpoint
    SELECT note FROM ledger_checkpoint WHERE size = :size";

const ADD: &str = "-- book::add_cosignature
    INSERT INTO ledger_cosignature (size, witness, line) VALUES (:size, :witness, :line)
    ON CONFLICT (size, witness) DO NOTHING";

const SEEN: &str = "-- book::witness_saw
    UPDATE ledger_witness SET size = :size, cosigned_at = :cosigned_at, failures = 0, due_at = :due_at, trouble = NULL
    WHERE witness = :witness";

const STALE: &str = "-- book::witness_is_elsewhere
    UPDATE ledger_witness SET size = :size, due_at = :due_at WHERE witness = :witness";

const FAILED: &str = "-- book::witness_failed
    UPDATE ledger_witness SET failures = failures + 1, due_at = :due_at, trouble = :trouble WHERE witness = :witness";

const FAILURES: &str = "-- book::witness_failures
    SELECT failures FROM ledger_witness WHERE witness = :witness";

const SAID: &str = "-- book::said_of
    SELECT witness, line FROM ledger_cosignature WHERE size = :size ORDER BY witness";

const VOUCH: &str = "-- book::vouch
    UPDATE ledger_checkpoint SET witnessed = :witnessed WHERE size = :size AND witnessed IS NULL
    AND NOT EXISTS (SELECT 1 FROM ledger_checkpoint AS larger WHERE larger.size > :size AND larger.witnessed IS NOT NULL)";

const LOCK: &str = "-- book::lock_checkpoint
    SELECT size FROM ledger_checkpoint WHERE size = :size {for_update}";

const WITNESSES: &str = "-- book::witnesses
    SELECT witness, size, cosigned_at, failures, trouble FROM ledger_witness ORDER BY witness";

/// A witness of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its key.
    pub key: VerifierKey,
    /// Where it is asked, without `/add-checkpoint`.
    pub url: String,
}

/// What one process asks one witness, while it is its turn.
#[derive(Debug, Clone)]
pub struct Errand {
    /// Whom.
    pub witness: Witness,
    /// What.
    pub request: AddCheckpoint,
    /// Size of the checkpoint that is to be cosigned.
    pub size: u64,
}

/// How a witness stands to the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its verifier key.
    pub witness: String,
    /// Size of the checkpoint that it saw last.
    pub size: u64,
    /// When it last cosigned.
    pub cosigned_at: Option<Timestamp>,
    /// Calls in a row that failed.
    pub failures: u64,
    /// What was wrong last; nothing when it answered.
    pub trouble: Option<String>,
}

impl Book<'_> {
    /// The witnesses of the settings.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.house.inner().witnesses
    }

    /// How many of them must agree.
    #[must_use]
    pub fn quorum(&self) -> usize {
        self.house.inner().quorum
    }

    /// Takes the turn at a witness, when there is something to ask it and nobody else does. Puts the newest checkpoint into
    /// the history first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn errand(&self, witness: &Witness) -> Result<Option<Errand>> {
        let (now, witness) = (self.house.now(), witness.clone());
        let write = self.house.inner().database.write::<_, Error, _>("book::errand", move |tx| {
            let (size, note): (u64, Option<String>) = tx.get(GET_TREE, &bind! {})?;
            let Some(note) = note else { return Ok(None) };
            let name = witness.key.to_string();
            tx.execute(KNOW, &bind! { witness: &name })?;
            let turn = bind! {
                witness: &name, size, now: column::micros(now), until: column::micros(after(now, TURN)),
                long_ago: column::micros(after(now, -ASK_AGAIN)),
            };
            let Some(old) = tx.find::<u64>(CLAIM, &turn)? else { return Ok(None) };
            tx.execute(KEEP_NEWEST, &bind! { size, note: &note })?;
            let note: String = tx.get(GET_CHECKPOINT, &bind! { size })?;
            let old = old.min(size);
            let proof = ledger::consistency_proof(old, size, &Tiles(tx))?;
            let request = AddCheckpoint { old, proof, note };
            Ok(Some(Errand { witness: witness.clone(), request, size }))
        });
        write.await
    }

    /// Keeps what a witness answered, once its signature holds. A lie is a trouble and nothing else.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn cosigned(&self, errand: &Errand, lines: &str) -> Result<()> {
        let Errand { witness, request, size } = errand;
        let note = format!("{}{lines}", request.note);
        let found = cosignatures(&note, std::slice::from_ref(&witness.key));
        let found = match found.map(|mut all| all.pop()) {
            Ok(Some(found)) => found,
            Ok(None) => return self.witness_failed(witness, "it answered without its own cosignature").await,
            Err(refusal) => return self.witness_failed(witness, &refusal.to_string()).await,
        };
        let now = self.house.now();
        let signed_at = i64::try_from(found.signed_at).ok().and_then(|at| Timestamp::from_second(at).ok());
        let Some(signed_at) = signed_at.filter(|at| now.duration_since(*at).abs() <= CLOCKS_MAY_DIFFER)
        else {
            return self.witness_failed(witness, "its clock is not ours").await;
        };
        let name = witness.key.to_string();
        let (keys, quorum, size, note) = (self.keys(), self.quorum(), *size, request.note.clone());
        let write = self.house.inner().database.write::<_, Error, _>("book::cosigned", move |tx| {
            let row = bind! {
                witness: &name, size, cosigned_at: column::micros(signed_at),
                due_at: column::micros(after(now, BETWEEN)),
            };
            tx.execute(SEEN, &row)?;
            // One after the other, so that whoever completes the quorum sees all of it.
            tx.find::<u64>(LOCK, &bind! { size })?;
            tx.execute(ADD, &bind! { size, witness: &name, line: &found.line })?;
            vouch(tx, &keys, quorum, size, &note)
        });
        write.await
    }

    fn keys(&self) -> Vec<String> {
        self.witnesses().iter().map(|witness| witness.key.to_string()).collect()
    }

    /// A witness says that it cosigned another size last. Smaller than ours, it is asked again from there; larger, it knows a
    /// tree that we do not have: rows were lost, or somebody else signs with our key.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn witness_is_at(&self, errand: &Errand, size: u64) -> Result<()> {
        let witness = &errand.witness;
        if size > errand.size {
            let says = format!("it cosigned a tree of {size} leaves, and ours has {}", errand.size);
            self.disagrees(witness, &says).await?;
            return self.witness_failed(witness, &says).await;
        }
        let row = (witness.key.to_string(), column::micros(self.house.now()));
        let write = self.house.inner().database.write::<_, Error, _>("book::witness_is_at", move |tx| {
            let (name, now) = &row;
            tx.execute(STALE, &bind! { witness: name, size, due_at: *now })?;
            Ok(())
        });
        write.await
    }

    /// A witness saw a tree that ours does not begin with: severity 1.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn disagrees(&self, witness: &Witness, says: &str) -> Result<()> {
        let told = format!("{}: {says}", witness.key.name());
        if !self.house.raise(crate::Alarm::WitnessDisagrees, told) {
            return Ok(());
        }
        let details = json!({ "witness": witness.key.to_string(), "says": says });
        let noted = self.house.act(Actor::House, Purpose::Administration, "witness_disagrees", move |act| {
            act.note(
                Event::of_house(EventKind::WitnessDisagreed).refused("inconsistent").with(details.clone()),
            )
        });
        noted.await.map(drop)
    }

    /// Puts a witness off that could not be asked, that is slow, or that lied.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn witness_failed(&self, witness: &Witness, why: &str) -> Result<()> {
        tracing::warn!(witness = witness.key.name(), why, "a witness did not cosign");
        let (name, now) = (witness.key.to_string(), self.house.now());
        let trouble: String = why.chars().take(LONGEST_TROUBLE).collect();
        let write = self.house.inner().database.write::<_, Error, _>("book::witness_failed", move |tx| {
            let failures: Option<u32> = tx.find(FAILURES, &bind! { witness: &name })?;
            let pause = FIRST_PAUSE * (1 << failures.unwrap_or(0).min(MOST_DOUBLINGS));
            let due_at = column::micros(after(now, pause));
            tx.execute(FAILED, &bind! { witness: &name, due_at, trouble: &trouble })?;
            Ok(())
        });
        write.await
    }

    /// How every witness stands that was ever asked.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn standings(&self, view: &View<'_>) -> Result<Vec<Standing>> {
        Ok(view.tx().rows(WITNESSES, &bind! {})?)
    }

    /// When a quorum of the settings' witnesses was last heard; `None` when it never was, or none is asked for.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn quorum_at(&self, view: &View<'_>) -> Result<Option<Timestamp>> {
        let (keys, quorum) = (self.keys(), self.quorum());
        let mut heard: Vec<Timestamp> = self
            .standings(view)?
            .into_iter()
            .filter(|standing| keys.contains(&standing.witness))
            .filter_map(|standing| standing.cosigned_at)
            .collect();
        heard.sort_unstable_by(|one, other| other.cmp(one));
        Ok(quorum.checked_sub(1).and_then(|last| heard.get(last).copied()))
    }

    /// Raises the alarm of an old quorum, or settles it. A house that has just started has [`QUORUM_MAY_AGE`] to hear one.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn watch_quorum(&self, started: Timestamp) -> Result<()> {
        if self.quorum() == 0 {
            return Ok(());
        }
        let reader = self.house.clone();
        let heard = self.house.read("book::quorum", move |view| reader.book().quorum_at(view)).await?;
        let age = self.house.now().duration_since(heard.map_or(started, |heard| heard.max(started)));
        if age > QUORUM_MAY_AGE {
            let says = format!("no quorum of witnesses for {} seconds", age.as_secs());
            self.house.raise(crate::Alarm::QuorumOld, says);
        } else {
            self.house.settle(crate::Alarm::QuorumOld);
        }
        Ok(())
    }
}

/// Writes the witnessed note of a checkpoint, when enough of the settings' witnesses have spoken and none is there yet.
fn vouch(tx: &Tx<'_>, keys: &[String], quorum: usize, size: u64, note: &str) -> Result<()> {
    let said: Vec<(String, String)> = tx.rows(SAID, &bind! { size })?;
    let lines: Vec<&str> =
        said.iter().filter(|(witness, _)| keys.contains(witness)).map(|(_, line)| line.as_str()).collect();
    if quorum > 0 && lines.len() >= quorum {
        let witnessed = format!("{note}{}", lines.concat());
        tx.execute(VOUCH, &bind! { size, witnessed })?;
    }
    Ok(())
}

/// The witnesses of the settings, with their keys read.
pub(crate) fn of_settings(settings: &crate::Settings) -> Result<Vec<Witness>> {
    let mut all: Vec<Witness> = Vec::new();
    for given in &settings.witnesses {
        let wrong = |why: &str| Fault::Settings(format!("ledger.witness {}: {why}", given.url));
        let key: VerifierKey = given.key.parse().map_err(|_| wrong("its key is not a verifier key"))?;
        if key.kind() != ledger::Kind::Cosignature {
            return Err(wrong("its key is not that of a witness (type 04)").into());
        }
        if all.iter().any(|known| known.key == key) {
            return Err(wrong("it is named twice").into());
        }
        all.push(Witness { key, url: given.url.trim_end_matches('/').to_owned() });
    }
    if settings.quorum as usize > all.len() {
        return Err(Fault::Settings("ledger.quorum is larger than the number of witnesses".to_owned()).into());
    }
    Ok(all)
}

impl House {
    /// Raises an alarm; it is said once, and stands until it is settled. Answers whether it is new.
    pub fn raise(&self, alarm: crate::Alarm, says: String) -> bool {
        self.inner().alarms.raise(alarm, self.now(), says)
    }

    /// Settles an alarm.
    pub fn settle(&self, alarm: crate::Alarm) {
        self.inner().alarms.settle(alarm);
    }
}

fn after(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}

impl database::FromRow for Standing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            witness: row.get("witness")?,
            size: row.get("size")?,
            cosigned_at: column::moment_option(row, "cosigned_at")?,
            failures: row.get("failures")?,
            trouble: row.get("trouble")?,
        })
    }
}
