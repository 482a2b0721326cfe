//! PostgreSQL: threads with one connection each.

use std::sync::{Arc, Mutex, mpsc};

use crate::database::{Parts, spawned};
use crate::measure::Measures;
use crate::queue::Queue;
use crate::{Fault, Settings};

mod connect;
mod failure;
mod insert;
mod session;
mod worker;

use connect::Connector;
use worker::Worker;

/// Checks the settings, reaches the server once, and starts the threads.
pub(crate) fn start(settings: &Settings, measures: &Arc<Measures>) -> Result<Parts, Fault> {
    let connector = Arc::new(Connector::new(settings)?);
    let queue = Arc::new(Queue::new(settings.queue_bound));
    let mut threads = Vec::new();
    let (tell, first) = mpsc::channel();
    for number in 0..settings.connections.max(1) {
        let (connector, queue, measures) = (Arc::clone(&connector), Arc::clone(&queue), Arc::clone(measures));
        let tell = (number == 0).then(|| tell.clone());
        threads.push(spawned(format!("postgres-{number}"), move || {
            Worker::new(connector, queue, measures).run(tell);
        })?);
    }
    drop(tell);
    let parts = Parts { writes: Arc::clone(&queue), reads: queue, threads: Mutex::new(threads) };
    // The connection is made on its own thread: this one may belong to an async runtime.
    match first.recv().unwrap_or(Err(Fault::Closed)) {
        Ok(()) => Ok(parts),
        Err(fault) => {
            parts.close();
            Err(fault)
        }
    }
}
