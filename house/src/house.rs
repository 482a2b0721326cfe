//! The house: one handle over rows, keys, vault and ledger.

use std::error::Error as _;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use database::{Database, Tx};
use domain::{Actor, Clock, Profile, Purpose};
use jiff::{SignedDuration, Timestamp};
use ledger::NoteSigner;
use seal::Random;
use tokio::task::spawn_blocking;

use crate::again::Again;
use crate::alarm::{Alarms, Raised};
use crate::book::{Scribe, Witness, witnesses_of};
use crate::keys::{self, KeyRing};
use crate::number::Numbers;
use crate::refused::Tally;
use crate::settings::{self, Given, Settings};
use crate::uses::Uses;
use crate::vault::Vault;
use crate::work::WorkSignal;
use crate::{Act, Book, Error, Fault, Origin, Refusal, Result, View, migrations, setting};

/// Names under which the house remembers what never changes.
const PROFILE: &str = "profile";
const ORIGIN: &str = "ledger-origin";

/// An open house. Clones are cheap and share everything.
#[derive(Clone)]
pub struct House {
    inner: Arc<Inner>,
    /// From where acts are made that no request asks for.
    origin: Origin,
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
    pub tally: Tally,
    pub alarms: Alarms,
    pub witnesses: Vec<Witness>,
    pub quorum: usize,
    given: Given,
    profile: Profile,
    vault: Vault,
    /// How old an epoch becomes.
    pub rotate_every: SignedDuration,
}

