//! The key ring: the epoch keys that live, and one data key per report and per blob, in rows.
//!
//! A data key's row is all there is of it, sealed under an epoch key. An epoch key's row is sealed by custody, under a
//! key that never leaves it and that no backup holds. Deleting a data key's row destroys what it sealed, wherever copies
//! of the sealed bytes lie; once the epoch's key in custody is destroyed ([`crate::rotation`]), also for whoever kept a
//! copy of both rows.
//!
//! Custody may be as slow as a network, so no transaction asks it. A transaction that meets an epoch that this process
//! does not know gives up with [`Fault::StaleKeys`], and is run again once the ring was refreshed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use database::{Args, Constraint, Database, FromRow, Row, Tx, bind};
use domain::ReportId;
use jiff::{SignedDuration, Timestamp};
use seal::{Custody, CustodyFault, DataKey, EpochKey, IndexKey, Random, RootKey, WrappedKey};
use tokio::task::spawn_blocking;

use crate::vault::Kept;
use crate::{Error, Fault, Result};

const LIVE: &str = "-- keys::live
    SELECT number, held_as, wrapped, created_at FROM epoch_key ORDER BY number";

const LAST: &str = "-- keys::last
    SELECT COALESCE(MAX(number), 0) AS number FROM
        (SELECT number FROM epoch_key UNION ALL SELECT number FROM epoch_history) AS known";

const INSERT_EPOCH: &str = "-- keys::insert_epoch
    INSERT INTO epoch_key (number, held_as, wrapped, created_at) VALUES (:number, :held_as, :wrapped, :created_at)
    ON CONFLICT (number) DO NOTHING";

const INSERT_KEY: &str = "-- keys::insert_key
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at)
    VALUES (:report_id, :name, :epoch, :wrapped, :created_at)";

const INSERT_HOUSE_KEY: &str = "-- keys::insert_house_key
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at)
    VALUES (:report_id, :name, :epoch, :wrapped, :created_at)
    ON CONFLICT (report_id, name) DO NOTHING";

const FIND_KEY: &str = "-- keys::find_key
    SELECT epoch, wrapped FROM keystore WHERE report_id = :report_id AND name = :name";

const INSERT_DERIVED: &str = "-- keys::insert_derived
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at, derived_from)
    VALUES (:report_id, :name, :epoch, :wrapped, :created_at, :derived_from)";

const DERIVED: &str = "-- keys::derived
    SELECT name FROM keystore WHERE report_id = :report_id AND derived_from = :name ORDER BY name";

const DESTROY_KEY: &str = "-- keys::destroy_key
    DELETE FROM keystore WHERE report_id = :report_id AND name = :name";

const DESTROY_KEYS: &str = "-- keys::destroy_keys
    DELETE FROM keystore WHERE report_id = :report_id";

/// Name of the key of a report's sealed columns.
pub(crate) const REPORT: &str = "report";
const HOUSE: &str = "house";
/// No report has this number, so the house's own keys stand under it.
pub(crate) const NO_REPORT: u64 = 0;
/// How long a process may go on without looking which epochs live. So long at most does it hold a destroyed one.
const LOOK: SignedDuration = SignedDuration::from_secs(60);
/// Times that a transaction is run again for keys that it did not know.
pub(crate) const TRIES: usize = 4;

const SELECTOR_LABEL: &str = "store/selector-index/v1";
const SECRET_LABEL: &str = "store/secret-index/v1";
const LEDGER_LABEL: &str = "store/ledger-signing/v1";
const PACKAGE_LABEL: &str = "store/package-signing/v1";
const RECEIPT_LABEL: &str = "store/receipt-signing/v1";
const NAME_LABEL: &str = "house/custody-name/v1";

/// The keys that a house holds in memory.
pub(crate) struct KeyRing {
    root: RootKey,
    custody: Arc<dyn Custody>,
    /// Tells this house's keys from others' in one custody.
    mark: String,
    live: RwLock<Live>,
    house: OnceLock<DataKey>,
    selectors: IndexKey,
    secrets: IndexKey,
    random: Arc<dyn Random>,
}

