//! From where an act is made: which surface, which process, which address, which session, in which role (R-76b).
//!
//! A request's origin is set once, around all of its handling, and every act in it is told of it. It is scoped and not
//! passed on, because a handler that forgot to pass it on would write a record without its source, and nothing would show.
//! What runs outside any request says what its handle says: a worker, or the command line.

use std::borrow::Cow;
use std::future::Future;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::Actor;
use serde_json::{Map, Value};

tokio::task_local! {
    static HERE: Origin;
}

/// Where somebody stands who acts. Clones are cheap and speak of the same request.
#[derive(Clone, Debug)]
pub struct Origin(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    surface: Cow<'static, str>,
    process: Cow<'static, str>,
    address: Option<IpAddr>,
    session: Option<[u8; 32]>,
    is_anonymous: bool,
    known: OnceLock<Known>,
    denied: Mutex<Option<Denied>>,
}

/// Somebody whose session, token or secret was found to be good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub actor: Actor,
    /// In which role.
    pub role: &'static str,
}

/// Why a request was refused, as the one who refused it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// A stable code.
    pub code: &'static str,
    /// The rule that refused, where one did.
    pub rule: Option<String>,
}

impl Origin {
    /// A place within the process: `providers`, `worker`, `command`.
    #[must_use]
    pub fn new(surface: impl Into<Cow<'static, str>>) -> Self {
        Self::of(surface.into(), Cow::Borrowed("here"), false)
    }

    /// A place where people may not be told apart: no address and no session is ever recorded of it, whatever is given.
    #[must_use]
    pub fn anonymous(surface: impl Into<Cow<'static, str>>) -> Self {
        Self::of(surface.into(), Cow::Borrowed("here"), true)
    }

    fn of(surface: Cow<'static, str>, process: Cow<'static, str>, is_anonymous: bool) -> Self {
        Self(Arc::new(Inner {
            surface,
            process,
            address: None,
            session: None,
            is_anonymous,
            known: OnceLock::new(),
            denied: Mutex::default(),
        }))
    }

    /// The same in a named process, such as `serve-4711`.
    #[must_use]
    pub fn in_process(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.changed(|inner| inner.process = name.into())
    }

    /// The same, asked from a network address.
    #[must_use]
    pub fn from_address(self, address: IpAddr) -> Self {
        self.changed(|inner| inner.address = Some(address))
    }

    /// The same within a session, by the keyed digest of its secret.
    #[must_use]
    pub fn in_session(self, digest: [u8; 32]) -> Self {
        self.changed(|inner| inner.session = Some(digest))
    }

    /// Nothing is known of anybody yet while an origin is put together, so a copy loses nothing.
    fn changed(self, change: impl FnOnce(&mut Inner)) -> Self {
        let Inner { surface, process, address, session, is_anonymous, .. } = &*self.0;
        let mut inner = Inner {
            surface: surface.clone(),
            process: process.clone(),
            address: *address,
            session: *session,
            is_anonymous: *is_anonymous,
            known: OnceLock::new(),
            denied: Mutex::default(),
        };
        change(&mut inner);
        // INVARIANT: an anonymous origin holds nothing that could tell people apart.
        if inner.is_anonymous {
            (inner.address, inner.session) = (None, None);
        }
        Self(Arc::new(inner))
    }

    /// Does work whose acts are all made from here.
    pub fn scope<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        HERE.scope(self, work)
    }

    /// The origin of the request that is being handled, if one is.
    #[must_use]
    pub fn current() -> Option<Self> {
        HERE.try_with(Self::clone).ok()
    }

    /// Remembers whose session, token or secret it was that opened; the first who is known stays.
    pub fn is_known(&self, actor: Actor, role: &'static str) {
        if !self.0.is_anonymous {
            self.0.known.get_or_init(|| Known { actor, role });
        }
    }

    /// Who is known to stand here.
    #[must_use]
    pub fn known(&self) -> Option<&Known> {
        self.0.known.get()
    }

    /// Remembers why what was asked here is refused.
    pub fn is_denied(&self, code: &'static str, rule: Option<String>) {
        *self.0.denied.lock().unwrap_or_else(PoisonError::into_inner) = Some(Denied { code, rule });
    }

    /// Why what was asked here was refused, where somebody said so.
    #[must_use]
    pub fn denied(&self) -> Option<Denied> {
        self.0.denied.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The surface.
    #[must_use]
    pub fn surface(&self) -> &str {
        &self.0.surface
    }

    /// The process.
    #[must_use]
    pub fn process(&self) -> &str {
        &self.0.process
    }

    /// What the ledger is told of it.
    pub(crate) fn tell(&self, event: &mut Map<String, Value>) {
        let inner = &*self.0;
        event.insert("surface".to_owned(), inner.surface.as_ref().into());
        event.insert("process".to_owned(), inner.process.as_ref().into());
        if let Some(address) = inner.address {
            event.insert("address".to_owned(), address.to_string().into());
        }
        if let Some(session) = &inner.session {
            event.insert("session".to_owned(), seal::hex(session).into());
        }
        if let Some(known) = inner.known.get() {
            event.insert("role".to_owned(), known.role.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn told(origin: &Origin) -> Map<String, Value> {
        let mut event = Map::new();
        origin.tell(&mut event);
        event
    }

    // PROVES: R-11 R-76b
    #[test]
    fn an_anonymous_origin_records_no_address_no_session_and_nobody() {
        let origin = Origin::anonymous("tips").from_address(Ipv4Addr::LOCALHOST.into()).in_session([7; 32]);
        origin.is_known(Actor::Operator, "analyst");
        let told = told(&origin);
        assert!(told.len() == 2 && told.contains_key("process") && told.contains_key("surface"), "{told:?}");
    }

    #[test]
    fn a_request_says_where_it_came_from_and_the_first_who_is_known_stays() {
        let origin = Origin::new("agencies")
            .in_process("serve-1")
            .from_address(Ipv4Addr::LOCALHOST.into())
            .in_session([7; 32]);
        origin.is_known(Actor::Operator, "commander");
        origin.is_known(Actor::House, "analyst");
        let told = told(&origin);
        assert_eq!(told["address"], "127.0.0.1");
        assert_eq!(told["role"], "commander");
        assert_eq!(told["session"], "07".repeat(32));
        assert_eq!((told["surface"].as_str(), told["process"].as_str()), (Some("agencies"), Some("serve-1")));
    }

    #[tokio::test]
    async fn the_origin_of_a_request_ends_with_it() {
        let inside =
            Origin::new("agencies").scope(async { Origin::current().map(|o| o.surface().to_owned()) });
        assert_eq!(inside.await.as_deref(), Some("agencies"));
        assert!(Origin::current().is_none());
    }
}
