//! How often what occurs: the published statistics, and a denser mix for demonstrations.

use std::fmt;
use std::str::FromStr;

use crate::chance::Chance;

/// Which mix of reports a plan makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Shares {
    /// The years 2024 and 2025: more enticement, marks for artificial intelligence, batched reports.
    #[default]
    Recent,
    /// The published table of 2022: 99.5% one type, nine in ten reports from abroad.
    National2022,
    /// Enriched, not realistic: at true shares 500 reports would hold nearly nothing but one type from abroad. Here
    /// they hold every incident type, every priority, every area of the states with several task forces, most of the
    /// 61 task forces, territories, federal matters and two dozen countries.
    Demo,
    /// As `Recent`, but each report has exactly one file of 100,000 bytes: the unit of the `intake` benchmark.
    Bench,
}

/// A word that names no mix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown shares, use recent, national-2022, demo or bench")]
pub struct UnknownShares;

impl Shares {
    /// Every mix.
    pub const ALL: [Self; 4] = [Self::Recent, Self::National2022, Self::Demo, Self::Bench];

    /// The word for command lines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::National2022 => "national-2022",
            Self::Demo => "demo",
            Self::Bench => "bench",
        }
    }
}

impl FromStr for Shares {
    type Err = UnknownShares;
    fn from_str(word: &str) -> Result<Self, UnknownShares> {
        Self::ALL.into_iter().find(|shares| shares.as_str() == word).ok_or(UnknownShares)
    }
}

impl fmt::Display for Shares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Key of an incident type with its share in a million.
type Types = &'static [(u64, &'static str)];

/// The counts of 2022 (law-enforcement-exchange 7.1): of 32,059,029.
const TYPES_2022: Types = &[
    (31_901_234, "csam"),
    (80_524, "enticement"),
    (35_624, "obscene-to-child"),
    (18_336, "trafficking"),
    (12_906, "molestation"),
    (7_517, "misleading-words"),
    (1_948, "misleading-domain"),
    (940, "sex-tourism"),
];

/// Profile "recent" of the same section; what it does not name keeps its share of 2022.
const TYPES_RECENT: Types = &[
    (942_170, "csam"),
    (50_000, "enticement"),
    (6_000, "trafficking"),
    (1_110, "obscene-to-child"),
    (400, "molestation"),
    (230, "misleading-words"),
    (60, "misleading-domain"),
    (30, "sex-tourism"),
];

const TYPES_DEMO: Types = &[
    (52, "csam"),
    (20, "enticement"),
    (6, "trafficking"),
    (6, "obscene-to-child"),
    (5, "molestation"),
    (5, "misleading-words"),
    (3, "misleading-domain"),
    (3, "sex-tourism"),
];

/// Sender concentration of 2024 in hundredths of a percent (7.3); the last entry is all the others.
const SENDERS: [u64; 14] = [4220, 1630, 910, 670, 580, 580, 340, 270, 160, 120, 50, 40, 15, 420];

/// The rates of one mix, in a million unless said otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates {
    pub types: Types,
    /// Nothing in the report says a country.
    pub no_place: u64,
    /// Of those with a place: in the United States.
    pub in_us: u64,
    /// Of those in the United States: state not known.
    pub us_without_state: u64,
    /// Of those with a state: county not known.
    pub without_county: u64,
    pub urgent: u64,
    /// Little or nothing to act on: memes, batches, marks, or too thin.
    pub informational: u64,
    /// Several reported users in one report.
    pub batched: u64,
    /// Marked as made by artificial intelligence.
    pub generative: u64,
    pub sadistic: u64,
    pub sextortion: u64,
    /// Of all reports: about one of a few people who are reported again and again.
    pub prolific: u64,
    /// Of all reports: about one of a group of people reported around the same time.
    pub recurring: u64,
    pub victim_known: u64,
    pub law_enforcement: u64,
}

impl Shares {
    pub(crate) const fn rates(self) -> Rates {
        match self {
            Self::Recent | Self::Bench => RECENT,
            Self::National2022 => NATIONAL_2022,
            Self::Demo => DEMO,
        }
    }
}

