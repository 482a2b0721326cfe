//! An empty database for one test, gone when the test ends.

use database::{Database, Settings};

use crate::postgres::{self, FreshDatabase};

/// Connections of one test; few, because many tests run at once against one server.
const CONNECTIONS: usize = 4;

/// An empty database. Keep it until the test ends: dropping it removes the database.
pub struct Scratch {
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// How to open it; a test may change what it likes before it does.
    pub settings: Settings,
    _kept: Kept,
}

/// What must outlive the test.
enum Kept {
    Folder { _folder: tempfile::TempDir },
    Database { _database: FreshDatabase },
}

impl Scratch {
    /// Opens it.
    pub fn open(&self) -> Database {
        Database::open(&self.settings).expect("a fresh database opens")
    }
}

/// An empty SQLite database in a file, with the log and the flushes of a real one.
pub fn on_sqlite() -> Scratch {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let url = format!("sqlite:{}", folder.path().join("test.sqlite").display());
    let settings = Settings { readers: CONNECTIONS, ..Settings::at(url) };
    Scratch { name: "sqlite", settings, _kept: Kept::Folder { _folder: folder } }
}

/// An empty PostgreSQL database.
pub fn on_postgres() -> Scratch {
    let database = postgres::fresh_database();
    let settings = Settings { connections: CONNECTIONS, ..Settings::at(database.url()) };
    Scratch { name: "postgres", settings, _kept: Kept::Database { _database: database } }
}

/// One empty database per engine, for a test that loops over them.
pub fn engines() -> Vec<Scratch> {
    vec![on_sqlite(), on_postgres()]
}

/// Writes each test once and runs it on both engines, as `name::on_sqlite` and `name::on_postgres`:
///
/// ```
/// testkit::both_engines! {
///     fn an_empty_database_has_nothing_pending(scratch) {
///         assert!(scratch.open().pending(&[]).unwrap().is_empty());
///     }
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* fn $name:ident($scratch:ident) $body:block)+) => {$(
        $(#[$meta])*
        #[cfg(test)]
        mod $name {
            use super::*;

            fn test($scratch: &$crate::Scratch) $body

            #[test]
            fn on_sqlite() {
                test(&$crate::on_sqlite());
            }

            #[test]
            fn on_postgres() {
                test(&$crate::on_postgres());
            }
        }
    )+};
}
