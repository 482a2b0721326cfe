//! The houses under a sandbox: real ones, of the profile `synthetic-demo`, one for each sender, each in a folder of its
//! own that is numbered anew at every reset.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use administration::{setup, tools};
use console::{ConfigArg, clock::SystemClock, rules, say, secrets};
use domain::{Actor, CredentialId, Id as _, Profile, ProviderId, Purpose, ReportId};
use geo::{Hints, Kind};
use pipeline::worker;
use policy::RuleSet;
use providers::sandbox::{Account, Ground, Landlord, Later, Leaving, SimulatedClock, Tenancy};
use seal::SystemRandom;
use store::provider::{self, NewCredential};
use store::{House, dataset, number};
use tokio::task::JoinHandle;

use super::senders::SENDERS;
use crate::commands::init;
use crate::config::{Config, FILE_NAME, Surface};
use crate::outcome::{Doing, Failure, Result};
use crate::shutdown::{Bell, Ending};
use crate::surfaces::{self, Faces};

/// Name of the ledger of every house here.
const ORIGIN: &str = "localhost/clearinghouse-sandbox";
/// The first report number of the first house; each further one begins so many later, so that a number that one house
/// gave out means nothing in another.
const FIRST_REPORT: u64 = 1_000_001;
const REPORTS_APART: u64 = 10_000_000;
/// Name and day of the invented table of places.
const PLACES: (&str, &str) = ("synthetic-places", "2026-11-01");

/// The folder of a sandbox: one to keep, or one for this run.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) temporary: bool,
}

impl Folder {
    pub(super) fn of(wanted: Option<PathBuf>) -> Result<Self> {
        if let Some(path) = wanted {
            if path.join(FILE_NAME).exists() {
                return Err(Failure::new(format!(
                    "{} holds a house of its own, not a sandbox",
                    path.display()
                ))
                .hint("choose another folder with --data"));
            }
            return Ok(Self { path, temporary: false });
        }
        let chance = secrets::fresh(&SystemRandom)?;
        let path = std::env::temp_dir().join(format!("clearinghouse-sandbox-{}", &chance[..16]));
        Ok(Self { path, temporary: true })
    }
}

impl Drop for Folder {
    /// Removes what was made for this run.
    fn drop(&mut self) {
        if self.temporary && self.path.exists() {
            remove(&self.path);
        }
    }
}

fn remove(path: &Path) {
    if let Err(fault) = fs::remove_dir_all(path) {
        say::people(format_args!("could not remove {}: {fault}", path.display()));
    }
}

/// Makes and opens houses below a folder.
pub(super) struct Houses {
    folder: PathBuf,
}

impl Houses {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn of_sender(&self, sender: usize) -> PathBuf {
        self.folder.join(SENDERS[sender].word())
    }

    /// The last house of a sender that was made, by its number; `None` before the first.
    fn latest(&self, sender: usize) -> Option<u64> {
        let entries = fs::read_dir(self.of_sender(sender)).ok()?;
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).max()
    }

    /// The house of a sender: the one that was kept, or its first.
    pub(super) async fn open(&self, sender: usize) -> Result<Ground> {
        self.make(sender, self.latest(sender).unwrap_or(0)).await
    }

    /// How the providers' face is set up here: as the environment says, otherwise as everywhere.
    pub(super) fn settings(&self) -> Result<providers::Settings> {
        let config = self.config(0, self.latest(0).unwrap_or(0))?;
        Ok(surfaces::providers(&config.settings.providers))
    }

    fn config(&self, sender: usize, generation: u64) -> Result<Config> {
        let data = self.of_sender(sender).join(generation.to_string());
        let file = data.join(FILE_NAME);
        if !file.exists() {
            init::lay_ground(&data, Profile::SyntheticDemo, ORIGIN, None)?;
        }
        let mut config = ConfigArg::at(file).read()?;
        if config.profile()? != Profile::SyntheticDemo {
            return Err(Failure::new(format!("{} holds a real house, not a sandbox", data.display()))
                .hint("choose another folder with --data"));
        }
        config.settings.migrate = true;
        Ok(config)
    }

    async fn make(&self, sender: usize, generation: u64) -> Result<Ground> {
        let config = self.config(sender, generation)?;
        let clock = Arc::new(SimulatedClock::over(Arc::new(SystemClock)));
        let house = self::open(&config, &clock).await?;
        let provider: ProviderId = secrets::slug(SENDERS[sender].name)?;
        let first = FIRST_REPORT + (generation * SENDERS.len() as u64 + sender as u64) * REPORTS_APART;
        settle(&house, sender, &provider, ReportId::try_from(first).doing("number reports")?).await?;
        let router = Faces::new(&house, &config)?.router(&[Surface::Providers]);
        let (ending, bell) = Ending::new();
        let owner = format!("sandbox-{}", secrets::fresh(&SystemRandom)?.split_at(16).0);
        let working = tokio::spawn(work(house.clone(), owner, bell));
        let folder = self.of_sender(sender).join(generation.to_string());
        let tenancy = Box::new(Tenant { house: house.clone(), ending, working, folder });
        Ok(Ground { house, clock, provider, router, tenancy })
    }
}

