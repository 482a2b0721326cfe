//! The key ring: root key, a key for each UTC day, and one data key per report and per blob, in rows.
//!
//! A data key's row is all there is of it. Deleting the row destroys what the key sealed, wherever copies of the
//! sealed bytes lie; once the day's key is destroyed too, also for whoever kept a copy of the row.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use database::{Database, Tx, bind};
use domain::ReportId;
use jiff::Timestamp;
use seal::{Custody, DataKey, EpochKey, IndexKey, Random, RootKey, WrappedKey};

use crate::vault::Kept;
use crate::{Error, Fault, Result};

const INSERT_EPOCH: &str = "-- keys::insert_epoch
    INSERT INTO epoch_key (number, wrapped, created_at) VALUES (:number, :wrapped, :created_at)
    ON CONFLICT (number) DO NOTHING";

const GET_EPOCH: &str = "-- keys::get_epoch
    SELECT wrapped FROM epoch_key WHERE number = :number";

const INSERT_KEY: &str = "-- keys::insert_key
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at)
    VALUES (:report_id, :name, :epoch, :wrapped, :created_at)";

const INSERT_HOUSE_KEY: &str = "-- keys::insert_house_key
    INSERT INTO keystore (report_id, name, epoch, wrapped, created_at)
    VALUES (:report_id, :name, :epoch, :wrapped, :created_at)
    ON CONFLICT (report_id, name) DO NOTHING";

const FIND_KEY: &str = "-- keys::find_key
    SELECT epoch, wrapped FROM keystore WHERE report_id = :report_id AND name = :name";

const DESTROY_KEY: &str = "-- keys::destroy_key
    DELETE FROM keystore WHERE report_id = :report_id AND name = :name";

const DESTROY_KEYS: &str = "-- keys::destroy_keys
    DELETE FROM keystore WHERE report_id = :report_id";

/// Name of the key of a report's sealed columns.
pub(crate) const REPORT: &str = "report";
const HOUSE: &str = "house";
/// No report has this number, so the house's own keys stand under it.
const NO_REPORT: u64 = 0;
const SECONDS_OF_DAY: i64 = 86_400;

const SELECTOR_LABEL: &str = "store/selector-index/v1";
const SECRET_LABEL: &str = "store/secret-index/v1";
const LEDGER_LABEL: &str = "store/ledger-signing/v1";
const PACKAGE_LABEL: &str = "store/package-signing/v1";
const RECEIPT_LABEL: &str = "store/receipt-signing/v1";

/// The keys that a house holds in memory.
pub(crate) struct KeyRing {
    root: RootKey,
    epochs: RwLock<BTreeMap<u32, EpochKey>>,
    house: OnceLock<DataKey>,
    selectors: IndexKey,
    secrets: IndexKey,
    random: Arc<dyn Random>,
}

