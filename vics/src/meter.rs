//! A reader that gives no more than it may between two records.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// The most bytes of one record, or of what stands between two.
pub(crate) const MOST_RECORD_BYTES: u64 = 4 << 20;

/// What is left until the next record.
#[derive(Clone)]
pub(crate) struct Allowance(Rc<Cell<u64>>);

impl Allowance {
    pub(crate) fn new() -> Self {
        Self(Rc::new(Cell::new(MOST_RECORD_BYTES)))
    }

    /// A record was taken: as much again may come.
    pub(crate) fn renew(&self) {
        self.0.set(MOST_RECORD_BYTES);
    }
}

/// Counts what passes.
pub(crate) struct Meter<R> {
    pub from: R,
    pub allowance: Allowance,
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.allowance.0.get();
        if left == 0 {
            return Err(io::Error::other(format!("more than {MOST_RECORD_BYTES} bytes without a record")));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let read = self.from.read(&mut into[..most])?;
        self.allowance.0.set(left - read as u64);
        Ok(read)
    }
}
