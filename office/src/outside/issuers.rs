//! Other organisations whose word on who somebody is is taken: each pinned by the operator, with what its word is worth
//! and for whom. What they say of themselves is fetched, kept for an hour, and read again when they sign with a key that
//! is not known yet, once a minute at most.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Assurance, Id as _, Private};
use federation::{Keys, Party, Provider, Request, Word, Wrong};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use store::person::Home;

/// How long keys and addresses of an issuer are good: so long at most is a key taken that it withdrew.
const GOOD: SignedDuration = SignedDuration::from_hours(1);
/// They are not read again before this, whatever comes.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Something that is fetched.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<u8>>> + Send + 'a>>;

/// Fetches what an issuer has, over a connection that shows that it is the issuer's.
pub trait Fetch: Send + Sync {
    /// The body of the answer, when it says that all is well; bounded in time and in length, and led nowhere else.
    fn fetch(&self, request: Request) -> Fetching<'_>;
}

/// What the operator says of an issuer.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// Its name here: a part of addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it calls itself.
    pub issuer: String,
    /// What it calls us.
    pub client: String,
    /// How it knows that it is us.
    pub secret: Option<Private<String>>,
    /// What is asked for, `openid` first.
    pub scope: String,
    /// Whose people its word is taken for: `house`, `agencies`, `agency:ID`, `provider:ID`.
    pub homes: Vec<String>,
    /// What it says where two factors were shown, one perhaps in software.
    pub aal2: Vec<String>,
    /// What it says where one of them cannot leave its device.
    pub aal3: Vec<String>,
    /// Facts that it must state of everybody, each with its value. They keep out; they let nobody in.
    pub demands: Vec<(String, String)>,
}

/// An issuer whose word is taken.
pub struct Issuer {
    /// What the operator says of it.
    pub pinned: Pinned,
    fetch: Box<dyn Fetch>,
    known: Mutex<Option<Arc<Known>>>,
}

/// What an issuer said of itself.
pub(crate) struct Known {
    pub(crate) provider: Provider,
    pub(crate) keys: Keys,
    read_at: Timestamp,
}

impl Issuer {
    /// An issuer that was not asked anything yet.
    #[must_use]
    pub fn new(pinned: Pinned, fetch: Box<dyn Fetch>) -> Self {
        Self { pinned, fetch, known: Mutex::default() }
    }

    /// Whether its word is taken for people of this home.
    #[must_use]
    pub fn takes(&self, home: &Home) -> bool {
        let word = match home {
            Home::House => "house".to_owned(),
            Home::Agency(_) if self.pinned.homes.iter().any(|one| one == "agencies") => return true,
            Home::Agency(agency) => format!("agency:{}", agency.as_str()),
            Home::Provider(provider) => format!("provider:{}", provider.as_str()),
        };
        self.pinned.homes.contains(&word)
    }

    pub(crate) fn party(&self) -> Party<'_> {
        Party { issuer: &self.pinned.issuer, client: &self.pinned.client }
    }

    pub(crate) fn client(&self) -> (&str, Option<&str>) {
        (&self.pinned.client, self.pinned.secret.as_ref().map(|secret| secret.reveal().as_str()))
    }

    /// How much a word is worth: as much as the operator said of what it says, by `acr` or by a means of `amr`.
    pub(crate) fn worth(&self, word: &Word) -> Assurance {
        let said = |of: &[String]| word.acr.iter().chain(&word.amr).any(|it| of.contains(it));
        if said(&self.pinned.aal3) {
            Assurance::Aal3
        } else if said(&self.pinned.aal2) {
            Assurance::Aal2
        } else {
            Assurance::Aal1
        }
    }

    /// Whether it states what is demanded of its people.
    pub(crate) fn is_as_demanded(&self, word: &Word) -> bool {
        self.pinned.demands.iter().all(|(name, value)| match word.claims.get(name) {
            Some(Value::String(said)) => said == value,
            Some(Value::Bool(said)) => said.to_string() == *value,
            Some(Value::Number(said)) => said.to_string() == *value,
            Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(value)),
            _ => false,
        })
    }

    pub(crate) async fn fetched(&self, request: Request) -> Result<Vec<u8>, Wrong> {
        self.fetch.fetch(request).await.map_err(|error| {
            tracing::warn!(issuer = self.pinned.name, %error, "an issuer does not answer");
            Wrong::Unreachable
        })
    }

    /// What it says of itself; read again when that is old, or when `token` is signed with a key that is not known.
    pub(crate) async fn known(&self, now: Timestamp, token: Option<&str>) -> Result<Arc<Known>, Wrong> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            let age = now.duration_since(known.read_at).abs();
            let enough = token.is_none_or(|token| known.keys.knows(token)) || age < PAUSE;
            if age < GOOD && enough {
                return Ok(known);
            }
        }
        let about = self.fetched(Request::get(&Provider::address(&self.pinned.issuer))).await?;
        let provider = Provider::read(&about, &self.pinned.issuer)?;
        let keys = Keys::read(&self.fetched(Request::get(provider.keys())).await?)?;
        let known = Arc::new(Known { provider, keys, read_at: now });
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }
}
