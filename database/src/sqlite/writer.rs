//! The thread that writes: callers that come together share one commit.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::mpsc::{self, SendError, SyncSender};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::session::SqliteSession;
use crate::job::{Ran, Ticket};
use crate::measure::{Measures, Sample};
use crate::queue::Queue;
use crate::tx::Session as _;
use crate::{Fault, clock};

/// Callers in one commit.
const MOST_CALLERS: usize = 256;
/// How long a commit may gather callers before those in it have waited enough.
const LONGEST_BATCH: Duration = Duration::from_millis(2);
/// Commits with savepoints after one without them had to be taken back, so that callers who often fail late cost
/// their neighbours a second run only now and then.
const CAREFUL_COMMITS: u32 = 64;
/// How long a commit waits for one more caller where it may expect one; a flush takes longer.
const PATIENCE: Duration = Duration::from_micros(50);
/// Answers that the writer sends itself.
const FEW: usize = 2;
/// Commits whose answers may still be unsent before the writer waits.
const UNSENT: usize = 4;

pub(super) fn run(connection: Connection, queue: &Queue, measures: &Measures) {
    let (answer, answers) = mpsc::sync_channel::<Vec<Ticket>>(UNSENT);
    let writer = Writer {
        session: SqliteSession::new(connection),
        queue,
        measures,
        answer,
        careful_for: Cell::new(0),
        expected: Cell::new(0),
    };
    std::thread::scope(|scope| {
        scope.spawn(move || answers.into_iter().for_each(|ran| settle(ran, measures)));
        while let Some(ticket) = queue.pop() {
            writer.serve(ticket);
        }
        // The channel closes with its last sender, and the scope waits for the answers still in it.
        drop(writer);
    });
}

struct Writer<'w> {
    session: SqliteSession,
    queue: &'w Queue,
    measures: &'w Measures,
    answer: SyncSender<Vec<Ticket>>,
    /// Commits that still give every caller a savepoint, because one without them went wrong a short while ago.
    careful_for: Cell<u32>,
    /// Callers in the last commit.
    expected: Cell<usize>,
}

/// How a shared transaction ended.
enum Batch {
    /// Durable; the answers may go out.
    Committed(Vec<Ticket>),
    /// Nothing was kept. The last caller has its answer, the others must run again.
    Dropped(Vec<Ticket>),
    /// Nothing was kept. All must run again, each in a savepoint.
    Spoilt(Vec<Ticket>),
    /// Nothing was kept, and the fault is everybody's.
    Undone(Vec<Ticket>, Fault),
}

/// What one caller leaves behind in the shared transaction.
enum After {
    /// All that it did, or nothing at all.
    Sound,
    /// Part of what it did, without a savepoint to go back to.
    Soiled,
    /// The same, and it must not run again.
    SoiledForGood,
    /// No transaction: SQLite dropped it for lack of room.
    Gone,
}

/// Whether each caller gets a savepoint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// No: a savepoint costs every act a tenth and more, and few callers fail after they have changed something.
    Hopeful,
    Careful,
}

