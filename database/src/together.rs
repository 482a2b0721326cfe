//! Reads that ask the same thing at the same time. Whoever asks while an equal question still waits for a connection is
//! answered with it: the answer is of a moment after both asked.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::Fault;
use crate::job::Caller;

/// Questions that wait, at which those that nobody waits for any more are forgotten.
const MANY: usize = 1_024;

type Question = (&'static str, String);

/// The questions that wait for a connection.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<HashMap<Question, Weak<dyn Any + Send + Sync>>>);

/// Who is answered together with whoever asked first. It lives with the work that answers, so that nobody waits for work
/// that was left out; where that work hangs, they are given up with whoever asked first.
pub(crate) struct Round<T, E>(Mutex<Option<Joined<T, E>>>);

/// Those who wait for the answer.
type Joined<T, E> = Vec<oneshot::Sender<Result<T, E>>>;

/// How a question was taken up.
pub(crate) enum Asked<T, E> {
    /// It is asked already: here comes the answer.
    Joined(oneshot::Receiver<Result<T, E>>),
    /// It is to be asked.
    First(Arc<Round<T, E>>),
}

impl Waiting {
    /// Joins an equal question that still waits, or is the first.
    pub(crate) fn ask<T: Send + 'static, E: Send + 'static>(&self, question: Question) -> Asked<T, E> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = waiting.get(&question).and_then(Weak::upgrade);
        if let Some(round) = known.and_then(|round| round.downcast::<Round<T, E>>().ok())
            && let Some(receiver) = round.join()
        {
            return Asked::Joined(receiver);
        }
        if waiting.len() >= MANY {
            waiting.retain(|_, round| round.strong_count() > 0);
        }
        let round = Arc::new(Round(Mutex::new(Some(Vec::new()))));
        let known: Arc<dyn Any + Send + Sync> = Arc::clone(&round) as _;
        waiting.insert(question, Arc::downgrade(&known));
        Asked::First(round)
    }

    /// Says that the question waits no more: whoever asks from now on asks anew.
    pub(crate) fn begun(&self, question: &Question) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(question);
    }
}

impl<T, E> Round<T, E> {
    /// Joins it; `None` once it was given up, however long its work still hangs.
    fn join(&self) -> Option<oneshot::Receiver<Result<T, E>>> {
        let (sender, receiver) = oneshot::channel();
        self.lock().as_mut()?.push(sender);
        Some(receiver)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Joined<T, E>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone, E> Round<T, E> {
    /// Answers everybody who joined. Of a failure they hear that there is no answer.
    pub(crate) fn answer(&self, answer: &T) {
        let joined = self.lock().as_mut().map(std::mem::take).unwrap_or_default();
        for sender in joined {
            if sender.send(Ok(answer.clone())).is_err() {
                tracing::debug!("whoever joined a question has left");
            }
        }
    }
}

impl<T: Send, E: Send> Caller for Round<T, E> {
    /// They hear that there is no answer to share: the thread that hangs holds the round, so that its end cannot tell them.
    fn give_up(&self, _: Fault) {
        self.lock().take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_before_it_has_begun_joins_and_whoever_asks_later_does_not() {
        let (waiting, question) = (Waiting::default(), ("who", "a".to_owned()));
        let ask = |about: &str| waiting.ask::<u8, ()>(("who", about.to_owned()));
        let Asked::First(round) = ask("a") else { panic!("nobody asked before") };
        let Asked::Joined(joined) = ask("a") else { panic!("it waits") };
        assert!(matches!(ask("b"), Asked::First(_)), "something else");
        waiting.begun(&question);
        assert!(matches!(ask("a"), Asked::First(_)), "it has begun");
        round.answer(&7);
        assert_eq!(joined.recv(), Ok(Ok(7)));
    }

    #[test]
    fn nobody_waits_for_a_question_that_was_given_up() {
        let waiting = Waiting::default();
        let ask = || waiting.ask::<u8, ()>(("who", String::new()));
        let Asked::First(round) = ask() else { panic!("nobody asked before") };
        let Asked::Joined(joined) = ask() else { panic!("it waits") };
        drop(round);
        assert!(joined.recv().is_err());
        assert!(matches!(ask(), Asked::First(_)));
    }

    #[test]
    fn nobody_waits_for_nor_joins_work_that_hangs_once_its_caller_was_given_up() {
        let waiting = Waiting::default();
        let ask = || waiting.ask::<u8, ()>(("who", String::new()));
        let Asked::First(hangs) = ask() else { panic!("nobody asked before") };
        let Asked::Joined(joined) = ask() else { panic!("it waits") };
        hangs.give_up(Fault::Closed);
        assert!(joined.recv().is_err());
        let Asked::First(_anew) = ask() else { panic!("it was given up") };
        hangs.answer(&7);
        assert!(matches!(ask(), Asked::Joined(_)), "what hung says nothing to those who came later");
    }
}
