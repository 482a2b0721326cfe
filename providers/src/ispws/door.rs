//! Who speaks, and how often: credentials, the pace of each credential, and patience with those who guess.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use cybertip::response::ResponseCode;
use domain::CredentialId;
use http::{Extensions, HeaderMap};
use pipeline::House;
use pipeline::intake::{self, Login, Refused};
use tokio::sync::Semaphore;
use web::{BasicCredentials, Crowd, Limiter, Peer, Rate};

use super::answer::{self, Answer};
use super::{Provider, Settings, body};

/// The longest that the answer to a wrong secret is held back.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Wrong secrets that wait at a time; more are answered at once, so that guessing cannot use up the house's memory.
const MOST_WAITING: usize = 1_024;
/// Of a request that came too soon, so much is still read, so that its sender hears why.
const MOST_DRAINED_BYTES: u64 = 4 << 20;

/// What this process counts.
pub(super) struct Door {
    pace: Option<Limiter<CredentialId>>,
    guesses: Option<Crowd>,
    waiting: Arc<Semaphore>,
}

impl Door {
    pub(super) fn new(settings: &Settings, house: &House) -> Self {
        Self {
            pace: settings.requests.map(Limiter::new),
            guesses: settings.wrong_logins.map(|rate| Crowd::new(rate, Arc::clone(house.random()))),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
        }
    }

    /// Holds back the answer to a wrong secret, when many came from the same network. A right one never waits, whatever
    /// its neighbours do, and a name that does not exist is answered as late as one that does.
    async fn refuse(&self, house: &House, address: IpAddr) {
        let Some(Err(wait)) = self.guesses.as_ref().map(|all| all.take(address, house.now())) else {
            return;
        };
        let Ok(_place) = Arc::clone(&self.waiting).try_acquire_owned() else { return };
        #[expect(
            clippy::disallowed_methods,
            reason = "whoever guesses waits, and nobody else: that is the aim"
        )]
        tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
    }
}

/// Who says to be who, and from where.
pub(crate) struct Caller {
    given: Option<BasicCredentials>,
    address: IpAddr,
}

impl Caller {
    pub(super) fn of(request: &Request) -> Self {
        Self::said(request.headers(), request.extensions())
    }

    /// By the headers of a request, and the connection that it came on.
    pub(crate) fn said(headers: &HeaderMap, connection: &Extensions) -> Self {
        Self { given: web::basic_credentials(headers), address: Peer::of(connection).0.ip() }
    }
}

/// The login behind the credentials of a request, or why there is none. A guess may have to wait for its answer.
pub(crate) async fn proved(provider: &Provider, caller: Caller) -> Result<Login, Refused> {
    let Caller { given, address } = caller;
    let given = given.ok_or_else(|| Refused::of(ResponseCode::AuthenticationRequired))?;
    let found = intake::authenticate(&provider.house, &given.username, &given.secret).await;
    if matches!(&found, Err(refused) if refused.code == ResponseCode::AuthenticationRequired) {
        provider.door.refuse(&provider.house, address).await;
    }
    found
}

/// The login behind the credentials of a request, or the answer that says why not.
pub(super) async fn login(provider: &Provider, caller: Caller) -> Result<Login, Response> {
    proved(provider, caller).await.map_err(|refused| match refused.code {
        ResponseCode::AuthenticationRequired => answer::unauthenticated(),
        _ => Answer::refused(refused).send(provider),
    })
}

/// A request that came too soon, and after how many seconds it may come again.
pub(crate) struct TooSoon(pub(crate) u64);

/// Counts one request of a credential.
pub(crate) fn paced(provider: &Provider, login: &Login) -> Result<(), TooSoon> {
    let Some(pace) = &provider.door.pace else { return Ok(()) };
    let taken = pace.take(&login.credential, provider.house.now());
    taken.map_err(|wait| TooSoon(wait.as_secs().max(1)))
}

/// As [`login`], within the pace of its credential. Never asked before a finish or a retract: a report that is whole is
/// always taken.
pub(super) async fn enter(provider: &Provider, request: &mut Request) -> Result<Login, Response> {
    let login = login(provider, Caller::of(request)).await?;
    let Some(pace) = &provider.door.pace else { return Ok(login) };
    match pace.take(&login.credential, provider.house.now()) {
        Ok(()) => Ok(login),
        Err(wait) => {
            let rest = std::mem::replace(request.body_mut(), Body::empty());
            body::drain(rest.into_data_stream(), MOST_DRAINED_BYTES).await;
            Err(Answer::too_soon(wait).send(provider))
        }
    }
}

/// A rate of so many a minute, with a burst of ten seconds' worth; none for 0.
pub(super) fn rate(per_minute: u32) -> Option<Rate> {
    (per_minute > 0).then(|| Rate { per_minute, burst: (per_minute / 6).max(1) })
}