/// Law-enforcement-exchange 7.1 and 7.2, the newest year of each row.
const RECENT: Rates = Rates {
    types: TYPES_RECENT,
    no_place: 80_000,
    in_us: 160_000,
    us_without_state: 180_000,
    without_county: 50_000,
    urgent: 1_760,
    informational: 500_000,
    // A batch speaks of eight users in the mean, which gives 1.42 incidents in a report.
    batched: 60_000,
    generative: 70_000,
    sadistic: 100,
    sextortion: 2_000,
    prolific: 5_000,
    recurring: 150_000,
    victim_known: 20_000,
    law_enforcement: 5_000,
};

const NATIONAL_2022: Rates = Rates {
    types: TYPES_2022,
    no_place: 38_000,
    in_us: 90_000,
    urgent: 1_530,
    informational: 510_000,
    batched: 0,
    generative: 200,
    sadistic: 0,
    sextortion: 500,
    ..RECENT
};

const DEMO: Rates = Rates {
    types: TYPES_DEMO,
    no_place: 30_000,
    in_us: 650_000,
    us_without_state: 60_000,
    urgent: 80_000,
    informational: 150_000,
    batched: 30_000,
    sadistic: 15_000,
    sextortion: 60_000,
    prolific: 20_000,
    victim_known: 250_000,
    law_enforcement: 30_000,
    ..RECENT
};

/// Which of so many senders a report comes from: the largest keep their shares, the last takes all that are left.
pub(crate) fn sender(chance: &mut Chance, senders: usize) -> usize {
    let ranked: [(u64, usize); 14] = std::array::from_fn(|rank| (SENDERS[rank], rank));
    chance.weighted(&ranked).min(senders.max(1) - 1)
}

/// Files in a report: the mean is near 3, many have one, a few have hundreds (7.2; the tail is recalled there).
pub(crate) fn file_count(chance: &mut Chance, shares: Shares, index: u64) -> u64 {
    if shares == Shares::Bench {
        return 1;
    }
    // One large report in a demonstration, since chance alone might give none or ten.
    if shares == Shares::Demo && index % 500 == 250 {
        return 120;
    }
    let (least, span) = chance.weighted(&[
        (240, (0, 1)),
        (6_320, (1, 1)),
        (1_400, (2, 1)),
        (800, (3, 1)),
        (900, (4, 6)),
        (290, (10, 31)),
        (48, (50, 140)),
        (2, (300, 1_200)),
    ]);
    let count = least + chance.below(span);
    if shares == Shares::Demo { count.min(12) } else { count }
}

/// What a reported file is: 2019's table, a hundredth of a percent each (7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Image,
    Video,
    Other,
}

pub(crate) fn file_kind(chance: &mut Chance) -> FileKind {
    chance.weighted(&[(4_018, FileKind::Image), (5_969, FileKind::Video), (13, FileKind::Other)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_senders_collapse_the_tail_into_the_last() {
        let mut counts = [0_u32; 3];
        for number in 0..20_000 {
            counts[sender(&mut Chance::of(3, "sender", number), 3)] += 1;
        }
        assert!((8_200..8_700).contains(&counts[0]) && (3_000..3_500).contains(&counts[1]), "{counts:?}");
        assert_eq!(sender(&mut Chance::of(3, "sender", 0), 0), 0);
    }

    #[test]
    fn files_average_three_with_a_heavy_tail() {
        let count = |n| file_count(&mut Chance::of(3, "files", n), Shares::Recent, n);
        let counts: Vec<u64> = (0..100_000).map(count).collect();
        let mean = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
        assert!((2.7..3.3).contains(&mean), "{mean}");
        assert!(counts.iter().any(|count| *count >= 300) && counts.contains(&0));
    }

    #[test]
    fn every_word_names_its_mix() {
        for shares in Shares::ALL {
            assert_eq!(shares.as_str().parse(), Ok(shares));
        }
        assert_eq!("true".parse::<Shares>(), Err(UnknownShares));
    }
}
