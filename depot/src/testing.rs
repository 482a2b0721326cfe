//! A disk for tests: real files, with flushes that are counted, held up or refused, and room that runs out.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use crate::{Chance, Disk, DiskFile, SystemDisk};

const HELD: &str = "nothing panics while it holds this lock";

/// Chance that counts: names are different, and the same in every run.
#[must_use]
pub fn counted() -> Chance {
    let count = AtomicU64::new(0);
    Arc::new(move || Ok(u128::from(count.fetch_add(1, Ordering::SeqCst)).to_be_bytes()))
}

/// The disk of one test; clones are the same disk.
#[derive(Clone, Default)]
pub struct TrialDisk {
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    flushes: AtomicUsize,
    refuses_flush: AtomicBool,
    refuses_one: AtomicBool,
    /// Bytes that still fit; counted only while it is limited.
    room: AtomicI64,
    limited: AtomicBool,
    held: Mutex<bool>,
    released: Condvar,
}

impl TrialDisk {
    /// Flushes of files so far.
    pub fn flushes(&self) -> usize {
        self.state.flushes.load(Ordering::SeqCst)
    }

    /// Lets only so many bytes fit from now on.
    pub fn limit(&self, bytes: i64) {
        self.state.room.store(bytes, Ordering::SeqCst);
        self.state.limited.store(true, Ordering::SeqCst);
    }

    /// Somebody cleared the disk.
    pub fn clear(&self) {
        self.state.limited.store(false, Ordering::SeqCst);
    }

    /// Whether the next flushes fail.
    pub fn refuse_flushes(&self, refuse: bool) {
        self.state.refuses_flush.store(refuse, Ordering::SeqCst);
    }

    /// Fails one flush, the next.
    pub fn refuse_one_flush(&self) {
        self.state.refuses_one.store(true, Ordering::SeqCst);
    }

    /// Holds every flush up, or lets them go on.
    pub fn hold(&self, hold: bool) {
        *self.state.held.lock().expect(HELD) = hold;
        self.state.released.notify_all();
    }
}

impl Disk for TrialDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(TrialFile { file: SystemDisk.create(path)?, state: Arc::clone(&self.state) }))
    }

    fn publish(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.publish(from, to)
    }

    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        SystemDisk.flush_folder(folder)
    }
}

struct TrialFile {
    file: Box<dyn DiskFile>,
    state: Arc<State>,
}

impl DiskFile for TrialFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.state.limited.load(Ordering::SeqCst) {
            return self.file.append(bytes);
        }
        let wanted = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let room = self.state.room.fetch_sub(wanted, Ordering::SeqCst);
        if room >= wanted {
            return self.file.append(bytes);
        }
        // What fits is written, as a real disk does.
        self.file.append(&bytes[..usize::try_from(room.max(0)).unwrap_or_default()])?;
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.state.flushes.fetch_add(1, Ordering::SeqCst);
        let held = self.state.held.lock().expect(HELD);
        drop(self.state.released.wait_while(held, |held| *held).expect(HELD));
        let refused_once = self.state.refuses_one.swap(false, Ordering::SeqCst);
        if refused_once || self.state.refuses_flush.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk did not flush"));
        }
        self.file.flush()
    }

    fn twin(&self) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(Self { file: self.file.twin()?, state: Arc::clone(&self.state) }))
    }

    fn let_go(&self) {
        self.file.let_go();
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.cut(length)
    }
}
