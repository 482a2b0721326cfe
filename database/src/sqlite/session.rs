//! Statements on one SQLite connection, and what its result codes mean here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rusqlite::{CachedStatement, Connection, ErrorCode, ffi};

use crate::row::{Inner, Row};
use crate::statement::{Statement, Statements};
use crate::tx::{Failure, Session, Soon, Trouble, Visit, VisitAll};
use crate::{Cause, Constraint, Dialect, Engine, Fault, Value};

pub(super) struct SqliteSession {
    pub connection: Connection,
    statements: RefCell<Statements>,
    /// Statements so far that change something without counting rows, as those that make tables.
    uncounted: Cell<u64>,
    asked: Cell<u64>,
}

impl SqliteSession {
    pub(super) fn new(connection: Connection) -> Self {
        let statements = RefCell::new(Statements::new(Engine::Sqlite.dialect()));
        Self { connection, statements, uncounted: Cell::new(0), asked: Cell::new(0) }
    }

    /// Stays the same for as long as nothing is changed.
    pub(super) fn changes(&self) -> u64 {
        self.connection.total_changes().wrapping_add(self.uncounted.get())
    }

    /// Runs one of the few fixed words that open and close transactions.
    pub(super) fn control(&self, word: &'static str) -> Result<(), Fault> {
        let run = || self.connection.prepare_cached(word)?.raw_execute();
        run().map(drop).map_err(|error| fault(word, error))
    }

    fn bound<'s>(
        &'s self,
        statement: &Statement,
        values: &[&Value],
    ) -> rusqlite::Result<CachedStatement<'s>> {
        self.asked.set(self.asked.get() + 1);
        let mut prepared = self.connection.prepare_cached(&statement.text)?;
        if !prepared.readonly() && !counts_rows(&statement.text) {
            self.uncounted.set(self.uncounted.get() + 1);
        }
        bind(&mut prepared, values)?;
        Ok(prepared)
    }
}

impl Session for SqliteSession {
    fn dialect(&self) -> Dialect {
        Engine::Sqlite.dialect()
    }

    fn statements(&self) -> &RefCell<Statements> {
        &self.statements
    }

    fn trips(&self) -> u64 {
        self.asked.get()
    }

    fn execute(&self, statement: &Statement, values: &[&Value]) -> Result<u64, Failure> {
        let run = || self.bound(statement, values)?.raw_execute();
        run().map(|changed| changed as u64).map_err(|error| failure(statement.name, error))
    }

    fn soon(&self, statement: &Statement, values: &[&Value]) -> Result<Soon, Failure> {
        let soon = Soon::default();
        soon.is(self.execute(statement, values)?);
        Ok(soon)
    }

    fn settle(&self) -> Result<(), Failure> {
        Ok(())
    }

    fn ahead(&self, _: &Rc<Statement>, _: &[&Value]) -> Result<(), Failure> {
        Ok(())
    }

    fn walk(&self, statement: &Statement, values: &[&Value], visit: Visit<'_>) -> Result<(), Failure> {
        let broken = |error| failure(statement.name, error);
        let mut prepared = self.bound(statement, values).map_err(broken)?;
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next().map_err(broken)? {
            let row = Row { statement: statement.name, inner: Inner::Sqlite(row) };
            if !visit(&row).map_err(Failure::harmless)? {
                break;
            }
        }
        Ok(())
    }

    fn walk_all(&self, asked: &[(Rc<Statement>, Vec<&Value>)], visit: VisitAll<'_>) -> Result<(), Failure> {
        asked.iter().enumerate().try_for_each(|(place, (statement, values))| {
            self.walk(statement, values, &mut |row| visit(place, row).map(|()| true))
        })
    }

    fn put(&self, statement: &Statement, sets: &[Vec<&Value>]) -> Result<(), Failure> {
        self.many(statement, sets).map(drop)
    }

    fn many(&self, statement: &Statement, sets: &[Vec<&Value>]) -> Result<u64, Failure> {
        let run = || {
            let mut prepared = self.bound(statement, &[])?;
            let mut changed = 0;
            for values in sets {
                bind(&mut prepared, values)?;
                changed += prepared.raw_execute()? as u64;
            }
            Ok(changed)
        };
        run().map_err(|error| failure(statement.name, error))
    }

    fn script(&self, text: &str) -> Result<(), Failure> {
        self.uncounted.set(self.uncounted.get() + 1);
        self.connection.execute_batch(text).map_err(|error| failure("script", error))
    }
}

/// Whether SQLite counts the rows that the statement changes.
fn counts_rows(text: &str) -> bool {
    let body = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"));
    body.is_some_and(|body| ["INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| body.starts_with(word)))
}

fn bind(prepared: &mut CachedStatement<'_>, values: &[&Value]) -> rusqlite::Result<()> {
    for (place, value) in values.iter().enumerate() {
        prepared.raw_bind_parameter(place + 1, *value)?;
    }
    Ok(())
}

fn failure(statement: &'static str, error: rusqlite::Error) -> Failure {
    Failure { fault: fault(statement, error), trouble: Trouble::Failed }
}

/// What an error of SQLite means for the caller.
pub(super) fn fault(statement: &'static str, error: rusqlite::Error) -> Fault {
    let Some(code) = error.sqlite_error().copied() else {
        return Fault::statement(statement, "driver", error.to_string());
    };
    let cause = || Cause::new(format!("sqlite-{}", code.extended_code), message(&error));
    match code.code {
        ErrorCode::DiskFull => Fault::Full,
        ErrorCode::ConstraintViolation => {
            let (kind, name) = (constraint(code.extended_code), message(&error));
            let name = name.split_once(": ").map_or(name.as_str(), |(_, name)| name).to_owned();
            Fault::Constraint { kind, name, statement }
        }
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::ReadOnly
        | ErrorCode::FileLockingProtocolFailed => Fault::Unavailable { source: cause() },
        _ => Fault::Statement { name: statement, source: cause() },
    }
}

fn constraint(extended_code: i32) -> Constraint {
    match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Constraint::Unique
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Constraint::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Constraint::NotNull,
        ffi::SQLITE_CONSTRAINT_CHECK => Constraint::Check,
        _ => Constraint::Other,
    }
}

/// SQLite's own sentence, which names tables and columns but no values.
fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}
