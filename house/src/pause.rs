//! How long whatever failed waits before it is tried again: twice as long each time, up to a bound.

use jiff::SignedDuration;

/// The pause after the `attempt`-th failure in a row.
#[must_use]
pub fn doubling(attempt: u32, first: SignedDuration, longest: SignedDuration) -> SignedDuration {
    let doubled = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|factor| *factor > 0);
    let pause = doubled.and_then(|factor| first.checked_mul(factor));
    pause.map_or(longest, |pause| pause.min(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_its_bound_and_never_beyond() {
        let pause = |attempt| {
            doubling(attempt, SignedDuration::from_secs(1), SignedDuration::from_mins(10)).as_secs()
        };
        assert_eq!([1, 2, 3, 10, 11, 12, 40, u32::MAX].map(pause), [1, 2, 4, 512, 600, 600, 600, 600]);
    }
}
