//! A thread with one connection: transactions one after the other, retried where that is safe.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::session::PostgresSession;
use super::watch::{Ground, Post, UNANSWERED};
use crate::job::{Ran, Ticket};
use crate::queue::Queue;
use crate::tx::{Failure, Session, Trouble};
use crate::{Fault, clock};

/// Runs of one transaction, the first included.
const MOST_RUNS: u32 = 8;
/// The pause before the second run; it doubles with every further run.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
/// After a failed attempt to connect, callers are answered at once for this long.
const HOLD_OFF: Duration = Duration::from_millis(250);

/// Writes run at `READ COMMITTED`. Chosen over `SERIALIZABLE` because every act appends to one ledger: there
/// concurrent appends would abort each other, here they wait their turn. What serializable would add is kept by
/// three rules for the store: a decision locks the rows it rests on with `{for_update}`, a counter is one
/// `UPDATE … RETURNING`, and what must be single has a unique key. All of it also holds on distributed engines,
/// which may run it at a stricter level and answer 40001, which is retried.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// Reads see one snapshot, as on SQLite.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

thread_local! {
    /// The queue that this thread serves, if it is a worker's.
    static SERVED: Cell<*const Queue> = const { Cell::new(std::ptr::null()) };
}

/// Whether this thread is one of the workers on a queue, which cannot wait for themselves to end.
pub(crate) fn serves(queue: &Queue) -> bool {
    std::ptr::eq(SERVED.get(), queue)
}

pub(super) struct Worker {
    ground: Ground,
    post: Arc<Post>,
    session: Option<PostgresSession>,
    /// Until when no new attempt to connect is made, and what the last one said.
    held_off: Option<(Instant, Fault)>,
}

/// How one attempt at a transaction ended.
enum Attempt {
    /// The closure's own answer goes out.
    Answered,
    /// This goes out instead of it.
    Failed(Fault),
    /// It may run again; this goes out when it has run too often.
    Again(Fault),
    /// The same, over another connection: this one is gone.
    Lost(Fault),
}

impl Worker {
    pub(super) fn new(ground: Ground, post: Arc<Post>) -> Self {
        Self { ground, post, session: None, held_off: None }
    }

    /// Serves until the queue is closed or it is relieved; the first worker tells how its first attempt to connect went.
    pub(super) fn run(mut self, tell: Option<Sender<Result<(), Fault>>>) {
        if let Some(tell) = tell
            && tell.send(self.connected()).is_err()
        {
            tracing::debug!("nobody waited for the first connection");
        }
        SERVED.set(Arc::as_ptr(&self.ground.queue));
        while !self.post.is_relieved()
            && let Some(ticket) = self.ground.queue.pop()
        {
            self.post.serve(&ticket);
            self.serve(ticket);
            self.post.rest();
        }
    }

    fn serve(&mut self, mut ticket: Ticket) {
        let mut pause = FIRST_PAUSE;
        for run in 1.. {
            match self.attempt(&mut ticket) {
                Attempt::Answered => return ticket.settle(&self.ground.measures),
                Attempt::Failed(fault) => return ticket.settle_with(fault, &self.ground.measures),
                Attempt::Again(fault) | Attempt::Lost(fault) if run == MOST_RUNS || ticket.is_given_up() => {
                    return ticket.settle_with(fault, &self.ground.measures);
                }
                Attempt::Again(_) | Attempt::Lost(_) => {}
            }
            ticket.retries += 1;
            self.ground.queue.pause(pause);
            pause *= 2;
        }
    }

    fn attempt(&mut self, ticket: &mut Ticket) -> Attempt {
        if let Err(fault) = self.connected() {
            return Attempt::Failed(fault);
        }
        let Some(session) = &self.session else { return Attempt::Failed(Fault::Closed) };
        let before = session.trips();
        let attempt = alone(session, ticket).unwrap_or_else(|| transaction(session, ticket));
        ticket.trips += session.trips() - before;
        let is_lost = matches!(attempt, Attempt::Lost(_) | Attempt::Failed(Fault::Unavailable { .. }));
        if is_lost || session.is_spent() {
            self.session = None;
        }
        attempt
    }

