//! Statements on one PostgreSQL connection.
//!
//! A trip to the server and back costs both sides more than most statements do. So what nobody waits for is not sent by
//! itself: the word that opens a transaction, and every [`Session::put`], go out with the next statement that somebody
//! does wait for, at the latest with the `COMMIT`.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::TryStreamExt;
use tokio_postgres::{Error, Row as PgRow, Statement as Prepared};

use super::ahead::Ahead;
use super::failure::failure;
use super::insert::{Insert, block_size};
use super::link::{Asked, Link};
use crate::bound::Parameter;
use crate::row::{Inner, Row};
use crate::statement::{Statement, Statements};
use crate::tx::{Failure, Session, Soon, Trouble, Visit, VisitAll};
use crate::{Dialect, Engine, Fault, Value};

/// Prepared statements that a connection keeps on the server.
const PREPARED: usize = 512;
/// Statements that wait to be sent together. With it, what is held here is bounded.
const MOST_QUEUED: usize = 64;
/// Bytes of values that wait to be sent together.
const MOST_QUEUED_BYTES: usize = 1 << 20;

/// A question with the name of its statement.
type Named<'a, T> = (&'static str, Asked<'a, T>);

pub(super) struct PostgresSession {
    link: Link,
    statements: RefCell<Statements>,
    prepared: RefCell<HashMap<String, Prepared>>,
    queue: RefCell<Queue>,
    ahead: RefCell<Ahead>,
    /// Whether the server knows that a transaction is open.
    open: Cell<bool>,
    stuck: Cell<bool>,
    alone: Cell<Alone>,
    /// Reads that have asked for more than one statement.
    long_reads: RefCell<HashSet<&'static str>>,
}