/// What was dropped of one blob.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Keys of the blob and of everything that was made from it.
    pub keys: u64,
    /// The blob's own key as a backup holds it: its epoch, and its wrapped bytes.
    pub own: Option<(u32, Vec<u8>)>,
}

/// The epochs that live, as this process last saw them.
#[derive(Default)]
struct Live {
    /// Under which new keys are wrapped.
    current: Option<u32>,
    keys: BTreeMap<u32, EpochKey>,
    looked_at: Option<Timestamp>,
}

/// The row of an epoch.
#[derive(Debug, Clone)]
pub(crate) struct EpochRow {
    pub number: u32,
    /// Name of the key in custody that seals it; `None` for one that the root seals, from before custody.
    pub held_as: Option<String>,
    pub wrapped: Vec<u8>,
    pub created_at: Timestamp,
}

impl FromRow for EpochRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            number: row.get("number")?,
            held_as: row.get("held_as")?,
            wrapped: row.get("wrapped")?,
            created_at: crate::column::moment(row, "created_at")?,
        })
    }
}

impl KeyRing {
    pub(crate) fn new(root: RootKey, custody: Arc<dyn Custody>, random: Arc<dyn Random>) -> Result<Self> {
        let selectors = IndexKey::from_bytes(root.derive(SELECTOR_LABEL)?);
        let secrets = IndexKey::from_bytes(root.derive(SECRET_LABEL)?);
        let mark = seal::hex(&root.derive(NAME_LABEL)?[..4]);
        let (live, house) = (RwLock::default(), OnceLock::new());
        Ok(Self { root, custody, mark, live, house, selectors, secrets, random })
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.random
    }

    pub(crate) fn custody(&self) -> &Arc<dyn Custody> {
        &self.custody
    }

    pub(crate) fn selector_digest(&self, selector: &[u8]) -> [u8; 32] {
        seal::keyed(&self.selectors, selector)
    }

    pub(crate) fn secret_digest(&self, secret: &[u8]) -> [u8; 32] {
        seal::keyed(&self.secrets, secret)
    }

    /// The seed of the key that signs checkpoints.
    pub(crate) fn ledger_seed(&self) -> Result<[u8; 32]> {
        Ok(self.root.derive(LEDGER_LABEL)?)
    }

    /// The seed of the key that signs the manifests of packages.
    pub(crate) fn package_seed(&self) -> Result<[u8; 32]> {
        Ok(self.root.derive(PACKAGE_LABEL)?)
    }

    /// The seed of the key that signs receipts.
    pub(crate) fn receipt_seed(&self) -> Result<[u8; 32]> {
        Ok(self.root.derive(RECEIPT_LABEL)?)
    }

    /// The key of secrets that belong to no report.
    pub(crate) fn house(&self) -> &DataKey {
        // INVARIANT: `open` runs before the house is handed to anyone.
        self.house.get().expect("the house key is there before the first transaction")
    }

    /// Learns the epochs, makes the first, and makes or finds the house's own key.
    pub(crate) async fn open(self: &Arc<Self>, database: &Database, now: Timestamp) -> Result<()> {
        self.refresh(database, now).await?;
        if self.current().is_none() {
            self.begin(database, now).await?;
        }
        for _ in 0..TRIES {
            let ring = Arc::clone(self);
            let found =
                database.write::<_, Error, _>("keys::open", move |tx| find_or_make(tx, &ring, now, HOUSE));
            match found.await {
                Err(Error::Fault(Fault::StaleKeys)) => self.refresh(database, now).await?,
                found => {
                    let key = found?;
                    self.house.get_or_init(|| key);
                    return Ok(());
                }
            }
        }
        Err(Fault::StaleKeys.into())
    }

    /// Looks which epochs live, unless that was done a moment ago.
    pub(crate) async fn ready(self: &Arc<Self>, database: &Database, now: Timestamp) -> Result<()> {
        let looked_at = self.live.read().unwrap_or_else(PoisonError::into_inner).looked_at;
        match looked_at {
            Some(at) if now.duration_since(at) < LOOK => Ok(()),
            _ => self.refresh(database, now).await,
        }
    }

