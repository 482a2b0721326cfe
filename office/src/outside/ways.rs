//! Which ways in there are besides keys, as the operator configured them.

use std::io;
use std::sync::Arc;

use card::Trust;
use store::person::Home;

use super::Issuer;

/// The name of the way by card; issuers have names of their own.
pub const CARD: &str = "card";

/// Knows which authorities of cards are taken and what they took back, as it stands now.
pub trait Cards: Send + Sync {
    /// The roots and lists of this moment.
    ///
    /// # Errors
    /// What the system said; nobody is let in by a card then.
    fn trust(&self) -> io::Result<Arc<Trust>>;
}

/// The ways in besides keys.
#[derive(Clone, Default)]
pub struct Ways {
    /// The origins of the faces as browsers reach them: to these, and to no other, somebody is sent back.
    pub origins: Vec<String>,
    /// The origin of the listener that asks for cards.
    pub card: Option<String>,
    /// Other organisations whose word is taken.
    pub issuers: Vec<Arc<Issuer>>,
}

impl Ways {
    /// The issuer of this name.
    #[must_use]
    pub fn issuer(&self, name: &str) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.pinned.name == name).map(|issuer| &**issuer)
    }

    /// Whether this way is one for people of this home.
    #[must_use]
    pub fn takes(&self, way: &str, home: &Home) -> bool {
        way == CARD || self.issuer(way).is_some_and(|issuer| issuer.takes(home))
    }

    /// The origin of a face, when it is one that somebody may be sent back to.
    #[must_use]
    pub fn back_to(&self, origins: &[String]) -> Option<&str> {
        self.origins.iter().find(|known| origins.contains(known)).map(String::as_str)
    }
}
