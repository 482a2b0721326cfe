//! Which of several tellings of the same rows counts: the newest, and no other.

use std::collections::BTreeMap;

use crate::{Rows, Thing};

/// Within how long of each other, in microseconds, the leaves of two acts may stand in another order than the acts were kept
/// in: longer than an act waits for a lock or a statement, a few times over. Which of two such was kept last, their order says.
const MOMENTS_US: i64 = 60_000_000;

/// One telling of rows, by a leaf.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Of what.
    pub of: Rows,
    /// Its place among all tellings of the same rows; `None` of one from before there was an order.
    pub order: Option<i64>,
    /// When its act began, in microseconds.
    pub at_us: i64,
    /// How people find its leaf.
    pub place: String,
}

/// The newest telling of some rows.
#[derive(Debug, Clone)]
struct Newest {
    order: Option<i64>,
    at_us: i64,
    holds: bool,
}

/// What leaves said of rows, taken in the order of the tree, against the rows as they are.
#[derive(Debug, Clone, Default)]
pub struct Tellings {
    /// Rows that are not what the newest telling of them says, with its leaf.
    changed: BTreeMap<Rows, String>,
    /// The newest telling of whatever was told within the last moments.
    newest: BTreeMap<Rows, Newest>,
    last_us: i64,
}

impl Newest {
    /// Whether it was told after a telling whose leaf stands behind its own.
    fn is_newer_than(&self, telling: &Telling, holds: bool) -> bool {
        let is_newer = match (self.order, telling.order) {
            (Some(mine), Some(other)) => mine > other,
            // Before there was an order either of two leaves of the same moments may have been the last.
            _ => self.holds && !holds,
        };
        is_newer && telling.at_us <= self.at_us.saturating_add(MOMENTS_US)
    }
}

impl Tellings {
    /// Takes the next telling, and whether the rows are what it says. What is not is wrong only if no newer telling has it so.
    pub fn take(&mut self, telling: Telling, holds: bool) {
        self.last_us = self.last_us.max(telling.at_us);
        if self.newest.get(&telling.of).is_some_and(|newest| newest.is_newer_than(&telling, holds)) {
            return;
        }
        let Telling { of, order, at_us, place } = telling;
        match holds {
            true => drop(self.changed.remove(&of)),
            false => drop(self.changed.insert(of.clone(), place)),
        }
        self.newest.insert(of, Newest { order, at_us, holds });
    }

    /// What was said of a thing counts for nothing: it may have been said anew by a leaf that opens no more.
    pub fn forget(&mut self, thing: &Thing) {
        forget(&mut self.changed, thing);
        forget(&mut self.newest, thing);
    }

    /// Lets go of what no telling to come can be older than.
    pub fn rest(&mut self) {
        let last_us = self.last_us;
        self.newest.retain(|_, newest| newest.at_us >= last_us.saturating_sub(MOMENTS_US));
    }

    /// The first rows that are not what the newest telling says, with its leaf, once all were taken.
    #[must_use]
    pub fn wrong(&self) -> Option<(&Rows, &str)> {
        self.changed.first_key_value().map(|(of, place)| (of, place.as_str()))
    }
}

fn forget<T>(known: &mut BTreeMap<Rows, T>, thing: &Thing) {
    let of_it = known.range((thing.clone(), "")..).map(|(of, _)| of);
    let gone: Vec<Rows> = of_it.take_while(|(of, _)| of == thing).cloned().collect();
    for of in gone {
        known.remove(&of);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    /// Tellings in the order of the tree, each with its order, its second and whether the rows are so: which leaf is wrong.
    fn wrong(told: &[(Option<i64>, i64, bool)]) -> Option<usize> {
        let (mut all, of) = (Tellings::default(), (Thing { noun: "case", key: Key::Number(17) }, "casefile"));
        for (place, (order, second, holds)) in told.iter().enumerate() {
            let (at_us, place) = (second * 1_000_000, place.to_string());
            all.take(Telling { of: of.clone(), order: *order, at_us, place }, *holds);
            all.rest();
        }
        all.wrong().map(|(_, place)| place.parse().unwrap())
    }

    #[test]
    fn the_newest_telling_counts_and_no_other() {
        assert_eq!(wrong(&[(Some(1), 0, false), (Some(2), 0, true)]), None);
        assert_eq!(
            wrong(&[(Some(1), 0, true), (Some(2), 0, false)]),
            Some(1),
            "put back to the telling before"
        );
        assert_eq!(wrong(&[(Some(2), 5, true), (Some(1), 0, false)]), None, "the older leaf stands behind");
        assert_eq!(wrong(&[(Some(2), 0, false), (Some(1), 0, true)]), Some(0));
        assert_eq!(wrong(&[(Some(1), 0, false), (Some(3), 0, true), (Some(2), 1, false)]), None);
        assert_eq!(wrong(&[(Some(4), 0, false), (Some(4), 0, true)]), None, "two leaves of one act");
    }

    #[test]
    fn long_after_the_order_of_the_tree_counts_whatever_was_counted() {
        assert_eq!(
            wrong(&[(Some(9), 0, false), (Some(1), 61, true)]),
            None,
            "a database that was moved counts anew"
        );
        assert_eq!(wrong(&[(Some(9), 0, true), (Some(1), 61, false)]), Some(1));
    }

    #[test]
    fn before_there_was_an_order_either_of_the_same_moments_counts() {
        assert_eq!(wrong(&[(None, 0, true), (None, 5, false)]), None);
        assert_eq!(wrong(&[(None, 0, true), (None, 61, false)]), Some(1));
        assert_eq!(wrong(&[(None, 0, false), (Some(1), 60, true)]), None);
    }
}
