//! What a closure sees of its transaction.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::statement::{Statement, Statements};
use crate::{Args, Dialect, Fault, FromRow, Row, Value, Where};

/// What is done with each row: `false` ends the walk.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(&Row<'_>) -> Result<bool, Fault>;

/// The same for the rows of several statements, each with its statement's place.
pub type VisitAll<'v> = &'v mut dyn FnMut(usize, &Row<'_>) -> Result<(), Fault>;

/// One connection with an open transaction, as an engine offers it.
pub(crate) trait Session {
    fn dialect(&self) -> Dialect;
    fn statements(&self) -> &RefCell<Statements>;
    /// How often the engine was waited for so far.
    fn trips(&self) -> u64;
    /// Runs a statement and counts the rows that it changed.
    fn execute(&self, statement: &Statement, values: &[&Value]) -> Result<u64, Failure>;
    /// Runs a statement once per set of values, at the latest when the transaction ends. What it fails with may be said
    /// by whatever is waited for next.
    fn put(&self, statement: &Statement, sets: &[Vec<&Value>]) -> Result<(), Failure>;
    /// Runs a statement as [`Session::put`] does, and counts the rows that it changed.
    fn soon(&self, statement: &Statement, values: &[&Value]) -> Result<Soon, Failure>;
    /// Waits for everything that was put.
    fn settle(&self) -> Result<(), Failure>;
    /// Says that the rows of a statement will be asked for. An engine that is no trip away does nothing.
    fn ahead(&self, statement: &Rc<Statement>, values: &[&Value]) -> Result<(), Failure>;
    /// Runs a statement and shows its rows to `visit`, whose faults are not the engine's.
    fn walk(&self, statement: &Statement, values: &[&Value], visit: Visit<'_>) -> Result<(), Failure>;
    /// Runs statements in their order, in as few round trips as the engine can, and shows the rows of each with its place.
    fn walk_all(&self, asked: &[(Rc<Statement>, Vec<&Value>)], visit: VisitAll<'_>) -> Result<(), Failure>;
    /// Runs one statement once per set of values, in as few round trips as the engine can.
    fn many(&self, statement: &Statement, sets: &[Vec<&Value>]) -> Result<u64, Failure>;
    /// Runs a script of several statements without parameters.
    fn script(&self, text: &str) -> Result<(), Failure>;
}

/// A statement that did not succeed, and what it means for its transaction.
#[derive(Debug)]
pub(crate) struct Failure {
    pub fault: Fault,
    pub trouble: Trouble,
}

/// What a failure means for the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Only this caller's answer was wrong: the engine does not know of it and the transaction may go on.
    Harmless,
    /// The statement failed; the transaction must not commit.
    Failed,
    /// Another transaction was in the way; the same work may succeed when it runs again.
    Collided,
    /// The connection is gone, and with it the transaction.
    Lost,
}

impl Failure {
    /// From a fault that the engine knows nothing of.
    pub(crate) fn harmless(fault: Fault) -> Self {
        Self { fault, trouble: Trouble::Harmless }
    }
}

/// How many rows a statement changes, told as soon as somebody waits for the engine.
#[derive(Debug, Clone, Default)]
pub struct Soon(Rc<Cell<Option<u64>>>);

impl Soon {
    /// Says it.
    pub(crate) fn is(&self, changed: u64) {
        self.0.set(Some(changed));
    }

    /// The number, for which the engine is waited for if it has not been.
    pub fn count(&self, tx: &Tx<'_>) -> Result<u64, Fault> {
        if self.0.get().is_none() {
            tx.watched("settle", || tx.session.settle())?;
        }
        // INVARIANT: what was waited for and did not fail has been counted.
        Ok(self.0.get().unwrap_or_default())
    }
}

/// An open transaction. It is lent to the closure and cannot leave it.
///
/// A statement that failed dooms the whole transaction, on both engines: to expect a conflict, say
/// `ON CONFLICT DO NOTHING` and look at the count.
pub struct Tx<'a> {
    name: &'static str,
    session: &'a dyn Session,
    writes: bool,
    doomed: Cell<Option<(Trouble, &'static str)>>,
    carried: Cell<u64>,
    /// Every statement of a writing transaction, in the order in which it was sent.
    sent: RefCell<Vec<&'static str>>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(name: &'static str, session: &'a dyn Session, writes: bool) -> Self {
        Self {
            name,
            session,
            writes,
            doomed: Cell::new(None),
            carried: Cell::new(0),
            sent: RefCell::default(),
        }
    }

    /// The words of the engine, for the rare caller that has one text per engine.
    pub fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    /// Runs a statement that changes rows and answers how many.
    pub fn execute(&self, sql: &'static str, args: &Args) -> Result<u64, Fault> {
        let statement = self.constant(sql)?;
        let values = statement.arranged(args)?;
        self.may_write(&statement)?;
        self.watched(statement.name, || self.session.execute(&statement, &values))
    }

    /// Runs a statement whose count nobody asks for. PostgreSQL gets it together with the next statement that is waited
    /// for, at the latest with the `COMMIT`: what it fails with may be said by that one, and nothing is kept then.
    pub fn put(&self, sql: &'static str, args: &Args) -> Result<(), Fault> {
        self.put_all(sql, std::slice::from_ref(args))
    }

    /// As [`Tx::put`], once per set of arguments.
    pub fn put_many(&self, sql: &'static str, sets: &[Args]) -> Result<(), Fault> {
        self.carried.set(self.carried.get() + sets.len() as u64);
        self.put_all(sql, sets)
    }

    /// As [`Tx::put`], for a statement whose count is asked for later on.
    pub fn soon(&self, sql: &'static str, args: &Args) -> Result<Soon, Fault> {
        let statement = self.constant(sql)?;
        let values = statement.arranged(args)?;
        self.may_write(&statement)?;
        self.watched(statement.name, || self.session.soon(&statement, &values))
    }

    /// Says that these rows will be asked for in this transaction. PostgreSQL is asked for them behind the next statement
    /// that is waited for, in the same trip, and whoever asks for them then, by the same text with the same arguments, has
    /// them: as they were then, unless this transaction has written their table since.
    pub fn ahead(&self, asked: &[(&'static str, Args)]) -> Result<(), Fault> {
        asked.iter().try_for_each(|(sql, args)| {
            let statement = self.constant(sql)?;
            let values = statement.arranged(args)?;
            self.watched(statement.name, || self.session.ahead(&statement, &values))
        })
    }

    fn put_all(&self, sql: &'static str, sets: &[Args]) -> Result<(), Fault> {
        let statement = self.constant(sql)?;
        let values = sets.iter().map(|args| statement.arranged(args)).collect::<Result<Vec<_>, _>>()?;
        self.may_write(&statement)?;
        self.watched(statement.name, || self.session.put(&statement, &values))
    }

    /// Reads the row that may be there; more than one row is a fault.
    pub fn find<R: FromRow>(&self, sql: &'static str, args: &Args) -> Result<Option<R>, Fault> {
        let statement = self.constant(sql)?;
        let mut found = self.collected(&statement, args, 2)?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(Fault::statement(statement.name, "rows", "more than one row where one was expected")),
        }
    }

    /// Reads the row that must be there; [`Fault::Missing`] when it is not.
    pub fn get<R: FromRow>(&self, sql: &'static str, args: &Args) -> Result<R, Fault> {
        let statement = self.constant(sql)?.name;
        self.find(sql, args)?.ok_or(Fault::Missing { statement })
    }

    /// Reads all rows; the `LIMIT` in the text is their bound.
    pub fn rows<R: FromRow>(&self, sql: &'static str, args: &Args) -> Result<Vec<R>, Fault> {
        let statement = self.constant(sql)?;
        self.collected(&statement, args, usize::MAX)
    }

    /// Reads the rows of several statements, each with its arguments, in their order. PostgreSQL is asked for all of them
    /// at once.
    pub fn rows_all<R: FromRow>(&self, asked: &[(&'static str, Args)]) -> Result<Vec<Vec<R>>, Fault> {
        let mut rows: Vec<Vec<R>> = asked.iter().map(|_| Vec::new()).collect();
        self.each(asked, &mut |place, row| {
            rows[place].push(R::from_row(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// As [`Tx::rows_all`], and keeps none: each row is shown with the place of its statement.
    pub fn each(&self, asked: &[(&'static str, Args)], visit: VisitAll<'_>) -> Result<(), Fault> {
        let Some((first, _)) = asked.first() else { return Ok(()) };
        let name = self.constant(first)?.name;
        let arranged = asked.iter().map(|(sql, args)| {
            let statement = self.constant(sql)?;
            let values = statement.arranged(args)?;
            Ok((statement, values))
        });
        let arranged = arranged.collect::<Result<Vec<_>, Fault>>()?;
        self.watched(name, || self.session.walk_all(&arranged, visit))
    }

    /// Reads all rows that also meet the optional filters, spliced in at the text's `/*where*/`.
    pub fn rows_where<R: FromRow>(
        &self,
        sql: &'static str,
        filter: &Where,
        args: &Args,
    ) -> Result<Vec<R>, Fault> {
        let statement = self.session.statements().borrow_mut().spliced(sql, filter)?;
        self.collected(&statement, &args.joined(filter.args()), usize::MAX)
    }

    /// Runs one statement once per set of arguments and answers how many rows changed in all. PostgreSQL gets an
    /// `INSERT … VALUES (…)` as few statements of many rows.
    pub fn many(&self, sql: &'static str, sets: &[Args]) -> Result<u64, Fault> {
        let statement = self.constant(sql)?;
        let values = sets.iter().map(|args| statement.arranged(args)).collect::<Result<Vec<_>, _>>()?;
        self.may_write(&statement)?;
        self.carried.set(self.carried.get() + sets.len() as u64);
        self.watched(statement.name, || self.session.many(&statement, &values))
    }

    /// The statements of a writing transaction so far, as they were written; nothing of one that only reads.
    pub fn sent(&self) -> Vec<&'static str> {
        self.sent.borrow().clone()
    }

    /// Runs a script, for migrations only.
    pub(crate) fn script(&self, name: &'static str, text: &str) -> Result<(), Fault> {
        self.watched(name, || self.session.script(text))
    }

    /// What went wrong so far, and in which statement.
    pub(crate) fn doomed(&self) -> Option<(Trouble, &'static str)> {
        self.doomed.get()
    }

    /// Rows that went through [`Tx::many`].
    pub(crate) fn carried(&self) -> u64 {
        self.carried.get()
    }

    fn constant(&self, sql: &'static str) -> Result<Rc<Statement>, Fault> {
        if self.writes {
            self.sent.borrow_mut().push(sql);
        }
        self.session.statements().borrow_mut().constant(sql)
    }

    fn may_write(&self, statement: &Statement) -> Result<(), Fault> {
        if self.writes {
            return Ok(());
        }
        Err(Fault::statement(statement.name, "read-only", "a reading transaction changes nothing"))
    }

    fn collected<R: FromRow>(
        &self,
        statement: &Statement,
        args: &Args,
        most: usize,
    ) -> Result<Vec<R>, Fault> {
        let values = statement.arranged(args)?;
        let mut rows = Vec::new();
        let mut visit = |row: &Row<'_>| {
            rows.push(R::from_row(row)?);
            Ok(rows.len() < most)
        };
        self.watched(statement.name, || self.session.walk(statement, &values, &mut visit))?;
        Ok(rows)
    }

    /// Runs something on the engine and remembers when it failed.
    ///
    /// INVARIANT: after an engine's failure nothing more reaches the engine, and the transaction never commits.
    fn watched<T>(
        &self,
        statement: &'static str,
        run: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Fault> {
        if let Some((_, failed)) = self.doomed.get() {
            return Err(Fault::Doomed { name: self.name, statement: failed });
        }
        run().map_err(|failure| {
            if failure.trouble != Trouble::Harmless {
                self.doomed.set(Some((failure.trouble, statement)));
            }
            failure.fault
        })
    }
}
