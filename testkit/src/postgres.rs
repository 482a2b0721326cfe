//! PostgreSQL for tests: one shared server, a fresh database per test.
//!
//! `cargo xtask test` starts a server for the whole run and names it in `CLEARINGHOUSE_TEST_POSTGRES`. Without it,
//! the first test starts one that all later tests of this user find, and that ends itself when none has used it
//! for a minute. Tests that stop, restart or dress up a server start a [`Private`] one.

mod private;
mod process;
mod shared;

use std::sync::OnceLock;

pub use private::Private;

/// Names the running server, as `postgres://user:password@host:port` without a database.
const VARIABLE: &str = "CLEARINGHOUSE_TEST_POSTGRES";

/// The server that tests share. The handle keeps it running for as long as this process lives.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    #[expect(clippy::disallowed_methods, reason = "the runner of the tests names its server")]
    CLUSTER.get_or_init(|| match std::env::var(VARIABLE) {
        Ok(base) => Cluster { base, _use: None },
        Err(_) => shared::cluster(),
    })
}

/// A running server.
pub struct Cluster {
    base: String,
    /// Held for its lock, which tells the server's keeper that somebody is there.
    _use: Option<std::fs::File>,
}

impl Cluster {
    /// The superuser's URL of one of its databases. Plain, as it never leaves the machine.
    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}?sslmode=disable", self.base)
    }
}

/// An empty database; dropping it removes it from the server.
pub struct FreshDatabase {
    name: String,
}

impl FreshDatabase {
    /// The superuser's URL of it.
    pub fn url(&self) -> String {
        cluster().url(&self.name)
    }
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        let removed = administer(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        if let Err(error) = removed {
            eprintln!("{} stays behind: {error}", self.name);
        }
    }
}

/// Makes an empty database that no other test knows.
pub fn fresh_database() -> FreshDatabase {
    // The server hands out its transaction numbers once only, to whichever process asks.
    let number = administer("SELECT CAST(txid_current() AS TEXT)").expect("the test server answers");
    let name = format!("test_{number}");
    administer(&format!("CREATE DATABASE {name}")).expect("the test server makes databases");
    FreshDatabase { name }
}

/// Runs one statement as the server's superuser and answers its first value, or nothing.
pub fn administer(sql: &str) -> Result<String, postgres::Error> {
    let (url, sql) = (cluster().url("postgres"), sql.to_owned());
    // On a thread of its own: the test may run inside an async runtime, where this client cannot.
    let asked = std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls)?;
        let answers = client.simple_query(&sql)?;
        Ok(answers.iter().find_map(first_value).unwrap_or_default())
    });
    asked.join().expect("asking the server does not panic")
}

fn first_value(message: &postgres::SimpleQueryMessage) -> Option<String> {
    match message {
        postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }
}

/// Writes a backup of a whole database into a file with `pg_dump`, as an operator does.
pub fn dump(url: &str, file: &std::path::Path) {
    tool("pg_dump", &["--format=custom", "--no-owner", "--file", text(file), "--dbname", url]);
}

/// Puts such a backup into an empty database with `pg_restore`.
pub fn restore(file: &std::path::Path, url: &str) {
    tool("pg_restore", &["--exit-on-error", "--no-owner", "--dbname", url, text(file)]);
}

fn text(file: &std::path::Path) -> &str {
    file.to_str().expect("the path of a test is text")
}

fn tool(name: &str, words: &[&str]) {
    let output = std::process::Command::new(process::binaries().join(name)).args(words).output();
    let output = output.expect("PostgreSQL's tools start");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}
