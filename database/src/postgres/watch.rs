//! The watch over the workers: whoever waits longer than the patience for an answer gets one, and a worker whose server
//! fell silent is relieved by another.
//!
//! The client has no bound of its own on the wait for a server's answer. A server that is frozen, or a proxy that takes
//! every byte and passes none on, would hold its callers for ever, and with them their requests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::connect::Connector;
use super::worker::Worker;
use crate::database::spawned;
use crate::job::{Caller, Ticket};
use crate::measure::Measures;
use crate::queue::Queue;
use crate::{Fault, clock};

/// How often the watch looks; callers wait so much longer than the patience at most.
const TICK: Duration = Duration::from_millis(250);

/// What a worker tells the watch about itself.
#[derive(Default)]
pub(super) struct Post {
    /// Whom it serves, and since when that caller waits.
    serving: Mutex<Option<(Instant, Arc<dyn Caller>)>>,
    relieved: AtomicBool,
}

impl Post {
    /// Says whom the worker serves from now on.
    pub(super) fn serve(&self, ticket: &Ticket) {
        *self.lock() = ticket.hurries().then(|| (ticket.queued_at(), ticket.caller()));
    }

    /// Says that it serves nobody.
    pub(super) fn rest(&self) {
        *self.lock() = None;
    }

    /// Whether another worker has taken this one's place, so that it must end.
    pub(super) fn is_relieved(&self) -> bool {
        self.relieved.load(Ordering::Acquire)
    }

    /// Answers a caller that has waited since before `latest`. Says whether there was one.
    fn give_up(&self, latest: Instant) -> bool {
        let mut serving = self.lock();
        let Some((_, caller)) = serving.take_if(|(since, _)| *since <= latest) else { return false };
        // It may be committing this very moment.
        caller.give_up(Fault::unavailable("commit-unknown", UNANSWERED));
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Arc<dyn Caller>)>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What callers hear that were given up.
pub(super) const UNANSWERED: &str = "the server did not answer in time";

/// What every worker works with.
#[derive(Clone)]
pub(super) struct Ground {
    pub connector: Arc<Connector>,
    pub queue: Arc<Queue>,
    pub measures: Arc<Measures>,
}

/// The workers that serve, and those that were relieved and have not come back.
pub(super) struct Watch {
    ground: Ground,
    patience: Duration,
    serving: Vec<Serving>,
    relieved: Vec<JoinHandle<()>>,
    /// Workers made so far, for the names of their threads.
    made: usize,
    /// Held by every worker, so that the last of them that ends is heard.
    ended: (Sender<()>, Receiver<()>),
}

struct Serving {
    post: Arc<Post>,
    thread: JoinHandle<()>,
}

impl Watch {
    /// Starts the workers. The first tells how its first attempt to connect went.
    pub(super) fn start(
        ground: Ground,
        workers: usize,
        patience: Duration,
        tell: Sender<Result<(), Fault>>,
    ) -> Result<Self, Fault> {
        let (serving, relieved) = (Vec::with_capacity(workers), Vec::new());
        let mut watch = Self { ground, patience, serving, relieved, made: 0, ended: channel() };
        let mut tell = Some(tell);
        for _ in 0..workers {
            let worker = watch.worker(tell.take())?;
            watch.serving.push(worker);
        }
        Ok(watch)
    }

    /// Looks until the queue is closed, and then until every worker has ended or fallen silent.
    pub(super) fn run(mut self) {
        while !self.ground.queue.is_closed() {
            self.ground.queue.pause(TICK);
            self.look();
        }
        // Only the workers' own ends of the channel are left: it closes with the last of them.
        let ended = std::mem::replace(&mut self.ended, channel()).1;
        while !matches!(ended.recv_timeout(TICK), Err(RecvTimeoutError::Disconnected)) {
            self.look();
            if self.serving.iter().all(|worker| worker.thread.is_finished()) {
                tracing::warn!(
                    connections = self.relieved.len(),
                    "connections that do not answer are left behind"
                );
                return;
            }
        }
    }

    /// Answers everybody who has waited too long, and relieves the workers who cannot.
    fn look(&mut self) {
        let Some(latest) = clock::now().checked_sub(self.patience) else { return };
        let waited = self.ground.queue.overdue(latest);
        if !waited.is_empty() {
            tracing::warn!(callers = waited.len(), "no connection became free in time");
        }
        for ticket in waited {
            ticket.settle_with(Fault::unavailable("unanswered", UNANSWERED), &self.ground.measures);
        }
        let most = self.serving.len();
        self.relieved.retain(|thread| !thread.is_finished());
        for place in (0..self.serving.len()).rev() {
            if !self.serving[place].post.give_up(latest) {
                continue;
            }
            if self.ground.queue.is_closed() {
                self.relieved.push(self.serving.swap_remove(place).thread);
            } else if self.relieved.len() < most {
                self.relieve(place);
            }
        }
    }

    /// Puts a new worker in the place of one who waits for a server that does not answer. At most as many as there are
    /// places may be out at a time; beyond that, callers are still answered, but nobody new connects.
    fn relieve(&mut self, place: usize) {
        tracing::warn!("the database does not answer; another connection is made");
        self.serving[place].post.relieved.store(true, Ordering::Release);
        match self.worker(None) {
            Ok(worker) => {
                let silent = std::mem::replace(&mut self.serving[place], worker);
                self.relieved.push(silent.thread);
            }
            Err(fault) => {
                self.serving[place].post.relieved.store(false, Ordering::Release);
                tracing::error!(error = %fault, "no thread for another connection");
            }
        }
    }

    fn worker(&mut self, tell: Option<Sender<Result<(), Fault>>>) -> Result<Serving, Fault> {
        let (post, ground, ended) = (Arc::<Post>::default(), self.ground.clone(), self.ended.0.clone());
        let its = Arc::clone(&post);
        let thread = spawned(format!("postgres-{}", self.made), move || {
            Worker::new(ground, its).run(tell);
            drop(ended);
        })?;
        self.made += 1;
        Ok(Serving { post, thread })
    }
}
