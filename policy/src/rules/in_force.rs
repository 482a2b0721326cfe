//! Which rules this process decides by. One process is one house: whoever decides here decides by the same set, until two
//! people put another one in force.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use super::{RuleSet, RuleSetId, embedded, set};

/// Sets that were once in force stay: the reasons in permits point to them. Each took two people, so they are few.
struct InForce {
    now: Option<&'static RuleSet>,
    known: Vec<&'static RuleSet>,
}

static IN_FORCE: RwLock<InForce> = RwLock::new(InForce { now: None, known: Vec::new() });

/// The most sets that one process has in force, one after the other, before it wants to be started anew.
const MOST_KNOWN: usize = 1_000;

impl RuleSet {
    /// The rules by which this process decides: those that were put in force, or else the shipped ones.
    #[must_use]
    pub fn in_force() -> &'static Self {
        now().unwrap_or_else(Self::embedded)
    }

    /// The name of the rules in force, without reading them: every leaf of the ledger says it.
    #[must_use]
    pub fn id_in_force() -> &'static RuleSetId {
        static EMBEDDED: LazyLock<RuleSetId> = LazyLock::new(|| {
            let facts = set::facts(embedded::FILES).expect("the shipped set says from when on it counts");
            RuleSetId::of(embedded::FILES, facts.map(|facts| facts.effective_from))
        });
        now().map_or_else(|| &*EMBEDDED, Self::id)
    }

    /// Lets every decision from now on be made by these rules. False, and nothing changed, when this process has had too many.
    #[must_use]
    pub fn put_in_force(rules: Arc<Self>) -> bool {
        let mut held = IN_FORCE.write().unwrap_or_else(PoisonError::into_inner);
        let known = held.known.iter().find(|known| known.id == rules.id).copied();
        if known.is_none() && held.known.len() >= MOST_KNOWN {
            return false;
        }
        let next = known.unwrap_or_else(|| {
            let next = &**Box::leak(Box::new(rules));
            held.known.push(next);
            next
        });
        held.now = Some(next);
        true
    }
}

fn now() -> Option<&'static RuleSet> {
    IN_FORCE.read().unwrap_or_else(PoisonError::into_inner).now
}