    /// Learns the epochs that live and forgets, clearing them from memory, the ones that do not.
    pub(crate) async fn refresh(self: &Arc<Self>, database: &Database, now: Timestamp) -> Result<()> {
        let rows = database.read::<_, Error, _>("keys::live", |tx| Ok(tx.rows::<EpochRow>(LIVE, &bind! {})?));
        let (rows, ring) = (rows.await?, Arc::clone(self));
        let live = spawn_blocking(move || ring.opened(&rows, now));
        let live = live.await.map_err(|_| Fault::Stopped { what: "opening the epoch keys" })??;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
        Ok(())
    }

    /// Blocks for as long as custody does.
    fn opened(&self, rows: &[EpochRow], now: Timestamp) -> Result<Live> {
        let mut live = Live { looked_at: Some(now), ..Live::default() };
        for row in rows {
            let key = match self.known(row.number) {
                Some(key) => key,
                None => match self.opened_afresh(row) {
                    // It was destroyed since its row was read.
                    Err(Error::Fault(Fault::Custody(CustodyFault::Gone { .. })))
                        if rows.last().is_some_and(|last| last.number > row.number) =>
                    {
                        continue;
                    }
                    key => key?,
                },
            };
            live.keys.insert(row.number, key);
            live.current = row.held_as.as_ref().map(|_| row.number).or(live.current);
        }
        Ok(live)
    }

    /// Opens an epoch by what its row says, whatever memory holds. Blocks for as long as custody does.
    pub(crate) fn opened_afresh(&self, row: &EpochRow) -> Result<EpochKey> {
        let wrapped = WrappedKey(row.wrapped.clone());
        Ok(match &row.held_as {
            Some(name) => EpochKey::unwrapped_by(&*self.custody, name, row.number, &wrapped)?,
            None => self.root.unwrap_epoch(row.number, &wrapped)?,
        })
    }

    /// Makes the next epoch. Of processes that do so at once one makes it, and the others find it.
    pub(crate) async fn begin(self: &Arc<Self>, database: &Database, now: Timestamp) -> Result<()> {
        let last = database.read::<_, Error, _>("keys::last", |tx| Ok(tx.get::<u32>(LAST, &bind! {})?));
        let (number, ring) = (last.await? + 1, Arc::clone(self));
        let made = spawn_blocking(move || ring.made(number));
        let (name, wrapped) = made.await.map_err(|_| Fault::Stopped { what: "making an epoch key" })??;
        let held_as = name.clone();
        let first = database.write::<_, Error, _>("keys::begin", move |tx| {
            let (held_as, wrapped) = (held_as.as_str(), wrapped.as_slice());
            let row = bind! { number, held_as, wrapped, created_at: now.as_microsecond() };
            Ok(tx.execute(INSERT_EPOCH, &row)? == 1)
        });
        if !first.await? {
            self.forget(name).await?;
        }
        self.refresh(database, now).await
    }

    fn made(&self, number: u32) -> Result<(String, Vec<u8>)> {
        let chance: [u8; 4] = seal::random::bytes(self.random())?;
        let name = format!("{}{}", self.prefix(number), seal::hex(&chance));
        self.custody.create(&name)?;
        let key = EpochKey::generate(number, self.random())?;
        let wrapped = key.wrapped_by(&*self.custody, &name)?.0;
        Ok((name, wrapped))
    }

    /// How the names begin of keys that custody holds for an epoch.
    fn prefix(&self, number: u32) -> String {
        format!("e{number}-{}-", self.mark)
    }

    /// The epoch that a name in custody was made for, if it is one of this house.
    pub(crate) fn number_in(&self, name: &str) -> Option<u32> {
        let number = name.strip_prefix('e')?.split('-').next()?.parse().ok()?;
        name.starts_with(&self.prefix(number)).then_some(number)
    }

