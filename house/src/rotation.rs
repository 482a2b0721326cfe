//! How epochs end: the next is made, every surviving key is wrapped anew under it in bounded batches, the result is
//! looked at, and only then is the old epoch's key destroyed in custody. From that moment every backup of a key that was
//! removed before is dead.
//!
//! The state is in the rows alone, so a rotation that is killed anywhere goes on at the next [`Rotation::step`], in
//! whatever process. Readers and writers go on meanwhile: what a writer still wraps under the old epoch is moved too, and
//! once the old epoch's row is deleted the database itself refuses new keys under it. At most two epochs live.

use std::sync::Arc;

use database::{FromRow, Row, Tx, bind};
use domain::{Actor, Purpose};
use jiff::{SignedDuration, Timestamp};
use seal::{CustodyFault, EpochKey, WrappedKey};
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::keys::{self, EpochRow};
use crate::{Error, Event, EventKind, Fault, House, Refusal, Result, View, column};

const LIVE: &str = "-- rotation::live
    SELECT number, held_as, wrapped, created_at FROM epoch_key ORDER BY number";

const DOOMED: &str = "-- rotation::doomed
    SELECT number, held_as, created_at, retired_at, destroyed_at FROM epoch_history
    WHERE destroyed_at IS NULL ORDER BY number LIMIT 1";

const HISTORY: &str = "-- rotation::history
    SELECT number, held_as, created_at, retired_at, destroyed_at FROM epoch_history ORDER BY number DESC LIMIT :most";

const FIND_PAST: &str = "-- rotation::find_past
    SELECT number, held_as, created_at, retired_at, destroyed_at FROM epoch_history WHERE number = :number";

const FIND_LIVE: &str = "-- rotation::find_live
    SELECT number, held_as, wrapped, created_at FROM epoch_key WHERE number = :number";

const FIND_BURIED: &str = "-- rotation::find_buried
    SELECT number, held_as, wrapped, created_at FROM epoch_history WHERE number = :number AND wrapped IS NOT NULL";

const UNDER: &str = "-- rotation::under
    SELECT report_id, name, wrapped FROM keystore WHERE epoch = :epoch ORDER BY report_id, name LIMIT :most";

const MOVE: &str = "-- rotation::move
    UPDATE keystore SET epoch = :to, wrapped = :wrapped
    WHERE report_id = :report_id AND name = :name AND epoch = :from";

const SAMPLE: &str = "-- rotation::sample
    SELECT report_id, name, wrapped FROM keystore WHERE epoch = :epoch AND report_id >= :from
    ORDER BY report_id, name LIMIT :most";

const LOCK: &str = "-- rotation::lock
    SELECT number, held_as, wrapped, created_at FROM epoch_key WHERE number = :number {for_update}";

const LEFT: &str = "-- rotation::left
    SELECT COUNT(*) FROM keystore WHERE epoch = :number";

const RETIRE: &str = "-- rotation::retire
    DELETE FROM epoch_key WHERE number = :number";

const REMEMBER: &str = "-- rotation::remember
    INSERT INTO epoch_history (number, held_as, wrapped, created_at, retired_at)
    VALUES (:number, :held_as, :wrapped, :created_at, :retired_at)";

const DESTROYED: &str = "-- rotation::destroyed
    UPDATE epoch_history SET destroyed_at = :now WHERE number = :number AND destroyed_at IS NULL";

/// Keys that are moved in one transaction.
const BATCH: u32 = 1_000;
/// Keys that are opened, by what custody says and not by what memory holds, before an old epoch goes: some from the
/// lowest report on, some from a place that chance picks.
const SAMPLED: u32 = 32;
/// Steps of one call, so that a caller comes back to look at its bell.
const MOST_STEPS: usize = 100_000;

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// There is nothing to do.
    Idle,
    /// The next epoch was made.
    Began {
        /// Its number.
        epoch: u32,
    },
    /// Keys were wrapped anew.
    Moved {
        /// How many.
        keys: usize,
    },
    /// No key is left under this epoch, and none can be made under it any more.
    Retired {
        /// Its number.
        epoch: u32,
    },
    /// Its key is destroyed in custody.
    Destroyed {
        /// Its number.
        epoch: u32,
    },
}

