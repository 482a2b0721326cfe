//! The sandbox: a layer around the routes for providers that remembers every request with its verdict, misbehaves when
//! it is told to and moves each sender's clock, with pages to look at it all.
//!
//! What answers inside is what a real house serves: nothing of intake is here a second time. It can be built only over
//! houses of the profile `synthetic-demo`; in every other place its headers mean nothing, because nothing reads them.

mod answer;
mod clock;
mod control;
mod excerpt;
mod fault;
mod journal;
mod layer;
mod page;
mod room;
mod witness;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use domain::Profile;
use jiff::Timestamp;
use web::FormKey;

pub use clock::SimulatedClock;
pub use fault::{Fault, InvalidRule, KINDS, Rule, UnknownFault};
pub use room::{Account, Ground, Landlord, Later, Leaving, Sender, Tenancy};

use crate::Settings;
use fault::Armed;
use journal::Journal;
use room::Tenant;

/// A house that is no sandbox and must never behave like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sandbox stands on the profile synthetic-demo only, not on {recorded}")]
pub struct NotADemo {
    /// What the house was set up as.
    pub recorded: Profile,
}

/// What the binary gives a sandbox besides its houses.
pub struct Given {
    /// Makes a new house at a reset.
    pub landlord: Arc<dyn Landlord>,
    /// Faults for every so-manieth request.
    pub rules: Vec<Rule>,
    /// How errors are answered; the same as the houses' own.
    pub settings: Settings,
    /// The key of the page's forms.
    pub forms: FormKey,
    /// Time since the start, for durations.
    pub stopwatch: Box<dyn Fn() -> Duration + Send + Sync>,
}

/// A running sandbox. Clones share everything.
#[derive(Clone)]
pub struct Sandbox {
    desk: Arc<Desk>,
}

/// What the clones share.
struct Desk {
    tenants: Vec<Tenant>,
    journal: Journal,
    rules: Vec<Armed>,
    landlord: Arc<dyn Landlord>,
    settings: Settings,
    forms: FormKey,
    stopwatch: Box<dyn Fn() -> Duration + Send + Sync>,
}

impl Sandbox {
    /// A sandbox over one house for each sender.
    ///
    /// # Errors
    /// [`NotADemo`] when a house is one in which real reports could be.
    pub fn new(senders: Vec<(Sender, Ground)>, given: Given) -> Result<Self, NotADemo> {
        for (_, ground) in &senders {
            only_a_demo(ground)?;
        }
        let Given { landlord, rules, settings, forms, stopwatch } = given;
        let tenants: Vec<Tenant> =
            senders.into_iter().map(|(sender, ground)| Tenant::new(sender, ground)).collect();
        let (journal, rules) = (Journal::new(tenants.len()), rules.into_iter().map(Armed::new).collect());
        let desk = Desk { tenants, journal, rules, landlord, settings, forms, stopwatch };
        Ok(Self { desk: Arc::new(desk) })
    }

    /// Ends all houses, as they are.
    pub async fn end(&self) {
        for tenant in &self.desk.tenants {
            tenant.room().leave(Leaving::Kept).await;
        }
    }

    /// A new house for a sender; the old one and everything in it goes.
    async fn reset(&self, sender: usize) -> Result<(), String> {
        let Some(tenant) = self.desk.tenants.get(sender) else {
            return Err("there is no such sender".to_owned());
        };
        let _moving = tenant.moving.lock().await;
        let ground = self.desk.landlord.settle(sender).await?;
        only_a_demo(&ground).map_err(|refusal| refusal.to_string())?;
        let old = tenant.move_into(ground);
        self.desk.journal.clear(sender);
        old.leave(Leaving::Forgotten).await;
        Ok(())
    }
}

impl Desk {
    /// The sender with this user name.
    fn sender_of(&self, username: &str) -> Option<usize> {
        self.tenants
            .iter()
            .position(|tenant| tenant.sender.accounts.iter().any(|one| one.username == username))
    }

    /// The sender that is called so.
    fn sender_called(&self, word: &str) -> Option<usize> {
        self.tenants.iter().position(|tenant| tenant.sender.word() == word)
    }
}

/// INVARIANT: no sandbox stands on a house in which real reports could be.
fn only_a_demo(ground: &Ground) -> Result<(), NotADemo> {
    match ground.house.profile() {
        Profile::SyntheticDemo => Ok(()),
        recorded => Err(NotADemo { recorded }),
    }
}

/// Pages and orders under `/sandbox`; everything else goes to the sender's house.
pub fn router(sandbox: Sandbox) -> Router {
    let pages = Router::new()
        .route("/", get(page::home))
        .route("/sandbox", get(page::list))
        .route("/sandbox/requests/{number}", get(page::detail))
        .merge(web::assets())
        .with_state(sandbox.clone());
    let orders = Router::new()
        .route("/sandbox/requests", get(control::requests))
        .route("/sandbox/reset", post(control::reset))
        .route("/sandbox/clock", post(control::clock))
        .with_state(sandbox.clone());
    let clock = Arc::clone(&sandbox.desk);
    // Its own clock is a stopwatch.
    let broken =
        web::reports(move || Timestamp::UNIX_EPOCH.saturating_add((clock.stopwatch)()).unwrap_or_default());
    let houses = Router::new().fallback(layer::pass).with_state(sandbox);
    web::secure(pages, web::Surface::Pages)
        .merge(web::secure(orders, web::Surface::Machines))
        .merge(web::secure(broken, web::Surface::Machines))
        .merge(web::secure(houses, web::Surface::Machines))
}
