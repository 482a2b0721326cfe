//! The house: one handle over rows, keys, vault and ledger.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use database::{Database, Tx};
use domain::{Actor, Clock, Profile, Purpose};
use jiff::Timestamp;
use ledger::NoteSigner;
use seal::Random;
use tokio::task::spawn_blocking;

use crate::book::Scribe;
use crate::keys::KeyRing;
use crate::number::Numbers;
use crate::settings::{self, Given, Settings};
use crate::uses::Uses;
use crate::vault::Vault;
use crate::work::WorkSignal;
use crate::{Act, Book, Error, Fault, Refusal, Result, View, migrations, setting};

/// Names under which the house remembers what never changes.
const PROFILE: &str = "profile";
const ORIGIN: &str = "ledger-origin";

/// An open house. Clones are cheap and share everything.
#[derive(Clone)]
pub struct House {
    inner: Arc<Inner>,
}

/// What the clones share.
pub(crate) struct Inner {
    pub database: Database,
    pub keys: Arc<KeyRing>,
    pub scribe: Arc<Scribe>,
    packager: Scribe,
    receipts: Scribe,
    pub signal: WorkSignal,
    pub numbers: Numbers,
    pub uses: Uses,
    given: Given,
    profile: Profile,
    vault: Vault,
}

impl House {
    /// Opens a house; brings its schema up to date when the settings say so.
    ///
    /// # Errors
    /// [`Refusal::OtherProfile`] when it was set up under another profile; a fault when anything it needs is not
    /// there.
    pub async fn open(settings: &Settings, given: Given) -> Result<Self> {
        let root = settings::read_root_key(&settings.root_key_file)?;
        let keys = Arc::new(KeyRing::new(root, Arc::clone(&given.random))?);
        let scribe = Arc::new(Scribe::new(&settings.origin, keys.ledger_seed()?)?);
        let packager = Scribe::new(&format!("{}/packages", settings.origin), keys.package_seed()?)?;
        let receipts = Scribe::new(&format!("{}/receipts", settings.origin), keys.receipt_seed()?)?;
        let database = connected(settings).await?;
        keys.open(&database, given.clock.now()).await?;
        let vault = Vault::open_at(settings, &given, Arc::clone(&keys), database.clone())?;
        let (signal, numbers, profile) = (WorkSignal::default(), Numbers::default(), settings.profile);
        let uses = Uses::default();
        let inner = Inner {
            database,
            keys,
            scribe,
            packager,
            receipts,
            signal,
            numbers,
            uses,
            given,
            profile,
            vault,
        };
        let house = Self { inner: Arc::new(inner) };
        house.remember(settings).await?;
        Ok(house)
    }

    /// Records profile and origin the first time, and holds the settings against them ever after.
    async fn remember(&self, settings: &Settings) -> Result<()> {
        let known =
            self.read("house::known", |view| Ok((setting::get(view, PROFILE)?, setting::get(view, ORIGIN)?)));
        let (profile, origin) = match known.await? {
            (Some(profile), Some(origin)) => (profile, origin),
            _ => {
                let (profile, origin) = (settings.profile.as_str(), settings.origin.clone());
                let act = self.act(Actor::Operator, Purpose::Administration, "house::remember", move |act| {
                    Ok((remembered(act, PROFILE, profile)?, remembered(act, ORIGIN, &origin)?))
                });
                act.await?
            }
        };
        let recorded: Profile = profile.parse().map_err(|_| Fault::Row { what: "profile" })?;
        if recorded != settings.profile {
            return Err(Refusal::OtherProfile { recorded }.into());
        }
        if origin != settings.origin {
            return Err(Fault::Settings(format!("this house's ledger is named {origin}")).into());
        }
        Ok(())
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.given.clock.now()
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.given.clock
    }

    /// Where chance comes from.
    #[must_use]
    pub fn random(&self) -> &Arc<dyn Random> {
        &self.inner.given.random
    }

