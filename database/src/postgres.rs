//! PostgreSQL: threads with one connection each, and one that watches over them.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::database::{Parts, spawned};
use crate::measure::Measures;
use crate::queue::Queue;
use crate::{Fault, Settings};

mod ahead;
mod connect;
mod failure;
mod insert;
mod link;
mod session;
mod watch;
mod worker;

use connect::Connector;
use watch::{Ground, Watch};
pub(crate) use worker::serves;

/// Checks the settings, reaches the server once, and starts the threads.
pub(crate) fn start(settings: &Settings, measures: &Arc<Measures>) -> Result<Parts, Fault> {
    let connector = Arc::new(Connector::new(settings)?);
    let queue = Arc::new(Queue::new(settings.queue_bound));
    let patience = Duration::from_millis(settings.answer_timeout_ms);
    let ground = Ground { connector, queue: Arc::clone(&queue), measures: Arc::clone(measures) };
    let (tell, first) = mpsc::channel();
    let watch = Watch::start(ground, settings.connections.max(1), patience, tell)?;
    // The workers' threads are the watch's: one that waits for a silent server cannot be waited for.
    let threads = Mutex::new(vec![spawned("postgres-watch".to_owned(), move || watch.run())?]);
    let parts = Parts { writes: Arc::clone(&queue), reads: queue, threads };
    // The connection is made on its own thread: this one may belong to an async runtime.
    let connected = first.recv_timeout(patience).unwrap_or_else(|fault| match fault {
        RecvTimeoutError::Timeout => Err(Fault::unavailable("unanswered", watch::UNANSWERED)),
        RecvTimeoutError::Disconnected => Err(Fault::Closed),
    });
    match connected {
        Ok(()) => Ok(parts),
        Err(fault) => {
            parts.close();
            Err(fault)
        }
    }
}
