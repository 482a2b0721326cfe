//! The states, the District of Columbia and the territories: postal code, FIPS number, name.

/// Postal code, FIPS state number, name. In the order of the numbers.
const STATES: [(&str, &str, &str); 57] = [
    ("AL", "01", "Alabama"),
    ("AK", "02", "Alaska"),
    ("AZ", "04", "Arizona"),
    ("AR", "05", "Arkansas"),
    ("CA", "06", "California"),
    ("CO", "08", "Colorado"),
    ("CT", "09", "Connecticut"),
    ("DE", "10", "Delaware"),
    ("DC", "11", "District of Columbia"),
    ("FL", "12", "Florida"),
    ("GA", "13", "Georgia"),
    ("HI", "15", "Hawaii"),
    ("ID", "16", "Idaho"),
    ("IL", "17", "Illinois"),
    ("IN", "18", "Indiana"),
    ("IA", "19", "Iowa"),
    ("KS", "20", "Kansas"),
    ("KY", "21", "Kentucky"),
    ("LA", "22", "Louisiana"),
    ("ME", "23", "Maine"),
    ("MD", "24", "Maryland"),
    ("MA", "25", "Massachusetts"),
    ("MI", "26", "Michigan"),
    ("MN", "27", "Minnesota"),
    ("MS", "28", "Mississippi"),
    ("MO", "29", "Missouri"),
    ("MT", "30", "Montana"),
    ("NE", "31", "Nebraska"),
    ("NV", "32", "Nevada"),
    ("NH", "33", "New Hampshire"),
    ("NJ", "34", "New Jersey"),
    ("NM", "35", "New Mexico"),
    ("NY", "36", "New York"),
    ("NC", "37", "North Carolina"),
    ("ND", "38", "North Dakota"),
    ("OH", "39", "Ohio"),
    ("OK", "40", "Oklahoma"),
    ("OR", "41", "Oregon"),
    ("PA", "42", "Pennsylvania"),
    ("RI", "44", "Rhode Island"),
    ("SC", "45", "South Carolina"),
    ("SD", "46", "South Dakota"),
    ("TN", "47", "Tennessee"),
    ("TX", "48", "Texas"),
    ("UT", "49", "Utah"),
    ("VT", "50", "Vermont"),
    ("VA", "51", "Virginia"),
    ("WA", "53", "Washington"),
    ("WV", "54", "West Virginia"),
    ("WI", "55", "Wisconsin"),
    ("WY", "56", "Wyoming"),
    ("AS", "60", "American Samoa"),
    ("GU", "66", "Guam"),
    ("MP", "69", "Northern Mariana Islands"),
    ("PR", "72", "Puerto Rico"),
    ("UM", "74", "U.S. Minor Outlying Islands"),
    ("VI", "78", "U.S. Virgin Islands"),
];

/// Whether the two letters are the postal code of a state or territory.
pub(crate) fn is_code(code: &str) -> bool {
    STATES.iter().any(|state| state.0 == code)
}

/// The postal code for a state's name or code in any case, as address tables write it.
pub(crate) fn code_of(name: &str) -> Option<&'static str> {
    let name = name.trim();
    STATES
        .iter()
        .find(|state| state.0.eq_ignore_ascii_case(name) || state.2.eq_ignore_ascii_case(name))
        .map(|state| state.0)
}

/// The postal code of the state that a county code lies in; `None` when the text is not five digits of a state.
pub(crate) fn code_of_county(fips: &str) -> Option<&'static str> {
    if fips.len() != 5 || !fips.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    STATES.iter().find(|state| fips.starts_with(state.1)).map(|state| state.0)
}

/// The county code of a county's three digits within a state.
pub(crate) fn county_code(state: &str, county: &str) -> Option<String> {
    if county.len() != 3 || !county.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    STATES.iter().find(|known| known.0 == state).map(|known| format!("{}{county}", known.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_found_by_name_and_by_code_in_any_case() {
        assert_eq!(code_of("california"), Some("CA"));
        assert_eq!(code_of(" ca "), Some("CA"));
        assert_eq!(code_of("Bavaria"), None);
    }

    #[test]
    fn a_county_code_knows_its_state() {
        assert_eq!(code_of_county("06037"), Some("CA"));
        assert_eq!(code_of_county("72001"), Some("PR"));
        assert_eq!([code_of_county("99001"), code_of_county("6037"), code_of_county("0603x")], [None; 3]);
        assert_eq!(county_code("CA", "037").as_deref(), Some("06037"));
        assert_eq!(county_code("CA", "37"), None);
    }
}
