//! A bounded queue between callers and the threads of an engine.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::Fault;
use crate::job::Ticket;

pub(crate) struct Queue {
    bound: usize,
    state: Mutex<State>,
    arrived: Condvar,
    closing: Condvar,
}

#[derive(Default)]
struct State {
    tickets: VecDeque<Ticket>,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(bound: usize) -> Self {
        Self { bound, state: Mutex::default(), arrived: Condvar::new(), closing: Condvar::new() }
    }

    /// Queues a ticket, or refuses it at once when the queue is full or closed.
    pub(crate) fn push(&self, ticket: Ticket) -> Result<(), Fault> {
        let mut state = self.lock();
        if state.closed {
            return Err(Fault::Closed);
        }
        if state.tickets.len() >= self.bound {
            return Err(Fault::Overloaded);
        }
        state.tickets.push_back(ticket);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for the next ticket; `None` when the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<Ticket> {
        let mut state = self.lock();
        loop {
            if let Some(ticket) = next_wanted(&mut state) {
                return Some(ticket);
            }
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next ticket if one is there already.
    pub(crate) fn try_pop(&self) -> Option<Ticket> {
        next_wanted(&mut self.lock())
    }

    /// The next ticket if one arrives in time.
    pub(crate) fn pop_within(&self, patience: Duration) -> Option<Ticket> {
        let nothing = |state: &mut State| state.tickets.is_empty() && !state.closed;
        let waited = self.arrived.wait_timeout_while(self.lock(), patience, nothing);
        next_wanted(&mut waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    /// Takes out the tickets that have waited since before `latest`; the oldest stand in front.
    pub(crate) fn overdue(&self, latest: Instant) -> Vec<Ticket> {
        let mut state = self.lock();
        let mut late = Vec::new();
        while state.tickets.front().is_some_and(|ticket| ticket.queued_at() <= latest && ticket.hurries()) {
            late.extend(state.tickets.pop_front());
        }
        late
    }

    /// Whether no more tickets are taken.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Waits before another attempt, but not once the queue is closing.
    pub(crate) fn pause(&self, pause: Duration) {
        let waited = self.closing.wait_timeout_while(self.lock(), pause, |state| !state.closed);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes no more tickets; those inside are still served.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
        self.closing.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The next ticket that somebody still wants; those in front of it that nobody wants are dropped.
fn next_wanted(state: &mut State) -> Option<Ticket> {
    while let Some(ticket) = state.tickets.pop_front() {
        if !ticket.is_moot() {
            return Some(ticket);
        }
    }
    None
}
