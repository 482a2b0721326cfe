//! Counts people without knowing them: by a keyed digest of their network, whose key is replaced every ten minutes and
//! stands nowhere but in memory. With the key goes whatever was counted by it, so that nobody can be found in it later.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use seal::{IndexKey, Random};

use crate::limit::{Limiter, Rate, network_of};

/// How long a key lives.
const KEY_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// A crowd that is slowed network by network.
pub struct Crowd {
    rate: Rate,
    random: Arc<dyn Random>,
    turn: Mutex<Option<Turn>>,
}

/// What is known within ten minutes.
struct Turn {
    since: Timestamp,
    key: IndexKey,
    limiter: Limiter<[u8; 32]>,
}

impl Crowd {
    /// A crowd of nobody yet, each network of which may do something so often.
    #[must_use]
    pub fn new(rate: Rate, random: Arc<dyn Random>) -> Self {
        Self { rate, random, turn: Mutex::new(None) }
    }

    /// Counts one more from an address.
    ///
    /// # Errors
    /// How long to wait before the next may be; nothing is counted then.
    pub fn take(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let age = turn.as_ref().map(|turn| now.duration_since(turn.since));
        if age.is_none_or(|age| age >= KEY_LIFE || age.is_negative()) {
            *turn = self.next(now);
        }
        // Without chance nobody can be counted unknown; then nobody is counted, and the house says elsewhere that it fails.
        let Some(turn) = turn.as_ref() else { return Ok(()) };
        let network = network_of(address).to_string();
        turn.limiter.take(&seal::digest::keyed(&turn.key, network.as_bytes()), now)
    }

    fn next(&self, now: Timestamp) -> Option<Turn> {
        let key = IndexKey::from_bytes(seal::random::bytes(&*self.random).ok()?);
        Some(Turn { since: now, key, limiter: Limiter::new(self.rate) })
    }
}

#[cfg(test)]
mod tests {
    use seal::SeededRandom;

    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_780_315_200, 0);

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_is_slowed_and_forgotten_with_its_key() {
        let crowd = Crowd::new(Rate { per_minute: 1, burst: 2 }, Arc::new(SeededRandom::from_seed(7)));
        for _ in 0..2 {
            assert_eq!(crowd.take(address("203.0.113.7"), NOON), Ok(()));
        }
        assert!(crowd.take(address("203.0.113.7"), NOON).is_err());
        assert_eq!(crowd.take(address("203.0.113.8"), NOON), Ok(()), "others go on");
        let first = crowd.turn.lock().unwrap().as_ref().map(|turn| turn.since);
        let later = NOON + KEY_LIFE;
        assert_eq!(crowd.take(address("203.0.113.7"), later), Ok(()));
        assert_ne!(crowd.turn.lock().unwrap().as_ref().map(|turn| turn.since), first, "the key was replaced");
        // A clock that is set back makes a new key too, rather than one that never ends.
        assert_eq!(crowd.take(address("203.0.113.7"), NOON), Ok(()));
        assert_eq!(crowd.turn.lock().unwrap().as_ref().map(|turn| turn.since), Some(NOON));
    }
}
