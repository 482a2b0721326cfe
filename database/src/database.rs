//! The handle that everything above holds.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::job::Ticket;
use crate::measure::Measures;
use crate::queue::Queue;
use crate::together::{Asked, Waiting};
use crate::{Engine, Fault, Measure, Pending, Settings, Tx, postgres, sqlite};

/// An open database. Clones are cheap and share its threads and connections.
#[derive(Clone)]
pub struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Engine,
    parts: Parts,
    measures: Arc<Measures>,
    waiting: Arc<Waiting>,
}

/// What an engine hands over when it has started: where work goes in, and the threads that do it.
pub(crate) struct Parts {
    pub writes: Arc<Queue>,
    pub reads: Arc<Queue>,
    pub threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Database {
    /// Opens the database and starts its threads; fails at once when it cannot be reached.
    pub fn open(settings: &Settings) -> Result<Self, Fault> {
        let measures = Arc::new(Measures::new(Duration::from_millis(settings.slow_ms)));
        let (engine, parts) = if let Some(path) = settings.url.strip_prefix("sqlite:") {
            (Engine::Sqlite, sqlite::start(path, settings, &measures)?)
        } else if settings.url.starts_with("postgres://") || settings.url.starts_with("postgresql://") {
            (Engine::Postgres, postgres::start(settings, &measures)?)
        } else {
            return Err(Fault::Settings("the url starts with neither sqlite: nor postgres://".to_owned()));
        };
        let waiting = Arc::default();
        Ok(Self { shared: Arc::new(Shared { engine, parts, measures, waiting }) })
    }

    /// Copies the database of these settings, which may be in use, into a new file: one snapshot of it. SQLite only; PostgreSQL
    /// has tools of its own. Blocks.
    pub fn copy(settings: &Settings, to: &std::path::Path) -> Result<(), Fault> {
        let path = settings.url.strip_prefix("sqlite:");
        let path = path.ok_or_else(|| Fault::Settings("only SQLite is copied here".to_owned()))?;
        sqlite::copy(path, to)
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.shared.engine
    }

    /// Runs `work` in a transaction that may change rows, and answers once it is durable.
    ///
    /// `work` may run more than once, so it keeps no count of its own and touches nothing but the transaction.
    /// An `Err` or a panic rolls back this caller only. The guarantees are those of `READ COMMITTED`: a decision
    /// that rests on a row reads it with `{for_update}`, a counter is one `UPDATE … RETURNING`.
    pub fn write<T, E, F>(&self, name: &'static str, work: F) -> Pending<T, E>
    where
        F: FnMut(&Tx<'_>) -> Result<T, E> + Send + 'static,
        E: From<Fault> + Send + 'static,
        T: Send + 'static,
    {
        let (ticket, receiver) = Ticket::new(name, true, work);
        queued(&self.shared.parts.writes, ticket, receiver)
    }

    /// The same without a bound on how long it may take, for migrations only.
    pub(crate) fn write_at_leisure<T, E, F>(&self, name: &'static str, work: F) -> Pending<T, E>
    where
        F: FnMut(&Tx<'_>) -> Result<T, E> + Send + 'static,
        E: From<Fault> + Send + 'static,
        T: Send + 'static,
    {
        let (ticket, receiver) = Ticket::new(name, true, work);
        queued(&self.shared.parts.writes, ticket.at_leisure(), receiver)
    }

    /// Runs `work` over one unchanging snapshot; it can change nothing, and it sees every write that was answered
    /// before it was called.
    pub fn read<T, E, F>(&self, name: &'static str, work: F) -> Pending<T, E>
    where
        F: FnMut(&Tx<'_>) -> Result<T, E> + Send + 'static,
        E: From<Fault> + Send + 'static,
        T: Send + 'static,
    {
        let (ticket, receiver) = Ticket::new(name, false, work);
        queued(&self.shared.parts.reads, ticket, receiver)
    }

    /// As [`Database::read`], for a question that many ask: whoever asks the same while this one still waits for a
    /// connection gets its answer. `about` says all that `work` depends on. [`Fault::Closed`] also says that whoever asked
    /// first got no answer that can be shared: ask alone then.
    pub fn read_together<T, E, F>(&self, name: &'static str, about: &str, mut work: F) -> Pending<T, E>
    where
        F: FnMut(&Tx<'_>) -> Result<T, E> + Send + 'static,
        E: From<Fault> + Send + 'static,
        T: Clone + Send + 'static,
    {
        let question = (name, about.to_owned());
        let round = match self.shared.waiting.ask(question.clone()) {
            Asked::Joined(receiver) => return Pending::queued(receiver),
            Asked::First(round) => round,
        };
        let (waiting, joined) = (Arc::clone(&self.shared.waiting), Arc::clone(&round));
        let (ticket, receiver) = Ticket::new(name, false, move |tx| {
            waiting.begun(&question);
            let answer: Result<T, E> = work(tx);
            answer.inspect(|answer| round.answer(answer))
        });
        queued(&self.shared.parts.reads, ticket.joined_by(joined), receiver)
    }

    /// What is known of every transaction so far, by name.
    pub fn measures(&self) -> Vec<Measure> {
        self.shared.measures.all()
    }

    /// Serves what is already queued, then ends the threads. Other clones get [`Fault::Closed`] from now on.
    /// Dropping the last clone does the same.
    pub fn close(self) {
        self.shared.parts.close();
    }
}

/// Starts a named thread of an engine.
pub(crate) fn spawned(name: String, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Fault> {
    let thread = thread::Builder::new().name(name).spawn(body);
    thread.map_err(|error| Fault::unavailable("thread", error.to_string()))
}

fn queued<T, E: From<Fault>>(
    queue: &Queue,
    ticket: Ticket,
    receiver: oneshot::Receiver<Result<T, E>>,
) -> Pending<T, E> {
    match queue.push(ticket) {
        Ok(()) => Pending::queued(receiver),
        Err(fault) => Pending::refused(fault),
    }
}

impl Parts {
    pub(crate) fn close(&self) {
        self.writes.close();
        self.reads.close();
        // A closure may hold the last clone; the thread that runs it cannot wait for itself, nor for its watch.
        if postgres::serves(&self.writes) {
            return;
        }
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let this = std::thread::current().id();
        for thread in threads.into_iter().filter(|thread| thread.thread().id() != this) {
            if thread.join().is_err() {
                tracing::error!("a database thread ended with a panic");
            }
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.parts.close();
    }
}
