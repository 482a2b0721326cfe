//! The closed lists. A test holds their sizes against the facts, because a missing country is easy to overlook.

use std::sync::LazyLock;

use domain::incident_types;

/// The incident types of the taxonomy, by their wire values.
pub(super) fn incident_type_values() -> &'static [&'static str] {
    static VALUES: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| incident_types().iter().map(|kind| kind.wire.as_str()).collect());
    &VALUES
}

pub(super) const BATCH_REASONS: &[&str] = &["VIRAL_POTENTIAL_MEME"];
pub(super) const EVENT_NAMES: &[&str] = &["Login", "Registration", "Purchase", "Upload", "Other", "Unknown"];
pub(super) const ADDRESS_TYPES: &[&str] = &["Home", "Business", "Billing", "Shipping", "Technical"];
pub(super) const EMAIL_TYPES: &[&str] = &["Home", "Work", "Business", "Recovery"];
pub(super) const PHONE_TYPES: &[&str] =
    &["Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery"];
pub(super) const ACCOUNT_TYPES: &[&str] =
    &["Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other"];
pub(super) const RELEVANCES: &[&str] = &["Reported", "Supplemental Reported"];
pub(super) const CLASSIFICATIONS: &[&str] = &["A1", "A2", "B1", "B2"];
pub(super) const DETAIL_TYPES: &[&str] = &["EXIF", "HASH"];

/// US states, the capital's district and four territories; the empty text is legal.
#[rustfmt::skip]
pub(super) const STATES: &[&str] = &[
    "", "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID", "IL", "IN", "KS",
    "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH",
    "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
];

/// ISO 3166-1 alpha-2, two former codes, Kosovo, and the pseudo-codes of address tables; the empty text is legal.
#[rustfmt::skip]
pub(super) const COUNTRIES: &[&str] = &[
    "", "A1", "A2", "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AN", "AO", "AP", "AQ", "AR", "AS", "AT", "AU", "AW",
    "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT",
    "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV",
    "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "EU", "FI",
    "FJ", "FK", "FM", "FO", "FR", "FX", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ",
    "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ",
    "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA",
    "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML",
    "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG",
    "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "O1", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR",
    "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ",
    "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK",
    "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG",
    "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_lists_have_every_code_once() {
        // 249 current countries, XK, AN, FX, five pseudo-codes, the empty text.
        assert_eq!(COUNTRIES.len(), 249 + 3 + 5 + 1);
        assert!(COUNTRIES.is_sorted_by(|a, b| a < b));
        // 50 states, DC, GU, PR, VI, the empty text.
        assert_eq!(STATES.len(), 50 + 4 + 1);
        assert!(STATES.is_sorted_by(|a, b| a < b));
    }
}
