//! A house for tests: frozen at noon, seeded chance, a temporary folder. Everything in it is real.

use std::ops::Deref;
use std::sync::Arc;

use database::bind;
use domain::{FrozenClock, Private, Profile};
use jiff::{SignedDuration, Timestamp};
use seal::SeededRandom;
use tempfile::TempDir;

use crate::{Corpus, DatabaseSettings, EventKind, Given, House, Settings, VaultSettings, make_root_key};

const LEAVES: &str = "-- testing::leaves
    SELECT COUNT(*) FROM ledger_leaf WHERE kind = :kind";

/// The noon at which every test begins: 2026-06-01T12:00:00Z.
pub const NOON: Timestamp = Timestamp::constant(1_780_315_200, 0);

/// What a test's house is made from; a test changes what it speaks about.
#[derive(Clone)]
pub struct Plan {
    /// Under which law it runs.
    pub profile: Profile,
    /// Where the rows are; a SQLite file in the temporary folder when `None`.
    pub database: Option<database::Settings>,
    /// Where the bytes are; a folder in the temporary folder when `None`.
    pub vault: Option<VaultSettings>,
    /// Which files are synthetic.
    pub corpus: Corpus,
    /// From which seed chance comes.
    pub seed: u64,
}

impl Default for Plan {
    /// A hotline, which keeps every byte, on SQLite.
    fn default() -> Self {
        let corpus: Corpus = Arc::new(|_| true);
        Self { profile: Profile::Hotline, database: None, vault: None, corpus, seed: 7 }
    }
}

/// A house of one test. Its folder goes when it is dropped.
pub struct TestHouse {
    house: House,
    plan: Plan,
    clock: Arc<FrozenClock>,
    folder: TempDir,
}

impl Deref for TestHouse {
    type Target = House;
    fn deref(&self) -> &House {
        &self.house
    }
}

impl TestHouse {
    /// How many leaves of this kind there are.
    ///
    /// # Panics
    /// When the ledger cannot be read.
    pub async fn leaves(&self, kind: EventKind) -> u64 {
        let count = self.house.read("testing::leaves", move |view| {
            Ok(view.tx().get(LEAVES, &bind! { kind: kind.as_str() })?)
        });
        count.await.expect("the ledger can be read")
    }

    /// Each of these kinds has at least one leaf by now. A test that the list of coverage names says so at its end.
    ///
    /// # Panics
    /// For a kind without a leaf.
    pub async fn has_caused(&self, kinds: &[EventKind]) {
        for kind in kinds {
            assert!(self.leaves(*kind).await > 0, "nothing caused {kind}");
        }
    }

    /// What the check of its ledger finds wrong, also when it can no longer read a row.
    pub async fn wrong(&self) -> Option<String> {
        match self.house.book().verify().await {
            Ok(verdict) => verdict.wrong,
            Err(error) => Some(format!("{error}: {:?}", std::error::Error::source(&error))),
        }
    }

    /// A house on SQLite.
    pub async fn at_noon() -> Self {
        Self::of(Plan::default()).await
    }

    /// A house on the given database, such as that of a `testkit::Scratch`.
    pub async fn on(database: &database::Settings) -> Self {
        Self::of(Plan { database: Some(database.clone()), ..Plan::default() }).await
    }

    /// A house of any plan.
    pub async fn of(plan: Plan) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let clock = Arc::new(FrozenClock::at(NOON));
        make_root_key(&folder.path().join("root.key"), &SeededRandom::from_seed(plan.seed))
            .expect("the temporary folder can be written");
        let house = opened(&plan, &clock, &folder, plan.seed).await.expect("a house of a test opens");
        Self { house, plan, clock, folder }
    }

    /// Closes it and opens it again, as after a restart; `seed` is not the one it had.
    pub async fn reopened(self, seed: u64) -> Self {
        let Self { house, plan, clock, folder } = self;
        house.close();
        drop(house);
        let house = opened(&plan, &clock, &folder, seed).await.expect("a house of a test opens again");
        Self { house, plan, clock, folder }
    }

    /// A second process on the same rows and bytes.
    pub async fn twin(&self, seed: u64) -> House {
        opened(&self.plan, &self.clock, &self.folder, seed).await.expect("a second process opens the house")
    }

    /// Its settings, for tests that open it in another way.
    #[must_use]
    pub fn settings(&self) -> Settings {
        settings(&self.plan, &self.folder)
    }

    /// What it was given, with another seed.
    #[must_use]
    pub fn given(&self, seed: u64) -> Given {
        given(&self.plan, &self.clock, seed)
    }

    /// The folder with its files.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The house itself, for code that takes it.
    #[must_use]
    pub fn house(&self) -> &House {
        &self.house
    }

    /// Moves its clock.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }
}

async fn opened(plan: &Plan, clock: &Arc<FrozenClock>, folder: &TempDir, seed: u64) -> crate::Result<House> {
    House::open(&settings(plan, folder), given(plan, clock, seed)).await
}

fn settings(plan: &Plan, folder: &TempDir) -> Settings {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let database = match &plan.database {
        Some(given) => DatabaseSettings {
            url: Private::new(given.url.clone()),
            readers: given.readers,
            connections: given.connections,
            ca_file: given.ca_file.clone(),
            slow_ms: given.slow_ms,
            answer_timeout_ms: given.answer_timeout_ms,
        },
        None => DatabaseSettings {
            url: Private::new(format!("sqlite:{}", path("house.sqlite"))),
            ..DatabaseSettings::default()
        },
    };
    let in_folder = VaultSettings { url: format!("file:{}", path("vault")), ..VaultSettings::default() };
    Settings {
        database,
        vault: plan.vault.clone().unwrap_or(in_folder),
        root_key_file: folder.path().join("root.key"),
        migrate: true,
        ..Settings::of(plan.profile)
    }
}

fn given(plan: &Plan, clock: &Arc<FrozenClock>, seed: u64) -> Given {
    Given {
        clock: Arc::clone(clock) as Arc<dyn domain::Clock>,
        random: Arc::new(SeededRandom::from_seed(seed)),
        corpus: Arc::clone(&plan.corpus),
    }
}
