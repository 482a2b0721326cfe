//! What a ceremony has to remember between question and answer. It travels with the question, sealed under the house's
//! key, so that whoever only asks leaves no row behind.

use domain::Private;
use jiff::{SignedDuration, Timestamp};
use passkey::{Begun, Party};
use seal::Place;
use serde::{Deserialize, Serialize};
use store::{Act, House, Refusal, View, challenge};

use crate::{Trouble, carried};

/// How long a challenge can be answered.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_mins(5);

/// The host name under which somebody came, with the origins that their browser may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The host name, without port: keys are made for it and open no other.
    pub name: String,
    /// Scheme, host name and port: one, but on this machine itself, where plain HTTP is as good as TLS.
    pub origins: Vec<String>,
}

impl Site {
    pub(crate) fn party(&self) -> Result<Party, Trouble> {
        Ok(Party::new("Clearinghouse", &self.name, &self.origins)?)
    }
}

/// What a browser is asked, and what it sends back with its answer.
#[derive(Debug, Clone)]
pub struct Asked {
    /// For `navigator.credentials`, as JSON.
    pub options: String,
    /// What is remembered, sealed.
    pub ceremony: String,
}

/// What a browser sends back.
#[derive(Debug, Clone)]
pub struct Given {
    /// [`Asked::ceremony`], as it was sent.
    pub ceremony: String,
    /// The answer of `navigator.credentials`, as JSON.
    pub answer: String,
    /// What the browser calls itself.
    pub client: Private<String>,
}

/// What the answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    SignIn,
    Verify,
    Enrol,
}

/// A question that was asked. `bound` is what it was asked for: a ticket, a session, or nobody yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ceremony {
    kind: Kind,
    site: String,
    bound: String,
    nonce: String,
    expires_at: Timestamp,
    pub(crate) state: String,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It was never asked here, or for somebody or something else.
    Unknown,
    /// Its minutes are over.
    Expired,
}

/// Seals what a question has to remember.
pub(crate) async fn sealed(
    house: &House,
    kind: Kind,
    site: &Site,
    bound: &str,
    begun: Begun,
) -> Result<Asked, Trouble> {
    let expires_at = house.now().checked_add(LIFE).map_err(|_| Refusal::Expired)?;
    let (site, bound, nonce) = (site.name.clone(), bound.to_owned(), crate::sign_in::secret(house)?);
    let content = Ceremony { kind, site, bound, nonce, expires_at, state: begun.state };
    Ok(Asked { options: begun.options, ceremony: carried::seal(house, PLACE, &content).await? })
}

/// Opens what a browser sent back.
pub(crate) fn opened(
    view: &View<'_>,
    asked: (Kind, &Site, &str),
    sealed: &str,
) -> store::Result<Result<Ceremony, Closed>> {
    let (kind, site, bound) = asked;
    let Some(content) = carried::open::<Ceremony>(view, &PLACE, sealed) else {
        return Ok(Err(Closed::Unknown));
    };
    if content.kind != kind || content.site != site.name || content.bound != bound {
        return Ok(Err(Closed::Unknown));
    }
    if content.expires_at <= view.now() {
        return Ok(Err(Closed::Expired));
    }
    Ok(Ok(content))
}

impl Ceremony {
    pub(crate) fn is_spent(&self, view: &View<'_>) -> store::Result<bool> {
        challenge::is_spent(view, view.secret_digest(self.nonce.as_bytes()))
    }

    /// Once and never again, as part of the act that the answer is for.
    pub(crate) fn spend(&self, act: &Act<'_>) -> store::Result<()> {
        challenge::spend(act, act.secret_digest(self.nonce.as_bytes()), self.expires_at)
    }
}

/// Where the sealed bytes belong: nowhere but in a ceremony.
const PLACE: Place<'static> = Place { table: "ceremony", row: b"", column: "state" };
