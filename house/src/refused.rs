//! Refused attempts, in the ledger (R-76a). Somebody who is known leaves a leaf for each, a stranger too, as long as there
//! are few in one minute. More than that are counted, and one leaf a minute says how many there were of which kind: so
//! nobody can fill the ledger by being refused, and nothing is passed over in silence.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Actor, Purpose};
use serde_json::json;

use crate::{Event, EventKind, House, Result};

/// Leaves of their own that refusals of one actor get in one minute.
pub const MOST_OF_ONE: u32 = 30;
/// The same for all strangers together.
pub const MOST_OF_STRANGERS: u32 = 60;
/// Actors that are told apart in one minute; the refusals of more are counted.
const MOST_ACTORS: usize = 10_000;
const SECONDS_OF_MINUTE: i64 = 60;

/// Something that was asked for and not given.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// [`EventKind::AccessRefused`] or [`EventKind::SignInRefused`].
    pub kind: EventKind,
    /// The stable code of the refusal.
    pub code: String,
    /// What was asked for, by the name of its route and the ids in it; never a secret.
    pub object: String,
    /// The rule that refused, where one did.
    pub rule: Option<String>,
}

/// What refusals are counted by: their kind, their surface, their code.
type Counts = BTreeMap<(&'static str, String, String), u64>;

/// What this process has counted in the current minute.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    strangers: u32,
    known: HashMap<String, u32>,
    counted: Counts,
}

impl Tally {
    fn lock(&self) -> MutexGuard<'_, Minute> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one refusal. Answers whether it gets a leaf of its own, and what of an earlier minute is to be told now.
    fn take(&self, number: i64, actor: Option<&str>, key: (&'static str, String, String)) -> (bool, Counts) {
        let mut minute = self.lock();
        let mut due = Counts::new();
        if minute.number != number {
            due = std::mem::take(&mut minute.counted);
            *minute = Minute { number, ..Minute::default() };
        }
        let fits = match actor {
            None => {
                minute.strangers = minute.strangers.saturating_add(1);
                minute.strangers <= MOST_OF_STRANGERS
            }
            Some(actor) if minute.known.len() < MOST_ACTORS || minute.known.contains_key(actor) => {
                let count = minute.known.entry(actor.to_owned()).or_default();
                *count = count.saturating_add(1);
                *count <= MOST_OF_ONE
            }
            Some(_) => false,
        };
        if !fits {
            *minute.counted.entry(key).or_default() += 1;
        }
        (fits, due)
    }

    fn drain(&self) -> Counts {
        std::mem::take(&mut self.lock().counted)
    }

    /// What could not be told is told later.
    fn put_back(&self, counts: Counts) {
        let mut minute = self.lock();
        for (key, count) in counts {
            *minute.counted.entry(key).or_default() += count;
        }
    }
}

impl House {
    /// Records that somebody was refused, by whoever is known to stand here.
    ///
    /// # Errors
    /// A fault of the database; what was counted is kept for later then.
    pub async fn refused(&self, attempt: Attempt) -> Result<()> {
        let (here, tally) = (self.here(), &self.inner().tally);
        let actor = here.known().map_or(Actor::Stranger, |known| known.actor.clone());
        let number = self.now().as_second().div_euclid(SECONDS_OF_MINUTE);
        let key = (attempt.kind.as_str(), here.surface().to_owned(), attempt.code.clone());
        let name = (actor != Actor::Stranger).then(|| actor.text());
        let (own, due) = tally.take(number, name.as_deref(), key);
        if !own && due.is_empty() {
            return Ok(());
        }
        let told = due.clone();
        let noted = self.act(actor, Purpose::Access, "refused", move |act| {
            if !told.is_empty() {
                act.note(counted(&told))?;
            }
            if own {
                let Attempt { kind, code, object, rule } = attempt.clone();
                let details = rule.map_or(serde_json::Value::Null, |rule| json!({ "rule": rule }));
                act.note(Event::of_house(kind).to(object).refused(code).with(details))?;
            }
            Ok(())
        });
        noted.await.inspect_err(|_| tally.put_back(due))
    }

    /// Tells the ledger what was only counted so far; a worker does so now and then, and a process that ends.
    ///
    /// # Errors
    /// A fault of the database; the counts are kept for later then.
    pub async fn tell_refusals(&self) -> Result<()> {
        let due = self.inner().tally.drain();
        if due.is_empty() {
            return Ok(());
        }
        let told = due.clone();
        let noted =
            self.act(Actor::House, Purpose::Access, "tell_refusals", move |act| act.note(counted(&told)));
        noted.await.map(drop).inspect_err(|_| self.inner().tally.put_back(due))
    }
}

fn counted(counts: &Counts) -> Event {
    let counts: Vec<_> = counts
        .iter()
        .map(|((kind, surface, code), count)| json!({ "kind": kind, "surface": surface, "code": code, "count": count }))
        .collect();
    Event::of_house(EventKind::RefusalsCounted).refused("many").with(json!({ "counts": counts }))
}
