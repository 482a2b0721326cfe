//! Statements on one PostgreSQL connection.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use postgres::Client;

use super::failure::failure;
use super::insert::{Insert, block_size};
use crate::bound::Parameter;
use crate::row::{Inner, Row};
use crate::statement::{Statement, Statements};
use crate::tx::{Failure, Session, Trouble, Visit};
use crate::{Dialect, Engine, Fault, Value};

/// Prepared statements that a connection keeps on the server.
const PREPARED: usize = 512;

pub(super) struct PostgresSession {
    client: RefCell<Client>,
    statements: RefCell<Statements>,
    prepared: RefCell<HashMap<String, postgres::Statement>>,
    stuck: Cell<bool>,
    alone: Cell<Alone>,
    /// Reads that have asked for more than one statement.
    long_reads: RefCell<HashSet<&'static str>>,
}

/// Whether a read runs without a transaction around it, and how far it has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alone {
    /// There is a transaction: any number of statements.
    No,
    /// One statement may run.
    Free,
    /// It has run.
    Taken,
    /// Another was asked for and refused.
    Exceeded,
}

impl PostgresSession {
    pub(super) fn new(client: Client) -> Self {
        let statements = RefCell::new(Statements::new(Engine::Postgres.dialect()));
        Self {
            client: RefCell::new(client),
            statements,
            prepared: RefCell::default(),
            stuck: Cell::new(false),
            alone: Cell::new(Alone::No),
            long_reads: RefCell::default(),
        }
    }

    /// Whether a read of that name may get along with one statement.
    pub(super) fn may_be_alone(&self, name: &str) -> bool {
        !self.long_reads.borrow().contains(name)
    }

    /// Runs a read without a transaction around it, and says whether it asked for more than the one statement that is
    /// its own snapshot. Then what it answers is nothing, and the name is remembered.
    pub(super) fn alone<T>(&self, name: &'static str, read: impl FnOnce() -> T) -> (T, bool) {
        self.alone.set(Alone::Free);
        let answer = read();
        let exceeded = self.alone.replace(Alone::No) == Alone::Exceeded;
        if exceeded {
            self.long_reads.borrow_mut().insert(name);
        }
        (answer, exceeded)
    }

    /// Refuses a second statement where there is no transaction to hold both together.
    fn one_at_most(&self, statement: &Statement) -> Result<(), Failure> {
        match self.alone.get() {
            Alone::No => Ok(()),
            Alone::Free => {
                self.alone.set(Alone::Taken);
                Ok(())
            }
            Alone::Taken | Alone::Exceeded => {
                self.alone.set(Alone::Exceeded);
                let fault = Fault::Contended { name: statement.name };
                Err(Failure { fault, trouble: Trouble::Collided })
            }
        }
    }

    /// Runs one of the fixed words that open and close transactions.
    pub(super) fn control(&self, word: &'static str) -> Result<(), Failure> {
        self.client.borrow_mut().batch_execute(word).map_err(|error| failure(word, &error))
    }

    /// Ends the transaction without keeping anything. A connection that cannot even do that is not used again.
    pub(super) fn roll_back(&self) {
        if self.control("ROLLBACK").is_err() {
            self.stuck.set(true);
        }
    }

    /// Whether the connection must be replaced.
    pub(super) fn is_spent(&self) -> bool {
        self.stuck.get() || self.client.borrow().is_closed()
    }

    fn prepared(&self, statement: &Statement) -> Result<postgres::Statement, Failure> {
        if let Some(known) = self.prepared.borrow().get(&statement.text) {
            return Ok(known.clone());
        }
        let made = self.client.borrow_mut().prepare(&statement.text);
        let made = made.map_err(|error| failure(statement.name, &error))?;
        let mut prepared = self.prepared.borrow_mut();
        if prepared.len() < PREPARED {
            prepared.insert(statement.text.clone(), made.clone());
        }
        Ok(made)
    }
}

impl Session for PostgresSession {
    fn dialect(&self) -> Dialect {
        Engine::Postgres.dialect()
    }

    fn statements(&self) -> &RefCell<Statements> {
        &self.statements
    }

    fn execute(&self, statement: &Statement, values: &[&Value]) -> Result<u64, Failure> {
        let prepared = self.prepared(statement)?;
        let fitted = fitted(statement, &prepared, values)?;
        let parameters: Vec<_> = fitted.iter().map(Parameter::as_sql).collect();
        let run = self.client.borrow_mut().execute(&prepared, &parameters);
        run.map_err(|error| failure(statement.name, &error))
    }

    fn walk(&self, statement: &Statement, values: &[&Value], visit: Visit<'_>) -> Result<(), Failure> {
        self.one_at_most(statement)?;
        let prepared = self.prepared(statement)?;
        let fitted = fitted(statement, &prepared, values)?;
        let parameters: Vec<_> = fitted.iter().map(Parameter::as_sql).collect();
        let rows = self.client.borrow_mut().query(&prepared, &parameters);
        for row in &rows.map_err(|error| failure(statement.name, &error))? {
            let row = Row { statement: statement.name, inner: Inner::Postgres(row) };
            if !visit(&row).map_err(Failure::harmless)? {
                break;
            }
        }
        Ok(())
    }

    fn many(&self, statement: &Statement, sets: &[Vec<&Value>]) -> Result<u64, Failure> {
        let Some(insert) = Insert::parsed(&statement.text) else {
            return sets.iter().map(|values| self.execute(statement, values)).sum();
        };
        let mut changed = 0;
        let mut rest = sets;
        while !rest.is_empty() {
            let (block, after) = rest.split_at(block_size(rest.len()));
            let text = insert.of_rows(block.len());
            changed += self.execute(&statement.retold(text), &block.concat())?;
            rest = after;
        }
        Ok(changed)
    }

    fn script(&self, text: &str) -> Result<(), Failure> {
        self.client.borrow_mut().batch_execute(text).map_err(|error| failure("script", &error))
    }
}

/// The values in the types that the server inferred.
fn fitted<'v>(
    statement: &Statement,
    prepared: &postgres::Statement,
    values: &[&'v Value],
) -> Result<Vec<Parameter<'v>>, Failure> {
    let fit = |(value, kind): (&&'v Value, _)| Parameter::fitted(value, kind);
    let fitted: Result<Vec<_>, String> = values.iter().zip(prepared.params()).map(fit).collect();
    fitted.map_err(|problem| Failure {
        fault: Fault::statement(statement.name, "binding", problem),
        trouble: Trouble::Failed,
    })
}
