//! How long answers took: counts in buckets, so that a long run needs no more memory than a short one.

use std::time::Duration;

/// Each bucket is about 4% wider than the one before; the last one begins at several minutes.
const BUCKETS: usize = 512;
const GROWTH: f64 = 1.04;

/// A distribution of durations.
#[derive(Debug, Clone, PartialEq)]
pub struct Latency {
    counts: Vec<u64>,
    max: Duration,
}

impl Default for Latency {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], max: Duration::ZERO }
    }
}

impl Latency {
    /// Counts one.
    pub fn add(&mut self, took: Duration) {
        self.max = self.max.max(took);
        self.counts[bucket(took)] += 1;
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The duration that `percent` of all stay within, to 4%; zero when none was counted.
    #[must_use]
    pub fn percentile(&self, percent: f64) -> Duration {
        let count = self.count();
        let mut below = 0;
        for (number, counted) in self.counts.iter().enumerate() {
            below += counted;
            if below > 0 && below as f64 >= count as f64 * percent / 100.0 {
                return upper(number).min(self.max);
            }
        }
        self.max
    }

    /// Half of all stay within it.
    #[must_use]
    pub fn p50(&self) -> Duration {
        self.percentile(50.0)
    }

    /// Nine in ten stay within it.
    #[must_use]
    pub fn p90(&self) -> Duration {
        self.percentile(90.0)
    }

    /// All but one in a hundred stay within it.
    #[must_use]
    pub fn p99(&self) -> Duration {
        self.percentile(99.0)
    }

    /// The longest of all, exact.
    #[must_use]
    pub const fn max(&self) -> Duration {
        self.max
    }
}

fn bucket(took: Duration) -> usize {
    (0..BUCKETS - 1).find(|number| took <= upper(*number)).unwrap_or(BUCKETS - 1)
}

/// The longest duration of a bucket; the first ends at a microsecond.
fn upper(number: usize) -> Duration {
    let exponent = i32::try_from(number).unwrap_or(i32::MAX);
    Duration::from_secs_f64(1e-6 * GROWTH.powi(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_right_to_four_percent_and_the_longest_is_exact() {
        let mut latency = Latency::default();
        (1..=1_000).for_each(|ms| latency.add(Duration::from_millis(ms)));
        let near = |found: Duration, ms: f64| (found.as_secs_f64() * 1_000.0 / ms - 1.0).abs() < 0.05;
        assert!(
            near(latency.p50(), 500.0) && near(latency.p90(), 900.0) && near(latency.p99(), 990.0),
            "{latency:?}"
        );
        assert_eq!((latency.max(), latency.count()), (Duration::from_secs(1), 1_000));
        assert_eq!(Latency::default().p99(), Duration::ZERO);
    }
}
