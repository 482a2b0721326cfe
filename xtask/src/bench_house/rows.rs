//! The database of one house: a file in its folder, or a database of its own on a PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};

use super::Engine;
use crate::Result;

/// Databases that this process has made.
static MADE: AtomicU32 = AtomicU32::new(0);

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
        match self {
            Self::File => None,
            // On loopback the product takes a plain connection; TLS would be measured on both ends of one machine.
            Self::Server { server, name } => {
                Some(("CLEARINGHOUSE__DATABASE__URL", format!("{server}/{name}?sslmode=disable")))
            }
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
    Ok(Client::connect(&format!("{server}/postgres?sslmode=disable"), NoTls)?.batch_execute(sql)?)
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