/// What follows a finish needs agencies, places and rules; intake needs none of them, so nobody waits for them.
async fn work(house: House, owner: String, bell: Bell) {
    let tools = async {
        recipients(&house).await?;
        Ok::<_, Failure>(tools::load(&house).await?)
    };
    match tools.await {
        Ok(tools) => worker::run(house, tools, owner, bell.rung()).await,
        Err(failure) => tracing::error!(%failure, "finished reports of a sender will not be walked on"),
    }
}

/// A house whose vault keeps nothing: no file is known to be of our corpus.
async fn open(config: &Config, clock: &Arc<SimulatedClock>) -> Result<House> {
    rules::before_opening(config)?;
    let clock = Arc::clone(clock) as Arc<dyn domain::Clock>;
    let given = store::Given { clock, random: Arc::new(SystemRandom), corpus: Arc::new(|_| false) };
    House::open(&config.store()?, given).await.doing("open a house of the sandbox")
}

/// The agencies and the invented places that a finished report meets. What is there already stays.
async fn recipients(house: &House) -> Result<()> {
    let known = house.read("datasets", dataset::list).await.doing("list the tables")?;
    let (name, as_of) = PLACES;
    if known.iter().any(|table| table.what.name == name) {
        return Ok(());
    }
    let verified = ("the sandbox".to_owned(), "lists shipped with the program".to_owned());
    let directory = RuleSet::embedded().routing().directory();
    let agencies = setup::agencies_of(directory, house.now(), Some(&verified));
    setup::put_agencies(house, agencies).await?;
    let places = synth::places::table(as_of).into_bytes();
    tools::add_table(house, Kind::IpPlace, places, &Hints { name, ..Hints::default() }).await.map(drop)
}

/// The provider with its credentials, and where its reports begin to be numbered, in one act.
async fn settle(house: &House, sender: usize, provider: &ProviderId, first: ReportId) -> Result<()> {
    let known = house.read("providers", provider::list).await.doing("list the providers")?;
    if known.iter().any(|one| one.id == *provider) {
        return Ok(());
    }
    let credentials: Vec<(NewCredential, bool)> = SENDERS[sender]
        .accounts
        .iter()
        .map(|account| Ok((credential(house, provider, account)?, account.disabled)))
        .collect::<Result<_>>()?;
    let (own, called) = (provider.clone(), SENDERS[sender].name);
    let settled = house.act(Actor::Operator, Purpose::Administration, "sandbox-settle", move |act| {
        number::begin_at(act, first)?;
        provider::add(act, &own, called)?;
        for (new, disabled) in &credentials {
            provider::add_credential(act, new)?;
            if *disabled {
                provider::disable_credential(act, &new.credential)?;
            }
        }
        Ok(())
    });
    settled.await.doing("add the providers")
}

fn credential(house: &House, provider: &ProviderId, account: &Account) -> Result<NewCredential> {
    Ok(NewCredential {
        credential: CredentialId::parse(account.username)?,
        provider: provider.clone(),
        username: account.username.to_owned(),
        secret_digest: house.secret_digest(account.password.as_bytes()),
        may_submit: account.may_submit,
        may_update: true,
    })
}

impl Landlord for Houses {
    fn settle(&self, sender: usize) -> Later<'_, std::result::Result<Ground, String>> {
        Box::pin(async move {
            let next = self.latest(sender).map_or(0, |last| last + 1);
            self.make(sender, next).await.map_err(|failure| failure.to_string())
        })
    }
}

/// What runs in a house, and where it lies.
struct Tenant {
    house: House,
    ending: Ending,
    working: JoinHandle<()>,
    folder: PathBuf,
}

impl Tenancy for Tenant {
    fn end(self: Box<Self>, leaving: Leaving) -> Later<'static, ()> {
        Box::pin(async move {
            let Self { house, ending, working, folder } = *self;
            ending.ring();
            if working.await.is_err() {
                tracing::warn!("the workers of a sandbox house ended early");
            }
            let closed = tokio::task::spawn_blocking(move || {
                house.close();
                if leaving == Leaving::Forgotten {
                    remove(&folder);
                }
            });
            if closed.await.is_err() {
                tracing::warn!("a sandbox house could not be closed");
            }
        })
    }
}