    /// Destroys a key in custody.
    pub(crate) async fn forget(self: &Arc<Self>, name: String) -> Result<()> {
        let ring = Arc::clone(self);
        let gone = spawn_blocking(move || ring.custody.destroy(&name));
        Ok(gone.await.map_err(|_| Fault::Stopped { what: "destroying an epoch key" })??)
    }

    pub(crate) fn known(&self, number: u32) -> Option<EpochKey> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).keys.get(&number).cloned()
    }

    /// The epoch under which new keys are wrapped.
    pub(crate) fn current(&self) -> Option<EpochKey> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        live.current.and_then(|number| live.keys.get(&number).cloned())
    }

    fn row(&self, now: Timestamp, report_id: u64, name: String, key: &DataKey) -> Result<database::Args> {
        let epoch = self.current().ok_or(Fault::StaleKeys)?;
        let wrapped = epoch.wrap(key, context(report_id, &name).as_bytes(), self.random())?.0;
        Ok(bind! { report_id, name, epoch: epoch.number(), wrapped, created_at: now.as_microsecond() })
    }
}

/// What a key is bound to. A blob's key is bound to its own name, which is unique.
pub(crate) fn context(report_id: u64, name: &str) -> String {
    match name {
        REPORT | HOUSE => format!("{name}/{report_id}"),
        blob => blob.to_owned(),
    }
}

/// Writes a key's row. An epoch whose row is gone refuses new keys, so none is ever wrapped under a destroyed one.
fn insert(tx: &Tx<'_>, sql: &'static str, row: &database::Args) -> Result<()> {
    Ok(tx.put(sql, row)?)
}

/// Whether a key could not be written because its epoch is gone, whichever statement was told of it.
pub(crate) fn are_stale(fault: &database::Fault) -> bool {
    let named = |statement| {
        ["keys::insert_key", "keys::insert_derived", "keys::insert_house_key"].contains(statement)
    };
    matches!(fault, database::Fault::Constraint { kind: Constraint::ForeignKey, statement, .. } if named(statement))
}

/// Makes and stores a key.
pub(crate) fn make(
    tx: &Tx<'_>,
    ring: &KeyRing,
    now: Timestamp,
    report_id: u64,
    name: &'static str,
) -> Result<DataKey> {
    let key = DataKey::generate(ring.random())?;
    insert(tx, INSERT_KEY, &ring.row(now, report_id, name.to_owned(), &key)?)?;
    Ok(key)
}

/// Finds a key that belongs to no report, or makes it. Of those who make it at once one does, and the others find it.
pub(crate) fn find_or_make(tx: &Tx<'_>, ring: &KeyRing, now: Timestamp, name: &str) -> Result<DataKey> {
    if let Some(key) = find(tx, ring, NO_REPORT, name)? {
        return Ok(key);
    }
    let row = ring.row(now, NO_REPORT, name.to_owned(), &DataKey::generate(ring.random())?)?;
    insert(tx, INSERT_HOUSE_KEY, &row)?;
    Ok(find(tx, ring, NO_REPORT, name)?.ok_or(Fault::Row { what: "key of the house" })?)
}

/// Stores the key of a blob that was written before this act.
pub(crate) fn adopt(
    tx: &Tx<'_>,
    ring: &KeyRing,
    now: Timestamp,
    report: ReportId,
    kept: &Kept,
) -> Result<()> {
    insert(tx, INSERT_KEY, &ring.row(now, report.get(), kept.blob.key_name(), kept.key())?)
}

/// Stores the key of a blob that was made from another one of the same report, and is destroyed with it.
pub(crate) fn adopt_derived(
    tx: &Tx<'_>,
    ring: &KeyRing,
    now: Timestamp,
    report: ReportId,
    (kept, from): (&Kept, &str),
) -> Result<()> {
    let row = ring.row(now, report.get(), kept.blob.key_name(), kept.key())?;
    insert(tx, INSERT_DERIVED, &row.with("derived_from", from))
}