/// An epoch that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastEpoch {
    /// Its number.
    pub number: u32,
    /// Name of the key in custody that sealed it; `None` when that was the root.
    pub held_as: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// Since when no key is under it.
    pub retired_at: Timestamp,
    /// When its key was destroyed, if it is.
    pub destroyed_at: Option<Timestamp>,
}

/// An epoch that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEpoch {
    /// Its number.
    pub number: u32,
    /// Name of the key in custody that seals it; `None` for one that the root seals, from before custody.
    pub held_as: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// Keys that are wrapped under it.
    pub keys: u64,
}

impl FromRow for PastEpoch {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            number: row.get("number")?,
            held_as: row.get("held_as")?,
            created_at: column::moment(row, "created_at")?,
            retired_at: column::moment(row, "retired_at")?,
            destroyed_at: column::moment_option(row, "destroyed_at")?,
        })
    }
}

/// The epochs of a house and their end.
pub struct Rotation<'a> {
    house: &'a House,
}

impl House {
    /// The epochs and their end.
    #[must_use]
    pub fn rotation(&self) -> Rotation<'_> {
        Rotation { house: self }
    }
}

/// The epochs that live, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn live(view: &View<'_>) -> Result<Vec<LiveEpoch>> {
    let with_keys = |row: EpochRow| {
        let keys = view.tx().get(LEFT, &bind! { number: row.number })?;
        Ok(LiveEpoch { number: row.number, held_as: row.held_as, created_at: row.created_at, keys })
    };
    view.tx().rows::<EpochRow>(LIVE, &bind! {})?.into_iter().map(with_keys).collect()
}

/// The epochs that are over, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn history(view: &View<'_>, most: u32) -> Result<Vec<PastEpoch>> {
    Ok(view.tx().rows(HISTORY, &bind! { most })?)
}

/// One epoch that is over.
///
/// # Errors
/// A fault of the database.
pub fn past(view: &View<'_>, number: u32) -> Result<Option<PastEpoch>> {
    Ok(view.tx().find(FIND_PAST, &bind! { number })?)
}

/// Under which epoch keys are made now, the newest that lives.
///
/// # Errors
/// A fault of the database.
pub fn newest(view: &View<'_>) -> Result<u32> {
    let rows = view.tx().rows::<EpochRow>(LIVE, &bind! {})?;
    Ok(rows.last().ok_or(Fault::Row { what: "epoch" })?.number)
}

