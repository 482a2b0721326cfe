//! Chance that repeats: what is drawn depends on seed, topic and number, and on nothing that was drawn before.

/// One short stream of draws.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

/// The step of the counter: an odd number without pattern, so that the counter visits every value.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Chance {
    /// The stream for a topic and a number. Two topics never share draws, so a new topic changes no old one.
    pub(crate) fn of(seed: u64, topic: &str, number: u64) -> Self {
        let topic = topic.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(mix(mix(seed.wrapping_add(STEP)) ^ topic).wrapping_add(mix(number ^ topic)))
    }

    /// The next 64 bits.
    pub(crate) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number from 0 up to, not including, `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A position in a list of that length.
    pub(crate) fn position(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// True in `share` of a million cases.
    pub(crate) fn ppm(&mut self, share: u64) -> bool {
        self.below(1_000_000) < share
    }

    /// True in `share` of a hundred cases.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.ppm(share * 10_000)
    }

    /// One of a list, each as likely as any other.
    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.position(list.len())]
    }

    /// One of a list, each as likely as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, list: &[(u64, T)]) -> T {
        let mut rest = self.below(list.iter().map(|(weight, _)| weight).sum());
        for (weight, one) in list {
            match rest.checked_sub(*weight) {
                Some(less) => rest = less,
                None => return *one,
            }
        }
        // INVARIANT: a draw below the sum of the weights ends inside the list; callers' lists are never empty.
        list[list.len() - 1].1
    }
}

/// Spreads every bit of a number over all bits of another: the finaliser of the well-known SplitMix64 generator.
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_draws_the_same_and_its_neighbour_draws_otherwise() {
        let draw = |seed, topic, number| Chance::of(seed, topic, number).bits();
        assert_eq!(draw(7, "a", 1), draw(7, "a", 1));
        assert_ne!(draw(7, "a", 1), draw(7, "a", 2));
        assert_ne!(draw(7, "a", 1), draw(7, "b", 1));
        assert_ne!(draw(7, "a", 1), draw(8, "a", 1));
    }

    #[test]
    fn weights_are_kept() {
        let mut counts = [0; 3];
        for number in 0..10_000 {
            counts[Chance::of(1, "weights", number).weighted(&[(1, 0), (0, 1), (3, 2)])] += 1;
        }
        assert!((2_300..2_700).contains(&counts[0]) && counts[1] == 0, "{counts:?}");
    }
}