impl House {
    /// Opens a house; brings its schema up to date when the settings say so.
    ///
    /// # Errors
    /// [`Refusal::OtherProfile`] when it was set up under another profile; a fault when anything it needs is not there.
    pub async fn open(settings: &Settings, given: Given) -> Result<Self> {
        let (root, custody) = settings::opened_keys(settings, &given.random).await?;
        let keys = Arc::new(KeyRing::new(root, custody, Arc::clone(&given.random))?);
        let scribe = Arc::new(Scribe::new(&settings.origin, keys.ledger_seed()?)?);
        let packager = Scribe::new(&format!("{}/packages", settings.origin), keys.package_seed()?)?;
        let receipts = Scribe::new(&format!("{}/receipts", settings.origin), keys.receipt_seed()?)?;
        let database = connected(settings).await?;
        keys.open(&database, given.clock.now()).await?;
        let vault = Vault::open_at(settings, &given, Arc::clone(&keys), database.clone())?;
        let (signal, numbers, profile) = (WorkSignal::default(), Numbers::default(), settings.profile);
        let (uses, rotate_every) = (Uses::default(), settings.custody.rotate_every());
        let inner = Inner {
            database,
            keys,
            scribe,
            packager,
            receipts,
            signal,
            numbers,
            uses,
            tally: Tally::default(),
            alarms: Alarms::default(),
            witnesses: witnesses_of(settings)?,
            quorum: settings.quorum as usize,
            given,
            profile,
            vault,
            rotate_every,
        };
        let house = Self { inner: Arc::new(inner), origin: Origin::new("house") };
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

    /// The same house, whose acts are made from elsewhere: a worker, a listener, the command line.
    #[must_use]
    pub fn seen_from(&self, origin: Origin) -> Self {
        Self { inner: Arc::clone(&self.inner), origin }
    }

    /// From where acts are made now: that of the request that is being handled, else that of this handle.
    #[must_use]
    pub fn here(&self) -> Origin {
        Origin::current().unwrap_or_else(|| self.origin.clone())
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
        work: F,
    ) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        F: FnMut(&View<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (inner, now, work) = (Arc::clone(&self.inner), self.now(), Again::new(work));
        let here = self.here();
        let ask = move || {
            let (keys, mut work, here) = (Arc::clone(&inner.keys), work.clone(), here.clone());
            let asked = inner.database.read::<T, Error, _>(name, move |tx| {
                work.run(|work| work(&View::new(tx, &keys, now, here.clone())))
            });
            (asked, Arc::clone(&inner))
        };
        // Asked at once, awaited or not.
        let (mut asked, inner) = ask();
        async move {
            for _ in 1..keys::TRIES {
                match asked.await {
                    Err(Error::Fault(Fault::StaleKeys)) => inner.keys.refresh(&inner.database, now).await?,
                    answer => return answer,
                }
                (asked, _) = ask();
            }
            asked.await
        }
    }

    /// As [`House::read`], for a question that many ask at once: whoever asks the same while it still waits for a connection
    /// is answered with it. `about` says all that `work` depends on, the moment excepted, and no sealed column is opened.
    ///
    /// # Errors
    /// As [`House::read`].
    pub async fn read_together<T, F>(&self, name: &'static str, about: &str, work: F) -> Result<T>
    where
        F: FnMut(&View<'_>) -> Result<T> + Send + 'static,
        T: Clone + Send + 'static,
    {
        let (keys, now, here, work) =
            (Arc::clone(&self.inner.keys), self.now(), self.here(), Again::new(work));
        let (mut first, mut alone) = (work.clone(), work);
        let asked = self.inner.database.read_together::<T, Error, _>(name, about, move |tx| {
            first.run(|work| work(&View::new(tx, &keys, now, here.clone())))
        });
        match asked.await {
            Err(Error::Fault(Fault::Database(database::Fault::Closed))) => {
                self.read(name, move |view| alone.run(|work| work(view))).await
            }
            answer => answer,
        }
    }

    /// Changes rows, all of them or none, with at least one leaf. The closure may run twice: it does nothing but store.
    ///
    /// # Errors
    /// The closure's, [`Fault::NoLeaf`] when it noted nothing, or a fault of the database.
    pub async fn act<T, F>(&self, actor: Actor, purpose: Purpose, name: &'static str, work: F) -> Result<T>
    where
        F: FnMut(&Act<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (now, here) = (self.now(), self.here());
        self.inner.keys.ready(&self.inner.database, now).await?;
        let (wake, work, actor) = (Arc::new(AtomicBool::new(false)), Again::new(work), Arc::new(actor));
        let mut tries = 0;
        loop {
            let (keys, asked) = (Arc::clone(&self.inner.keys), Arc::clone(&wake));
            let (mut work, actor, here) = (work.clone(), Arc::clone(&actor), here.clone());
            let pending = self.inner.database.write::<T, Error, _>(name, move |tx| {
                let view = View::new(tx, &keys, now, here.clone());
                let act = Act::new(view, &actor, purpose, name);
                let answer = work.run(|work| work(&act))?;
                asked.store(act.ended()?, Ordering::Relaxed);
                Ok(answer)
            });
            match pending.await {
                // Nothing was kept. The keys of another epoch are fetched, outside any transaction.
                Err(Error::Fault(Fault::StaleKeys)) if tries < keys::TRIES => {
                    tries += 1;
                    self.inner.keys.refresh(&self.inner.database, now).await?;
                }
                answer => {
                    self.appended(answer.as_ref().err());
                    if answer.is_ok() && wake.load(Ordering::Relaxed) {
                        self.inner.signal.wake();
                    }
                    return answer;
                }
            }
        }
    }

    /// Raises the alarm when something could not be put into the ledger, and settles it when something could. A refusal
    /// says nothing about either.
    pub(crate) fn appended(&self, failed: Option<&Error>) {
        let alarms = &self.inner.alarms;
        match failed {
            None => alarms.appended(),
            Some(Error::Fault(fault @ Fault::Database(_))) => {
                let causes = std::iter::successors(fault.source(), |cause| (**cause).source());
                let says = causes.fold(fault.to_string(), |text, cause| format!("{text}: {cause}"));
                alarms.append_failed(self.now(), says);
            }
            Some(_) => {}
        }
    }

    /// The alarms that stand in this process.
    #[must_use]
    pub fn alarms(&self) -> Vec<Raised> {
        self.inner.alarms.standing()
    }

    /// How often something could not be put into the ledger.
    #[must_use]
    pub fn append_failures(&self) -> u64 {
        self.inner.alarms.append_failures()
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