impl Rotation<'_> {
    /// Rotates when the newest epoch is as old as the settings allow, and ends what was begun. Answers what was done last.
    ///
    /// # Errors
    /// A fault of the database or of custody. What was done stays done.
    pub async fn run(&self) -> Result<Turn> {
        self.through(None).await
    }

    /// The same, and goes on until this epoch is destroyed, whatever its age.
    ///
    /// # Errors
    /// As [`Rotation::run`].
    pub async fn run_through(&self, epoch: u32) -> Result<Turn> {
        self.through(Some(epoch)).await
    }

    async fn through(&self, epoch: Option<u32>) -> Result<Turn> {
        let mut last = Turn::Idle;
        for _ in 0..MOST_STEPS {
            match self.step(epoch).await? {
                Turn::Idle => break,
                turn => last = turn,
            }
        }
        Ok(last)
    }

    /// One step: at most one transaction, or one word with custody. `through` is an epoch that must end now.
    ///
    /// # Errors
    /// As [`Rotation::run`].
    pub async fn step(&self, through: Option<u32>) -> Result<Turn> {
        let (live, doomed) = self.state().await?;
        if let Some(past) = doomed {
            return self.destroy(past).await;
        }
        let (newest, old) = live.split_last().ok_or(Fault::Row { what: "epoch" })?;
        // From before custody: the newest, too, is only sealed under the root.
        if newest.held_as.is_none() || old.is_empty() {
            let now = self.house.now();
            let is_due = now.duration_since(newest.created_at) >= self.house.inner().rotate_every
                || newest.held_as.is_none()
                || through.is_some_and(|epoch| epoch >= newest.number);
            if !is_due {
                return Ok(Turn::Idle);
            }
            self.house.inner().keys.begin(&self.house.inner().database, now).await?;
            return Ok(Turn::Began { epoch: newest.number + 1 });
        }
        let (from, to) = (old[0].number, newest.clone());
        match self.move_batch(from, to.number).await? {
            0 => self.retire(from, to).await,
            keys => Ok(Turn::Moved { keys }),
        }
    }

    async fn state(&self) -> Result<(Vec<EpochRow>, Option<PastEpoch>)> {
        let read = self.house.read("rotation::state", |view| {
            Ok((
                view.tx().rows::<EpochRow>(LIVE, &bind! {})?,
                view.tx().find::<PastEpoch>(DOOMED, &bind! {})?,
            ))
        });
        read.await
    }

    async fn move_batch(&self, from: u32, to: u32) -> Result<usize> {
        for _ in 0..keys::TRIES {
            let ring = Arc::clone(&self.house.inner().keys);
            let moved = self.house.write("rotation::move", move |tx| {
                let known = |number| ring.known(number).ok_or(Fault::StaleKeys);
                moved(tx, &known(from)?, &known(to)?, ring.random())
            });
            match moved.await {
                Err(Error::Fault(Fault::StaleKeys)) => self.refresh().await?,
                moved => return moved,
            }
        }
        Err(Fault::StaleKeys.into())
    }

    async fn refresh(&self) -> Result<()> {
        let inner = self.house.inner();
        inner.keys.refresh(&inner.database, self.house.now()).await
    }

    /// Ends an epoch once no key is under it and the ones that survive are shown to open.
    async fn retire(&self, from: u32, to: EpochRow) -> Result<Turn> {
        self.prove(to).await?;
        let retired = self.house.act(Actor::House, Purpose::Retention, "rotation::retire", move |act| {
            // Who is about to make a key under it holds its row, so this waits for them and then counts them.
            let row: EpochRow = act.tx().find(LOCK, &bind! { number: from })?.ok_or(Refusal::Conflict)?;
            if act.tx().get::<u64>(LEFT, &bind! { number: from })? > 0 {
                return Err(Refusal::Conflict.into());
            }
            act.tx().execute(RETIRE, &bind! { number: from })?;
            // What the root seals opens as long as the root does, so it does not stay.
            let wrapped = row.held_as.is_some().then_some(row.wrapped);
            let (created_at, retired_at) = (column::micros(row.created_at), column::micros(act.now()));
            let past = bind! { number: from, held_as: row.held_as.clone(), wrapped, created_at, retired_at };
            act.tx().execute(REMEMBER, &past)?;
            act.note(Event::of_house(EventKind::EpochRetired).with(json!({ "epoch": from })))?;
            Ok(())
        });
        match retired.await {
            // A writer was quicker: its key is moved with the next step. Or another process retired it.
            Err(Error::Refusal(Refusal::Conflict)) => Ok(Turn::Moved { keys: 0 }),
            Err(error) => Err(error),
            Ok(()) => {
                self.refresh().await?;
                Ok(Turn::Retired { epoch: from })
            }
        }
    }

    /// Opens a sample of the surviving keys with the new epoch's key as custody gives it out now, not as memory holds it:
    /// a key that custody has lost must not be the only one that is left.
    async fn prove(&self, to: EpochRow) -> Result<()> {
        let (epoch, ring) = (to.number, Arc::clone(&self.house.inner().keys));
        let afresh = spawn_blocking(move || ring.opened_afresh(&to));
        let afresh = afresh.await.map_err(|_| Fault::Stopped { what: "opening an epoch key" })??;
        let chance = u64::from_be_bytes(seal::random::bytes(&**self.house.random())?);
        let sampled = self.house.read("rotation::sample", move |view| {
            // Reports are numbered from a million on; beyond the last one the sample is empty and does no harm.
            let somewhere = 1_000_001 + chance % 16_777_216;
            for from in [0, somewhere] {
                let sample = view.tx().rows::<Stored>(SAMPLE, &bind! { epoch, from, most: SAMPLED })?;
                sample.iter().try_for_each(|key| key.opened(&afresh).map(drop))?;
            }
            Ok(())
        });
        sampled.await
    }

    /// Whether a data key of this epoch, report and name, as a backup holds it, can still be opened by anybody who has all
    /// that the house has: the row of the epoch, and custody. Asks custody itself and not what memory holds.
    ///
    /// # Errors
    /// A fault of the database, or of custody other than that the key is gone.
    pub async fn opens_still(
        &self,
        number: u32,
        (report, name): (u64, &str),
        wrapped: Vec<u8>,
    ) -> Result<bool> {
        let found = self.house.read("rotation::held", move |view| {
            let live: Option<EpochRow> = view.tx().find(FIND_LIVE, &bind! { number })?;
            match live {
                Some(row) => Ok(Some(row)),
                None => Ok(view.tx().find(FIND_BURIED, &bind! { number })?),
            }
        });
        // An epoch of which not even the sealed words are left opens nothing here; what the root sealed is told apart by
        // who asks.
        let Some(row) = found.await? else { return Ok(false) };
        let (ring, context) = (Arc::clone(&self.house.inner().keys), keys::context(report, name));
        let tried = spawn_blocking(move || match ring.opened_afresh(&row) {
            Ok(epoch) => Ok(epoch.unwrap(&WrappedKey(wrapped), context.as_bytes()).is_ok()),
            Err(Error::Fault(Fault::Custody(CustodyFault::Gone { .. }))) => Ok(false),
            Err(error) => Err(error),
        });
        tried.await.map_err(|_| Fault::Stopped { what: "trying an epoch key" })?
    }

    async fn destroy(&self, past: PastEpoch) -> Result<Turn> {
        let (ring, number) = (Arc::clone(&self.house.inner().keys), past.number);
        if let Some(name) = past.held_as {
            ring.forget(name).await?;
        }
        self.forget_litter(number).await?;
        let destroyed = self.house.act(Actor::House, Purpose::Retention, "rotation::destroyed", move |act| {
            if act.tx().execute(DESTROYED, &bind! { now: column::micros(act.now()), number })? == 0 {
                return Err(Refusal::Conflict.into());
            }
            act.note(Event::of_house(EventKind::EpochDestroyed).with(json!({ "epoch": number })))?;
            Ok(())
        });
        match destroyed.await {
            Ok(()) | Err(Error::Refusal(Refusal::Conflict)) => Ok(Turn::Destroyed { epoch: number }),
            Err(error) => Err(error),
        }
    }

    /// Keys that a process made in custody and did not live to use. Only what was made for this epoch or an earlier one:
    /// nobody begins those any more.
    async fn forget_litter(&self, upto: u32) -> Result<()> {
        let ring = Arc::clone(&self.house.inner().keys);
        let custody = Arc::clone(ring.custody());
        let names = spawn_blocking(move || custody.names());
        let names = names.await.map_err(|_| Fault::Stopped { what: "listing the epoch keys" })??;
        for name in names {
            if ring.number_in(&name).is_some_and(|number| number <= upto) {
                ring.forget(name).await?;
            }
        }
        Ok(())
    }
}

