//! States and counties, and how many people live there: the share of a state or county in what is drawn.

use std::sync::LazyLock;

use super::Spot;
use crate::chance::Chance;

/// A county of the reference list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct County {
    pub fips: &'static str,
    pub state: &'static str,
    pub name: &'static str,
}

/// Every county of `datasets/us-counties.csv`, in its order.
pub(super) static COUNTIES: LazyLock<Vec<County>> = LazyLock::new(|| {
    let text = include_str!("../../../datasets/us-counties.csv");
    let county = |line: &'static str| {
        let (fips, rest) = line.split_once(',')?;
        let (state, name) = rest.split_once(',')?;
        Some(County { fips, state, name: name.trim_matches('"') })
    };
    text.lines().skip(2).filter_map(county).collect()
});

/// Thousands of people in 2020, rounded: states, the District, territories.
pub(super) const STATES: [(u64, &str); 56] = [
    (5_024, "AL"),
    (733, "AK"),
    (7_152, "AZ"),
    (3_012, "AR"),
    (39_538, "CA"),
    (5_774, "CO"),
    (3_606, "CT"),
    (990, "DE"),
    (690, "DC"),
    (21_538, "FL"),
    (10_712, "GA"),
    (1_455, "HI"),
    (1_839, "ID"),
    (12_813, "IL"),
    (6_786, "IN"),
    (3_190, "IA"),
    (2_938, "KS"),
    (4_506, "KY"),
    (4_658, "LA"),
    (1_362, "ME"),
    (6_177, "MD"),
    (7_030, "MA"),
    (10_077, "MI"),
    (5_706, "MN"),
    (2_961, "MS"),
    (6_155, "MO"),
    (1_084, "MT"),
    (1_962, "NE"),
    (3_105, "NV"),
    (1_378, "NH"),
    (9_289, "NJ"),
    (2_118, "NM"),
    (20_201, "NY"),
    (10_439, "NC"),
    (779, "ND"),
    (11_799, "OH"),
    (3_959, "OK"),
    (4_237, "OR"),
    (13_003, "PA"),
    (1_097, "RI"),
    (5_118, "SC"),
    (887, "SD"),
    (6_911, "TN"),
    (29_146, "TX"),
    (3_272, "UT"),
    (643, "VT"),
    (8_631, "VA"),
    (7_705, "WA"),
    (1_794, "WV"),
    (5_894, "WI"),
    (577, "WY"),
    (3_286, "PR"),
    (154, "GU"),
    (87, "VI"),
    (50, "AS"),
    (47, "MP"),
];

/// A county that many people live in: county, thousands of people, city, degrees north, degrees east.
pub(super) type Large = (&'static str, u64, &'static str, &'static str, &'static str);

/// In states with several task forces, every area has at least one.
pub(super) const LARGE: [Large; 40] = [
    ("06037", 10_014, "Los Angeles", "34.05", "-118.24"),
    ("06073", 3_299, "San Diego", "32.72", "-117.16"),
    ("06085", 1_936, "San Jose", "37.34", "-121.89"),
    ("06067", 1_585, "Sacramento", "38.58", "-121.49"),
    ("06019", 1_008, "Fresno", "36.74", "-119.78"),
    ("06059", 3_187, "Anaheim", "33.84", "-117.91"),
    ("12011", 1_944, "Fort Lauderdale", "26.12", "-80.14"),
    ("12086", 2_702, "Miami", "25.76", "-80.19"),
    ("12097", 389, "Kissimmee", "28.29", "-81.41"),
    ("12095", 1_430, "Orlando", "28.54", "-81.38"),
    ("12001", 278, "Gainesville", "29.65", "-82.32"),
    ("12031", 996, "Jacksonville", "30.33", "-81.66"),
    ("17031", 5_276, "Chicago", "41.88", "-87.63"),
    ("17043", 933, "Wheaton", "41.87", "-88.11"),
    ("36061", 1_694, "New York", "40.71", "-74.01"),
    ("36047", 2_736, "Brooklyn", "40.65", "-73.95"),
    ("36081", 2_405, "Queens", "40.73", "-73.79"),
    ("36029", 954, "Buffalo", "42.89", "-78.88"),
    ("48201", 4_731, "Houston", "29.76", "-95.37"),
    ("48113", 2_614, "Dallas", "32.78", "-96.80"),
    ("48453", 1_290, "Austin", "30.27", "-97.74"),
    ("48029", 2_009, "San Antonio", "29.42", "-98.49"),
    ("51059", 1_150, "Fairfax", "38.85", "-77.31"),
    ("51019", 80, "Bedford", "37.33", "-79.52"),
    ("11001", 690, "Washington", "38.91", "-77.04"),
    ("04013", 4_421, "Phoenix", "33.45", "-112.07"),
    ("53033", 2_270, "Seattle", "47.61", "-122.33"),
    ("32003", 2_265, "Las Vegas", "36.17", "-115.14"),
    ("26163", 1_793, "Detroit", "42.33", "-83.05"),
    ("27053", 1_282, "Minneapolis", "44.98", "-93.27"),
    ("42101", 1_604, "Philadelphia", "39.95", "-75.17"),
    ("39035", 1_265, "Cleveland", "41.50", "-81.69"),
    ("25025", 798, "Boston", "42.36", "-71.06"),
    ("13121", 1_067, "Atlanta", "33.75", "-84.39"),
    ("49035", 1_185, "Salt Lake City", "40.76", "-111.89"),
    ("41051", 815, "Portland", "45.52", "-122.68"),
    ("47157", 930, "Memphis", "35.15", "-90.05"),
    ("24510", 586, "Baltimore", "39.29", "-76.61"),
    ("55079", 939, "Milwaukee", "43.04", "-87.91"),
    ("15003", 1_017, "Honolulu", "21.31", "-157.86"),
];