    /// Makes sure that there is a connection, without trying again and again while the server is away.
    fn connected(&mut self) -> Result<(), Fault> {
        if self.session.as_ref().is_some_and(|session| !session.is_spent()) {
            return Ok(());
        }
        if let Some((until, fault)) = &self.held_off
            && clock::now() < *until
        {
            return Err(fault.clone());
        }
        match self.ground.connector.connect() {
            Ok(link) => {
                self.session = Some(PostgresSession::new(link));
                self.held_off = None;
                Ok(())
            }
            Err(fault) => {
                tracing::warn!(error = %fault, "no connection to the database");
                self.session = None;
                self.held_off = Some((clock::now() + HOLD_OFF, fault.clone()));
                Err(fault)
            }
        }
    }
}

/// A read of one statement. The statement is its own snapshot, so that `BEGIN` and `COMMIT`, two round trips of three,
/// are left out. Which reads are such is found out by trying: `None` for one that asked for a second statement, which
/// runs again in a transaction, and from then on at once.
fn alone(session: &PostgresSession, ticket: &mut Ticket) -> Option<Attempt> {
    if ticket.writes || !session.may_be_alone(ticket.name) {
        return None;
    }
    let (ran, exceeded) = session.alone(ticket.name, || ticket.run(session));
    match ran {
        // It must not run again, whatever it asked for.
        Ran::Panicked => Some(Attempt::Answered),
        _ if exceeded => None,
        Ran::Keep | Ran::Undo => Some(Attempt::Answered),
        Ran::Collided => Some(Attempt::Again(Fault::Contended { name: ticket.name })),
        Ran::Lost => Some(Attempt::Lost(Fault::unavailable("connection", "the connection broke"))),
    }
}

/// One transaction from `BEGIN` to `COMMIT`.
///
/// INVARIANT: once `COMMIT` is sent over a connection that then breaks, the transaction is not run again: it may
/// have been kept.
fn transaction(session: &PostgresSession, ticket: &mut Ticket) -> Attempt {
    session.begin(if ticket.writes { BEGIN_WRITE } else { BEGIN_READ });
    match ticket.run(session) {
        // Its caller was told that it failed, and may have asked again.
        Ran::Keep if ticket.is_given_up() => {
            session.roll_back();
            Attempt::Failed(Fault::unavailable("unanswered", UNANSWERED))
        }
        Ran::Keep if !ticket.writes => {
            session.leave();
            Attempt::Answered
        }
        Ran::Keep => kept(session, ticket),
        Ran::Lost => Attempt::Lost(Fault::unavailable("connection", "the connection broke")),
        ran => {
            session.roll_back();
            match ran {
                Ran::Collided => Attempt::Again(Fault::Contended { name: ticket.name }),
                _ => Attempt::Answered,
            }
        }
    }
}

/// Ends a writing transaction whose closure came to a good end.
fn kept(session: &PostgresSession, ticket: &Ticket) -> Attempt {
    if let Err(failure) = session.settled() {
        if failure.trouble != Trouble::Lost {
            session.roll_back();
        }
        return unfinished(ticket, failure);
    }
    match session.commit() {
        Ok(()) => Attempt::Answered,
        Err(Failure { trouble: Trouble::Lost, fault }) => Attempt::Failed(unknown(fault)),
        Err(failure) => unfinished(ticket, failure),
    }
}

/// A transaction whose `BEGIN` or `COMMIT`, or what travelled with them, was refused, so that nothing was kept.
fn unfinished(ticket: &Ticket, failure: Failure) -> Attempt {
    match failure.trouble {
        Trouble::Lost => Attempt::Lost(failure.fault),
        Trouble::Collided => Attempt::Again(Fault::Contended { name: ticket.name }),
        Trouble::Failed | Trouble::Harmless => Attempt::Failed(failure.fault),
    }
}

fn unknown(fault: Fault) -> Fault {
    match fault {
        Fault::Unavailable { source } => Fault::unavailable("commit-unknown", source.message),
        other => other,
    }
}
