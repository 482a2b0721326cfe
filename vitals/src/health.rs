//! What a load balancer asks: is the process alive, and can it work. Anybody may ask as often as they like: what the
//! house stands on is asked once a second at most, and whoever asks meanwhile hears the same.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use store::{Alarm, House, Result};
use tokio::sync::Mutex;

/// How long the database and the vault may take to answer before this process counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is repeated.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// `/health/live`, `/health/ready` and `/health/alarms`, on every listener.
pub fn router(house: House) -> Router {
    let readiness = Readiness { house, known: Arc::default() };
    let health = Router::new()
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/health/ready", get(ready))
        .route("/health/alarms", get(alarms))
        .with_state(readiness);
    web::secure(health, web::Surface::Machines)
}

/// What the house stands on, as it was found last.
#[derive(Clone)]
struct Readiness {
    house: House,
    known: Arc<Mutex<Option<(Timestamp, Verdict)>>>,
}

/// Whether it can work, and what a person reads otherwise.
type Verdict = std::result::Result<(), &'static str>;

async fn ready(State(readiness): State<Readiness>) -> Response {
    match readiness.verdict().await {
        Ok(()) => "ready\n".into_response(),
        Err(says) => (StatusCode::SERVICE_UNAVAILABLE, says).into_response(),
    }
}

/// The alarms that stand in this process, one a line; 503 while there is one.
async fn alarms(State(readiness): State<Readiness>) -> Response {
    let standing = readiness.house.alarms();
    let lines: String =
        standing.iter().map(|raised| format!("{} since {}\n", raised.alarm.as_str(), raised.since)).collect();
    let status = if standing.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, if lines.is_empty() { "none\n".to_owned() } else { lines }).into_response()
}

impl Readiness {
    async fn verdict(&self) -> Verdict {
        // Whoever comes while another one asks waits for that answer, which is bounded.
        let mut known = self.known.lock().await;
        let now = self.house.now();
        match *known {
            Some((at, verdict)) if at <= now && now.duration_since(at) < FRESH => verdict,
            _ => {
                let verdict = self.ask().await;
                *known = Some((now, verdict));
                verdict
            }
        }
    }

    async fn ask(&self) -> Verdict {
        let database = answered(self.house.read("health", |_| Ok(())));
        let vault = answered(self.house.vault().answers());
        let (database, vault) = tokio::join!(database, vault);
        database.map_err(|how| match how {
            Silence::Fault => "the database does not answer\n",
            Silence::Slow => "the database is slow\n",
        })?;
        vault.map_err(|how| match how {
            Silence::Fault => "the vault does not answer\n",
            Silence::Slow => "the vault is slow\n",
        })?;
        // Both answer, and yet nothing can be kept: the disk is full, or the database only reads.
        let fails = self.house.alarms().iter().any(|raised| raised.alarm == Alarm::AppendFailing);
        // Whoever is told so stays away, so that nothing else would find out that it is over.
        if fails && self.house.book().probe().await.is_err() {
            return Err("nothing can be put into the ledger\n");
        }
        Ok(())
    }
}

/// How something did not answer.
#[derive(Clone, Copy)]
enum Silence {
    Fault,
    Slow,
}

async fn answered(asked: impl Future<Output = Result<()>>) -> std::result::Result<(), Silence> {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(fault)) => {
            tracing::warn!(fault = config::outcome::chain(&fault), "not ready");
            Err(Silence::Fault)
        }
        Err(_) => Err(Silence::Slow),
    }
}
