//! Numbered migrations, forward only, each pinned by its digest.

use aws_lc_rs::digest;

use crate::{Database, Dialect, Engine, Fault, FromRow, Row, Tx, bind, statement};

/// One step of the schema. The text serves both engines and may use the words of [`Dialect`], as in `{blob}`;
/// what only one engine needs follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    number: u32,
    name: &'static str,
    text: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Migration {
    /// A step that both engines take alike.
    pub const fn new(number: u32, name: &'static str, text: &'static str) -> Self {
        Self { number, name, text, sqlite: "", postgres: "" }
    }

    /// Adds what SQLite alone runs after the common text.
    #[must_use]
    pub const fn on_sqlite(mut self, text: &'static str) -> Self {
        self.sqlite = text;
        self
    }

    /// Adds what PostgreSQL alone runs after the common text.
    #[must_use]
    pub const fn on_postgres(mut self, text: &'static str) -> Self {
        self.postgres = text;
        self
    }

    /// Its place in the order.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The digest that pins all its texts, the same on both engines.
    fn checksum(&self) -> [u8; 32] {
        let mut context = digest::Context::new(&digest::SHA256);
        for text in [self.name, self.text, self.sqlite, self.postgres] {
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        }
        let mut sum = [0; 32];
        sum.copy_from_slice(context.finish().as_ref());
        sum
    }

    /// The scripts to run, in the words of the engine.
    fn scripts(&self, dialect: Dialect) -> Result<[String; 2], Fault> {
        let own = match dialect.engine() {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        };
        let worded = |text| {
            statement::worded(text, dialect).map_err(|problem| Fault::statement(self.name, "text", problem))
        };
        Ok([worded(self.text)?, worded(own)?])
    }
}

/// Why a schema and a program do not fit together. Each is for an operator to mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationFault {
    /// An applied migration was edited afterwards.
    #[error("migration {number} was changed after it had been applied")]
    Changed {
        /// Which.
        number: u32,
    },
    /// The database was migrated by a newer program.
    #[error("the schema has migration {number}, which this program does not know")]
    Newer {
        /// The first unknown one.
        number: u32,
    },
    /// A migration would come before one that is already applied, or the list is not in order.
    #[error("migration {number} is out of order")]
    OutOfOrder {
        /// Which.
        number: u32,
    },
}

const SQLITE_TABLE: &str = "-- database::table_on_sqlite
    SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'";

const POSTGRES_TABLE: &str = "-- database::table_on_postgres
    SELECT COUNT(*) FROM information_schema.tables
    WHERE table_schema = CURRENT_SCHEMA() AND table_name = 'schema_migration'";

const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 {blob} NOT NULL)";

const APPLIED: &str = "-- database::applied
    SELECT number, sha256 FROM schema_migration ORDER BY number";

const APPLY: &str = "-- database::apply
    INSERT INTO schema_migration (number, name, sha256) VALUES (:number, :name, :sha256)";

/// Makes concurrent migrators wait for each other until the transaction ends, and lets a long migration finish.
/// The one advisory lock of the code base: serving needs none, so that distributed engines can serve.
const POSTGRES_LOCK: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
    SELECT pg_advisory_xact_lock(4848485553)";

struct Applied {
    number: u32,
    sha256: [u8; 32],
}

impl FromRow for Applied {
    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        Ok(Self { number: row.get("number")?, sha256: row.get("sha256")? })
    }
}

impl Database {
    /// Brings the schema up to the last of `all`, each step in a transaction of its own, and answers the numbers
    /// that were newly applied. Blocks until done. Several processes may call it at once.
    pub fn migrate(&self, all: &[Migration]) -> Result<Vec<u32>, Fault> {
        ordered(all)?;
        let mut newly = Vec::new();
        loop {
            let list = all.to_vec();
            match self.write_at_leisure("database::migrate", move |tx| step(tx, &list)).wait()? {
                Some(number) => newly.push(number),
                None => return Ok(newly),
            }
        }
    }

    /// The numbers that [`Database::migrate`] would apply; changes nothing.
    pub fn pending(&self, all: &[Migration]) -> Result<Vec<u32>, Fault> {
        ordered(all)?;
        let list = all.to_vec();
        self.read("database::pending", move |tx| {
            let exists = match tx.dialect().engine() {
                Engine::Sqlite => SQLITE_TABLE,
                Engine::Postgres => POSTGRES_TABLE,
            };
            let there: i64 = tx.get(exists, &bind! {})?;
            let applied = if there == 0 { Vec::new() } else { tx.rows(APPLIED, &bind! {})? };
            Ok(outstanding(&list, &applied)?.iter().map(Migration::number).collect())
        })
        .wait()
    }
}

/// Applies the next migration that is due, if there is one.
fn step(tx: &Tx<'_>, all: &[Migration]) -> Result<Option<u32>, Fault> {
    if tx.dialect().engine() == Engine::Postgres {
        tx.script("database::lock", POSTGRES_LOCK)?;
    }
    let create = statement::worded(CREATE, tx.dialect())
        .map_err(|problem| Fault::statement("database::create", "text", problem))?;
    tx.script("database::create", &create)?;
    let applied: Vec<Applied> = tx.rows(APPLIED, &bind! {})?;
    let Some(next) = outstanding(all, &applied)?.first() else { return Ok(None) };
    for script in next.scripts(tx.dialect())? {
        tx.script(next.name, &script)?;
    }
    tx.execute(APPLY, &bind! { number: next.number, name: next.name, sha256: next.checksum() })?;
    Ok(Some(next.number))
}

/// What is still to be applied, once what is applied is known to be ours and unchanged.
fn outstanding<'a>(all: &'a [Migration], applied: &[Applied]) -> Result<&'a [Migration], MigrationFault> {
    for (place, done) in applied.iter().enumerate() {
        match all.get(place) {
            None => return Err(MigrationFault::Newer { number: done.number }),
            Some(known) if known.number < done.number => {
                return Err(MigrationFault::OutOfOrder { number: known.number });
            }
            Some(known) if known.number > done.number => {
                return Err(MigrationFault::Newer { number: done.number });
            }
            Some(known) if known.checksum() != done.sha256 => {
                return Err(MigrationFault::Changed { number: done.number });
            }
            Some(_) => {}
        }
    }
    Ok(&all[applied.len()..])
}

fn ordered(all: &[Migration]) -> Result<(), MigrationFault> {
    match all.windows(2).find(|pair| pair[0].number >= pair[1].number) {
        Some(pair) => Err(MigrationFault::OutOfOrder { number: pair[1].number }),
        None => Ok(()),
    }
}
