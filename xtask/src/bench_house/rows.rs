//! The database of one house: a file in its folder, or a database of its own on a PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use postgres::error::SqlState;
use postgres::{Client, NoTls};

use super::Engine;
use crate::Result;

/// Databases that this process has made.
static MADE: AtomicU32 = AtomicU32::new(0);

/// How often a starting server is asked again, and how long it is waited for in all.
const ASK_EVERY: Duration = Duration::from_millis(50);
const MOST_ASKED: u32 = 1_200;

/// Where the rows of a house are. Dropping it removes them.
pub enum Rows {
    /// In the folder of the house, as `init` has it.
    File,
    /// In that database of that server.
    Server {
        /// Superuser URL without a database name.
        server: String,
        /// The database.
        name: String,
    },
}

impl Rows {
    /// Makes them.
    pub fn make(engine: Engine, postgres: Option<&str>) -> Result<Self> {
        if engine == Engine::Sqlite {
            return Ok(Self::File);
        }
        let server = postgres.ok_or("the registry starts a PostgreSQL for this benchmark")?.to_owned();
        let name = format!("bench_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        administer(&server, &format!("CREATE DATABASE {name}"))?;
        Ok(Self::Server { server, name })
    }

    /// What the process of the house must be told.
    pub fn environment(&self) -> Option<(&'static str, String)> {
        self.url().map(|url| ("CLEARINGHOUSE__DATABASE__URL", url))
    }

    /// Where the database is, unless it is a file.
    pub fn url(&self) -> Option<String> {
        match self {
            Self::File => None,
            // On loopback the product takes a plain connection; TLS would be measured on both ends of one machine.
            Self::Server { server, name } => Some(format!("{server}/{name}?sslmode=disable")),
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        let Self::Server { server, name } = self else { return };
        if let Err(fault) = administer(server, &format!("DROP DATABASE {name} WITH (FORCE)")) {
            eprintln!("the database {name} stays behind: {fault}");
        }
    }
}

fn administer(server: &str, sql: &str) -> Result<()> {
    let mut client = connected(&format!("{server}/postgres?sslmode=disable"))?;
    client.batch_execute(sql).map_err(|fault| format!("{sql}: {}", said(&fault)).into())
}

/// A server that accepts connections may still be starting, and says so.
#[expect(clippy::disallowed_methods, reason = "another program's start gives no event to wait for")]
fn connected(url: &str) -> Result<Client> {
    for _ in 0..MOST_ASKED {
        match Client::connect(url, NoTls) {
            Err(fault) if fault.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => {
                std::thread::sleep(ASK_EVERY)
            }
            Err(fault) => return Err(said(&fault).into()),
            Ok(client) => return Ok(client),
        }
    }
    Err("PostgreSQL does not come to the end of its start".into())
}

/// The driver's own words are only "db error"; the server's are behind them.
fn said(fault: &postgres::Error) -> String {
    fault.as_db_error().map_or_else(|| fault.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_needs_no_words_and_a_server_needs_to_be_there() {
        assert_eq!(Rows::make(Engine::Sqlite, None).unwrap().environment(), None);
        assert!(Rows::make(Engine::Postgres, None).is_err());
    }
}
