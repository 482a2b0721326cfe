//! What the house stands on goes away, and comes back: the database, the bucket of the vault. Meanwhile every request is answered with
//! a documented code, the process stays up and says what it is; afterwards it goes on by itself, and everything that was
//! acknowledged reaches an agency exactly once.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod common;
#[path = "common/courier.rs"]
mod courier;
#[path = "common/proxy.rs"]
mod proxy;
#[path = "common/recipient.rs"]
mod recipient;
#[path = "common/served.rs"]
#[expect(dead_code, reason = "this test needs only a part of it")]
mod served;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use courier::Courier;
use proxy::{Proxy, Server, Weather};
use recipient::Recipient;
use reqwest::StatusCode;
use reqwest::blocking::Client;
use served::{Keys, Place, Served};

/// Clients that send at once.
const CALLERS: usize = 4;
/// Reports that are acknowledged in fair weather before the next spell.
const PER_SPELL: usize = 12;
/// Requests that are answered with "not now" in a spell.
const REFUSED_PER_SPELL: usize = 8;
/// No request of a provider is without an answer for longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// After so long the house tells its callers that the database does not answer.
const ANSWER_TIMEOUT_MS: &str = "3000";
/// How often a test looks for what it waits for, and how long it waits between.
const MOST_LOOKS: usize = 4_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Waits until something is so.
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..MOST_LOOKS {
        if is_so() {
            return;
        }
        std::thread::park_timeout(BETWEEN_LOOKS);
    }
    panic!("waited in vain for {what}");
}

/// What the clients have seen so far.
#[derive(Default)]
struct Traffic {
    acknowledged: Mutex<BTreeMap<u64, Vec<u8>>>,
    begun: AtomicUsize,
    refused: AtomicUsize,
    over: AtomicBool,
}

/// Ends the clients, also when the test fails.
struct Ending<'a>(&'a Traffic);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::SeqCst);
    }
}

impl Traffic {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Files one report after the other, each for as long as it takes.
    fn send(&self, courier: &Courier) {
        while !self.is_over() {
            let bytes = synth::corpus::bytes(self.begun.fetch_add(1, Ordering::SeqCst));
            let filed = courier.file(bytes, |_| {
                self.refused.fetch_add(1, Ordering::SeqCst);
                !self.is_over()
            });
            if let Some(report) = filed {
                self.acknowledged.lock().unwrap().insert(report, bytes.to_vec());
            }
        }
    }

    fn wait_for_acknowledged(&self, more: usize) {
        let before = self.acknowledged.lock().unwrap().len();
        wait_for("finishes", || self.acknowledged.lock().unwrap().len() >= before + more);
    }

    fn wait_for_refused(&self, more: usize) {
        let before = self.refused.load(Ordering::SeqCst);
        wait_for("answers that say not now", || self.refused.load(Ordering::SeqCst) >= before + more);
    }
}

/// Sends reports through every kind of bad weather; `spell` looks at the house in the middle of each.
fn outlives(house: &Served, keys: &Keys, proxy: &Proxy, spell: impl Fn(Weather)) {
    let traffic = Traffic::default();
    std::thread::scope(|scope| {
        let _ending = Ending(&traffic);
        for _ in 0..CALLERS {
            scope.spawn(|| traffic.send(&Courier::to(&house.ispws(), &keys.provider, PATIENCE)));
        }
        for weather in [Weather::Refused, Weather::Torn, Weather::Stalled] {
            traffic.wait_for_acknowledged(PER_SPELL);
            proxy.set(weather);
            traffic.wait_for_refused(REFUSED_PER_SPELL);
            spell(weather);
            proxy.set(Weather::Fair);
        }
        traffic.wait_for_acknowledged(PER_SPELL);
    });
    let acknowledged = traffic.acknowledged.lock().unwrap();
    assert!(acknowledged.len() >= 4 * PER_SPELL);
    Recipient::of(&house.agency(), &keys.token).has(&acknowledged);
}

