//! What was asked and answered, newest last, in memory only and bounded. It ends with the process.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// Requests that are remembered for each sender, and for those who are none.
pub(super) const MOST_KEPT: usize = 1_000;

/// One request with its verdict.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// Its place in the order in which requests were answered, over all senders.
    pub number: u64,
    /// When it came, by the clock of the sender's house.
    pub at: Option<Timestamp>,
    /// Whose it was; `None` for an unknown user name or none.
    pub sender: Option<&'static str>,
    /// The user name that was sent.
    pub username: Option<String>,
    pub method: String,
    pub path: String,
    pub media_type: Option<String>,
    pub body_bytes: u64,
    /// The beginning of the body, without anything of a file.
    pub body: String,
    pub status: Option<u16>,
    /// The documented code.
    pub code: Option<u32>,
    /// The standard text.
    pub says: Option<String>,
    /// The plain sentence.
    pub help: Option<String>,
    /// Line and column of the first complaint.
    pub line: Option<u32>,
    pub column: Option<u32>,
    /// The report that the answer names.
    pub report: Option<u64>,
    pub request_id: Option<String>,
    #[serde(rename = "durationMs", serialize_with = "milliseconds")]
    pub took: Duration,
    /// Faults that it was answered with on purpose.
    pub faults: Vec<String>,
    /// What became of the answer, when the client did not get one.
    pub unanswered: Option<&'static str>,
    /// The answer's document.
    pub answer: String,
}

fn milliseconds<S: Serializer>(took: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
}

/// The entries of every sender.
pub(super) struct Journal(Mutex<Books>);

struct Books {
    last: u64,
    /// One for each sender, the last one for those who are none.
    rings: Vec<Ring>,
}

#[derive(Default)]
struct Ring {
    generation: u64,
    entries: VecDeque<Arc<Entry>>,
}

impl Journal {
    /// An empty journal for so many senders.
    pub fn new(senders: usize) -> Self {
        let rings = (0..=senders).map(|_| Ring::default()).collect();
        Self(Mutex::new(Books { last: 0, rings }))
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ring of a sender, or the one of nobody.
    fn at(books: &mut Books, sender: Option<usize>) -> Option<&mut Ring> {
        let nobody = books.rings.len() - 1;
        books.rings.get_mut(sender.unwrap_or(nobody))
    }

    /// Which reset a request belongs to that begins now.
    pub fn generation(&self, sender: Option<usize>) -> u64 {
        Self::at(&mut self.books(), sender).map_or(0, |ring| ring.generation)
    }

    /// Remembers an entry, unless its sender was reset since; the oldest over the bound goes.
    pub fn record(&self, sender: Option<usize>, generation: u64, mut entry: Entry) {
        let mut books = self.books();
        entry.number = books.last + 1;
        let Some(ring) = Self::at(&mut books, sender).filter(|ring| ring.generation == generation) else {
            return;
        };
        if ring.entries.len() == MOST_KEPT {
            ring.entries.pop_front();
        }
        ring.entries.push_back(Arc::new(entry));
        books.last += 1;
    }

    /// Forgets everything of a sender, and what is still on its way.
    pub fn clear(&self, sender: usize) {
        if let Some(ring) = Self::at(&mut self.books(), Some(sender)) {
            ring.generation += 1;
            ring.entries.clear();
        }
    }

    /// The entries after a number, oldest first, of one sender or of all.
    pub fn after(&self, number: u64, sender: Option<usize>, most: usize) -> Vec<Arc<Entry>> {
        let mut found = self.of(sender, number);
        found.truncate(most);
        found
    }

    /// The last entries, newest first.
    pub fn latest(&self, sender: Option<usize>, most: usize) -> Vec<Arc<Entry>> {
        let mut found = self.of(sender, 0);
        found.reverse();
        found.truncate(most);
        found
    }

    /// One entry.
    pub fn find(&self, number: u64) -> Option<Arc<Entry>> {
        self.of(None, number.checked_sub(1)?).into_iter().next().filter(|entry| entry.number == number)
    }

    fn of(&self, sender: Option<usize>, after: u64) -> Vec<Arc<Entry>> {
        let books = self.books();
        let rings = books.rings.iter().enumerate().filter(|(at, _)| sender.is_none_or(|one| one == *at));
        let mut found: Vec<Arc<Entry>> = rings
            .flat_map(|(_, ring)| ring.entries.iter().filter(|entry| entry.number > after).cloned())
            .collect();
        found.sort_unstable_by_key(|entry| entry.number);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_has_its_last_thousand_and_none_of_another() {
        let journal = Journal::new(2);
        for _ in 0..MOST_KEPT + 5 {
            journal.record(Some(0), 0, Entry::default());
        }
        journal.record(Some(1), 0, Entry::default());
        journal.record(None, 0, Entry::default());
        let own = journal.after(0, Some(0), usize::MAX);
        assert_eq!((own.len(), own[0].number), (MOST_KEPT, 6));
        assert_eq!(journal.after(MOST_KEPT as u64 + 5, None, 10).len(), 2);
        assert_eq!(journal.latest(None, 1)[0].number, MOST_KEPT as u64 + 7);
        assert!(journal.find(5).is_none() && journal.find(6).is_some());
    }

    #[test]
    fn what_was_under_way_at_a_reset_is_not_remembered() {
        let journal = Journal::new(2);
        let before = journal.generation(Some(0));
        journal.record(Some(1), journal.generation(Some(1)), Entry::default());
        journal.clear(0);
        journal.record(Some(0), before, Entry::default());
        assert!(journal.after(0, Some(0), 10).is_empty());
        journal.record(Some(0), journal.generation(Some(0)), Entry::default());
        assert_eq!(journal.after(0, None, 10).len(), 2);
    }
}