/// States that several task forces share.
pub(crate) const SPLIT_STATES: [&str; 6] = ["CA", "FL", "IL", "NY", "TX", "VA"];

/// One county in every area of the states that several task forces share.
const SPLIT_AREAS: [&str; 17] = [
    "06019", "06037", "06067", "06073", "06085", "12001", "12097", "12011", "17043", "17031", "36029",
    "36061", "48113", "48201", "48453", "51059", "51019",
];

/// The county with these digits.
pub(crate) fn county_of(fips: &str) -> Option<&'static County> {
    let at = COUNTIES.binary_search_by_key(&fips, |county| county.fips).ok()?;
    COUNTIES.get(at)
}

/// A state or territory, as often as people live there.
pub(crate) fn state(chance: &mut Chance) -> &'static str {
    chance.weighted(&STATES)
}

/// A county of a state: the large ones as often as people live there, every other county alike.
pub(crate) fn county_in(chance: &mut Chance, state: &str) -> Option<&'static str> {
    let counties = &COUNTIES[span(state)];
    let large = || LARGE.iter().filter(|large| counties.iter().any(|county| county.fips == large.0));
    let people = STATES.iter().find(|known| known.1 == state).map_or(0, |known| known.0);
    let mut draw = chance.below(people.max(large().map(|one| one.1).sum()).max(1));
    for one in large() {
        match draw.checked_sub(one.1) {
            Some(less) => draw = less,
            None => return Some(one.0),
        }
    }
    (!counties.is_empty()).then(|| counties[chance.position(counties.len())].fips)
}

/// The counties of a state stand together, because its digits come first.
fn span(state: &str) -> std::ops::Range<usize> {
    let first = COUNTIES.iter().position(|county| county.state == state).unwrap_or(COUNTIES.len());
    let after = COUNTIES[first..].iter().position(|county| county.state != state);
    first..after.map_or(COUNTIES.len(), |length| first + length)
}

/// Turn number `turn` of a demonstration: every area of a split state, every other state, three territories, and each
/// split state once without a county.
pub(crate) fn demo_spot(chance: &mut Chance, turn: u64) -> Spot {
    let turns = SPLIT_AREAS.len() + STATES.len() + SPLIT_STATES.len();
    let turn = usize::try_from(turn % turns as u64).unwrap_or_default();
    if let Some(fips) = SPLIT_AREAS.get(turn) {
        return Spot::County(fips);
    }
    let turn = turn - SPLIT_AREAS.len();
    if let Some(state) = SPLIT_STATES.get(turn) {
        return Spot::State(state);
    }
    let (_, state) = STATES[turn - SPLIT_STATES.len()];
    county_in(chance, state).map_or(Spot::State(state), Spot::County)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_large_county_is_on_it() {
        assert!(COUNTIES.len() > 3_200 && COUNTIES.is_sorted_by_key(|county| county.fips));
        for fips in LARGE.iter().map(|large| large.0).chain(SPLIT_AREAS) {
            assert!(county_of(fips).is_some(), "{fips}");
        }
        for (_, state) in STATES {
            assert!(county_in(&mut Chance::of(1, "x", 1), state).is_some(), "{state}");
        }
    }

    #[test]
    fn a_county_lies_in_the_state_it_was_drawn_for() {
        for number in 0..500 {
            let mut chance = Chance::of(5, "county", number);
            let state = state(&mut chance);
            let fips = county_in(&mut chance, state).unwrap();
            assert_eq!(county_of(fips).unwrap().state, state);
        }
    }
}
