//! The house: one handle over rows, keys, vault and ledger.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use database::Database;
use domain::{Actor, Clock, Profile, Purpose};
use jiff::{SignedDuration, Timestamp};
use seal::Random;

use crate::keys::KeyRing;
use crate::settings::{self, Given, Settings};
use crate::vault::Vault;
use crate::work::Lease;
use crate::{Act, Book, Error, Fault, Result, View, migrations};

/// An open house. Clones are cheap and share everything.
#[derive(Clone)]
pub struct House {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub database: Database,
    pub keys: Arc<KeyRing>,
    pub given: Given,
    pub profile: Profile,
    pub vault: Vault,
}

impl House {
    /// Opens a house; brings its schema up to date when the settings say so.
    ///
    /// # Errors
    /// [`crate::Refusal::OtherProfile`] when it was set up under another profile; a fault when anything it needs is
    /// not there.
    pub async fn open(settings: &Settings, given: Given) -> Result<Self> {
        let _ = (settings::read_root_key(&settings.root_key_file)?, given, migrations::ALL);
        Err(Fault::Stopped { what: "stub" }.into())
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
        pending.await
    }

    /// Leases due work, the most urgent first; at most `limit` pieces.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn claim(&self, _owner: &str, _limit: u32, _lease: SignedDuration) -> Result<Vec<Lease>> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// Gives work back after a failure: it waits longer each time and is given up after the twelfth.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn fail(&self, _lease: &Lease, _error: &str) -> Result<()> {
        Err(Fault::Stopped { what: "stub" }.into())
    }

    /// Ends its threads once what is queued is served.
    pub fn close(&self) {
        self.inner.database.clone().close();
    }
}
