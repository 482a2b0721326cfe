//! SQLite: one thread that writes for all, a few that read.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::database::{Parts, spawned};
use crate::measure::Measures;
use crate::queue::Queue;
use crate::{Fault, Settings};

mod reader;
mod session;
mod writer;

/// Prepared statements that a connection keeps.
const PREPARED: usize = 512;

/// Pages in the log before SQLite moves them to the main file: 16 MiB, so that a burst of acts is not
/// interrupted by copying after every few commits.
const CHECKPOINT_PAGES: u32 = 4_096;

/// The path that means no file at all.
const IN_MEMORY: &str = ":memory:";

/// Opens the file, creating it when it is not there, and starts the threads.
pub(crate) fn start(path: &str, settings: &Settings, measures: &Arc<Measures>) -> Result<Parts, Fault> {
    if path.is_empty() {
        return Err(Fault::Settings("sqlite: needs a path".to_owned()));
    }
    let writer = writer(path, settings).map_err(|error| cannot_open(&error))?;
    let writes = Arc::new(Queue::new(settings.queue_bound));
    // A database in memory belongs to one connection, so its writer reads too.
    let in_memory = path == IN_MEMORY;
    let reads = if in_memory { Arc::clone(&writes) } else { Arc::new(Queue::new(settings.queue_bound)) };
    let readers = if in_memory { 0 } else { settings.readers.max(1) };
    let mut threads = Vec::with_capacity(readers + 1);
    for number in 0..readers {
        let connection = reader(path, settings).map_err(|error| cannot_open(&error))?;
        let (queue, measures) = (Arc::clone(&reads), Arc::clone(measures));
        threads.push((format!("sqlite-read-{number}"), connection, queue, measures));
    }
    let mut running = Vec::with_capacity(readers + 1);
    for (name, connection, queue, measures) in threads {
        running.push(spawned(name, move || reader::run(connection, &queue, &measures))?);
    }
    let (queue, measures) = (Arc::clone(&writes), Arc::clone(measures));
    running.push(spawned("sqlite-write".to_owned(), move || writer::run(writer, &queue, &measures))?);
    Ok(Parts { writes, reads, threads: Mutex::new(running) })
}

/// Copies a database that may be in use into a new file: one snapshot, without what was deleted. Blocks.
pub(crate) fn copy(path: &str, to: &Path) -> Result<(), Fault> {
    let copied = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(30))?;
        connection.execute("VACUUM INTO ?1", [to.to_string_lossy().as_ref()])
    };
    copied().map(drop).map_err(|error| cannot_open(&error))
}

fn writer(path: &str, settings: &Settings) -> rusqlite::Result<Connection> {
    if path != IN_MEMORY {
        private_file(Path::new(path))
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepared(&connection, settings)?;
    // INVARIANT: an answered write survives the loss of power: the log is flushed at every commit.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // Destroyed keys and rows are overwritten, not merely unlinked.
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

fn reader(path: &str, settings: &Settings) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepared(&connection, settings)?;
    Ok(connection)
}

fn prepared(connection: &Connection, settings: &Settings) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_millis(settings.busy_timeout_ms.into()))?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // One plan for one text. Otherwise SQLite compiles a statement anew whenever a value that its planner has looked
    // at is bound again: with cleared bindings, at every run of nearly every statement.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    // What a savepoint must remember stays in memory instead of a file of its own.
    connection.pragma_update(None, "temp_store", "MEMORY")
}

/// Makes the file readable for its owner alone before SQLite does; log and index take over its mode.
fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn cannot_open(error: &rusqlite::Error) -> Fault {
    Fault::unavailable("open", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_compiled_once_whatever_is_bound_to_it() {
        let connection = Connection::open_in_memory().unwrap();
        prepared(&connection, &Settings::at("sqlite::memory:")).unwrap();
        connection.execute_batch("CREATE TABLE t (id BIGINT PRIMARY KEY, stage TEXT, size BIGINT)").unwrap();
        let text = "SELECT id FROM t WHERE id = ?1 AND stage = ?2 AND size > ?3 LIMIT ?4";
        for id in 0..3 {
            let mut statement = connection.prepare_cached(text).unwrap();
            assert!(!statement.exists((id, "open", 1 - id, 1)).unwrap());
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "at run {id}");
        }
    }
}