    /// Under which law it runs.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.inner.profile
    }

    /// Where bytes go.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// The ledger.
    #[must_use]
    pub fn book(&self) -> Book<'_> {
        Book::new(self)
    }

    /// Who signs the manifests of packages, by a key of its own, named after the ledger's origin: a signature under a
    /// package can never be taken for a checkpoint.
    #[must_use]
    pub fn packager(&self) -> &dyn NoteSigner {
        &self.inner.packager
    }

    /// Who signs receipts, by a key of its own as well.
    #[must_use]
    pub fn receipts(&self) -> &dyn NoteSigner {
        &self.inner.receipts
    }

    /// Reads one snapshot. `name` is a constant for measures, such as `inbox`.
    ///
    /// # Errors
    /// The closure's, or a fault of the database.
    pub fn read<T, F>(
        &self,
        name: &'static str,
        mut work: F,
    ) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        F: FnMut(&View<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (keys, now) = (Arc::clone(&self.inner.keys), self.now());
        self.inner.database.read::<T, Error, _>(name, move |tx| work(&View::new(tx, &keys, now)))
    }

    /// Changes rows, all of them or none, with at least one leaf. The closure may run twice: it does nothing but store.
    ///
    /// # Errors
    /// The closure's, [`Fault::NoLeaf`] when it noted nothing, or a fault of the database.
    pub async fn act<T, F>(
        &self,
        actor: Actor,
        purpose: Purpose,
        name: &'static str,
        mut work: F,
    ) -> Result<T>
    where
        F: FnMut(&Act<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let now = self.now();
        self.inner.keys.ready(&self.inner.database, now).await?;
        let keys = Arc::clone(&self.inner.keys);
        let wake = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&wake);
        let pending = self.inner.database.write::<T, Error, _>(name, move |tx| {
            let act = Act::new(View::new(tx, &keys, now), &actor, purpose, name);
            let answer = work(&act)?;
            asked.store(act.ended()?, Ordering::Relaxed);
            Ok(answer)
        });
        let answer = pending.await?;
        if wake.load(Ordering::Relaxed) {
            self.inner.signal.wake();
        }
        Ok(answer)
    }

    /// The name under which a selector is found without being stored.
    #[must_use]
    pub fn selector_digest(&self, selector: &[u8]) -> [u8; 32] {
        self.inner.keys.selector_digest(selector)
    }

    /// The name under which a password, token, cookie or link is found without being stored.
    #[must_use]
    pub fn secret_digest(&self, secret: &[u8]) -> [u8; 32] {
        self.inner.keys.secret_digest(secret)
    }

    /// Changes rows without an act, for what nobody decides and no ledger tells: a session that was seen, a lease that was
    /// taken. Only the crate of the nouns can reach this.
    ///
    /// # Errors
    /// The closure's, or a fault of the database.
    pub fn write<T, F>(
        &self,
        name: &'static str,
        work: F,
    ) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        F: FnMut(&Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.inner.database.write::<T, Error, _>(name, work)
    }

    /// Which credentials were used today.
    #[must_use]
    pub fn uses(&self) -> &Uses {
        &self.inner.uses
    }

    /// How often each named transaction ran and how long its callers waited.
    #[must_use]
    pub fn measures(&self) -> Vec<database::Measure> {
        self.inner.database.measures()
    }

    /// Ends its threads once what is queued is served.
    pub fn close(&self) {
        self.inner.database.clone().close();
    }
}

/// Opens the database and sees to its schema.
async fn connected(settings: &Settings) -> Result<Database> {
    let (seam, migrate) = (settings.database.seam(), settings.migrate);
    let opened = spawn_blocking(move || {
        let database = Database::open(&seam)?;
        if migrate {
            database.migrate(migrations::ALL)?;
        } else if !database.pending(migrations::ALL)?.is_empty() {
            return Err(Fault::Settings("the schema is not up to date: run migrate".to_owned()).into());
        }
        Ok(database)
    });
    opened.await.map_err(|_| Fault::Stopped { what: "opening the database" })?
}

/// What was recorded under a name, or `value`, which is recorded now.
fn remembered(act: &Act<'_>, name: &str, value: &str) -> Result<String> {
    if let Some(known) = setting::get(act, name)? {
        return Ok(known);
    }
    setting::put(act, name, value)?;
    Ok(value.to_owned())
}
