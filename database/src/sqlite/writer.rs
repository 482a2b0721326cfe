//! The thread that writes: callers that come together share one commit.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::session::SqliteSession;
use crate::job::{Ran, Ticket};
use crate::measure::{Measures, Sample};
use crate::queue::Queue;
use crate::{Fault, clock};

/// Callers in one commit.
const MOST_CALLERS: usize = 256;
/// How long a commit may gather callers before those in it have waited enough.
const LONGEST_BATCH: Duration = Duration::from_millis(2);

pub(super) fn run(connection: Connection, queue: &Queue, measures: &Measures) {
    let writer = Writer { session: SqliteSession::new(connection), queue, measures };
    while let Some(ticket) = queue.pop() {
        writer.serve(ticket);
    }
}

struct Writer<'w> {
    session: SqliteSession,
    queue: &'w Queue,
    measures: &'w Measures,
}

/// How a shared transaction ended.
enum Batch {
    /// Durable; the answers may go out.
    Committed(Vec<Ticket>),
    /// Nothing was kept: a statement of the last caller, who has its answer, made SQLite drop the whole transaction.
    Dropped(Vec<Ticket>),
    /// Nothing was kept, and the fault is everybody's.
    Undone(Vec<Ticket>, Fault),
}

impl Writer<'_> {
    /// Serves one ticket and those that arrive meanwhile.
    ///
    /// INVARIANT: no answer leaves before the commit that carries it, not even a refusal: it may rest on what a
    /// neighbour wrote in the same transaction.
    fn serve(&self, first: Ticket) {
        let mut waiting = VecDeque::from([first]);
        let mut gather = true;
        while !waiting.is_empty() {
            match self.batch(&mut waiting, gather) {
                Batch::Committed(ran) => self.settle(ran),
                Batch::Dropped(mut ran) => {
                    self.settle(ran.pop());
                    requeue(&mut waiting, ran);
                }
                Batch::Undone(ran, fault) if is_someones(&fault) && ran.len() > 1 => self.serve_alone(ran),
                Batch::Undone(ran, fault) => self.settle_with(ran, &fault),
            }
            gather = false;
        }
    }

    /// Serves each ticket in a transaction of its own, to find the one that cannot be committed.
    fn serve_alone(&self, tickets: Vec<Ticket>) {
        for mut ticket in tickets {
            ticket.retries += 1;
            match self.batch(&mut VecDeque::from([ticket]), false) {
                Batch::Committed(ran) | Batch::Dropped(ran) => self.settle(ran),
                Batch::Undone(ran, fault) => self.settle_with(ran, &fault),
            }
        }
    }

    /// One transaction over the waiting tickets and, when it gathers, over those that arrive while it runs.
    fn batch(&self, waiting: &mut VecDeque<Ticket>, gather: bool) -> Batch {
        let started = clock::now();
        let mut ran = Vec::new();
        if let Err(fault) = self.session.control("BEGIN IMMEDIATE") {
            return Batch::Undone(waiting.drain(..).collect(), fault);
        }
        while let Some(mut ticket) = waiting.pop_front() {
            let done = self.caller(&mut ticket);
            ran.push(ticket);
            match done {
                Ok(true) => {}
                Ok(false) => return Batch::Dropped(ran),
                Err(fault) => {
                    self.rolled_back();
                    return Batch::Undone(ran, fault);
                }
            }
            if gather && waiting.is_empty() && ran.len() < MOST_CALLERS && !spent(started) {
                waiting.extend(self.queue.try_pop());
            }
        }
        self.commit(ran, started)
    }

    /// Runs one caller inside a savepoint; says whether the shared transaction is still there.
    ///
    /// INVARIANT: what fails in one caller is rolled back to its savepoint, and its neighbours commit.
    fn caller(&self, ticket: &mut Ticket) -> Result<bool, Fault> {
        self.session.control("SAVEPOINT caller")?;
        let keep = ticket.run(&self.session) == Ran::Keep && ticket.writes;
        if self.session.connection.is_autocommit() {
            return Ok(false);
        }
        if !keep {
            self.session.control("ROLLBACK TO caller")?;
        }
        self.session.control("RELEASE caller")?;
        Ok(true)
    }

    fn commit(&self, ran: Vec<Ticket>, started: Instant) -> Batch {
        let committed = self.session.control("COMMIT");
        self.measures.record(
            "database::commit",
            Sample {
                good: committed.is_ok(),
                retries: 0,
                carried: ran.len() as u64,
                micros: clock::micros_since(started),
            },
        );
        match committed {
            Ok(()) => Batch::Committed(ran),
            Err(fault) => {
                self.rolled_back();
                Batch::Undone(ran, fault)
            }
        }
    }

    /// Leaves no transaction open, whatever happened, so that the next batch can begin.
    fn rolled_back(&self) {
        if self.session.connection.is_autocommit() {
            return;
        }
        if let Err(fault) = self.session.control("ROLLBACK") {
            tracing::error!(error = %fault, "a failed transaction could not be rolled back");
        }
    }

    fn settle(&self, ran: impl IntoIterator<Item = Ticket>) {
        ran.into_iter().for_each(|ticket| ticket.settle(self.measures));
    }

    fn settle_with(&self, ran: Vec<Ticket>, fault: &Fault) {
        ran.into_iter().for_each(|ticket| ticket.settle_with(fault.clone(), self.measures));
    }
}

/// Puts tickets that must run again in front of those that have not run.
fn requeue(waiting: &mut VecDeque<Ticket>, ran: Vec<Ticket>) {
    for mut ticket in ran.into_iter().rev() {
        ticket.retries += 1;
        waiting.push_front(ticket);
    }
}

/// Whether a commit failed for rows of one of its callers: a rule that is checked only at the end.
fn is_someones(fault: &Fault) -> bool {
    matches!(fault, Fault::Constraint { .. })
}

fn spent(started: Instant) -> bool {
    clock::now().saturating_duration_since(started) >= LONGEST_BATCH
}
