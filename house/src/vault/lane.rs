//! What is done to every batch of a large blob, each thing in its own lane: in order within a lane, and no lane waits for
//! another. MD5 takes as long as everything else together, so that it must never stand still.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use seal::{Md5Share, ShaShare};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinHandle, spawn_blocking};

use super::writer::broken;
use crate::Result;

/// Plaintext of one batch.
pub(super) const BATCH_BYTES: usize = 1024 * 1024;
/// Batches of one blob, the one that fills among them: so far the slowest lane may fall behind, and so much memory a
/// blob takes.
const MOST_BATCHES: usize = 6;
/// A frame that is shorter is copied: each one that is not keeps the whole buffer alive into which it was received.
const FRAME_BYTES: usize = 16 * 1024;

/// The room for the batches of one blob.
pub(super) struct Batches(Arc<Semaphore>);

/// A batch that fills: frames as they came, and copies of short ones.
pub(super) struct Filling {
    frames: Vec<Bytes>,
    copied: BytesMut,
    length: usize,
    room: Option<OwnedSemaphorePermit>,
}

/// A full batch. Its room is free when the last lane has let go of it.
#[derive(Clone)]
pub(super) struct Batch(Arc<Filled>);

struct Filled {
    frames: Vec<Bytes>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Batches {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(MOST_BATCHES)))
    }

    /// An empty batch; waits for the slowest lane when all are in use.
    pub(super) async fn empty(&self) -> Filling {
        // Nobody closes it.
        let room = Arc::clone(&self.0).acquire_owned().await.ok();
        Filling { frames: Vec::new(), copied: BytesMut::new(), length: 0, room }
    }
}

impl Filling {
    /// Bytes that still fit.
    pub(super) const fn left(&self) -> usize {
        BATCH_BYTES - self.length
    }

    /// Adds what fits.
    pub(super) fn copy(&mut self, bytes: &[u8]) {
        if self.copied.capacity() - self.copied.len() < bytes.len() {
            self.copied.reserve(self.left());
        }
        self.copied.extend_from_slice(bytes);
        self.length += bytes.len();
    }

    /// Adds what fits, without a copy where it is worth that.
    pub(super) fn keep(&mut self, frame: Bytes) {
        if frame.len() < FRAME_BYTES {
            return self.copy(&frame);
        }
        self.settle();
        self.length += frame.len();
        self.frames.push(frame);
    }

    /// Puts what was copied behind what was not.
    fn settle(&mut self) {
        if !self.copied.is_empty() {
            self.frames.push(self.copied.split().freeze());
        }
    }

    pub(super) fn full(mut self) -> Batch {
        self.settle();
        Batch(Arc::new(Filled { frames: self.frames, _room: self.room }))
    }
}

impl Batch {
    /// The bytes, in order.
    pub(super) fn frames(&self) -> &[Bytes] {
        &self.0.frames
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
        for frame in batch.frames() {
            share.take(frame);
        }
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
        let (batches, mut lane) = (Batches::new(), Lane::new(Slow(Vec::new(), gone)));
        for number in 0..MOST_BATCHES {
            let mut batch = batches.empty().await;
            batch.copy(&[u8::try_from(number).unwrap()]);
            lane.push(batch.full());
        }
        // All are in use: there is room for the next one when the lane has let go of the first.
        assert_eq!(batches.0.available_permits(), 0);
        go.send(()).unwrap();
        let mut again = batches.empty().await;
        assert_eq!(again.left(), BATCH_BYTES);
        again.copy(&[99]);
        lane.push(again.full());
        for _ in 0..MOST_BATCHES {
            go.send(()).unwrap();
        }
        assert_eq!(lane.finish().await.unwrap().0, [0, 1, 2, 3, 4, 5, 99]);
    }

    #[tokio::test]
    async fn long_frames_are_kept_as_they_came_and_short_ones_are_copied_between_them() {
        let mut batch = Batches::new().empty().await;
        let long = Bytes::from(vec![2; FRAME_BYTES]);
        batch.keep(Bytes::from_static(&[0]));
        batch.copy(&[1]);
        batch.keep(long.clone());
        batch.keep(Bytes::from_static(&[3]));
        assert_eq!(batch.left(), BATCH_BYTES - FRAME_BYTES - 3);
        let batch = batch.full();
        assert_eq!(batch.frames(), [&[0, 1][..], &long, &[3]]);
        assert_eq!(batch.frames()[1].as_ptr(), long.as_ptr());
    }

    #[tokio::test]
    async fn a_lane_that_lost_its_thread_is_a_fault_and_not_a_wait() {
        let (go, gone) = std::sync::mpsc::channel();
        drop(go);
        let (mut batch, mut lane) = (Batches::new().empty().await, Lane::new(Slow(Vec::new(), gone)));
        batch.copy(&[1]);
        lane.push(batch.full());
        assert!(lane.finish().await.is_err());
    }
}