impl Writer<'_> {
    /// Serves one ticket and those that arrive meanwhile.
    ///
    /// INVARIANT: no answer leaves before the commit that carries it, not even a refusal: it may rest on what a
    /// neighbour wrote in the same transaction.
    fn serve(&self, first: Ticket) {
        let mut waiting = VecDeque::from([first]);
        let mut care = self.care();
        let mut gather = true;
        while !waiting.is_empty() {
            match self.batch(&mut waiting, care, gather) {
                Batch::Committed(ran) => self.settle(ran),
                Batch::Dropped(mut ran) => {
                    settle(ran.pop().into_iter().collect(), self.measures);
                    requeue(&mut waiting, ran);
                }
                Batch::Spoilt(ran) => {
                    self.careful_for.set(CAREFUL_COMMITS);
                    requeue(&mut waiting, ran);
                }
                Batch::Undone(ran, fault) if is_someones(&fault) && ran.len() > 1 => self.serve_alone(ran),
                Batch::Undone(ran, fault) => self.settle_with(ran, &fault),
            }
            care = Care::Careful;
            gather = false;
        }
    }

    /// Serves each ticket in a transaction of its own, to find the one that cannot be committed.
    fn serve_alone(&self, tickets: Vec<Ticket>) {
        for mut ticket in tickets {
            ticket.retries += 1;
            match self.batch(&mut VecDeque::from([ticket]), Care::Careful, false) {
                Batch::Committed(ran) | Batch::Dropped(ran) | Batch::Spoilt(ran) => self.settle(ran),
                Batch::Undone(ran, fault) => self.settle_with(ran, &fault),
            }
        }
    }

    fn care(&self) -> Care {
        match self.careful_for.get() {
            0 => Care::Hopeful,
            left => {
                self.careful_for.set(left - 1);
                Care::Careful
            }
        }
    }

    /// One transaction over the waiting tickets and, when it gathers, over those that arrive while it runs.
    fn batch(&self, waiting: &mut VecDeque<Ticket>, care: Care, gather: bool) -> Batch {
        let started = clock::now();
        let mut ran = Vec::new();
        if let Err(fault) = self.session.control("BEGIN IMMEDIATE") {
            return Batch::Undone(waiting.drain(..).collect(), fault);
        }
        while let Some(mut ticket) = waiting.pop_front() {
            let after = self.caller(&mut ticket, care);
            ran.push(ticket);
            match after {
                Ok(After::Sound) => {}
                other => return self.undone(ran, other),
            }
            if gather && waiting.is_empty() && ran.len() < MOST_CALLERS && !spent(started) {
                waiting.extend(self.next(ran.len()));
            }
        }
        self.commit(ran, started)
    }

    /// The next ticket of this commit. While fewer came than last time, the rest are likely on their way: their
    /// answers have just gone out, and a commit without them would cost a flush of its own.
    fn next(&self, ran: usize) -> Option<Ticket> {
        self.queue
            .try_pop()
            .or_else(|| if ran < self.expected.get() { self.queue.pop_within(PATIENCE) } else { None })
    }

    /// Takes back the whole transaction after its last caller.
    fn undone(&self, ran: Vec<Ticket>, after: Result<After, Fault>) -> Batch {
        self.rolled_back();
        match after {
            Err(fault) => Batch::Undone(ran, fault),
            // Alone, it has spoilt nothing but its own, which is gone, and its answer stands.
            Ok(After::Soiled) if ran.len() > 1 => Batch::Spoilt(ran),
            Ok(_) => Batch::Dropped(ran),
        }
    }

    /// Runs one caller and takes back what it did if that is not to be kept.
    ///
    /// INVARIANT: what fails in one caller is taken back, and its neighbours commit.
    fn caller(&self, ticket: &mut Ticket, care: Care) -> Result<After, Fault> {
        if care == Care::Careful {
            self.session.control("SAVEPOINT caller")?;
        }
        let before = self.session.changes();
        let asked = self.session.trips();
        let ran = ticket.run(&self.session);
        ticket.trips += self.session.trips() - asked;
        let keep = ran == Ran::Keep && ticket.writes;
        if self.session.connection.is_autocommit() {
            return Ok(After::Gone);
        }
        if care == Care::Hopeful {
            return Ok(match ran {
                _ if keep || self.session.changes() == before => After::Sound,
                Ran::Panicked => After::SoiledForGood,
                _ => After::Soiled,
            });
        }
        if !keep {
            self.session.control("ROLLBACK TO caller")?;
        }
        self.session.control("RELEASE caller")?;
        Ok(After::Sound)
    }

    fn commit(&self, ran: Vec<Ticket>, started: Instant) -> Batch {
        self.expected.set(ran.len());
        let committed = self.session.control("COMMIT");
        self.measures.record(
            "database::commit",
            Sample {
                good: committed.is_ok(),
                retries: 0,
                trips: 1,
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

    /// Sends the answers: waking many callers takes as long as running some of them, so another thread does it
    /// while the next commit gathers. A few are quicker told than handed over.
    fn settle(&self, ran: Vec<Ticket>) {
        if ran.len() <= FEW {
            return settle(ran, self.measures);
        }
        if let Err(SendError(ran)) = self.answer.send(ran) {
            settle(ran, self.measures);
        }
    }

    fn settle_with(&self, ran: Vec<Ticket>, fault: &Fault) {
        ran.into_iter().for_each(|ticket| ticket.settle_with(fault.clone(), self.measures));
    }
}

fn settle(ran: Vec<Ticket>, measures: &Measures) {
    ran.into_iter().for_each(|ticket| ticket.settle(measures));
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
