//! A caller's closure on its way through a queue, a transaction, and back with an answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::measure::{Measures, Sample};
use crate::tx::{Session, Trouble, Tx};
use crate::{Fault, clock};

/// Somebody who waits for an answer, and may be given another than that of its closure.
pub(crate) trait Caller: Send + Sync {
    /// Answers with a fault; what the closure says later reaches nobody.
    fn give_up(&self, fault: Fault);
}

/// A caller, and those who are answered together with it. They hear first, so that none of them waits once it has heard.
struct Both {
    joined: Arc<dyn Caller>,
    first: Arc<dyn Caller>,
}

impl Caller for Both {
    fn give_up(&self, fault: Fault) {
        self.joined.give_up(fault.clone());
        self.first.give_up(fault);
    }
}

/// The end at which an answer goes in, once.
struct Line<T, E>(Mutex<Option<oneshot::Sender<Result<T, E>>>>);

impl<T, E> Line<T, E> {
    fn answer(&self, outcome: Result<T, E>) -> bool {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        sender.is_some_and(|sender| sender.send(outcome).is_ok())
    }

    fn is_answered(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn is_abandoned(&self) -> bool {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sender.as_ref().is_none_or(oneshot::Sender::is_closed)
    }
}

impl<T: Send, E: From<Fault> + Send> Caller for Line<T, E> {
    fn give_up(&self, fault: Fault) {
        if !self.answer(Err(fault.into())) {
            tracing::debug!("a caller that was given up had left before");
        }
    }
}

/// A closure whose types are forgotten, so that one queue holds all.
trait Job: Send {
    /// Runs the closure and keeps its answer; says whether it came to its end.
    fn run(&mut self, tx: &Tx<'_>) -> bool;
    /// Replaces the answer.
    fn fail(&mut self, fault: Fault);
    /// Whether the answer is a good one.
    fn is_good(&self) -> bool;
    /// Sends the answer.
    fn answer(self: Box<Self>);
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
    /// Whether the answer has been given already, by somebody else.
    fn is_answered(&self) -> bool;
    /// Who waits for the answer.
    fn caller(&self) -> Arc<dyn Caller>;
}

struct Work<T, E, F> {
    name: &'static str,
    work: F,
    outcome: Result<T, E>,
    line: Arc<Line<T, E>>,
}

impl<T, E, F> Job for Work<T, E, F>
where
    F: FnMut(&Tx<'_>) -> Result<T, E> + Send,
    E: From<Fault> + Send + 'static,
    T: Send + 'static,
{
    fn run(&mut self, tx: &Tx<'_>) -> bool {
        let ended = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)));
        let came_to_its_end = ended.is_ok();
        self.outcome = match (ended, tx.doomed()) {
            (Err(_), _) => Err(Fault::Panicked { name: self.name }.into()),
            (Ok(Ok(_)), Some((_, statement))) => Err(Fault::Doomed { name: self.name, statement }.into()),
            (Ok(outcome), _) => outcome,
        };
        came_to_its_end
    }

    fn fail(&mut self, fault: Fault) {
        self.outcome = Err(fault.into());
    }

    fn is_good(&self) -> bool {
        self.outcome.is_ok()
    }

    fn answer(self: Box<Self>) {
        if !self.line.answer(self.outcome) {
            tracing::debug!(transaction = self.name, "nobody waited for the answer");
        }
    }

    fn is_abandoned(&self) -> bool {
        self.line.is_abandoned()
    }

    fn is_answered(&self) -> bool {
        self.line.is_answered()
    }

    fn caller(&self) -> Arc<dyn Caller> {
        Arc::clone(&self.line) as Arc<dyn Caller>
    }
}

/// A job with what the queue and the measures need to know of it.
pub(crate) struct Ticket {
    pub name: &'static str,
    pub writes: bool,
    pub retries: u64,
    pub trips: u64,
    queued_at: Instant,
    carried: u64,
    hurries: bool,
    /// Whoever joined its caller.
    joined: Option<Arc<dyn Caller>>,
    job: Box<dyn Job>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// Commit it.
    Keep,
    /// Roll it back; the answer is already that of the closure.
    Undo,
    /// Roll it back, and run it again if there are runs left.
    Collided,
    /// The connection is gone.
    Lost,
    /// Roll it back, and never run it again: what the closure holds may be half done.
    Panicked,
}

impl Ticket {
    /// A ticket, and the end at which its answer comes out.
    pub(crate) fn new<T, E, F>(
        name: &'static str,
        writes: bool,
        work: F,
    ) -> (Self, oneshot::Receiver<Result<T, E>>)
    where
        F: FnMut(&Tx<'_>) -> Result<T, E> + Send + 'static,
        E: From<Fault> + Send + 'static,
        T: Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let line = Arc::new(Line(Mutex::new(Some(sender))));
        let job = Box::new(Work { name, work, outcome: Err(Fault::Closed.into()), line });
        let ticket = Self {
            name,
            writes,
            retries: 0,
            trips: 0,
            queued_at: clock::now(),
            carried: 0,
            hurries: true,
            joined: None,
            job,
        };
        (ticket, receiver)
    }

    /// The same ticket, whose caller waits for as long as it takes.
    pub(crate) fn at_leisure(self) -> Self {
        Self { hurries: false, ..self }
    }

    /// The same ticket, whose closure also answers those who join its caller. They are given up with it.
    pub(crate) fn joined_by(self, joined: Arc<dyn Caller>) -> Self {
        Self { joined: Some(joined), ..self }
    }

    /// Whether its caller is to be answered within a bound.
    pub(crate) fn hurries(&self) -> bool {
        self.hurries
    }

    /// Since when its caller waits.
    pub(crate) fn queued_at(&self) -> Instant {
        self.queued_at
    }

    /// Who waits for its answer.
    pub(crate) fn caller(&self) -> Arc<dyn Caller> {
        let first = self.job.caller();
        match &self.joined {
            Some(joined) => Arc::new(Both { joined: Arc::clone(joined), first }),
            None => first,
        }
    }

    /// Whether its caller has been told that it failed.
    pub(crate) fn is_given_up(&self) -> bool {
        self.job.is_answered()
    }

    /// Whether it may be left out: nobody waits for what it would read.
    pub(crate) fn is_moot(&self) -> bool {
        !self.writes && self.job.is_abandoned()
    }

    /// Runs the closure in the open transaction of `session`.
    pub(crate) fn run(&mut self, session: &dyn Session) -> Ran {
        let tx = Tx::new(self.name, session, self.writes);
        let came_to_its_end = self.job.run(&tx);
        self.carried = tx.carried();
        match tx.doomed() {
            _ if !came_to_its_end => Ran::Panicked,
            Some((Trouble::Lost, _)) => Ran::Lost,
            Some((Trouble::Collided, _)) => Ran::Collided,
            _ if self.job.is_good() => Ran::Keep,
            _ => Ran::Undo,
        }
    }

    /// Sends the closure's own answer.
    pub(crate) fn settle(self, measures: &Measures) {
        let Self { name, retries, trips, queued_at, carried, job, .. } = self;
        let micros = clock::micros_since(queued_at);
        // Counted first, so that who has an answer also finds it counted.
        measures.record(name, Sample { good: job.is_good(), retries, trips, carried, micros });
        job.answer();
    }

    /// Sends a fault in place of the closure's answer.
    pub(crate) fn settle_with(mut self, fault: Fault, measures: &Measures) {
        self.job.fail(fault);
        self.settle(measures);
    }
}
