//! What is done to every batch of a large blob, each thing in its own lane: in order within a lane, and no lane waits for
//! another. MD5 takes as long as everything else together, so that it must never stand still.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use seal::{Md5Share, ShaShare};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, spawn_blocking};

use super::writer::broken;
use crate::Result;

/// Plaintext of one batch.
pub(super) const BATCH_BYTES: usize = 1024 * 1024;
/// Batches of one blob, the one that fills among them: so far the slowest lane may fall behind, and so much memory a
/// blob takes.
const MOST_BATCHES: usize = 6;

/// The batches of one blob: made when they are first needed, and filled again and again.
pub(super) struct Batches {
    made: usize,
    back: UnboundedSender<Vec<u8>>,
    free: UnboundedReceiver<Vec<u8>>,
}

/// A full batch. It comes back, emptied, when the last lane has let go of it.
#[derive(Clone)]
pub(super) struct Batch(Arc<Filled>);

struct Filled {
    bytes: Vec<u8>,
    back: UnboundedSender<Vec<u8>>,
}

impl Batches {
    pub(super) fn new() -> Self {
        let (back, free) = unbounded_channel();
        Self { made: 0, back, free }
    }

    /// An empty batch; waits for the slowest lane when all are in use.
    pub(super) async fn empty(&mut self) -> Vec<u8> {
        if let Ok(free) = self.free.try_recv() {
            return free;
        }
        if self.made < MOST_BATCHES {
            self.made += 1;
            return Vec::with_capacity(BATCH_BYTES);
        }
        // We hold the other end, so that there is always one to come.
        self.free.recv().await.unwrap_or_default()
    }

    pub(super) fn full(&self, bytes: Vec<u8>) -> Batch {
        Batch(Arc::new(Filled { bytes, back: self.back.clone() }))
    }
}

impl Batch {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        // Nobody waits for it once the blob has ended.
        drop(self.back.send(bytes));
    }
}

/// A share of the digests.
pub(super) trait Share: Send + 'static {
    fn take(&mut self, bytes: &[u8]);
}

impl Share for Md5Share {
    fn take(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

impl Share for ShaShare {
    fn take(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// One lane. It has a thread only while batches wait in it.
pub(super) struct Lane<T> {
    queue: Arc<Mutex<Queue<T>>>,
    running: Option<JoinHandle<()>>,
}

struct Queue<T> {
    waiting: VecDeque<Batch>,
    /// With the thread while there is one. INVARIANT: when it lies here, nothing waits.
    share: Option<T>,
}

impl<T: Share> Lane<T> {
    pub(super) fn new(share: T) -> Self {
        let queue = Queue { waiting: VecDeque::new(), share: Some(share) };
        Self { queue: Arc::new(Mutex::new(queue)), running: None }
    }

    pub(super) fn push(&mut self, batch: Batch) {
        let mut queue = locked(&self.queue);
        queue.waiting.push_back(batch);
        if let Some(share) = queue.share.take() {
            let queue = Arc::clone(&self.queue);
            self.running = Some(spawn_blocking(move || run(&queue, share)));
        }
    }

    /// Waits until nothing waits any more.
    pub(super) async fn finish(self) -> Result<T> {
        if let Some(running) = self.running {
            running.await.map_err(|_| broken())?;
        }
        locked(&self.queue).share.take().ok_or_else(broken)
    }
}

fn run<T: Share>(queue: &Mutex<Queue<T>>, mut share: T) {
    loop {
        let batch = {
            let mut queue = locked(queue);
            match queue.waiting.pop_front() {
                Some(batch) => batch,
                None => {
                    queue.share = Some(share);
                    return;
                }
            }
        };
        share.take(batch.bytes());
    }
}

/// A lane that panicked has lost its share; what waits in it is whole.
fn locked<T>(queue: &Mutex<Queue<T>>) -> MutexGuard<'_, Queue<T>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes its time, and remembers what it took.
    struct Slow(Vec<u8>, std::sync::mpsc::Receiver<()>);

    impl Share for Slow {
        fn take(&mut self, bytes: &[u8]) {
            self.1.recv().unwrap();
            self.0.extend_from_slice(bytes);
        }
    }

    #[tokio::test]
    async fn a_slow_lane_takes_every_batch_in_order_and_holds_up_whoever_fills_them() {
        let (go, gone) = std::sync::mpsc::channel();
        let (mut batches, mut lane) = (Batches::new(), Lane::new(Slow(Vec::new(), gone)));
        for number in 0..MOST_BATCHES {
            let mut bytes = batches.empty().await;
            bytes.push(u8::try_from(number).unwrap());
            lane.push(batches.full(bytes));
        }
        // All are in use: the next one is there when the lane has let go of the first.
        assert!(batches.free.try_recv().is_err());
        go.send(()).unwrap();
        let mut again = batches.empty().await;
        assert!(again.is_empty() && again.capacity() >= BATCH_BYTES);
        again.push(99);
        lane.push(batches.full(again));
        for _ in 0..MOST_BATCHES {
            go.send(()).unwrap();
        }
        assert_eq!(lane.finish().await.unwrap().0, [0, 1, 2, 3, 4, 5, 99]);
    }

    #[tokio::test]
    async fn a_lane_that_lost_its_thread_is_a_fault_and_not_a_wait() {
        let (go, gone) = std::sync::mpsc::channel();
        drop(go);
        let (batches, mut lane) = (Batches::new(), Lane::new(Slow(Vec::new(), gone)));
        lane.push(batches.full(vec![1]));
        assert!(lane.finish().await.is_err());
    }
}
