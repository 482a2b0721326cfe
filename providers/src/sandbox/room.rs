//! Each sender has a house of its own underneath: its clock moves alone, a reset is a new house, and nobody can see or
//! harm another's reports. Who makes the houses is the binary.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use domain::ProviderId;
use pipeline::House;
use tokio::sync::{Mutex as AsyncMutex, OwnedRwLockReadGuard, RwLock as AsyncRwLock};

use super::SimulatedClock;

/// How long a reset waits for requests that are still on their way in the old house.
const FAREWELL: Duration = Duration::from_secs(10);

/// What takes a while, behind a trait of this module.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A credential that everybody knows: it opens a sandbox and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    /// The user name.
    pub username: &'static str,
    /// The password.
    pub password: &'static str,
    /// Whether it may open reports.
    pub may_submit: bool,
    /// Whether it was switched off.
    pub disabled: bool,
    /// What it is there to be tried for.
    pub purpose: &'static str,
}

/// A sender of a sandbox. It is called by its first user name.
#[derive(Debug, Clone, Copy)]
pub struct Sender {
    /// The provider's made-up name.
    pub name: &'static str,
    /// Its credentials.
    pub accounts: &'static [Account],
}

impl Sender {
    /// What it is called in addresses and answers.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.accounts.first().map_or("", |account| account.username)
    }
}

/// A running house of one sender.
pub struct Ground {
    /// The house; its profile is `synthetic-demo`.
    pub house: House,
    /// The clock that it was opened with.
    pub clock: Arc<SimulatedClock>,
    /// The one provider in it.
    pub provider: ProviderId,
    /// The routes for providers, as a real house serves them.
    pub router: Router,
    /// Ends what runs in it.
    pub tenancy: Box<dyn Tenancy>,
}

/// What becomes of an ended house's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// It stays where it is.
    Kept,
    /// Nothing of it is left.
    Forgotten,
}

/// The workers and the folder of a house.
pub trait Tenancy: Send + Sync {
    /// Ends the workers and closes the house.
    fn end(self: Box<Self>, leaving: Leaving) -> Later<'static, ()>;
}

/// Makes houses.
pub trait Landlord: Send + Sync {
    /// A new, empty house for a sender, whose report numbers no earlier house of this sandbox has given out.
    ///
    /// # Errors
    /// What went wrong, for people.
    fn settle(&self, sender: usize) -> Later<'_, Result<Ground, String>>;
}

/// A sender with the house that it has now.
pub(super) struct Tenant {
    pub sender: Sender,
    room: RwLock<Arc<Room>>,
    /// Held during a reset: two at once would leave a house behind.
    pub moving: AsyncMutex<()>,
}

impl Tenant {
    pub fn new(sender: Sender, ground: Ground) -> Self {
        Self { sender, room: RwLock::new(Arc::new(Room::new(ground))), moving: AsyncMutex::default() }
    }

    /// The house of now.
    pub fn room(&self) -> Arc<Room> {
        Arc::clone(&self.room.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Moves into a new house; answers the old one.
    pub fn move_into(&self, ground: Ground) -> Arc<Room> {
        let mut room = self.room.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *room, Arc::new(Room::new(ground)))
    }
}

/// A house with the requests that are in it.
pub(super) struct Room {
    pub house: House,
    pub clock: Arc<SimulatedClock>,
    pub provider: ProviderId,
    pub router: Router,
    tenancy: Mutex<Option<Box<dyn Tenancy>>>,
    busy: Arc<AsyncRwLock<()>>,
}

impl Room {
    fn new(ground: Ground) -> Self {
        let Ground { house, clock, provider, router, tenancy } = ground;
        Self { house, clock, provider, router, tenancy: Mutex::new(Some(tenancy)), busy: Arc::default() }
    }

    /// Held by a request while the house must stay.
    pub async fn enter(&self) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.busy).read_owned().await
    }

    /// Ends the house once the requests in it are answered, or the farewell is over.
    pub async fn leave(&self, leaving: Leaving) {
        let empty = tokio::time::timeout(FAREWELL, self.busy.write()).await;
        if empty.is_err() {
            tracing::warn!("a sandbox house ended while requests were in it");
        }
        let tenancy = self.tenancy.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(tenancy) = tenancy {
            tenancy.end(leaving).await;
        }
    }
}
