//! Countries outside the United States and how often a report points to each.

use crate::chance::Chance;

/// Thousands of reports of 2023 for the first five (7.4, recalled there), of 2019 for Iraq and Mexico; the others are
/// ours, to give the foreign ladder something of every rung.
pub(super) const COUNTRIES: [(u64, &str); 32] = [
    (8_924, "IN"),
    (2_741, "PH"),
    (2_491, "BD"),
    (1_926, "ID"),
    (1_925, "PK"),
    (1_027, "IQ"),
    (828, "MX"),
    (600, "BR"),
    (500, "VN"),
    (450, "EG"),
    (450, "TH"),
    (400, "DZ"),
    (400, "SA"),
    (350, "CO"),
    (300, "TR"),
    (300, "FR"),
    (200, "DE"),
    (170, "GB"),
    (150, "CA"),
    (150, "IT"),
    (150, "ES"),
    (150, "NG"),
    (100, "PL"),
    (100, "ZA"),
    (80, "AU"),
    (80, "JP"),
    (60, "NL"),
    (50, "UA"),
    (40, "SE"),
    (15, "NZ"),
    (15, "IE"),
    (10, "NO"),
];

/// A country, as often as it is reported.
pub(crate) fn country(chance: &mut Chance) -> &'static str {
    chance.weighted(&COUNTRIES)
}