/// A data key as it is stored.
struct Stored {
    report_id: u64,
    name: String,
    wrapped: Vec<u8>,
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { report_id: row.get("report_id")?, name: row.get("name")?, wrapped: row.get("wrapped")? })
    }
}

impl Stored {
    fn opened(&self, epoch: &EpochKey) -> Result<seal::DataKey> {
        let context = keys::context(self.report_id, &self.name);
        Ok(epoch.unwrap(&WrappedKey(self.wrapped.clone()), context.as_bytes())?)
    }
}

fn moved(tx: &Tx<'_>, from: &EpochKey, to: &EpochKey, random: &dyn seal::Random) -> Result<usize> {
    let stored = tx.rows::<Stored>(UNDER, &bind! { epoch: from.number(), most: BATCH })?;
    let anew = stored.iter().map(|key| {
        let context = keys::context(key.report_id, &key.name);
        let wrapped = to.wrap(&key.opened(from)?, context.as_bytes(), random)?.0;
        let (report_id, name) = (key.report_id, key.name.as_str());
        Ok(bind! { to: to.number(), wrapped, report_id, name, from: from.number() })
    });
    let anew = anew.collect::<Result<Vec<_>>>()?;
    tx.many(MOVE, &anew)?;
    Ok(anew.len())
}

/// How long an epoch lasts when nothing else is said.
pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);