impl KeyRing {
    pub(crate) fn new(root: RootKey, random: Arc<dyn Random>) -> Result<Self> {
        let selectors = IndexKey::from_bytes(root.derive(SELECTOR_LABEL)?);
        let secrets = IndexKey::from_bytes(root.derive(SECRET_LABEL)?);
        Ok(Self { root, epochs: RwLock::default(), house: OnceLock::new(), selectors, secrets, random })
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.random
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

    /// Makes or finds the house's own key.
    pub(crate) async fn open(self: &Arc<Self>, database: &Database, now: Timestamp) -> Result<()> {
        self.ready(database, now).await?;
        let ring = Arc::clone(self);
        let found = database.write::<_, Error, _>("keys::open", move |tx| {
            let row = wrapped_now(&ring, now, NO_REPORT, HOUSE, &DataKey::generate(ring.random())?)?;
            tx.execute(INSERT_HOUSE_KEY, &row)?;
            find(tx, &ring, NO_REPORT, HOUSE)
        });
        let key = found.await?.ok_or(Fault::Row { what: "house key" })?;
        self.house.get_or_init(|| key);
        Ok(())
    }

    /// Sees to it that the day's key is durable and in memory, before anything is wrapped under it.
    pub(crate) async fn ready(self: &Arc<Self>, database: &Database, now: Timestamp) -> Result<()> {
        let number = epoch_of(now)?;
        if self.known(number).is_some() {
            return Ok(());
        }
        let ring = Arc::clone(self);
        let made = database.write::<_, Error, _>("keys::ready", move |tx| {
            let fresh = EpochKey::generate(number, ring.random())?;
            let wrapped = ring.root.wrap_epoch(&fresh, ring.random())?.0;
            tx.execute(INSERT_EPOCH, &bind! { number, wrapped, created_at: now.as_microsecond() })?;
            Ok(tx.get::<Vec<u8>>(GET_EPOCH, &bind! { number })?)
        });
        // Kept in memory only now: a key that was rolled back must wrap nothing.
        self.keep(number, made.await?)?;
        Ok(())
    }

    fn known(&self, number: u32) -> Option<EpochKey> {
        self.epochs.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    fn keep(&self, number: u32, wrapped: Vec<u8>) -> Result<EpochKey> {
        let key = self.root.unwrap_epoch(number, &WrappedKey(wrapped))?;
        self.epochs.write().unwrap_or_else(PoisonError::into_inner).insert(number, key.clone());
        Ok(key)
    }

    /// The key of an earlier day, from memory or its row.
    fn epoch(&self, tx: &Tx<'_>, number: u32) -> Result<EpochKey> {
        match self.known(number) {
            Some(key) => Ok(key),
            None => self.keep(number, tx.get(GET_EPOCH, &bind! { number })?),
        }
    }

    /// Wraps a data key under the day's key, which [`KeyRing::ready`] made.
    pub(crate) fn wrap(&self, now: Timestamp, name: &str, key: &DataKey) -> Result<(u32, WrappedKey)> {
        let number = epoch_of(now)?;
        let epoch = self.known(number).ok_or(Fault::Row { what: "key of the day" })?;
        Ok((number, epoch.wrap(key, name.as_bytes(), self.random())?))
    }
}

/// Which day's key belongs to a moment.
fn epoch_of(now: Timestamp) -> Result<u32> {
    let day = u32::try_from(now.as_second().div_euclid(SECONDS_OF_DAY));
    Ok(day.map_err(|_| Fault::Settings("the clock shows a moment before 1970".to_owned()))?)
}

fn wrapped_now(
    ring: &KeyRing,
    now: Timestamp,
    report_id: u64,
    name: &'static str,
    key: &DataKey,
) -> Result<database::Args> {
    let (epoch, wrapped) = ring.wrap(now, &context(report_id, name), key)?;
    Ok(bind! { report_id, name, epoch, wrapped: wrapped.0, created_at: now.as_microsecond() })
}

/// What a key is bound to. A blob's key is wrapped before its report is known; its own name is unique.
fn context(report_id: u64, name: &str) -> String {
    match name {
        REPORT | HOUSE => format!("{name}/{report_id}"),
        blob => blob.to_owned(),
    }
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
    tx.execute(INSERT_KEY, &wrapped_now(ring, now, report_id, name, &key)?)?;
    Ok(key)
}

/// Stores the key of a blob that was written before this act.
pub(crate) fn adopt(tx: &Tx<'_>, now: Timestamp, report: ReportId, kept: &Kept) -> Result<()> {
    let (epoch, wrapped) = kept.wrapped();
    let created_at = now.as_microsecond();
    let row = bind! { report_id: report.get(), name: kept.blob.key_name(), epoch, wrapped, created_at };
    tx.execute(INSERT_KEY, &row)?;
    Ok(())
}

/// Finds and unwraps a key; `None` when it was never made or is destroyed.
pub(crate) fn find(tx: &Tx<'_>, ring: &KeyRing, report_id: u64, name: &str) -> Result<Option<DataKey>> {
    let row = tx.find::<(u32, Vec<u8>)>(FIND_KEY, &bind! { report_id, name })?;
    let Some((epoch, wrapped)) = row else { return Ok(None) };
    let epoch = ring.epoch(tx, epoch)?;
    Ok(Some(epoch.unwrap(&WrappedKey(wrapped), context(report_id, name).as_bytes())?))
}

/// Destroys the key of one blob.
pub(crate) fn destroy_blob(tx: &Tx<'_>, report: ReportId, name: &str) -> Result<u64> {
    Ok(tx.execute(DESTROY_KEY, &bind! { report_id: report.get(), name })?)
}

/// Destroys every key of a report.
pub(crate) fn destroy(tx: &Tx<'_>, report: ReportId) -> Result<u64> {
    Ok(tx.execute(DESTROY_KEYS, &bind! { report_id: report.get() })?)
}
