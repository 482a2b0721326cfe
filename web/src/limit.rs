//! How often somebody may do something. One moment is kept for each, so that many are counted in little memory; the
//! clock is the caller's.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Who is counted at a time; the idle ones make room first.
const MOST_COUNTED: usize = 65_536;

/// So many times a minute, and so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How often on average.
    pub per_minute: u32,
    /// How often at once, after a pause.
    pub burst: u32,
}

/// Counts by `K`.
pub struct Limiter<K> {
    /// Between two, on average.
    interval: SignedDuration,
    /// How far ahead of the average one may be.
    lead: SignedDuration,
    /// When each would be on average again.
    level: Mutex<HashMap<K, Timestamp>>,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// Nobody has done anything yet. A rate of nothing is taken as one a minute.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        let interval = SignedDuration::from_nanos(60_000_000_000 / i64::from(rate.per_minute.max(1)));
        let ahead = i32::try_from(rate.burst.max(1) - 1).unwrap_or(i32::MAX);
        Self { interval, lead: interval * ahead, level: Mutex::default() }
    }

    /// Counts one more by `who`.
    ///
    /// # Errors
    /// How long to wait before the next may be; nothing is counted then.
    pub fn take(&self, who: &K, now: Timestamp) -> Result<(), Duration> {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let at = level.get(who).copied().unwrap_or(now).max(now);
        let ahead = at.duration_since(now);
        if ahead > self.lead {
            return Err((ahead - self.lead).unsigned_abs());
        }
        if level.len() >= MOST_COUNTED && !level.contains_key(who) {
            level.retain(|_, busy_until| *busy_until > now);
            if level.len() >= MOST_COUNTED {
                // Too many at once to tell them apart: nobody is refused for what others do.
                return Ok(());
            }
        }
        level.insert(who.clone(), at.checked_add(self.interval).unwrap_or(at));
        Ok(())
    }
}

/// Whose address it is, as far as addresses tell: of IPv6 one customer has a whole network of 64 bits.
#[must_use]
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_780_315_200, 0);

    fn later(seconds: i64) -> Timestamp {
        NOON + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_an_interval() {
        let limiter = Limiter::new(Rate { per_minute: 60, burst: 3 });
        for _ in 0..3 {
            assert_eq!(limiter.take(&"a", NOON), Ok(()));
        }
        assert_eq!(limiter.take(&"a", NOON), Err(Duration::from_secs(1)));
        // What is refused does not count against anybody.
        assert_eq!(limiter.take(&"a", NOON), Err(Duration::from_secs(1)));
        assert_eq!(limiter.take(&"b", NOON), Ok(()));
        assert_eq!(limiter.take(&"a", later(1)), Ok(()));
        assert_eq!(limiter.take(&"a", later(1)), Err(Duration::from_secs(1)));
        // A pause fills the burst again, and not more.
        for _ in 0..3 {
            assert_eq!(limiter.take(&"a", later(100)), Ok(()));
        }
        assert!(limiter.take(&"a", later(100)).is_err());
    }

    #[test]
    fn a_clock_that_is_set_back_refuses_nobody_for_long() {
        let limiter = Limiter::new(Rate { per_minute: 60, burst: 1 });
        assert_eq!(limiter.take(&"a", NOON), Ok(()));
        assert_eq!(limiter.take(&"a", later(-1)), Err(Duration::from_secs(2)));
    }

    #[test]
    fn memory_is_bounded_and_the_idle_make_room() {
        let limiter = Limiter::new(Rate { per_minute: 60, burst: 1 });
        for who in 0..MOST_COUNTED {
            assert_eq!(limiter.take(&who, NOON), Ok(()));
        }
        assert_eq!(limiter.take(&MOST_COUNTED, NOON), Ok(()));
        assert_eq!(limiter.level.lock().unwrap().len(), MOST_COUNTED);
        assert_eq!(limiter.take(&MOST_COUNTED, later(2)), Ok(()));
        assert_eq!(limiter.level.lock().unwrap().len(), 1);
    }

    #[test]
    fn addresses_of_one_customer_are_one() {
        let of = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
