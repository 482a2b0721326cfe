//! A closure that may be handed to the database more than once, one time after the other.

use std::sync::{Arc, Mutex, PoisonError};

pub(crate) struct Again<F>(Arc<Mutex<F>>);

impl<F> Again<F> {
    pub(crate) fn new(work: F) -> Self {
        Self(Arc::new(Mutex::new(work)))
    }

    /// Lends the closure.
    pub(crate) fn run<T>(&mut self, call: impl FnOnce(&mut F) -> T) -> T {
        call(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<F> Clone for Again<F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
