//! The answer of a transaction that may still be waiting for its turn.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::Fault;

/// The answer to come: a future for callers that await, [`Pending::wait`] for callers that have a thread to spare.
///
/// Dropping it gives up the answer. A read that has not begun is then left out; a write still happens.
#[must_use = "the answer of a transaction says whether it was kept"]
pub struct Pending<T, E>(State<T, E>);

enum State<T, E> {
    /// Nobody has polled yet.
    Queued(oneshot::Receiver<Result<T, E>>),
    Polled(oneshot::AsyncReceiver<Result<T, E>>),
    Refused(E),
    Spent,
}

// Nothing inside is ever pinned in place.
impl<T, E> Unpin for Pending<T, E> {}

impl<T, E: From<Fault>> Pending<T, E> {
    pub(crate) fn queued(receiver: oneshot::Receiver<Result<T, E>>) -> Self {
        Self(State::Queued(receiver))
    }

    pub(crate) fn refused(fault: Fault) -> Self {
        Self(State::Refused(E::from(fault)))
    }

    /// Blocks this thread until the answer is there. Not for threads of an async runtime, nor for one that has
    /// already polled it.
    pub fn wait(self) -> Result<T, E> {
        match self.0 {
            State::Queued(receiver) => receiver.recv().unwrap_or_else(|_| Err(Fault::Closed.into())),
            State::Refused(refusal) => Err(refusal),
            State::Polled(_) | State::Spent => Err(Fault::Closed.into()),
        }
    }
}

impl<T, E: From<Fault>> Future for Pending<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut receiver = match std::mem::replace(&mut self.0, State::Spent) {
            State::Queued(receiver) => receiver.into_future(),
            State::Polled(receiver) => receiver,
            State::Refused(refusal) => return Poll::Ready(Err(refusal)),
            State::Spent => return Poll::Ready(Err(Fault::Closed.into())),
        };
        match Pin::new(&mut receiver).poll(context) {
            Poll::Ready(answer) => Poll::Ready(answer.unwrap_or_else(|_| Err(Fault::Closed.into()))),
            Poll::Pending => {
                self.0 = State::Polled(receiver);
                Poll::Pending
            }
        }
    }
}