/// What goes out before the next statement that is waited for.
#[derive(Default)]
struct Queue {
    asked: Vec<Named<'static, u64>>,
    bytes: usize,
    /// Whether the first of them opens the transaction.
    opens: bool,
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
    pub(super) fn new(link: Link) -> Self {
        let statements = RefCell::new(Statements::new(Engine::Postgres.dialect()));
        Self {
            link,
            statements,
            prepared: RefCell::default(),
            queue: RefCell::default(),
            ahead: RefCell::default(),
            open: Cell::new(false),
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

    /// Opens a transaction with the first statement that is waited for.
    pub(super) fn begin(&self, word: &'static str) {
        self.ahead.borrow_mut().clear();
        let asked = self.control(word);
        *self.queue.borrow_mut() = Queue { asked: vec![(word, asked)], bytes: 0, opens: true };
    }

    /// Makes the server say whether everything of the transaction so far went well, where it has heard of nothing yet.
    ///
    /// INVARIANT: a `COMMIT` never travels with the word that opens its transaction. On a connection that was cut while
    /// it was idle the first trip fails, and nobody can be in doubt whether anything was kept.
    pub(super) fn settled(&self) -> Result<(), Failure> {
        self.ahead.borrow_mut().clear();
        let opens = self.queue.borrow().opens;
        if opens && self.queue.borrow().asked.len() > 1 { self.flush().map(drop) } else { Ok(()) }
    }

    /// Keeps what was done. After a failure that is not a loss the server has rolled it back.
    pub(super) fn commit(&self) -> Result<(), Failure> {
        self.ahead.borrow_mut().clear();
        if !self.open.replace(false) {
            // Nothing was ever asked of the server.
            self.queue.take();
            return Ok(());
        }
        self.answered("COMMIT", self.control("COMMIT")).map(drop)
    }

    /// Ends a reading transaction. Nobody waits for that.
    pub(super) fn leave(&self) {
        self.ahead.borrow_mut().clear();
        self.queue.take();
        if self.open.replace(false) {
            self.link.send(self.control("COMMIT"));
        }
    }

    /// Ends the transaction without keeping anything. A connection that cannot even do that is not used again.
    pub(super) fn roll_back(&self) {
        self.ahead.borrow_mut().clear();
        self.queue.take();
        if self.open.replace(false) && self.answered("ROLLBACK", self.control("ROLLBACK")).is_err() {
            self.stuck.set(true);
        }
    }

    /// Whether the connection must be replaced.
    pub(super) fn is_spent(&self) -> bool {
        self.stuck.get() || self.link.is_closed()
    }

    /// One of the fixed words that open and close transactions.
    fn control(&self, word: &'static str) -> Asked<'static, u64> {
        let client = self.link.client();
        Box::pin(async move { client.batch_execute(word).await.map(|()| 0) })
    }

    fn prepared(&self, statement: &Statement) -> Result<Prepared, Failure> {
        if let Some(known) = self.prepared.borrow().get(&statement.text) {
            return Ok(known.clone());
        }
        let made = self.link.prepare(&statement.text).map_err(|error| failure(statement.name, &error))?;
        let mut prepared = self.prepared.borrow_mut();
        if prepared.len() < PREPARED {
            prepared.insert(statement.text.clone(), made.clone());
        }
        Ok(made)
    }

    /// A statement that counts rows, on its way.
    fn changing(&self, prepared: Prepared, values: &[&Value]) -> Asked<'static, u64> {
        let (client, values) = (self.link.client(), owned(values));
        Box::pin(async move { client.execute_raw(&prepared, values).await })
    }

    /// A statement that answers rows, on its way. Each row is shown as it arrives, and none is kept; what `visit` says to
    /// a row is no failure of the server's.
    fn asking<'v>(
        &self,
        prepared: Prepared,
        values: &[&Value],
        mut visit: impl FnMut(&PgRow) -> Result<bool, Fault> + 'v,
    ) -> Asked<'v, Result<(), Fault>> {
        let (client, values) = (self.link.client(), owned(values));
        Box::pin(async move {
            let mut rows = pin!(client.query_raw(&prepared, values).await?);
            while let Some(row) = rows.try_next().await? {
                match visit(&row) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(fault) => return Ok(Err(fault)),
                }
            }
            Ok(Ok(()))
        })
    }

    fn enqueue(&self, name: &'static str, asked: Asked<'static, u64>, bytes: usize) -> Result<(), Failure> {
        let mut queue = self.queue.borrow_mut();
        queue.asked.push((name, asked));
        queue.bytes += bytes;
        let full = queue.asked.len() >= MOST_QUEUED || queue.bytes >= MOST_QUEUED_BYTES;
        drop(queue);
        if full { self.flush().map(drop) } else { Ok(()) }
    }

    /// Sends what is queued, waits for it, and answers how many rows it changed.
    fn flush(&self) -> Result<u64, Failure> {
        let Queue { asked, opens, .. } = self.queue.take();
        if asked.is_empty() {
            return Ok(0);
        }
        Ok(self.travelled(asked, opens, Vec::<Named<'_, u64>>::new())?.0)
    }

    /// Sends what is queued and these after it, all in one trip, and waits for the answers.
    fn joined<T>(&self, these: Vec<Named<'_, T>>) -> Result<Vec<T>, Failure> {
        let Queue { asked, opens, .. } = self.queue.take();
        Ok(self.travelled(asked, opens, these)?.1)
    }

    /// As [`PostgresSession::joined`], for one.
    fn answered<T>(&self, name: &'static str, asked: Asked<'_, T>) -> Result<T, Failure> {
        let mut answers = self.joined(vec![(name, asked)])?;
        // INVARIANT: a trip that did not fail has an answer for everything that was asked.
        Ok(answers.pop().expect("one question has one answer"))
    }

    /// The rows of a read that was announced, fetched if they are not there yet.
    fn announced(&self, statement: &Statement, values: &[&Value]) -> Result<Option<Rc<Vec<PgRow>>>, Failure> {
        let Some(rows) = self.ahead.borrow().find(statement, values) else { return Ok(None) };
        if rows.borrow().is_none() {
            self.joined(Vec::<Named<'_, u64>>::new())?;
        }
        let found = rows.borrow().clone();
        Ok(found)
    }

    /// One trip, and behind it what was announced. The first failure counts: what comes after it only says that the
    /// transaction is over.
    fn travelled<T>(
        &self,
        before: Vec<Named<'static, u64>>,
        opens: bool,
        these: Vec<Named<'_, T>>,
    ) -> Result<(u64, Vec<T>), Failure> {
        let (mut first, mut then) = (Trip::new(before), Trip::new(these));
        let mut behind = Trip::new(self.ahead.borrow_mut().unsent());
        let mut failed = "";
        let arrived = self.link.wait(poll_fn(|context| {
            let ended = [first.turn(context), then.turn(context), behind.turn(context)];
            if ended.iter().any(Poll::is_pending) {
                return Poll::Pending;
            }
            let first = first.failed.take().or(then.failed.take()).or(behind.failed.take());
            Poll::Ready(first.map_or(Ok(()), |(name, error)| {
                failed = name;
                Err(error)
            }))
        }));
        if opens {
            self.open.set(true);
        }
        arrived.map_err(|error| failure(failed, &error))?;
        Ok((first.answers.into_iter().flatten().sum(), then.answers.into_iter().flatten().collect()))
    }
}

/// Several things asked of the server in one trip, in their order.
struct Trip<'a, T> {
    asked: Vec<Named<'a, T>>,
    answers: Vec<Option<T>>,
    answered: Vec<bool>,
    failed: Option<(&'static str, Error)>,
}

impl<'a, T> Trip<'a, T> {
    fn new(asked: Vec<Named<'a, T>>) -> Self {
        let answers = asked.iter().map(|_| None).collect();
        Self { answered: vec![false; asked.len()], asked, answers, failed: None }
    }

    /// Asks what was not asked yet, in order, and takes the answers that are there.
    fn turn(&mut self, context: &mut Context<'_>) -> Poll<()> {
        for (place, (name, asked)) in self.asked.iter_mut().enumerate() {
            if self.answered[place] {
                continue;
            }
            let Poll::Ready(answer) = asked.as_mut().poll(context) else { continue };
            self.answered[place] = true;
            match answer {
                Ok(answer) => self.answers[place] = Some(answer),
                Err(error) => self.failed = self.failed.take().or(Some((*name, error))),
            }
        }
        if self.answered.contains(&false) { Poll::Pending } else { Poll::Ready(()) }
    }
}

fn owned(values: &[&Value]) -> Vec<Value> {
    values.iter().map(|value| (*value).clone()).collect()
}

impl Session for PostgresSession {
    fn dialect(&self) -> Dialect {
        Engine::Postgres.dialect()
    }

    fn statements(&self) -> &RefCell<Statements> {
        &self.statements
    }

    fn trips(&self) -> u64 {
        self.link.trips()
    }

    fn execute(&self, statement: &Statement, values: &[&Value]) -> Result<u64, Failure> {
        self.ahead.borrow_mut().written(&statement.text);
        let prepared = self.prepared(statement)?;
        fits(statement, &prepared, values)?;
        self.answered(statement.name, self.changing(prepared, values))
    }

    fn soon(&self, statement: &Statement, values: &[&Value]) -> Result<Soon, Failure> {
        self.ahead.borrow_mut().written(&statement.text);
        let prepared = self.prepared(statement)?;
        fits(statement, &prepared, values)?;
        let (soon, changing) = (Soon::default(), self.changing(prepared, values));
        let count = soon.clone();
        let asked = Box::pin(async move { changing.await.inspect(|changed| count.is(*changed)) });
        self.enqueue(statement.name, asked, values.iter().map(|value| value.size()).sum())?;
        Ok(soon)
    }

    fn settle(&self) -> Result<(), Failure> {
        self.flush().map(drop)
    }

    fn ahead(&self, statement: &Rc<Statement>, values: &[&Value]) -> Result<(), Failure> {
        if self.alone.get() != Alone::No {
            // It is one more statement.
            self.alone.set(Alone::Taken);
            return self.one_at_most(statement);
        }
        if !self.ahead.borrow().has_room() || self.ahead.borrow().find(statement, values).is_some() {
            return Ok(());
        }
        let prepared = self.prepared(statement)?;
        fits(statement, &prepared, values)?;
        self.ahead.borrow_mut().announce(statement, owned(values), prepared, self.link.client());
        Ok(())
    }

    fn put(&self, statement: &Statement, sets: &[Vec<&Value>]) -> Result<(), Failure> {
        self.ahead.borrow_mut().written(&statement.text);
        let insert = if sets.len() > 1 { Insert::parsed(&statement.text) } else { None };
        let mut rest = sets;
        while !rest.is_empty() {
            let rows = if insert.is_some() { block_size(rest.len()) } else { 1 };
            let (block, after) = rest.split_at(rows);
            rest = after;
            let told = insert.as_ref().map(|insert| statement.retold(insert.of_rows(rows)));
            let (told, values) = (told.as_ref().unwrap_or(statement), block.concat());
            let prepared = self.prepared(told)?;
            fits(told, &prepared, &values)?;
            let bytes = values.iter().map(|value| value.size()).sum();
            self.enqueue(statement.name, self.changing(prepared, &values), bytes)?;
        }
        Ok(())
    }

    fn walk(&self, statement: &Statement, values: &[&Value], visit: Visit<'_>) -> Result<(), Failure> {
        self.one_at_most(statement)?;
        if let Some(rows) = self.announced(statement, values)? {
            for row in rows.iter() {
                if !visit(&told_by(statement, row)).map_err(Failure::harmless)? {
                    break;
                }
            }
            return Ok(());
        }
        self.ahead.borrow_mut().written(&statement.text);
        let prepared = self.prepared(statement)?;
        fits(statement, &prepared, values)?;
        let asked = self.asking(prepared, values, |row| visit(&told_by(statement, row)));
        self.answered(statement.name, asked)?.map_err(Failure::harmless)
    }

    fn walk_all(&self, asked: &[(Rc<Statement>, Vec<&Value>)], visit: VisitAll<'_>) -> Result<(), Failure> {
        let mut rest = Vec::with_capacity(asked.len());
        for (place, (statement, values)) in asked.iter().enumerate() {
            match self.announced(statement, values)? {
                Some(rows) => {
                    let mut rows = rows.iter();
                    rows.try_for_each(|row| visit(place, &told_by(statement, row)))
                        .map_err(Failure::harmless)?;
                }
                None => rest.push((place, statement, values)),
            }
        }
        let visit = RefCell::new(visit);
        for chunk in rest.chunks(MOST_QUEUED) {
            let mut these = Vec::with_capacity(chunk.len());
            for (place, statement, values) in chunk {
                self.one_at_most(statement)?;
                self.ahead.borrow_mut().written(&statement.text);
                let prepared = self.prepared(statement)?;
                fits(statement, &prepared, values)?;
                let visit = &visit;
                let visit =
                    move |row: &_| (visit.borrow_mut())(*place, &told_by(statement, row)).map(|()| true);
                these.push((statement.name, self.asking(prepared, values, visit)));
            }
            self.joined(these)?.into_iter().collect::<Result<(), _>>().map_err(Failure::harmless)?;
        }
        Ok(())
    }

    fn many(&self, statement: &Statement, sets: &[Vec<&Value>]) -> Result<u64, Failure> {
        let mut changed = 0;
        for sets in sets.chunks(MOST_QUEUED) {
            // What was put before counts for nobody.
            self.flush()?;
            self.put(statement, sets)?;
            changed += self.flush()?;
        }
        Ok(changed)
    }

    fn script(&self, text: &str) -> Result<(), Failure> {
        let (client, text) = (self.link.client(), text.to_owned());
        let asked: Asked<'_, ()> = Box::pin(async move { client.batch_execute(&text).await });
        self.answered("script", asked)
    }
}

fn told_by<'r>(statement: &Statement, row: &'r PgRow) -> Row<'r> {
    Row { statement: statement.name, inner: Inner::Postgres(row) }
}

/// Whether the values have the types that the server inferred.
fn fits(statement: &Statement, prepared: &Prepared, values: &[&Value]) -> Result<(), Failure> {
    let fit = |(value, kind): (&&Value, _)| Parameter::fitted(value, kind).map(drop);
    values.iter().zip(prepared.params()).try_for_each(fit).map_err(|problem| Failure {
        fault: Fault::statement(statement.name, "binding", problem),
        trouble: Trouble::Failed,
    })
}
