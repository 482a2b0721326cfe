//! In which county a United States city lies, when nearly all of it lies in one.

use domain::Finding;
use geo::Atlas;
use serde_json::json;

use super::{Subjects, finding};

pub(super) const NAME: &str = "city-county";

/// The subject of a city's finding: `Saint Paul, MN`.
pub(crate) fn subject(state: &str, city: &str) -> String {
    format!("{}, {}", city.trim(), state.trim())
}

pub(super) fn look_up(subjects: &Subjects, atlas: &Atlas) -> Vec<Finding> {
    let counties =
        subjects.cities.iter().filter_map(|(state, city)| Some((state, city, atlas.county_by_city(state, city)?)));
    counties
        .map(|(state, city, found)| {
            finding(NAME, subject(state, city), found, |county| {
                json!({
                    "country": "US", "region": county.state, "city": city, "county": county.name,
                    "county_fips": county.fips, "approximate": county.approximate,
                })
            })
        })
        .collect()
}