/// The names of keys and of everything that was made from what they open, and from that, and so on.
fn line_of(tx: &Tx<'_>, report: ReportId, names: &[&str]) -> Result<Vec<String>> {
    let mut line: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut at = 0;
    while let Some(name) = line.get(at) {
        let derived: Vec<String> =
            tx.rows(DERIVED, &bind! { report_id: report.get(), name: name.as_str() })?;
        line.extend(derived.into_iter().filter(|next| !line.contains(next)).collect::<Vec<_>>());
        at += 1;
    }
    Ok(line)
}

/// Whether the row of the house's own key still opens, whatever memory holds.
pub(crate) fn house_opens(tx: &Tx<'_>, ring: &KeyRing) -> Result<bool> {
    match find(tx, ring, NO_REPORT, HOUSE) {
        Ok(found) => Ok(found.is_some()),
        Err(Error::Fault(Fault::Seal(_))) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Finds and unwraps a key; `None` when it was never made or is destroyed.
pub(crate) fn find(tx: &Tx<'_>, ring: &KeyRing, report_id: u64, name: &str) -> Result<Option<DataKey>> {
    Ok(find_all(tx, ring, report_id, &[name])?.pop().flatten())
}

/// The question for a key.
pub(crate) fn asked(report: ReportId, name: &str) -> (&'static str, Args) {
    (FIND_KEY, bind! { report_id: report.get(), name })
}

/// As [`find`], for several names of one report, asked for together.
pub(crate) fn find_all<N: AsRef<str>>(
    tx: &Tx<'_>,
    ring: &KeyRing,
    report_id: u64,
    names: &[N],
) -> Result<Vec<Option<DataKey>>> {
    let asked: Vec<_> =
        names.iter().map(|name| (FIND_KEY, bind! { report_id, name: name.as_ref() })).collect();
    let rows = tx.rows_all::<(u32, Vec<u8>)>(&asked)?.into_iter().zip(names);
    let unwrapped = rows.map(|(mut rows, name)| {
        let Some((epoch, wrapped)) = rows.pop() else { return Ok(None) };
        let epoch = ring.known(epoch).ok_or(Fault::StaleKeys)?;
        Ok(Some(epoch.unwrap(&WrappedKey(wrapped), context(report_id, name.as_ref()).as_bytes())?))
    });
    unwrapped.collect()
}

/// The keys of reports, asked for together; `None` for one that is not there or does not open.
pub(crate) fn of_reports(tx: &Tx<'_>, ring: &KeyRing, reports: &[ReportId]) -> Result<Vec<Option<DataKey>>> {
    let asked: Vec<_> = reports.iter().map(|report| asked(*report, REPORT)).collect();
    let rows = tx.rows_all::<(u32, Vec<u8>)>(&asked)?;
    let unwrapped = rows.into_iter().zip(reports).map(|(mut rows, report)| {
        let Some((epoch, wrapped)) = rows.pop() else { return Ok(None) };
        let epoch = ring.known(epoch).ok_or(Fault::StaleKeys)?;
        Ok(epoch.unwrap(&WrappedKey(wrapped), context(report.get(), REPORT).as_bytes()).ok())
    });
    unwrapped.collect()
}

/// Destroys the key of one blob.
pub(crate) fn destroy_blob(tx: &Tx<'_>, report: ReportId, name: &str) -> Result<u64> {
    Ok(tx.execute(DESTROY_KEY, &bind! { report_id: report.get(), name })?)
}

/// Destroys the key of one blob and of everything that was made from it.
pub(crate) fn destroy_line(
    tx: &Tx<'_>,
    report: ReportId,
    (name, rendition): (&str, &str),
) -> Result<Dropped> {
    let own = tx.find::<(u32, Vec<u8>)>(FIND_KEY, &bind! { report_id: report.get(), name })?;
    let mut dropped = Dropped { keys: 0, own };
    for name in line_of(tx, report, &[name, rendition])? {
        dropped.keys += destroy_blob(tx, report, &name)?;
    }
    Ok(dropped)
}

/// Destroys every key of a report.
pub(crate) fn destroy(tx: &Tx<'_>, report: ReportId) -> Result<u64> {
    Ok(tx.execute(DESTROY_KEYS, &bind! { report_id: report.get() })?)
}