fn status(house: &Served, path: &str) -> StatusCode {
    let client = Client::builder().timeout(PATIENCE).build().unwrap();
    client.get(format!("{}{path}", house.base())).send().expect("the process answers").status()
}

/// The server in a URL `postgres://user@host:port/name`, and the URL with another host and port.
fn redirected(url: &str, to: impl FnOnce(Server) -> Proxy) -> (Proxy, String) {
    let (login, rest) = url.split_once('@').expect("the URL of the tests names a user");
    let (authority, path) = rest.split_once('/').expect("it names a database");
    let (host, port) = authority.rsplit_once(':').expect("it names a port");
    let server = if host.starts_with("%2F") {
        Server::Unix(PathBuf::from(host.replace("%2F", "/")).join(format!(".s.PGSQL.{port}")))
    } else {
        Server::Tcp(authority.to_owned())
    };
    let proxy = to(server);
    let url = format!("{login}@{}/{path}", proxy.address());
    (proxy, url)
}

#[test]
fn everything_acknowledged_outlives_an_outage_of_the_database() {
    let database = testkit::postgres::fresh_database();
    let (proxy, url) = redirected(&database.url(), Proxy::before);
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(&folder.path().join("house"))
        .with("DATABASE__URL", url)
        .with("DATABASE__CONNECTIONS", "4")
        .with("DATABASE__ANSWER_TIMEOUT_MS", ANSWER_TIMEOUT_MS);
    let keys = place.make();
    let house = place.serve();
    assert_eq!(status(&house, "/health/ready"), StatusCode::OK);
    outlives(&house, &keys, &proxy, |weather| {
        assert_eq!(status(&house, "/health/live"), StatusCode::OK);
        // A torn connection carries a short question before it is cut.
        if weather != Weather::Torn {
            // The answer may be a second old.
            let unready = || status(&house, "/health/ready") == StatusCode::SERVICE_UNAVAILABLE;
            wait_for("the house to say that it is not ready", unready);
        }
    });
    wait_for("the house to be ready again", || status(&house, "/health/ready") == StatusCode::OK);
}

#[test]
fn everything_acknowledged_outlives_an_outage_of_the_vault() {
    let server = s3();
    let proxy = Proxy::before(Server::Tcp(server.clone()));
    let bucket = format!("gone-{}", std::process::id());
    let made = Client::new().put(format!("http://{server}/{bucket}")).send().unwrap();
    assert!(made.status().is_success(), "{made:?}");
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(&folder.path().join("house"))
        .with("VAULT__URL", format!("s3://{bucket}?endpoint=http://{}&region=us-east-1", proxy.address()))
        .with("VAULT__ACCESS_KEY_ID", "test")
        .with("VAULT__SECRET_ACCESS_KEY", "test");
    let keys = place.make();
    let house = place.serve();
    assert_eq!(status(&house, "/health/ready"), StatusCode::OK);
    outlives(&house, &keys, &proxy, |weather| {
        assert_eq!(status(&house, "/health/live"), StatusCode::OK);
        // A torn connection carries a short question before it is cut.
        if weather != Weather::Torn {
            // The answer may be a second old.
            let unready = || status(&house, "/health/ready") == StatusCode::SERVICE_UNAVAILABLE;
            wait_for("the house to say that it is not ready", unready);
        }
    });
    wait_for("the house to be ready again", || status(&house, "/health/ready") == StatusCode::OK);
}

/// Address of the S3 server that the runner of the tests started.
#[expect(clippy::disallowed_methods, reason = "the runner of the tests names its server")]
fn s3() -> String {
    let url = std::env::var("CLEARINGHOUSE_TEST_S3")
        .expect("there is no S3 server: run `cargo xtask test`, which installs and starts one");
    url.trim_start_matches("http://").trim_end_matches('/').to_owned()
}
